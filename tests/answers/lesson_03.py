"""Answers to lesson 03 as learners write them."""

import numpy as np
import pandas as pd

from utils import series
from utils.series import Standardizer

# --- make_windows ----------------------------------------------------------------------------


def windows_by_index(rows, n_past, horizon=1):
    starts = np.arange(rows.shape[0] - n_past - horizon + 1)
    return rows[starts[:, None] + np.arange(n_past)], rows[starts + n_past + horizon - 1]


def windows_by_view(rows, n_past, horizon=1):
    view = np.lib.stride_tricks.sliding_window_view(rows, n_past, axis=0)
    y = rows[n_past + horizon - 1:]
    return np.swapaxes(view, 1, 2)[: len(y)], y


def windows_by_append(rows, n_past, horizon=1):
    x, y = [], []
    last = n_past - 1
    while last + horizon < len(rows):
        x.append(rows[last - n_past + 1:last + 1])
        y.append(rows[last + horizon])
        last += 1
    return [np.array(x), np.array(y)]


def _windows(target, samples, step=1):
    """A learner's loop with a target index and a number of samples of their own."""

    def answer(rows, n_past, horizon=1):
        count = samples(len(rows), n_past, horizon)
        x = np.array([rows[i:i + n_past] for i in range(0, count, step)])
        y = np.array([rows[target(i, n_past, horizon)] for i in range(0, count, step)])
        return x, y

    return answer


def windows_view_axes(rows, n_past, horizon=1):
    y = rows[n_past + horizon - 1:]
    return np.lib.stride_tricks.sliding_window_view(rows, n_past, axis=0)[: len(y)], y


def windows_reversed(rows, n_past, horizon=1):
    x, y = windows_by_index(rows, n_past, horizon)
    return x[:, ::-1], y


def windows_all_steps(rows, n_past, horizon=1):
    x, y = series.make_multistep_windows(rows, n_past, horizon)
    return (x, y) if horizon > 1 else (x, y[:, 0])


def windows_lists(rows, n_past, horizon=1):
    x, y = windows_by_index(rows, n_past, horizon)
    return x.tolist(), y.tolist()


def windows_flat(rows, n_past, horizon=1):
    x, y = windows_by_index(rows, n_past, horizon)
    return x.reshape(len(x), -1), y


def windows_without_end(rows, n_past, horizon=1):
    x = np.stack([rows[i:i + n_past] for i in range(len(rows))])    # ragged at the end
    return x, rows[n_past + horizon - 1:]


def _windows_y(change):
    """A right x with a y of the learner's own making."""

    def answer(rows, n_past, horizon=1):
        x, y = windows_by_index(rows, n_past, horizon)
        return x, change(y)

    return answer


# --- paired_difference -----------------------------------------------------------------------


def paired_by_sums(losses_a, losses_b, block=1):
    n = len(losses_a) // block
    means = []
    for k in range(n):
        days = range(k * block, (k + 1) * block)
        means.append(sum(losses_a[t] - losses_b[t] for t in days) / block)
    mean = sum(means) / n
    return mean, (sum((m - mean) ** 2 for m in means) / (n - 1) / n) ** 0.5


