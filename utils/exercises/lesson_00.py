"""Checks of lesson 00: three tiny exercises to meet shapes, time and memory."""

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_close

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
    "one_feature": (
        "The step is right, but one of its features is all you kept.",
        "x[:, -1] takes the last step with all its features.",
    ),
    "one_sequence": (
        "That is the last step of one sequence: every sequence of the batch has one.",
        "Take all of axis 0 with a colon.",
    ),
    "first_step": (
        "That is the first step. Which index counts from the end?",
    ),
    "next_to_last": (
        "One step too early: x[:, -1] is the last one, since counting from the end starts at -1.",
    ),
    "fixed_step": (
        "Is the number of your step fixed, or counted with len(x)? len(x) counts the sequences.",
        "Count from the end: -1 is the last step at any length.",
    ),
    "averaged": (
        "You average over the steps: the answer is one of them, the last.",
    ),
    "keeps_time_axis": (
        "The values are right, but an axis of length 1 is left: -1: is a slice, -1 an index.",
    ),
    None: ("x has the axes (batch, time, features); the answer has (batch, features).",),
})


def _last_of(x, answer):
    try:
        got = answer(x)
    except Wrong as wrong:
        fixed = "out of bounds for axis 1" in str(wrong)
        raise Wrong(str(wrong), "fixed_step" if fixed else wrong.mistake) from None
    steps = [x[:, t] for t in range(x.shape[1])]
    expect_close(got, steps[-1], "the last step", axes="(batch, features)", mistakes={
        "last_sequence": x[-1], "last_feature": x[..., -1], "first_step": steps[0],
        "one_feature": tuple(x[:, -1].T), "one_sequence": tuple(x[:, -1]),
        "next_to_last": steps[len(steps) - 2], "fixed_step": tuple(steps),
        "averaged": x.mean(axis=1), "keeps_time_axis": x[:, -1:],
    })


@last_step.part("the last step")
def _(rng, answer):
    for batch, time, features in ((4, 9, 3), (2, 6, 1), (1, 5, 4), (3, 1, 2), (5, 24, 2)):
        _last_of(rng.normal(size=(batch, time, features)), answer)


# --- cut_into_days ---------------------------------------------------------------------------

cut_into_days = Exercise("cut_into_days", hints={
    "time_first": (
        "Time came first. In this course the batch axis does: one row for each day.",
        "The shape is (days, n_steps, features), in this order.",
    ),
    "swapped_sizes": (
        "You made n_steps sequences. How many sequences, and how many steps in each?",
        "Each day is one sequence of n_steps rows: reshape to (days, n_steps, features).",
    ),
    "scrambled": (
        "The shape is right, and the rows are not: one of your days mixes hours of many days.",
        "Reshape to (days, n_steps, features) in one go: the hours then stay in their order.",
    ),
    "features_lost": (
        "Every reading has several features: where is their axis?",
        "Give reshape three numbers: days, n_steps, features.",
    ),
    "fixed_size": (
        "Your sizes do not fit this table: is one of them a number that you wrote yourself?",
        "Take them from the arguments: n_steps and readings.shape[1]; -1 stands for the days.",
    ),
    "one_long_day": (
        "That is one sequence with all the hours. How many days are there?",
        "len(readings) // n_steps days.",
    ),
    "a_day_short": (
        "The days are right, but one is missing: where does your loop end?",
        "range(0, len(readings), n_steps) starts a day at each of its numbers.",
    ),
    "newest_first": (
        "Your days, or the hours in them, run backwards: the oldest comes first.",
    ),
    "windows": (
        "Your sequences overlap: each hour belongs to one day only.",
    ),
    None: ("reshape keeps the order of the rows: which three sizes should it make?",),
})


