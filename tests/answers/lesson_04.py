"""Answers to lesson 04 as learners write them."""

import math

import numpy as np

# --- gradient_through_time --------------------------------------------------------------------


def walk_list(d_last, h, U):
    steps = [d_last]
    for t in range(h.shape[1] - 1, 0, -1):
        steps.append(((1 - h[:, t] * h[:, t]) * steps[-1]) @ U.T)
    return np.stack(steps[::-1], axis=1)


def walk_einsum(d_last, h, U):
    out = np.empty(h.shape)
    out[:, -1] = d_last
    for back in range(2, h.shape[1] + 1):
        slope = (1 - h[:, 1 - back]) * (1 + h[:, 1 - back])
        out[:, -back] = np.einsum("bj,ij->bi", out[:, 1 - back] * slope, U)
    return out


def walk_jacobians(d_last, h, U):
    out = np.zeros_like(h)
    for row in range(len(h)):
        d = d_last[row]
        for t in range(h.shape[1] - 1, -1, -1):
            out[row, t] = d
            d = U @ np.diag(1 - h[row, t] ** 2) @ d
    return out


def walk_float32(d_last, h, U):
    return walk_list(*(a.astype("float32") for a in (d_last, h, U)))


def walk_with(slope_of=lambda h, t: 1 - h[:, t] ** 2, turn=True, after=False, last=True):
    def walk(d_last, h, U):
        V = U.T if turn else U
        d_h = np.zeros_like(h)
        d = d_last
        if last:
            d_h[:, -1] = d
        for t in reversed(range(1, h.shape[1])):
            slope = slope_of(h, t)
            d = (d @ V) * slope if after else (d * slope) @ V
            d_h[:, t - 1] = d
        return d_h
    return walk


def walk_shifted_down(d_last, h, U):
    d_h = np.zeros_like(h)
    d = d_last
    for t in reversed(range(h.shape[1])):
        d = (d * (1 - h[:, t] ** 2)) @ U.T
        d_h[:, t] = d
    return d_h


def walk_shifted_up(d_last, h, U):
    right = walk_list(d_last, h, U)
    return np.concatenate([right[:, 1:], d_last[:, None]], axis=1)


def walk_between(first, last):
    def walk(d_last, h, U):
        d_h = np.zeros_like(h)
        d_h[:, -1] = d_last
        for t in range(h.shape[1] - 1 - first, last, -1):
            d_h[:, t - 1] = (d_h[:, t] * (1 - h[:, t] ** 2)) @ U.T
        return d_h
    return walk


# --- with_spectral_radius ---------------------------------------------------------------------


def scale_sorted(U, radius):
    sizes = sorted(abs(v) for v in np.linalg.eig(U)[0])
    return radius / sizes[-1] * U


def scale_in_two_steps(U, radius):
    normal = U / max(np.hypot(e.real, e.imag) for e in np.linalg.eigvals(U).astype(complex))
    return normal * radius


# --- steps_until ------------------------------------------------------------------------------


def count_steps(factor, share):
    k, left = 0, 1.0
    while left >= share:
        left *= factor
        k += 1
    return k


def steps_by_log(factor, share):
    return math.floor(math.log(share, factor) + 1e-12) + 1


# --- adam_step --------------------------------------------------------------------------------


