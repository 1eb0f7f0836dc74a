"""How good a ranking is: the place of what was bought among all items.

Ties count against the ranking: who gives all items the same score has found nothing.
"""

import numpy as np

__all__ = ["hit_rate", "mean_reciprocal_rank", "target_ranks"]


def target_ranks(scores, targets):
    """Return the place of each target among the scores of its row, 1 for the best.

    Args:
        scores: (samples, items), higher is better.
        targets: (samples,) columns of what was bought, integers from 0.

    Returns:
        (samples,) integers: how many items score at least as well as the target, itself
        included.

    Raises:
        ValueError: if the shapes do not fit, there are no samples, a score is NaN, or a target
            is no column.

    Example:
        >>> target_ranks([[0.5, 0.3, 0.2], [0.4, 0.4, 0.2]], [1, 0]).tolist()
        [2, 2]
    """
    scores, targets = np.asarray(scores, dtype=float), np.asarray(targets)
    if scores.ndim != 2 or targets.shape != scores.shape[:1] or not targets.size:
        raise ValueError("expected scores (samples, items) and targets (samples,) with at least "
                         f"one sample, got {scores.shape} and {targets.shape}.")
    if np.isnan(scores).any():
        raise ValueError(f"{int(np.isnan(scores).sum())} of the scores are NaN, which no ranking "
                         "can place: look for a diverged model.")
    if targets.dtype.kind not in "iu":
        raise ValueError(f"targets must be integer columns, got {targets.dtype}.")
    if targets.min() < 0 or targets.max() >= scores.shape[1]:
        raise ValueError(f"targets must be columns 0 to {scores.shape[1] - 1}, got "
                         f"{targets.min()} to {targets.max()}.")
    own = scores[np.arange(len(targets)), targets]
    return (scores >= own[:, None]).sum(axis=1)


def hit_rate(scores, targets, k):
    """Return the share of targets among the `k` best scores of their row (hit rate@k).

    Args:
        scores, targets: as for `target_ranks`.
        k: how many items are shown, >= 1.

    Raises:
        ValueError: as `target_ranks`, or if `k` is below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}.")
    return float((target_ranks(scores, targets) <= k).mean())


def mean_reciprocal_rank(scores, targets):
    """Return the mean of 1 / rank of the targets (MRR): 1 if each comes first.

    Args:
        scores, targets: as for `target_ranks`, with its errors.
    """
    return float((1 / target_ranks(scores, targets)).mean())
