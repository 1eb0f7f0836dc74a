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


# --- pinball_loss -----------------------------------------------------------------------------


def pinball_where(truth, forecast, quantile):
    above = truth > forecast
    return np.mean(np.where(above, quantile * (truth - forecast),
                            (1 - quantile) * (forecast - truth)))


def pinball_formula(truth, forecast, quantile):
    error = truth - forecast
    return float(np.mean(error * (quantile - (error < 0))))


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
    scores = np.abs(values[window:] - w.mean(axis=1)) / w.std(axis=1, ddof=1)
    return np.concatenate([np.zeros(window), scores])


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
                       "series": lambda values, limit: pd.Series(values).ffill(limit=limit)},
    "honest_inputs": {"pandas": honest_pandas, "sums": honest_sums},
    "undo_difference": {"list": undo_list, "cumsum": undo_cumsum},
    "pinball_loss": {"where": pinball_where, "formula": pinball_formula},
    "past_zscore": {"pandas": zscore_pandas, "windows": zscore_windows},
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
        "list": (lambda values, limit: list(values), "not_an_array"),
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
    },
    "undo_difference": {
        "from_last": (lambda h, d, m: h[-1] + np.cumsum(d), "adds_to_last"),
        "last_season": (lambda h, d, m: h[len(h) - m + np.arange(len(d)) % m] + d,
                        "last_season_again"),
        "one_early": (lambda h, d, m: undo_list(h, d, m + 1), "off_by_one"),
        "minus": (lambda h, d, m: undo_list(h, -d, m), "subtracted"),
        "nothing": (lambda h, d, m: d, "differences"),
        "first_season": (lambda h, d, m: h[np.arange(len(d)) % m] + d, "first_season"),
        "no_return": (lambda h, d, m: None, "returns_none"),
    },
    "pinball_loss": {
        "swapped": (lambda y, f, q: pinball_where(y, f, 1 - q), "sides_swapped"),
        "absolute": (pinball_with(lambda e, q: np.mean(np.abs(e))), "absolute"),
        "one_side": (pinball_with(lambda e, q: np.mean(q * np.clip(e, 0, None))), "one_side"),
        "signed": (pinball_with(lambda e, q: np.mean(np.where(e > 0, q, 1 - q) * e)), "signed"),
        "sum": (pinball_with(lambda e, q: np.sum(np.maximum(q * e, (q - 1) * e))), "summed"),
        "squared": (pinball_with(lambda e, q: np.mean(np.where(e > 0, q, 1 - q) * e**2)),
                    "squared"),
        "per_step": (pinball_with(lambda e, q: np.maximum(q * e, (q - 1) * e)), "not_averaged"),
        "doubled": (pinball_with(lambda e, q: 2 * np.mean(np.maximum(q * e, (q - 1) * e))),
                    "doubled"),
    },
    "past_zscore": {
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
    },
}
