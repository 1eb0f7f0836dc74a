"""Answers to lesson 08 as learners write them."""

import numpy as np
import pandas as pd

# --- fill_from_past ---------------------------------------------------------------------------


def fill_pandas(values, limit):
    return pd.Series(values).ffill(limit=limit).to_numpy()


def fill_counted(values, limit):
    out, last, since = np.array(values), np.nan, 0
    for t, v in enumerate(values):
        if np.isnan(v):
            since += 1
            out[t] = last if since <= limit else np.nan
        else:
            last, since = v, 0
    return out


def fill_places(values, limit):
    """Take from each step's last known place what stands there."""
    steps = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, steps))
    return np.where((last >= 0) & (steps - last <= limit), values[np.maximum(last, 0)], np.nan)


def fill_shifts(values, limit):
    filled = known = pd.Series(values, dtype="float32")
    for k in range(1, limit + 1):
        filled = filled.fillna(known.shift(k))
    return filled


def fill_from_known(values, limit):
    """The value one step before, even if it is missing itself."""
    out = values.copy()
    for t in range(1, len(values)):
        if np.isnan(values[t]):
            out[t] = values[t - 1]
    return out


def fill_never_reset(values, limit):
    out, since = values.copy(), 0
    for t in range(1, len(values)):
        if np.isnan(out[t]) and not np.isnan(out[t - 1]) and since < limit:
            out[t], since = out[t - 1], since + 1
    return out


def fill_first_gap(values, limit):
    out, filled = values.copy(), pd.Series(values).ffill(limit=limit).to_numpy()
    gone = np.isnan(values) & (np.cumsum(~np.isnan(values)) > 0)
    if gone.any():
        start = int(np.argmax(gone))
        end = start + int(np.argmax([*~gone[start:], True]))
        out[start:end] = filled[start:end]
    return out


def fill_if_true(values, limit):
    """`if last` is False where the last known value is 0."""
    out, last, since = values.copy(), None, 0
    for t, v in enumerate(values):
        since = since + 1 if np.isnan(v) else 0
        if since == 0:
            last = v
        elif since <= limit and last:
            out[t] = last
    return out


def fill_rest(values, limit):
    """What is beyond the limit becomes 0, but for the start."""
    filled = pd.Series(values).ffill(limit=limit)
    return filled.mask(filled.isna() & (pd.Series(values).notna().cumsum() > 0), 0.0).to_numpy()


def fill_with(method):
    return lambda values, limit: method(pd.Series(values), limit).to_numpy()


def fill_whole_gaps(values, limit):
    s = pd.Series(values)
    gap = s.isna().groupby(s.notna().cumsum()).transform("sum")
    return s.ffill().where(s.notna() | (gap <= limit)).to_numpy()


# --- honest_inputs ----------------------------------------------------------------------------


def honest_pandas(values, origin, window):
    smooth = pd.Series(values[:origin]).rolling(window, min_periods=1).mean().to_numpy()
    return (smooth - np.mean(smooth)) / np.std(smooth)


def honest_sums(values, origin, window):
    past = np.asarray(values)[:origin]
    total = np.concatenate([[0], np.cumsum(past)])
    t = np.arange(1, origin + 1)
    first = np.maximum(0, t - window)
    smooth = (total[t] - total[first]) / (t - first)
    return (smooth - smooth.mean()) / smooth.std()


def honest_with(smooth=lambda s, w: s.rolling(w, min_periods=1).mean(), cut_first=True,
                scale="past", extra=0):
    def answer(values, origin, window):
        s = pd.Series(values[:origin + extra] if cut_first else values)
        made = smooth(s, window).to_numpy()
        kept = made[:origin + extra]
        reference = {"past": kept, "all": made, "raw": s.to_numpy()[:origin]}.get(scale)
        if reference is None:
            return kept
        return (kept - reference.mean()) / reference.std()
    return answer


def honest_float32(values, origin, window):
    past = np.asarray(values[:origin], "float32")
    smooth = np.array([np.average(past[max(t - window + 1, 0):t + 1]) for t in range(origin)])
    return (smooth - smooth.mean()) / smooth.std()


