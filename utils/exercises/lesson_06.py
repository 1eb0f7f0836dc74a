"""Checks of lesson 06: a GRU step in both forms, parameter counts, coupled gates."""

import numpy as np

from ..by_hand.activations import sigmoid
from .engine import Exercise, seal
from .expect import equals, expect_close, expect_number, expect_tuple
from .lesson_05 import own_state

LOOSE = {"rtol": 1e-4, "atol": 1e-5}
AXES = "(batch, units)"
SIZES = [(3, 4, 5), (1, 2, 3), (6, 3, 2), (5, 1, 4), (4, 6, 1)]         # batch, features, units

# --- any GRU ----------------------------------------------------------------------------------

# the slips that are the same in both forms of a GRU; each exercise adds its own
GRU_HINTS = {
    "update_swapped": ("Which of the two does z_t keep, the old state or the candidate?",
                       "h_t = z_t * h_prev + (1 - z_t) * g_t."),
    "gates_swapped": ("Keras' first block is the update gate, the second the reset gate.",
                      "z from block 0, r from block 1, the candidate from block 2."),
    "order_zhr": ("Your last two blocks are exchanged.",
                  "Keras' order is z, r, h: the candidate's block is the last."),
    "order": ("The blocks are in another order: which is the candidate's?",
              "Keras' order is z, r, h: the candidate's block is the last."),
    "no_reset": ("Your candidate sees all of the past.", "Where does r_t stand?"),
    "no_bias": ("Three sums, each with a bias.", "Add the blocks of b."),
    "sigmoid_candidate": ("The candidate may be negative.", "g_t uses tanh."),
    "no_tanh": ("The candidate is a sum of yours; it passes tanh.", "g_t = np.tanh(...)."),
    "tanh_gates": ("A gate lies between 0 and 1; yours can be negative.",
                   "z_t and r_t use the sigmoid; only g_t uses tanh."),
    "squashed_first": ("One function too many: the candidate's block passes tanh only.",
                       "Split first; then the sigmoid for z and r, tanh for the candidate."),
    "reset_by_update": ("Which gate decides what the candidate sees of the past?",
                        "r_t, the second block; z_t stands in the last line only."),
    "mixed_by_reset": ("Which gate mixes the old state with the candidate?",
                       "z_t in the last line; r_t belongs to the candidate."),
    "reset_inverted": ("Where r_t is 1 the past is seen, where it is 0 it is not.",
                       "Multiply by r_t, not by 1 - r_t."),
    "reset_everywhere": ("The reset gate belongs to the candidate only.",
                         "The mix in the last line takes h_prev as it is."),
    "no_complement": ("As much as z_t keeps, so little is written.",
                      "Multiply the candidate by 1 - z_t."),
    "candidate_only": ("You return the candidate.", "Mix it with h_prev by z_t."),
    "input_only": ("The gates see the old state, too.", "Add h_prev @ U to x_t @ W."),
    "not_an_array": ("Return h_t alone, one array.",),
    "wrong_shape": ("h_t has the shape of h_prev, (batch, units).",),
}


def _blocks(array):
    return np.split(array, 3, axis=-1)


def _gru(x, h, W, U, b, past, order="zrh", gate=sigmoid, candidate=np.tanh,
         mix=lambda z, r, g, h: z * h + (1 - z) * g):
    """Return the next state; past(h, r, z, U_h, b_h) is what the candidate sees of h.

    Args:
        b: (2, 3 * units), input bias and recurrent bias.
        order: the blocks as a learner takes them.
    """
    at = [order.index(name) for name in "zrh"]
    a, s = _blocks(x @ W + b[0]), _blocks(h @ U + b[1])
    z, r = (gate(a[k] + s[k]) for k in at[:2])
    seen = past(h, r, z, _blocks(U)[at[2]], _blocks(b[1])[at[2]])
    return mix(z, r, candidate(a[at[2]] + seen), h)


