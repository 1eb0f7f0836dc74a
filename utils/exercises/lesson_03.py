"""Checks of lesson 03: windows, a fair comparison, baselines, recursion and a leak.

Each part runs through a list of cases: an ordinary one first, which tells most mistakes apart,
then the edges that the exercise allows. The answer is called before the right value is known.
"""

import numpy as np
from numpy import isclose, isnan

from .engine import Exercise, seal
from .expect import Wrong, equals, expect, expect_array, expect_close, expect_tuple


def _expect_no_nan(value, name, mistake):
    """Say what NaN stands for where no input has any and nothing divides by zero."""
    if isinstance(value, (float, np.ndarray)) and np.asarray(value).dtype.kind == "f":
        array = np.asarray(value)
        count = int(isnan(array).sum())
        expect(count == 0, f"{name} is NaN." if array.ndim == 0 else
               f"{name} holds {count} NaN.", mistake)


# --- make_windows ----------------------------------------------------------------------------

make_windows = Exercise("make_windows", hints={
    "target_inside": (
        "Is the target already inside the window?",
        "A window that starts at row i ends at row i + n_past - 1; `horizon` steps later is "
        "row i + n_past + horizon - 1.",
    ),
    "one_too_far": (
        "Count from the window's last row, not from the row after it.",
        "A window that starts at row i ends at row i + n_past - 1; its target is row "
        "i + n_past + horizon - 1.",
    ),
    "drops_last": (
        "The last row of the series should be the target of the last sample.",
        "There are time - n_past - horizon + 1 samples: mind the + 1.",
    ),
    "drops_first": ("The first window begins at row 0.",),
    "ignores_horizon": (
        "What changes when horizon grows from 1 to 2?",
        "With a longer horizon the targets start later, and fewer windows have one.",
    ),
    "jumps": ("The next window starts one row later: by how many rows does yours move on?",),
    "newest_first": ("Inside a window the oldest row comes first.",),
    "axes_order": (
        "x is (samples, n_past, features): time is the middle axis.",
        "`sliding_window_view` puts the window's axis last; np.swapaxes(x, 1, 2) moves it.",
    ),
    "all_steps": ("y holds only the row `horizon` steps ahead, not all rows up to it.",),
    "y_is_window": ("A target is one row; yours is a window of rows.",),
    "swapped": ("The windows come first: `return x, y`.",),
    "y_has_time": (
        "y is one row per sample, without an axis for time.",
        "`rows[i]` is a row, (features,); `rows[i:i + 1]` is a window of one row, (1, features).",
    ),
    "y_one_feature": (
        "A row is a vector: y holds all features of the target row, not one of them.",
    ),
    "no_target": (
        "The last windows of the series have no target any more: leave them out.",
        "Only time - n_past - horizon + 1 windows have a target.",
    ),
    "not_full": ("The first rows of the series have no full window: leave them out.",),
    "window_moved": ("Window i begins at row i and ends before row i + n_past.",),
    "window_length": ("A window has n_past rows: `rows[i:i + n_past]`.",),
    "squeezed": ("An axis stays, also where its length is 1.",),
    "features_lost": ("A row keeps all its features, in x and in y.",),
    "count": ("How many windows have a target? There are time - n_past - horizon + 1 of them.",),
    "y_shape": ("y is (samples, features): one row of the series for each window.",),
    "x_shape": ("x keeps three axes, (samples, n_past, features).",),
    "wrong_count": ("Return both arrays: `return x, y`.",),
})


def _samples(rows, n_past, horizon):
    """Return x, y, and for each {mistake: values that it gives}."""
    samples = len(rows) - n_past - horizon + 1
    at = np.arange(samples)[:, None] + np.arange(n_past)
    x, y = rows[at], rows[n_past + horizon - 1:]
    ahead = np.arange(samples)[:, None] + n_past + np.arange(horizon)
    several = rows.shape[1] > 1
    mistakes_y = {
        "target_inside": rows[n_past + horizon - 2:][:samples],
        "one_too_far": y[1:] if samples > 1 else (),
        "drops_last": y[:-1],
        "jumps": (y[::n_past], y[::horizon]),
        "swapped": x,
        "y_has_time": y[:, None],
        "squeezed": (np.squeeze(y), y[:, 0])[: 1 if several else 2],
        "y_one_feature": (y[:, 0], y[:, -1], y[:, :1], y[:, -1:]),
        "y_is_window": rows[at + horizon],
    }
    windows = np.arange(len(rows) - n_past + 1)[:, None] + np.arange(n_past)
    mistakes_x = {
        "drops_last": x[:-1],
        "drops_first": x[1:],
        "jumps": (x[::n_past], x[::horizon]),
        "newest_first": x[:, ::-1],
        "axes_order": x.swapaxes(1, 2),
        "no_target": rows[windows],
        "window_moved": (rows[at + 1], rows[at - 1]),
        "squeezed": (np.squeeze(x), x[:, 0], x[..., 0])[: 1 + (n_past == 1) + (not several)],
    }
    if horizon > 1:
        mistakes_y |= {
            "all_steps": rows[ahead],
            "ignores_horizon": (rows[n_past:], rows[n_past:][:samples]),
        }
    return x, y, mistakes_x, mistakes_y


