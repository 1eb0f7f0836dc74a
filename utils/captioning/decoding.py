"""Ask a trained caption model: for captions, for losses, for where it looked."""

from dataclasses import replace

import numpy as np

from ..decoding.beam import beam_search, greedy_search
from ..text import Vocabulary, length_buckets
from ..training import keras

__all__ = ["Decoder", "teacher_forcing"]


def teacher_forcing(rows, signs):
    """Return what a model reads and what it should answer, padded at the end.

    Args:
        rows: list of (n,) integer arrays, without signs.
        signs: a `Signs`.

    Returns:
        tokens and targets, (rows, time) int32: the start and the words; the words and the end.
        None in place of a row gives padding alone.

    >>> from utils.decoding import Signs
    >>> teacher_forcing([[5, 6], [7]], Signs(2, 3))[1].tolist()
    [[5, 6, 3], [7, 3, 0]]
    """
    def signed(row, before, after):
        return np.zeros(0, "int32") if row is None else np.array([*before, *row, *after], "int32")

    return (Vocabulary.pad([signed(row, [signs.start], []) for row in rows]),
            Vocabulary.pad([signed(row, [], [signs.end]) for row in rows]))


class CompiledMethod(keras.Model):
    """One method of a model, compiled by itself."""

    def __init__(self, model, method):
        super().__init__()
        self.model, self.method, self.built = model, method, True
        self.compile(jit_compile=False)

    def call(self, inputs):
        return getattr(self.model, self.method)(*inputs)


class Decoder:
    """A caption model with its step compiled once, for all beams of all images of a batch.

    Later training of the same model shows in the answers.

    Args:
        model: a `Captioner`.
        signs: a `Signs`; where it bans nothing, padding, unknown and the start are banned.
        batch_size: images at once.
    """

    def __init__(self, model, signs, batch_size=100):
        self.model, self.batch_size = model, batch_size
        self.signs = signs if signs.banned else replace(signs, banned=(0, 1, signs.start))
        self._begin, self._step, self._losses, self._weights = (
            CompiledMethod(model, name)
            for name in ("begin", "step", "token_losses", "weights_of"))

    def begin(self, images):
        """Return (step, states) for `beam_search` or another search over these images."""
        memory, states = self._begin.predict_on_batch([np.asarray(images)])
        memory = {name: keras.ops.convert_to_tensor(x) for name, x in memory.items()}

        def step(tokens, states):
            log_p, states, _ = self._step.predict_on_batch(
                [np.asarray(tokens, "int32"), list(states), memory])
            return log_p, states

        return step, list(states)

    def greedy(self, images, alpha=0.0):
        """Return one `Hypothesis` per image."""
        return self._searched(greedy_search, images, alpha=alpha)

    def beam(self, images, width=3, n_best=1, alpha=0.0):
        """Return one list of `n_best` `Hypothesis` per image, the best first."""
        return self._searched(beam_search, images, width=width, n_best=n_best, alpha=alpha)

    def _searched(self, search, images, **options):
        found = []
        for first in range(0, len(images), self.batch_size):
            step, states = self.begin(images[first:first + self.batch_size])
            found += search(step, states, self.signs, **options)
        return found

    def losses(self, images, captions):
        """Return per caption the sum of -log P in nats, and the number of tokens with the end.

        Args:
            images: (images, ...).
            captions: one list of integer arrays per image, without signs.

        Returns:
            Two arrays (captions,), those of the first image first.
        """
        places = [i for i, rows in enumerate(captions) for _ in rows]
        rows = [row for one in captions for row in one]
        lengths = np.array([len(row) + 1 for row in rows], int)
        sums = np.zeros(len(rows))
        for batch in length_buckets(lengths, self.batch_size, np.random.default_rng(0)):
            tokens, targets = teacher_forcing([rows[k] for k in batch], self.signs)
            shown = np.asarray(images[[places[k] for k in batch]])
            sums[batch] = self._losses.predict_on_batch([shown, tokens, targets]).sum(axis=1)
        return sums, lengths

    def attention(self, images, rows):
        """Return per image the weights (tokens + 1, regions) with which its row was written.

        Row t is the look before token t was written; the last one, before the end sign.

        Args:
            images: (images, ...).
            rows: one integer array per image, without signs, such as `Hypothesis.tokens`.

        Raises:
            ValueError: if the model looks at no regions.
        """
        if not self.model.attends:
            raise ValueError(f"A captioner of the kind {self.model.kind!r} looks at no regions: "
                             "take attend or topdown.")
        tokens, _ = teacher_forcing(rows, self.signs)
        weights = []
        for first in range(0, len(rows), self.batch_size):
            part = slice(first, first + self.batch_size)
            weights += list(self._weights.predict_on_batch([np.asarray(images[part]),
                                                            tokens[part]]))
        return [weight[:len(row) + 1] for weight, row in zip(weights, rows, strict=True)]
