"""Every recurrent cell of the course behind one face: a small NumPy model to train.

    model = RecurrentModel("peephole", features=2, units=16, outputs=1, rng=rng)
    loss, gradients = model.loss_and_gradients(x, y)

The names are those of `VARIANTS`. A model is one recurrent layer and a dense layer on its last
output, or on every output. Squared error for real targets, cross-entropy for integers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ._starts import glorot_uniform, orthogonal
from .gradients import clip_by_global_norm
from .gru import gru_backward, gru_forward
from .losses import mean_squared_error, softmax_cross_entropy
from .lstm import lstm_backward, lstm_forward
from .lstm_variants import lstm_variant_backward, lstm_variant_forward
from .simple_rnn import simple_rnn_backward, simple_rnn_forward
from .sru import sru_backward, sru_forward

__all__ = ["VARIANTS", "RecurrentModel", "parameter_count", "train", "units_for_budget"]


@dataclass(frozen=True)
class _Cell:
    """A cell: its two functions, with which options, and how its weights start.

    `shapes(features, units)` gives the shape of each weight by name. All biases start at zero,
    but for the block of `units` numbers at place `ones`, the bias of a forget gate.
    """

    forward: Callable
    backward: Callable
    shapes: Callable
    ones: int | None = None
    options: dict = field(default_factory=dict)

    def start(self, features, units, rng):
        """Return the weights by name, as Keras would start them."""
        weights = {name: np.zeros(shape) for name, shape in self.shapes(features, units).items()}
        weights["W"] = glorot_uniform(rng, *weights["W"].shape)
        if "U" in weights:
            weights["U"] = orthogonal(rng, *weights["U"].shape)
        if self.ones is not None:
            weights["b"].reshape(-1, units)[self.ones] = 1
        return weights


def _blocks(k):
    """Return the shapes of W, U and b with k blocks, as a function of features and units."""
    return lambda m, n: {"W": (m, k * n), "U": (n, k * n), "b": (k * n,)}


_GRU = gru_forward, gru_backward
_CHANGED_LSTM = lstm_variant_forward, lstm_variant_backward
_CELLS = {
    "SimpleRNN": _Cell(simple_rnn_forward, simple_rnn_backward, _blocks(1)),
    "LSTM": _Cell(lstm_forward, lstm_backward, _blocks(4), ones=1),
    "peephole": _Cell(*_CHANGED_LSTM, lambda m, n: _blocks(4)(m, n) | {"peephole": (3, n)}, 1),
    "coupled": _Cell(*_CHANGED_LSTM, _blocks(3), options={"forget": "coupled"}),
    "no forget": _Cell(*_CHANGED_LSTM, _blocks(3), options={"forget": "none"}),
    "no output tanh": _Cell(*_CHANGED_LSTM, _blocks(4), 1, {"output_tanh": False}),
    "GRU": _Cell(*_GRU, lambda m, n: _blocks(3)(m, n) | {"b": (2, 3 * n)}),
    "GRU reset before": _Cell(*_GRU, _blocks(3), options={"reset_after": False}),
    "SRU": _Cell(sru_forward, sru_backward,
                 lambda m, n: {"W": (m, 4 * n), "v": (2, n), "b": (2, n)}, ones=0),
}
VARIANTS = tuple(_CELLS)


def _cell(variant):
    if variant not in _CELLS:
        raise ValueError(f"variant must be one of {', '.join(VARIANTS)}, got {variant!r}.")
    return _CELLS[variant]


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
    return sum(map(math.prod, _cell(variant).shapes(features, units).values()))


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
        options: further ones of the cell, such as a SimpleRNN's `activation`.

    Attributes:
        weights: {name: array}, the layer's and the dense layer's "V" and "c".

    Raises:
        ValueError: for an unknown variant.
    """

    def __init__(self, variant, features, units, outputs, rng, every_step=False,
                 dtype=np.float32, **options):
        self.cell = _cell(variant)
        self.variant, self.units, self.every_step = variant, units, every_step
        self.options = self.cell.options | options
        weights = self.cell.start(features, units, rng) | {
            "V": glorot_uniform(rng, units, outputs), "c": np.zeros(outputs)}
        self.weights = {name: value.astype(dtype) for name, value in weights.items()}

    def outputs(self, x):
        """Return h (batch, time, units), the layer's output at every step, and a cache."""
        layer = {name: w for name, w in self.weights.items() if name not in ("V", "c")}
        h, _, cache = self.cell.forward(x, None, **layer, **self.options)
        return h, cache

    def predict(self, x):
        """Return (batch, outputs), or (batch, time, outputs) with `every_step`."""
        h, _ = self.outputs(x)
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
        h, cache = self.outputs(x)
        read = h if self.every_step else h[:, -1]
        answer = read @ self.weights["V"] + self.weights["c"]
        loss_of = softmax_cross_entropy if np.asarray(y).dtype.kind in "iu" else mean_squared_error
        loss, d_answer = loss_of(answer, y)
        d_read = d_answer @ self.weights["V"].T
        d_h = d_read if self.every_step else np.zeros_like(h)
        if not self.every_step:
            d_h[:, -1] = d_read
        found = self.cell.backward(d_h, cache)
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
