"""Batches of texts of about the same length, so that little is spent on padding."""

import numpy as np

__all__ = ["length_buckets", "padding_share"]


def length_buckets(lengths, batch_size, rng):
    """Return batches of indices, each of texts of about the same length.

    Texts are put in order of length, equal ones in random order, cut into batches, and the
    batches shuffled; a new call gives an epoch another order.

    Args:
        lengths: (samples,) numbers of tokens.
        batch_size: texts per batch, >= 1; one batch may be smaller.
        rng: NumPy generator.

    Returns:
        List of integer arrays; each index is in one of them, once.

    Raises:
        ValueError: if `batch_size` is below 1 or `lengths` not one-dimensional.

    Example:
        >>> batches = length_buckets([9, 2, 8, 2], 2, np.random.default_rng(0))
        >>> sorted(sorted(batch.tolist()) for batch in batches)
        [[0, 2], [1, 3]]
    """
    lengths = _checked(lengths)
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
    order = rng.permutation(len(lengths))
    order = order[np.argsort(lengths[order], kind="stable")]
    batches = [order[start:start + batch_size] for start in range(0, len(order), batch_size)]
    return [batches[k] for k in rng.permutation(len(batches))]


def padding_share(lengths, batches):
    """Return the share of all steps that are padding, each batch as long as its longest text.

    Example:
        >>> padding_share([2, 4], [[0, 1]])
        0.25
    """
    lengths = _checked(lengths)
    steps = sum(len(batch) * int(lengths[batch].max()) for batch in batches)
    return 1 - sum(int(lengths[batch].sum()) for batch in batches) / steps if steps else 0.0


def _checked(lengths):
    lengths = np.asarray(lengths)
    if lengths.ndim != 1:
        raise ValueError(f"lengths must be (samples,), got the shape {lengths.shape}.")
    return lengths
