"""Every recurrent cell of the course behind one face: a small NumPy model to train.

    model = RecurrentModel("peephole", features=2, units=16, outputs=1, rng=rng)
    loss, gradients = model.loss_and_gradients(x, y)

The names are those of `VARIANTS`. A model is one recurrent layer and a dense layer on its last
output, or on every output. Squared error for real targets, cross-entropy for integers.
"""

import numpy as np

from .. import by_hand as cells
from .gradients import clip_by_global_norm
from .losses import mean_squared_error, softmax_cross_entropy

__all__ = ["VARIANTS", "RecurrentModel", "parameter_count", "train", "units_for_budget"]

_LSTMS = {
    "LSTM": {},
    "peephole": {"peephole": True},
    "coupled": {"forget": "coupled"},
    "no forget": {"forget": "none"},
    "no output tanh": {"output_tanh": False},
}
_GRUS = {"GRU": True, "GRU reset before": False}        # name: reset_after
VARIANTS = ("SimpleRNN", *_LSTMS, *_GRUS, "SRU")


def _check(variant):
    if variant not in VARIANTS:
        raise ValueError(f"variant must be one of {', '.join(VARIANTS)}, got {variant!r}.")


def _uniform(rng, rows, columns):
    reach = np.sqrt(6 / (rows + columns))               # Glorot, as Keras starts kernels
    return rng.uniform(-reach, reach, (rows, columns))


def _orthogonal_rows(rng, rows, columns):
    q, r = np.linalg.qr(rng.normal(size=(columns, rows)))
    return (q * np.sign(np.diag(r))).T


def _start(variant, features, units, rng):
    """Return the weights of the layer by name, started as Keras would."""
    if variant in _LSTMS:
        options = _LSTMS[variant]
        W, U, b = cells.lstm_weights(features, units, rng, options.get("forget", "gate"))
        weights = {"W": W, "U": U, "b": b}
        return weights | ({"peephole": np.zeros((3, units))} if "peephole" in options else {})
    if variant == "SRU":
        # the forget bias of the LSTM is what the update needs here: 1 on f, 0 on r
        return {"W": _uniform(rng, features, 4 * units), "v": np.zeros((2, units)),
                "b": np.stack([np.ones(units), np.zeros(units)])}
    blocks = 1 if variant == "SimpleRNN" else 3
    bias = np.zeros((2, 3 * units)) if variant == "GRU" else np.zeros(blocks * units)
    return {"W": _uniform(rng, features, blocks * units),
            "U": _orthogonal_rows(rng, units, blocks * units), "b": bias}


def parameter_count(variant, features, units):
    """Return how many numbers the recurrent layer learns.

    With m features and n units: SimpleRNN n (m + n + 1); LSTM 4 of these, with peepholes
    3 n more; three blocks, coupled or without a forget gate, 3; GRU 3 (m + n + 2) n, its
    other form 3 (m + n + 1) n; SRU 4 m n + 4 n.

    Raises:
        ValueError: for an unknown variant.

    >>> parameter_count("LSTM", features=2, units=32)
    4480
    """
    _check(variant)
    m, n = features, units
    if variant == "SRU":
        return 4 * m * n + 4 * n
    if variant == "SimpleRNN":
        return n * (m + n + 1)
    if variant in _GRUS:
        return 3 * n * (m + n + (2 if _GRUS[variant] else 1))
    options = _LSTMS[variant]
    blocks = 4 if options.get("forget", "gate") == "gate" else 3
    return blocks * n * (m + n + 1) + (3 * n if "peephole" in options else 0)


def units_for_budget(variant, features, budget):
    """Return the number of units whose parameter count comes nearest to `budget`, >= 1.

    >>> units_for_budget("GRU", features=2, budget=4480)
    37
    """
    sizes = range(1, budget + 1)
    return min(sizes, key=lambda n: (abs(parameter_count(variant, features, n) - budget), n))


