"""Checks of lesson 08: filling from the past, honest inputs, way back, pinball loss, alarms."""

import numpy as np

# Bound now: a notebook that replaces np.allclose does not change what is right.
from numpy import allclose, isclose

from .engine import Exercise, seal
from .expect import equals, expect, expect_array, expect_close, expect_number


def _missing(value):
    """Return where `value`, if it is an array of floats, is NaN."""
    floats = getattr(getattr(value, "dtype", None), "kind", None) == "f"
    return np.isnan(np.atleast_1d(value)) if floats else np.zeros(1, bool)


# --- gaps -------------------------------------------------------------------------------------

fill_from_past = Exercise("fill_from_past", hints={
    "looks_ahead": ("One of your filled values depends on a value after the gap.",
                    "At that time nobody knew it: repeat the last known value instead."),
    "no_limit": ("A long gap is filled to its end.",
                 "Count the steps since the last known value; after `limit` of them stop."),
    "whole_gap_left": ("You leave a gap longer than `limit` empty as a whole. When it begins, "
                       "nobody knows how long it will last.",
                       "Its first `limit` values are filled."),
    "rest_filled": ("What lies beyond `limit` has been filled with something else.",
                    "It stays NaN."),
    "start_filled": ("Before the first known value there is no past to repeat.",
                     "Leave a gap at the start as it is."),
    "zeros": ("You fill with 0, not with the last known value.",),
    "mean": ("You fill with a mean, not with the last known value.",),
    "limit_off_by_one": ("Count again: of a long gap exactly `limit` values are filled.",),
    "first_step_only": ("You fill the first step of each gap only.",
                        "The value one step before may be one that you have just filled: "
                        "filled[t - 1]."),
    "limit_in_all": ("You stop after `limit` fillings in all. The limit is for each gap.",
                     "At each known value the count begins again."),
    "first_gap_only": ("You fill the first gap only.", "Go on after it: every gap counts."),
    "nothing_filled": ("All gaps are as they were.",),
})


def _forward(values, limit):
    out, since = values.copy(), 0
    for t in range(1, len(out)):
        since = since + 1 if np.isnan(values[t]) else 0
        if since and since <= limit:
            out[t] = out[t - 1]
    return out


def _holes(rng, n, gaps):
    """Return n values, some 0 or negative, missing in `gaps` of (start, length)."""
    values = np.round(rng.normal(20, 4, n), 1)
    values[3::11], values[8::13] = -values[3::11], 0.0      # step 8 stands before a gap
    for start, length in gaps:
        values[start:start + length] = np.nan
    return values


def _gap_lengths(values):
    """Return (time,): for each missing value the length of its gap, else 0."""
    missing, lengths = np.isnan(values), np.zeros(len(values), int)
    start = None
    for t, gone in enumerate([*missing, False]):
        if gone and start is None:
            start = t
        elif not gone and start is not None:
            lengths[start:t], start = t - start, None
    return lengths


def _past_means(values):
    """Return (time,): the mean of the known values up to each step."""
    known = ~np.isnan(values)
    return np.cumsum(np.where(known, values, 0)) / np.maximum(np.cumsum(known), 1)


def _fillings(values):
    """Return (mistake, values of the missing steps that it gives), likely ones first."""
    known, steps = ~np.isnan(values), np.arange(len(values))
    before = _forward(values, len(values))
    after = _forward(values[::-1], len(values))[::-1]
    line = np.interp(steps, steps[known], values[known])
    return [
        ("looks_ahead", line), ("looks_ahead", after), ("looks_ahead", (before + after) / 2),
        ("zeros", np.zeros(len(values))), ("mean", np.full(len(values), np.nanmean(values))),
        ("mean", np.full(len(values), np.nanmedian(values))), ("mean", _past_means(values)),
    ]


def _counted_otherwise(values, limit):
    """Return (mistake, result that repeats the right values in the wrong steps)."""
    full, gaps = _forward(values, len(values)), _gap_lengths(values)
    filled = np.isnan(values) & ~np.isnan(full)
    first_gap = np.cumsum(filled) <= gaps[np.argmax(filled)]
    return [
        ("nothing_filled", values), ("no_limit", full),
        ("whole_gap_left", np.where(gaps > limit, values, full)),
        ("first_step_only", _forward(values, 1)),
        ("limit_off_by_one", _forward(values, limit - 1)),
        ("limit_off_by_one", _forward(values, limit + 1)),
        ("limit_in_all", np.where(np.cumsum(filled) <= limit, full, values)),
        ("first_gap_only", np.where(first_gap, _forward(values, limit), values)),
    ]


