"""Checks of lesson 05: the gates of an LSTM, its state, its step backward, its forget bias."""

import itertools

import numpy as np

from ..by_hand.activations import sigmoid
from .engine import Exercise, seal
from .expect import equals, expect, expect_close, expect_tuple

LOOSE = {"rtol": 1e-4, "atol": 1e-5}
AXES = "(batch, units)"


# --- the gates --------------------------------------------------------------------------------

lstm_gates = Exercise("lstm_gates", hints={
    "order_of_gates": ("You return the right numbers in another order.",
                       "Keras' blocks are i, f, g, o: g is the third, o the last."),
    "no_bias": ("z has three terms; one is missing.", "Add `b` before you split."),
    "no_state": ("The gates see the last output too.", "The second term of z is `h_prev @ U`."),
    "tanh_gate": ("A gate lies between 0 and 1; yours can be negative.",
                  "The gates i, f and o use the sigmoid; only the candidate g uses tanh."),
    "sigmoid_candidate": ("The candidate may be negative: what is written can lower the state.",
                          "g uses tanh, not the sigmoid."),
    "no_function": ("You return the pre-activations.",
                    "sigmoid for i, f and o, tanh for g."),
    "squashed_first": ("One function too many: z itself passes none before it is split.",
                       "z is the plain sum; then the sigmoid for i, f and o, tanh for g."),
    "no_input": ("The gates see the new input too.", "The first term of z is `x_t @ W`."),
    "minus": ("Your gates close where they should open: the sigmoid is 1 / (1 + exp(-z)).",),
    "wrong_count": ("Return four arrays: i_t, f_t, g_t, o_t.",),
    "wrong_shape": ("Each gate has a column per unit: a quarter of the columns of z.",),
    "interleaved": ("Which columns belong to which gate? The blocks stand side by side.",
                    "`np.split(z, 4, axis=-1)`; not every fourth column."),
    "split_axis": ("You split the batch; the gates stand side by side in the columns.",
                   "`np.split(z, 4, axis=-1)`: without `axis` NumPy splits along the first."),
})


def _weights(rng, batch, features, units):
    """Return x_t, h_prev, W, U, b: all random, biases far from zero."""
    return (rng.normal(size=(batch, features)), rng.uniform(-0.9, 0.9, (batch, units)),
            rng.normal(scale=0.7, size=(features, 4 * units)),
            rng.normal(scale=0.7, size=(units, 4 * units)),
            rng.uniform(0.3, 0.9, 4 * units) * rng.choice([-1, 1], 4 * units))


def _gate(x_t, h_prev, W, U, b, position):
    """Return the gate at this position of i, f, g, o and {mistake: values that it gives}."""
    z = x_t @ W + h_prev @ U + b
    own, other = (np.tanh, sigmoid) if position == 2 else (sigmoid, np.tanh)

    def block(z, k=position):
        return np.split(z, 4, axis=-1)[k]

    others = [k for k in range(4) if k != position]
    rows = len(z) // 4
    return own(block(z)), {
        "order_of_gates": (*((np.tanh if k == 2 else sigmoid)(block(z, k)) for k in others),
                           *(own(block(z, k)) for k in others)),
        "no_bias": own(block(z - b)), "no_state": own(block(x_t @ W + b)),
        "no_input": own(block(h_prev @ U + b)), "no_function": block(z),
        "sigmoid_candidate" if position == 2 else "tanh_gate": other(block(z)),
        "squashed_first": (own(np.tanh(block(z))), own(sigmoid(block(z)))),
        "minus": own(-block(z)),
        "interleaved": own(z[:, position::4]),
        "split_axis": own(z[position * rows:(position + 1) * rows]),
    }


def _gates_part(position, name):
    @lstm_gates.part(f"{name}_t")
    def _(rng, answer):
        # 8: a split along the batch goes through, too, and 8 rows are not taken for 4 gates
        for sizes in [(8, 3, 5), (1, 4, 2), (3, 1, 6), (5, 2, 1)]:
            case = _weights(rng, *sizes)
            values = expect_tuple(answer(*case), ("i_t", "f_t", "g_t", "o_t"))
            right, mistakes = _gate(*case, position)
            expect_close(values[position], right, f"{name}_t", mistakes, AXES, **LOOSE)


