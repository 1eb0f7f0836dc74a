"""A `CharModel` writes: one compiled loop reads, chooses and reads what it chose.

`utils.decoding.write` does the same in NumPy with any step function. With the same seed both
write the same text; this one is as fast as the processor can step.
"""

import numpy as np

from ..decoding import PLAIN, Written, gumbel_noise
from ..training import keras

__all__ = ["CharWriter"]

ops = keras.ops
_LONG, _SHORT = 512, 64             # steps of one call of the loop
_MOST = 2**24                       # random numbers drawn ahead


class _Loop(keras.Model):
    """So many steps of a network in one graph, which `predict_on_batch` compiles."""

    def __init__(self, network, filtered, weakened):
        super().__init__(name="writing_loop")
        self.embed, self.dense = network.layers[1], network.layers[-1]
        layers = [one for one in network.layers if isinstance(one, keras.layers.RNN)]
        self.steps = [layer.cell for layer in layers]
        self.filtered, self.weakened = filtered, weakened

    def call(self, inputs):
        """Return tokens (time, streams), the last pair, recent tokens and states.

        Inputs are the last two tokens (streams, 2), recent tokens (streams, window), states,
        forced tokens (time, streams) with -1 where one is to be chosen, noise (time, streams,
        characters), and temperature, top_k, top_p, repetition as (4,).
        """
        pair, recent, states, forced, noise, options = inputs

        def step(t, pair, recent, states, written):
            h, after = self.embed(pair), []
            for cell, state in zip(self.steps, states, strict=True):
                h, new = cell(h, list(state))
                after.append(tuple(new) if isinstance(new, (list, tuple)) else (new,))
            logits = self.dense(h)                              # (streams, characters)
            if self.weakened:
                seen = ops.max(ops.one_hot(recent, logits.shape[-1]), axis=1)   # -1: all zero
                logits = logits - options[3] * seen
            chosen = self._choose(logits / options[0], ops.take(noise, t, axis=0), options)
            force = ops.take(forced, t, axis=0)
            chosen = ops.where(force < 0, chosen, force)
            pair = ops.stack([chosen, pair[:, 0]], axis=1)
            recent = ops.concatenate([recent[:, 1:], chosen[:, None]], axis=1)
            written = ops.where(ops.equal(places, t), chosen, written)
            return t + 1, pair, recent, tuple(after), written

        n_steps = forced.shape[0]
        places = ops.arange(n_steps, dtype="int32")[:, None]
        _, pair, recent, states, written = ops.while_loop(
            lambda t, *_: t < n_steps, step,
            (ops.zeros((), "int32"), pair, recent, states, forced))
        return written, pair, recent, states

    def _choose(self, z, gumbel, options):
        if not self.filtered:
            return ops.cast(ops.argmax(z + gumbel, axis=-1), "int32")
        ranked, order = ops.top_k(z, z.shape[-1])
        keep = ops.arange(z.shape[-1], dtype="float32") < options[1]
        chance = ops.softmax(ops.where(keep, ranked, -1e30))
        keep = ops.logical_and(keep, ops.cumsum(chance, axis=-1) - chance < options[2])
        loud = ops.where(keep, ranked + ops.take_along_axis(gumbel, order, axis=-1), -1e30)
        best = ops.argmax(loud, axis=-1)[:, None]
        return ops.cast(ops.take_along_axis(order, best, axis=-1)[:, 0], "int32")


class CharWriter:
    """Writes with a `CharModel`, whose weights at the time of each call are used.

    Args:
        model: a `CharModel`.
        compiled: let XLA compile the loop.

    The loop is compiled at the first call for each number of samples, which takes a few seconds.
    """

    def __init__(self, model, compiled=True):
        self.model, self._compiled, self._loops = model, compiled, {}

    def write(self, start, rng, n_characters=200, samples=1, stop=None, draw=PLAIN):
        """Return sampled texts that all begin with `start`, the state carried along.

        Args:
            start: text to begin with, at least one character.
            rng: NumPy generator.
            n_characters: how many to write after the start, at most.
            samples: texts to write side by side.
            stop: character that ends a text; None for none.
            draw: a `Draw`.

        Returns:
            A list of `Written`, one for each sample; its `text` begins with the start.

        Raises:
            ValueError: if the start is empty or an option cannot be used.
        """
        alphabet = self.model.alphabet
        draw.check(len(alphabet))
        if not start:
            raise ValueError("The start must hold at least one character, got none: give the "
                             "network something to begin with.")
        if n_characters < 1 or samples < 1:
            raise ValueError(f"n_characters and samples must be at least 1, got {n_characters} "
                             f"and {samples}.")
        if stop is not None and stop not in alphabet:
            raise ValueError(f"stop must be a character of the alphabet, got {stop!r}.")
        tokens = self._tokens(alphabet.encode(start), rng, n_characters, samples,
                              None if stop is None else int(alphabet.encode(stop)[0]), draw)
        found = []
        for row in tokens:
            text = alphabet.decode(row)
            end = -1 if stop is None else text.find(stop, len(start))
            text = start + text[len(start):end + 1 if end >= 0 else None]
            found.append(Written(list(text), "length" if end < 0 else "stop"))
        return found

    def _tokens(self, start, rng, n_tokens, samples, stop, draw):
        """Return (samples, start and n_tokens), or fewer where each row has its stop sign."""
        temperature, top_k, top_p = draw.temperature, draw.top_k, draw.top_p
        size, greedy = len(self.model.alphabet), temperature == 0
        if greedy:
            temperature, top_k, top_p = 1.0, None, None
        settings = np.array([temperature, top_k or size, 2.0 if top_p in (None, 1) else top_p,
                             draw.repetition], "float32")    # no sum of probabilities reaches 2
        loop = self._loop(top_k is not None or top_p not in (None, 1), draw.repetition > 0)
        forced = np.full(len(start) + n_tokens - 1, -1, "int32")
        forced[:len(start) - 1] = start[1:]
        most = max(_MOST // (samples * size), 1)
        long = stop is None and len(forced) > 4 * _SHORT     # a stop sign may come early
        n_steps = min(_LONG if long else _SHORT, most)
        pair = np.tile(np.array([start[0], 0], "int32"), (samples, 1))
        recent = np.full((samples, draw.window), -1, "int32")
        recent[:, -1] = start[0]
        states, written = self._states(samples), [np.full((1, samples), start[0])]
        ended = np.zeros(samples, bool)
        for k in range(0, len(forced), n_steps):
            force = forced[k:k + n_steps]
            noise = np.zeros((n_steps, samples, size), "float32")
            if not greedy:
                free = force < 0
                noise[:len(force)][free] = gumbel_noise((free.sum(), samples, size), rng)
            force = np.pad(force, (0, n_steps - len(force)))
            inputs = (pair, recent, states, np.repeat(force[:, None], samples, axis=1), noise,
                      settings)
            tokens, pair, recent, states = loop.predict_on_batch(inputs)
            tokens = tokens[:len(forced) - k]
            written.append(tokens)
            ended |= (tokens[force[:len(tokens)] < 0] == stop).any(axis=0)
            if ended.all():
                break
        return np.concatenate(written).T

    def _loop(self, *what):
        if what not in self._loops:
            self._loops[what] = _Loop(self.model.network(1), *what)
            self._loops[what].compile(jit_compile=self._compiled)
        self.model.network(1)                           # receives the newest weights
        return self._loops[what]

    def _states(self, samples):
        options = self.model.options
        zero = np.zeros((samples, options["units"]), "float32")
        each = (zero, zero) if options["kind"] == "LSTM" else (zero,)
        return (each,) * options["layers"]
