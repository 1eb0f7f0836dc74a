"""Checks of lesson 06: a GRU step in both forms, parameter counts, coupled gates."""

import numpy as np

from ..activations import sigmoid
from ..cells import gru_step as right_gru_step
from .engine import Exercise, seal
from .expect import expect, expect_close, expect_number, expect_tuple

BATCH, FEATURES, UNITS = 3, 4, 5
LOOSE = {"rtol": 1e-4, "atol": 1e-5}
AXES = "(batch, units)"


def _case(rng, biases):
    """Return x_t, h_prev, W, U, b: all random, biases far from zero."""
    shape = (3 * UNITS,) if biases == 1 else (2, 3 * UNITS)
    return (rng.normal(size=(BATCH, FEATURES)), rng.uniform(-0.9, 0.9, (BATCH, UNITS)),
            rng.normal(scale=0.7, size=(FEATURES, 3 * UNITS)),
            rng.normal(scale=0.8, size=(UNITS, 3 * UNITS)),
            rng.uniform(0.4, 0.9, shape) * rng.choice([-1, 1], shape))


def _blocks(array):
    return np.split(array, 3, axis=-1)


# --- reset before -----------------------------------------------------------------------------

gru_step = Exercise("gru_step", hints={
    "update_swapped": ("Which of the two does z_t keep, the old state or the candidate?",
                       "h_t = z_t * h_prev + (1 - z_t) * g_t."),
    "gates_swapped": ("Keras' first block is the update gate, the second the reset gate.",
                      "z from block 0, r from block 1, the candidate from block 2."),
    "reset_after": ("Your reset gate acts after the product with U_h; here it acts before.",
                    "(r_t * h_prev) @ U_h."),
    "no_reset": ("Your candidate sees all of the past.", "Multiply h_prev by r_t in it."),
    "order_zhr": ("Your last two blocks are exchanged.",
                  "Keras' order is z, r, h: the candidate's block is the last."),
    "no_bias": ("Three sums, each with a bias.", "Add the blocks of b."),
    "candidate_bias": ("Both gates have their bias; the candidate has none.",
                       "Add the last block of b inside the tanh."),
    "sigmoid_candidate": ("The candidate may be negative.", "g_t uses tanh."),
    "reset_everywhere": ("The reset gate belongs to the candidate only.",
                         "The mix in the last line takes h_prev as it is."),
    "candidate_only": ("You return the candidate.", "Mix it with h_prev by z_t."),
})


def _variants_before(x, h, W, U, b):
    (Wz, Wr, Wh), (Uz, Ur, Uh), (bz, br, bh) = _blocks(W), _blocks(U), _blocks(b)
    z, r = sigmoid(x @ Wz + h @ Uz + bz), sigmoid(x @ Wr + h @ Ur + br)
    g = np.tanh(x @ Wh + (r * h) @ Uh + bh)
    g_swapped = np.tanh(x @ Wh + (z * h) @ Uh + bh)
    g_after, g_all = np.tanh(x @ Wh + r * (h @ Uh) + bh), np.tanh(x @ Wh + h @ Uh + bh)
    mix = lambda z, g, h=h: z * h + (1 - z) * g
    zb, rb = sigmoid(x @ Wz + h @ Uz), sigmoid(x @ Wr + h @ Ur)
    r_last = sigmoid(x @ Wh + h @ Uh + bh)
    return {
        "update_swapped": mix(1 - z, g), "gates_swapped": mix(r, g_swapped),
        "reset_after": mix(z, g_after), "no_reset": mix(z, g_all),
        "order_zhr": mix(z, np.tanh(x @ Wr + (r_last * h) @ Ur + br)),
        "candidate_bias": mix(z, np.tanh(x @ Wh + (r * h) @ Uh)),
        "no_bias": mix(zb, np.tanh(x @ Wh + (rb * h) @ Uh)),
        "sigmoid_candidate": mix(z, sigmoid(x @ Wh + (r * h) @ Uh + bh)),
        "reset_everywhere": mix(z, g, r * h), "candidate_only": g,
    }


@gru_step.part("h_t")
def _(rng, step):
    case = _case(rng, 1)
    expect_close(step(*case), right_gru_step(*case, reset_after=False), "h_t", axes=AXES,
                 mistakes=_variants_before(*case), **LOOSE)


# --- reset after ------------------------------------------------------------------------------

