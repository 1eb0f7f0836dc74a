"""Answers to lesson 03 as learners write them."""

import numpy as np
import pandas as pd
from scipy import stats

from utils import series
from utils.scaling import Standardizer

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


def windows_recursive(rows, n_past, horizon=1):
    if len(rows) < n_past + horizon:
        return np.empty((0, n_past, rows.shape[1])), np.empty((0, rows.shape[1]))
    x, y = windows_recursive(rows[1:], n_past, horizon)
    return (np.concatenate([rows[None, :n_past], x]),
            np.concatenate([rows[n_past + horizon - 1][None], y]))


def windows_by_shift(rows, n_past, horizon=1):
    table = pd.DataFrame(rows)
    lags = np.stack([table.shift(k).to_numpy() for k in range(n_past - 1, -1, -1)], axis=1)
    return lags[n_past - 1:len(rows) - horizon], table.shift(-horizon).dropna().to_numpy()[
        n_past - 1:]


def windows_with_targets_of_nan(rows, n_past, horizon=1):
    y = pd.DataFrame(rows).shift(-horizon).to_numpy()[n_past - 1:]
    return np.array([rows[i:i + n_past] for i in range(len(y))]), y


def windows_that_are_not_full(rows, n_past, horizon=1):
    table = pd.DataFrame(rows)
    x = np.stack([table.shift(k).to_numpy() for k in range(n_past - 1, -1, -1)], axis=1)
    return x[:len(rows) - horizon], rows[horizon:]


def windows_found_by_value(rows, n_past, horizon=1):
    x, _ = windows_by_index(rows, n_past, horizon)
    at = [rows.tolist().index(row) for row in x[:, 0].tolist()]     # the first of equal rows
    return x, rows[np.array(at) + n_past + horizon - 1]


def _windows_x(change):
    """A right y with an x of the learner's own making, of the right x or of the rows."""

    def answer(rows, n_past, horizon=1):
        x, y = windows_by_index(rows, n_past, horizon)
        return change(x, rows, n_past, len(x)), y

    return answer


def windows_that_grow(rows, n_past, horizon=1, x=[], y=[]):        # noqa: B006
    for i in range(len(rows) - n_past - horizon + 1):
        x.append(rows[i:i + n_past])
        y.append(rows[i + n_past + horizon - 1])
    return np.array(x), np.array(y)


# --- paired_difference -----------------------------------------------------------------------


def paired_by_sums(losses_a, losses_b, block=1):
    n = len(losses_a) // block
    means = []
    for k in range(n):
        days = range(k * block, (k + 1) * block)
        means.append(sum(losses_a[t] - losses_b[t] for t in days) / block)
    mean = sum(means) / n
    return mean, (sum((m - mean) ** 2 for m in means) / (n - 1) / n) ** 0.5


def paired_into_a_default(losses_a, losses_b, block=1, means=[]):  # noqa: B006
    for start in range(0, len(losses_a) - block + 1, block):
        means.append((losses_a - losses_b)[start:start + block].mean())
    return np.mean(means), np.std(means, ddof=1) / np.sqrt(len(means))


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


def paired_by_scipy(losses_a, losses_b, block=1):
    n = len(losses_a) // block
    means = np.array_split((losses_a - losses_b)[:n * block], n)
    means = [each.mean() for each in means]
    return np.array([np.mean(means), stats.sem(means)])


def paired_by_covariance(first, second, size=1):
    a, b = _by_block(first, size), _by_block(second, size)
    (var_a, both), (_, var_b) = np.cov(a, b)
    return a.mean() - b.mean(), np.sqrt((var_a + var_b - 2 * both) / len(a))


