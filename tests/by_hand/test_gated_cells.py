"""LSTM, GRU, SRU and their variants: equal to Keras, to finite differences, to their steps."""

import math

import keras
import numpy as np
import pytest

from utils import by_hand as cells
from utils.by_hand import numerical_gradient, relative_error
from utils.training import backend_gradients

BATCH, TIME, FEATURES, UNITS = 3, 6, 4, 5
RAGGED = np.array([[1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 0, 1], [1, 1, 1, 1, 1, 1]], bool)
MASKS = {"no mask": None, "ragged mask": RAGGED}

LSTMS = {
    "plain": {},
    "peephole": {"peephole": True},
    "coupled": {"forget": "coupled"},
    "no forget": {"forget": "none"},
    "no output tanh": {"output_tanh": False},
    "coupled peephole": {"forget": "coupled", "peephole": True},
    "no forget peephole": {"forget": "none", "peephole": True},
}


def lstm_case(rng, options, dtype=np.float64):
    """Inputs, non-zero states and distinct random weights by name."""
    k = 4 if options.get("forget", "gate") == "gate" else 3
    shapes = {"x": (BATCH, TIME, FEATURES), "h_0": (BATCH, UNITS), "c_0": (BATCH, UNITS),
              "W": (FEATURES, k * UNITS), "U": (UNITS, k * UNITS), "b": (k * UNITS,)}
    if options.get("peephole"):
        shapes["peephole"] = (3, UNITS)
    return {name: (0.6 * rng.normal(size=s)).astype(dtype) for name, s in shapes.items()}


def run_lstm(case, options, mask=None):
    rest = {k: v for k, v in options.items() if k != "peephole"}
    return cells.lstm_forward(**case, mask=mask, **rest)


def gru_case(rng, reset_after, dtype=np.float64):
    shapes = {"x": (BATCH, TIME, FEATURES), "h_0": (BATCH, UNITS), "W": (FEATURES, 3 * UNITS),
              "U": (UNITS, 3 * UNITS), "b": (2, 3 * UNITS) if reset_after else (3 * UNITS,)}
    return {name: (0.6 * rng.normal(size=s)).astype(dtype) for name, s in shapes.items()}


def sru_case(rng, dtype=np.float64):
    shapes = {"x": (BATCH, TIME, FEATURES), "c_0": (BATCH, UNITS), "W": (FEATURES, 4 * UNITS),
              "v": (2, UNITS), "b": (2, UNITS)}
    return {name: (0.6 * rng.normal(size=s)).astype(dtype) for name, s in shapes.items()}


def check_by_differences(case, loss_of, gradients):
    """Every gradient against central differences, relative error below 1e-6."""
    assert set(gradients) == set(case)
    for name in case:
        numeric = numerical_gradient(lambda v, n=name: loss_of({**case, n: v}), case[name])
        assert gradients[name].shape == case[name].shape
        assert relative_error(gradients[name], numeric) < 1e-6, name


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("variant", LSTMS)
def test_lstm_gradients_are_finite_differences(variant, mask):
    options, mask = LSTMS[variant], MASKS[mask]
    rng = np.random.default_rng(1)
    case = lstm_case(rng, options)
    weigh, weigh_h, weigh_c = (rng.normal(size=s) for s in
                               ((BATCH, TIME, UNITS), (BATCH, UNITS), (BATCH, UNITS)))

    def loss_of(case):
        h, (h_last, c_last), _ = run_lstm(case, options, mask)
        return float((h * weigh).sum() + (h_last * weigh_h).sum() + (c_last * weigh_c).sum())

    cache = run_lstm(case, options, mask)[2]
    check_by_differences(case, loss_of, cells.lstm_backward(weigh, cache, (weigh_h, weigh_c)))


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("reset_after", [True, False])
def test_gru_gradients_are_finite_differences(reset_after, mask):
    mask, rng = MASKS[mask], np.random.default_rng(2)
    case = gru_case(rng, reset_after)
    weigh = rng.normal(size=(BATCH, TIME, UNITS))

    def loss_of(case):
        h, _ = cells.gru_forward(**case, mask=mask, reset_after=reset_after)
        return float((h * weigh).sum())

    cache = cells.gru_forward(**case, mask=mask, reset_after=reset_after)[1]
    check_by_differences(case, loss_of, cells.gru_backward(weigh, cache))


