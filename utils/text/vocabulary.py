"""A numbered list of the tokens that a model knows, over keras.layers.TextVectorization."""

import json
from pathlib import Path

import numpy as np

from .stored import load_stored
from .tokens import tokeniser_of, truncate

__all__ = ["PADDING", "UNKNOWN", "Vocabulary"]

PADDING, UNKNOWN = 0, 1         # Keras' numbers
_AT_ONCE = 256                  # texts: the layer pads them all to the longest of them
_FORMAT = "vocabulary 1"


class Vocabulary:
    """The tokens of training texts, the most frequent first, after padding and unknown.

    Number 0 is padding, 1 any unknown token. Make one with `fit` or `load`.

    Attributes:
        tokens: list of the tokens; position 0 is "", position 1 "[UNK]".
        tokeniser: name of the function that cuts texts, a key of `TOKENISERS`.
        layer: the keras.layers.TextVectorization inside; it takes tokens joined by spaces.

    Example:
        >>> vocabulary = Vocabulary.fit(["a good film", "a bad film"])
        >>> vocabulary.encode(["a film", "a very good film"])
        array([[3, 2, 0, 0],
               [3, 1, 4, 2]], dtype=int32)
    """

    def __init__(self, tokens, tokeniser="words"):
        self._cut, self.tokeniser, self.tokens = tokeniser_of(tokeniser), tokeniser, list(tokens)
        if self.tokens[:2] != ["", "[UNK]"] or len(self.tokens) < 3:
            raise ValueError("A vocabulary begins with '' and '[UNK]' and holds at least one "
                             f"token more, got {self.tokens[:3]}.")
        if len(set(self.tokens)) != len(self.tokens):
            raise ValueError("A vocabulary holds each token once, but some are repeated.")
        self.layer = _make_layer(vocabulary=self.tokens[2:])
        self._known = set(self.tokens[2:])

    @classmethod
    def fit(cls, texts, tokeniser="words", max_tokens=None):
        """Return the vocabulary of these texts: of training texts and of no others.

        Tokens are ranked by how often they occur.

        Args:
            texts: strings.
            tokeniser: a key of `TOKENISERS`.
            max_tokens: size at most, padding and unknown included; None for all.

        Raises:
            ValueError: if there is no token, or an argument is not as above.
        """
        cut = tokeniser_of(tokeniser)
        if max_tokens is not None and max_tokens < 3:
            raise ValueError(f"max_tokens must be at least 3, got {max_tokens}.")
        joined = [" ".join(cut(text)) for text in _checked(texts)]
        if not any(joined):
            raise ValueError(f"No token in {len(joined)} texts: a vocabulary needs some.")
        layer = _make_layer(max_tokens=max_tokens)
        layer.adapt(joined)
        return cls([str(token) for token in layer.get_vocabulary()], tokeniser)

    def __len__(self):
        return len(self.tokens)

    def __contains__(self, token):
        return token in self._known

    def cut(self, text):
        """Return the tokens of one text."""
        return self._cut(text)

    def numbers(self, texts, first=None, last=None):
        """Return one array (tokens,) int32 per text; `first` and `last` as in `truncate`."""
        kept = [" ".join(truncate(self._cut(text), first, last)) for text in _checked(texts)]
        found = []
        for start in range(0, len(kept), _AT_ONCE):
            padded = np.asarray(self.layer(kept[start:start + _AT_ONCE])).astype("int32")
            found += [row[row != PADDING] for row in padded]
        return found

    def encode(self, texts, first=None, last=None, length=None):
        """Return the texts as one array, padded at the end.

        Args:
            texts: strings.
            first: tokens to keep at the beginning, as in `truncate`.
            last: tokens to keep at the end.
            length: time steps; None for as many as the longest text needs, at least 1.

        Returns:
            (samples, time) int32.

        Raises:
            ValueError: if a text keeps more than `length` tokens.
        """
        return self.pad(self.numbers(texts, first, last), length)

    @staticmethod
    def pad(numbers, length=None):
        """Return what `numbers` returned as one (samples, time) int32 array; see `encode`."""
        longest = max((len(row) for row in numbers), default=0)
        if length is not None and longest > length:
            raise ValueError(f"A text has {longest} tokens, more than length {length}: say "
                             "with first and last which to keep.")
        padded = np.full((len(numbers), length or max(longest, 1)), PADDING, "int32")
        for row, values in zip(padded, numbers, strict=True):
            row[:len(values)] = values
        return padded

    def decode(self, numbers):
        """Return the tokens of one text's numbers, without padding."""
        return [self.tokens[int(number)] for number in numbers if number != PADDING]

    def unknown_share(self, texts):
        """Return the share of all tokens of the texts that are unknown; NaN without tokens."""
        rows = self.numbers(texts)
        total = sum(len(row) for row in rows)
        return sum(int((row == UNKNOWN).sum()) for row in rows) / total if total else float("nan")

    def save(self, path):
        """Write the vocabulary to a JSON file (UTF-8)."""
        content = {"format": _FORMAT, "tokeniser": self.tokeniser, "tokens": self.tokens}
        Path(path).write_text(json.dumps(content, ensure_ascii=False, indent=0),
                              encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Return the vocabulary that `save` wrote.

        Raises:
            ValueError: if the file is no saved vocabulary.
            OSError: if it cannot be read.
        """
        return load_stored(path, "Vocabulary", _FORMAT,
                           lambda content: cls(content["tokens"], content["tokeniser"]))


def _checked(texts):
    if isinstance(texts, str):
        raise ValueError(f"texts must be a list of strings, got the string {texts[:40]!r}: put "
                         "it into a list.")
    return texts


def _make_layer(**options):
    from keras.layers import TextVectorization
    return TextVectorization(standardize=None, split="whitespace", **options)
