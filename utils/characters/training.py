"""Training a `CharModel` on contiguous streams or shuffled windows, and judging it.

`python -m benchmarks.characters` measures it on Shakespeare.
"""

import threading
import time
from collections import namedtuple

import numpy as np

from ..decoding import log_softmax
from ..training import Fit, TrainingTime, keras
from .model import CharModel, reset_state

__all__ = ["HOW", "Evaluation", "Streams", "evaluate", "train"]

HOW = Fit(epochs=1, rate=4e-3, warmup=0.05, compiled=True)

Evaluation = namedtuple("Evaluation", "nats bits characters")


class Streams(keras.utils.PyDataset):
    """Batches of characters for `fit`, one pass over the text after the other.

    Args:
        tokens: (characters,) numbers of the training text.
        n_batches: of one epoch; the next one goes on where it ended.
        streams: texts per batch.
        steps: characters of each per batch.
        contiguous: whether a batch goes on where the one before ended.
        rng: NumPy generator.
    """

    def __init__(self, tokens, n_batches, streams, steps, contiguous, rng):
        super().__init__()
        room = len(tokens) - 1
        if room < streams * steps:
            raise ValueError(f"{streams} streams of {steps} characters need a text of at least "
                             f"{streams * steps + 1} characters, got {len(tokens)}: use fewer or "
                             "shorter streams, or more text.")
        self._tokens, self._x, self._n = tokens, CharModel.inputs(tokens), n_batches
        self._shape, self._contiguous, self._rng = (streams, steps), contiguous, rng
        self._coming = []                   # of each batch, from this epoch's first one
        self._lock = threading.Lock()

    def __len__(self):
        return self._n

    def __getitem__(self, k):
        place = self._batch(k)[0][:, None] + np.arange(self._shape[1])
        return self._x[place], self._tokens[place + 1]

    def fresh(self, k):
        """Return whether the state begins anew before batch k."""
        return self._batch(k)[1]

    def _batch(self, k):
        with self._lock:                    # Keras loads batches in another thread than it trains
            while k >= len(self._coming):
                self._coming += self._pass()
            return self._coming[k]

    def go_on(self):
        """Take the next epoch's batches; Keras' own call at an epoch's end comes too often."""
        del self._coming[:self._n]

    def _pass(self):
        """Return a list of (streams' first characters, whether the state begins anew)."""
        (streams, steps), room = self._shape, len(self._tokens) - 1
        first = int(self._rng.integers(0, min(steps, room - streams * steps + 1)))
        if self._contiguous:
            starts = first + np.arange(streams) * ((room - first) // streams)
            return [(starts + k * steps, k == 0)
                    for k in range((room - first) // streams // steps)]
        starts = self._rng.permutation(np.arange(first, room - steps + 1, steps))
        return [(starts[k:k + streams], True)
                for k in range(0, len(starts) - streams + 1, streams)]


class _Course(keras.callbacks.Callback):
    """Sets the learning rate and the state before each batch; ends when the time is up."""

    def __init__(self, characters, batches, how):
        super().__init__()
        self.characters, self.batches, self.how = characters, batches, how
        self.n_read, self.progress, self._spent = 0, 0.0, 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self.characters.network(self.how.batch_size)    # others may have read and written since
        if epoch:
            self.batches.go_on()
        self._start = time.perf_counter()

    def on_train_batch_begin(self, batch, logs=None):
        if self.batches.fresh(batch):
            reset_state(self.model)
        self.model.optimizer.learning_rate.assign(
            _rate(self.progress, self.how.rate, self.how.warmup))

    def on_train_batch_end(self, batch, logs=None):
        self.n_read += 1
        self.progress = self.n_read / (self.how.epochs * len(self.batches))
        if self.how.seconds:
            spent = self._spent + time.perf_counter() - self._start
            self.progress = max(self.progress, spent / self.how.seconds)
            self.model.stop_training = self.progress >= 1

    def on_epoch_end(self, epoch, logs=None):
        self._spent += time.perf_counter() - self._start
        streams, steps = self.batches[0][1].shape
        logs["characters"] = self.n_read * streams * steps


class _Validation(keras.callbacks.Callback):
    """Adds `val_loss` to each epoch's figures."""

    def __init__(self, characters, text):
        super().__init__()
        self.characters, self.text = characters, text

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = evaluate(self.characters, self.text).nats


def _rate(progress, rate, warmup):
    """Return the learning rate at 0 <= progress <= 1: a rising line, then half a cosine to 0."""
    if progress < warmup:
        return rate * (0.02 + 0.98 * progress / warmup)
    return rate / 2 * (1 + np.cos(np.pi * min((progress - warmup) / (1 - warmup), 1)))


def train(model, text, n_characters, validation=None, how=HOW, contiguous=True, steps=64):
    """Train a model in place with AdamW, its rate rising, then falling to 0 along half a cosine.

    Args:
        model: a `CharModel`.
        text: training text.
        n_characters: how many to read in all, passes over the text counted again and again.
        validation: text that the loss is measured on after each epoch; None for none.
        how: a `Fit`. Its epochs are equal parts of `n_characters`, a row of the history each;
            its batch is so many texts side by side. With `seconds`, the learning rate follows
            whichever of time and characters is nearer to its end. It stops early for neither.
        contiguous: True cuts the text into long pieces read side by side, the state going on
            from batch to batch (it begins anew with each pass); False reads windows in random
            order, each from a state of zero.
        steps: characters of each text per batch, through which gradients go back.

    Returns:
        Keras' History of `loss` (mean while learning) and `val_loss` in nats per character,
        `characters` read so far, and `seconds` and `cpu_seconds` of training alone.

    Raises:
        ValueError: if the text is shorter than a batch.
    """
    streams, network = how.batch_size, model.network(how.batch_size)
    n_batches = max(n_characters // (streams * steps) // how.epochs, 1)
    batches = Streams(model.alphabet.encode(text), n_batches, streams, steps, contiguous,
                      np.random.default_rng(how.seed))
    network.compile(keras.optimizers.AdamW(how.rate, weight_decay=how.decay, beta_2=0.99,
                                           global_clipnorm=how.clip),
                    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                    jit_compile=how.compiled)
    callbacks = [_Course(model, batches, how), TrainingTime()]
    if validation is not None:
        callbacks.append(_Validation(model, validation))
    return network.fit(batches, epochs=how.epochs, shuffle=False, verbose=0,
                       callbacks=[*callbacks, *how.callbacks])


def evaluate(model, text, streams=16, warm=256, steps=128):
    """Return how well a model says each character of a text from all that stand before it.

    The text is read as `streams` pieces side by side. Each piece after the first also reads the
    `warm` characters before it, to have a state, and is not judged on them.

    Args:
        model: a `CharModel`.
        text: at least two characters.
        streams: 1 reads the text in one go, exactly and slowly.

    Returns:
        `Evaluation`: mean negative log probability in nats and in bits per character, and the
        number of characters judged: all but the first.

    Raises:
        ValueError: if the text is shorter than two characters.
    """
    tokens = model.alphabet.encode(text)
    n = len(tokens) - 1
    if n < 1:
        raise ValueError(f"text must hold at least 2 characters, got {len(tokens)}.")
    if n < 2 * warm or streams == 1:
        streams, warm = 1, 0
    piece = -(-(n - warm) // streams)
    place = np.arange(streams)[:, None] * piece + np.arange(-(-(piece + warm) // steps) * steps)
    counted = (place < n) & (place < place[:, :1] + warm + piece)
    counted[1:, :warm] = False
    place = np.minimum(place, n - 1)
    x, y = model.inputs(tokens)[place], tokens[place + 1]
    network, total = model.network(streams), 0.0
    reset_state(network)
    for k in range(0, place.shape[1], steps):
        part = np.s_[:, k:k + steps]
        logs = log_softmax(network.predict_on_batch(x[part]))
        said = np.take_along_axis(logs, y[part][:, :, None], axis=-1)[:, :, 0]
        total -= said[counted[part]].sum()
    return Evaluation(float(total / n), float(total / n / np.log(2)), n)
