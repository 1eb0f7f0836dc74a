"""Checks of lesson 05: the gates of an LSTM, its state, its step backward, its forget bias."""

import numpy as np

from ..activations import sigmoid
from .engine import Exercise, seal
from .expect import expect, expect_close, expect_number, expect_tuple

BATCH, FEATURES, UNITS = 4, 3, 5         # 4: even a split along the batch goes through
LOOSE = {"rtol": 1e-4, "atol": 1e-5}
AXES = "(batch, units)"


def _weights(rng):
    """Return x_t, h_prev, W, U, b: all random, all axes of different size."""
    return (rng.normal(size=(BATCH, FEATURES)), rng.uniform(-0.9, 0.9, (BATCH, UNITS)),
            rng.normal(scale=0.7, size=(FEATURES, 4 * UNITS)),
            rng.normal(scale=0.7, size=(UNITS, 4 * UNITS)),
            rng.uniform(0.3, 0.9, 4 * UNITS) * rng.choice([-1, 1], 4 * UNITS))


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
    "interleaved": ("Which columns belong to which gate? The blocks stand side by side.",
                    "`np.split(z, 4, axis=-1)`; not every fourth column."),
    "split_axis": ("You split the batch; the gates stand side by side in the columns.",
                   "`np.split(z, 4, axis=-1)`: without `axis` NumPy splits along the first."),
})


def _gates_part(position, name):
    @lstm_gates.part(f"{name}_t")
    def _(rng, answer):
        x_t, h_prev, W, U, b = _weights(rng)
        values = expect_tuple(answer(x_t, h_prev, W, U, b), ("i_t", "f_t", "g_t", "o_t"))
        z = x_t @ W + h_prev @ U + b

        def gate(z, k):
            block = z[:, k * UNITS:(k + 1) * UNITS]
            return np.tanh(block) if k == 2 else sigmoid(block)

        block = z[:, position * UNITS:(position + 1) * UNITS]
        mistakes = {
            "no_bias": gate(z - b, position), "no_state": gate(x_t @ W + b, position),
            "no_function": block,
            ("sigmoid_candidate" if position == 2 else "tanh_gate"):
                sigmoid(block) if position == 2 else np.tanh(block),
            "interleaved": (np.tanh if position == 2 else sigmoid)(z[:, position::4]),
            "split_axis": (np.tanh if position == 2 else sigmoid)(z[position:position + 1]),
        }
        value = values[position]
        others = [k for k in range(4) if k != position]
        shape = np.shape(value) == (BATCH, UNITS)
        moved = shape and any(np.allclose(value, gate(z, k), **LOOSE) for k in others)
        swapped = shape and any(
            np.allclose(value, (np.tanh if position == 2 else sigmoid)(
                z[:, k * UNITS:(k + 1) * UNITS]), **LOOSE) for k in others)
        expect(not (moved or swapped), f"{name}_t holds another gate's values.", "order_of_gates")
        expect_close(value, gate(z, position), f"{name}_t", axes=AXES, mistakes=mistakes, **LOOSE)


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
})


def _state_case(rng):
    i, f, o = rng.uniform(0.1, 0.9, (3, BATCH, UNITS))
    return rng.normal(scale=1.5, size=(BATCH, UNITS)), i, f, rng.uniform(-1, 1, i.shape), o


@lstm_state.part("c_t")
def _(rng, answer):
    c, i, f, g, o = _state_case(rng)
    h_t, c_t = expect_tuple(answer(c, i, f, g, o), ("h_t", "c_t"))
    right = f * c + i * g
    swapped = np.shape(h_t) == right.shape and np.allclose(h_t, right, **LOOSE) \
        and np.shape(c_t) == right.shape and np.allclose(c_t, o * np.tanh(right), **LOOSE)
    expect(not swapped, "c_t holds h_t.", "swapped")
    expect_close(c_t, right, "c_t", axes=AXES, mistakes={
        "gates_swapped": i * c + f * g, "no_forget": c + i * g, "no_input": f * c + g,
        "tanh_in_state": np.tanh(right),
    }, **LOOSE)


@lstm_state.part("h_t")
def _(rng, answer):
    c, i, f, g, o = _state_case(rng)
    h_t, c_t = expect_tuple(answer(c, i, f, g, o), ("h_t", "c_t"))
    right = f * c + i * g
    flipped = np.shape(h_t) == right.shape and np.allclose(h_t, right, **LOOSE) \
        and np.shape(c_t) == right.shape and np.allclose(c_t, o * np.tanh(right), **LOOSE)
    expect(not flipped, "h_t holds c_t.", "swapped")
    # an error in c_t is the other part's: judge h_t by the learner's own c_t
    state = np.asarray(c_t, float) if np.shape(c_t) == right.shape else right
    expect_close(h_t, o * np.tanh(state), "h_t", axes=AXES, mistakes={
        "no_tanh": o * state, "no_output": np.tanh(state), "old_cell": o * np.tanh(c),
        "gate_inside": np.tanh(o * state),
        "tanh_in_state": o * state,
    }, **LOOSE)


