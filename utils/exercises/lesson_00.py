"""Checks of lesson 00: three tiny exercises to meet shapes, time and memory."""

import numpy as np

from .engine import Exercise, seal
from .expect import expect_close

# --- last_step -------------------------------------------------------------------------------

last_step = Exercise("last_step", hints={
    "last_sequence": (
        "x[-1] is the last *sequence* of the batch, with all its steps. Which axis is time?",
        "The axes are (batch, time, features): take all of axis 0, then the last of axis 1.",
    ),
    "last_feature": (
        "You took the last feature of every step. Which axis is time?",
        "The axes are (batch, time, features): the index of time comes second.",
    ),
    "first_step": (
        "That is the first step. Which index counts from the end?",
    ),
    "next_to_last": (
        "One step too early: x[:, -1] is the last one, since counting from the end starts at -1.",
    ),
    "keeps_time_axis": (
        "The values are right, but an axis of length 1 is left: -1: is a slice, -1 an index.",
    ),
    None: ("x has the axes (batch, time, features); the answer has (batch, features).",),
})


@last_step.part("the last step")
def _(rng, answer):
    x = rng.normal(size=(int(rng.integers(3, 5)), int(rng.integers(6, 9)), 2))
    expect_close(answer(x), x[:, -1], "the last step", axes="(batch, features)", mistakes={
        "last_sequence": x[-1], "last_feature": x[..., -1], "first_step": x[:, 0],
        "next_to_last": x[:, -2], "keeps_time_axis": x[:, -1:],
    })


# --- cut_into_days ---------------------------------------------------------------------------

cut_into_days = Exercise("cut_into_days", hints={
    "time_first": (
        "Time came first. In this course the batch axis does: one row for each day.",
        "The shape is (days, n_steps, features), in this order.",
    ),
    "scrambled": (
        "The shape is right, and the rows are not: one of your days mixes hours of many days.",
        "Reshape to (days, n_steps, features) in one go: the hours then stay in their order.",
    ),
    "features_lost": (
        "Every reading has several features: where is their axis?",
        "Give reshape three numbers: days, n_steps, features.",
    ),
    "one_long_day": (
        "That is one sequence with all the hours. How many days are there?",
        "len(readings) // n_steps days.",
    ),
    "windows": (
        "Your sequences overlap: each hour belongs to one day only.",
    ),
    None: ("reshape keeps the order of the rows: which three sizes should it make?",),
})


@cut_into_days.part("days")
def _(rng, answer):
    days, n_steps, features = int(rng.integers(3, 5)), int(rng.integers(6, 9)), 2
    readings = rng.normal(size=(days * n_steps, features))
    right = np.stack([readings[k * n_steps:(k + 1) * n_steps] for k in range(days)])
    windows = np.stack([readings[k:k + n_steps] for k in range(len(readings) - n_steps + 1)])
    expect_close(
        answer(readings, n_steps), right, "the batch", axes="(days, n_steps, features)",
        mistakes={
            "time_first": right.swapaxes(0, 1),
            "scrambled": readings.reshape(n_steps, days, features).swapaxes(0, 1),
            "features_lost": readings.reshape(days, -1),
            "one_long_day": readings[None], "windows": windows,
        })


# --- leaky_memory ----------------------------------------------------------------------------

leaky_memory = Exercise("leaky_memory", hints={
    "never_forgets": (
        "This adds up everything and forgets nothing: what should happen to h before x_t comes?",
        "Multiply the old h by a, then add x_t.",
    ),
    "last_only": (
        "That is the last h. The answer has one for each step.",
        "Start with an empty list, append h at each step, and return np.array(the list).",
    ),
    "no_memory": (
        "No h_{t-1} is in it: what was read before must be carried to the next step.",
    ),
    "input_leaks_too": (
        "The new x_t comes in whole; only the old h is multiplied by a.",
        "h = a * h + x_t, not a * (h + x_t).",
    ),
    "first_counts_twice": (
        "h starts at 0. If it starts at x[0] and the loop begins at x[0], that one comes twice.",
    ),
    "one_late": (
        "Your first value is the h before anything was read: append *after* the update.",
    ),
    "average": (
        "The new x_t comes in whole here: it is not multiplied by 1 - a.",
    ),
    "skips_first": (
        "The first input, x[0], never comes in. Where does your loop begin?",
        "h = 0 is the state *before* x[0]: the loop reads x[0] too, and appends after it.",
    ),
    "first_missing": (
        "One value too few: the state after the first input is missing at the front.",
        "Start at h = 0 and let the loop read x[0] too, or put x[0] into the list before it.",
    ),
    "with_h0": (
        "One value too many: h_0 = 0 is where you start, not one of the answers.",
        "Start with an empty list: it gets one value for each input.",
    ),
    "previous_input": (
        "You multiply the previous *input* by a. What is carried on is the previous *state*.",
        "The old h holds all earlier inputs, not the last one only: h = a * h + x_t.",
    ),
    "wraps_round": (
        "At the first step x[t - 1] is x[-1], which is the *last* input. And what is carried on "
        "is the previous state, not the previous input.",
    ),
    None: ("Keep one number h, starting at 0, and go through x in a loop.",),
})


def _as_long(value, *variants):
    """Return the variant of a mistake that is as long as `value`, else the first one."""
    size = getattr(value, "size", None)
    return next((v for v in variants if v.size == size), variants[0])


def _leak(x, a, first=0.0, gain=1.0):
    h, states = first, []
    for x_t in x:
        h = a * h + gain * x_t
        states.append(h)
    return np.array(states)


@leaky_memory.part("all states")
def _(rng, answer):
    x, a = rng.normal(size=int(rng.integers(5, 9))) + 2, float(rng.uniform(0.3, 0.8))
    right, h, zero = _leak(x, a), answer(x, a), [0.0]
    late, before = _leak(x[1:], a), np.concatenate([zero, x[:-1]])
    expect_close(h, right, "h", axes="(time,)", mistakes={
        "never_forgets": np.cumsum(x), "last_only": right[-1], "no_memory": x,
        "input_leaks_too": a * right, "first_counts_twice": _leak(x, a, first=x[0]),
        "one_late": np.concatenate([zero, right[:-1]]), "average": _leak(x, a, gain=1 - a),
        "skips_first": _as_long(h, np.concatenate([zero, late]), late),
        "first_missing": right[1:], "with_h0": np.concatenate([zero, right]),
        "previous_input": _as_long(h, x + a * before, (x + a * before)[1:]),
        "wraps_round": x + a * np.roll(x, 1),
    })


seal(__name__)