def _check_windows(windows, rows, n_past, *horizon):
    x, y = expect_tuple(windows(rows, n_past, *horizon), ("x", "y"))
    right_x, right_y, mistakes_x, mistakes_y = _samples(rows, n_past, *(horizon or (1,)))
    if len(right_x) > 1 and equals(x, right_x[1:]):
        mistakes_y = {"drops_first": right_y[1:]} | mistakes_y
    case = f"of {len(rows)} rows, n_past {n_past}, horizon {horizon[0] if horizon else 1}"
    _expect_no_nan(y, "y", "no_target")
    _expect_no_nan(x, "x", "not_full")
    _close_in_shape(y, right_y, f"y {case},", mistakes_y, "(samples, features)")
    _close_in_shape(x, right_x, f"x {case},", mistakes_x, "(samples, n_past, features)")


def _close_in_shape(value, right, name, mistakes, axes):
    """`expect_close`, where a shape that no mistake explains has the hint for what is wrong."""
    try:
        expect_close(value, right, name, mistakes, axes)
    except Wrong as wrong:
        found = _shape_mistake(np.shape(value), right.shape, name[0]) \
            if wrong.mistake == "wrong_shape" else wrong.mistake
        raise Wrong(str(wrong), found) from None


def _shape_mistake(got, right, name):
    if len(got) != len(right):
        return f"{name}_shape"
    if got[-1] != right[-1]:
        return "features_lost"
    return "count" if got[1:] == right[1:] else "window_length"


def _series(rng, time, features):
    return rng.normal(size=(time, features)).cumsum(axis=0)


@make_windows.part("one step ahead")
def _(rng, windows):
    for n_past, features, samples in [(4, 3, 11), (5, 2, 7), (1, 4, 6), (3, 1, 5), (6, 2, 1)]:
        _check_windows(windows, _series(rng, n_past + samples, features), n_past)
    repeated = _series(rng, 5, 2)[[0, 1, 2, 0, 3, 1, 4, 2, 0, 4]]
    _check_windows(windows, repeated, 3)


@make_windows.part("several steps ahead")
def _(rng, windows):
    for n_past, horizon, features, samples in [
        (4, 3, 3, 10), (5, 2, 2, 8), (2, 6, 4, 9), (3, 1, 2, 7), (1, 4, 3, 6), (3, 5, 1, 5),
        (4, 2, 3, 1),
    ]:
        time = n_past + horizon + samples - 1
        _check_windows(windows, _series(rng, time, features), n_past, horizon)


# --- paired_difference -----------------------------------------------------------------------

paired_difference = Exercise("paired_difference", hints={
    "sign": ("Which minus which? A positive mean says that the first forecast is worse.",),
    "absolute": ("Differences keep their sign: a better day must make up for a worse one.",),
    "no_root": (
        "That is the spread of single blocks. How far does their *mean* stray?",
        "Divide the standard deviation by the square root of the number of blocks.",
    ),
    "no_square_root": ("The standard deviation is divided by sqrt(n), not by n.",),
    "n_minus_one": ("n - 1 stands inside s only; s is divided by the root of n.",),
    "population": (
        "Which divisor does the formula of s have, n or n - 1?",
        "NumPy divides by n unless told otherwise: std(ddof=1).",
    ),
    "unpaired": (
        "Both forecasts met the same days: take the differences first, then their spread.",
    ),
    "variance": ("s is a standard deviation: one square root is missing.",),
    "ignores_block": (
        "What does your function do with `block`?",
        "Average each block of successive days; s and n are those of the block means.",
    ),
    "root_of_days": ("n is the number of blocks here, not the number of days.",),
    "sums": ("A block stands for its *mean* difference, not for the sum.",),
    "sum": ("The mean is the sum divided by the number of days.",),
    "swapped": ("The mean comes first, its standard error second.",),
    "not_successive": (
        "A block holds *successive* days.",
        "reshape fills row by row: (n, block) puts successive days into one row, "
        "(block, n) does not.",
    ),
    "rest_as_block": ("The days after the last full block are too few for a block: drop them.",),
    "number_of_blocks": ("`block` is the number of days in a block, not the number of blocks.",),
    "uneven": (
        "Your blocks differ in length: each has `block` days, and the days left over are dropped.",
    ),
    "overlapping": ("Blocks do not overlap: each day belongs to one block.",),
    "one_block_less": ("The last full block counts, too.",),
    "one_block": (
        "A spread of one value is NaN: how many blocks do you make when block is 1?",
    ),
    "nothing_left": (
        "The mean or spread of nothing is NaN: `d[:-0]` is empty, so cut only where days are "
        "left over.",
        "`d[:n * block]` is right with and without days left over.",
    ),
    "drops_first": ("The days left over are at the end, after the last full block.",),
    "rest_in_mean": ("The days after the last full block do not count in the mean either.",),
    "wrong_count": ("Return two numbers: the mean and its standard error.",),
    "wrong_shape": ("Both are one number, not one per day: which mean is missing?",),
    "mutates_input": ("`-=` writes into the caller's array; `d = losses_a - losses_b` does not.",),
})