def _gru_mistakes(case, past):
    """Return {mistake: values} of the slips that both forms share."""

    def gru(**how):
        return _gru(*case, **{"past": past, **how})

    def reset_by(gate):
        """Return `past` where the reset gate is what `gate` makes of r and z."""
        return lambda h, r, z, U_h, b_h: past(h, gate(r, z), z, U_h, b_h)

    x, h, W, U, b = case
    all_of_it = reset_by(lambda r, z: np.ones_like(r))
    gate_blocks = np.arange(U.shape[1]) < 2 * len(U)
    return {
        "update_swapped": gru(mix=lambda z, r, g, h: (1 - z) * h + z * g),
        "gates_swapped": gru(order="rzh"),
        "order_zhr": gru(order="zhr"),
        "order": tuple(gru(order=order) for order in ("hzr", "hrz", "rhz")),
        "no_reset": gru(past=all_of_it),
        "no_bias": _gru(x, h, W, U, 0 * b, past),
        "sigmoid_candidate": gru(candidate=sigmoid),
        "no_tanh": gru(candidate=lambda v: v),
        "tanh_gates": gru(gate=np.tanh),
        "squashed_first": (gru(candidate=sigmoid, past=all_of_it),
                           gru(candidate=lambda v: np.tanh(sigmoid(v)), past=all_of_it),
                           gru(candidate=lambda v: np.tanh(sigmoid(v))),
                           gru(candidate=lambda v: np.tanh(np.tanh(v)))),
        "reset_by_update": gru(past=reset_by(lambda r, z: z)),
        "mixed_by_reset": gru(mix=lambda z, r, g, h: r * h + (1 - r) * g),
        "reset_inverted": gru(past=reset_by(lambda r, z: 1 - r)),
        "reset_everywhere": gru(mix=lambda z, r, g, h: z * (r * h) + (1 - z) * g),
        "no_complement": (gru(mix=lambda z, r, g, h: z * h + g),
                          gru(mix=lambda z, r, g, h: h + (1 - z) * g)),
        "candidate_only": gru(mix=lambda z, r, g, h: g),
        "input_only": _gru(x, h, W, np.where(gate_blocks, 0, U), b, past),
    }


def _case(rng, batch, features, units, biases):
    """Return x_t, h_prev, W, U, b: all random, biases far from zero."""
    shape = (3 * units,) if biases == 1 else (2, 3 * units)
    return (rng.normal(size=(batch, features)), rng.uniform(-0.9, 0.9, (batch, units)),
            rng.normal(scale=0.7, size=(features, 3 * units)),
            rng.normal(scale=0.8, size=(units, 3 * units)),
            rng.uniform(0.4, 0.9, shape) * rng.choice([-1, 1], shape))


# --- reset before -----------------------------------------------------------------------------

gru_step = Exercise("gru_step", hints=GRU_HINTS | {
    "reset_after": ("Your reset gate acts after the product with U_h; here it acts before.",
                    "(r_t * h_prev) @ U_h."),
    "candidate_bias": ("Both gates have their bias; the candidate has none.",
                       "Add the last block of b inside the tanh."),
})


def _reset_before(h, r, z, U_h, b_h):
    return (r * h) @ U_h + b_h


def _check_before(step, case):
    h_t = step(*case)
    x, h, W, U, b = case
    both = np.stack([b, 0 * b])                 # Keras' form with two biases, the second 0
    case = x, h, W, U, both
    bare = b * (np.arange(len(b)) < 2 * len(U))
    expect_close(h_t, _gru(*case, _reset_before), "h_t", {
        "reset_after": _gru(*case, lambda h, r, z, U_h, b_h: r * (h @ U_h)),
        "candidate_bias": _gru(x, h, W, U, [bare, 0 * b], _reset_before),
        **_gru_mistakes(case, _reset_before),
    }, AXES, **LOOSE)


@gru_step.part("h_t")
def _(rng, step):
    for sizes in SIZES:
        _check_before(step, _case(rng, *sizes, biases=1))


# --- reset after ------------------------------------------------------------------------------

gru_step_reset_after = Exercise("gru_step_reset_after", hints=GRU_HINTS | {
    "one_bias": ("b has two rows; you use one of them only.",
                 "b[0] belongs to x_t @ W, b[1] to h_prev @ U."),
    "bias_outside": ("Both biases are there, but in the candidate the second stands outside.",
                     "r_t * (h_prev @ U_h + b'_h): the reset gate multiplies the bias too."),
    "gate_bias": ("The candidate has both biases; the gates have the first only.",
                  "Add b[1] to all three blocks of h_prev @ U."),
    "candidate_bias": ("The gates have both biases; the candidate has the first only.",
                       "Add b[1] to all three blocks of h_prev @ U."),
    "reset_before": ("Your reset gate acts before the product.",
                     "r_t multiplies the result of h_prev @ U_h + b'_h."),
    "reset_before_bias": ("The reset gate meets b'_h rightly, and h_prev too early.",
                          "First h_prev @ U_h + b'_h, then r_t times all of it."),
    "biases_swapped": ("Which row of b belongs to which product?",
                       "Row 0 to x_t @ W, row 1 to h_prev @ U."),
    "reset_input": ("The reset gate silences the past, not the input.",
                    "x_t W_h and its bias stay outside of the bracket."),
    "input_bias_inside": ("The input's bias is silenced by the reset gate as well.",
                          "Inside the bracket stands b'_h, b[1], only; b_h stays outside."),
})