@pytest.mark.parametrize("mask", MASKS)
def test_sru_gradients_are_finite_differences(mask):
    mask, rng = MASKS[mask], np.random.default_rng(3)
    case = sru_case(rng)
    weigh, weigh_c = rng.normal(size=(BATCH, TIME, UNITS)), rng.normal(size=(BATCH, UNITS))

    def loss_of(case):
        h, c, _ = cells.sru_forward(**case, mask=mask)
        return float((h * weigh).sum() + (c * weigh_c).sum())

    cache = cells.sru_forward(**case, mask=mask)[2]
    check_by_differences(case, loss_of, cells.sru_backward(weigh, cache, weigh_c))


def keras_layer(kind, case, **options):
    layer = kind(UNITS, return_sequences=True, **options)
    layer.build((BATCH, TIME, FEATURES))
    layer.set_weights([case[name] for name in ("W", "U", "b")])
    return layer


def compare_with_keras(case, layer, states, mask, ours, our_gradients, weigh):
    def loss(x, *initial):
        h = layer(x, initial_state=list(initial), mask=mask)
        return keras.ops.sum(h * weigh)

    inputs = [case["x"], *(case[s] for s in states)]
    h = layer(inputs[0], initial_state=inputs[1:], mask=mask)
    np.testing.assert_allclose(ours, keras.ops.convert_to_numpy(h), atol=1e-5)
    _, d_inputs, d_weights = backend_gradients(loss, inputs, layer.weights)
    found = dict(zip(["x", *states, "W", "U", "b"], d_inputs + d_weights, strict=True))
    for name, gradient in found.items():
        np.testing.assert_allclose(our_gradients[name], gradient, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("mask", MASKS)
def test_lstm_is_keras_lstm(mask):
    mask, rng = MASKS[mask], np.random.default_rng(4)
    case = lstm_case(rng, {}, np.float32)
    weigh = rng.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    h, _, cache = run_lstm(case, {}, mask)
    assert h.dtype == np.float32
    compare_with_keras(case, keras_layer(keras.layers.LSTM, case), ("h_0", "c_0"), mask, h,
                       cells.lstm_backward(weigh, cache), weigh)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("reset_after", [True, False])
def test_gru_is_keras_gru(reset_after, mask):
    mask, rng = MASKS[mask], np.random.default_rng(5)
    case = gru_case(rng, reset_after, np.float32)
    weigh = rng.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    h, cache = cells.gru_forward(**case, mask=mask, reset_after=reset_after)
    assert h.dtype == np.float32
    compare_with_keras(case, keras_layer(keras.layers.GRU, case, reset_after=reset_after),
                       ("h_0",), mask, h, cells.gru_backward(weigh, cache), weigh)


def test_the_loops_repeat_their_steps():
    rng = np.random.default_rng(7)
    case = lstm_case(rng, {})
    h, (h_last, c_last), _ = run_lstm(case, {})
    h_t, c_t = case["h_0"], case["c_0"]
    for t in range(TIME):
        h_t, c_t = cells.lstm_step(case["x"][:, t], h_t, c_t, case["W"], case["U"], case["b"])
        np.testing.assert_allclose(h[:, t], h_t, atol=1e-12)
    np.testing.assert_allclose((h_last, c_last), (h_t, c_t), atol=1e-12)

    for reset_after in (True, False):
        case = gru_case(rng, reset_after)
        h, _ = cells.gru_forward(**case, reset_after=reset_after)
        h_t = case["h_0"]
        for t in range(TIME):
            h_t = cells.gru_step(case["x"][:, t], h_t, case["W"], case["U"], case["b"],
                                 reset_after)
            np.testing.assert_allclose(h[:, t], h_t, atol=1e-12)

    case = sru_case(rng)
    h, c_last, _ = cells.sru_forward(**case)
    c_t = case["c_0"]
    for t in range(TIME):
        h_t, c_t = cells.sru_step(case["x"][:, t], c_t, case["W"], case["v"], case["b"])
        np.testing.assert_allclose(h[:, t], h_t, atol=1e-12)
    np.testing.assert_allclose(c_last, c_t, atol=1e-12)


def simple_case(rng, dtype=np.float64):
    shapes = {"x": (BATCH, TIME, FEATURES), "h_0": (BATCH, UNITS), "W": (FEATURES, UNITS),
              "U": (UNITS, UNITS), "b": (UNITS,)}
    return {name: (0.6 * rng.normal(size=s)).astype(dtype) for name, s in shapes.items()}


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
def test_simple_rnn_gradients_are_finite_differences(activation, mask):
    mask, rng = MASKS[mask], np.random.default_rng(8)
    case = simple_case(rng)
    weigh = rng.normal(size=(BATCH, TIME, UNITS))

    def loss_of(case):
        h, _ = cells.simple_rnn_forward(**case, mask=mask, activation=activation)
        return float((h * weigh).sum())

    cache = cells.simple_rnn_forward(**case, mask=mask, activation=activation)[1]
    found = dict(zip(case, cells.simple_rnn_backward(weigh, cache), strict=True))
    check_by_differences(case, loss_of, found)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
def test_simple_rnn_is_keras_simple_rnn(activation, mask):
    mask, rng = MASKS[mask], np.random.default_rng(9)
    case = simple_case(rng, np.float32)
    weigh = rng.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    h, cache = cells.simple_rnn_forward(**case, mask=mask, activation=activation)
    assert h.dtype == np.float32
    found = dict(zip(case, cells.simple_rnn_backward(weigh, cache), strict=True))
    layer = keras_layer(keras.layers.SimpleRNN, case, activation=activation)
    compare_with_keras(case, layer, ("h_0",), mask, h, found, weigh)


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match=r"relu.*got 'swish'"):
        cells.simple_rnn_forward(**simple_case(np.random.default_rng(0)), activation="swish")


