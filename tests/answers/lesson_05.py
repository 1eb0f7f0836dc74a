"""Answers to lesson 05 as learners write them."""

import numpy as np


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


# --- lstm_step_backward -----------------------------------------------------------------------


def back_with(output_path=True, tanh_slope=True, slopes=True, g_slope=None, forget_by=None,
              order="ifgo", belt="f", o_from="tanh", state="tanh", gate=True, swap=False,
              again=False):
    def back(dh, dc, c_prev, c_t, i_t, f_t, g_t, o_t):
        given, t = dc, np.tanh(c_t)
        if output_path:
            shown = t if state == "tanh" else c_t
            dc = dc + dh * (o_t if gate else 1) * ((1 - shown**2) if tanh_slope else 1)
        d = {"i": dc * (i_t if swap else g_t), "f": dc * (c_t if forget_by == "c_t" else c_prev),
             "g": dc * (g_t if swap else i_t), "o": dh * (t if o_from == "tanh" else c_t)}
        s = {"i": i_t * (1 - i_t), "f": f_t * (1 - f_t), "g": 1 - g_t**2, "o": o_t * (1 - o_t)}
        if again:
            s |= {k: sig(v) * (1 - sig(v)) for k, v in (("i", i_t), ("f", f_t), ("o", o_t))}
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


RIGHT = {
    "lstm_gates": {"each_with_its_weights": gates_each_with_its_weights,
                   "one_product": gates_one_product},
    "lstm_state": {"loops": state_loops, "exp": state_exp},
    "lstm_step_backward": {"dictionaries": back_with(), "stacked": back_stacked},
    "forget_bias_for": {
        "minus_log": lambda steps, share: -np.log(share ** (-1 / steps) - 1),
        "two_logs": lambda steps, share: (np.log(share) / steps
                                          - np.log1p(-np.exp(np.log(share) / steps))),
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
        "one_array": (lambda *a: np.concatenate(gates_with()(*a), axis=-1), None),
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
        "only_h": (lambda *a: state_loops(*a)[0], None),
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
    },
    "forget_bias_for": {
        "one_step": (lambda n, s: np.log(s / (1 - s)), "one_step"),
        "the_gate": (lambda n, s: s ** (1 / n), "gate"),
        "divided": (lambda n, s: np.log((s / n) / (1 - s / n)), "divided"),
        "negative": (lambda n, s: np.log((1 - s ** (1 / n)) / s ** (1 / n)), "sign"),
        "log_of_gate": (lambda n, s: np.log(s) / n, "logarithm"),
    },
}
