"""Answers to lesson 06 as learners write them."""

import numpy as np


def sig(z):
    return 1 / (1 + np.exp(-z))


def blocks(a, n):
    return a[..., :n], a[..., n:2 * n], a[..., 2 * n:]


# --- gru_step ---------------------------------------------------------------------------------


def gru_with(order="zrh", keep="z", reset="before", bias=True, candidate=np.tanh, mixed="h",
             candidate_bias=True):
    def step(x_t, h_prev, W, U, b):
        n = len(U)
        Ws, Us, bs = (dict(zip(order, blocks(a, n), strict=True)) for a in (W, U, b * bias))
        z = sig(x_t @ Ws["z"] + h_prev @ Us["z"] + bs["z"])
        r = sig(x_t @ Ws["r"] + h_prev @ Us["r"] + bs["r"])
        past = {"before": (r * h_prev) @ Us["h"], "after": r * (h_prev @ Us["h"]),
                "none": h_prev @ Us["h"]}[reset]
        g = candidate(x_t @ Ws["h"] + past + bs["h"] * candidate_bias)
        old = r * h_prev if mixed == "reset" else h_prev
        return {"z": z * old + (1 - z) * g, "1-z": (1 - z) * old + z * g, "g": g}[keep]
    return step


def gru_joined(x_t, h_prev, W, U, b):
    n = h_prev.shape[1]
    gates = 0.5 * (1 + np.tanh((x_t @ W[:, :2 * n] + h_prev @ U[:, :2 * n] + b[:2 * n]) / 2))
    z, r = gates[:, :n], gates[:, n:]
    g = np.tanh(np.concatenate([x_t, r * h_prev], axis=1)
                @ np.concatenate([W[:, 2 * n:], U[:, 2 * n:]]) + b[2 * n:])
    return g + z * (h_prev - g)


# --- gru_step_reset_after ---------------------------------------------------------------------


def after_with(order="zrh", keep="z", second="inside", rows=(0, 1), reset="past"):
    def step(x_t, h_prev, W, U, b):
        n = len(U)
        b_in, b_rec = b[rows[0]], b[rows[1]] * (second != "missing")
        a = dict(zip(order, blocks(x_t @ W + b_in, n), strict=True))
        s = dict(zip(order, blocks(h_prev @ U + b_rec, n), strict=True))
        gates = blocks(b_rec * (second == "candidate"), n)  # taken off again
        z, r = sig(a["z"] + s["z"] - gates[0]), sig(a["r"] + s["r"] - gates[1])
        Uh, bh = U[:, 2 * n:], b_rec[2 * n:]
        past = {"inside": r * s["h"], "missing": r * s["h"], "candidate": r * s["h"],
                "before_too": (r * h_prev) @ Uh + r * bh,
                "outside": r * (h_prev @ Uh) + bh, "before": (r * h_prev) @ Uh + bh}[second]
        g = np.tanh(r * (a["h"] + s["h"])) if reset == "all" else np.tanh(a["h"] + past)
        return z * h_prev + (1 - z) * g if keep == "z" else (1 - z) * h_prev + z * g
    return step


def after_by_summed_bias(x_t, h_prev, W, U, b):
    """The function of the first exercise, given both biases as one."""
    return gru_with()(x_t, h_prev, W, U, b.sum(axis=0))


def after_einsum(x_t, h_prev, W, U, b):
    n = U.shape[0]
    a = np.einsum("bf,fk->bk", x_t, W) + b[0]
    s = np.einsum("bn,nk->bk", h_prev, U) + b[1]
    z, r = sig(a + s)[:, :n], sig(a + s)[:, n:2 * n]
    return (1 - z) * np.tanh(a[:, 2 * n:] + r * s[:, 2 * n:]) + z * h_prev


# --- count_parameters -------------------------------------------------------------------------


def count_by_shapes(layer, features, units):
    k = {"S": 1, "L": 4, "G": 3}[layer[0]]
    kernel, recurrent, bias = features * k * units, units * k * units, k * units
    return kernel + recurrent + bias * (2 if layer == "GRU" else 1)


def count_if(layer, features, units):
    one = units**2 + features * units + units
    if layer == "SimpleRNN":
        return one
    if layer == "LSTM":
        return 4 * one
    return 3 * (one + units) if layer == "GRU" else 3 * one


def count_one_more_bias(layer, features, units):
    return count_by_shapes(layer[0], features, units) + units * (layer == "GRU")


def count_with(bias=1, second=True, recurrent=True, table=None):
    def count(layer, features, units):
        k = (table or {"SimpleRNN": 1, "LSTM": 4, "GRU": 3, "GRU reset before": 3})[layer]
        biases = bias + (second == "all" or (second and layer == "GRU")) * (bias > 0)
        return k * units * (features + units * recurrent + biases)
    return count


# --- coupled_state ----------------------------------------------------------------------------


def coupled_loops(c_prev, z_i, z_g, z_o):
    h, c = np.empty_like(c_prev), np.empty_like(c_prev)
    for k in np.ndindex(c.shape):
        i = 1 / (1 + np.exp(-z_i[k]))
        c[k] = c_prev[k] + i * (np.tanh(z_g[k]) - c_prev[k])
        h[k] = np.tanh(c[k]) / (1 + np.exp(-z_o[k]))
    return h, c


