"""Checks of lesson 03: windows, a fair comparison, baselines, recursion and a leak."""

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_tuple


def _close(value, right, name, mistakes, axes=""):
    """`expect_close`, where a blank at the end tells two values of one mistake apart."""
    try:
        expect_close(value, right, name, mistakes=mistakes, axes=axes)
    except Wrong as wrong:
        raise Wrong(str(wrong), wrong.mistake and wrong.mistake.strip()) from None


def _close_in_shape(value, right, name, mistakes, axes):
    """`_close`, where a shape that no mistake explains has the hint of its own array."""
    try:
        _close(value, right, name, mistakes, axes)
    except Wrong as wrong:
        unknown = wrong.mistake == "wrong_shape"
        raise Wrong(str(wrong), f"{name}_shape" if unknown else wrong.mistake) from None


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
    "ignores_horizon": (
        "What changes when horizon grows from 1 to 2?",
        "With a longer horizon the targets start later, and fewer windows have one.",
    ),
    "no_overlap": ("The next window starts one row later, not n_past rows later.",),
    "newest_first": ("Inside a window the oldest row comes first.",),
    "axes_order": (
        "x is (samples, n_past, features): time is the middle axis.",
        "`sliding_window_view` puts the window's axis last; np.swapaxes(x, 1, 2) moves it.",
    ),
    "all_steps": ("y holds only the row `horizon` steps ahead, not all rows up to it.",),
    "swapped": ("The windows come first: `return x, y`.",),
    "y_has_time": (
        "y is one row per sample, without an axis for time.",
        "`rows[i]` is a row, (features,); `rows[i:i + 1]` is a window of one row, (1, features).",
    ),
    "y_one_feature": (
        "A row is a vector: y holds all features of the target row, not one of them.",
    ),
    "y_shape": ("y is (samples, features): one row of the series for each window.",),
    "x_shape": ("x keeps three axes, (samples, n_past, features).",),
    "wrong_count": ("Return both arrays: `return x, y`.",),
})


def _check_windows(rng, windows, horizon):
    n_past, features = int(rng.integers(4, 7)), 3
    time = 2 * n_past + horizon + int(rng.integers(3, 9))
    rows = rng.normal(size=(time, features)).cumsum(axis=0)
    samples = time - n_past - horizon + 1
    at = np.arange(samples)[:, None] + np.arange(n_past)
    right_x, right_y = rows[at], rows[n_past + horizon - 1:]
    args = (rows, n_past) if horizon == 1 else (rows, n_past, horizon)
    x, y = expect_tuple(windows(*args), ("x", "y"))
    ahead = np.arange(samples)[:, None] + n_past + np.arange(horizon)
    mistakes_y = {
        "target_inside": rows[n_past + horizon - 2:][:samples],
        "one_too_far": right_y[1:],
        "drops_last": right_y[:-1],
        "no_overlap": right_y[::n_past],
        "swapped": right_x,
        "y_has_time": right_y[:, None],
        "y_one_feature": right_y[:, 0],
        "y_one_feature ": right_y[:, :1],
        "y_one_feature  ": right_y[:, -1],
        "y_one_feature   ": right_y[:, -1:],
    }
    mistakes_x = {
        "drops_last": right_x[:-1],
        "no_overlap": right_x[::n_past],
        "newest_first": right_x[:, ::-1],
        "axes_order": right_x.swapaxes(1, 2),
    }
    if horizon > 1:
        mistakes_y |= {
            "all_steps": rows[ahead],
            "ignores_horizon": rows[n_past:],
            "ignores_horizon ": rows[n_past:][:samples],
        }
    _close_in_shape(y, right_y, "y", mistakes_y, "(samples, features)")
    _close_in_shape(x, right_x, "x", mistakes_x, "(samples, n_past, features)")


@make_windows.part("one step ahead")
def _(rng, windows):
    _check_windows(rng, windows, horizon=1)


@make_windows.part("several steps ahead")
def _(rng, windows):
    _check_windows(rng, windows, horizon=3)


# --- paired_difference -----------------------------------------------------------------------