def honest_lists(values, origin, window):
    smooth = []
    for t in range(origin):
        part = [values[j] for j in range(t, max(-1, t - window), -1)]
        smooth.append(sum(part) / len(part))
    mean = sum(smooth) / origin
    spread = (sum((v - mean) ** 2 for v in smooth) / origin) ** 0.5
    return np.array([(v - mean) / spread for v in smooth])


def honest_sample_std(values, origin, window):
    smooth = pd.Series(values[:origin]).rolling(window, min_periods=1).mean()
    return ((smooth - smooth.mean()) / smooth.std()).to_numpy()


def honest_like_values(values, origin, window):
    """Has the dtype of the values: whole means of whole numbers."""
    smooth = np.zeros_like(values[:origin])
    for t in range(origin):
        smooth[t] = values[max(0, t - window + 1):t + 1].mean()
    return (smooth - smooth.mean()) / smooth.std()


def honest_then(change):
    def answer(values, origin, window):
        smooth = pd.Series(values[:origin]).rolling(window, min_periods=1).mean().to_numpy()
        return change(smooth, values, origin)
    return answer


def honest_window(change):
    return lambda values, origin, window: honest_pandas(values, origin, change(window))


def origin_in_scale(values, origin, window):
    smooth = pd.Series(values[:origin + 1]).rolling(window, min_periods=1).mean().to_numpy()
    return ((smooth - smooth.mean()) / smooth.std())[:origin]


def padded_start(s, window):
    return pd.Series(np.convolve(s, np.ones(window) / window)[:len(s)])


# --- undo_difference --------------------------------------------------------------------------


def undo_list(history, differences, season):
    known = list(history)
    for d in differences:
        known.append(known[-season] + d)
    return np.array(known[-len(differences):])


def undo_cumsum(history, differences, season):
    out = np.empty(len(differences))
    for k in range(min(season, len(differences))):
        out[k::season] = history[len(history) - season + k] + np.cumsum(differences[k::season])
    return out


def undo_seasons(history, differences, season):
    """Season by season, as the rows of a table."""
    table = np.pad(differences, (0, -len(differences) % season)).reshape(-1, season)
    return (history[-season:] + np.cumsum(table, axis=0)).ravel()[:len(differences)]


def undo_recursive(history, differences, season):
    def forecast(h):
        before = history[h - season] if h < season else forecast(h - season)
        return differences[h] + before
    return np.array([forecast(h) for h in range(len(differences))], dtype="float32")


def undo_first_season(beyond):
    """One season is right; what comes after it is `beyond`."""
    def answer(history, differences, season):
        out = np.full(len(differences), beyond)
        n = min(season, len(out))
        out[:n] = history[len(history) - season:len(history) - season + n] + differences[:n]
        return out
    return answer


def undo_as_whole(history, differences, season):
    """Has the dtype of the history: decimals of whole histories are lost."""
    out = np.zeros(len(differences), history.dtype)
    for h, d in enumerate(differences):
        out[h] = d + (out[h - season] if h >= season else history[h - season])
    return out


def undo_one_late(history, differences, season):
    known = list(history)
    for d in differences:
        known.append(known[-season + 1] + d)
    return np.array(known[len(history):])


# --- pinball_loss -----------------------------------------------------------------------------


def pinball_where(truth, forecast, quantile):
    above = truth > forecast
    return np.mean(np.where(above, quantile * (truth - forecast),
                            (1 - quantile) * (forecast - truth)))


def pinball_formula(truth, forecast, quantile):
    error = truth - forecast
    return float(np.mean(error * (quantile - (error < 0))))


def pinball_loop(truth, forecast, quantile):
    total = 0.0
    for y, f in zip(truth.tolist(), forecast.tolist(), strict=True):
        total += quantile * (y - f) if y >= f else (1 - quantile) * (f - y)
    return total / len(truth)