for _position, _name in enumerate("ifgo"):
    _gates_part(_position, _name)


# --- the state --------------------------------------------------------------------------------

lstm_state = Exercise("lstm_state", hints={
    "swapped": ("Both values are right, in the other order.", "Return h_t first, then c_t."),
    "gates_swapped": ("Which gate keeps the old, and which writes the new?",
                      "f_t multiplies c_prev, i_t multiplies g_t."),
    "no_forget": ("Nothing is ever taken off your belt.", "Multiply c_prev by f_t."),
    "no_input": ("The candidate is written in full, whatever the input gate says.",
                 "Multiply g_t by i_t."),
    "no_tanh": ("h_t can leave (-1, 1) in yours.", "h_t = o_t * tanh(c_t)."),
    "no_output": ("c_t is right, h_t shows all of it.", "Multiply tanh(c_t) by the output gate."),
    "old_cell": ("Which cell state is shown, the one before the step or after it?",
                 "Use the new c_t in h_t."),
    "gate_inside": ("c_t is right, h_t is not: is the output gate applied after tanh?",
                    "o_t * np.tanh(c_t), not np.tanh(o_t * c_t)."),
    "tanh_in_state": ("The cell state itself is not pressed through anything.",
                      "tanh belongs to h_t only."),
    "added": ("A gate multiplies what it lets through; in yours one is added.",
              "c_t = f_t * c_prev + i_t * g_t."),
    "complement": ("f_t is the share that is kept, i_t the share that is written: take both as "
                   "they are, without 1 - .",),
    "no_candidate": ("i_t says how much is written; what is written is g_t.",
                     "Multiply i_t by g_t."),
    "gate_again": ("The gates are given: no sigmoid or tanh is left to do for them.",),
    "other_gate": ("The output is shown by the output gate.", "h_t = o_t * tanh(c_t)."),
    "sigmoid_for_tanh": ("h_t may be negative: c_t is pressed through tanh, not the sigmoid.",),
    "wrong_count": ("The next step needs both: return h_t, c_t.",),
})


# batch, units, size of c; one pair of sizes comes twice, for an answer that keeps a state
STATES = [(4, 5, 1.5), (1, 3, 1.0), (4, 5, 1.5), (6, 1, 2.0), (3, 8, 30.0)]


def _state_case(rng, batch, units, size):
    """Return c_prev, i_t, f_t, g_t and o_t."""
    i, f, o = rng.uniform(0.1, 0.9, (3, batch, units))
    return rng.normal(scale=size, size=i.shape), i, f, rng.uniform(-1, 1, i.shape), o


def _check_cell_state(answer, case):
    h_t, c_t = expect_tuple(answer(*case), ("h_t", "c_t"))
    c, i, f, g, o = case
    right = f * c + i * g
    shown = o * np.tanh(right)
    expect_close(c_t, right, "c_t", {
        "swapped": shown if equals(h_t, right, **LOOSE) else (),
        "gates_swapped": (i * c + f * g, o * c + i * g, f * c + o * g, i * c + o * g),
        "no_forget": c + i * g, "no_input": f * c + g, "no_candidate": (f * c + i, f + i * g),
        "tanh_in_state": (np.tanh(right), shown, f * np.tanh(c) + i * g),
        "added": (f * c + i + g, f + c + i * g, f + c + i + g),
        "complement": ((1 - f) * c + i * g, f * c + (1 - f) * g, (1 - i) * c + i * g,
                       (1 - f) * c + f * g, f * c + (1 - i) * g),
        "gate_again": (sigmoid(f) * c + sigmoid(i) * g, f * c + i * np.tanh(g),
                       sigmoid(f) * c + sigmoid(i) * np.tanh(g)),
    }, AXES, **LOOSE)


