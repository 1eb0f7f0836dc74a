"""Splits of texts in which no text is on two sides."""

import numpy as np

from ..normalising import normalise

__all__ = ["leaking", "stratified_split"]


def leaking(train_texts, test_texts):
    """Return the positions of training texts that also are test texts, once normalised.

    Example:
        >>> leaking(["Good film!", "Bad."], ["so so", "good  film！"])
        [0]
    """
    test = {normalise(text) for text in test_texts}
    return [i for i, text in enumerate(train_texts) if normalise(text) in test]


def stratified_split(texts, labels, shares, rng):
    """Return a part for each text, each label's share the same everywhere, copies together.

    Args:
        texts: strings; those equal once normalised go to one part.
        labels: (samples,) any hashable values.
        shares: {part: share}, summing to 1, such as {"train": 0.8, "test": 0.2}.
        rng: NumPy generator.

    Returns:
        Array (samples,) of names of parts.

    Raises:
        ValueError: if shares do not sum to 1, lengths differ, or a label is missing (NaN) or an
            array.

    Example:
        >>> parts = stratified_split("abcd", [0, 0, 1, 1], {"train": 0.5, "test": 0.5},
        ...                          np.random.default_rng(0))
        >>> sorted(parts.tolist())
        ['test', 'test', 'train', 'train']
    """
    texts, labels = list(texts), list(labels)
    if len(texts) != len(labels):
        raise ValueError(f"Each text needs one label: got {len(texts)} and {len(labels)}.")
    wrong = [label for label in labels if isinstance(label, (np.ndarray, list))
             or label != label]
    if wrong:
        raise ValueError(f"A label is a number or a word, got {wrong[0]}: leave out texts without "
                         "one, and of an array (samples, 1) take [:, 0].")
    if min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise ValueError(f"shares must be >= 0 and sum to 1, got {shares}.")
    copies = {}                                 # normalised text: its positions
    for i, text in enumerate(texts):
        copies.setdefault(normalise(text), []).append(i)
    by_label = {}                               # a group with both labels counts as its first's
    for positions in copies.values():
        by_label.setdefault(labels[positions[0]], []).append(positions)
    parts = np.empty(len(texts), dtype=object)
    names, ends = list(shares), np.cumsum(list(shares.values()))
    for groups in by_label.values():
        order = rng.permutation(len(groups))
        cuts = np.round(ends * len(groups)).astype(int)
        for rank, k in enumerate(order):
            parts[groups[k]] = names[int(np.searchsorted(cuts, rank, side="right"))]
    return parts