def run_from(kind, case, mask, **state):
    """Run a cell from a given state; return its outputs, its last state and its cache."""
    case = case | state
    if kind == "lstm":
        h, last, cache = cells.lstm_forward(**case, mask=mask)
        return h, last, cache
    run = cells.gru_forward if kind == "gru" else cells.simple_rnn_forward
    h, cache = run(**case, mask=mask)
    return h, (h[:, -1],), cache


@pytest.mark.parametrize("mask", [None, np.array([[1, 1, 0, 1, 1, 0]] * BATCH, bool)],
                         ids=["no mask", "mask"])
@pytest.mark.parametrize("kind", ["simple", "lstm", "gru"])
def test_state_gradients_are_those_of_a_run_started_from_that_state(kind, mask):
    """dL/dh_t: start anew after step t from the state there, and differentiate by it."""
    rng = np.random.default_rng(11)
    case = {"simple": simple_case, "lstm": lambda r: lstm_case(r, {}),
            "gru": lambda r: gru_case(r, True)}[kind](rng)
    weigh = rng.normal(size=(BATCH, TIME, UNITS))
    _, _, cache = run_from(kind, case, mask)
    if kind == "simple":
        states = {"h": cells.simple_rnn_backward(weigh, cache, keep_states=True)[-1]}
    else:
        backward = cells.lstm_backward if kind == "lstm" else cells.gru_backward
        states = backward(weigh, cache, keep_states=True)
    for t in (0, 2, 4):
        reached = run_from(kind, case | {"x": case["x"][:, :t + 1]},
                           None if mask is None else mask[:, :t + 1])[1]
        start = dict(zip(("h_0", "c_0"), reached, strict=False))
        rest = case | {"x": case["x"][:, t + 1:]}
        rest_mask = None if mask is None else mask[:, t + 1:].copy()

        def later(name, value, rest=rest, start=start, rest_mask=rest_mask, t=t):
            h, _, _ = run_from(kind, rest, rest_mask, **(start | {name: value}))
            shown = h
            if rest_mask is not None:       # before its first real step a new run shows zeros,
                begun = np.logical_or.accumulate(rest_mask, axis=1)[..., None]
                shown = np.where(begun, h, (start | {name: value})["h_0"][:, None])
            return float((shown * weigh[:, t + 1:]).sum())

        direct = weigh[:, t]                # h_t is also the output of step t
        numeric = numerical_gradient(lambda v: later("h_0", v), start["h_0"]) + direct
        assert relative_error(states["h"][:, t], numeric) < 1e-6, t
        if kind == "lstm":
            # c_t reaches the loss by h_t too, through o_t and tanh: add that way by hand
            by_later = numerical_gradient(lambda v: later("c_0", v), start["c_0"])
            real = mask is None or mask[0, t]
            if real:
                gates = cache[3][t]
                by_h = states["h"][:, t] * gates[:, -UNITS:] * (1 - np.tanh(start["c_0"]) ** 2)
                by_later = by_later + by_h
            assert relative_error(states["c"][:, t], by_later) < 1e-6, t