def _check_fill(rng, answer, n, gaps, limit):
    values = _holes(rng, n, gaps)
    value = answer(values, limit)
    expect(value is not None, "Nothing came back: is a `return` missing?", "returns_none")
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    expect(kind is not None, f"You return {type(value).__name__}, not an array.", "not_an_array")
    expect(value.shape == values.shape, f"Return an array of the shape of `values`, "
           f"{values.shape}; yours has {value.shape}.", "wrong_shape")
    expect(kind in "fiu", f"Your array has dtype {value.dtype}: floats are expected.",
           "wrong_dtype")
    value = np.asarray(value, dtype=float)
    right, exact = _forward(values, limit), {"rtol": 1e-6, "atol": 1e-9, "equal_nan": True}
    if equals(value, right, **exact):
        return
    wrong = ~isclose(value, right, **exact)
    t = int(np.argmax(wrong))
    message = f"Step {t} of {n} is {value[t]:.4g}, expected {right[t]:.4g}."
    expect(np.isnan(values[t]), message + " It was known.")
    start = np.cumsum(~np.isnan(values)) == 0
    filled = wrong & ~np.isnan(value) & ~start
    within = filled & ~np.isnan(right)
    for mistake, other in _fillings(values) if within.any() else ():
        expect(not allclose(value[within], other[within], rtol=1e-6), message, mistake)
    expect(not (~np.isnan(value[start])).any(), message, "start_filled")
    repeated = isclose(value, _forward(values, n), **exact)
    expect(within.any() or not (filled & ~repeated).any(), message, "rest_filled")
    for mistake, other in _counted_otherwise(values, limit):
        expect(not equals(value, other, **exact), message, mistake)
    expect(False, message)


@fill_from_past.part("short gaps")
def _(rng, answer):
    _check_fill(rng, answer, 30, [(4, 1), (9, 2), (15, 3), (24, 2)], limit=3)
    _check_fill(rng, answer, 14, [(2, 1), (4, 1), (13, 1)], limit=1)
    _check_fill(rng, answer, 9, [], limit=2)
    _check_fill(rng, answer, 1, [], limit=1)
    _check_fill(rng, answer, 8, [(2, 5)], limit=20)


@fill_from_past.part("long gaps, and one at the start")
def _(rng, answer):
    _check_fill(rng, answer, 40, [(0, 2), (8, 7), (17, 3), (22, 4), (30, 8)], limit=3)
    _check_fill(rng, answer, 21, [(0, 5), (6, 2), (9, 4), (18, 3)], limit=1)
    _check_fill(rng, answer, 25, [(5, 20)], limit=12)
    _check_fill(rng, answer, 6, [(0, 6)], limit=2)
    _check_fill(rng, answer, 7, [(0, 6)], limit=3)


# --- honest inputs ----------------------------------------------------------------------------

honest_inputs = Exercise("honest_inputs", hints={
    "scaled_with_all": ("The mean and the spread know the values after the origin.",
                        "Take both from the first `origin` smoothed values alone."),
    "centred": ("Your moving average looks to both sides.",
                "Entry t is the mean of values[max(0, t - window + 1)] to values[t]."),
    "includes_origin": ("values[origin] is the first value to be forecast: it is not known yet.",
                        "Keep values[:origin]."),
    "not_smoothed": ("The moving average is missing.",),
    "not_scaled": ("The moving average is right, the scaling is missing.",
                   "Subtract the mean, divide by the standard deviation, of the past."),
    "not_divided": ("The mean is subtracted, the division is missing.",
                    "Divide by the standard deviation of the smoothed values."),
    "variance": ("You divided by the variance.", "np.std, not np.var."),
    "sample_std": ("You divide by a slightly larger spread: pandas' .std() divides by n - 1, "
                   "np.std by n.", "np.std(smooth), or .std(ddof=0) in pandas."),
    "short_windows": ("At the start fewer than `window` values are there.",
                      "Average those that are there; do not fill up with zeros."),
    "window_off_by_one": ("Your window is one value too short or too long.",
                          "`window` values with values[t] itself: values[t - window + 1:t + 1]."),
    "one_step_too_far": ("values[origin] has crept into the mean and spread.",
                         "Cut to values[:origin] before you smooth and scale."),
    "no_full_window": ("At the start the window is not full, and you return NaN there.",
                       "Average the values that are there: min_periods=1 in pandas."),
    "unsmoothed_scale": ("Scale with mean and spread of the *smoothed* past.",),
})