def _losses(rng, days):
    hard = rng.exponential(size=days)               # days that are hard for both
    a, b = hard + rng.exponential(size=(2, days))
    a[0], b[1] = b[0] + 0.5, a[1] + 0.8             # each is better on some day
    return a, b


def _loss_cases(rng, *days):
    """Return pairs of losses: ordinary ones, large ones of both signs, whole numbers.

    In the first pair the first forecast is the worse one, in the second it is the better one.
    """
    cases = [_losses(rng, n) for n in days]
    for k, sign in enumerate((1, -1)):
        if sign * np.mean(cases[k][0] - cases[k][1]) < 0:
            cases[k] = cases[k][::-1]
    large = 3e3 * rng.normal(size=(2, days[0] + 4)) - 1e3
    return [*cases, tuple(large), tuple(rng.integers(-9, 10, (2, days[0] + 9)))]


def _standard_error(values):
    return values.std(ddof=1) / np.sqrt(len(values))


@paired_difference.part("mean")
def _(rng, paired):
    for a, b in _loss_cases(rng, 9, 2, 40):
        mean, _ = expect_tuple(paired(a, b), ("mean", "standard error"))
        _expect_no_nan(mean, "the mean", "nothing_left")
        right = (a - b).mean()
        expect_close(mean, right, f"the mean of {len(a)} days", {
            "sign": -right if right > 0 else (),
            "absolute": (abs(right), np.abs(a - b).mean()),
            "swapped": _standard_error(a - b), "sum": (a - b).sum(),
        })


@paired_difference.part("standard error of single days")
def _(rng, paired):
    for a, b in _loss_cases(rng, 10, 5, 2, 60):
        mean, error = expect_tuple(paired(a, b), ("mean", "standard error"))
        _expect_no_nan(mean, "the mean", "nothing_left")
        _expect_no_nan(error, "the standard error", "one_block")
        n, s = len(a), (a - b).std(ddof=1)
        expect_close(error, s / np.sqrt(n), f"the standard error of {n} days", {
            "no_root": (s, (a - b).std()),
            "no_square_root": s / n,
            "population": (a - b).std() / np.sqrt(n),
            "n_minus_one": s / np.sqrt(n - 1),
            "unpaired": (np.sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n),
                         np.sqrt(a.var() / n + b.var() / n)),
            "variance": (s**2 / n, s**2 / np.sqrt(n), s**2),
        })


def _block_mistakes(a, b, block, n):
    """Return {mistake: values} of the standard error and of the mean, with n full blocks."""
    d, full = a - b, (a - b)[:n * block]
    rest = len(d) - len(full)
    means, longer = full.reshape(n, block).mean(axis=1), full.reshape(block, n).mean(axis=1)
    split = np.array([d[k:k + block].mean() for k in range(0, len(d), block)])
    uneven = np.array([part.mean() for part in np.array_split(d, n)])
    sliding = np.convolve(d, np.ones(block) / block, mode="valid")
    apart = [v[:n * block].reshape(n, block).mean(axis=1).var(ddof=1) for v in (a, b)]
    spread = means.std(ddof=1)
    return {
        "ignores_block": (_standard_error(d), _standard_error(full)),
        "root_of_days": (spread / np.sqrt(len(d)), spread / np.sqrt(len(full))),
        "sums": _standard_error(means * block),
        "not_successive": _standard_error(full.reshape(block, n).mean(axis=0)),
        "number_of_blocks": (_standard_error(longer), longer.std(ddof=1) / np.sqrt(n)),
        "rest_as_block": _standard_error(split),
        "uneven": _standard_error(uneven),
        "overlapping": (_standard_error(sliding), sliding.std(ddof=1) / np.sqrt(n)),
        "drops_first": _standard_error(d[rest:].reshape(n, block).mean(axis=1)),
        "one_block_less": _standard_error(means[:-1]) if n > 2 else (),
        "unpaired": np.sqrt(sum(apart) / n),
        "population": means.std() / np.sqrt(n),
        "n_minus_one": spread / np.sqrt(n - 1),
        "no_root": (spread, means.std()),
    }, {
        "rest_in_mean": (d.mean(), split.mean(), uneven.mean()),
        "drops_first": d[rest:].mean(),
        "sums": means.mean() * block,
    }