class RecurrentModel:
    """One recurrent layer and a dense layer, in NumPy.

    Args:
        variant: a name of `VARIANTS`.
        features, units, outputs: sizes of input, state and answer.
        rng: NumPy generator, for the start weights.
        every_step: answer at every step, not after the last one.
        dtype: of the weights.
        activation: of a SimpleRNN's units; the other variants have their own.

    Attributes:
        weights: {name: array}, the layer's and the dense layer's "V" and "c".

    Raises:
        ValueError: for an unknown variant.
    """

    def __init__(self, variant, features, units, outputs, rng, every_step=False,
                 dtype=np.float32, activation="tanh"):
        _check(variant)
        self.activation = activation
        self.variant, self.units, self.every_step = variant, units, every_step
        weights = _start(variant, features, units, rng) | {
            "V": _uniform(rng, units, outputs), "c": np.zeros(outputs)}
        self.weights = {name: value.astype(dtype) for name, value in weights.items()}

    def states(self, x):
        """Return h (batch, time, units), the output of every step, and a cache."""
        w = {n: v for n, v in self.weights.items() if n not in ("V", "c")}
        zero = np.zeros((len(x), self.units), w["W"].dtype)
        if self.variant == "SimpleRNN":
            return cells.simple_rnn_forward(x, zero, **w, activation=self.activation)
        if self.variant in _GRUS:
            return cells.gru_forward(x, zero, **w, reset_after=_GRUS[self.variant])
        if self.variant == "SRU":
            h, _, cache = cells.sru_forward(x, zero, **w)
            return h, cache
        options = {n: v for n, v in _LSTMS[self.variant].items() if n != "peephole"}
        h, _, cache = cells.lstm_forward(x, zero, zero, **w, **options)
        return h, cache

    def _layer_gradients(self, d_h, cache):
        if self.variant == "SimpleRNN":
            return dict(zip(("x", "h_0", "W", "U", "b"), cells.simple_rnn_backward(d_h, cache),
                            strict=True))
        if self.variant in _GRUS:
            return cells.gru_backward(d_h, cache)
        backward = cells.sru_backward if self.variant == "SRU" else cells.lstm_backward
        return backward(d_h, cache)

    def predict(self, x):
        """Return (batch, outputs), or (batch, time, outputs) with `every_step`."""
        h, _ = self.states(x)
        return (h if self.every_step else h[:, -1]) @ self.weights["V"] + self.weights["c"]

    def loss_and_gradients(self, x, y):
        """Return the loss of a batch and its gradient by each weight.

        Args:
            x: (batch, time, features).
            y: like the answer, or integers of its shape without the last axis.

        Returns:
            loss: mean squared error, or cross-entropy in nats for integers.
            gradients: {name: array}, as `weights`.
        """
        h, cache = self.states(x)
        read = h if self.every_step else h[:, -1]
        answer = read @ self.weights["V"] + self.weights["c"]
        loss_of = softmax_cross_entropy if np.asarray(y).dtype.kind in "iu" else mean_squared_error
        loss, d_answer = loss_of(answer, y)
        d_read = d_answer @ self.weights["V"].T
        d_h = d_read if self.every_step else np.zeros_like(h)
        if not self.every_step:
            d_h[:, -1] = d_read
        found = self._layer_gradients(d_h, cache)
        found["V"] = read.reshape(-1, self.units).T @ d_answer.reshape(-1, d_answer.shape[-1])
        found["c"] = d_answer.reshape(-1, d_answer.shape[-1]).sum(axis=0)
        return loss, {name: found[name] for name in self.weights}


def train(model, batches, rule, max_norm=1.0):
    """Train on an iterable of (x, y); return the loss of every batch.

    Args:
        model: a `RecurrentModel`; its weights are moved in place.
        batches: iterable of batches.
        rule: of `utils.by_hand`.
        max_norm: gradients are clipped to this joint norm.
    """
    losses = []
    for x, y in batches:
        loss, gradients = model.loss_and_gradients(x, y)
        clipped = clip_by_global_norm(list(gradients.values()), max_norm)
        rule(model.weights, dict(zip(gradients, clipped, strict=True)))
        losses.append(loss)
    return losses
