"""Answers to lesson 00, as learners write them."""

import itertools

import numpy as np
import pandas as pd


def last_by_loop(x):
    rows = []
    for sequence in x:
        rows.append(sequence[len(sequence) - 1])
    return np.array(rows)


def days_by_loop(readings, n_steps):
    days = []
    for start in range(0, len(readings), n_steps):
        days.append(readings[start:start + n_steps])
    return np.array(days)


def days_by_sizes(readings, n_steps):
    hours, features = readings.shape
    return readings.reshape((hours // n_steps, n_steps, features))


def days_into_zeros(readings, n_steps):
    days = np.zeros((len(readings) // n_steps, n_steps, readings.shape[1]))
    for hour, reading in enumerate(readings):
        days[hour // n_steps, hour % n_steps] = reading
    return days


def days_by_index(readings, n_steps):
    return readings[np.arange(len(readings)).reshape(-1, n_steps)]


def days_with_pandas(readings, n_steps):
    groups = pd.DataFrame(readings).groupby(np.arange(len(readings)) // n_steps)
    return np.stack([group.to_numpy() for _, group in groups])


def days_one_short(readings, n_steps):
    return np.stack([readings[k:k + n_steps]
                     for k in range(0, max(1, len(readings) - n_steps), n_steps)])


def leak(x, a, h=0.0, gain=1.0, forget=True, late=False):
    states = []
    for x_t in x:
        if late:
            states.append(h)
        h = (a * h if forget else h) + gain * x_t
        if not late:
            states.append(h)
    return np.array(states)


def leak_in_an_array(x, a):
    h = np.zeros(len(x))
    for t in range(len(x)):
        h[t] = x[t] if t == 0 else a * h[t - 1] + x[t]
    return h


def leak_as_a_sum(x, a):
    return np.array([sum(a ** (t - k) * x[k] for k in range(t + 1)) for t in range(len(x))])


def leak_as_a_matrix(x, a):
    t = np.arange(len(x))
    return np.tril(a ** np.abs(t[:, None] - t)) @ x


def leak_recursively(x, a):
    if len(x) == 0:
        return np.zeros(0)
    earlier = leak_recursively(x[:-1], a)
    return np.append(earlier, x[-1] + (a * earlier[-1] if len(earlier) else 0))


def leak_with_accumulate(x, a):
    return np.array(list(itertools.accumulate(x, lambda h, x_t: a * h + x_t)), dtype=float)


def leak_by_convolution(x, a):
    return np.convolve(x, a ** np.arange(len(x)))[:len(x)]


def leak_float32(x, a):
    h, states = np.float32(0), np.empty(len(x), np.float32)
    for t, value in enumerate(np.asarray(x, np.float32)):
        h = np.float32(a) * h + value
        states[t] = h
    return states


def leak_like(x, a):
    h = np.zeros_like(x)
    for t in range(len(x)):
        h[t] = a * h[t - 1] + x[t]
    return h


def leak_in_a_copy(x, a):
    h = x.copy()
    for t in range(1, len(x)):
        h[t] = h[t] + a * h[t - 1]
    return h


def leak_windowed(x, a, steps=10):
    return np.array([sum(a ** (t - k) * x[k] for k in range(max(0, t - steps), t + 1))
                     for t in range(len(x))])


def leak_skips_zeros(x, a):
    h, states = 0.0, []
    for x_t in x:
        if x_t:
            h = a * h + x_t
        states.append(h)
    return np.array(states)


def leak_never_below_zero(x, a):
    h, states = 0.0, []
    for x_t in x:
        h = max(0.0, a * h + x_t)
        states.append(h)
    return np.array(states)


def leak_into_a_default(x, a, states=[]):       # noqa: B006
    h = states[-1] if states else 0.0
    for x_t in x:
        h = a * h + x_t
        states.append(h)
    return np.array(states)


def leak_in_place(x, a):
    for t in range(1, len(x)):
        x[t] += a * x[t - 1]
    return x


RIGHT = {
    "last_step": {
        "by_loop": last_by_loop, "with_take": lambda x: np.take(x, x.shape[1] - 1, axis=1),
        "squeezed": lambda x: x[:, -1:, :].squeeze(axis=1),
        "time_first": lambda x: np.moveaxis(x, 1, 0)[-1],
        "popped": lambda x: np.array([s.tolist().pop() for s in x]),
        "einsum": lambda x: np.einsum("btf,t->bf", x, np.eye(x.shape[1])[-1]),
        "float32": lambda x: x[:, x.shape[1] - 1].astype(np.float32),
    },
    "cut_into_days": {
        "by_loop": days_by_loop, "by_sizes": days_by_sizes,
        "with_split": lambda r, n: np.stack(np.split(r, len(r) // n)),
        "into_zeros": days_into_zeros, "by_index": days_by_index, "pandas": days_with_pandas,
        "nested_lists": lambda r, n: np.array([r[k:k + n].tolist()
                                               for k in range(0, len(r), n)]),
    },
    "leaky_memory": {
        "in_an_array": leak_in_an_array, "as_a_sum": leak_as_a_sum,
        "as_a_matrix": leak_as_a_matrix, "recursive": leak_recursively,
        "accumulate": leak_with_accumulate, "convolution": leak_by_convolution,
        "float32": leak_float32, "copy_of_floats": lambda x, a: leak_in_a_copy(x.astype(float), a),
        "series": lambda x, a: pd.Series(leak_in_an_array(x, a)),
    },
}

WRONG = {
    "last_step": {
        "last_sequence": (lambda x: x[-1], "last_sequence"),
        "last_feature": (lambda x: x[..., -1], "last_feature"),
        "first_step": (lambda x: x[:, 0], "first_step"),
        "next_to_last": (lambda x: x[:, -2], "next_to_last"),
        "by_len_of_the_batch": (lambda x: x[:, len(x) - 1], "fixed_step"),
        "sixth_step": (lambda x: x[:, 5], "fixed_step"),
        "step_24": (lambda x: x[:, 23], "fixed_step"),
        "a_slice": (lambda x: x[:, -1:], "keeps_time_axis"),
        "last_number": (lambda x: x[-1, -1, -1], None),
        "last_feature_of_it": (lambda x: x[:, -1, -1], "one_feature"),
        "first_feature_of_it": (lambda x: x[:, -1, 0], "one_feature"),
        "of_the_last_sequence": (lambda x: x[-1, -1], "one_sequence"),
        "of_the_first_sequence": (lambda x: x[0, -1, :], "one_sequence"),
        "mean_over_time": (lambda x: x.mean(axis=1), "averaged"),
        "largest": (lambda x: x.max(axis=1), None),
        "two_features": (lambda x: x[:, -1, :2], None),
        "transposed": (lambda x: x[:, -1].T, "transposed"),
        "a_list": (lambda x: [sequence[-1] for sequence in x], "not_an_array"),
        "forgets_to_return": (lambda x: print(x[:, -1]), "returns_none"),
    },
    "cut_into_days": {
        "time_first": (lambda r, n: r.reshape(-1, n, r.shape[1]).swapaxes(0, 1), "time_first"),
        "sizes_swapped": (lambda r, n: r.reshape(n, -1, r.shape[1]), "swapped_sizes"),
        "scrambled": (lambda r, n: r.reshape(n, -1, r.shape[1]).swapaxes(0, 1), "scrambled"),
        "strided": (lambda r, n: np.stack([r[k::len(r) // n] for k in range(len(r) // n)]),
                    "scrambled"),
        "features_lost": (lambda r, n: r.reshape(len(r) // n, -1), "features_lost"),
        "two_sizes": (lambda r, n: r.reshape(-1, n), "features_lost"),
        "two_features": (lambda r, n: r.reshape(-1, n, 2), "fixed_size"),
        "three_features": (lambda r, n: r.reshape(-1, n, 3), "fixed_size"),
        "three_days": (lambda r, n: r.reshape(3, n, r.shape[1]), "fixed_size"),
        "three_days_of_any_length": (lambda r, n: r.reshape(3, -1, r.shape[1]), "fixed_size"),
        "24_hours": (lambda r, n: r.reshape(-1, 24, r.shape[1]), "fixed_size"),
        "one_long_day": (lambda r, n: r[None], "one_long_day"),
        "windows": (lambda r, n: np.stack([r[k:k + n] for k in range(len(r) - n + 1)]),
                    "windows"),
        "drops_a_day": (lambda r, n: r.reshape(-1, n, r.shape[1])[:-1], "a_day_short"),
        "loop_ends_early": (days_one_short, "a_day_short"),
        "newest_day_first": (lambda r, n: days_by_loop(r, n)[::-1], "newest_first"),
        "hours_backwards": (lambda r, n: days_by_loop(r, n)[:, ::-1], "newest_first"),
        "daily_means": (lambda r, n: days_by_loop(r, n).mean(axis=1), None),
        "features_before_steps": (lambda r, n: days_by_loop(r, n).swapaxes(1, 2), None),
        "a_list": (lambda r, n: [r[k:k + n] for k in range(0, len(r), n)], "not_an_array"),
    },
    "leaky_memory": {
        "cumsum": (lambda x, a: np.cumsum(x), "never_forgets"),
        "sum_in_a_loop": (lambda x, a: leak(x, a, forget=False), "never_forgets"),
        "last_only": (lambda x, a: leak(x, a)[-1], "last_only"),
        "no_memory": (lambda x, a: x.astype(float), "no_memory"),
        "input_leaks_too": (lambda x, a: a * leak(x, a), "input_leaks_too"),
        "input_leaks_only": (lambda x, a: leak(x, a, gain=a, forget=False), "input_leaks_only"),
        "first_counts_twice": (lambda x, a: leak(x, a, h=x[0]), "first_counts_twice"),
        "one_late": (lambda x, a: leak(x, a, late=True), "one_late"),
        "average": (lambda x, a: leak(x, a, gain=1 - a), "average"),
        "loses_a": (lambda x, a: leak(x, 1 - a), "other_share"),
        "average_the_other_way": (lambda x, a: leak(x, 1 - a, gain=a), "other_share"),
        "previous_input": (lambda x, a: x + a * np.concatenate([[0], x[:-1]]), "previous_input"),
        "previous_input_one_short": (lambda x, a: x[1:] + a * x[:-1], "previous_input"),
        "previous_input_in_a_loop": (
            lambda x, a: np.array([a * x[t - 1] + x[t] for t in range(len(x))]), "wraps_round"),
        "starts_at_zero": (lambda x, a: np.concatenate([[0.0], leak(x[1:], a)]), "skips_first"),
        "loop_from_one": (lambda x, a: leak(x[1:], a), "skips_first"),
        "first_not_appended": (lambda x, a: leak(x[1:], a, h=x[0]), "first_missing"),
        "last_not_read": (lambda x, a: leak(x[:-1], a), "last_missing"),
        "with_h0": (lambda x, a: np.append(0.0, leak(x, a)), "with_h0"),
        "from_the_end": (lambda x, a: leak(x[::-1], a), "backwards"),
        "from_the_end_and_back": (lambda x, a: leak(x[::-1], a)[::-1], "backwards"),
        "zeros_like": (leak_like, "integers_stay"),
        "in_a_copy": (leak_in_a_copy, "integers_stay"),
        "zeros_like_then_floats": (lambda x, a: leak_like(x, a).astype(float), "integers_stay"),
        "rounded": (lambda x, a: np.round(leak(x, a)), None),
        "fixed_share": (lambda x, a: leak(x, 0.8), None),
        "last_ten_steps": (leak_windowed, None),
        "skips_zeros": (leak_skips_zeros, None),
        "never_below_zero": (leak_never_below_zero, None),
        "as_long_as_a_default_grows": (leak_into_a_default, "keeps_state"),
        "subtracts": (lambda x, a: leak(x, -a), None),
        "in_place": (leak_in_place, None),
    },
}