paired_difference = Exercise("paired_difference", hints={
    "sign": ("Which minus which? A positive mean says that the first forecast is worse.",),
    "absolute": ("Differences keep their sign: a better day must make up for a worse one.",),
    "no_root": (
        "That is the spread of single blocks. How far does their *mean* stray?",
        "Divide the standard deviation by the square root of the number of blocks.",
    ),
    "no_square_root": ("The standard deviation is divided by sqrt(n), not by n.",),
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
    "not_successive": (
        "A block holds *successive* days.",
        "reshape fills row by row: (n, block) puts successive days into one row, "
        "(block, n) does not.",
    ),
    "rest_as_block": ("The days after the last full block are too few for a block: drop them.",),
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


def _standard_error(values):
    return values.std(ddof=1) / np.sqrt(len(values))


@paired_difference.part("mean")
def _(rng, paired):
    a, b = _losses(rng, int(rng.integers(7, 13)))
    mean, _ = expect_tuple(paired(a, b), ("mean", "standard error"))
    expect_close(mean, (a - b).mean(), "the mean",
                 mistakes={"sign": (b - a).mean(), "absolute": np.abs(a - b).mean()})


@paired_difference.part("standard error of single days")
def _(rng, paired):
    n = int(rng.integers(7, 13))
    a, b = _losses(rng, n)
    _, error = expect_tuple(paired(a, b), ("mean", "standard error"))
    s = (a - b).std(ddof=1)
    _close(error, s / np.sqrt(n), "the standard error", {
        "no_root": s,
        "no_root ": (a - b).std(),
        "no_square_root": s / n,
        "population": (a - b).std() / np.sqrt(n),
        "unpaired": np.sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n),
        "variance": s**2 / n,
    })


@paired_difference.part("blocks of days")
def _(rng, paired):
    block, n = int(rng.integers(3, 6)), int(rng.integers(6, 9))
    rest = int(rng.integers(1, block))
    a, b = _losses(rng, n * block + rest)
    mean, error = expect_tuple(paired(a, b, block), ("mean", "standard error"))
    d, full = a - b, (a - b)[:n * block]
    means = full.reshape(n, block).mean(axis=1)
    split = np.append(means, d[n * block:].mean())              # the rest as a block of its own
    a_means, b_means = (v[:n * block].reshape(n, block).mean(axis=1) for v in (a, b))
    name = f"the standard error with blocks of {block} days"
    _close(error, _standard_error(means), name, {
        "ignores_block": _standard_error(d),
        "ignores_block ": _standard_error(full),
        "root_of_days": means.std(ddof=1) / np.sqrt(len(d)),
        "root_of_days ": means.std(ddof=1) / np.sqrt(len(full)),
        "sums": _standard_error(means * block),
        "not_successive": _standard_error(full.reshape(block, n).mean(axis=0)),
        "not_successive ": _standard_error(full.reshape(block, n).mean(axis=1)),
        "rest_as_block": _standard_error(split),
        "drops_first": _standard_error(d[rest:].reshape(n, block).mean(axis=1)),
        "unpaired": np.sqrt(_standard_error(a_means)**2 + _standard_error(b_means)**2),
        "population": means.std() / np.sqrt(n),
        "no_root": means.std(ddof=1),
    })
    _close(mean, means.mean(), f"the mean with blocks of {block} days and {rest} left over", {
        "rest_in_mean": d.mean(),
        "rest_in_mean ": split.mean(),
        "drops_first": d[rest:].mean(),
        "sums": means.mean() * block,
    })


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
    "wraps_to_start": (
        "For k = season, `history[-season + k]` is history[0]: a negative index turned positive.",
        "Let k start over after each season: k % season.",
    ),
    "each_repeated": ("np.repeat repeats each value; np.tile repeats the row of values.",),
    "backwards": ("Inside a season the oldest value comes first.",),
    "wrong_dtype": ("Keep the values as they are, decimals included.",),
})


