"""Every cell with inputs, a non-zero state and distinct random weights, called in one way."""

from dataclasses import dataclass, field

import numpy as np

from utils import by_hand as cells

BATCH, TIME, FEATURES, UNITS = 3, 6, 4, 5
RAGGED = np.array([[1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 0, 1], [1, 1, 1, 1, 1, 1]], bool)
MASKS = {"no mask": None, "ragged mask": RAGGED}


@dataclass(frozen=True)
class Cell:
    """`word` begins the names of its functions, which are looked up anew at every call."""

    word: str
    shapes: dict
    options: dict = field(default_factory=dict)

    @property
    def is_lstm(self):
        return self.word.startswith("lstm")

    def case(self, rng, dtype=np.float64):
        """Return x, state and the weights by name; the state of an LSTM is a pair."""
        draw = lambda *shape: (0.6 * rng.normal(size=shape)).astype(dtype)
        state = (lambda: (draw(BATCH, UNITS), draw(BATCH, UNITS))) if self.is_lstm else (
            lambda: draw(BATCH, UNITS))
        return {"x": draw(BATCH, TIME, FEATURES), "state": state(),
                **{name: draw(*shape) for name, shape in self.shapes.items()}}

    def forward(self, case, mask=None):
        return getattr(cells, f"{self.word}_forward")(**case, mask=mask, **self.options)

    def backward(self, *args, **named):
        return getattr(cells, f"{self.word}_backward")(*args, **named)


def _blocks(k, **more):
    return {"W": (FEATURES, k * UNITS), "U": (UNITS, k * UNITS), "b": (k * UNITS,)} | more


PEEPHOLE = {"peephole": (3, UNITS)}
CELLS = {
    "simple": Cell("simple_rnn", _blocks(1)),
    "simple, relu": Cell("simple_rnn", _blocks(1), {"activation": "relu"}),
    "simple, linear": Cell("simple_rnn", _blocks(1), {"activation": "linear"}),
    "lstm": Cell("lstm", _blocks(4)),
    "no variant": Cell("lstm_variant", _blocks(4)),
    "peephole": Cell("lstm_variant", _blocks(4, **PEEPHOLE)),
    "coupled": Cell("lstm_variant", _blocks(3), {"forget": "coupled"}),
    "no forget": Cell("lstm_variant", _blocks(3), {"forget": "none"}),
    "no output tanh": Cell("lstm_variant", _blocks(4), {"output_tanh": False}),
    "coupled peephole": Cell("lstm_variant", _blocks(3, **PEEPHOLE), {"forget": "coupled"}),
    "no forget peephole": Cell("lstm_variant", _blocks(3, **PEEPHOLE), {"forget": "none"}),
    "gru": Cell("gru", _blocks(3, b=(2, 3 * UNITS))),
    "gru, reset before": Cell("gru", _blocks(3), {"reset_after": False}),
    "sru": Cell("sru", {"W": (FEATURES, 4 * UNITS), "v": (2, UNITS), "b": (2, UNITS)}),
}


def parts(value):
    """Return the arrays of a state, or of any other argument, as a tuple."""
    return value if isinstance(value, tuple) else (value,)


def like(value, change):
    """Return `value` with every array of it changed: a pair stays one."""
    return tuple(map(change, value)) if isinstance(value, tuple) else change(value)