def _check_output(answer, case):
    h_t, c_t = expect_tuple(answer(*case), ("h_t", "c_t"))
    c, i, f, g, o = case
    right = f * c + i * g
    swapped = equals(c_t, o * np.tanh(right), **LOOSE)
    state = own_state(c_t, right)
    expect_close(h_t, o * np.tanh(state), "h_t", {
        "swapped": right if swapped else (),
        "no_tanh": o * state, "no_output": np.tanh(state), "old_cell": o * np.tanh(c),
        "gate_inside": (np.tanh(o * state), np.tanh(o) * state),
        "gate_again": (sigmoid(o) * np.tanh(state), np.tanh(o) * np.tanh(state)),
        "other_gate": (i * np.tanh(state), f * np.tanh(state)),
        "sigmoid_for_tanh": o * sigmoid(state),
    }, AXES, **LOOSE)


def own_state(c_t, right):
    """Return the learner's c_t where it can be one: an error in it is the other part's."""
    fits = isinstance(c_t, np.ndarray) and c_t.dtype.kind == "f" and c_t.shape == right.shape
    return c_t if fits and np.isfinite(c_t).all() else right


@lstm_state.part("c_t")
def _(rng, answer):
    for sizes in STATES:
        _check_cell_state(answer, _state_case(rng, *sizes))


@lstm_state.part("h_t")
def _(rng, answer):
    for sizes in STATES:
        _check_output(answer, _state_case(rng, *sizes))


# --- the step backward ------------------------------------------------------------------------

lstm_step_backward = Exercise("lstm_step_backward", hints={
    "no_output_path": ("c_t matters twice: `dc` comes from the next step, and what comes through "
                       "h_t is not in it yet.",
                       "First dc = dc + dh * o_t * (1 - np.tanh(c_t)**2), then go on."),
    "no_tanh_slope": ("On the way from h_t to c_t you pass a tanh.",
                      "Multiply by 1 - np.tanh(c_t)**2."),
    "no_slopes": ("You stop at the gates; dz is before the sigmoid and the tanh.",
                  "Multiply by i (1 - i), f (1 - f), 1 - g^2 and o (1 - o)."),
    "sigmoid_slope_of_g": ("The candidate comes out of a tanh, not of a sigmoid.",
                           "Its slope is 1 - g_t**2."),
    "c_t_in_forget": ("The forget gate multiplies the cell state before the step.",
                      "df_t = dc * c_prev."),
    "order_of_blocks": ("The right blocks in another order.", "Concatenate i, f, g, o."),
    "no_forget_path": ("What came along the belt has to pass the forget gate.",
                       "dc_prev = dc * f_t."),
    "dc_unfinished": ("dc_prev uses the dc that you were given.",
                      "Use the dc to which the part through h_t was added."),
    "o_from_c": ("The output gate multiplies tanh(c_t).", "do_t = dh * np.tanh(c_t)."),
    "not_joined": ("The four blocks are there, but not as one array.",
                   "np.concatenate([...], axis=-1) puts them side by side."),
    "i_and_g_swapped": ("i_t multiplies g_t. What is left when you differentiate by i_t?",
                        "di_t = dc * g_t and dg_t = dc * i_t."),
    "slope_of_c": ("The slope of tanh is 1 - tanh(c_t)^2; c_t itself is not a tanh.",
                   "Multiply by 1 - np.tanh(c_t)**2."),
    "slope_of_value": ("i_t is sigmoid(z_i) already; you take the sigmoid once more.",
                       "The slope is i_t * (1 - i_t), and 1 - g_t**2 for the candidate."),
    "no_output_gate": ("On the way from h_t to c_t you pass the output gate as well.",
                       "dc = dc + dh * o_t * (1 - np.tanh(c_t)**2)."),
    "no_belt": ("c_t matters twice: `dc` is what comes along the belt, and it is left out.",
                "First dc = dc + dh * o_t * (1 - np.tanh(c_t)**2), then go on."),
    "old_cell": ("h_t shows the cell state after the step.", "The tanh is that of c_t."),
    "o_from_dc": ("The output gate is met on the way from h_t: its gradient comes from dh.",
                  "do_t = dh * np.tanh(c_t)."),
    "tanh_slopes": ("i, f and o come out of a sigmoid, not of a tanh.",
                    "Their slope is i_t * (1 - i_t), and so on."),
    "swapped": ("Both are right, in the other order.", "Return dz, dc_prev."),
    "wrong_count": ("Return two arrays: dz and dc_prev.",),
    "wrong_shape": ("The batch stays; dz has 4 * units columns, dc_prev has units.",),
})


