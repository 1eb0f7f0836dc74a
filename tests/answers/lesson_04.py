"""Answers to lesson 04 as learners write them."""

import math

import numpy as np
import scipy.linalg

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


def walk_recursive(d_last, h, U):
    if h.shape[1] == 1:
        return d_last[:, None]
    before = walk_recursive((d_last * (1 - h[:, -1] ** 2)) @ U.T, h[:, :-1], U)
    return np.concatenate([before, d_last[:, None]], axis=1)


def walk_by_products(d, states, kernel):
    """One Jacobian a step, all at once, then their products from the end."""
    jacobians = kernel.T[None, None] * (1 - states**2)[..., None]           # (batch, time, n, n)
    out = [d]
    for t in range(states.shape[1] - 1, 0, -1):
        out.insert(0, np.einsum("bi,bij->bj", out[0], jacobians[:, t]))
    return np.moveaxis(np.array(out), 0, 1)


def walk_turned(d_last, h, U):
    d, steps = d_last.T, []
    for h_t in np.flip(h, axis=1).transpose(1, 2, 0):
        steps.append(d)
        d = U @ (d * (1 - h_t**2))
    return np.array(steps[::-1]).transpose(2, 0, 1)


def walk_by_preactivation(d_last, h, U):
    """Each step multiplies by the slope of the state that it arrives at."""
    d_h = np.zeros_like(h)
    d_h[:, -1] = d_last
    for t in range(h.shape[1] - 1, 0, -1):
        d_h[:, t - 1] = (d_h[:, t] @ U.T) * (1 - h[:, t - 1] ** 2)
    return d_h


def walk_all_preactivations(d_last, h, U):
    return walk_list(d_last, h, U) * (1 - h**2)


def walk_past_the_front(d_last, h, U):
    d_h = np.zeros_like(h)
    d_h[:, -1] = d_last
    for t in range(h.shape[1] - 1, -1, -1):
        d_h[:, t - 1] = (d_h[:, t] * (1 - h[:, t] ** 2)) @ U.T
    return d_h


def walk_that_adds(d_last, h, U):
    d_h = np.zeros_like(h)
    d_h[:, -1] = d_last
    for t in range(h.shape[1] - 1, 0, -1):
        d_h[:, t - 1] = d_h[:, t] + (d_h[:, t] * (1 - h[:, t] ** 2)) @ U.T
    return d_h


def walk_from_the_end_each_time(d_last, h, U):
    before = [(d_last * (1 - h[:, t] ** 2)) @ U.T for t in range(1, h.shape[1])]
    return np.stack([*before, d_last], axis=1)


def walk_of_five(d_last, h, U):
    """Right for the last five steps, 0 before."""
    d_h = walk_list(d_last, h, U)
    d_h[:, :-5] = 0
    return d_h


def walk_in_place(d_last, h, U):
    steps = [d_last.copy()]
    for t in range(h.shape[1] - 1, 0, -1):
        d_last[:] = (d_last * (1 - h[:, t] ** 2)) @ U.T
        steps.insert(0, d_last.copy())
    return np.stack(steps, axis=1)


def walk_of_one_array(d_last, h, U):
    """One array is in the list many times: all steps show its last value."""
    d, steps = d_last.copy(), []
    for t in range(h.shape[1] - 1, -1, -1):
        steps.insert(0, d)
        d[:] = (d * (1 - h[:, t] ** 2)) @ U.T
    return np.stack(steps, axis=1)


# --- with_spectral_radius ---------------------------------------------------------------------


def scale_sorted(U, radius):
    sizes = sorted(abs(v) for v in np.linalg.eig(U)[0])
    return radius / sizes[-1] * U


def scale_in_two_steps(U, radius):
    normal = U / max(np.hypot(e.real, e.imag) for e in np.linalg.eigvals(U).astype(complex))
    return normal * radius


def scale_by_schur(U, radius):
    triangle = scipy.linalg.schur(U, output="complex")[0]
    return np.multiply(U, radius / np.absolute(np.diagonal(triangle)).max())


def scale_by_parts(matrix, wanted):
    values = scipy.linalg.eigvals(matrix)
    return matrix / np.sqrt((values.real**2 + values.imag**2).max()) * wanted


def scale_by(size):
    return lambda U, radius: U * radius / size(U)


# --- steps_until ------------------------------------------------------------------------------