def coupled_negated(c_prev, z_i, z_g, z_o):
    c = sig(-z_i) * c_prev + sig(z_i) * np.tanh(z_g)        # 1 - sigmoid(z) = sigmoid(-z)
    return [sig(z_o) * np.tanh(c), c]


def coupled_with(state):
    def answer(c_prev, z_i, z_g, z_o):
        c = state(c_prev, sig(z_i), np.tanh(z_g), z_i, z_g)
        return sig(z_o) * np.tanh(c), c
    return answer


def coupled_shows_the_old_state(c_prev, z_i, z_g, z_o):
    return sig(z_o) * np.tanh(c_prev), coupled_loops(c_prev, z_i, z_g, z_o)[1]


RIGHT = {
    "gru_step": {"by_blocks": gru_with(), "joined": gru_joined},
    "gru_step_reset_after": {"by_blocks": after_with(), "einsum": after_einsum},
    "count_parameters": {"by_shapes": count_by_shapes, "with_if": count_if},
    "coupled_state": {"loops": coupled_loops, "negated": coupled_negated},
}

WRONG = {
    "gru_step": {
        "update_swapped": (gru_with(keep="1-z"), "update_swapped"),
        "blocks_r_z_h": (gru_with("rzh"), "gates_swapped"),
        "reset_after": (gru_with(reset="after"), "reset_after"),
        "no_reset": (gru_with(reset="none"), "no_reset"),
        "blocks_z_h_r": (gru_with("zhr"), "order_zhr"),
        "no_bias": (gru_with(bias=False), "no_bias"),
        "candidate_without_bias": (gru_with(candidate_bias=False), "candidate_bias"),
        "sigmoid_candidate": (gru_with(candidate=sig), "sigmoid_candidate"),
        "reset_everywhere": (gru_with(mixed="reset"), "reset_everywhere"),
        "candidate_only": (gru_with(keep="g"), "candidate_only"),
        "candidate_first": (gru_with("hzr"), None),
    },
    "gru_step_reset_after": {
        "one_bias": (after_with(second="missing"), "one_bias"),
        "bias_outside": (after_with(second="outside"), "bias_outside"),
        "gates_without_second_bias": (after_with(second="candidate"), "gate_bias"),
        "reset_before": (after_with(second="before"), "reset_before"),
        "reset_before_bias_right": (after_with(second="before_too"), "reset_before_bias"),
        "summed_bias": (after_by_summed_bias, "reset_before"),
        "update_swapped": (after_with(keep="1-z"), "update_swapped"),
        "blocks_r_z_h": (after_with("rzh"), "gates_swapped"),
        "biases_swapped": (after_with(rows=(1, 0)), "biases_swapped"),
        "resets_the_input": (after_with(reset="all"), "reset_input"),
    },
    "count_parameters": {
        "no_bias": (count_with(bias=0), "no_bias"),
        "gru_with_one_bias": (count_with(second=False), "one_bias"),
        "two_biases_for_all": (count_with(second="all"), "two_biases_everywhere"),
        "input_only": (count_with(recurrent=False), "no_recurrent"),
        "one_block_for_all": (count_with(table=dict.fromkeys(
            ("SimpleRNN", "LSTM", "GRU", "GRU reset before"), 1)), "blocks"),
        "three_for_the_lstm": (count_with(table={"SimpleRNN": 1, "LSTM": 3, "GRU": 3,
                                                 "GRU reset before": 3}), "lstm_three"),
        "two_for_the_gru": (count_with(table={"SimpleRNN": 1, "LSTM": 4, "GRU": 2,
                                              "GRU reset before": 2}), "gru_two"),
        "one_more_bias_in_all": (count_one_more_bias, "one_more_bias"),
        "no_return": (lambda layer, m, n: None, "returns_none"),
    },
    "coupled_state": {
        "wrong_way": (coupled_with(lambda c, i, g, zi, zg: i * c + (1 - i) * g), "wrong_way"),
        "same_gate": (coupled_with(lambda c, i, g, zi, zg: i * (c + g)), "same_gate"),
        "never_forgets": (coupled_with(lambda c, i, g, zi, zg: c + i * g), "no_forget"),
        "raw_gate": (coupled_with(lambda c, i, g, zi, zg: (1 - zi) * c + i * g), "raw_gate"),
        "raw_gates": (coupled_with(lambda c, i, g, zi, zg: (1 - zi) * c + zi * g), "raw_both"),
        "sigmoid_of_the_rest": (coupled_with(lambda c, i, g, zi, zg: sig(1 - zi) * c + i * g),
                                "sigmoid_of_rest"),
        "old_state_in_h": (coupled_shows_the_old_state, "old_state"),
        "h_alone": (lambda *a: coupled_loops(*a)[0], "wrong_count"),
        "raw_candidate": (coupled_with(lambda c, i, g, zi, zg: (1 - i) * c + i * zg),
                          "candidate_raw"),
        "no_output_tanh": (lambda c, zi, zg, zo: (sig(zo) * coupled_loops(c, zi, zg, zo)[1],
                                                  coupled_loops(c, zi, zg, zo)[1]),
                           "no_output_tanh"),
        "c_first": (lambda *a: coupled_loops(*a)[::-1], "swapped"),
    },
}
