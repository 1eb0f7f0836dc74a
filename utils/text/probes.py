"""Questions to a trained reader of texts: what if the words change places, or one is hidden?"""

import numpy as np

from .vocabulary import PADDING, UNKNOWN

__all__ = ["hide_each", "shuffle_words"]


def shuffle_words(numbers, rng):
    """Return each text with its words in a random order of its own; padding stays at the end.

    Args:
        numbers: (batch, time) of integers, padded with 0 at the end.
        rng: NumPy generator.

    Returns:
        (batch, time), a new array.
    """
    numbers = np.asarray(numbers)
    keys = np.where(numbers == PADDING, 2.0, rng.random(numbers.shape))     # padding sorts last
    return np.take_along_axis(numbers, np.argsort(keys, axis=1, kind="stable"), axis=1)


def hide_each(row):
    """Return (tokens + 1, tokens): the text as it is, then once with each token unknown.

    >>> hide_each(np.array([5, 7]))
    array([[5, 7],
           [1, 7],
           [5, 1]])
    """
    rows = np.tile(row, (len(row) + 1, 1))
    rows[np.arange(len(row)) + 1, np.arange(len(row))] = UNKNOWN
    return rows
