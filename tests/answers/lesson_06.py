"""Answers to lesson 06 as learners write them."""

import numpy as np
from scipy.special import expit


def sig(z):
    return 1 / (1 + np.exp(-z))


def blocks(a, n):
    return a[..., :n], a[..., n:2 * n], a[..., 2 * n:]


# --- gru_step ---------------------------------------------------------------------------------


def gru_with(order="zrh", keep="z", reset="before", bias=True, candidate=np.tanh, mixed="h",
             candidate_bias=True, gate=sig, state=True, by="r"):
    def step(x_t, h_prev, W, U, b):
        n = len(U)
        Ws, Us, bs = (dict(zip(order, blocks(a, n), strict=True)) for a in (W, U, b * bias))
        z = gate(x_t @ Ws["z"] + state * h_prev @ Us["z"] + bs["z"])
        r = gate(x_t @ Ws["r"] + state * h_prev @ Us["r"] + bs["r"])
        resets = {"r": r, "z": z, "1-r": 1 - r}[by]
        past = {"before": (resets * h_prev) @ Us["h"], "after": resets * (h_prev @ Us["h"]),
                "none": h_prev @ Us["h"]}[reset]
        g = candidate(x_t @ Ws["h"] + past + bs["h"] * candidate_bias)
        old = r * h_prev if mixed == "reset" else h_prev
        return {"z": z * old + (1 - z) * g, "1-z": (1 - z) * old + z * g, "g": g,
                "r": r * old + (1 - r) * g, "sum": z * old + g}[keep]
    return step


def gru_one_sigmoid(x_t, h_prev, W, U, b):
    z, _, g = blocks(sig(x_t @ W + h_prev @ U + b), len(U))
    return z * h_prev + (1 - z) * g


def gru_by_unit(x, h, kernel, recurrent, bias):
    batch, n = h.shape
    out = np.empty((batch, n))
    for row in range(batch):
        gates = expit(x[row] @ kernel[:, :2 * n] + h[row] @ recurrent[:, :2 * n] + bias[:2 * n])
        past = gates[n:] * h[row]
        for u in range(n):
            g = np.tanh(x[row] @ kernel[:, 2 * n + u] + past @ recurrent[:, 2 * n + u]
                        + bias[2 * n + u])
            out[row, u] = gates[u] * h[row, u] + (1 - gates[u]) * g
    return out


def gru_float32(*case):
    return gru_with()(*(a.astype("float32") for a in case))


def gru_reshaped(x_t, h_prev, W, U, b):
    W_z, W_r, W_h = np.moveaxis(W.reshape(len(W), 3, -1), 1, 0)
    U_z, U_r, U_h = np.moveaxis(U.reshape(len(U), 3, -1), 1, 0)
    b_z, b_r, b_h = b.reshape(3, -1)
    update = expit(np.dot(x_t, W_z) + np.dot(h_prev, U_z) + b_z)
    reset = expit(np.dot(x_t, W_r) + np.dot(h_prev, U_r) + b_r)
    new = np.tanh(np.dot(x_t, W_h) + np.dot(np.multiply(reset, h_prev), U_h) + b_h)
    return np.where(True, update * h_prev - update * new + new, 0)


def gru_in_place(x_t, h_prev, W, U, b):
    right = gru_with()(x_t, h_prev, W, U, b)
    h_prev[:] = right
    return h_prev


def gru_of_five(step):
    """The number of units is that of an example."""

    def five(x_t, h_prev, W, U, b):
        if len(U) < 5:
            return step(x_t, h_prev, W, U, b)[:, :1] + np.zeros_like(h_prev)
        return step(x_t, h_prev, W, U, b)

    return five


def gru_joined(x_t, h_prev, W, U, b):
    n = h_prev.shape[1]
    gates = 0.5 * (1 + np.tanh((x_t @ W[:, :2 * n] + h_prev @ U[:, :2 * n] + b[:2 * n]) / 2))
    z, r = gates[:, :n], gates[:, n:]
    g = np.tanh(np.concatenate([x_t, r * h_prev], axis=1)
                @ np.concatenate([W[:, 2 * n:], U[:, 2 * n:]]) + b[2 * n:])
    return g + z * (h_prev - g)


# --- gru_step_reset_after ---------------------------------------------------------------------