def adam_keras_form(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
    m = m + (g - m) * (1 - beta_1)
    s = s + (g * g - s) * (1 - beta_2)
    step = rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - step * m / (np.sqrt(s) + eps), m, s


def adam_by_entry(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
    new_w, new_m, new_s = np.empty_like(w), np.empty_like(m), np.empty_like(s)
    for k in np.ndindex(w.shape):
        new_m[k] = beta_1 * m[k] + (1 - beta_1) * g[k]
        new_s[k] = beta_2 * s[k] + (1 - beta_2) * g[k] ** 2
        m_hat = new_m[k] / (1 - beta_1**t)
        new_w[k] = w[k] - rate * m_hat / (math.sqrt(new_s[k] / (1 - beta_2**t)) + eps)
    return new_w, new_m, new_s


def adam_with(correct_m=True, correct_s=True, root=True, sign=-1.0, swap=False, hats=False,
              square=False, replace=False, shares=False, power=2, eps_at="outside"):
    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
        if swap:
            beta_1, beta_2 = beta_2, beta_1
        if shares:
            m, s = (1 - beta_1) * m + beta_1 * g, (1 - beta_2) * s + beta_2 * g**2
        else:
            m = (0 if replace else beta_1 * m) + (1 - beta_1) * g
            s = m**2 if square else beta_2 * s + (1 - beta_2) * g**power
        m_hat = m / (1 - beta_1**t) if correct_m else m
        s_hat = s / (1 - beta_2**t) if correct_s else s
        below = {"outside": np.sqrt(abs(s_hat)) + eps, "inside": np.sqrt(abs(s_hat) + eps),
                 "nowhere": np.sqrt(abs(s_hat)) + (s_hat == 0)}[eps_at]
        w = w + sign * rate * m_hat / (below if root else s_hat + eps)
        return (w, m_hat, s_hat) if hats else (w, m, s)
    return step


RIGHT = {
    "gradient_through_time": {"list": walk_list, "einsum": walk_einsum,
                              "jacobians": walk_jacobians, "float32": walk_float32},
    "with_spectral_radius": {"sorted": scale_sorted, "two_steps": scale_in_two_steps},
    "steps_until": {"counting": count_steps, "logarithms": steps_by_log,
                    "a_whole_float": lambda f, s: float(count_steps(f, s))},
    "adam_step": {"keras_form": adam_keras_form, "by_entry": adam_by_entry},
}

WRONG = {
    "gradient_through_time": {
        "no_slope": (walk_with(lambda h, t: 1.0), "no_slope"),
        "forward_kernel": (walk_with(turn=False), "no_transpose"),
        "slope_of_the_step_before": (walk_with(lambda h, t: 1 - h[:, t - 1] ** 2), "wrong_slope"),
        "slope_last": (walk_with(after=True), "slope_after"),
        "tanh_twice": (walk_with(lambda h, t: 1 - np.tanh(h[:, t]) ** 2), "slope_of_value"),
        "wrong_order": (lambda d, h, U: walk_list(d, h, U)[:, ::-1], "reversed"),
        "last_left_out": (walk_with(last=False), "forgot_last"),
        "a_step_too_early": (walk_shifted_down, "shifted"),
        "a_step_too_late": (walk_shifted_up, "shifted"),
        "loop_ends_early": (walk_between(0, 1), "loop_short"),
        "loop_begins_late": (walk_between(1, 0), "loop_short"),
        "slope_of_sigmoid": (walk_with(lambda h, t: h[:, t] * (1 - h[:, t])), "sigmoid_slope"),
        "only_the_last": (lambda d, h, U: np.concatenate(
            [np.zeros_like(h[:, 1:]), d[:, None]], axis=1), "loop_short"),
        "time_first": (lambda d, h, U: walk_list(d, h, U).swapaxes(0, 1), None),
        "no_return": (lambda d, h, U: None, "returns_none"),
    },
    "with_spectral_radius": {
        "largest_real_part": (lambda U, r: U * r / np.linalg.eigvals(U).real.max(), "real_part"),
        "by_the_norm": (lambda U, r: U * r / np.linalg.norm(U, 2), "norm"),
        "multiplied_only": (lambda U, r: U * r, "not_divided"),
        "radius_one": (lambda U, r: U / np.abs(np.linalg.eigvals(U)).max(), "only_normalised"),
        "upside_down": (lambda U, r: U * r * np.abs(np.linalg.eigvals(U)).max(), "inverse"),
        "by_the_smallest": (lambda U, r: U * r / np.abs(np.linalg.eigvals(U)).min(), "smallest"),
        "flipped": (lambda U, r: -U * r / np.abs(np.linalg.eigvals(U)).max(), "negative"),
        "largest_without_size": (lambda U, r: U * r / np.linalg.eigvals(U).max(), "complex"),
        "by_the_first": (lambda U, r: U * r / np.abs(np.linalg.eigvals(U))[0], "first"),
        "by_the_trace": (lambda U, r: U * r / np.trace(U), None),
        "the_radius": (lambda U, r: np.abs(np.linalg.eigvals(U)).max(), None),
    },
    "steps_until": {
        "rounded_down": (lambda f, s: int(np.log(s) / np.log(f)), "one_less"),
        "argmax_from_one": (lambda f, s: int(np.argmax(f ** np.arange(1, 2000) < s)), "one_less"),
        "floor_and_one": (lambda f, s: int(np.log(s) / np.log(f)) + 1, "rounded_logarithm"),
        "one_too_many": (lambda f, s: count_steps(f, s) + 1, "one_more"),
        "upside_down": (lambda f, s: int(np.ceil(np.log(f) / np.log(s))), "inverse_ratio"),
        "a_fraction": (lambda f, s: np.log(s) / np.log(f), "not_whole"),
        "rounded_up": (lambda f, s: math.ceil(math.log(s) / math.log(f) - 1e-12), "not_below"),
        "straight_line": (lambda f, s: int(np.ceil((1 - s) / (1 - f))), "linear"),
        "no_return": (lambda f, s: None, "returns_none"),
    },
    "adam_step": {
        "no_correction": (adam_with(correct_m=False, correct_s=False), "no_correction"),
        "half_a_correction": (adam_with(correct_s=False), "only_m_corrected"),
        "no_root": (adam_with(root=False), "no_root"),
        "uphill": (adam_with(sign=1.0), "uphill"),
        "betas_swapped": (adam_with(swap=True), "betas_swapped"),
        "returns_hats": (adam_with(hats=True), "corrected_returned"),
        "square_of_the_mean": (adam_with(square=True), "square_of_mean"),
        "no_memory": (adam_with(replace=True), "replaced"),
        "other_half_of_a_correction": (adam_with(correct_m=False), "only_s_corrected"),
        "shares_swapped": (adam_with(shares=True), "shares_swapped"),
        "mean_of_gradients_twice": (adam_with(power=1), "no_square"),
        "eps_inside_the_root": (adam_with(eps_at="inside"), "eps_inside"),
        "eps_left_out": (adam_with(eps_at="nowhere"), "no_eps"),
        "eps_only_at_zero": (lambda w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7:
                             adam_by_entry(w, g, m, s, t, rate, beta_1, beta_2,
                                           eps if g.any() else float("nan")), "not_finite"),
        "only_w": (lambda *a: adam_by_entry(*a)[0], None),
    },
}
