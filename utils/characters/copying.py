"""What a model has learnt by heart: text that it copies from its training text."""

from collections import namedtuple

import numpy as np

__all__ = ["Copy", "TrainingText"]

Copy = namedtuple("Copy", "text start source")


class TrainingText:
    """All substrings of a training text, for finding copies in time linear in the sample.

    A suffix automaton: about a second and 100 MB per 200,000 characters.

    Args:
        text: what a model was trained on, one string.

    Source: Blumer et al., The smallest automaton recognizing the subwords of a text (1985).

    Example:
        >>> TrainingText("to be or not to be").longest_copy("or maybe not to bee")
        Copy(text=' not to be', start=8, source=8)
    """

    def __init__(self, text):
        _check(text, "text")
        self._steps, links, lengths, ends = [{}], [-1], [0], [-1]
        last = 0
        for end, sign in enumerate(text):
            new = len(links)
            self._steps.append({})
            links.append(0)
            lengths.append(lengths[last] + 1)
            ends.append(end)
            state = last
            while state != -1 and sign not in self._steps[state]:
                self._steps[state][sign] = new
                state = links[state]
            if state != -1:
                after = self._steps[state][sign]
                if lengths[after] != lengths[state] + 1:
                    # `after` also ends longer strings, which are not followed alike: part it.
                    twin = len(links)
                    self._steps.append(self._steps[after].copy())
                    links.append(links[after])
                    lengths.append(lengths[state] + 1)
                    ends.append(ends[after])
                    links[after] = twin
                    while state != -1 and self._steps[state].get(sign) == after:
                        self._steps[state][sign] = twin
                        state = links[state]
                    after = twin
                links[new] = after
            last = new
        self._links, self._lengths, self._ends = links, lengths, ends

    def matches(self, sample):
        """Return, for every character of a sample, the longest copy that ends with it.

        Returns:
            lengths and sources, (characters,) integers: how many characters are copied, and
            where in the training text that stands first begins (-1 where nothing is copied).

        Raises:
            ValueError: if the sample is no string.
        """
        _check(sample, "sample")
        found = np.zeros((2, len(sample)), int)
        state = length = 0
        for place, sign in enumerate(sample):
            while state and sign not in self._steps[state]:
                state = self._links[state]
                length = self._lengths[state]
            if sign in self._steps[state]:
                state = self._steps[state][sign]
                length += 1
            found[:, place] = length, self._ends[state] - length + 1 if length else -1
        return found[0], found[1]

    def longest_copy(self, sample):
        """Return the longest substring of a sample that is in the training text.

        Returns:
            `Copy` (text, start, source): the first one of that length, where it begins in the
            sample and in the training text; empty, with -1 for both, where nothing is copied.
        """
        lengths, sources = self.matches(sample)
        if not lengths.any():
            return Copy("", -1, -1)
        end = int(lengths.argmax())
        start = end + 1 - int(lengths[end])
        return Copy(sample[start:end + 1], start, int(sources[end]))

    def copied_share(self, sample, n=8):
        """Return the share of a sample's n-grams that are in the training text.

        Args:
            sample: string.
            n: characters of an n-gram, >= 1.

        Returns:
            A number from 0 to 1; NaN where the sample has fewer than n characters.

        Raises:
            ValueError: if `n` is below 1.
        """
        if n < 1:
            raise ValueError(f"n must be at least 1, got {n}.")
        lengths, _ = self.matches(sample)
        return float((lengths[n - 1:] >= n).mean()) if len(sample) >= n else float("nan")


def _check(text, what):
    if not isinstance(text, str):
        raise ValueError(f"{what} must be a string, got {text!r:.40} of type "
                         f"{type(text).__name__}.")