def lstm_one_number_at_a_time(case, forget="gate", output_tanh=True):
    """The equations of the module's docstring for one unit of one row, in plain Python."""
    x, W, U, b = case["x"], case["W"], case["U"], case["b"]
    p = case.get("peephole", np.zeros((3, UNITS)))
    blocks = ("i", "f", "g", "o") if forget == "gate" else ("i", "g", "o")
    squash = lambda z: 1 / (1 + math.exp(-z))
    out = np.empty((BATCH, TIME, UNITS))
    for row in range(BATCH):
        h, c = list(case["h_0"][row]), list(case["c_0"][row])
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


@pytest.mark.parametrize("variant", LSTMS)
def test_lstm_variants_follow_their_equations_one_number_at_a_time(variant):
    options = LSTMS[variant]
    case = lstm_case(np.random.default_rng(12), options)
    wanted = lstm_one_number_at_a_time(
        case, **{k: v for k, v in options.items() if k != "peephole"})
    np.testing.assert_allclose(run_lstm(case, options)[0], wanted, atol=1e-12)


CELLS = {
    "simple": (simple_case, lambda case, mask: cells.simple_rnn_forward(**case, mask=mask)[0]),
    **{f"lstm, {name}": (lambda rng, o=o: lstm_case(rng, o),
                         lambda case, mask, o=o: run_lstm(case, o, mask)[0])
       for name, o in LSTMS.items()},
    "gru": (lambda rng: gru_case(rng, True),
            lambda case, mask: cells.gru_forward(**case, mask=mask)[0]),
    "gru, reset before": (
        lambda rng: gru_case(rng, False),
        lambda case, mask: cells.gru_forward(**case, mask=mask, reset_after=False)[0]),
    "sru": (sru_case, lambda case, mask: cells.sru_forward(**case, mask=mask)[0]),
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_mask_does_what_leaving_the_steps_out_does(kind):
    make, run = CELLS[kind]
    case = make(np.random.default_rng(13))
    h = run(case, RAGGED)
    for row, real in enumerate(RAGGED):
        short = {name: value[[row]] for name, value in case.items()
                 if name in ("x", "h_0", "c_0")}
        short["x"] = short["x"][:, real]
        np.testing.assert_allclose(h[[row]][:, real], run(case | short, None), atol=1e-12)
        shown = np.zeros(UNITS)                 # a masked step repeats the last output, 0 at first
        for t in range(TIME):
            shown = h[row, t] if real[t] else shown
            np.testing.assert_array_equal(h[row, t], shown)