def _cut_by_sizes(readings, n_steps, got):
    """Return the mistake of a plain reshape to wrong sizes, or None."""
    shape = np.shape(got)
    if len(shape) != 3 or got.size != readings.size or np.any(got.ravel() != readings.ravel()):
        return None
    swapped = shape == (n_steps, len(readings) // n_steps, readings.shape[1])
    return "one_long_day" if shape[0] == 1 else "swapped_sizes" if swapped else "fixed_size"


def _days_of(readings, n_steps, answer):
    try:
        got = answer(readings, n_steps)
    except Wrong as wrong:
        fixed = "cannot reshape" in str(wrong)
        raise Wrong(str(wrong), "fixed_size" if fixed else wrong.mistake) from None
    hours, features = readings.shape
    days = hours // n_steps
    right = np.stack([readings[k * n_steps:(k + 1) * n_steps] for k in range(days)])
    windows = np.stack([readings[k:k + n_steps] for k in range(hours - n_steps + 1)])
    try:
        expect_close(got, right, "the batch", axes="(days, n_steps, features)", mistakes={
            "time_first": right.swapaxes(0, 1),
            "scrambled": readings.reshape(n_steps, days, features).swapaxes(0, 1),
            "features_lost": (readings.reshape(days, -1), readings.reshape(-1, n_steps)),
            "a_day_short": (right[:-1], right[1:]),
            "newest_first": (right[::-1], right[:, ::-1], right[::-1, ::-1]),
            "windows": windows,
        })
    except Wrong as wrong:
        reshaped = isinstance(got, np.ndarray) and _cut_by_sizes(readings, n_steps, got)
        raise Wrong(str(wrong), reshaped or wrong.mistake) from None


@cut_into_days.part("days")
def _(rng, answer):
    for days, n_steps, features in ((4, 7, 3), (10, 4, 2), (1, 6, 2), (5, 1, 3), (3, 8, 1),
                                    (2, 24, 5)):
        _days_of(rng.normal(size=(days * n_steps, features)), n_steps, answer)


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
    "input_leaks_only": (
        "You multiply the new x_t by a, and the old h stays whole: it is the other way round.",
        "h = a * h + x_t, not h + a * x_t.",
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
    "other_share": (
        "a is the share that is kept; you keep 1 - a of the old h.",
    ),
    "skips_first": (
        "The first input, x[0], never comes in. Where does your loop begin?",
        "h = 0 is the state *before* x[0]: the loop reads x[0] too, and appends after it.",
    ),
    "first_missing": (
        "One value too few: the state after the first input is missing at the front.",
        "Start at h = 0 and let the loop read x[0] too, or put x[0] into the list before it.",
    ),
    "last_missing": (
        "One value too few: the last input is never read. Where does your loop end?",
        "range(len(x)) already stops before len(x).",
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
    "backwards": (
        "Your memory runs from the last input to the first: h_t may know x_1 to x_t only.",
    ),
    "integers_stay": (
        "x may hold integers, and an array made like x then cuts off the decimals of h.",
        "np.zeros(len(x)) holds floats; np.zeros_like(x) and x.copy() hold what x holds.",
    ),
    None: ("Keep one number h, starting at 0, and go through x in a loop.",),
})


def _leak(x, a, first=0.0, gain=1.0):
    h, states = first, []
    for x_t in x:
        h = a * h + gain * x_t
        states.append(h)
    return np.array(states)


def _leak_cut_off(x, a):
    """Return the states of a loop that keeps them in an array of x's own dtype."""
    states = np.zeros_like(x)
    for t, x_t in enumerate(x):
        states[t] = x_t if t == 0 else a * states[t - 1] + x_t
    return states


def _states_of(x, a, answer, telling=False):
    """Judge one call; only inputs without ties are `telling` which mistake was made."""
    h = answer(x, a)
    cut_off = x.dtype.kind == "i" and isinstance(h, np.ndarray) and h.dtype.kind == "i"
    expect(not cut_off, "for an x of integers h holds integers: its decimals are cut off.",
           "integers_stay")
    mistakes = _leaky_mistakes(x, a) if telling else {"integers_stay": _leak_cut_off(x, a)}
    expect_close(h, _leak(x, a), "h", axes="(time,)", atol=1e-5, mistakes=mistakes)


def _leaky_mistakes(x, a):
    right, zero = _leak(x, a), [0.0]
    late, before = _leak(x[1:], a), np.concatenate([zero, x[:-1]])
    return {
        "never_forgets": np.cumsum(x), "last_only": right[-1], "no_memory": x,
        "input_leaks_too": a * right, "input_leaks_only": a * np.cumsum(x),
        "first_counts_twice": _leak(x, a, first=x[0]),
        "one_late": np.concatenate([zero, right[:-1]]), "average": _leak(x, a, gain=1 - a),
        "other_share": (_leak(x, 1 - a), _leak(x, 1 - a, gain=a)),
        "skips_first": (np.concatenate([zero, late]), late),
        "first_missing": right[1:], "last_missing": right[:-1],
        "with_h0": np.concatenate([zero, right]),
        "previous_input": (x + a * before, (x + a * before)[1:]),
        "wraps_round": x + a * np.roll(x, 1),
        "backwards": (_leak(x[::-1], a), _leak(x[::-1], a)[::-1]),
    }


@leaky_memory.part("all states")
def _(rng, answer):
    wet = rng.normal(size=8) * 2
    wet[[0, 3]] = rng.uniform(1, 2), rng.uniform(-9, -6)
    _states_of(wet, float(rng.uniform(0.3, 0.45)), answer, telling=True)
    for size, a in ((1, 0.7), (5, 0.8), (6, -0.4)):
        _states_of(rng.normal(size=size) + 1, a, answer)
    dry, long = rng.normal(size=9), rng.uniform(1, 3, size=60)
    dry[2:6] = 0
    _states_of(dry, 0.9, answer)
    _states_of(long, 0.95, answer)
    _states_of(rng.integers(1, 9, size=7), float(rng.uniform(0.55, 0.65)), answer)


seal(__name__)
