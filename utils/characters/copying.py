"""What a model has learnt by heart: text that it copies from its training text."""

from collections import namedtuple

import numpy as np

__all__ = ["TrainingText"]

Copy = namedtuple("Copy", "text start source")


class TrainingText:
    """A training text, for finding what a sample copies from it.

    Args:
        text: what a model was trained on, one string.

    Example:
        >>> TrainingText("to be or not to be").longest_copy("or maybe not to bee")
        Copy(text=' not to be', start=8, source=8)
    """

    def __init__(self, text):
        _check(text, "text")
        self._text, self._grams = text, {}

    def copied(self, sample, n=8):
        """Return, for each n-gram of a sample, whether it is in the training text.

        The n-grams of the training text are gathered at the first call with this n.

        Args:
            sample: string.
            n: characters of an n-gram, >= 1.

        Returns:
            (characters - n + 1,) booleans, (0,) where the sample has fewer than n characters.

        Raises:
            ValueError: if the sample is no string, or `n` is below 1.
        """
        _check(sample, "sample")
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}.")
        if n not in self._grams:
            self._grams[n] = set(_ngrams(self._text, n))
        known = self._grams[n]
        return np.array([gram in known for gram in _ngrams(sample, n)], bool)

    def copied_share(self, sample, n=8):
        """Return the share of a sample's n-grams that are in the training text, as for `copied`.

        Returns:
            A number from 0 to 1; NaN where the sample has fewer than n characters.
        """
        copied = self.copied(sample, n)
        return float(copied.mean()) if len(copied) else float("nan")

    def longest_copy(self, sample):
        """Return the longest substring of a sample that is in the training text.

        Returns:
            `Copy` (text, start, source): the first one of that length, where it begins in the
            sample and in the training text; empty, with -1 for both, where nothing is copied.

        Raises:
            ValueError: if the sample is no string.
        """
        _check(sample, "sample")
        longest, start = "", -1
        for place in range(len(sample)):            # from each place on, only what is longer
            while (place + len(longest) < len(sample)
                    and (longer := sample[place:place + len(longest) + 1]) in self._text):
                longest, start = longer, place
        return Copy(longest, start, self._text.find(longest) if longest else -1)


def _ngrams(text, n):
    return (text[k:k + n] for k in range(len(text) - n + 1))


def _check(text, what):
    if not isinstance(text, str):
        raise ValueError(f"{what} must be a string, got {text!r:.40} of type "
                         f"{type(text).__name__}.")
