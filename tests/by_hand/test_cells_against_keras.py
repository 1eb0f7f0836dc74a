"""The cells against what is not ours: Keras' layers, and their equations in plain Python."""

import math

import keras
import numpy as np
import pytest

from tests.by_hand.cases import BATCH, CELLS, FEATURES, MASKS, TIME, UNITS, parts
from utils.training import backend_gradients

LAYERS = {
    "simple": (keras.layers.SimpleRNN, {}),
    "simple, relu": (keras.layers.SimpleRNN, {"activation": "relu"}),
    "simple, linear": (keras.layers.SimpleRNN, {"activation": "linear"}),
    "lstm": (keras.layers.LSTM, {}),
    "no variant": (keras.layers.LSTM, {}),
    "gru": (keras.layers.GRU, {}),
    "gru, reset before": (keras.layers.GRU, {"reset_after": False}),
}


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", LAYERS)
def test_cell_is_keras_layer(kind, mask):
    """In outputs, last state and gradients by inputs, first state and weights."""
    cell, mask, rng = CELLS[kind], MASKS[mask], np.random.default_rng(4)
    case = cell.case(rng, np.float32)
    weigh = rng.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    kind, options = LAYERS[kind]
    layer = kind(UNITS, return_sequences=True, return_state=True, **options)
    layer.build((BATCH, TIME, FEATURES))
    layer.set_weights([case[name] for name in "WUb"])

    def run(x, *state):
        return layer(x, initial_state=list(state), mask=mask)

    h, state, cache = cell.forward(case, mask)
    inputs = [case["x"], *parts(case["state"])]
    for ours, theirs in zip([h, *parts(state)], run(*inputs), strict=True):
        np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(theirs), atol=1e-5)
    _, d_inputs, d_weights = backend_gradients(
        lambda *given: keras.ops.sum(run(*given)[0] * weigh), inputs, layer.weights)
    found = cell.backward(weigh, cache)
    ours = [found["x"], *parts(found["state"]), *(found[name] for name in "WUb")]
    for mine, theirs in zip(ours, d_inputs + d_weights, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


LSTMS = [kind for kind, cell in CELLS.items() if cell.is_lstm]


def lstm_one_number_at_a_time(case, forget="gate", output_tanh=True):
    """The equations of the module's docstring for one unit of one row, in plain Python."""
    x, W, U, b = case["x"], case["W"], case["U"], case["b"]
    p = case.get("peephole", np.zeros((3, UNITS)))
    blocks = ("i", "f", "g", "o") if forget == "gate" else ("i", "g", "o")
    squash = lambda z: 1 / (1 + math.exp(-z))
    out = np.empty((BATCH, TIME, UNITS))
    for row in range(BATCH):
        h, c = (list(part[row]) for part in case["state"])
        for t in range(TIME):
            new_h, new_c = [], []
            for j in range(UNITS):
                z = {}
                for k, name in enumerate(blocks):
                    column = k * UNITS + j
                    z[name] = (sum(x[row, t, m] * W[m, column] for m in range(FEATURES))
                               + sum(h[m] * U[m, column] for m in range(UNITS)) + b[column])
                i = squash(z["i"] + p[0, j] * c[j])
                f = {"coupled": 1 - i, "none": 1.0}.get(forget)
                if f is None:
                    f = squash(z["f"] + p[1, j] * c[j])
                c_t = f * c[j] + i * math.tanh(z["g"])
                o = squash(z["o"] + p[2, j] * c_t)
                new_c.append(c_t)
                new_h.append(o * (math.tanh(c_t) if output_tanh else c_t))
            h, c = new_h, new_c
            out[row, t] = h
    return out


@pytest.mark.parametrize("kind", LSTMS)
def test_lstms_follow_their_equations_one_number_at_a_time(kind):
    cell = CELLS[kind]
    case = cell.case(np.random.default_rng(12))
    wanted = lstm_one_number_at_a_time(case, **cell.options)
    np.testing.assert_allclose(cell.forward(case)[0], wanted, atol=1e-12)
