"""Answers to lesson 05 as learners write them."""

import math

import numpy as np
from scipy.special import expit, logit


def sig(z):
    return 1 / (1 + np.exp(-z))


# --- lstm_gates -------------------------------------------------------------------------------


def gates_with(order="ifgo", bias=True, state=True, gate=sig, candidate=np.tanh, split="blocks"):
    def gates(x_t, h_prev, W, U, b):
        z = x_t @ W + (h_prev @ U if state else 0) + (b if bias else 0)
        n = z.shape[1] // 4
        parts = [z[:, k::4] if split == "every fourth" else z[:, k * n:(k + 1) * n]
                 for k in range(4)]
        named = dict(zip("ifgo", parts, strict=True))
        return tuple((candidate if name == "g" else gate)(named[name]) for name in order)
    return gates


def gates_each_with_its_weights(x_t, h_prev, W, U, b):
    n = len(U)
    out = []
    for k, f in enumerate((sig, sig, np.tanh, sig)):
        part = slice(k * n, (k + 1) * n)
        out.append(f(np.dot(x_t, W[:, part]) + np.dot(h_prev, U[:, part]) + b[part]))
    return out


def gates_one_product(x_t, h_prev, W, U, b):
    z = np.hstack([x_t, h_prev]) @ np.vstack([W, U]) + b
    i, f, g, o = z.reshape(len(z), 4, -1).transpose(1, 0, 2)
    return (np.tanh(i / 2) + 1) / 2, (np.tanh(f / 2) + 1) / 2, np.tanh(g), (np.tanh(o / 2) + 1) / 2


def gates_wrong_order_of_weights(x_t, h_prev, W, U, b):
    z = x_t @ W + h_prev @ U + b
    i, f, o, g = np.split(z, 4, axis=-1)            # another library's order
    return sig(i), sig(f), np.tanh(g), sig(o)


def gates_split_along_the_batch(x_t, h_prev, W, U, b):
    i, f, g, o = np.split(x_t @ W + h_prev @ U + b, 4)
    return sig(i), sig(f), np.tanh(g), sig(o)


def gates_stacked(x_t, h_prev, W, U, b):
    i, f, g, o = np.split(np.matmul(x_t, W) + np.matmul(h_prev, U) + b, 4, axis=1)
    return np.stack([expit(i), expit(f), np.tanh(g), expit(o)])


