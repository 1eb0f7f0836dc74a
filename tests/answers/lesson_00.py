"""Answers to lesson 00, as learners write them."""

import numpy as np


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


def leak_in_place(x, a):
    for t in range(1, len(x)):
        x[t] += a * x[t - 1]
    return x


RIGHT = {
    "last_step": {
        "by_loop": last_by_loop, "with_take": lambda x: np.take(x, x.shape[1] - 1, axis=1),
        "squeezed": lambda x: x[:, -1:, :].squeeze(axis=1),
    },
    "cut_into_days": {
        "by_loop": days_by_loop, "by_sizes": days_by_sizes,
        "with_split": lambda r, n: np.stack(np.split(r, len(r) // n)),
    },
    "leaky_memory": {
        "in_an_array": leak_in_an_array, "as_a_sum": leak_as_a_sum,
        "as_a_matrix": leak_as_a_matrix,
    },
}

WRONG = {
    "last_step": {
        "last_sequence": (lambda x: x[-1], "last_sequence"),
        "last_feature": (lambda x: x[..., -1], "last_feature"),
        "first_step": (lambda x: x[:, 0], "first_step"),
        "next_to_last": (lambda x: x[:, -2], "next_to_last"),
        "a_slice": (lambda x: x[:, -1:], "keeps_time_axis"),
        "last_number": (lambda x: x[-1, -1, -1], None),
        "a_list": (lambda x: [sequence[-1] for sequence in x], "not_an_array"),
        "forgets_to_return": (lambda x: print(x[:, -1]), "returns_none"),
    },
    "cut_into_days": {
        "time_first": (lambda r, n: r.reshape(-1, n, r.shape[1]).swapaxes(0, 1), "time_first"),
        "scrambled": (lambda r, n: r.reshape(n, -1, r.shape[1]).swapaxes(0, 1), "scrambled"),
        "strided": (lambda r, n: np.stack([r[k::len(r) // n] for k in range(len(r) // n)]),
                    "scrambled"),
        "features_lost": (lambda r, n: r.reshape(len(r) // n, -1), "features_lost"),
        "one_long_day": (lambda r, n: r[None], "one_long_day"),
        "windows": (lambda r, n: np.stack([r[k:k + n] for k in range(len(r) - n + 1)]),
                    "windows"),
        "drops_a_day": (lambda r, n: r.reshape(-1, n, r.shape[1])[:-1], None),
        "a_list": (lambda r, n: [r[k:k + n] for k in range(0, len(r), n)], "not_an_array"),
    },
    "leaky_memory": {
        "cumsum": (lambda x, a: np.cumsum(x), "never_forgets"),
        "sum_in_a_loop": (lambda x, a: leak(x, a, forget=False), "never_forgets"),
        "last_only": (lambda x, a: leak(x, a)[-1], "last_only"),
        "no_memory": (lambda x, a: x, "no_memory"),
        "input_leaks_too": (lambda x, a: a * leak(x, a), "input_leaks_too"),
        "first_counts_twice": (lambda x, a: leak(x, a, h=x[0]), "first_counts_twice"),
        "one_late": (lambda x, a: leak(x, a, late=True), "one_late"),
        "average": (lambda x, a: leak(x, a, gain=1 - a), "average"),
        "previous_input": (lambda x, a: x + a * np.concatenate([[0], x[:-1]]), "previous_input"),
        "previous_input_one_short": (lambda x, a: x[1:] + a * x[:-1], "previous_input"),
        "previous_input_in_a_loop": (
            lambda x, a: np.array([a * x[t - 1] + x[t] for t in range(len(x))]), "wraps_round"),
        "starts_at_zero": (lambda x, a: np.concatenate([[0.0], leak(x[1:], a)]), "skips_first"),
        "loop_from_one": (lambda x, a: leak(x[1:], a), "skips_first"),
        "first_not_appended": (lambda x, a: leak(x[1:], a, h=x[0]), "first_missing"),
        "with_h0": (lambda x, a: np.append(0.0, leak(x, a)), "with_h0"),
        "in_place": (leak_in_place, None),
    },
}