def _check_naive(rng, naive, seasons):
    """Check a horizon of `seasons` whole seasons and some steps; 0 is one step short of one."""
    season = int(rng.integers(5, 9))
    history = rng.normal(size=(seasons + 3) * season + int(rng.integers(1, season))).cumsum()
    horizon = seasons * season + int(rng.integers(1, season)) if seasons else season - 1
    last, k = history[-season:], np.arange(horizon)
    few = {"fixed_repeats" + " " * n: np.tile(last, n) for n in range(2, seasons)}
    _close(naive(history, season, horizon), last[k % season], "the forecast", {
        "first_season": history[:season][k % season],
        "last_value": np.full(horizon, history[-1]),
        "one_early": history[-season - 1:-1][k % season],
        "one_late": np.roll(last, -1)[k % season],
        "wraps_to_start": history[k - season],
        "each_repeated": np.repeat(last, -(-horizon // season))[:horizon],
        "backwards": last[::-1][k % season],
        "too_short" if seasons else "rounds_up": last,
        "rounds_down": np.tile(last, horizon // season),
        "rounds_up ": np.tile(last, horizon // season + 1),
    } | few, "(horizon,)")


@seasonal_naive.part("within a season")
def _(rng, naive):
    _check_naive(rng, naive, seasons=0)


@seasonal_naive.part("longer than a season")
def _(rng, naive):
    _check_naive(rng, naive, seasons=2)
    _check_naive(rng, naive, seasons=int(rng.integers(20, 40)))


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
    "no_scale": ("That is the MAE. Divide it by the naive error of the training part.",),
    "upside_down": ("The forecast's error belongs above the fraction bar.",),
    "signed": ("Errors of opposite sign cancel: take absolute values before the mean.",),
    "squared": ("Absolute errors, not squared ones.",),
    "wrong_shape": ("MASE is one number: the mean over the steps is missing.",),
    "sums": ("Both sums are divided by their number of terms, and the parts differ in length.",),
})


def _check_mase(rng, score, season):
    steps, time = int(rng.integers(5, 9)), int(rng.integers(30, 40))
    train = rng.normal(size=time).cumsum() + 3 * rng.random()
    truth = train[-1] + rng.normal(size=steps + season).cumsum()
    forecast = truth + rng.normal(size=truth.shape) + 0.3
    errors, naive = np.abs(truth - forecast), np.abs(train[season:] - train[:-season])
    mistakes = {
        "scale_of_test": errors.mean() / np.abs(truth[season:] - truth[:-season]).mean(),
        "ignores_season": errors.mean() / np.abs(np.diff(train)).mean(),
        "nth_difference": errors.mean() / np.abs(np.diff(train, n=season)).mean(),
        "no_scale": errors.mean(),
        "upside_down": naive.mean() / errors.mean(),
        "squared": (errors**2).mean() / (naive**2).mean(),
        "squared ": np.sqrt((errors**2).mean()) / np.sqrt((naive**2).mean()),
        "sums": errors.sum() / naive.sum(),
        "signed": (truth - forecast).mean() / naive.mean(),
        "signed ": (truth - forecast).mean() / (train[season:] - train[:-season]).mean(),
        "signed  ": (forecast - truth).mean() / naive.mean(),
        "signed   ": errors.mean() / (train[season:] - train[:-season]).mean(),
        "signed    ": abs((truth - forecast).mean()) / naive.mean(),
    }
    value = score(truth, forecast, train, season)
    _close(value, errors.mean() / naive.mean(), "the MASE", mistakes)


@mase.part("season 1")
def _(rng, score):
    _check_mase(rng, score, season=1)


@mase.part("a longer season")
def _(rng, score):
    _check_mase(rng, score, season=int(rng.integers(3, 8)))


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
    "no_feedback": ("Column 0 of a new row is the forecast of that step, y_hat.",),
    "zeros": ("Columns 1, 2, … of a new row are known: take them from known_future.",),
    "wrong_end": ("Rows are oldest first: drop the first row and append the new one at the end.",),
    "drops_newest": ("Drop the oldest row, window[:, 0]; the newest is the one to keep.",),
    "column_order": ("The forecast goes into column 0, the known columns after it.",),
    "mutates_input": ("Build a new window in each step, or work on `window.copy()`.",),
    "first_only": ("Return the forecasts of all steps, not those of one.",),
})


@recursive_forecast.part("first step")
def _(rng, forecast):
    _check_recursion(rng, forecast, horizon=2, first_only=True)


@recursive_forecast.part("all steps")
def _(rng, forecast):
    _check_recursion(rng, forecast, horizon=7, first_only=False)


def _check_recursion(rng, forecast, horizon, first_only):
    batch, n_past, features = 3, 5, 4
    weights = rng.normal(size=(n_past, features)) / 2
    window = rng.normal(size=(batch, n_past, features))
    known = rng.normal(size=(batch, horizon, features - 1))

    def step(rows):
        rows = np.asarray(rows)
        if rows.ndim != 3 or rows.shape[1:] != window.shape[1:]:
            raise ValueError("step needs windows (batch, n_past, features) = "
                             f"(any, {n_past}, {features}), got {rows.shape}.")
        return np.tanh((rows * weights).sum(axis=(1, 2)))

    def unroll(row_of=None, push=None):
        rows, out = window, []
        for k in range(horizon):
            y_hat = step(rows)
            out.append(y_hat)
            row = row_of(y_hat, k, rows) if row_of else _row(y_hat, known[:, k])
            rows = push(rows, row[:, None]) if push else _push(rows, row[:, None])
        return np.stack(out, axis=1)

    right = unroll()
    value = expect_array(forecast(step, window, known), "the forecast")
    if value.shape == (batch,):
        expect(False, "Only one forecast per window came back.", "first_only")
    expect_array(value, "the forecast", (batch, horizon), "(batch, horizon)")
    if first_only:
        expect_close(value[:, 0], right[:, 0], "the forecast of the first step")
        return
    _close(value, right, "the forecast", {
        "frozen_window": np.repeat(right[:, :1], horizon, axis=1),
        "same_plan": unroll(lambda y_hat, k, rows: _row(y_hat, known[:, 0])),
        "same_plan ": unroll(lambda y_hat, k, rows: _row(y_hat, known[:, -1])),
        "same_plan  ": unroll(lambda y_hat, k, rows: _row(y_hat, rows[:, -1, 1:])),
        "plan_late": unroll(lambda y_hat, k, rows: _row(y_hat, known[:, min(k + 1, horizon - 1)])),
        "no_feedback": unroll(lambda y_hat, k, rows: _row(rows[:, -1, 0], known[:, k])),
        "no_feedback ": unroll(lambda y_hat, k, rows: _row(0 * y_hat, known[:, k])),
        "zeros": unroll(lambda y_hat, k, rows: _row(y_hat, 0 * known[:, k])),
        "wrong_end": unroll(push=lambda r, new: np.concatenate([new, r[:, :-1]], axis=1)),
        "wrong_end ": unroll(push=lambda r, new: np.concatenate([new, r[:, 1:]], axis=1)),
        "drops_newest": unroll(push=lambda r, new: np.concatenate([r[:, :-1], new], axis=1)),
        "column_order": unroll(
            lambda y_hat, k, rows: np.concatenate([known[:, k], y_hat[:, None]], axis=1)),
    })