def after_with(order="zrh", keep="z", second="inside", rows=(0, 1), reset="past", gate=sig,
               candidate=np.tanh, mixed="h", by="r", state=True, bias=True):
    def step(x_t, h_prev, W, U, b):
        n = len(U)
        b_in, b_rec = b[rows[0]] * bias, b[rows[1]] * (second != "missing") * bias
        a = dict(zip(order, blocks(x_t @ W + b_in, n), strict=True))
        s = dict(zip(order, blocks(h_prev @ U + b_rec, n), strict=True))
        off = blocks(b_rec * (second == "candidate"), n)                # taken off again
        z = gate(a["z"] + state * (s["z"] - off[0]) + (not state) * b_rec[:n])
        r = gate(a["r"] + state * (s["r"] - off[1]) + (not state) * b_rec[n:2 * n])
        Uh, bh, b_h = U[:, 2 * n:], b_rec[2 * n:], b_in[2 * n:]
        r_h = {"r": r, "z": z, "1-r": 1 - r}[by]
        past = {"inside": r_h * s["h"], "missing": r_h * s["h"], "candidate": r_h * s["h"],
                "gates": r_h * (h_prev @ Uh), "none": s["h"],
                "before_too": (r * h_prev) @ Uh + r * bh, "both": r * (s["h"] + b_h) - b_h,
                "outside": r * (h_prev @ Uh) + bh, "before": (r * h_prev) @ Uh + bh}[second]
        inner = r * (a["h"] + s["h"]) if reset == "all" else a["h"] + past
        g = candidate(inner)
        old = r * h_prev if mixed == "reset" else h_prev
        return {"z": z * old + (1 - z) * g, "1-z": (1 - z) * old + z * g, "g": g,
                "r": r * old + (1 - r) * g, "sum": z * old + g}[keep]
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


def after_one_sigmoid(x_t, h_prev, W, U, b):
    z, _, g = blocks(sig(x_t @ W + b[0] + h_prev @ U + b[1]), len(U))
    return z * h_prev + (1 - z) * g


def after_by_unit(x, h, kernel, recurrent, bias):
    n = len(recurrent)
    out = [[0.0] * n for _ in h]
    for row, u in np.ndindex(h.shape):
        a = [x[row] @ kernel[:, u + k * n] + bias[0, u + k * n] for k in range(3)]
        s = [h[row] @ recurrent[:, u + k * n] + bias[1, u + k * n] for k in range(3)]
        z, r = expit(a[0] + s[0]), expit(a[1] + s[1])
        out[row][u] = z * h[row, u] + (1 - z) * np.tanh(a[2] + r * s[2])
    return np.array(out)


def after_float32(*case):
    return after_einsum(*(a.astype(np.float32) for a in case))


def after_with_ones(x_t, h_prev, W, U, b):
    """The biases are rows of the kernels, met by an input of ones."""
    ones = np.ones((len(x_t), 1))
    a = np.hstack([x_t, ones]) @ np.vstack([W, b[:1]])
    s = np.hstack([h_prev, ones]) @ np.vstack([U, b[1:]])
    (a_z, a_r, a_h), (s_z, s_r, s_h) = (np.array_split(v, 3, axis=1) for v in (a, s))
    z = expit(np.add(a_z, s_z))
    return h_prev * z + np.tanh(a_h + s_h * expit(a_r + s_r)) * (1 - z)


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


def count_by_adding(layer, features, units):
    total = 0
    for _ in {"SimpleRNN": "h", "LSTM": "ifgo"}.get(layer, "zrh"):
        total += np.zeros((features, units)).size + np.zeros((units, units)).size
        total += np.zeros(2 * units if layer == "GRU" else units).size
    return total


def count_in_numpy(layer, features, units):
    shapes = np.array([[features, units], [units, units], [1, units]])
    blocks = 1 + 3 * (layer == "LSTM") + 2 * layer.startswith("GRU")
    return np.prod(shapes, axis=1).sum() * blocks + (layer == "GRU") * 3 * units


def count_match(kind, m, n):
    match kind:
        case "SimpleRNN":
            return n * (m + n + 1)
        case "LSTM":
            return 4 * n * (m + n) + 4 * n
        case "GRU":
            return 3 * n * (m + n) + 6 * n
    return 3 * n * (m + n) + 3 * n


def count_bias_once(layer, features, units):
    k = {"S": 1, "L": 4, "G": 3}[layer[0]]
    return k * units * (features + units) + units * (2 if layer == "GRU" else 1)


def count_changed(change):
    """The right count, changed for some sizes."""
    return lambda layer, m, n: change(count_if(layer, m, n), layer, m, n)


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


def coupled_stacked(c_prev, z_i, z_g, z_o):
    i, o = expit(np.stack([z_i, z_o]))
    c = c_prev - i * (c_prev - np.tanh(z_g))
    return np.stack([o * np.tanh(c), c])