def _backward(dh, dc, c_prev, c_t, i, f, g, o):
    """Return the gradients of the gates i, f, g, o, their slopes, and all of dc_t."""
    tanh_c = np.tanh(c_t)
    dc = dc + dh * o * (1 - tanh_c**2)
    gates = dc * g, dc * c_prev, dc * i, dh * tanh_c
    slopes = i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)
    return gates, slopes, dc


def _backward_case(rng, batch, units, size):
    c_prev, i, f, g, o = _state_case(rng, batch, units, size)
    dh, dc = rng.normal(size=(2, batch, units))
    return dh, dc, c_prev, f * c_prev + i * g, i, f, g, o


def _joined(gates, slopes):
    return np.concatenate([a * b for a, b in zip(gates, slopes, strict=True)], axis=-1)


def _other_dc(dh, dc, c_prev, c_t, i, f, g, o):
    """Return {mistake: dc_t} for what a learner may add to dc, or forget."""
    slope = 1 - np.tanh(c_t) ** 2
    return {
        "no_output_path": dc, "no_belt": dh * o * slope,
        "no_tanh_slope": dc + dh * o, "slope_of_c": dc + dh * o * (1 - c_t**2),
        "no_output_gate": dc + dh * slope,
        "old_cell": dc + dh * o * (1 - np.tanh(c_prev) ** 2),
    }


def _check_dz(answer, case):
    dz, dc_prev = expect_tuple(answer(*case), ("dz", "dc_prev"))
    dh, dc, c_prev, c_t, i, f, g, o = case
    gates, slopes, total = _backward(*case)
    right = _joined(gates, slopes)
    apart = (isinstance(dz, (tuple, list)) and len(dz) == 4) or getattr(dz, "ndim", 0) == 3
    expect(not apart, "dz is to be one array (batch, 4 * units).", "not_joined")

    def with_dc(dc_t):
        return _joined((dc_t * g, dc_t * c_prev, dc_t * i, gates[3]), slopes)

    def with_do(do):
        return _joined((*gates[:3], do), slopes)

    blocks = np.split(right, 4, axis=-1)
    again = [sigmoid(a) * (1 - sigmoid(a)) for a in (i, f, o)]
    expect_close(dz, right, "dz", {
        "swapped": total * f if equals(dc_prev, right, **LOOSE) else (),
        "order_of_blocks": tuple(np.concatenate(order, axis=-1)
                                 for order in itertools.permutations(blocks)),
        **{mistake: with_dc(dc_t) for mistake, dc_t in _other_dc(*case).items()},
        "no_slopes": np.concatenate(gates, axis=-1),
        "sigmoid_slope_of_g": _joined(gates, (slopes[0], slopes[1], g * (1 - g), slopes[3])),
        "tanh_slopes": _joined(gates, (1 - i**2, 1 - f**2, slopes[2], 1 - o**2)),
        "c_t_in_forget": _joined((gates[0], total * c_t, *gates[2:]), slopes),
        "o_from_c": (with_do(dh * c_t), with_do(dh * np.tanh(c_prev))),
        "o_from_dc": (with_do(dc * np.tanh(c_t)), with_do(total * np.tanh(c_t))),
        "i_and_g_swapped": _joined((gates[2], gates[1], gates[0], gates[3]), slopes),
        "slope_of_value": _joined(gates, (*again[:2], slopes[2], again[2])),
    }, "(batch, 4 * units)", **LOOSE)