def pinball_absolute(truth, forecast, quantile):
    error = truth - forecast
    return np.array(0.5 * np.abs(error) + (quantile - 0.5) * error).mean(dtype="float64")


def pinball_each_side(e, q):
    return sum(side.mean() for side in (q * e[e >= 0], (q - 1) * e[e < 0]) if len(side))


def pinball_with(change):
    return lambda truth, forecast, q: change(truth - forecast, q)


# --- past_zscore ------------------------------------------------------------------------------


def zscore_pandas(values, window):
    s = pd.Series(values)
    rolled = s.rolling(window)
    z = (s - rolled.mean().shift()) / rolled.std(ddof=0).shift()
    return z.abs().fillna(0).to_numpy()


def zscore_windows(values, window):
    w = np.lib.stride_tricks.sliding_window_view(values[:-1], window)
    scores = np.abs(values[window:] - w.mean(axis=1)) / w.std(axis=1)
    return np.concatenate([np.zeros(window), scores])


def zscore_sums(values, window):
    """Mean and spread from running sums."""
    x = values - values.mean()
    one, two = (np.concatenate([[0], np.cumsum(x**k)]) for k in (1, 2))
    mean = (one[window:-1] - one[:-1 - window]) / window
    spread = np.sqrt((two[window:-1] - two[:-1 - window]) / window - mean**2)
    return np.concatenate([np.zeros(window), np.abs(x[window:] - mean) / spread])


def zscore_into_a_default(values, window, scores=[]):  # noqa: B006
    scores.extend([0.0] * window)
    for t in range(window, len(values)):
        past = values[t - window:t]
        scores.append(abs(values[t] - past.mean()) / past.std())
    return np.array(scores)


def zscore_list(values, window):
    return np.array([0.0] * window + [
        abs(v - values[t - window:t].mean()) / values[t - window:t].std()
        for t, v in enumerate(values) if t >= window], dtype="float32")


def zscore_rolling(ddof=1, shift=0, fill=0.0):
    def answer(values, window):
        s = pd.Series(values)
        rolled = s.rolling(window)
        z = (s - rolled.mean().shift(shift)) / rolled.std(ddof=ddof).shift(shift)
        return z.abs().fillna(fill).to_numpy()
    return answer


def zscore_with_itself(values, window):
    """The past and the value: window + 1 values."""
    pasts = [values[t - window:t + 1] for t in range(window, len(values))]
    return np.array([0.0] * window + [abs(p[-1] - p.mean()) / p.std() for p in pasts])


def zscore_short_pasts(values, window):
    """Scores from step 2 on, with as much past as is there."""
    pasts = [values[max(0, t - window):t] for t in range(2, len(values))]
    return np.array([0.0, 0.0] + [abs(v - p.mean()) / p.std()
                                  for v, p in zip(values[2:], pasts, strict=True)])


def zscore_all_past(values, window):
    out = np.zeros(len(values))
    for t in range(window, len(values)):
        out[t] = abs(values[t] - values[:t].mean()) / values[:t].std()
    return out


def zscore_with(own=0, start=0.0, sign=abs, spread=np.std, late=False):
    def answer(values, window):
        out = np.full(len(values), start)
        for t in range(window, len(values)):
            past = values[t - window + own:t + own]
            out[t] = sign((values[t] - past.mean()) / spread(past))
        return np.concatenate([out[1:], [0.0]]) if late else out
    return answer


RIGHT = {
    "fill_from_past": {"pandas": fill_pandas, "counted": fill_counted,
                       "series": lambda values, limit: pd.Series(values).ffill(limit=limit),
               "places": fill_places, "shifts": fill_shifts},
    "honest_inputs": {"pandas": honest_pandas, "sums": honest_sums, "float32": honest_float32,
                      "lists": honest_lists},
    "undo_difference": {"list": undo_list, "cumsum": undo_cumsum, "seasons": undo_seasons,
                        "recursive": undo_recursive},
    "pinball_loss": {"where": pinball_where, "formula": pinball_formula, "loop": pinball_loop,
                     "absolute": pinball_absolute},
    "past_zscore": {"pandas": zscore_pandas, "windows": zscore_windows, "sums": zscore_sums,
                    "list": zscore_list},
}