gru_step_reset_after = Exercise("gru_step_reset_after", hints={
    "one_bias": ("b has two rows; you use the first only.",
                 "b[1] belongs to the recurrent product h_prev @ U."),
    "bias_outside": ("Both biases are there, but in the candidate the second stands outside.",
                     "r_t * (h_prev @ U_h + b'_h): the reset gate multiplies the bias too."),
    "gate_bias": ("The candidate has both biases; the gates have the first only.",
                  "Add b[1] to all three blocks of h_prev @ U."),
    "reset_before": ("Your reset gate acts before the product.",
                     "r_t multiplies the result of h_prev @ U_h + b'_h."),
    "reset_before_bias": ("The reset gate meets b'_h rightly, and h_prev too early.",
                          "First h_prev @ U_h + b'_h, then r_t times all of it."),
    "update_swapped": ("Which of the two does z_t keep?",
                       "h_t = z_t * h_prev + (1 - z_t) * g_t."),
    "gates_swapped": ("Keras' first block is the update gate, the second the reset gate.",),
    "biases_swapped": ("Which row of b belongs to which product?",
                       "Row 0 to x_t @ W, row 1 to h_prev @ U."),
    "reset_input": ("The reset gate silences the past, not the input.",
                    "x_t W_h and its bias stay outside of the bracket."),
})


@gru_step_reset_after.part("h_t")
def _(rng, step):
    x, h, W, U, b = case = _case(rng, 2)
    a, s = _blocks(x @ W + b[0]), _blocks(h @ U + b[1])
    z, r = sigmoid(a[0] + s[0]), sigmoid(a[1] + s[1])
    mix = lambda z, g: z * h + (1 - z) * g
    Uh, b_rec = _blocks(U)[2], _blocks(b[1])[2]
    s1 = _blocks(h @ U)
    z1, r1 = sigmoid(a[0] + s1[0]), sigmoid(a[1] + s1[1])
    g = np.tanh(a[2] + r * s[2])
    expect_close(step(*case), right_gru_step(*case), "h_t", axes=AXES, mistakes={
        "one_bias": mix(z1, np.tanh(a[2] + r1 * s1[2])),
        "bias_outside": mix(z, np.tanh(a[2] + r * (h @ Uh) + b_rec)),
        "gate_bias": mix(z1, np.tanh(a[2] + r1 * s[2])),
        "reset_before": mix(z, np.tanh(a[2] + (r * h) @ Uh + b_rec)),
        "reset_before_bias": mix(z, np.tanh(a[2] + (r * h) @ Uh + r * b_rec)),
        "update_swapped": mix(1 - z, g),
        "gates_swapped": mix(r, np.tanh(a[2] + z * s[2])),
        "biases_swapped": right_gru_step(x, h, W, U, b[::-1]),
        "reset_input": mix(z, np.tanh(r * (a[2] + s[2]))),
    }, **LOOSE)


# --- parameters -------------------------------------------------------------------------------

count_parameters = Exercise("count_parameters", hints={
    "no_bias": ("Both matrices are counted; the biases are missing.",
                "Each block has one bias per unit: + 1 in the bracket."),
    "one_bias": ("All right but the GRU: its default form has two biases per block.",
                 "features + units + 2 for layer 'GRU'."),
    "two_biases_everywhere": ("Only the default form of the GRU has a second bias.",
                              "'GRU reset before' has one per block."),
    "one_more_bias": ("Your second bias belongs to one block only.",
                      "Each of the three blocks has two: features + units + 2."),
    "no_recurrent": ("Only W is counted.", "Each block has a (units, units) piece of U too."),
    "blocks": ("How many blocks? SimpleRNN one, GRU three, LSTM four.",),
    "lstm_three": ("An LSTM has four blocks: i, f, g, o.",),
    "gru_two": ("A GRU has two gates, and one more block.", "Three blocks: z, r, candidate."),
})


@count_parameters.part("SimpleRNN and LSTM")
def _(rng, count):
    for layer, blocks in (("SimpleRNN", 1), ("LSTM", 4)):
        m, n = int(rng.integers(2, 9)), int(rng.integers(30, 60))
        value = expect_number(count(layer, m, n), f"{layer}, {m} features, {n} units", whole=True)
        expect_close(value, blocks * n * (m + n + 1), f"{layer}, {m} features, {n} units",
                     whole=True, mistakes={
            "no_bias": blocks * n * (m + n), "two_biases_everywhere": blocks * n * (m + n + 2),
            "no_recurrent": blocks * n * (m + 1), "lstm_three": (blocks - 1) * n * (m + n + 1),
            "blocks": n * (m + n + 1),
        })