def _row(y_hat, known):
    return np.concatenate([y_hat[:, None], known], axis=1)


def _push(rows, new):
    return np.concatenate([rows[:, 1:], new], axis=1)


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
    "wrong_shape": ("One row per day from the eighth on, and three columns.",),
    "sample_spread": ("The spread is `std` of NumPy, with divisor n.",),
})


def _three(z, average):
    return np.column_stack([z[6:-1], z[:-7], average])


def _variants(sales, n_train):
    """Return the right features, and {mistake: what it gives}."""
    past = sales[:n_train]
    z, z_all = ((sales - part.mean()) / part.std() for part in (past, sales))
    rest = sales[n_train:]
    apart = np.concatenate([z[:n_train], (rest - rest.mean()) / rest.std()])
    third = np.ones(3) / 3

    def before(z):
        return np.convolve(z, third, mode="valid")[4:-1]      # days i + 4 … i + 6 of row i

    def centred(z):
        return np.convolve(z, third, mode="same")[7:]

    def today(z):
        return np.convolve(z, third, mode="valid")[5:]

    shifted = sales - past.mean()
    sample = shifted / past.std(ddof=1)
    return _three(z, before(z)), {
        "unchanged": _three(z_all, centred(z_all)),
        "scaler_on_everything": _three(z_all, before(z_all)),
        "scaler_on_everything ": _three(z_all, today(z_all)),
        "centred": _three(z, centred(z)),
        "includes_today": _three(z, today(z)),
        "scaled_apart": _three(apart, before(apart)),
        "mean_late": _three(z, np.convolve(z, third, mode="valid")[3:-2]),
        "not_scaled": _three(z, before(sales)),
        "no_spread": _three(shifted, before(shifted)),
        "sample_spread": _three(sample, before(sample)),
    }


def _sales(rng):
    n_train, n_test = int(rng.integers(40, 50)), int(rng.integers(15, 25))
    weekday = np.tile(rng.normal(size=7), 12)[: n_train + n_test]
    trend = np.linspace(0, 4, n_train + n_test)
    return 50 + 5 * (weekday + trend + rng.normal(size=n_train + n_test)), n_train


@features.part("the past does not see the future")
def _(rng, make):
    sales, n_train = _sales(rng)
    shape = (len(sales) - 7, 3)
    before = expect_array(make(sales, n_train), "features", shape, "(days - 7, 3)")
    _, wrong = _variants(sales, n_train)
    found = next((name.strip() for name, v in wrong.items()
                  if np.allclose(before, v, rtol=1e-4, atol=1e-6)), None)
    for day in sorted(rng.choice(np.arange(n_train, len(sales)), size=4, replace=False)):
        changed = sales.copy()
        changed[day:] = changed[day:] * rng.uniform(2, 4) + rng.uniform(50, 90)
        after = expect_array(make(changed, n_train), "features", shape, "(days - 7, 3)")
        known = slice(0, day - 7 + 1)                       # rows for days up to `day`
        moved = ~np.isclose(before[known], after[known], rtol=1e-6, atol=1e-9)
        if moved.any():
            row, column = np.argwhere(moved)[0]
            expect(False, f"changing the sales of day {day} and later changes column {column} of "
                          f"row {row}, which is for day {row + 7}.", found)


@features.part("the three columns")
def _(rng, make):
    sales, n_train = _sales(rng)
    right, wrong = _variants(sales, n_train)
    _close(make(sales, n_train), right, "features", wrong, "(days - 7, 3)")


seal(__name__)