def paired_by_pandas(losses_a, losses_b, block=1):
    d = pd.Series(losses_a - losses_b)
    d = d.iloc[:len(d) - len(d) % block]
    means = d.groupby(d.index // block).mean()
    return [means.mean(), means.sem()]


def paired_by_reduceat(losses_a, losses_b, block=1):
    n_blocks, rest = divmod(len(losses_a), block)
    d = np.subtract(losses_a, losses_b)[:len(losses_a) - rest]
    means = np.add.reduceat(d, np.arange(0, len(d), block)) / block
    return np.mean(d), np.sqrt(np.var(means, ddof=1) / n_blocks)


def _by_block(values, block):
    n = len(values) // block
    return values[:n * block].reshape(n, block).mean(axis=1)


def _paired(error, mean=lambda a, b: (a - b).mean()):
    """A learner's mean and standard error, of the means of full blocks of both losses."""

    def answer(losses_a, losses_b, block=1):
        a, b = _by_block(losses_a, block), _by_block(losses_b, block)
        return mean(a, b), error(a, b)

    return answer


def _se(a, b):
    return (a - b).std(ddof=1) / np.sqrt(len(a))


def _blocks(means_of, mean=None, n_of=lambda means, d, block: len(means)):
    """A learner's blocks: their means, the overall mean, and the n under the root."""

    def answer(losses_a, losses_b, block=1):
        d = losses_a - losses_b
        means = np.asarray(means_of(d, block))
        middle = means.mean() if mean is None else mean(d)
        return middle, means.std(ddof=1) / np.sqrt(n_of(means, d, block))

    return answer


def paired_in_place(losses_a, losses_b, block=1):
    losses_a -= losses_b
    means = _by_block(losses_a, block)
    return means.mean(), means.std(ddof=1) / np.sqrt(len(means))


def paired_without_rest_zero(losses_a, losses_b, block=1):
    d = (losses_a - losses_b)[:-(len(losses_a) % block)]        # nothing is left for a rest of 0
    means = d.reshape(-1, block).mean(axis=1)
    return means.mean(), means.std(ddof=1) / np.sqrt(len(means))


# --- seasonal_naive --------------------------------------------------------------------------


def naive_by_loop(history, season, horizon):
    made = list(history)
    for _ in range(horizon):
        made.append(made[-season])
    return np.array(made[len(history):])


def naive_by_resize(history, season, horizon):
    return np.resize(history[-season:], horizon)


def naive_by_tile(history, season, horizon):
    return np.tile(history[-season:], horizon // season + 1)[:horizon]


def naive_negative_index(history, season, horizon):
    return np.array([history[-season + k] for k in range(horizon)])


def naive_returns_list(history, season, horizon):
    return [float(history[-season:][k % season]) for k in range(horizon)]


# --- mase ------------------------------------------------------------------------------------


def mase_by_pandas(truth, forecast, train, season):
    scale = pd.Series(train).diff(season).abs().mean()
    return float(np.mean(np.abs(forecast - truth)) / scale)


def mase_by_loop(truth, forecast, train, season):
    naive = [abs(train[t] - train[t - season]) for t in range(season, len(train))]
    total = sum(abs(a - b) for a, b in zip(truth, forecast, strict=True))
    return total / len(truth) * len(naive) / sum(naive)


def mase_wraps_around(truth, forecast, train, season):
    return np.abs(truth - forecast).mean() / np.abs(train - np.roll(train, season)).mean()


def mase_per_step(truth, forecast, train, season):
    return np.abs(truth - forecast) / np.abs(train[season:] - train[:-season]).mean()


def _mase(error, scale):
    return lambda truth, forecast, train, season: error(truth - forecast) / scale(
        train, truth, season)


def _mean_abs(d):
    return np.abs(d).mean()


def _naive(train, truth, season):
    return np.abs(train[season:] - train[:-season]).mean()


# --- recursive_forecast ----------------------------------------------------------------------


def recursion_in_a_buffer(step, window, known_future):
    batch, n_past, features = window.shape
    horizon = known_future.shape[1]
    rows = np.zeros((batch, n_past + horizon, features))
    rows[:, :n_past] = window
    rows[:, n_past:, 1:] = known_future
    for k in range(horizon):
        rows[:, n_past + k, 0] = step(rows[:, k:k + n_past])
    return rows[:, n_past:, 0]


def recursion_one_window_at_a_time(step, window, known_future):
    out = np.zeros(known_future.shape[:2])
    for b in range(len(window)):
        rows = window[b:b + 1]
        for k in range(out.shape[1]):
            out[b, k] = step(rows)[0]
            row = np.concatenate([[out[b, k]], known_future[b, k]])
            rows = np.concatenate([rows[:, 1:], row[None, None]], axis=1)
    return out


def recursion_by_roll(step, window, known_future):
    window = window.copy()
    out = np.empty(known_future.shape[:2])
    for k in range(out.shape[1]):
        out[:, k] = step(window)
        window = np.roll(window, -1, axis=1)
        window[:, -1] = np.column_stack([out[:, k], known_future[:, k]])
    return out


def _recursion(row=None, push=None, start=0):
    """A learner's loop with a new row and a new window of their own."""

    def answer(step, window, known_future):
        out, horizon = [], known_future.shape[1]
        for k in range(horizon):
            y_hat = step(window)
            out.append(y_hat)
            new = (row or _new_row)(y_hat, known_future, k, window)[:, None]
            window = (push or _push)(window, new)
        return np.stack(out, axis=1)

    return answer


def _new_row(y_hat, known, k, window):
    return np.column_stack([y_hat, known[:, k]])


def _push(window, new):
    return np.concatenate([window[:, 1:], new], axis=1)


def recursion_in_place(step, window, known_future):
    out = []
    for k in range(known_future.shape[1]):
        out.append(step(window))
        window[:, :-1] = window[:, 1:].copy()
        window[:, -1] = np.column_stack([out[-1], known_future[:, k]])
    return np.stack(out, axis=1)


def recursion_grows(step, window, known_future):
    return _recursion(push=lambda w, new: np.concatenate([w, new], axis=1))(
        step, window, known_future)


def recursion_last_only(step, window, known_future):
    return _recursion()(step, window, known_future)[:, -1]


def recursion_time_first(step, window, known_future):
    return _recursion()(step, window, known_future).T


# --- features --------------------------------------------------------------------------------


def features_by_pandas(sales, n_train):
    z = (pd.Series(sales) - sales[:n_train].mean()) / np.std(sales[:n_train])
    table = pd.concat([z.shift(1), z.shift(7), z.rolling(3).mean().shift(1)], axis=1)
    return table.iloc[7:].to_numpy()


def features_by_loop(sales, n_train):
    z = Standardizer().fit(sales[:n_train]).transform(sales)
    return np.array([[z[t - 1], z[t - 7], (z[t - 3] + z[t - 2] + z[t - 1]) / 3]
                     for t in range(7, len(sales))])


def _features(scale, level):
    """A learner's repair, with a scaling and a mean of three days of their own."""

    def answer(sales, n_train):
        z = scale(sales, n_train)
        return np.column_stack([z[6:-1], z[:-7], level(z)])

    return answer


def _all(sales, n_train):
    return (sales - sales.mean()) / sales.std()


def _train(sales, n_train):
    return (sales - sales[:n_train].mean()) / sales[:n_train].std()


def _apart(sales, n_train):
    return np.concatenate([(p - p.mean()) / p.std() for p in (sales[:n_train], sales[n_train:])])


def _before(z):
    return np.convolve(z, np.ones(3) / 3, mode="valid")[4:-1]


def _centred(z):
    return np.convolve(z, np.ones(3) / 3, mode="same")[7:]


def features_of_raw_mean(sales, n_train):
    z = _train(sales, n_train)
    return np.column_stack([z[6:-1], z[:-7], _before(sales)])


def features_with_gaps(sales, n_train):
    z = pd.Series(_train(sales, n_train))
    return pd.concat([z.shift(1), z.shift(7), z.rolling(3).mean().shift(1)], axis=1).to_numpy()


RIGHT = {
    "make_windows": {"by_index": windows_by_index, "by_view": windows_by_view,
                     "by_append": windows_by_append},
    "paired_difference": {"by_sums": paired_by_sums, "by_pandas": paired_by_pandas,
                          "by_reduceat": paired_by_reduceat},
    "seasonal_naive": {"by_loop": naive_by_loop, "by_resize": naive_by_resize,
                       "by_tile": naive_by_tile},
    "mase": {"by_pandas": mase_by_pandas, "by_loop": mase_by_loop},
    "recursive_forecast": {"in_a_buffer": recursion_in_a_buffer, "by_roll": recursion_by_roll,
                           "one_window_at_a_time": recursion_one_window_at_a_time},
    "features": {"by_pandas": features_by_pandas, "by_loop": features_by_loop},
}

WRONG = {
    "make_windows": {
        "target_is_last_row": (_windows(lambda i, p, h: i + p + h - 2,
                                        lambda t, p, h: t - p - h + 1), "target_inside"),
        "counts_from_the_row_after": (_windows(lambda i, p, h: i + p + h,
                                               lambda t, p, h: t - p - h), "one_too_far"),
        "one_sample_short": (_windows(lambda i, p, h: i + p + h - 1,
                                      lambda t, p, h: t - p - h), "drops_last"),
        "always_next_row": (_windows(lambda i, p, h: i + p, lambda t, p, h: t - p),
                            "ignores_horizon"),
        "next_row_right_count": (_windows(lambda i, p, h: i + p,
                                          lambda t, p, h: t - p - h + 1), "ignores_horizon"),
        "windows_side_by_side": (
            lambda rows, n_past, horizon=1: _windows(
                lambda i, p, h: i + p + h - 1, lambda t, p, h: t - p - h + 1, step=n_past
            )(rows, n_past, horizon), "no_overlap"),
        "reversed": (windows_reversed, "newest_first"),
        "view_without_swap": (windows_view_axes, "axes_order"),
        "all_steps": (windows_all_steps, "all_steps"),
        "lists": (windows_lists, "not_an_array"),
        "flattened": (windows_flat, "x_shape"),
        "y_by_slices": (_windows_y(lambda y: y[:, None]), "y_has_time"),
        "y_first_feature": (_windows_y(lambda y: y[:, 0]), "y_one_feature"),
        "y_first_feature_column": (_windows_y(lambda y: y[:, :1]), "y_one_feature"),
        "y_mean_of_features": (_windows_y(lambda y: y.mean(axis=1)), "y_shape"),
        "y_transposed": (_windows_y(lambda y: y.T), "transposed"),
        "y_before_x": (lambda rows, n_past, horizon=1: windows_by_index(
            rows, n_past, horizon)[::-1], "swapped"),
        "ragged": (windows_without_end, None),
        "only_x": (lambda rows, n_past, horizon=1: windows_by_index(rows, n_past, horizon)[0],
                   "wrong_count"),
    },
    "paired_difference": {
        "b_minus_a": (_paired(_se, lambda a, b: (b - a).mean()), "sign"),
        "spread_of_days": (_paired(lambda a, b: (a - b).std(ddof=1)), "no_root"),
        "spread_of_days_numpy": (_paired(lambda a, b: np.std(a - b)), "no_root"),
        "over_n": (_paired(lambda a, b: (a - b).std(ddof=1) / len(a)), "no_square_root"),
        "numpy_default": (_paired(lambda a, b: (a - b).std() / np.sqrt(len(a))), "population"),
        "two_samples": (_paired(lambda a, b: np.sqrt(a.var(ddof=1) / len(a)
                                                     + b.var(ddof=1) / len(b))), "unpaired"),
        "variance": (_paired(lambda a, b: (a - b).var(ddof=1) / len(a)), "variance"),
        "in_place": (paired_in_place, "mutates_input"),
        "mean_only": (lambda losses_a, losses_b, block=1: (losses_a - losses_b).mean(),
                      "wrong_count"),
        "arrays_of_days": (_paired(_se, lambda a, b: a - b), "wrong_shape"),
        "absolute": (_paired(_se, lambda a, b: np.abs(a - b).mean()), "absolute"),
        "block_unused": (lambda losses_a, losses_b, block=1: (
            (losses_a - losses_b).mean(), _se(losses_a, losses_b)), "ignores_block"),
        "days_under_the_root": (_blocks(_by_block, n_of=lambda means, d, block: len(d)),
                                "root_of_days"),
        "full_days_under_the_root": (_blocks(
            _by_block, n_of=lambda means, d, block: block * len(means)), "root_of_days"),
        "sums_of_blocks": (_blocks(lambda d, block: block * _by_block(d, block),
                                   np.mean), "sums"),
        "every_nth_day": (_blocks(lambda d, block: d[:len(d) // block * block].reshape(
            block, -1).mean(axis=0)), "not_successive"),
        "rows_of_n_days": (_blocks(lambda d, block: d[:len(d) // block * block].reshape(
            block, -1).mean(axis=1), n_of=lambda means, d, block: len(means) if block > 1
            else len(d)), None),
        "short_last_block": (_blocks(lambda d, block: [
            d[k:k + block].mean() for k in range(0, len(d), block)]), "rest_as_block"),
        "rest_from_the_front": (_blocks(lambda d, block: d[len(d) % block:].reshape(
            -1, block).mean(axis=1)), "drops_first"),
        "mean_of_all_days": (_blocks(_by_block, np.mean), "rest_in_mean"),
        "nothing_without_a_rest": (paired_without_rest_zero, None),
    },
    "seasonal_naive": {
        "first_season": (lambda history, season, horizon: np.resize(
            history[:season], horizon), "first_season"),
        "last_value": (lambda history, season, horizon: np.full(horizon, history[-1]),
                       "last_value"),
        "slice_ends_at_minus_one": (lambda history, season, horizon: np.resize(
            history[-season - 1:-1], horizon), "one_early"),
        "starts_one_late": (lambda history, season, horizon: history[-season:][
            (np.arange(horizon) + 1) % season], "one_late"),
        "one_season_only": (lambda history, season, horizon: history[-season:][:horizon],
                            "too_short"),
        "three_seasons": (lambda history, season, horizon: np.tile(
            history[-season:], 3)[:horizon], "fixed_repeats"),
        "ten_seasons": (lambda history, season, horizon: np.resize(
            history[-season:], min(horizon, 10 * season)), "fixed_repeats"),
        "floor_tile": (lambda history, season, horizon: history[-season:][:horizon]
                       if horizon < season else np.tile(history[-season:], horizon // season),
                       "rounds_down"),
        "ceil_tile": (lambda history, season, horizon: np.tile(
            history[-season:], -(-horizon // season)), "rounds_up"),
        "negative_index": (naive_negative_index, "wraps_to_start"),
        "repeat": (lambda history, season, horizon: np.repeat(
            history[-season:], -(-horizon // season))[:horizon], "each_repeated"),
        "backwards": (lambda history, season, horizon: np.array(
            [history[-1 - k % season] for k in range(horizon)]), "backwards"),
        "list": (naive_returns_list, "not_an_array"),
        "whole_numbers": (lambda history, season, horizon: np.resize(
            history[-season:], horizon).astype(int), "wrong_dtype"),
    },
    "mase": {
        "scale_of_test": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            truth[m:] - truth[:-m]).mean()), "scale_of_test"),
        "last_value_scale": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            np.diff(train)).mean()), "ignores_season"),
        "diff_n": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            np.diff(train, n=m)).mean()), "nth_difference"),
        "only_mae": (_mase(_mean_abs, lambda train, truth, m: 1.0), "no_scale"),
        "upside_down": (lambda truth, forecast, train, season: _naive(
            train, truth, season) / np.abs(truth - forecast).mean(), "upside_down"),
        "signed_error": (_mase(np.mean, _naive), "signed"),
        "signed_scale": (_mase(_mean_abs, lambda train, truth, m: (
            train[m:] - train[:-m]).mean()), "signed"),
        "abs_of_mean": (_mase(lambda d: np.abs(d.mean()), _naive), "signed"),
        "squared": (_mase(lambda d: (d**2).mean(), lambda train, truth, m: (
            (train[m:] - train[:-m]) ** 2).mean()), "squared"),
        "root_mean_square": (_mase(lambda d: np.sqrt((d**2).mean()), lambda train, truth, m:
                                   np.sqrt(((train[m:] - train[:-m]) ** 2).mean())), "squared"),
        "sums": (_mase(lambda d: np.abs(d).sum(), lambda train, truth, m: np.abs(
            train[m:] - train[:-m]).sum()), "sums"),
        "one_per_step": (mase_per_step, "wrong_shape"),
        "nothing": (lambda truth, forecast, train, season: print("0.9"), "returns_none"),
        "rolls_around": (mase_wraps_around, None),
    },
    "recursive_forecast": {
        "window_stays": (_recursion(push=lambda w, new: w), "frozen_window"),
        "first_plan_always": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, known[:, 0]])), "same_plan"),
        "copies_last_row": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, w[:, -1, 1:]])), "same_plan"),
        "plan_one_late": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, known[:, min(k + 1, known.shape[1] - 1)]])), "plan_late"),
        "old_value_again": (_recursion(lambda y, known, k, w: np.column_stack(
            [w[:, -1, 0], known[:, k]])), "no_feedback"),
        "value_zero": (_recursion(lambda y, known, k, w: np.column_stack(
            [np.zeros(len(y)), known[:, k]])), "no_feedback"),
        "known_is_zero": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, np.zeros_like(known[:, k])])), "zeros"),
        "prepends": (_recursion(push=lambda w, new: np.concatenate(
            [new, w[:, :-1]], axis=1)), "wrong_end"),
        "replaces_newest": (_recursion(push=lambda w, new: np.concatenate(
            [w[:, :-1], new], axis=1)), "drops_newest"),
        "value_in_last_column": (_recursion(lambda y, known, k, w: np.column_stack(
            [known[:, k], y])), "column_order"),
        "window_grows": (recursion_grows, None),
        "in_place": (recursion_in_place, "mutates_input"),
        "last_only": (recursion_last_only, "first_only"),
        "time_first": (recursion_time_first, "transposed"),
    },
    "features": {
        "colleague": (_features(_all, _centred), "unchanged"),
        "mean_repaired_only": (_features(_all, _before), "scaler_on_everything"),
        "scaler_repaired_only": (_features(_train, _centred), "centred"),
        "rolling_without_shift": (_features(_train, lambda z: pd.Series(z).rolling(
            3).mean().to_numpy()[7:]), "includes_today"),
        "each_part_its_own_scale": (_features(_apart, _before), "scaled_apart"),
        "shifted_twice": (_features(_train, lambda z: pd.Series(z).rolling(
            3).mean().shift(2).to_numpy()[7:]), "mean_late"),
        "raw_mean": (features_of_raw_mean, "not_scaled"),
        "centre_only": (_features(lambda s, n: s - s[:n].mean(), _before), "no_spread"),
        "pandas_std": (_features(lambda s, n: (pd.Series(s) - s[:n].mean()).to_numpy()
                                 / pd.Series(s[:n]).std(), _before), "sample_spread"),
        "all_days_with_nan": (features_with_gaps, "not_finite"),
        "level_forgotten": (lambda sales, n_train: _features(_train, _before)(
            sales, n_train)[:, :2], "wrong_shape"),
    },
}