@count_parameters.part("both forms of the GRU")
def _(rng, count):
    for layer, biases in (("GRU", 2), ("GRU reset before", 1)):
        m, n = int(rng.integers(2, 9)), int(rng.integers(30, 60))
        value = expect_number(count(layer, m, n), f"{layer}, {m} features, {n} units", whole=True)
        mistakes = {"no_bias": 3 * n * (m + n), "blocks": n * (m + n + biases),
                    "no_recurrent": 3 * n * (m + biases), "gru_two": 2 * n * (m + n + biases)}
        if biases == 2:
            mistakes["one_bias"] = 3 * n * (m + n + 1)
            mistakes["one_more_bias"] = 3 * n * (m + n + 1) + n
        else:
            mistakes["two_biases_everywhere"] = 3 * n * (m + n + 2)
        expect_close(value, 3 * n * (m + n + biases), f"{layer}, {m} features, {n} units",
                     whole=True, mistakes=mistakes)


# --- coupled gates ----------------------------------------------------------------------------

coupled_state = Exercise("coupled_state", hints={
    "wrong_way": ("What is written and what is forgotten go together: as much as i_t is written.",
                  "f_t = 1 - i_t multiplies c_prev, i_t multiplies the candidate."),
    "same_gate": ("You keep and write by the same gate.", "Keep by 1 - i_t."),
    "no_forget": ("Nothing is taken off the belt.", "Multiply c_prev by 1 - i_t."),
    "raw_gate": ("1 - z_i is not a gate: the sigmoid comes first.",
                 "i_t = sigmoid(z_i); f_t = 1 - i_t."),
    "raw_both": ("z_i is a pre-activation, not a gate.", "i_t = sigmoid(z_i), then 1 - i_t."),
    "sigmoid_of_rest": ("sigmoid(1 - z_i) is not 1 - sigmoid(z_i).",
                        "First i_t = sigmoid(z_i), then 1 - i_t."),
    "no_output_tanh": ("c_t is right; h_t leaves out the tanh.", "o_t * np.tanh(c_t)."),
    "old_state": ("c_t is right; h_t shows the state before the step.", "o_t * np.tanh(c_t)."),
    "candidate_raw": ("The candidate passes tanh before it is written.", "np.tanh(z_g)."),
    "swapped": ("Both are right, in the other order.", "Return h_t, c_t."),
    "wrong_count": ("The next step needs both.", "return h_t, c_t"),
})


@coupled_state.part("c_t")
def _(rng, answer):
    c, z_i, z_g, z_o = rng.normal(scale=1.3, size=(4, BATCH, UNITS))
    h_t, c_t = expect_tuple(answer(c, z_i, z_g, z_o), ("h_t", "c_t"))
    i, o, g = sigmoid(z_i), sigmoid(z_o), np.tanh(z_g)
    right = (1 - i) * c + i * g
    expect(not (np.shape(h_t) == right.shape and np.allclose(h_t, right, **LOOSE)
                and np.allclose(c_t, o * np.tanh(right), **LOOSE)), "c_t holds h_t.", "swapped")
    expect_close(c_t, right, "c_t", axes=AXES, mistakes={
        "wrong_way": i * c + (1 - i) * g, "same_gate": i * c + i * g, "no_forget": c + i * g,
        "raw_gate": (1 - z_i) * c + i * g, "candidate_raw": (1 - i) * c + i * z_g,
        "raw_both": (1 - z_i) * c + z_i * g, "sigmoid_of_rest": sigmoid(1 - z_i) * c + i * g,
    }, **LOOSE)


@coupled_state.part("h_t")
def _(rng, answer):
    c, z_i, z_g, z_o = rng.normal(scale=1.3, size=(4, BATCH, UNITS))
    h_t, c_t = expect_tuple(answer(c, z_i, z_g, z_o), ("h_t", "c_t"))
    i, o, g = sigmoid(z_i), sigmoid(z_o), np.tanh(z_g)
    right = (1 - i) * c + i * g
    expect(not (np.shape(h_t) == right.shape and np.allclose(h_t, right, **LOOSE)
                and np.allclose(c_t, o * np.tanh(right), **LOOSE)), "h_t holds c_t.", "swapped")
    state = np.asarray(c_t, float) if np.shape(c_t) == right.shape else right
    expect_close(h_t, o * np.tanh(state), "h_t", axes=AXES,
                 mistakes={"no_output_tanh": o * state, "old_state": o * np.tanh(c)}, **LOOSE)


seal(__name__)