def coupled_float32(*case):
    return coupled_loops(*(a.astype("float32") for a in case))


def coupled_where(c, a, b, d):
    """The sigmoid that overflows nowhere."""
    def gate(z):
        e = np.exp(-np.abs(z))
        return np.where(z < 0, e, 1.0) / (1 + e)
    c = (1 - gate(a)) * c + gate(a) * (2 * gate(2 * b) - 1)
    return [gate(d) * np.tanh(c), c]


def coupled_shown(output):
    """The right state, and an output of the learner's own."""

    def answer(c_prev, z_i, z_g, z_o):
        c = coupled_loops(c_prev, z_i, z_g, z_o)[1]
        return output(c, z_i, z_o), c

    return answer


def coupled_in_place(c_prev, z_i, z_g, z_o):
    c_prev += sig(z_i) * (np.tanh(z_g) - c_prev)
    return sig(z_o) * np.tanh(c_prev), c_prev


RIGHT = {
    "gru_step": {"by_blocks": gru_with(), "joined": gru_joined, "by_unit": gru_by_unit,
                 "float32": gru_float32, "reshaped": gru_reshaped},
    "gru_step_reset_after": {"by_blocks": after_with(), "einsum": after_einsum,
                             "by_unit": after_by_unit, "float32": after_float32,
                             "with_ones": after_with_ones},
    "count_parameters": {"by_shapes": count_by_shapes, "with_if": count_if,
                         "by_adding": count_by_adding, "in_numpy": count_in_numpy,
                         "match": count_match},
    "coupled_state": {"loops": coupled_loops, "negated": coupled_negated,
                      "stacked": coupled_stacked, "float32": coupled_float32,
                      "where": coupled_where},
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
        "candidate_first": (gru_with("hzr"), "order"),
        "backwards": (gru_with("hrz"), "order"),
        "all_tanh": (gru_with(gate=np.tanh), "tanh_gates"),
        "one_sigmoid_for_all": (gru_one_sigmoid, "squashed_first"),
        "sigmoid_then_tanh": (gru_with(candidate=lambda v: np.tanh(sig(v)), reset="none"),
                              "squashed_first"),
        "reset_by_z": (gru_with(by="z"), "reset_by_update"),
        "mixed_by_r": (gru_with(keep="r"), "mixed_by_reset"),
        "reset_by_the_rest": (gru_with(by="1-r"), "reset_inverted"),
        "writes_in_full": (gru_with(keep="sum"), "no_complement"),
        "linear_candidate": (gru_with(candidate=lambda v: v), "no_tanh"),
        "gates_of_the_input": (gru_with(state=False), "input_only"),
        "with_the_gate": (lambda *a: (gru_with()(*a), a[1]), "not_an_array"),
        "in_place": (gru_in_place, None),
        "axis_too_many": (lambda *a: gru_with()(*a)[None], "wrong_shape"),
        "bias_twice": (lambda x, h, W, U, b: gru_with()(x, h, W, U, 2 * b), None),
        "five_units": (gru_of_five(gru_with()), None),
        "transposed_kernel": (lambda x, h, W, U, b: gru_with()(x, h, W, np.hstack(
            [u.T for u in blocks(U, len(U))]), b), None),
        "never_negative": (gru_with(candidate=lambda v: np.maximum(np.tanh(v), 0)), None),
        "state_of_ones": (lambda x, h, W, U, b: gru_with()(x, np.sign(h), W, U, b), None),
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
        "input_bias_inside": (after_with(second="both"), "input_bias_inside"),
        "second_bias_in_the_gates_only": (after_with(second="gates"), "candidate_bias"),
        "first_row_twice": (after_with(rows=(0, 0)), "one_bias"),
        "second_row_twice": (after_with(rows=(1, 1)), "one_bias"),
        "second_row_only": (lambda x, h, W, U, b: after_with()(x, h, W, U, np.stack(
            [0 * b[0], b[1]])), "one_bias"),
        "no_bias": (after_with(bias=False), "no_bias"),
        "no_reset": (after_with(second="none"), "no_reset"),
        "blocks_z_h_r": (after_with("zhr"), "order_zhr"),
        "candidate_first": (after_with("hzr"), "order"),
        "sigmoid_candidate": (after_with(candidate=sig), "sigmoid_candidate"),
        "linear_candidate": (after_with(candidate=lambda v: v), "no_tanh"),
        "all_tanh": (after_with(gate=np.tanh), "tanh_gates"),
        "one_sigmoid_for_all": (after_one_sigmoid, "squashed_first"),
        "reset_by_z": (after_with(by="z"), "reset_by_update"),
        "mixed_by_r": (after_with(keep="r"), "mixed_by_reset"),
        "reset_by_the_rest": (after_with(by="1-r"), "reset_inverted"),
        "reset_everywhere": (after_with(mixed="reset"), "reset_everywhere"),
        "writes_in_full": (after_with(keep="sum"), "no_complement"),
        "candidate_only": (after_with(keep="g"), "candidate_only"),
        "gates_of_the_input": (after_with(state=False), "input_only"),
        "sum_of_the_batch": (lambda *a: after_with()(*a).sum(axis=0), "wrong_shape"),
        "with_the_gate": (lambda *a: [after_with()(*a), a[1]], "not_an_array"),
        "five_units": (gru_of_five(after_with()), None),
        "mean_of_biases": (lambda x, h, W, U, b: after_with()(x, h, W, U, np.stack(
            [b.mean(axis=0)] * 2)), None),
        "flat_bias": (lambda x, h, W, U, b: after_with()(x, h, W, U, b.T.reshape(2, -1)), None),
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
        "floats": (lambda layer, m, n: float(count_if(layer, m, n)), "not_integers"),
        "divided": (lambda layer, m, n: 4 * count_if(layer, m, n) / 4, "not_integers"),
        "biases_of_one_block": (count_bias_once, "bias_once"),
        "recurrent_only": (lambda layer, m, n: count_if(layer, 0, n), "no_kernel"),
        "sizes_swapped": (lambda layer, m, n: count_if(layer, n, m), "sizes_swapped"),
        "text": (lambda layer, m, n: f"{count_if(layer, m, n):,}", "not_a_number"),
        "parts": (lambda layer, m, n: (m * n, n * n, n), "not_a_number"),
        "units_above_features": (count_changed(
            lambda total, layer, m, n: total if n > m else total - 1), None),
        "one_feature_free": (count_changed(
            lambda total, layer, m, n: total if m > 1 else 0), None),
        "both_grus_alike": (lambda layer, m, n: count_if(layer.split()[0], m, n),
                            "two_biases_everywhere"),
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
        "writes_in_full": (coupled_with(lambda c, i, g, zi, zg: (1 - i) * c + g), "no_input"),
        "writes_the_gate": (coupled_with(lambda c, i, g, zi, zg: (1 - i) * c + i),
                            "no_candidate"),
        "sigmoid_candidate": (coupled_with(lambda c, i, g, zi, zg: (1 - i) * c + i * sig(zg)),
                              "sigmoid_candidate"),
        "tanh_gate": (coupled_with(lambda c, i, g, zi, zg: (1 - np.tanh(zi)) * c
                                   + np.tanh(zi) * g), "tanh_gate"),
        "output_gate_forgets": (lambda c, zi, zg, zo: coupled_shown(
            lambda c_t, z_i, z_o: sig(z_o) * np.tanh(c_t))(c, zi, zg, zo)[:1] + (
                (1 - sig(zo)) * c + sig(zi) * np.tanh(zg),), "other_gate"),
        "squashed_state": (coupled_with(lambda c, i, g, zi, zg: np.tanh((1 - i) * c + i * g)),
                           "tanh_in_state"),
        "shows_all": (coupled_shown(lambda c, zi, zo: np.tanh(c)), "no_output_gate"),
        "raw_output_gate": (coupled_shown(lambda c, zi, zo: zo * np.tanh(c)), "raw_output_gate"),
        "gate_inside": (coupled_shown(lambda c, zi, zo: np.tanh(sig(zo) * c)), "gate_inside"),
        "shown_by_the_input_gate": (coupled_shown(lambda c, zi, zo: sig(zi) * np.tanh(c)),
                                    "other_gate"),
        "tanh_output_gate": (coupled_shown(lambda c, zi, zo: np.tanh(zo) * np.tanh(c)),
                             "tanh_gate"),
        "in_place": (coupled_in_place, None),
        "hard_gate": (coupled_with(lambda c, i, g, zi, zg: np.where(zi > 0, g, c)), None),
        "clipped": (coupled_with(lambda c, i, g, zi, zg: np.clip((1 - i) * c + i * g, -1, 1)),
                    None),
        "sizes_only": (coupled_with(lambda c, i, g, zi, zg: abs((1 - i) * c + i * g)), None),
        "only_c": (lambda *a: coupled_loops(*a)[1], "wrong_count"),
    },
}
