"""What a `CharModel` expects and holds in its state while it reads: bits and units."""

from collections import namedtuple

import numpy as np

from ..training import keras
from .model import reset_state
from .threads import END

__all__ = ["read_texts", "unit_correlations"]

ops = keras.ops

Reading = namedtuple("Reading", "text bits states")


def read_texts(model, texts, streams=16, before=END, steps=64):
    """Return what a model expects and holds while it reads each text from a state of zero.

    Args:
        model: a `CharModel`.
        texts: strings, none empty.
        streams: texts read side by side.
        before: one character read before each text, as in training; it is in no result.
        steps: characters read at once.

    Returns:
        A list of `Reading`, one per text in the order given: `text`; `bits`, (characters,), what
        each character costs the model before it is read; `states`, (characters, units), the last
        recurrent layer's state after it is read.

    Raises:
        ValueError: if `texts` is one string or holds an empty one, or `before` is not one
            character.
    """
    if isinstance(texts, str) or not all(isinstance(text, str) and text for text in texts):
        raise ValueError("texts must be a list of strings with a character each, got "
                         f"{texts!r:.60}.")
    if not isinstance(before, str) or len(before) != 1:
        raise ValueError(f"before must be one character, got {before!r}.")
    network = model.network(streams)
    recurrent = [layer for layer in network.layers if isinstance(layer, keras.layers.RNN)][-1]
    reader = keras.Model(network.inputs, [recurrent.output, network.output])
    reader.compile(jit_compile=False)
    found, order = [None] * len(texts), sorted(range(len(texts)), key=lambda k: len(texts[k]))
    for start in range(0, len(order), streams):
        chosen = order[start:start + streams]           # texts of about the same length
        for k, bits, states in zip(chosen, *_read(model, reader, [texts[k] for k in chosen],
                                                  streams, before, steps), strict=False):
            length = len(texts[k])
            found[k] = Reading(texts[k], bits[:length], states[1:length + 1])
    return found


def _read(model, reader, texts, streams, before, steps):
    """Return (streams, time) bits and (streams, time + 1, units) states of padded texts."""
    rows = [model.alphabet.encode(before + text) for text in texts]
    length = -(-max(map(len, rows)) // steps) * steps + 1
    tokens = np.zeros((streams, length), "int32")
    for row, numbers in zip(tokens, rows, strict=False):
        row[:len(numbers)] = numbers
    inputs, bits, states = model.inputs(tokens), [], []
    reset_state(reader)
    for k in range(0, length - 1, steps):
        part, after = np.s_[:, k:k + steps], tokens[:, k + 1:k + steps + 1, None]
        state, logits = reader.predict_on_batch(inputs[part])
        said = np.take_along_axis(logits, after, axis=-1)[..., 0]
        total = ops.convert_to_numpy(ops.logsumexp(logits, axis=-1))
        bits.append((total - said) / np.log(2))
        states.append(state)
    return np.concatenate(bits, axis=1), np.concatenate(states, axis=1)


def unit_correlations(states, feature):
    """Return each unit's correlation with a feature of the text, (units,), 0 for a still unit.

    Args:
        states: (characters, units).
        feature: (characters,) numbers or truth values, not all alike.

    Raises:
        ValueError: if the lengths differ or the feature never changes.

    >>> unit_correlations(np.array([[0.0, 1], [1, 1], [2, 1]]), [5, 6, 7]).round(6).tolist()
    [1.0, 0.0]
    """
    states, feature = np.asarray(states, float), np.asarray(feature, float)
    if states.ndim != 2 or feature.shape != states.shape[:1]:
        raise ValueError("states must be (characters, units) and the feature (characters,), got "
                         f"{states.shape} and {feature.shape}.")
    if not np.ptp(feature) > 0:
        raise ValueError(f"The feature is {feature[:1]} everywhere: nothing can follow it.")
    states, feature = states - states.mean(axis=0), feature - feature.mean()
    spread = np.sqrt((states**2).sum(axis=0) * (feature**2).sum())
    return np.where(spread > 1e-12, feature @ states / np.maximum(spread, 1e-12), 0.0)
