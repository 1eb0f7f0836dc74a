"""The characters that a model knows, numbered: nothing is normalised, so nothing is lost."""

import json
from collections import Counter
from pathlib import Path

import numpy as np

from .stored import load_stored

__all__ = ["Alphabet"]

_FORMAT = "alphabet 1"


class Alphabet:
    r"""The characters of a text, each with a number; one sign stands for all others.

    `Vocabulary` folds spellings and drops white space, which suits a judge of texts; a model
    that writes has to get back what it read, line ends included.

    Attributes:
        signs: list of the characters; position 0 is the unknown sign, the others follow in the
            order of their code points.
        unknown: the number of the unknown sign, 0.

    Example:
        >>> alphabet = Alphabet.fit("好吧\n好", min_count=1)
        >>> alphabet.encode("好吧？")
        array([3, 2, 0], dtype=int32)
        >>> alphabet.decode([3, 2, 0])
        '好吧�'
    """

    unknown = 0

    def __init__(self, signs):
        self.signs = list(signs)
        wrong = [sign for sign in self.signs if not isinstance(sign, str) or len(sign) != 1]
        if wrong:
            raise ValueError(f"An alphabet holds single characters, got {wrong[0]!r}.")
        if len(self.signs) < 2:
            raise ValueError("An alphabet needs its unknown sign and one character more, got "
                             f"{self.signs}.")
        if self.signs[1:] != sorted(set(self.signs[1:]) - {self.signs[0]}):
            raise ValueError("An alphabet holds each character once, in the order of code points "
                             "after the unknown sign.")
        self._codes = np.array([ord(sign) for sign in self.signs[1:]])
        self._table = np.array([ord(sign) for sign in self.signs], "<u4")

    @classmethod
    def fit(cls, text, min_count=1, unknown="\ufffd"):
        """Return the alphabet of a training text.

        Args:
            text: a string; join several first.
            min_count: how often a character has to occur to be known, >= 1.
            unknown: the character that stands for the others, itself among them.

        Raises:
            ValueError: if no character is left, or an argument is not as above.
        """
        _check_text(text)
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1, got {min_count}.")
        known = {sign for sign, n in Counter(text).items() if n >= min_count} - {unknown}
        if not known:
            raise ValueError(f"No character occurs {min_count} times in a text of {len(text)}: "
                             "use more text or a smaller min_count.")
        return cls([unknown, *sorted(known)])

    def __len__(self):
        return len(self.signs)

    def __contains__(self, sign):
        return sign != self.signs[0] and sign in self.signs

    def encode(self, text):
        """Return the characters' numbers, (characters,) int32, those not known as `unknown`.

        Raises:
            ValueError: if `text` is no string.
        """
        _check_text(text)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        place = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[place] == codes, place + 1, self.unknown).astype("int32")

    def decode(self, numbers):
        """Return the text of these numbers.

        Raises:
            ValueError: if a number is outside the alphabet.
        """
        numbers = np.asarray(numbers)
        if not numbers.size:
            return ""
        if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
            raise ValueError("numbers must be (characters,) integers, got the shape "
                             f"{numbers.shape} of {numbers.dtype}.")
        outside = numbers[(numbers < 0) | (numbers >= len(self))]
        if outside.size:
            raise ValueError(f"Numbers go from 0 to {len(self) - 1}, got {outside[0]}.")
        return self._table[numbers].tobytes().decode("utf-32-le", "surrogatepass")

    def unknown_share(self, text):
        """Return the share of the characters of a text that are unknown; NaN where it has none."""
        return float((self.encode(text) == self.unknown).mean()) if text else float("nan")

    def save(self, path):
        """Write the alphabet to a JSON file (UTF-8)."""
        content = {"format": _FORMAT, "signs": self.signs}
        # Half code points have no UTF-8: JSON's escapes keep them.
        Path(path).write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Return the alphabet that `save` wrote.

        Raises:
            ValueError: if the file is no saved alphabet.
            OSError: if it cannot be read.
        """
        return load_stored(path, "Alphabet", _FORMAT,
                           lambda content: cls(content["signs"]))


def _check_text(text):
    if not isinstance(text, str):
        raise ValueError(f"text must be a string, got {text!r:.40} of type "
                         f"{type(text).__name__}.")