WRONG = {
    "fill_from_past": {
        "interpolates": (fill_with(lambda s, k: s.interpolate(limit=k)), "looks_ahead"),
        "backwards": (fill_with(lambda s, k: s.bfill(limit=k)), "looks_ahead"),
        "no_limit": (fill_with(lambda s, k: s.ffill()), "no_limit"),
        "whole_gaps": (fill_whole_gaps, "whole_gap_left"),
        "start_too": (fill_with(lambda s, k: s.ffill(limit=k).fillna(0)), "start_filled"),
        "one_short": (fill_with(lambda s, k: s.ffill(limit=k - 1)), "limit_off_by_one"),
        "mean": (fill_with(lambda s, k: s.fillna(s.mean()).where(s.notna().cumsum() > 0)),
                 "mean"),
        "median": (fill_with(lambda s, k: s.fillna(s.median(), limit=k)), "mean"),
        "mean_so_far": (fill_with(lambda s, k: s.fillna(s.expanding().mean(), limit=k)), "mean"),
        "zeros": (lambda values, limit: np.nan_to_num(values), "zeros"),
        "zeros_to_the_limit": (fill_with(lambda s, k: s.fillna(0, limit=k)), "zeros"),
        "both_sides": (fill_with(lambda s, k: (s.ffill() + s.bfill()) / 2), "looks_ahead"),
        "start_from_later": (fill_with(lambda s, k: s.ffill(limit=k).bfill()), "start_filled"),
        "rest_to_0": (fill_rest, "rest_filled"),
        "one_long": (fill_with(lambda s, k: s.ffill(limit=k + 1)), "limit_off_by_one"),
        "three": (fill_with(lambda s, k: s.ffill(limit=3)), None),
        "from_known_only": (fill_from_known, "first_step_only"),
        "never_reset": (fill_never_reset, "limit_in_all"),
        "first_gap": (fill_first_gap, "first_gap_only"),
        "nothing": (lambda values, limit: values.copy(), "nothing_filled"),
        "not_after_0": (fill_if_true, None),
        "whole_numbers": (fill_with(lambda s, k: s.ffill(limit=k).round()), None),
        "absolute": (fill_with(lambda s, k: s.ffill(limit=k).abs()), None),
        "objects": (lambda values, limit: fill_counted(values, limit).astype(object), None),
        "gaps_left_out": (lambda values, limit: values[~np.isnan(values)], None),
        "list": (lambda values, limit: list(values), "not_an_array"),
        "no_return": (lambda values, limit: None, "returns_none"),
    },
    "honest_inputs": {
        "scaled_with_all": (honest_with(cut_first=False, scale="all"), "scaled_with_all"),
        "centred_on_all": (honest_with(lambda s, w: s.rolling(w, 1, center=True).mean(),
                                       cut_first=False), "centred"),
        "centred_on_past": (honest_with(lambda s, w: s.rolling(w, 1, center=True).mean()),
                            "centred"),
        "origin_too": (honest_with(extra=1), "includes_origin"),
        "not_smoothed": (honest_with(lambda s, w: s), "not_smoothed"),
        "not_scaled": (honest_with(scale=None), "not_scaled"),
        "origin_in_scale": (origin_in_scale, "one_step_too_far"),
        "nan_start": (honest_with(lambda s, w: s.rolling(w).mean()), "no_full_window"),
        "zeros_before": (honest_with(padded_start), "short_windows"),
        "raw_scale": (honest_with(scale="raw"), "unsmoothed_scale"),
        "sample_std": (honest_sample_std, "sample_std"),
        "variance": (honest_then(lambda s, v, o: (s - s.mean()) / s.var()), "variance"),
        "not_divided": (honest_then(lambda s, v, o: s - s.mean()), "not_divided"),
        "not_centred": (honest_then(lambda s, v, o: s / s.std()), None),
        "spread_of_all": (honest_then(lambda s, v, o: (s - s.mean()) / v.std()),
                          "scaled_with_all"),
        "last_value_shines_through": (honest_then(lambda s, v, o: (s - s.mean()) / s.std()
                                                  + 0.01 * v[-1]), "scaled_with_all"),
        "window_of_5": (honest_window(lambda w: 5), "window_off_by_one"),
        "odd_window": (honest_window(lambda w: 2 * (w // 2) + 1), "window_off_by_one"),
        "longer_window": (honest_window(lambda w: w + 1), "window_off_by_one"),
        "shorter_window": (honest_window(lambda w: max(1, w - 1)), "window_off_by_one"),
        "one_value_short": (lambda v, o, w: honest_pandas(v, o - 1, w), None),
        "origin_of_26": (lambda v, o, w: honest_pandas(v, 26, w), None),
        "as_whole_numbers": (honest_like_values, None),
        "list": (lambda v, o, w: list(honest_pandas(v, o, w)), "not_an_array"),
    },
    "undo_difference": {
        "from_last": (lambda h, d, m: h[-1] + np.cumsum(d), "adds_to_last"),
        "last_season": (lambda h, d, m: h[len(h) - m + np.arange(len(d)) % m] + d,
                        "last_season_again"),
        "one_early": (lambda h, d, m: undo_list(h, d, m + 1), "off_by_one"),
        "minus": (lambda h, d, m: undo_list(h, -d, m), "subtracted"),
        "nothing": (lambda h, d, m: d, "differences"),
        "first_season": (lambda h, d, m: h[np.arange(len(d)) % m] + d, "first_season"),
        "one_late": (undo_one_late, "off_by_one"),
        "last_value_each": (lambda h, d, m: h[-1] + d, "adds_to_last"),
        "differences_added_up": (lambda h, d, m: np.cumsum(d), "differences"),
        "empty_beyond": (undo_first_season(np.nan), "left_empty"),
        "zeros_beyond": (undo_first_season(0.0), "left_empty"),
        "one_season": (lambda h, d, m: undo_list(h, d, m)[:m], "cut_off"),
        "with_history": (lambda h, d, m: np.append(h, undo_list(h, d, m)), "with_history"),
        "whole_numbers": (undo_as_whole, None),
        "weekly": (lambda h, d, m: undo_list(h, d, min(7, len(h))), None),
        "mean_of_season": (lambda h, d, m: h[-m:].mean() + d, None),
        "absolute_differences": (lambda h, d, m: undo_list(h, np.abs(d), m), None),
        "rounded": (lambda h, d, m: undo_list(h, d, m).round(), None),
        "list": (lambda h, d, m: list(undo_list(h, d, m)), "not_an_array"),
        "no_return": (lambda h, d, m: None, "returns_none"),
    },
    "pinball_loss": {
        "swapped": (lambda y, f, q: pinball_where(y, f, 1 - q), "sides_swapped"),
        "absolute": (pinball_with(lambda e, q: np.mean(np.abs(e))), "same_weight"),
        "quantile_on_both": (pinball_with(lambda e, q: q * np.mean(np.abs(e))), "same_weight"),
        "half_absolute": (pinball_with(lambda e, q: np.mean(np.abs(e)) / 2), "same_weight"),
        "one_side": (pinball_with(lambda e, q: np.mean(q * np.clip(e, 0, None))), "one_side"),
        "other_side": (pinball_with(lambda e, q: np.mean((1 - q) * np.clip(-e, 0, None))),
                       "one_side"),
        "each_side": (pinball_with(pinball_each_side), "sides_averaged"),
        "signed": (pinball_with(lambda e, q: np.mean(np.where(e > 0, q, 1 - q) * e)), "signed"),
        "negative": (pinball_with(lambda e, q: np.mean(np.minimum(-q * e, (1 - q) * e))),
                     "signed"),
        "arguments_swapped": (lambda y, f, q: pinball_where(f, y, q), "sides_swapped"),
        "median": (pinball_with(lambda e, q: np.median(np.maximum(q * e, (q - 1) * e))),
                   "middle"),
        "quantile_of_0.9": (lambda y, f, q: pinball_where(y, f, 0.9), "quantile_ignored"),
        "first_step": (lambda y, f, q: pinball_where(y[:1], f[:1], q), None),
        "of_41": (pinball_with(lambda e, q: np.sum(np.maximum(q * e, (q - 1) * e)) / 41),
                  "other_count"),
        "one_step_fewer": (pinball_with(lambda e, q: np.sum(np.maximum(q * e, (q - 1) * e))
                                        / max(1, len(e) - 1)), "other_count"),
        "hits_left_out": (pinball_with(lambda e, q: np.maximum(q * e, (q - 1) * e)[e != 0].sum()
                                       / max(1, (e != 0).sum())), "other_count"),
        "relative": (lambda y, f, q: pinball_where(y, f, q) / np.abs(y).mean(), None),
        "list_of_one": (lambda y, f, q: [pinball_where(y, f, q)], "not_a_number"),
        "sum": (pinball_with(lambda e, q: np.sum(np.maximum(q * e, (q - 1) * e))), "summed"),
        "squared": (pinball_with(lambda e, q: np.mean(np.where(e > 0, q, 1 - q) * e**2)),
                    "squared"),
        "per_step": (pinball_with(lambda e, q: np.maximum(q * e, (q - 1) * e)), "not_averaged"),
        "doubled": (pinball_with(lambda e, q: 2 * np.mean(np.maximum(q * e, (q - 1) * e))),
                    "doubled"),
    },
    "past_zscore": {
        "into_a_default": (zscore_into_a_default, "keeps_state"),
        "own_window": (zscore_with(own=1), "includes_itself"),
        "whole": (lambda v, w: np.abs(v - v.mean()) / v.std(), "whole_series"),
        "signed": (zscore_with(sign=lambda z: z), "signed"),
        "not_divided": (zscore_with(spread=lambda past: 1.0), "not_divided"),
        "start": (zscore_with(start=1.0), "start_scored"),
        "variance": (zscore_with(spread=np.var), "variance"),
        "all_past": (zscore_all_past, "all_past"),
        "short_window": (lambda v, w: np.where(np.arange(len(v)) < w, 0,
                                               zscore_with()(v, w - 1)), "window_off_by_one"),
        "nan_start": (zscore_with(start=np.nan), "start_nan"),
        "late": (zscore_with(late=True), "late"),
        "early": (lambda v, w: np.append(0.0, zscore_pandas(v, w)[:-1]), "late"),
        "rolling": (zscore_rolling(), "includes_itself"),
        "rolling_np_std": (zscore_rolling(ddof=0), "includes_itself"),
        "one_more_with_itself": (zscore_with_itself, "includes_itself"),
        "sample_std": (zscore_rolling(ddof=1, shift=1), "sample_std"),
        "shifted_nan": (zscore_rolling(ddof=0, shift=1, fill=np.nan), "start_nan"),
        "shifted_twice": (zscore_rolling(ddof=0, shift=2), None),
        "window_of_12": (lambda v, w: zscore_pandas(v, 12), None),
        "long_window": (lambda v, w: zscore_pandas(v, w + 1), "window_off_by_one"),
        "short_pasts": (zscore_short_pasts, "start_scored"),
        "start_left_out": (lambda v, w: zscore_pandas(v, w)[w:], "start_left_out"),
        "negative": (lambda v, w: -zscore_pandas(v, w), "signed"),
        "whole_after_start": (lambda v, w: np.where(
            np.arange(len(v)) < w, 0, np.abs(v - v.mean()) / v.std()), "whole_series"),
        "capped": (lambda v, w: np.minimum(zscore_pandas(v, w), 5), None),
        "as_whole_numbers": (lambda v, w: zscore_pandas(v, w).astype(v.dtype), None),
        "yes_or_no": (lambda v, w: zscore_pandas(v, w) > 3, None),
    },
}