def gates_by_unit(x, h, kernel, recurrent, bias):
    n = recurrent.shape[0]
    out = np.empty((4, len(x), n))
    for row, column in np.ndindex(len(x), 4 * n):
        z = sum(x[row] * kernel[:, column]) + sum(h[row] * recurrent[:, column]) + bias[column]
        squash = np.tanh if column // n == 2 else sig
        out[column // n, row, column % n] = squash(z)
    return list(out)


def gates_float32(*arrays):
    x_t, h_prev, W, U, b = (a.astype("float32") for a in arrays)
    z = np.einsum("bf,fk->bk", x_t, W) + np.einsum("bu,uk->bk", h_prev, U) + b
    n = z.shape[1] // 4
    s = sig(z)
    return s[:, :n], s[:, n:2 * n], 2 * sig(2 * z[:, 2 * n:3 * n]) - 1, s[:, 3 * n:]


def gates_of(make):
    """Gates from z, W and U of the learner's own making."""

    def gates(x_t, h_prev, W, U, b):
        return make(x_t @ W + h_prev @ U + b, len(U))

    return gates


def squashed(z, n, first=np.tanh):
    i, f, g, o = np.split(first(z), 4, axis=-1)
    return sig(i), sig(f), np.tanh(g), sig(o)


def five_units(z, n):
    return sig(z[:, :5]), sig(z[:, 5:10]), np.tanh(z[:, 10:15]), sig(z[:, 15:20])


def softmax_gates(z, n):
    i, f, g, o = np.split(z, 4, axis=-1)
    e = np.exp([i, f, o])
    return e[0] / e.sum(axis=0), e[1] / e.sum(axis=0), np.tanh(g), e[2] / e.sum(axis=0)


# --- lstm_state -------------------------------------------------------------------------------


def state_loops(c_prev, i_t, f_t, g_t, o_t):
    h, c = np.zeros_like(c_prev), np.zeros_like(c_prev)
    for k in np.ndindex(c.shape):
        c[k] = f_t[k] * c_prev[k] + i_t[k] * g_t[k]
        h[k] = o_t[k] * np.tanh(c[k])
    return h, c


def state_exp(c_prev, i_t, f_t, g_t, o_t):
    c = i_t * g_t + c_prev * f_t
    e = np.exp(2 * c)
    return [o_t * (e - 1) / (e + 1), c]


def state_stacked(c_prev, i_t, f_t, g_t, o_t):
    c = np.einsum("gbu,gbu->bu", [f_t, i_t], [c_prev, g_t])
    return np.stack([o_t * np.tanh(c), c])


def state_float32(c, i, f, g, o):
    c, i, f, g, o = (np.float32(a) for a in (c, i, f, g, o))
    c = np.add(np.multiply(f, c), np.multiply(i, g))
    return o * np.tanh(c), c


def state_by_rows(old, write, keep, new, show):
    rows = [k * a + w * b for k, a, w, b in zip(keep, old, write, new, strict=True)]
    return np.array([s * np.tanh(c) for s, c in zip(show, rows, strict=True)]), np.array(rows)


def state_with(cell=lambda c, i, f, g, o: f * c + i * g, output=lambda o, c: o * np.tanh(c)):
    def state(c_prev, i_t, f_t, g_t, o_t):
        c_t = cell(c_prev, i_t, f_t, g_t, o_t)
        return output(o_t, c_t), c_t
    return state


def state_in_place(c_prev, i_t, f_t, g_t, o_t):
    c_prev *= f_t
    c_prev += i_t * g_t
    return o_t * np.tanh(c_prev), c_prev


def state_that_remembers(c_prev, i_t, f_t, g_t, o_t, cells=[]):     # noqa: B006
    cells.append(c_prev)
    c_t = f_t * cells[0] + i_t * g_t if cells[0].shape == f_t.shape else f_t * c_prev + i_t * g_t
    return o_t * np.tanh(c_t), c_t


# --- lstm_step_backward -----------------------------------------------------------------------


def back_with(output_path=True, tanh_slope=True, slopes=True, g_slope=None, forget_by=None,
              order="ifgo", belt="f", o_from="tanh", state="tanh", gate=True, swap=False,
              again=False, o_arrives="dh", tanh_slopes=False):
    def back(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t):
        given, t = dc, np.tanh(c_t)
        if output_path:
            shown = t if state == "tanh" else c_t
            dc = dc + dh * (o_t if gate else 1) * ((1 - shown**2) if tanh_slope else 1)
        d = {"i": dc * (i_t if swap else g_t), "f": dc * (c_t if forget_by == "c_t" else c_prev),
             "g": dc * (g_t if swap else i_t),
             "o": {"dh": dh, "dc": given, "all": dc}[o_arrives] * (t if o_from == "tanh" else c_t)}
        s = {"i": i_t * (1 - i_t), "f": f_t * (1 - f_t), "g": 1 - g_t**2, "o": o_t * (1 - o_t)}
        if again:
            s |= {k: sig(v) * (1 - sig(v)) for k, v in (("i", i_t), ("f", f_t), ("o", o_t))}
        if tanh_slopes:
            s |= {"i": 1 - i_t**2, "f": 1 - f_t**2, "o": 1 - o_t**2}
        if g_slope == "sigmoid":
            s["g"] = g_t * (1 - g_t)
        dz = np.concatenate([d[k] * s[k] if slopes else d[k] for k in order], axis=-1)
        return dz, {"f": dc * f_t, "all": dc, "given": given * f_t}[belt]
    return back


def back_stacked(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t):
    dc = o_t * dh * np.cosh(c_t) ** -2 + dc
    dz = np.stack([dc * g_t * (i_t - i_t**2), dc * c_prev * (f_t - f_t**2),
                   dc * i_t * (1 - g_t) * (1 + g_t), dh * np.tanh(c_t) * (o_t - o_t**2)], axis=1)
    return dz.reshape(len(dz), -1), f_t * dc


def back_by_unit(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t):
    batch, n = dh.shape
    dz, dc_prev = np.zeros((batch, 4 * n)), np.zeros((batch, n))
    for b, u in np.ndindex(batch, n):
        i, f, g, o = (float(a[b, u]) for a in (i_t, f_t, g_t, o_t))
        t = math.tanh(c_t[b, u])
        total = dc[b, u] + dh[b, u] * o * (1 - t * t)
        dz[b, u] = total * g * i * (1 - i)
        dz[b, u + n] = total * c_prev[b, u] * f * (1 - f)
        dz[b, u + 2 * n] = total * i * (1 - g * g)
        dz[b, u + 3 * n] = dh[b, u] * t * o * (1 - o)
        dc_prev[b, u] = total * f
    return dz, dc_prev


def back_float32(*arrays):
    return back_stacked(*(a.astype(np.float32) for a in arrays))


def back_hstack(a, b, c_old, c_new, i, f, g, o):
    d = b + a * o / np.cosh(c_new) ** 2
    gates = np.array([i, f, o])
    di, df, do = gates * (1 - gates) * [d * g, d * c_old, a * np.tanh(c_new)]
    return [np.hstack((di, df, d * i - d * i * g * g, do)), np.multiply(d, f)]


def back_other_total(total):
    """All is right but for what the learner takes for dc_t."""

    def back(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t):
        return back_with(output_path=False)(
            dh, total(dh, dc, c_prev, c_t, o_t), c_prev, c_t, i_t, f_t, g_t, o_t)

    return back


def back_in_place(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t):
    dc += dh * o_t * (1 - np.tanh(c_t) ** 2)
    return back_with(output_path=False)(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t)


def bias_by_bisection(steps, share):
    low, high = -1e3, 1e3
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if sig(middle) ** steps > share else (middle, high)
    return low


RIGHT = {
    "lstm_gates": {"each_with_its_weights": gates_each_with_its_weights,
                   "one_product": gates_one_product, "stacked": gates_stacked,
                   "by_unit": gates_by_unit, "float32": gates_float32},
    "lstm_state": {"loops": state_loops, "exp": state_exp, "stacked": state_stacked,
                   "float32": state_float32, "by_rows": state_by_rows},
    "lstm_step_backward": {"dictionaries": back_with(), "stacked": back_stacked,
                           "by_unit": back_by_unit, "float32": back_float32,
                           "hstack": back_hstack},
    "forget_bias_for": {
        "minus_log": lambda steps, share: -np.log(share ** (-1 / steps) - 1),
        "two_logs": lambda steps, share: (np.log(share) / steps
                                          - np.log1p(-np.exp(np.log(share) / steps))),
        "scipy": lambda steps, share: logit(share ** (1 / steps)),
        "bisection": bias_by_bisection,
        "math": lambda n, kept: math.log(kept ** (1 / n)) - math.log(1 - kept ** (1 / n)),
    },
}

WRONG = {
    "lstm_gates": {
        "o_before_g": (gates_with("ifog"), "order_of_gates"),
        "f_before_i": (gates_with("figo"), "order_of_gates"),
        "other_library": (gates_wrong_order_of_weights, "order_of_gates"),
        "no_bias": (gates_with(bias=False), "no_bias"),
        "no_state": (gates_with(state=False), "no_state"),
        "all_tanh": (gates_with(gate=np.tanh), "tanh_gate"),
        "all_sigmoid": (gates_with(candidate=sig), "sigmoid_candidate"),
        "linear": (gates_with(gate=lambda z: z, candidate=lambda z: z), "no_function"),
        "every_fourth": (gates_with(split="every fourth"), "interleaved"),
        "along_the_batch": (gates_split_along_the_batch, "split_axis"),
        "one_array": (lambda *a: np.concatenate(gates_with()(*a), axis=-1), "wrong_count"),
        "tanh_before_the_gates": (gates_of(squashed), "squashed_first"),
        "sigmoid_before_the_gates": (gates_of(lambda z, n: squashed(z, n, sig)),
                                     "squashed_first"),
        "reversed": (gates_with("ogfi"), "order_of_gates"),
        "no_input": (lambda x_t, h_prev, W, U, b: gates_with()(0 * x_t, h_prev, W, U, b),
                     "no_input"),
        "no_minus": (gates_with(gate=lambda z: 1 / (1 + np.exp(z))), "minus"),
        "three_gates": (lambda *a: gates_with("ifo")(*a), "wrong_count"),
        "batch_of_arrays": (lambda *a: np.stack(gates_with()(*a), axis=1), "wrong_count"),
        "nested_lists": (lambda *a: [v.tolist() for v in gates_with()(*a)], "not_an_array"),
        "five_units": (gates_of(five_units), "wrong_shape"),
        "shares_of_one": (gates_of(softmax_gates), None),
        "bias_twice": (lambda x_t, h_prev, W, U, b: gates_with()(x_t, h_prev, W, U, 2 * b), None),
        "first_text_only": (lambda x_t, h_prev, W, U, b: gates_with()(
            x_t[:1] + 0 * x_t, h_prev[:1] + 0 * h_prev, W, U, b), None),
        "zero_or_one": (gates_with(gate=lambda z: np.round(sig(z))), None),
    },
    "lstm_state": {
        "c_first": (lambda *a: state_loops(*a)[::-1], "swapped"),
        "gates_swapped": (lambda c, i, f, g, o: state_loops(c, f, i, g, o), "gates_swapped"),
        "never_forgets": (lambda c, i, f, g, o: state_loops(c, i, 0 * f + 1, g, o), "no_forget"),
        "writes_all": (lambda c, i, f, g, o: state_loops(c, 0 * i + 1, f, g, o), "no_input"),
        "no_tanh": (lambda c, i, f, g, o: (o * (f * c + i * g), f * c + i * g), "no_tanh"),
        "shows_all": (lambda c, i, f, g, o: (np.tanh(f * c + i * g), f * c + i * g), "no_output"),
        "old_cell": (lambda c, i, f, g, o: (o * np.tanh(c), f * c + i * g), "old_cell"),
        "gate_inside": (lambda c, i, f, g, o: (np.tanh(o * (f * c + i * g)), f * c + i * g),
                        "gate_inside"),
        "tanh_in_state": (lambda c, i, f, g, o: (o * np.tanh(f * c + i * g),
                                                 np.tanh(f * c + i * g)), "tanh_in_state"),
        "only_h": (lambda *a: state_loops(*a)[0], "wrong_count"),
        "adds_the_gate": (state_with(lambda c, i, f, g, o: f * c + i + g), "added"),
        "adds_all": (state_with(lambda c, i, f, g, o: f + c + i + g), "added"),
        "forgets_f": (state_with(lambda c, i, f, g, o: (1 - f) * c + i * g), "complement"),
        "coupled": (state_with(lambda c, i, f, g, o: f * c + (1 - f) * g), "complement"),
        "writes_the_gate": (state_with(lambda c, i, f, g, o: f * c + i), "no_candidate"),
        "sigmoids_again": (state_with(lambda c, i, f, g, o: sig(f) * c + sig(i) * np.tanh(g)),
                           "gate_again"),
        "output_gate_again": (state_with(output=lambda o, c: sig(o) * np.tanh(c)),
                              "gate_again"),
        "tanh_of_the_old": (state_with(lambda c, i, f, g, o: f * np.tanh(c) + i * g),
                            "tanh_in_state"),
        "output_for_input_gate": (state_with(lambda c, i, f, g, o: f * c + o * g),
                                  "gates_swapped"),
        "shown_by_the_input_gate": (lambda c, i, f, g, o: (
            i * np.tanh(f * c + i * g), f * c + i * g), "other_gate"),
        "sigmoid_of_the_state": (state_with(output=lambda o, c: o * sig(c)), "sigmoid_for_tanh"),
        "clipped": (state_with(lambda c, i, f, g, o: np.clip(f * c + i * g, -3, 3)), None),
        "never_negative": (state_with(output=lambda o, c: o * np.tanh(np.abs(c))), None),
        "in_place": (state_in_place, None),
        "remembers_the_first_state": (state_that_remembers, None),
        "h_in_both_places": (lambda *a: state_loops(*a)[:1] * 2, "tanh_in_state"),
    },
    "lstm_step_backward": {
        "only_the_belt": (back_with(output_path=False), "no_output_path"),
        "no_tanh_slope": (back_with(tanh_slope=False), "no_tanh_slope"),
        "at_the_gates": (back_with(slopes=False), "no_slopes"),
        "all_sigmoids": (back_with(g_slope="sigmoid"), "sigmoid_slope_of_g"),
        "new_cell_for_f": (back_with(forget_by="c_t"), "c_t_in_forget"),
        "o_before_g": (back_with(order="ifog"), "order_of_blocks"),
        "belt_without_gate": (back_with(belt="all"), "no_forget_path"),
        "belt_unfinished": (back_with(belt="given"), "dc_unfinished"),
        "o_from_c": (back_with(o_from="c"), "o_from_c"),
        "blocks_as_tuple": (lambda *a: (np.split(back_stacked(*a)[0], 4, axis=-1),
                                        back_stacked(*a)[1]), "not_joined"),
        "blocks_stacked": (lambda *a: (np.stack(np.split(back_stacked(*a)[0], 4, axis=-1)),
                                       back_stacked(*a)[1]), "not_joined"),
        "i_and_g_swapped": (back_with(swap=True), "i_and_g_swapped"),
        "slope_from_the_state": (back_with(state="c"), "slope_of_c"),
        "sigmoid_of_the_gate": (back_with(again=True), "slope_of_value"),
        "no_gate_on_the_way": (back_with(gate=False), "no_output_gate"),
        "belt_left_out": (back_other_total(lambda dh, dc, c, c_t, o: dh * o * (
            1 - np.tanh(c_t) ** 2)), "no_belt"),
        "slope_at_the_old_cell": (back_other_total(lambda dh, dc, c, c_t, o: dc + dh * o * (
            1 - np.tanh(c) ** 2)), "old_cell"),
        "output_gate_from_the_belt": (back_with(o_arrives="dc"), "o_from_dc"),
        "output_gate_from_all": (back_with(o_arrives="all"), "o_from_dc"),
        "all_tanh": (back_with(tanh_slopes=True), "tanh_slopes"),
        "blocks_backwards": (back_with(order="ogfi"), "order_of_blocks"),
        "state_first": (lambda *a: back_stacked(*a)[::-1], "swapped"),
        "dz_alone": (lambda *a: back_stacked(*a)[0], "wrong_count"),
        "in_place": (back_in_place, None),
        "sum_of_the_batch": (lambda *a: (back_stacked(*a)[0].sum(axis=0), back_stacked(*a)[1]),
                             "wrong_shape"),
        "doubled": (back_other_total(lambda dh, dc, c, c_t, o: 2 * dc + dh * o * (
            1 - np.tanh(c_t) ** 2)), None),
        "subtracted": (back_other_total(lambda dh, dc, c, c_t, o: dc - dh * o * (
            1 - np.tanh(c_t) ** 2)), None),
        "mean_of_the_batch": (lambda *a: (back_stacked(*a)[0] / len(a[0]), back_stacked(*a)[1]),
                              None),
        "interleaved": (lambda *a: (np.stack(np.split(back_stacked(*a)[0], 4, axis=-1),
                                             axis=-1).reshape(len(a[0]), -1),
                                    back_stacked(*a)[1]), None),
    },
    "forget_bias_for": {
        "one_step": (lambda n, s: np.log(s / (1 - s)), "one_step"),
        "the_gate": (lambda n, s: s ** (1 / n), "gate"),
        "divided": (lambda n, s: np.log((s / n) / (1 - s / n)), "divided"),
        "negative": (lambda n, s: np.log((1 - s ** (1 / n)) / s ** (1 / n)), "sign"),
        "log_of_gate": (lambda n, s: np.log(s) / n, "logarithm"),
        "minus_log_of_gate": (lambda n, s: -np.log(s) / n, "logarithm"),
        "sigmoid_of_gate": (lambda n, s: sig(s ** (1 / n)), "forward"),
        "odds": (lambda n, s: s ** (1 / n) / (1 - s ** (1 / n)), "no_log"),
        "one_step_less": (lambda n, s: logit(s ** (1 / max(n - 1, 1))), "off_by_one"),
        "one_step_more": (lambda n, s: logit(s ** (1 / (n + 1))), "off_by_one"),
        "power_for_root": (lambda n, s: logit(s**n), "power"),
        "never_negative": (lambda n, s: abs(logit(s ** (1 / n))), "size_only"),
        "at_least_zero": (lambda n, s: max(0.0, logit(s ** (1 / n))), None),
        "text": (lambda n, s: f"{logit(s ** (1 / n)):.3f}", "not_a_number"),
        "rounded": (lambda n, s: round(logit(s ** (1 / n)), 2), None),
        "ten_as_base": (lambda n, s: np.log10(s ** (1 / n) / (1 - s ** (1 / n))), None),
        "whole_root": (lambda n, s: logit(s ** (1 / n)) if n < 1000 else 7.0, None),
    },
}