def _telling_losses(rng, block, n, rest):
    """Return losses with which no two mistakes give the same standard error by chance."""
    while True:
        losses = _losses(rng, n * block + rest)
        errors, _ = _block_mistakes(*losses, block, n)
        values = np.sort(np.hstack(list(errors.values())))
        if (np.diff(values) > 5e-4 * values[1:]).all():
            return losses


def _check_blocks(paired, a, b, block):
    mean, error = expect_tuple(paired(a, b, block), ("mean", "standard error"))
    n, rest = divmod(len(a), block)
    means = (a - b)[:n * block].reshape(n, block).mean(axis=1)
    of_error, of_mean = _block_mistakes(a, b, block, n)
    name = f"with blocks of {block} days and {rest} left over"
    _expect_no_nan(error, f"the standard error {name}", "nothing_left")
    expect_close(error, _standard_error(means), f"the standard error {name}", of_error)
    expect_close(mean, means.mean(), f"the mean {name}", of_mean)


@paired_difference.part("blocks of days")
def _(rng, paired):
    _check_blocks(paired, *_telling_losses(rng, 4, 7, 2), 4)
    for block, n, rest in [(3, 6, 0), (5, 3, 4), (7, 2, 3), (6, 2, 0), (12, 9, 1)]:
        _check_blocks(paired, *_losses(rng, n * block + rest), block)
    _check_blocks(paired, *rng.integers(-9, 10, (2, 19)), 2)


# --- seasonal_naive --------------------------------------------------------------------------

seasonal_naive = Exercise("seasonal_naive", hints={
    "first_season": ("That is the first season of the history; the last one is wanted.",),
    "last_value": ("That repeats the last value. How long is a season?",),
    "one_early": (
        "Is the very last value of the history among those you repeat?",
        "The last season is history[-season:].",
    ),
    "one_late": ("The first step repeats the value of one season before it, history[-season].",),
    "too_short": (
        "The forecast has `horizon` values, also when that is more than a season.",
        "After the last season comes the same season again: which index does k % season give?",
    ),
    "fixed_repeats": (
        "How often must the season be repeated? That depends on the horizon.",
        "For any horizon: which index does k % season give?",
    ),
    "rounds_down": ("A horizon need not be a whole number of seasons: round up, then cut.",),
    "rounds_up": ("Cut the repeated seasons to `horizon` values.",),
    "cut_of_nothing": (
        "Too much is cut when the horizon is a whole number of seasons: `[:-0]` is empty.",
        "`[:horizon]` cuts rightly in every case.",
    ),
    "left_out": ("Every step has a value, also those after the first season.",),
    "horizon_as_season": (
        "The first value is history[-season], however many are asked for.",
        "Look back by `season`, then cut at the end: `[:horizon]`.",
    ),
    "wrong_shape": ("One value a step: an array of shape (horizon,).",),
    "mean_of_seasons": ("The last season alone is repeated, not the mean of all seasons.",),
    "wraps_to_start": (
        "For k = season, `history[-season + k]` is history[0]: a negative index turned positive.",
        "Let k start over after each season: k % season.",
    ),
    "each_repeated": ("np.repeat repeats each value; np.tile repeats the row of values.",),
    "backwards": ("Inside a season the oldest value comes first.",),
    "wrong_dtype": ("A forecast is an array of floats: keep the history's values as they are.",),
})