# (values, origin, window): an even window, one of 1 and 2, one that is never full, the last origin
ORIGINS = ((44, 26, 5), (40, 23, 4), (30, 12, 1), (31, 20, 2), (25, 10, 14), (20, 19, 7),
           (12, 4, 3), (16, 8, 8), (90, 60, 30))
DISTURBANCES = (50, -50)                # what the later values become: larger, smaller
UNMOVED = {"rtol": 1e-5, "atol": 1e-8}  # but for rounding


def _trailing(values, window):
    return np.array([values[max(0, t - window + 1):t + 1].mean() for t in range(len(values))])


def _centred(values, window):
    half = window // 2
    return np.array([values[max(0, t - half):t + half + 1].mean() for t in range(len(values))])


def _standard(smooth, reference, ddof=0):
    return (smooth - reference.mean()) / reference.std(ddof=ddof)


def _walks(rng):
    """Yield (values, origin, window) of every kind; the last is a series of integers."""
    for n, origin, window in ORIGINS:
        yield np.cumsum(rng.normal(0.4, 1, n)) + 10, origin, window
    yield np.cumsum(rng.integers(1, 9, 33)), 21, 6


def _expect_a_start(value, window):
    expect(window == 1 or not _missing(value)[:window - 1].all(),
           f"With window={window} your first inputs are NaN.", "no_full_window")


def _disturbed(values, first, last=None, by=50):
    """Return a copy in which the values from `first` to before `last` are others."""
    other = values.copy()
    other[first:last] += by * np.arange(1, len(other[first:last]) + 1)
    return other


def _which_leak(answer, values, origin, window, before, by):
    """Return the mistake of an answer that changes with what comes at and after the origin."""
    def moves(first, last=None):
        after = answer(_disturbed(values, first, last, by), origin, window)
        return not equals(expect_array(after, "the array of inputs"), before, **UNMOVED)

    if moves(origin + window):
        return "scaled_with_all"
    return "centred" if moves(origin + 1) else "one_step_too_far"


@honest_inputs.part("nothing from the future")
def _(rng, answer):
    for values, origin, window in _walks(rng):
        tries = [values, *(_disturbed(values, origin, by=by) for by in DISTURBANCES)]
        value, *others = [answer(each, origin, window) for each in tries]
        _expect_a_start(value, window)
        before, *others = (expect_array(each, "the array of inputs")
                           for each in (value, *others))
        expect(before.shape != (origin + 1,), "You return one value too many.",
               "includes_origin")
        expect(before.shape == (origin,), f"With origin={origin} you return shape "
               f"{before.shape}, expected ({origin},).")
        for by, after in zip(DISTURBANCES, others, strict=True):
            if not equals(after, before, **UNMOVED):
                expect(False, "Your result changes when values at and after the origin change.",
                       _which_leak(answer, values, origin, window, before, by))


@honest_inputs.part("values")
def _(rng, answer):
    for values, origin, window in _walks(rng):
        value = answer(values, origin, window)
        past = values[:origin].astype(float)
        smooth, longer = _trailing(past, window), _trailing(values[:origin + 1], window)
        middle, wider = _centred(past, window), _trailing(past, window + 1)
        padded = np.convolve(past, np.ones(window) / window)[:origin]
        narrower = _trailing(past, max(1, window - 1))
        _expect_a_start(value, window)
        expect_close(value, _standard(smooth, smooth), "the array of inputs", axes="(origin,)",
                     mistakes={
            "includes_origin": _standard(longer, longer), "centred": _standard(middle, middle),
            "not_smoothed": _standard(past, past), "not_scaled": smooth,
            "sample_std": _standard(smooth, smooth, ddof=1),
            "not_divided": smooth - smooth.mean(),
            "variance": (smooth - smooth.mean()) / smooth.var(),
            "short_windows": _standard(padded, padded),
            "window_off_by_one": (_standard(wider, wider), _standard(narrower, narrower)),
            "unsmoothed_scale": _standard(smooth, past),
        }, atol=1e-4)


# --- the way back from differences ------------------------------------------------------------