def _check_dc_prev(answer, case):
    dz, dc_prev = expect_tuple(answer(*case), ("dz", "dc_prev"))
    gates, slopes, total = _backward(*case)
    dc, f = case[1], case[5]
    expect_close(dc_prev, total * f, "dc_prev", {
        "swapped": _joined(gates, slopes) if equals(dz, total * f, **LOOSE) else (),
        "no_forget_path": total, "dc_unfinished": dc * f,
        **{mistake: dc_t * f for mistake, dc_t in _other_dc(*case).items()
           if mistake != "no_output_path"},
    }, AXES, **LOOSE)


@lstm_step_backward.part("dz", points=2)
def _(rng, answer):
    for sizes in STATES:
        _check_dz(answer, _backward_case(rng, *sizes))


@lstm_step_backward.part("dc_prev")
def _(rng, answer):
    for sizes in STATES:
        _check_dc_prev(answer, _backward_case(rng, *sizes))


# --- the forget bias --------------------------------------------------------------------------

forget_bias_for = Exercise("forget_bias_for", hints={
    "one_step": ("Over `steps` steps the gate multiplies `steps` times.",
                 "The gate has to be share ** (1 / steps)."),
    "gate": ("That is the gate itself; asked for is the bias before the sigmoid.",
             "Solve sigmoid(b) = gate for b: log(gate / (1 - gate))."),
    "divided": ("The shares multiply over the steps; dividing by the steps treats them as a sum.",
                "Take the root: share ** (1 / steps)."),
    "sign": ("Your bias closes the gate where it should open.",
             "log(gate / (1 - gate)): the gate stands above."),
    "logarithm": ("log(gate) undoes exp; the sigmoid is 1 / (1 + exp(-b)).",
                  "log(gate / (1 - gate))."),
    "forward": ("You went forward: that is the sigmoid of the gate. Which b *gives* the gate?",
                "Solve sigmoid(b) = gate for b: log(gate / (1 - gate))."),
    "no_log": ("gate / (1 - gate) is exp(b): one function is missing.", "Take the logarithm."),
    "off_by_one": ("The gate multiplies once a step: `steps` times.", "share ** (1 / steps)."),
    "power": ("Over `steps` steps the gate is raised to the power of `steps`; you need its root.",
              "share ** (1 / steps)."),
    "size_only": ("A gate below 1/2 has a bias below 0.",),
})


def _logit(p):
    return np.log(p / (1 - p))


def _check_bias(answer, steps, share):
    value = answer(steps, share)
    gate = share ** (1 / steps)
    right, name = _logit(gate), f"forget_bias_for({steps}, {share:.3g})"
    others = [share ** (1 / n) for n in (steps - 1, steps + 1) if n]
    expect_close(value, right, name, {
        "one_step": _logit(share), "gate": gate, "divided": _logit(share / steps),
        "sign" if right > 0 else "size_only": -right, "logarithm": (np.log(gate), -np.log(gate)),
        "forward": (sigmoid(np.array(gate)), sigmoid(np.array(share))),
        "no_log": gate / (1 - gate),
        "off_by_one": tuple(map(_logit, others)),
        "power": _logit(max(share**steps, 1e-300)),
    }, rtol=1e-5, atol=1e-7)


@forget_bias_for.part("random memories")
def _(rng, answer):
    _check_bias(answer, int(rng.integers(5, 9)), rng.uniform(0.3, 0.7))
    _check_bias(answer, int(rng.integers(50, 200)), rng.uniform(0.05, 0.9))
    _check_bias(answer, 1, rng.uniform(0.1, 0.3))                           # a gate below 1/2
    _check_bias(answer, 2, rng.uniform(1e-6, 1e-4))
    _check_bias(answer, int(rng.integers(2000, 9000)), rng.uniform(0.97, 0.99))
    _check_bias(answer, 1, rng.uniform(0.7, 0.95))


seal(__name__)