def paired_blocks_as_count(losses_a, losses_b, block=1):
    d = losses_a - losses_b
    if block == 1:
        return d.mean(), d.std(ddof=1) / np.sqrt(len(d))
    means = d[:len(d) // block * block].reshape(block, -1).mean(axis=1)
    return means.mean(), means.std(ddof=1) / np.sqrt(len(means))


def paired_in_whole_numbers(losses_a, losses_b, block=1):
    n = len(losses_a) // block
    means = np.zeros_like(losses_a[:n])         # of integers, if the losses are integers
    for k in range(n):
        means[k] = (losses_a - losses_b)[k * block:(k + 1) * block].mean()
    return means.mean(), means.std(ddof=1) / np.sqrt(n)


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


def naive_into_a_default(history, season, horizon, made=[]):  # noqa: B006
    made.extend(history[-season + k % season] for k in range(horizon))
    return np.array(made)


def naive_by_resize(history, season, horizon):
    return np.resize(history[-season:], horizon)


def naive_by_tile(history, season, horizon):
    return np.tile(history[-season:], horizon // season + 1)[:horizon]


def naive_negative_index(history, season, horizon):
    return np.array([history[-season + k] for k in range(horizon)])


def naive_returns_list(history, season, horizon):
    return [float(history[-season:][k % season]) for k in range(horizon)]


def naive_by_take(history, season, horizon):
    return np.take(history[len(history) - season:], range(horizon), mode="wrap")


def naive_by_rows(values, m, n):
    return np.vstack([values[-m:]] * (n // m + 1)).ravel()[:n]


def naive_cut_by_the_rest(history, season, horizon):
    tiled = np.tile(history[-season:], -(-horizon // season))
    return tiled[:-(season - horizon % season)]


def naive_cut_by_the_surplus(history, season, horizon):
    tiled = np.tile(history[-season:], -(-horizon // season))
    return tiled[:-(len(tiled) - horizon)]


def naive_left_as_nan(history, season, horizon):
    out = np.full(horizon, np.nan)
    out[:season] = history[-season:][:horizon]
    return out


def naive_mean_of_weekdays(history, season, horizon):
    h = history[len(history) % season:].reshape(-1, season).mean(axis=0)
    return np.resize(h, horizon)


def naive_by_split(history, season, horizon):
    return np.resize(history.reshape(-1, season)[-1], horizon)      # whole seasons only


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


def mase_by_one_sum(y, y_hat, past, m):
    return (len(past) - m) / len(y) * np.abs(y - y_hat).sum() / np.abs(past[:-m] - past[m:]).sum()


def mase_by_lists(truth, forecast, train, season):
    pairs = list(zip(train.tolist()[season:], train.tolist(), strict=False))
    return np.float32(np.mean([abs(a - b) for a, b in zip(truth, forecast, strict=True)])
                      / np.mean([abs(a - b) for a, b in pairs]))


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


def recursion_by_recursion(step, window, known_future):
    if known_future.shape[1] == 0:
        return np.empty((len(window), 0))
    y_hat = step(window)[:, None]
    row = np.concatenate([y_hat, known_future[:, 0]], axis=1)[:, None]
    rest = recursion_by_recursion(step, np.concatenate([window, row], axis=1)[:, 1:],
                                  known_future[:, 1:])
    return np.concatenate([y_hat, rest], axis=1)


def recursion_by_padding(model, rows, plan):
    out = []
    for k in range(plan.shape[1]):
        out.append(model(rows))
        new = np.pad(plan[:, k], ((0, 0), (1, 0)))
        new[:, 0] = out[-1]
        rows = np.append(rows[:, 1:], new[:, np.newaxis], axis=1)
    return np.column_stack(out)


def _row_first(placeholder, write_back):
    """The day's row is added with a placeholder, and only then the model is asked."""

    def answer(step, window, known_future):
        window, out = window.copy(), []
        for k in range(known_future.shape[1]):
            new = np.column_stack([placeholder(window), known_future[:, k]])
            window = _push(window, new[:, None])
            out.append(step(window))
            if write_back:
                window[:, -1, 0] = out[-1]
        return np.stack(out, axis=1)

    return answer


def recursion_first_window_only(step, window, known_future):
    return np.repeat(_recursion()(step, window, known_future)[:1], len(window), axis=0)


def recursion_left_as_nan(step, window, known_future):
    out = np.full(known_future.shape[:2], np.nan)
    out[:, 0] = step(window)
    return out


def recursion_seven_steps(step, window, known_future):
    known = np.concatenate([known_future] * 7, axis=1)[:, :7]
    return _recursion()(step, window, known)[:, :known_future.shape[1]]


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


def features_by_roll(sales, n_train):
    z = _train(sales, n_train)
    return np.stack([np.roll(z, 1), np.roll(z, 7),
                     sum(np.roll(z, k) for k in (1, 2, 3)) / 3])[:, 7:].T


def features_by_view(y, n):
    z = (np.asarray(y, float) - np.mean(y[:n])) / np.std(y[:n])
    week = np.lib.stride_tricks.sliding_window_view(z[:-1], 7)
    return np.c_[week[:, -1], week[:, 0], week[:, -3:].mean(axis=1)]


def features_by_cumsum(sales, n_train):
    z = _train(sales, n_train)
    total = np.append(0, z.cumsum())
    return np.column_stack([z[6:-1], z[:-7], (total[7:-1] - total[4:-4]) / 3])


def _columns(make):
    """Columns of the learner's own making, rightly scaled."""
    return lambda sales, n_train: np.column_stack(make(_train(sales, n_train)))


def features_of_raw_mean(sales, n_train):
    z = _train(sales, n_train)
    return np.column_stack([z[6:-1], z[:-7], _before(sales)])


def features_with_gaps(sales, n_train):
    z = pd.Series(_train(sales, n_train))
    return pd.concat([z.shift(1), z.shift(7), z.rolling(3).mean().shift(1)], axis=1).to_numpy()


RIGHT = {
    "make_windows": {"by_index": windows_by_index, "by_view": windows_by_view,
                     "by_append": windows_by_append, "recursive": windows_recursive,
                     "by_shift": windows_by_shift},
    "paired_difference": {"by_sums": paired_by_sums, "by_pandas": paired_by_pandas,
                          "by_reduceat": paired_by_reduceat, "by_scipy": paired_by_scipy,
                          "by_covariance": paired_by_covariance},
    "seasonal_naive": {"by_loop": naive_by_loop, "by_resize": naive_by_resize,
                       "by_tile": naive_by_tile, "by_take": naive_by_take,
                       "by_rows": naive_by_rows},
    "mase": {"by_pandas": mase_by_pandas, "by_loop": mase_by_loop, "by_one_sum": mase_by_one_sum,
             "by_lists": mase_by_lists},
    "recursive_forecast": {"in_a_buffer": recursion_in_a_buffer, "by_roll": recursion_by_roll,
                           "one_window_at_a_time": recursion_one_window_at_a_time,
                           "by_recursion": recursion_by_recursion,
                           "by_padding": recursion_by_padding},
    "features": {"by_pandas": features_by_pandas, "by_loop": features_by_loop,
                 "by_roll": features_by_roll, "by_view": features_by_view,
                 "by_cumsum": features_by_cumsum},
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
            )(rows, n_past, horizon), "jumps"),
        "moves_on_by_the_horizon": (
            lambda rows, n_past, horizon=1: _windows(
                lambda i, p, h: i + p + h - 1, lambda t, p, h: t - p - h + 1, step=horizon
            )(rows, n_past, horizon), "jumps"),
        "second_window_first": (lambda rows, n_past, horizon=1: tuple(
            v[1:] for v in windows_by_index(rows, n_past, horizon)), "drops_first"),
        "first_row_lost_in_x": (_windows_x(lambda x, rows, n, m: x[1:]), "drops_first"),
        "windows_without_a_target": (_windows_x(lambda x, rows, n, m: np.stack(
            [rows[i:i + n] for i in range(len(rows) - n + 1)])), "no_target"),
        "targets_of_nan": (windows_with_targets_of_nan, "no_target"),
        "windows_of_nan": (windows_that_are_not_full, "not_full"),
        "windows_found_by_value": (windows_found_by_value, None),
        "window_begins_late": (_windows_x(lambda x, rows, n, m: np.stack(
            [rows[i + 1:i + 1 + n] for i in range(m)])), "window_moved"),
        "window_too_long": (_windows_x(lambda x, rows, n, m: np.stack(
            [rows[i:i + n + 1] for i in range(m)])), "window_length"),
        "window_too_short": (_windows_x(lambda x, rows, n, m: x[:, 1:]), "window_length"),
        "x_squeezed": (_windows_x(lambda x, rows, n, m: x.squeeze()), "squeezed"),
        "y_squeezed": (_windows_y(np.squeeze), "squeezed"),
        "half_of_the_samples": (lambda rows, n_past, horizon=1: tuple(
            v[:1 + len(v) // 2] for v in windows_by_index(rows, n_past, horizon)), "count"),
        "targets_are_windows": (lambda rows, n_past, horizon=1: (
            windows_by_index(rows, n_past, horizon)[0],
            windows_by_index(rows[horizon:], n_past, 0)[0]), "y_is_window"),
        "horizon_of_three": (lambda rows, n_past, horizon=1: windows_by_index(
            rows, n_past, 3 if horizon > 1 else 1), "one_too_far"),
        "horizon_at_most_three": (lambda rows, n_past, horizon=1: windows_by_index(
            rows, n_past, min(horizon, 3)), "count"),
        "three_features": (_windows_x(lambda x, rows, n, m: x[..., :3]), "features_lost"),
        "grows_from_call_to_call": (windows_that_grow, None),
        "rounded": (_windows_y(np.round), None),
        "no_negative_rows": (_windows_y(np.abs), None),
        "reversed": (windows_reversed, "newest_first"),
        "view_without_swap": (windows_view_axes, "axes_order"),
        "all_steps": (windows_all_steps, "all_steps"),
        "lists": (windows_lists, "not_an_array"),
        "flattened": (windows_flat, "x_shape"),
        "y_by_slices": (_windows_y(lambda y: y[:, None]), "y_has_time"),
        "y_first_feature": (_windows_y(lambda y: y[:, 0]), "y_one_feature"),
        "y_first_feature_column": (_windows_y(lambda y: y[:, :1]), "y_one_feature"),
        "y_last_feature": (_windows_y(lambda y: y[:, -1:]), "y_one_feature"),
        "y_mean_of_features": (_windows_y(lambda y: y.mean(axis=1)), "y_shape"),
        "y_transposed": (_windows_y(lambda y: y.T), "transposed"),
        "y_before_x": (lambda rows, n_past, horizon=1: windows_by_index(
            rows, n_past, horizon)[::-1], "swapped"),
        "ragged": (windows_without_end, None),
        "only_x": (lambda rows, n_past, horizon=1: windows_by_index(rows, n_past, horizon)[0],
                   "wrong_count"),
    },
    "paired_difference": {
        "into_a_default": (paired_into_a_default, "keeps_state"),
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
            else len(d)), "one_block"),
        "blocks_by_their_number": (paired_blocks_as_count, "number_of_blocks"),
        "uneven_blocks": (_blocks(lambda d, block: [
            each.mean() for each in np.array_split(d, len(d) // block)]), "uneven"),
        "sliding_blocks": (_blocks(lambda d, block: np.convolve(
            d, np.ones(block) / block, mode="valid")), "overlapping"),
        "last_block_lost": (_blocks(lambda d, block: _by_block(d, block)[
            :len(d) if block == 1 else -1]), "one_block_less"),
        "root_of_n_minus_one": (_blocks(_by_block, n_of=lambda means, d, block: len(means) - 1),
                                "n_minus_one"),
        "error_first": (lambda *args: paired_by_sums(*args)[::-1], "swapped"),
        "sum_of_days": (_paired(_se, lambda a, b: (a - b).sum()), "sum"),
        "sum_for_mean_in_blocks": (_blocks(_by_block, lambda d: d.mean() * 2), None),
        "whole_numbers": (paired_in_whole_numbers, None),
        "median": (_paired(_se, lambda a, b: np.median(a - b)), None),
        "size_of_the_mean": (_paired(_se, lambda a, b: abs((a - b).mean())), "absolute"),
        "mean_of_a": (_paired(_se, lambda a, b: a.mean()), None),
        "first_block_only": (_blocks(lambda d, block: d[:block] if block > 1 else d), None),
        "five_day_blocks": (lambda a, b, block=1: paired_by_sums(a, b, 5 if block > 1 else 1),
                            None),
        "short_last_block": (_blocks(lambda d, block: [
            d[k:k + block].mean() for k in range(0, len(d), block)]), "rest_as_block"),
        "rest_from_the_front": (_blocks(lambda d, block: d[len(d) % block:].reshape(
            -1, block).mean(axis=1)), "drops_first"),
        "mean_of_all_days": (_blocks(_by_block, np.mean), "rest_in_mean"),
        "nothing_without_a_rest": (paired_without_rest_zero, "nothing_left"),
    },
    "seasonal_naive": {
        "into_a_default": (naive_into_a_default, "keeps_state"),
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
        "rest_cut_off": (naive_cut_by_the_rest, "cut_of_nothing"),
        "surplus_cut_off": (naive_cut_by_the_surplus, "cut_of_nothing"),
        "rest_left_as_nan": (naive_left_as_nan, "left_out"),
        "mean_of_weekdays": (naive_mean_of_weekdays, "mean_of_seasons"),
        "hundred_seasons": (lambda history, season, horizon: np.tile(
            history[-season:], 100)[:horizon], "fixed_repeats"),
        "one_season_more": (lambda history, season, horizon: np.tile(
            history[-season:], horizon // season + 2), "rounds_up"),
        "none_for_the_rest": (lambda history, season, horizon: np.array(
            [history[-season:][k] if k < season else None for k in range(horizon)]),
                              "wrong_dtype"),
        "whole_seasons_only": (naive_by_split, None),
        "season_of_seven": (lambda history, season, horizon: np.resize(history[-7:], horizon),
                            None),
        "season_before_the_last": (lambda history, season, horizon: np.resize(
            history[-2 * season:-season], horizon), None),
        "absolute": (lambda history, season, horizon: np.abs(
            np.resize(history[-season:], horizon)), None),
        "horizon_as_season": (lambda history, season, horizon: np.resize(
            history[-horizon:], horizon), "horizon_as_season"),
        "needs_two_seasons": (lambda history, season, horizon: np.resize(
            history[-2 * season:].reshape(2, season)[1], horizon), None),
        "cut_in_front": (lambda history, season, horizon: np.tile(
            history[-season:], -(-horizon // season))[-horizon:], "horizon_as_season"),
        "found_by_value": (lambda history, season, horizon: np.resize(
            history[history.tolist().index(history[-season]):][:season], horizon), None),
        "column": (lambda history, season, horizon: np.resize(
            history[-season:], horizon)[:, None], "wrong_shape"),
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
        "shifted_with_a_gap": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            train - pd.Series(train).shift(m).to_numpy()).mean()), "gaps"),
        "rolls_around": (mase_wraps_around, "wraps"),
        "divided_by_all_days": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            train[m:] - train[:-m]).sum() / len(train)), "divisor"),
        "lag_of_one_less": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            train[max(m - 1, 1):] - train[:-max(m - 1, 1)]).mean()), "wrong_lag"),
        "lag_of_one_more": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            train[m + 1:] - train[:-m - 1]).mean()), "wrong_lag"),
        "lag_of_seven": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            train[7 if m > 1 else 1:] - train[:-7 if m > 1 else -1]).mean()), None),
        "scale_of_all": (lambda truth, forecast, train, season: np.abs(
            truth - forecast).mean() / _naive(np.append(train, truth), None, season),
                         "scale_of_test"),
        "last_season_of_training": (_mase(_mean_abs, lambda train, truth, m: np.abs(
            truth - np.resize(train[-m:], len(truth))).mean()), "scale_of_test"),
        "median": (_mase(lambda d: np.median(np.abs(d)), _naive), None),
        "rounded": (lambda *args: round(mase_by_loop(*args), 2), None),
        "root_over_mean": (_mase(lambda d: np.sqrt((d**2).mean()), _naive), "squared"),
        "spread_of_training": (_mase(_mean_abs, lambda train, truth, m: train.std()), None),
        "never_above_one": (lambda *args: min(1.0, mase_by_loop(*args)), None),
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
        "plan_one_early": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, known[:, k - 1]])), "plan_early"),
        "plan_backwards": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, known[:, -k - 1]])), "plan_backwards"),
        "row_first_with_zero": (_row_first(lambda w: 0 * w[:, -1, 0], True), "row_first"),
        "row_first_with_last_value": (_row_first(lambda w: w[:, -1, 0], True), "row_first"),
        "row_first_and_stays": (_row_first(lambda w: 0 * w[:, -1, 0], False), "row_first"),
        "first_window_only": (recursion_first_window_only, "one_window"),
        "last_step_first": (lambda *args: _recursion()(*args)[:, ::-1], "newest_first"),
        "first_forecast_fed_back": (lambda step, window, known_future: _recursion(
            lambda y, known, k, w: np.column_stack([step(window), known[:, k]]))(
                step, window, known_future), "no_feedback"),
        "rest_left_as_nan": (recursion_left_as_nan, "left_out"),
        "axis_too_many": (lambda *args: _recursion()(*args)[..., None], "wrong_shape"),
        "one_step_short": (lambda *args: _recursion()(*args)[:, :-1], "wrong_shape"),
        "seven_steps": (recursion_seven_steps, "wrong_shape"),
        "rounded": (_recursion(lambda y, known, k, w: np.column_stack(
            [np.round(y, 1), known[:, k]])), None),
        "feeds_back_twice": (_recursion(lambda y, known, k, w: np.column_stack(
            [w[:, -1, 0] + y, known[:, k]])), None),
        "mean_of_the_batch": (_recursion(lambda y, known, k, w: np.column_stack(
            [np.full(len(y), y.mean()), known[:, k]])), None),
        "drops_two_rows": (_recursion(push=lambda w, new: np.concatenate(
            [w[:, :1], w[:, 2:], new], axis=1)), None),
        "three_features": (_recursion(lambda y, known, k, w: np.column_stack(
            [y, known[:, k, :3]])), None),
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
        "all_days_with_nan": (features_with_gaps, "gaps"),
        "sum_of_three": (_columns(lambda z: [z[6:-1], z[:-7], 3 * _before(z)]), "not_mean"),
        "week_first": (_columns(lambda z: [z[:-7], z[6:-1], _before(z)]), "column_order"),
        "mean_first": (_columns(lambda z: [_before(z), z[6:-1], z[:-7]]), "column_order"),
        "sales_of_the_day": (_columns(lambda z: [z[7:], z[:-7], _before(z)]), "today_itself"),
        "nothing_shifted": (_columns(lambda z: [z[7:], z[1:-6], np.convolve(
            z, np.ones(3) / 3, mode="valid")[5:]]), "today_itself"),
        "two_days_before": (_columns(lambda z: [z[5:-2], z[:-7], _before(z)]), "wrong_day"),
        "six_days_before": (_columns(lambda z: [z[6:-1], z[1:-6], _before(z)]), "wrong_day"),
        "spread_of_all": (_features(lambda s, n: (s - s[:n].mean()) / s.std(), _before),
                          "scaler_on_everything"),
        "mean_of_all": (_features(lambda s, n: (s - s.mean()) / s[:n].std(), _before),
                        "scaler_on_everything"),
        "first_forty_days": (_features(lambda s, n: _train(s, 40), _before), None),
        "one_day_more": (_features(lambda s, n: _train(s, n + 1), _before), None),
        "between_0_and_1": (_features(lambda s, n: (s - s[:n].min()) / np.ptp(s[:n]), _before),
                            None),
        "median_of_three": (_columns(lambda z: [z[6:-1], z[:-7], np.median(
            [z[4:-3], z[5:-2], z[6:-1]], axis=0)]), None),
        "two_days_in_the_mean": (_columns(lambda z: [z[6:-1], z[:-7], (z[5:-2] + z[6:-1]) / 2]),
                                 None),
        "spread_with_the_mean_of_squares": (_features(lambda s, n: (s - s[:n].mean()) / np.sqrt(
            (s[:n]**2).mean()), _before), None),
        "row_of_columns": (lambda s, n: features_by_loop(s, n).T, "transposed"),
        "level_forgotten": (lambda sales, n_train: _features(_train, _before)(
            sales, n_train)[:, :2], "wrong_shape"),
    },
}