def _check_naive(naive, history, season, horizon):
    value = naive(history, season, horizon)
    last, k = history[-season:], np.arange(horizon)
    length = value.size if isinstance(value, np.ndarray) else 0
    rounds, rest = divmod(horizon, season)
    mistakes = {
        "first_season": history[:season][k % season],
        "last_value": np.full(horizon, history[-1]),
        "one_early": np.append(history[:1], history)[-season - 1:-1][k % season],
        "one_late": np.roll(last, -1)[k % season],
        "wraps_to_start": history[(k - season) % len(history)],
        "each_repeated": np.repeat(last, -(-horizon // season))[:horizon],
        "backwards": last[::-1][k % season],
        "horizon_as_season": np.resize(history[-horizon:], horizon),
        "mean_of_seasons": np.array([history[len(history) % season:][j::season].mean()
                                     for j in range(season)])[k % season],
        "rounds_up" if horizon < season else "too_short": last,
        "rounds_down": np.tile(last, rounds),
        "rounds_up": (np.tile(last, rounds + 1), np.tile(last, rounds + 2)),
    }
    if rest == 0:
        mistakes = {"cut_of_nothing": (np.tile(last, rounds - 1), last[:0])} | mistakes
    elif length % season == 0 and season < length < rounds * season:
        mistakes["fixed_repeats"] = np.tile(last, length // season)
    name = f"the forecast of {horizon} steps with a season of {season}"
    _expect_no_nan(value, name, "left_out")
    expect_close(value, last[k % season], name, mistakes, "(horizon,)")


def _walk(rng, time):
    return rng.normal(size=time).cumsum()


@seasonal_naive.part("within a season")
def _(rng, naive):
    for season, horizon, time in [(7, 5, 25), (5, 4, 16), (6, 1, 6), (4, 4, 14)]:
        _check_naive(naive, _walk(rng, time), season, horizon)


@seasonal_naive.part("longer than a season")
def _(rng, naive):
    for season, horizon, time in [
        (6, 15, 32), (3, 3301, 11), (5, 10, 23), (4, 12, 17), (7, 8, 15), (4, 9, 4), (1, 5, 6),
    ]:
        _check_naive(naive, _walk(rng, time), season, horizon)
    whole = rng.integers(0, 90, 14)                 # whole numbers, as in sales, and repeated
    whole[:3], whole[-4:-1] = [7, 5, 6], [6, 5, 7]
    _check_naive(naive, whole, 4, 11)


# --- mase ------------------------------------------------------------------------------------

mase = Exercise("mase", hints={
    "scale_of_test": (
        "Which part does the scale come from?",
        "The sum below is over the *training* part: the test part must not choose its own unit.",
    ),
    "ignores_season": (
        "The scale compares with one season before, not with the day before.",
        "Pairs m apart: train[season:] and train[:-season].",
    ),
    "nth_difference": (
        "np.diff(train, n=m) takes differences of differences, m times. Pairs m apart are "
        "train[season:] and train[:-season].",
    ),
    "wrong_lag": ("The pairs of the scale are exactly `season` steps apart.",),
    "wraps": (
        "np.roll brings the end of the series to its front; the first `season` steps have "
        "nothing before them: leave them out.",
    ),
    "gaps": (
        "NaN spreads through a mean: the first `season` steps have nothing before them, and an "
        "empty slice has no mean.",
    ),
    "divisor": ("The scale is a mean of T - m terms: which number do you divide by?",),
    "no_scale": ("That is the MAE. Divide it by the naive error of the training part.",),
    "upside_down": ("The forecast's error belongs above the fraction bar.",),
    "signed": ("Errors of opposite sign cancel: take absolute values before the mean.",),
    "squared": ("Absolute errors, not squared ones.",),
    "wrong_shape": ("MASE is one number: the mean over the steps is missing.",),
    "sums": ("Both sums are divided by their number of terms, and the parts differ in length.",),
})


def _mase_mistakes(truth, forecast, train, season):
    """Return the MASE and {mistake: values that it gives}."""
    errors, pairs = np.abs(truth - forecast), train[season:] - train[:-season]
    naive, e, T = np.abs(pairs).mean(), errors.mean(), len(train)
    squared = (errors**2).mean()
    both = np.concatenate([train, truth])
    rolled, repeated = np.roll(train, season), np.resize(train[-season:], len(truth))
    lags = [lag for lag in (season - 1, season + 1) if 1 <= lag < T]
    of_test = [np.abs(truth[season:] - truth[:-season]).mean()] if len(truth) > season else []
    of_test += [np.abs(both[season:] - both[:-season]).mean(), np.abs(truth - repeated).mean()]
    return e / naive, {
        "scale_of_test": tuple(e / scale for scale in of_test),
        "ignores_season": e / np.abs(np.diff(train)).mean(),
        "wrong_lag": tuple(e / np.abs(train[m:] - train[:-m]).mean() for m in lags),
        "nth_difference": e / np.abs(np.diff(train, n=season)).mean(),
        "wraps": e / np.abs(train - rolled).mean(),
        "divisor": e / (np.abs(pairs).sum() / T),
        "no_scale": e,
        "upside_down": naive / e,
        "squared": (squared / (pairs**2).mean(), np.sqrt(squared / (pairs**2).mean()),
                    np.sqrt(squared) / naive, squared / naive),
        "sums": errors.sum() / np.abs(pairs).sum(),
        "signed": ((truth - forecast).mean() / naive, (forecast - truth).mean() / naive,
                   abs((truth - forecast).mean()) / naive, e / pairs.mean(), e / -pairs.mean(),
                   e / abs(pairs.mean()), (truth - forecast).mean() / pairs.mean(),
                   (forecast - truth).mean() / pairs.mean()),
    }


def _check_mase(score, train, truth, forecast, season):
    value = score(truth, forecast, train, season)
    right, mistakes = _mase_mistakes(truth, forecast, train, season)
    name = f"the MASE for season {season}, {len(truth)} test and {len(train)} training steps,"
    _expect_no_nan(value, name, "gaps")
    expect_close(value, right, name, mistakes)


def _sales_and_forecast(rng, time, steps, error):
    train = _walk(rng, time) + 3 * rng.random()
    truth = train[-1] + _walk(rng, steps)
    return train, truth, truth + error * (rng.normal(size=steps) + 0.3)


@mase.part("season 1")
def _(rng, score):
    for time, steps, error in [(33, 8, 1.0), (5, 12, 30.0), (40, 1, 0.1)]:
        _check_mase(score, *_sales_and_forecast(rng, time, steps, error), 1)
    _check_mase(score, *(rng.integers(100, 4000, n) for n in (21, 7, 7)), 1)


@mase.part("a longer season")
def _(rng, score):
    for season, time, steps, error in [
        (5, 34, 13, 1.0), (7, 30, 3, 30.0), (12, 41, 20, 0.1), (2, 3, 6, 1.0), (6, 7, 1, 2.0),
    ]:
        _check_mase(score, *_sales_and_forecast(rng, time, steps, error), season)
    _check_mase(score, *(rng.integers(100, 4000, n) for n in (25, 9, 9)), 4)


# --- recursive_forecast ----------------------------------------------------------------------

recursive_forecast = Exercise("recursive_forecast", hints={
    "frozen_window": (
        "Every step reads the same window. What has the model learned since?",
        "Append a row made of the forecast and of what is known, and drop the oldest row.",
    ),
    "same_plan": (
        "Each step has its own row of known_future.",
        "The row of step k is made of the forecast and known_future[:, k].",
    ),
    "plan_late": ("After step k the new row holds known_future[:, k], not that of step k + 1.",),
    "plan_early": ("After step k the new row holds known_future[:, k], not that of step k - 1.",),
    "plan_backwards": ("known_future[:, 0] belongs to the first step after the origin.",),
    "row_first": (
        "The model forecasts a day from the rows before it; you have added that day's row first.",
        "Call step(window) first, then append the row of its forecast and known_future[:, k].",
    ),
    "one_window": ("Each window of the batch has a forecast of its own.",),
    "newest_first": ("The forecast of the first step comes first.",),
    "left_out": ("Every step has a forecast: which of them does your loop not write?",),
    "wrong_shape": ("(batch, horizon): one number for each window and each step.",),
    "no_feedback": ("Column 0 of a new row is the forecast of that step, y_hat.",),
    "zeros": ("Columns 1, 2, … of a new row are known: take them from known_future.",),
    "wrong_end": ("Rows are oldest first: drop the first row and append the new one at the end.",),
    "drops_newest": ("Drop the oldest row, window[:, 0]; the newest is the one to keep.",),
    "column_order": ("The forecast goes into column 0, the known columns after it.",),
    "mutates_input": ("Build a new window in each step, or work on `window.copy()`.",),
    "first_only": ("Return the forecasts of all steps, not those of one.",),
})


def _row(y_hat, known):
    return np.concatenate([y_hat[:, None], known], axis=1)


def _push(rows, new):
    return np.concatenate([rows[:, 1:], new], axis=1)


def _unroll(step, window, known, row_of=None, push=_push):
    """Return the forecasts where this makes the new row, and this the new window."""
    rows, out = window, []
    for k in range(known.shape[1]):
        y_hat = step(rows)
        out.append(y_hat)
        row = row_of(y_hat, k, rows) if row_of else _row(y_hat, known[:, k])
        rows = push(rows, row[:, None])
    return np.stack(out, axis=1)


def _unroll_row_first(step, window, known, empty, write_back):
    """Return the forecasts where the known row is added before the model is asked."""
    rows, out = window, []
    for k in range(known.shape[1]):
        rows = _push(rows, _row(rows[:, -1, 0] * (not empty), known[:, k])[:, None])
        out.append(step(rows))
        if write_back:
            rows[:, -1, 0] = out[-1]
    return np.stack(out, axis=1)


def _recursions(step, window, known):
    """Return the right forecasts and {mistake: values that it gives}."""
    last = known.shape[1] - 1

    def rows_of(row_of):
        return _unroll(step, window, known, row_of)

    def pushed(push):
        return _unroll(step, window, known, push=push)

    right = _unroll(step, window, known)
    return right, {
        "frozen_window": np.repeat(right[:, :1], last + 1, axis=1),
        "same_plan": (rows_of(lambda y, k, rows: _row(y, known[:, 0])),
                      rows_of(lambda y, k, rows: _row(y, known[:, -1])),
                      rows_of(lambda y, k, rows: _row(y, rows[:, -1, 1:]))),
        "plan_late": (rows_of(lambda y, k, rows: _row(y, known[:, min(k + 1, last)])),
                      rows_of(lambda y, k, rows: _row(y, known[:, (k + 1) % (last + 1)]))),
        "plan_early": (rows_of(lambda y, k, rows: _row(y, known[:, k - 1])),
                       rows_of(lambda y, k, rows: _row(y, known[:, max(k - 1, 0)]))),
        "plan_backwards": rows_of(lambda y, k, rows: _row(y, known[:, -1 - k])),
        "no_feedback": (rows_of(lambda y, k, rows: _row(rows[:, -1, 0], known[:, k])),
                        rows_of(lambda y, k, rows: _row(0 * y, known[:, k])),
                        rows_of(lambda y, k, rows: _row(right[:, 0], known[:, k]))),
        "zeros": rows_of(lambda y, k, rows: _row(y, 0 * known[:, k])),
        "wrong_end": (pushed(lambda rows, new: np.concatenate([new, rows[:, :-1]], axis=1)),
                      pushed(lambda rows, new: np.concatenate([new, rows[:, 1:]], axis=1))),
        "drops_newest": pushed(lambda rows, new: np.concatenate([rows[:, :-1], new], axis=1)),
        "column_order": rows_of(
            lambda y, k, rows: np.concatenate([known[:, k], y[:, None]], axis=1)),
        "row_first": tuple(_unroll_row_first(step, window, known, empty, write_back)
                           for empty in (False, True) for write_back in (False, True)),
        "one_window": np.repeat(right[:1], len(right), axis=0),
        "newest_first": right[:, ::-1],
    }


def _recursion_case(rng, batch, n_past, features, horizon):
    """Return step, window and known_future: a model that reads every number of a window."""
    weights = rng.normal(size=(n_past, features)) / np.sqrt(n_past)

    def step(rows):
        rows = np.asarray(rows)
        if rows.ndim != 3 or rows.shape[1:] != weights.shape:
            raise ValueError("step needs windows (batch, n_past, features) = "
                             f"(any, {n_past}, {features}), got {rows.shape}.")
        return np.tanh((rows * weights).sum(axis=(1, 2)))

    return (step, rng.normal(size=(batch, n_past, features)),
            rng.normal(size=(batch, horizon, features - 1)))


def _check_recursion(forecast, case, steps):
    """Check the first `steps` of the forecasts."""
    _, window, known = case
    value = forecast(*case)
    batch, horizon = known.shape[:2]
    name = f"the forecast of {horizon} steps from {window.shape[1]} rows,"
    _expect_no_nan(value, name, "left_out")
    value = expect_array(value, name)
    if value.shape == (batch,) != (horizon,):
        expect(False, "Only one forecast per window came back.", "first_only")
    value = expect_array(value, name, (batch, horizon), "(batch, horizon)")
    right, mistakes = _recursions(*case)
    parts = {m: tuple(v[:, :steps] for v in (values if isinstance(values, tuple) else (values,)))
             for m, values in mistakes.items()}
    expect_close(value[:, :steps], right[:, :steps], name, parts, "(batch, horizon)")


@recursive_forecast.part("first step")
def _(rng, forecast):
    for sizes in [(3, 5, 4, 2), (2, 3, 2, 1)]:
        _check_recursion(forecast, _recursion_case(rng, *sizes), steps=1)


@recursive_forecast.part("all steps")
def _(rng, forecast):
    for sizes in [(3, 5, 4, 7), (4, 6, 7, 3), (1, 4, 2, 9), (5, 1, 3, 4), (2, 3, 1, 5)]:
        _check_recursion(forecast, _recursion_case(rng, *sizes), steps=sizes[-1])


# --- features --------------------------------------------------------------------------------

features = Exercise("features", hints={
    "unchanged": (
        "That is still the colleague's code. Which two of its lines look at days that have not "
        "come yet?",
        "sales.mean() runs over all days, and np.convolve(..., mode='same') is centred.",
    ),
    "scaler_on_everything": (
        "One leak is gone. Which numbers still know the test part?",
        "Mean and spread must come from sales[:n_train].",
    ),
    "centred": (
        "One leak is gone. Which days does the mean of three days in row i use?",
        "mode='same' is centred: it uses the day itself and the one after it. Take the three "
        "days before.",
    ),
    "includes_today": (
        "The mean contains the very day that is to be forecast.",
        "Row i is for day i + 7; its mean may use days i + 4, i + 5 and i + 6.",
    ),
    "scaled_apart": (
        "The test part was scaled by its own mean and spread, which on its first day nobody "
        "knows. Use those of the training part for all days.",
    ),
    "mean_late": ("The mean stops one day early: the day before is known.",),
    "not_scaled": ("The third column is the mean of the *scaled* sales.",),
    "no_spread": ("Divide by the spread of the training part, too.",),
    "not_mean": ("The third column is a mean: divide the sum of three days by 3.",),
    "column_order": ("The order is: the day before, seven days before, the mean of three days.",),
    "today_itself": ("Column 0 holds the very day that is to be forecast; take the day before.",),
    "wrong_day": (
        "One of your columns is a day off.",
        "Row i is for day i + 7: the day before is i + 6, seven days before is i.",
    ),
    "gaps": ("The first seven days have no row: leave them out instead of filling with NaN.",),
    "wrong_shape": ("One row per day from the eighth on, and three columns.",),
    "sample_spread": ("The spread is `std` of NumPy, with divisor n.",),
})


def _three(z, average):
    return np.column_stack([z[6:-1], z[:-7], average])


def _before(z):
    return (z[4:-3] + z[5:-2] + z[6:-1]) / 3            # days i + 4 … i + 6 of row i


def _centred(z):
    return np.convolve(z, np.ones(3) / 3, mode="same")[7:]


def _variants(sales, n_train):
    """Return the right features, and {mistake: values that it gives}."""
    past, rest = sales[:n_train], sales[n_train:]
    z, z_all = ((sales - part.mean()) / part.std() for part in (past, sales))
    half = (sales - sales.mean()) / past.std(), (sales - past.mean()) / sales.std()
    today, late = (z[5:-2] + z[6:-1] + z[7:]) / 3, (z[3:-4] + z[4:-3] + z[5:-2]) / 3
    shifted = sales - past.mean()
    sample = shifted / past.std(ddof=1)
    right = _three(z, _before(z))
    mistakes = {
        "unchanged": _three(z_all, _centred(z_all)),
        "scaler_on_everything": tuple(_three(v, _before(v)) for v in (z_all, *half)) + (
            _three(z_all, (z_all[5:-2] + z_all[6:-1] + z_all[7:]) / 3),),
        "centred": _three(z, _centred(z)),
        "includes_today": _three(z, today),
        "mean_late": _three(z, late),
        "not_mean": _three(z, 3 * _before(z)),
        "not_scaled": _three(z, _before(sales)),
        "no_spread": _three(shifted, _before(shifted)),
        "sample_spread": _three(sample, _before(sample)),
        "column_order": tuple(right[:, order] for order in
                              ([1, 0, 2], [2, 0, 1], [2, 1, 0], [0, 2, 1], [1, 2, 0])),
        "today_itself": (np.column_stack([z[7:], right[:, 1:]]),
                         np.column_stack([z[7:], z[1:-6], today])),
        "wrong_day": (np.column_stack([z[5:-2], right[:, 1:]]),
                      np.column_stack([z[6:-1], z[1:-6], right[:, 2]])),
    }
    if len(rest) > 1:
        apart = np.concatenate([z[:n_train], (rest - rest.mean()) / rest.std()])
        mistakes["scaled_apart"] = _three(apart, _before(apart))
    return right, mistakes


def _sales(rng, days):
    week = np.resize(rng.normal(size=7), days)
    return 50 + 5 * (week + np.linspace(0, 4, days) + rng.normal(size=days))


def _features_of(make, sales, n_train):
    value = make(sales, n_train)
    _expect_no_nan(value, "features", "gaps")
    return expect_array(value, "features", (len(sales) - 7, 3), "(days - 7, 3)")


@features.part("the past does not see the future")
def _(rng, make):
    sales, n_train = _sales(rng, 61), int(rng.integers(42, 47))
    days = n_train, n_train + 1, n_train + 6, len(sales) - 1
    series = [sales, *(sales.copy() for _ in days)]
    for day, changed in zip(days, series[1:], strict=True):
        changed[day:] = changed[day:] * rng.uniform(2, 4) + rng.uniform(50, 90)
    before, *after = [_features_of(make, each, n_train) for each in series]
    for day, changed in zip(days, after, strict=True):
        known = slice(0, day - 7 + 1)                       # rows for days up to `day`
        moved = ~isclose(before[known], changed[known], rtol=1e-6, atol=1e-9)
        if moved.any():
            row, column = np.argwhere(moved)[0]
            raise Wrong(f"changing the sales of day {day} and later changes column {column} of "
                        f"row {row}, which is for day {row + 7}.", _leak(before, sales, n_train))


def _leak(value, sales, n_train):
    """Return the mistake that gives these features, or None."""
    right, mistakes = _variants(sales, n_train)
    try:
        expect_close(value, right, "features", mistakes)
    except Wrong as wrong:
        return wrong.mistake
    return None


@features.part("the three columns")
def _(rng, make):
    cases = [(_sales(rng, 66), 47), (900 * _sales(rng, 33), 33), (_sales(rng, 24), 5),
             (_sales(rng, 8), 7), (rng.integers(3, 90, 40), 21)]
    for sales, n_train in cases:
        value = _features_of(make, sales, n_train)
        right, mistakes = _variants(sales, n_train)
        name = f"features of {len(sales)} days, {n_train} of them for training,"
        expect_close(value, right, name, mistakes, "(days - 7, 3)")


seal(__name__)