# --- the step backward ------------------------------------------------------------------------

lstm_step_backward = Exercise("lstm_step_backward", hints={
    "no_output_path": ("c_t matters twice: for the next step and for h_t now.",
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
})


def _backward(dh, dc, c_prev, c_t, i, f, g, o):
    tanh_c = np.tanh(c_t)
    dc = dc + dh * o * (1 - tanh_c**2)
    gates = dc * g, dc * c_prev, dc * i, dh * tanh_c
    slopes = i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o)
    return gates, slopes, dc


def _backward_case(rng):
    c_prev, i, f, g, o = _state_case(rng)
    dh, dc = rng.normal(size=(2, BATCH, UNITS))
    return dh, dc, c_prev, f * c_prev + i * g, i, f, g, o


def _joined(gates, slopes):
    return np.concatenate([a * b for a, b in zip(gates, slopes, strict=True)], axis=-1)


@lstm_step_backward.part("dz", points=2)
def _(rng, answer):
    case = dh, dc, c_prev, c_t, i, f, g, o = _backward_case(rng)
    dz, _ = expect_tuple(answer(*case), ("dz", "dc_prev"))
    gates, slopes, _ = _backward(*case)
    missing, _, _ = _backward(0 * dh, dc, c_prev, c_t, i, f, g, o)
    right = _joined(gates, slopes)
    apart = (isinstance(dz, (tuple, list)) and len(dz) == 4) or getattr(dz, "ndim", 0) == 3
    expect(not apart, "dz is to be one array (batch, 4 * units).", "not_joined")

    def with_dc(by_output):
        """Return dz where this, times dh, is what h_t adds to dc."""
        dc_t = dc + dh * by_output
        return _joined((dc_t * g, dc_t * c_prev, dc_t * i, gates[3]), slopes)

    twice = [(1 - sigmoid(a)) * sigmoid(a) for a in (i, f, o)]
    blocks = dict(zip("ifgo", np.split(right, 4, axis=-1), strict=True))
    orders = [np.concatenate([blocks[k] for k in order], axis=-1)
              for order in ("ifog", "figo", "iogf", "figo"[::-1], "gifo", "gfio")]
    if np.shape(dz) == right.shape and any(np.allclose(dz, v, **LOOSE) for v in orders):
        expect(False, "dz holds the right blocks in another order.", "order_of_blocks")
    expect_close(dz, right, "dz", axes="(batch, 4 * units)", mistakes={
        "no_output_path": _joined((*missing[:3], gates[3]), slopes),
        "no_tanh_slope": with_dc(o), "slope_of_c": with_dc(o * (1 - c_t**2)),
        "no_output_gate": with_dc(1 - np.tanh(c_t) ** 2),
        "no_slopes": np.concatenate(gates, axis=-1),
        "sigmoid_slope_of_g": _joined(gates, (slopes[0], slopes[1], g * (1 - g), slopes[3])),
        "c_t_in_forget": _joined((gates[0], gates[1] / c_prev * c_t, *gates[2:]), slopes),
        "o_from_c": _joined((*gates[:3], dh * c_t), slopes),
        "i_and_g_swapped": _joined((gates[2], gates[1], gates[0], gates[3]), slopes),
        "slope_of_value": lambda: _joined(gates, (*twice[:2], slopes[2], twice[2])),
    }, **LOOSE)


@lstm_step_backward.part("dc_prev")
def _(rng, answer):
    case = _backward_case(rng)
    dh, dc, _, c_t, _, f, _, o = case
    _, dc_prev = expect_tuple(answer(*case), ("dz", "dc_prev"))
    *_, total = _backward(*case)
    expect_close(dc_prev, total * f, "dc_prev", axes=AXES, mistakes={
        "no_forget_path": total, "dc_unfinished": dc * f,
        "no_tanh_slope": (dc + dh * o) * f,
        "slope_of_c": (dc + dh * o * (1 - c_t**2)) * f,
        "no_output_gate": (dc + dh * (1 - np.tanh(c_t) ** 2)) * f,
    }, **LOOSE)


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
})


@forget_bias_for.part("random memories")
def _(rng, answer):
    for _ in range(5):
        steps, share = int(rng.integers(3, 200)), float(rng.uniform(0.05, 0.9))
        gate = share ** (1 / steps)
        logit = lambda p: np.log(p / (1 - p))
        name = f"forget_bias_for({steps}, {share:.2f})"
        expect_close(expect_number(answer(steps, share), name), logit(gate), name, mistakes={
            "one_step": logit(share), "gate": gate, "divided": logit(share / steps),
            "sign": -logit(gate), "logarithm": np.log(gate),
        }, rtol=1e-4)


seal(__name__)