undo_difference = Exercise("undo_difference", hints={
    "adds_to_last": ("You add to the last value. These are differences from the value a season "
                     "before.",
                     "Forecast h: differences[h] plus the value `season` steps before it."),
    "last_season_again": ("In the second season you add to the last *known* season again.",
                          "From step `season` on, the value a season before is your own "
                          "forecast."),
    "left_empty": ("Steps beyond the first season are still empty.",
                   "From step `season` on, the value a season before is your own forecast."),
    "cut_off": ("You return one season only; the horizon may be longer.",
                "One forecast for each entry of `differences`."),
    "with_history": ("You return the history, too.", "Only what comes after it: [len(history):]."),
    "off_by_one": ("You start from the wrong place in the last season.",
                   "The value a season before the first forecast is history[-season]."),
    "subtracted": ("Value = difference + the value a season before, not minus.",),
    "differences": ("Those are still differences: the history is missing.",
                    "Add the value a season before to each."),
    "first_season": ("You add to the first season of the history, not to the last.",),
})


def _restored(history, differences, season, shift=0, own=True):
    known = list(history)
    for h, d in enumerate(differences):
        base = known[len(known) - season + shift] if own else \
            history[len(history) - season + h % season]
        known.append(base + d)
    return np.array(known[len(history):])


def _check_undo(rng, answer, season, horizon, n, whole=False):
    history = rng.integers(-50, 90, n) if whole else rng.normal(0, 5, n)
    d = rng.uniform(0.5, 2, horizon) * np.where(np.arange(horizon) % 2, 1, -1)
    value = answer(history, d, season)
    right = _restored(history, d, season)
    expect(not _missing(value)[season:].any(), "Forecasts beyond the first season are NaN.",
           "left_empty")
    after = tuple(_restored(history, d, season, shift=k) for k in (-1, 1) if n > season > 1)
    expect_close(value, right, f"with season={season} the array of {horizon} forecasts",
                 axes="(horizon,)", mistakes={
        "last_season_again": _restored(history, d, season, own=False),
        "adds_to_last": (history[-1] + np.cumsum(d), history[-1] + d),
        "subtracted": (_restored(history, -d, season), 2 * d - right),
        "differences": (d, np.cumsum(d)),
        "first_season": history[np.arange(horizon) % season] + d,
        "left_empty": np.where(np.arange(horizon) < season, right, 0),
        "cut_off": right[:season], "with_history": np.concatenate([history, right]),
        "off_by_one": after,
    })


@undo_difference.part("within one season")
def _(rng, answer):
    for season, horizon, n in ((7, 6, 31), (12, 12, 40), (5, 1, 13), (1, 1, 6), (6, 4, 6)):
        _check_undo(rng, answer, season, horizon, n)
    _check_undo(rng, answer, 4, 3, 11, whole=True)


@undo_difference.part("longer than a season")
def _(rng, answer):
    for season, horizon, n in ((4, 11, 19), (7, 14, 29), (3, 4, 10), (1, 9, 5), (5, 23, 5),
                               (2, 31, 9)):
        _check_undo(rng, answer, season, horizon, n)
    _check_undo(rng, answer, 3, 8, 14, whole=True)


# --- pinball loss -----------------------------------------------------------------------------

pinball_loss = Exercise("pinball_loss", hints={
    "sides_swapped": ("The two sides are swapped.",
                      "Truth above the forecast weighs `quantile`, below it 1 - quantile."),
    "same_weight": ("Both sides weigh the same: that aims at the median whatever `quantile` is.",
                    "Truth above the forecast weighs `quantile`, below it 1 - quantile."),
    "one_side": ("Only one side counts in your loss: a miss on the other side would cost "
                 "nothing.", "Add the other side with its own weight."),
    "signed": ("Your loss can be negative.", "Below the forecast the weight is 1 - quantile and "
               "the error is forecast - truth."),
    "summed": ("A mean, not a sum.",),
    "not_averaged": ("One number, not one for each step.", "np.mean(...)."),
    "middle": ("That is the median of the losses.", "np.mean(...)."),
    "squared": ("Squared errors aim at the mean; the pinball loss is linear.",),
    "doubled": ("You have a factor of 2 too many: weights are quantile and 1 - quantile.",),
    "quantile_ignored": ("Your loss does not change with `quantile` as it should.",
                         "Use the argument, not a number such as 0.9."),
    "other_count": ("You divide by another number than that of the steps.",
                    "np.mean(...) divides by len(truth), exact hits included."),
    "sides_averaged": ("You take a mean for each side. Here every step counts the same.",
                       "One loss for each step, then one mean over all steps."),
})