def _reset_after(h, r, z, U_h, b_h):
    return r * (h @ U_h + b_h)


def _check_after(step, case):
    h_t = step(*case)
    x, h, W, U, b = case
    a_h, input_bias = _blocks(x @ W + b[0])[2], _blocks(b[0])[2]
    first, only_gates = [b[0], 0 * b[1]], np.arange(U.shape[1]) < 2 * len(U)

    def gru(past=_reset_after, b=b):
        return _gru(x, h, W, U, b, past)

    expect_close(h_t, gru(), "h_t", {
        "one_bias": (gru(b=first), gru(b=[0 * b[0], b[1]]), gru(b=b[[0, 0]]), gru(b=b[[1, 1]])),
        "bias_outside": gru(lambda h, r, z, U_h, b_h: r * (h @ U_h) + b_h),
        "gate_bias": gru(b=[b[0], np.where(only_gates, 0, b[1])]),
        "candidate_bias": gru(b=[b[0], np.where(only_gates, b[1], 0)]),
        "reset_before": (gru(_reset_before), _gru(x, h, W, U, first, _reset_before)),
        "reset_before_bias": gru(lambda h, r, z, U_h, b_h: (r * h) @ U_h + r * b_h),
        "biases_swapped": gru(b=b[::-1]),
        "reset_input": gru(lambda h, r, z, U_h, b_h: r * (a_h + h @ U_h + b_h) - a_h),
        "input_bias_inside": gru(
            lambda h, r, z, U_h, b_h: r * (h @ U_h + b_h + input_bias) - input_bias),
        **_gru_mistakes(case, _reset_after),
    }, AXES, **LOOSE)


@gru_step_reset_after.part("h_t")
def _(rng, step):
    for sizes in SIZES:
        _check_after(step, _case(rng, *sizes, biases=2))


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
    "no_kernel": ("Only U is counted.", "Each block has a (features, units) piece of W too."),
    "bias_once": ("The biases of one block only are counted.",
                  "Each block has biases of its own: they stand inside the bracket."),
    "sizes_swapped": ("Which of the two sizes has the square? U is (units, units).",
                      "blocks * units * (features + units + biases)."),
    "blocks": ("How many blocks? SimpleRNN one, GRU three, LSTM four.",),
    "lstm_three": ("An LSTM has four blocks: i, f, g, o.",),
    "gru_two": ("A GRU has two gates, and one more block.", "Three blocks: z, r, candidate."),
})


def _counts(blocks, biases, m, n):
    """Return the number of parameters and {mistake: values that it gives}."""
    mistakes = {
        "no_bias": blocks * n * (m + n),
        "no_recurrent": (blocks * n * (m + biases), blocks * n * m),
        "no_kernel": (blocks * n * (n + biases), blocks * n * n),
        "bias_once": (blocks * n * (m + n) + n, blocks * n * (m + n) + biases * n,
                      blocks * n * (m + n) + biases, blocks * n * (m + n) + 1),
        "sizes_swapped": blocks * m * (m + n + biases),
        "blocks": n * (m + n + biases),
    }
    if biases == 2:
        mistakes |= {"one_bias": blocks * n * (m + n + 1),
                     "one_more_bias": blocks * n * (m + n + 1) + n}
    else:
        mistakes["two_biases_everywhere"] = blocks * n * (m + n + 2)
    if blocks > 1:
        mistakes["lstm_three" if blocks == 4 else "gru_two"] = (blocks - 1) * n * (m + n + biases)
    return blocks * n * (m + n + biases), mistakes


def _check_counts(rng, count, layers):
    large, small = int(rng.integers(30, 60)), int(rng.integers(3, 9))
    for m, n in [(small, large), (large, small), (12, 12), (1, 1)]:
        for layer, blocks, biases in layers:
            name = f"{layer}, {m} features, {n} units"
            value = expect_number(count(layer, m, n), name, integers=True)
            right, mistakes = _counts(blocks, biases, m, n)
            expect_close(value, right, name, mistakes, whole=True, rtol=1e-9)


