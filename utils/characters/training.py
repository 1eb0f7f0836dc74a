"""Training a `CharModel` on contiguous streams or shuffled windows, and judging it.

`python -m benchmarks.characters` measures it on Shakespeare.
"""

import time
from collections import namedtuple

import numpy as np
import pandas as pd

from ..decoding import log_softmax
from ..training import keras
from .model import CharModel, reset_state

__all__ = ["Evaluation", "evaluate", "train"]

Evaluation = namedtuple("Evaluation", "nats bits characters")


def _batches(tokens, streams, steps, contiguous, rng):
    """Yield (x, y, fresh) for ever: `fresh` says that the state must begin anew."""
    x_all, room = CharModel.inputs(tokens), len(tokens) - 1
    if room < streams * steps:
        raise ValueError(f"{streams} streams of {steps} characters need a text of at least "
                         f"{streams * steps + 1} characters, got {len(tokens)}: use fewer or "
                         "shorter streams, or more text.")
    while True:
        first = int(rng.integers(0, min(steps, room - streams * steps + 1)))
        if contiguous:
            starts = first + np.arange(streams) * ((room - first) // streams)
            for k in range((room - first) // streams // steps):
                place = starts[:, None] + np.arange(k * steps, (k + 1) * steps)
                yield x_all[place], tokens[place + 1], k == 0
        else:
            starts = rng.permutation(np.arange(first, room - steps + 1, steps))
            for k in range(0, len(starts) - streams + 1, streams):
                place = starts[k:k + streams, None] + np.arange(steps)
                yield x_all[place], tokens[place + 1], True


def _rate(progress, rate, warmup):
    """Return the learning rate at 0 <= progress <= 1: a rising line, then half a cosine to 0."""
    if progress < warmup:
        return rate * (0.02 + 0.98 * progress / warmup)
    return rate / 2 * (1 + np.cos(np.pi * min((progress - warmup) / (1 - warmup), 1)))


def train(model, text, n_characters, validation=None, contiguous=True, streams=64, steps=64,
          rate=4e-3, warmup=0.05, max_norm=1.0, decay=0.0, rounds=1, seconds=None, compiled=True,
          seed=0, callbacks=()):
    """Train a model in place with AdamW, its rate rising, then falling to 0 along half a cosine.

    Args:
        model: a `CharModel`.
        text: training text.
        n_characters: how many to read in all, passes over the text counted again and again.
        validation: text that the loss is measured on after each round; None for none.
        contiguous: True cuts the text into `streams` long pieces read side by side, the state
            going on from batch to batch (it begins anew with each pass); False reads windows in
            random order, each from a state of zero.
        streams: texts per batch.
        steps: characters of each per batch, through which gradients go back.
        rate: the highest learning rate.
        warmup: share of the training in which the rate rises.
        max_norm: gradients are clipped to this joint norm.
        decay: weight decay of AdamW.
        rounds: how many rows the history gets.
        seconds: end after so much time even if `n_characters` are not read; the rate then
            follows whichever of the two is nearer to its end.
        compiled: let XLA compile the step: slower to start, faster to run.
        seed: of the pieces' starts or the windows' order.
        callbacks: Keras callbacks, told of each round, such as `Progress`.

    Returns:
        DataFrame, one row per round: `characters` read so far, `loss` (mean while learning) and
        `val_loss` in nats per character, `seconds` and `cpu_seconds` of training alone.

    Raises:
        ValueError: if the text is shorter than a batch.
    """
    network = model.network(streams)
    batches = _batches(model.alphabet.encode(text), streams, steps, contiguous,
                       np.random.default_rng(seed))
    n_batches = max(n_characters // (streams * steps), rounds)
    network.compile(keras.optimizers.AdamW(rate, weight_decay=decay, beta_2=0.99,
                                           global_clipnorm=max_norm),
                    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                    jit_compile=compiled)
    told = keras.callbacks.CallbackList(list(callbacks), model=network, epochs=rounds)
    told.on_train_begin()
    history, losses, progress, spent, cpu_spent = [], [], 0.0, 0.0, 0.0
    start, cpu_start = time.perf_counter(), time.process_time()
    for k in range(n_batches):
        x, y, fresh = next(batches)
        if fresh:
            reset_state(network)
        network.optimizer.learning_rate.assign(_rate(progress, rate, warmup))
        losses.append(float(network.train_on_batch(x, y)))
        elapsed = spent + time.perf_counter() - start
        progress = max((k + 1) / n_batches, elapsed / seconds if seconds else 0.0)
        if progress >= 1 or progress * rounds >= len(history) + 1:
            spent, cpu_spent = elapsed, cpu_spent + time.process_time() - cpu_start
            row = {"characters": (k + 1) * streams * steps, "loss": float(np.mean(losses))}
            if validation is not None:
                row["val_loss"] = evaluate(model, validation).nats
            told.on_epoch_end(len(history), row)
            history.append(row | {"seconds": spent, "cpu_seconds": cpu_spent})
            network, losses = model.network(streams), []
            start, cpu_start = time.perf_counter(), time.process_time()
        if progress >= 1:
            break
    told.on_train_end()
    return pd.DataFrame(history).rename_axis("round")


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