def _side_means(e, q):
    return sum(side.mean() for side in (q * e[e >= 0], (q - 1) * e[e < 0]) if side.size)


def _pinball_mistakes(e, q):
    """Return {mistake: the loss that it gives} for the errors e, some on both sides."""
    losses, size, above = np.maximum(q * e, (q - 1) * e), np.abs(e), np.maximum(e, 0)
    return {
        "sides_swapped": np.maximum((1 - q) * e, -q * e).mean(),
        "same_weight": (size.mean(), q * size.mean(), (1 - q) * size.mean(), size.mean() / 2),
        "one_side": (q * above.mean(), (1 - q) * (above - e).mean(), q * e[e > 0].mean()),
        "signed": (np.where(e > 0, q * e, (1 - q) * e).mean(), q * e.mean(), -losses.mean()),
        "quantile_ignored": tuple(np.maximum(p * e, (p - 1) * e).mean()
                                  for p in (0.9, 0.5, 0.1, 0.95, 0.05)),
        "summed": losses.sum(), "middle": np.median(losses), "sides_averaged": _side_means(e, q),
        "squared": np.where(e > 0, q * e**2, (1 - q) * e**2).mean(), "doubled": 2 * losses.mean(),
    }


def _check_pinball(answer, truth, forecast, q):
    """Compare one loss; small or one-sided inputs would give many mistakes the same value."""
    value = answer(truth, forecast, q)
    e, name = truth - forecast, f"the loss at quantile {q}"
    expect(getattr(value, "shape", ()) != truth.shape, f"{name} is an array.", "not_averaged")
    value = expect_number(value, name, whole=True)
    losses = np.maximum(q * e, (q - 1) * e)
    mistakes = _pinball_mistakes(e, q) if len(e) > 10 else {}
    counts = {len(e) - 1, len(e) + 1, np.count_nonzero(e), 41} - {0, len(e)}
    mistakes["other_count"] = tuple(losses.sum() / n for n in counts)
    expect_close(value, losses.mean(), name, whole=True, mistakes=mistakes)


def _check_quantiles(rng, answer, quantiles):
    """Both sides first, then one side only, one step, exact hits, whole and large numbers."""
    for q in quantiles:
        truth, error = rng.normal(10, 3, 41), rng.normal(0.5, 3, 41)
        error[0] = 25                                       # mean and median lie apart
        _check_pinball(answer, truth, truth - error, q)
    far = np.abs(rng.normal(2, 1, 7)) + 0.1
    for n, error in ((7, far), (7, -far), (1, far[:1]), (1, -far[:1]), (3, np.zeros(3))):
        forecast = rng.normal(-4, 3, n)
        _check_pinball(answer, forecast + error, forecast, quantiles[0])
    some = np.where(np.arange(9) % 3 == 0, 0, rng.choice([-3, -2, 2, 5], 9))
    forecast = rng.integers(1000, 3000, 9)
    _check_pinball(answer, forecast + some, forecast, quantiles[0])


@pinball_loss.part("high quantile")
def _(rng, answer):
    _check_quantiles(rng, answer, (0.9, 0.99, 0.75))


@pinball_loss.part("low quantile")
def _(rng, answer):
    _check_quantiles(rng, answer, (0.05, 0.01, 0.25, 0.5))


# --- alarms -----------------------------------------------------------------------------------

past_zscore = Exercise("past_zscore", hints={
    "includes_itself": ("The value that you judge is in its own mean and spread, and hides "
                        "itself there.", "Use values[t - window:t]: without values[t]."),
    "whole_series": ("You use mean and spread of the whole series, future included.",),
    "signed": ("A dip is as odd as a peak.", "Return the absolute value."),
    "not_divided": ("The distance from the mean, but not in standard deviations.",),
    "start_scored": ("For the first `window` steps there is no full past: their score is 0.",),
    "start_left_out": ("The first `window` steps are missing.", "Their score is 0: put zeros in "
                       "front."),
    "variance": ("You divided by the variance.", "np.std, not np.var."),
    "sample_std": ("Your spread is a little too large: pandas' .std() divides by n - 1, np.std by "
                   "n.", "np.std(past), or .std(ddof=0) in pandas."),
    "all_past": ("You use the whole past; asked for are the last `window` values.",
                 "values[t - window:t]."),
    "window_off_by_one": ("Your window is one value too short or too long.",
                          "values[t - window:t]."),
    "start_nan": ("The first `window` scores are 0, not NaN.", "Fill them, or start with zeros."),
    "late": ("Your score belongs to another step: the score of values[t] stands at t.",),
})