def count_steps(factor, share):
    k, left = 0, 1.0
    while left >= share:
        left *= factor
        k += 1
    return k


def steps_by_a_counter(factor, share, counter=[0]):  # noqa: B006
    left = 1.0
    while left >= share:
        left *= factor
        counter[0] += 1
    return counter[0]


def steps_by_log(factor, share):
    return math.floor(math.log(share, factor) + 1e-12) + 1


def steps_by_search(rate, limit):
    low, high = 0, 1
    while rate**high >= limit:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if rate**middle >= limit else (low, middle)
    return high


def steps_by_list(factor, share):
    candidates = np.arange(int(math.log(share) / math.log(factor)) + 3)
    return candidates[factor**candidates < share].min()


def steps_by_short_list(factor, share):
    return int(np.argmax(factor ** np.arange(1000) < share))


def steps_at_least_two(factor, share):
    return max(2, count_steps(factor, share))


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


def adam_by_lists(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
    rows = []
    for w_k, g_k, m_k, s_k in zip(*(a.ravel().tolist() for a in (w, g, m, s)), strict=True):
        m_k, s_k = beta_1 * m_k + (1 - beta_1) * g_k, beta_2 * s_k + (1 - beta_2) * g_k * g_k
        change = m_k / (1 - beta_1**t) / (math.sqrt(s_k / (1 - beta_2**t)) + eps)
        rows.append((w_k - rate * change, m_k, s_k))
    return np.array(rows).T.reshape(3, *w.shape)


def adam_by_average(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
    m = np.average([m, g], axis=0, weights=[beta_1, 1 - beta_1])
    s = np.average([s, np.square(g)], axis=0, weights=[beta_2, 1 - beta_2])
    m_hat, s_hat = m / (1 - np.power(beta_1, t)), s / (1 - np.power(beta_2, t))
    return [np.subtract(w, rate * m_hat / (s_hat**0.5 + eps)), m, s]


def adam_other_change(change):
    """The right means, and a change of the learner's own of w."""

    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
        _, m_new, s_new = adam_by_entry(w, g, m, s, t, rate, beta_1, beta_2, eps)
        m_hat, s_hat = m_new / (1 - beta_1**t), s_new / (1 - beta_2**t)
        return change(w, g, m, s, t, rate, m_hat, s_hat, eps), m_new, s_new

    return step


def adam_with_settings(**fixed):
    """Some settings are numbers in the code instead of the arguments."""

    def step(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
        given = {"rate": rate, "beta_1": beta_1, "beta_2": beta_2, "eps": eps} | fixed
        return adam_by_entry(w, g, m, s, t, **given)

    return step


def adam_that_counts(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7, seen=[]):  # noqa: B006
    seen.append(1)
    return adam_by_entry(w, g, m, s, len(seen), rate, beta_1, beta_2, eps)


def adam_full_share(w, g, m, s, t, rate=0.001, beta_1=0.9, beta_2=0.999, eps=1e-7):
    m, s = beta_1 * m + g, beta_2 * s + g**2
    return w - rate * m / (np.sqrt(s) + eps), m, s


def adam_old_means_back(w, g, m, s, *rest):
    return adam_by_entry(w, g, m, s, *rest)[0], m, s


RIGHT = {
    "gradient_through_time": {"list": walk_list, "einsum": walk_einsum,
                              "jacobians": walk_jacobians, "float32": walk_float32,
                              "recursive": walk_recursive, "products": walk_by_products,
                              "turned": walk_turned},
    "with_spectral_radius": {"sorted": scale_sorted, "two_steps": scale_in_two_steps,
                             "schur": scale_by_schur, "parts": scale_by_parts},
    "steps_until": {"counting": count_steps, "logarithms": steps_by_log,
                    "a_whole_float": lambda f, s: float(count_steps(f, s)),
                    "bisection": steps_by_search, "list": steps_by_list},
    "adam_step": {"keras_form": adam_keras_form, "by_entry": adam_by_entry,
                  "by_lists": adam_by_lists, "by_average": adam_by_average},
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
        "time_first": (lambda d, h, U: walk_list(d, h, U).swapaxes(0, 1), "time_first"),
        "by_preactivation": (walk_by_preactivation, "by_preactivation"),
        "all_preactivations": (walk_all_preactivations, "by_preactivation"),
        "past_the_front": (walk_past_the_front, "wraps"),
        "adds_up": (walk_that_adds, "added"),
        "from_the_end_each_time": (walk_from_the_end_each_time, "not_chained"),
        "one_slope_for_all": (walk_with(lambda h, t: 1 - h[:, -1] ** 2), "same_slope"),
        "slope_without_square": (walk_with(lambda h, t: 1 - h[:, t]), "no_square"),
        "slopes_without_kernel": (lambda d, h, U: walk_list(d, h, np.eye(len(U))), "no_kernel"),
        "last_step_left_out": (lambda d, h, U: walk_list(d, h, U)[:, :-1], "wrong_shape"),
        "first_gradient_only": (lambda d, h, U: walk_list(d, h, U)[:, 0], "wrong_shape"),
        "five_steps_only": (walk_of_five, "loop_short"),
        "in_place": (walk_in_place, None),
        "one_array_many_times": (walk_of_one_array, "one_array"),
        "mean_of_the_batch": (lambda d, h, U: walk_list(
            d, h, U).mean(axis=0, keepdims=True) + 0 * h, None),
        "list_of_steps": (lambda d, h, U: list(walk_list(d, h, U)), "not_an_array"),
        "sizes_only": (lambda d, h, U: np.abs(walk_list(d, h, U)), None),
        "two_steps_at_least": (lambda d, h, U: walk_list(
            d, h, U) if h.shape[1] > 1 else np.zeros_like(h), "loop_short"),
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
        "by_the_first": (lambda U, r: U * r / np.abs(np.linalg.eigvals(U))[0], "by_place"),
        "by_the_last": (lambda U, r: U * r / np.abs(np.linalg.eigvals(U))[-1], "by_place"),
        "by_the_trace": (lambda U, r: U * r / np.trace(U), "diagonal"),
        "the_radius": (lambda U, r: np.abs(np.linalg.eigvals(U)).max(), "wrong_shape"),
        "size_of_the_max": (scale_by(lambda U: np.abs(np.linalg.eigvals(U).max())),
                            "max_then_abs"),
        "size_of_real_parts": (scale_by(lambda U: np.abs(np.linalg.eigvals(U).real).max()),
                               "real_part"),
        "frobenius": (scale_by(np.linalg.norm), "entries"),
        "row_sums": (scale_by(lambda U: np.abs(U).sum(axis=1).max()), "entries"),
        "largest_entry": (scale_by(lambda U: np.abs(U).max()), "entries"),
        "symmetric_only": (scale_by(lambda U: np.abs(np.linalg.eigvalsh(U)).max()), "symmetric"),
        "symmetric_part": (scale_by(lambda U: np.abs(np.linalg.eigvals((U + U.T) / 2)).max()),
                           "symmetric"),
        "diagonal": (scale_by(lambda U: np.abs(np.diag(U)).max()), "diagonal"),
        "mean_size": (scale_by(lambda U: np.abs(np.linalg.eigvals(U)).mean()), None),
        "by_the_factor_twice": (scale_by(lambda U: np.abs(np.linalg.eigvals(U)).max() ** 2),
                                None),
        "in_place": (lambda U, r: np.multiply(
            U, r / np.abs(np.linalg.eigvals(U)).max(), out=U, casting="unsafe"),
                     None),
        "never_enlarged": (lambda U, r: U * min(
            1.0, r / np.abs(np.linalg.eigvals(U)).max()), None),
        "whole_numbers": (lambda U, r: scale_sorted(U, r).round(), None),
    },
    "steps_until": {
        "by_a_counter": (steps_by_a_counter, "keeps_state"),
        "rounded_down": (lambda f, s: int(np.log(s) / np.log(f)), "one_less"),
        "argmax_from_one": (lambda f, s: int(np.argmax(f ** np.arange(1, 2000) < s)), "one_less"),
        "floor_and_one": (lambda f, s: int(np.log(s) / np.log(f)) + 1, "rounded_logarithm"),
        "one_too_many": (lambda f, s: count_steps(f, s) + 1, "one_more"),
        "upside_down": (lambda f, s: int(np.ceil(np.log(f) / np.log(s))), "inverse_ratio"),
        "a_fraction": (lambda f, s: np.log(s) / np.log(f), "not_whole"),
        "rounded_up": (lambda f, s: math.ceil(math.log(s) / math.log(f) - 1e-12), "not_below"),
        "to_the_nearest": (lambda f, s: round(np.log(s) / np.log(f)), "one_less"),
        "nearest_with_a_loop": (lambda f, s: next(k for k in (
            round(np.log(s) / np.log(f)), round(np.log(s) / np.log(f)) + 2) if k > 0), "one_less"),
        "thousand_steps": (steps_by_short_list, "search_ends"),
        "loop_of_a_thousand": (lambda f, s: next(
            (k for k in range(1000) if f**k < s), None), "returns_none"),
        "at_least_two": (steps_at_least_two, "one_more"),
        "nearly_at_the_share": (lambda f, s: math.ceil(math.log(s) / math.log(f) + 1e-3),
                                "one_more"),
        "at_the_share_to_nine_digits": (lambda f, s: next(
            (k for k in range(30_000) if f**k < s - 1e-9), 0), None),
        "above_or_at": (lambda f, s: next(
            k for k in range(10**6) if f**k <= s), "not_below"),
        "slope_for_logarithm": (lambda f, s: int(np.log(s) / (f - 1)) + 1, None),
        "mixed_logarithms": (lambda f, s: int(np.log10(s) / np.log(f)) + 1, None),
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
        "zero_by_zero": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - rate * m_hat / (
                np.sqrt(s_hat) + np.where(s_hat > 0, eps, 0))), "not_finite"),
        "no_step_without_gradient": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: np.where(
                g == 0, w, w - rate * m_hat / (np.sqrt(s_hat) + eps))), None),
        "only_w": (lambda *a: adam_by_entry(*a)[0], "wrong_count"),
        "next_number": (lambda w, g, m, s, t, *rest: adam_by_entry(w, g, m, s, t + 1, *rest),
                        "step_number"),
        "number_before": (lambda w, g, m, s, t, *rest: adam_by_entry(
            w, g, m, s, max(t - 1, 1), *rest), "step_number"),
        "counts_itself": (adam_that_counts, None),
        "old_means": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - rate * m / (1 - 0.8**t) / (
                np.sqrt(s / (1 - 0.95**t)) + eps)), "old_means"),
        "gradient_alone": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - rate * g / (
                np.sqrt(s_hat) + eps)), "no_momentum"),
        "no_rate": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - m_hat / (
                np.sqrt(s_hat) + eps)), "no_rate"),
        "change_only": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: rate * m_hat / (
                np.sqrt(s_hat) + eps)), "change_only"),
        "corrections_swapped": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - rate * m_hat * (1 - 0.8**t) / (
                1 - 0.95**t) / (np.sqrt(s_hat * (1 - 0.95**t) / (1 - 0.8**t)) + eps)),
                                "corrections_swapped"),
        "product_for_power": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - rate * m_hat * (1 - 0.8**t) / (
                1 - 0.8 * t) / (np.sqrt(s_hat * (1 - 0.95**t) / (1 - 0.95 * t)) + eps)),
                              "not_finite"),
        "s_before_m": (lambda *a: tuple(adam_by_entry(*a)[k] for k in (0, 2, 1)), "order"),
        "w_last": (lambda *a: tuple(adam_by_entry(*a)[k] for k in (1, 2, 0)), "order"),
        "full_share": (adam_full_share, "full_share"),
        "old_means_back": (adam_old_means_back, "not_updated"),
        "rate_of_the_paper": (adam_with_settings(rate=0.001), "settings"),
        "beta_of_the_paper": (adam_with_settings(beta_1=0.9), "settings"),
        "eps_of_the_paper": (adam_with_settings(eps=1e-7), "settings"),
        "eps_of_another_library": (adam_with_settings(eps=1e-8), "settings"),
        "eps_as_a_floor": (adam_other_change(
            lambda w, g, m, s, t, rate, m_hat, s_hat, eps: w - rate * m_hat / np.maximum(
                np.sqrt(s_hat), eps)), None),
        "clipped": (lambda w, *rest: (np.clip(adam_by_entry(w, *rest)[0], w - 1e-2, w + 1e-2),
                                      *adam_by_entry(w, *rest)[1:]), None),
        "two_axes_only": (lambda w, *rest: tuple(
            a[:, :3] if a.ndim > 1 else a for a in adam_by_entry(w, *rest)), None),
    },
}