@count_parameters.part("SimpleRNN and LSTM")
def _(rng, count):
    _check_counts(rng, count, [("LSTM", 4, 1), ("SimpleRNN", 1, 1)])


@count_parameters.part("both forms of the GRU")
def _(rng, count):
    _check_counts(rng, count, [("GRU", 3, 2), ("GRU reset before", 3, 1)])


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
    "no_input": ("The candidate is written in full.", "Multiply it by i_t."),
    "no_candidate": ("i_t says how much is written; what is written is tanh(z_g).",),
    "sigmoid_candidate": ("What is written may be negative: the candidate passes tanh.",),
    "tanh_gate": ("A gate lies between 0 and 1: i_t and o_t use the sigmoid.",),
    "other_gate": ("i_t and 1 - i_t are the only gates of c_t; o_t is for h_t.",),
    "tanh_in_state": ("The cell state itself is not pressed through anything.",
                      "tanh belongs to h_t and to the candidate."),
    "no_output_gate": ("c_t is right; h_t shows all of it.", "sigmoid(z_o) * np.tanh(c_t)."),
    "raw_output_gate": ("z_o is a pre-activation: the sigmoid makes it a gate.",
                        "o_t = sigmoid(z_o)."),
    "gate_inside": ("The output gate is applied after tanh.", "o_t * np.tanh(c_t)."),
    "swapped": ("Both are right, in the other order.", "Return h_t, c_t."),
    "wrong_count": ("The next step needs both.", "return h_t, c_t"),
})


STATES = [(3, 5, 1.3), (1, 4, 1.0), (6, 2, 2.0), (2, 7, 12.0), (5, 1, 1.0)]  # batch, units, size


def _coupled_case(rng, batch, units, size):
    return tuple(size * rng.normal(size=(4, batch, units)))


def _check_cell_state(answer, case):
    h_t, c_t = expect_tuple(answer(*case), ("h_t", "c_t"))
    c, z_i, z_g, z_o = case
    i, o, g = sigmoid(z_i), sigmoid(z_o), np.tanh(z_g)
    right = (1 - i) * c + i * g
    shown = o * np.tanh(right)
    expect_close(c_t, right, "c_t", {
        "swapped": shown if equals(h_t, right, **LOOSE) else (),
        "wrong_way": i * c + (1 - i) * g, "same_gate": (i * c + i * g, (1 - i) * (c + g)),
        "no_forget": c + i * g, "no_input": (1 - i) * c + g, "no_candidate": (1 - i) * c + i,
        "raw_gate": (1 - z_i) * c + i * g, "candidate_raw": (1 - i) * c + i * z_g,
        "raw_both": (1 - z_i) * c + z_i * g, "sigmoid_of_rest": sigmoid(1 - z_i) * c + i * g,
        "sigmoid_candidate": (1 - i) * c + i * sigmoid(z_g),
        "tanh_gate": (1 - np.tanh(z_i)) * c + np.tanh(z_i) * g,
        "other_gate": ((1 - o) * c + i * g, o * c + i * g, (1 - o) * c + o * g),
        "tanh_in_state": (np.tanh(right), shown, (1 - i) * np.tanh(c) + i * g),
    }, AXES, **LOOSE)


def _check_output(answer, case):
    h_t, c_t = expect_tuple(answer(*case), ("h_t", "c_t"))
    c, z_i, z_g, z_o = case
    i, o = sigmoid(z_i), sigmoid(z_o)
    right = (1 - i) * c + i * np.tanh(z_g)
    state = own_state(c_t, right)
    expect_close(h_t, o * np.tanh(state), "h_t", {
        "swapped": right if equals(c_t, o * np.tanh(right), **LOOSE) else (),
        "no_output_tanh": o * state, "old_state": o * np.tanh(c),
        "no_output_gate": np.tanh(state), "raw_output_gate": z_o * np.tanh(state),
        "gate_inside": np.tanh(o * state), "tanh_gate": np.tanh(z_o) * np.tanh(state),
        "other_gate": (i * np.tanh(state), (1 - i) * np.tanh(state)),
    }, AXES, **LOOSE)


@coupled_state.part("c_t")
def _(rng, answer):
    for sizes in STATES:
        _check_cell_state(answer, _coupled_case(rng, *sizes))


@coupled_state.part("h_t")
def _(rng, answer):
    for sizes in STATES:
        _check_output(answer, _coupled_case(rng, *sizes))


seal(__name__)