# (time, window): windows of 2 and of all but the last value, even and odd
WINDOWS = ((60, 12), (30, 5), (25, 2), (9, 8), (47, 20), (14, 3))


def _scores(values, window, past=None, ddof=0, first=None, spread=np.std):
    """Return the signed scores from step `first` on; `past(t)` is what they refer to."""
    scores = np.zeros(len(values))
    past = past or (lambda t: values[t - window:t])
    for t in range(window if first is None else first, len(values)):
        known = past(t)
        scores[t] = (values[t] - known.mean()) / spread(known, ddof=ddof)
    return scores


def _score_mistakes(values, w):
    """Return (mistake, scores that it gives), likely ones first; each with both spreads."""
    n, found = len(values), [("sample_std", np.abs(_scores(values, w, ddof=1)))]
    for ddof in (0, 1):
        right = np.abs(_scores(values, w, ddof=ddof))
        itself = [_scores(values, w, lambda t: values[t - w + 1:t + 1], ddof, first)
                  for first in (w, w - 1)]
        itself.append(_scores(values, w, lambda t: values[t - w:t + 1], ddof))
        others = {
            "includes_itself": itself,
            "all_past": [_scores(values, w, lambda t: values[:t], ddof)],
            "whole_series": [(values - values.mean()) / values.std(ddof=ddof)],
            "late": [np.append(right[1:], 0), np.append(0, right[:-1])],
            "window_off_by_one": [_scores(values, w, lambda t: values[t - w + 1:t], ddof)
                                  if w > 2 else right,
                                  _scores(values, w, lambda t: values[max(0, t - w - 1):t], ddof),
                                  _scores(values, w, lambda t: values[t - w - 1:t], ddof, w + 1)],
            "variance": [_scores(values, w, None, ddof, spread=np.var)],
            "not_divided": [_scores(values, w, spread=lambda past, ddof: 1.0)],
        }
        found += [(mistake, np.abs(each)) for mistake, all_ in others.items() for each in all_]
        found += [("signed", _scores(values, w, ddof=ddof)),
                  ("signed", -_scores(values, w, ddof=ddof)), ("signed", -right),
                  *(("includes_itself", each) for each in itself)]
    return [(mistake, each) for mistake, each in found if len(each) == n]


def _check_scores(answer, values, window):
    value = answer(values, window)
    gone = _missing(value)
    expect(not (gone[:1].all() and not gone[window:].any()),
           f"With window={window} your first scores are NaN.", "start_nan")
    expect(getattr(value, "shape", None) != (len(values) - window,), f"{len(values)} values and "
           f"window={window} give {len(values) - window} scores.", "start_left_out")
    scores = expect_array(value, "the array of scores", values.shape, "(time,)")
    right, close = np.abs(_scores(values, window)), {"rtol": 1e-4, "atol": 1e-6}
    if equals(scores, right, **close):
        return
    wrong = ~isclose(scores, right, **close)
    t = int(np.argmax(wrong))
    message = (f"With window={window} the score of step {t} is {scores[t]:.4g}, expected "
               f"{right[t]:.4g}.")
    expect(wrong[window:].any(), message, "start_scored")
    for mistake, other in _score_mistakes(values, window):
        expect(not equals(scores, other, **close) or equals(other, right, **close), message,
               mistake)
        expect(not equals(scores[window:], other[window:], **close)
               or equals(other[window:], right[window:], **close), message, mistake)
    expect(False, message)


@past_zscore.part("scores")
def _(rng, answer):
    values = rng.normal(5, 2, WINDOWS[0][0])
    values[40] += 15
    values[50] -= 15
    _check_scores(answer, values, WINDOWS[0][1])


@past_zscore.part("another window")
def _(rng, answer):
    for n, window in WINDOWS[1:]:
        _check_scores(answer, rng.normal(0, 1, n), window)
    _check_scores(answer, 1000 * rng.normal(1, 0.1, 50), 10)
    _check_scores(answer, rng.permutation(40) - 9, 6)


seal(__name__)
