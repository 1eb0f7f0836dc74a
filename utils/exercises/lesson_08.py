"""Checks of lesson 08: filling from the past, honest inputs, way back, pinball loss, alarms."""

import numpy as np

from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number

# --- gaps -------------------------------------------------------------------------------------

fill_from_past = Exercise("fill_from_past", hints={
    "looks_ahead": ("One of your filled values depends on a value after the gap.",
                    "At that time nobody knew it: repeat the last known value instead."),
    "no_limit": ("A long gap is filled to its end.",
                 "Count the steps since the last known value; after `limit` of them stop."),
    "whole_gap_left": ("You leave a gap longer than `limit` empty as a whole. When it begins, "
                       "nobody knows how long it will last.",
                       "Its first `limit` values are filled."),
    "start_filled": ("Before the first known value there is no past to repeat.",
                     "Leave a gap at the start as it is."),
    "mean": ("You fill with a mean, not with the last known value.",),
    "limit_off_by_one": ("Count again: of a long gap exactly `limit` values are filled.",),
})


def _forward(values, limit):
    out, since = values.copy(), 0
    for t in range(1, len(out)):
        since = since + 1 if np.isnan(values[t]) else 0
        if since and since <= limit:
            out[t] = out[t - 1]
    return out


def _holes(rng, gaps, n=30):
    values = np.round(rng.normal(20, 4, n), 2)
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


def _check_fill(rng, answer, gaps, limit):
    values = _holes(rng, gaps)
    right = _forward(values, limit)
    value = answer(values.copy(), limit)
    expect(hasattr(value, "shape") and value.shape == values.shape,
           f"Return an array of the shape of `values`, {values.shape}.", "not_an_array")
    value = np.asarray(value, dtype=float)

    def like(other):
        return np.allclose(value, other, equal_nan=True)

    if like(right):
        return
    known, steps = ~np.isnan(values), np.arange(len(values))
    line = np.interp(steps, steps[known], values[known])
    back = _forward(values[::-1], len(values))[::-1]
    first = int(np.argmax(known))
    long = _gap_lengths(values) > limit
    missing = ~known
    for fill in (line, back, _forward(values[::-1], limit)[::-1]):
        where = missing & ~np.isnan(value) & (steps > first) & ~np.isclose(value, right)
        expect(not (where.any() and np.allclose(value[where], fill[where])),
               "A missing value was filled with what came later.", "looks_ahead")
    start = steps < first
    expect(not (~np.isnan(value[start])).any(), "The gap at the start has been filled.",
           "start_filled")
    expect(not like(_forward(values, len(values))), "A gap is filled beyond the limit.",
           "no_limit")
    expect(not like(np.where(long, values, _forward(values, len(values)))),
           "A long gap has stayed empty as a whole.", "whole_gap_left")
    expect(not (like(_forward(values, limit - 1)) or like(_forward(values, limit + 1))),
           "One value too many or too few is filled.", "limit_off_by_one")
    wrong = missing & ~np.isnan(value) & ~np.isnan(right) & ~np.isclose(value, right)
    expect(not (wrong.any() and len(np.unique(value[wrong].round(9))) == 1
                and wrong.sum() > 2), "All gaps got one and the same value.", "mean")
    t = int(np.argmax(~np.isclose(value, right, equal_nan=True)))
    expect(False, f"Step {t} is {value[t]:.4g}, expected {right[t]:.4g}.")


@fill_from_past.part("short gaps")
def _(rng, answer):
    _check_fill(rng, answer, [(4, 1), (9, 2), (15, 3), (24, 2)], limit=3)


@fill_from_past.part("long gaps, and one at the start")
def _(rng, answer):
    _check_fill(rng, answer, [(0, 2), (6, 5), (14, 2), (20, 6)], limit=2)


# --- honest inputs ----------------------------------------------------------------------------

honest_inputs = Exercise("honest_inputs", hints={
    "scaled_with_all": ("The mean and the spread know the values after the origin.",
                        "Take both from the first `origin` smoothed values alone."),
    "centred": ("The moving average still looks ahead.",
                "Entry t is the mean of values[max(0, t - window + 1)] to values[t]."),
    "includes_origin": ("values[origin] is the first value to be forecast: it is not known yet.",
                        "Keep values[:origin]."),
    "not_smoothed": ("The moving average is missing.",),
    "not_scaled": ("The moving average is right, the scaling is missing.",
                   "Subtract the mean, divide by the standard deviation, of the past."),
    "short_windows": ("At the start fewer than `window` values are there.",
                      "Average those that are there; do not fill up with zeros."),
    "one_step_too_far": ("values[origin] has crept into the mean and spread.",
                         "Cut to values[:origin] before you smooth and scale."),
    "no_full_window": ("At the start the window is not full, and you return NaN there.",
                       "Average the values that are there: min_periods=1 in pandas."),
    "unsmoothed_scale": ("Scale with mean and spread of the *smoothed* past.",),
})


def _trailing(values, window):
    return np.array([values[max(0, t - window + 1):t + 1].mean() for t in range(len(values))])


def _centred(values, window):
    half = window // 2
    return np.array([values[max(0, t - half):t + half + 1].mean() for t in range(len(values))])


def _standard(smooth, reference):
    return (smooth - reference.mean()) / reference.std()


@honest_inputs.part("nothing from the future")
def _(rng, answer):
    values, origin, window = _walk(rng), int(rng.integers(24, 30)), 5
    value = answer(values.copy(), origin, window)
    expect(np.shape(value) != (origin,) or not np.isnan(np.asarray(value)[:window - 1]).all(),
           "The first inputs are NaN.", "no_full_window")
    before = expect_array(value, "the inputs")
    expect(before.shape != (origin + 1,), "You return one value too many.", "includes_origin")
    expect(before.shape == (origin,), f"You return shape {before.shape}, expected ({origin},).")
    one = values.copy()
    one[origin + 1:] += 50
    only_one = np.allclose(before, answer(one, origin, window))
    last = "one_step_too_far" if only_one else "centred"
    for first, mistake in ((origin + window, "scaled_with_all"), (origin, last)):
        other = values.copy()
        other[first:] += 50 * rng.uniform(1, 2, len(other) - first)
        after = answer(other, origin, window)
        expect(np.allclose(before, after), "Your result changes when values at and after the "
               "origin change.", mistake)


@honest_inputs.part("values")
def _(rng, answer):
    values, origin, window = _walk(rng), int(rng.integers(24, 30)), 5
    past = values[:origin]
    smooth, longer = _trailing(past, window), _trailing(values[:origin + 1], window)
    middle = _centred(past, window)
    padded = np.convolve(past, np.ones(window) / window)[:origin]
    expect_close(answer(values.copy(), origin, window), _standard(smooth, smooth), "the inputs",
                 axes="(origin,)", mistakes={
        "includes_origin": _standard(longer, longer), "centred": _standard(middle, middle),
        "not_smoothed": _standard(past, past), "not_scaled": smooth,
        "short_windows": _standard(padded, padded), "unsmoothed_scale": _standard(smooth, past),
    })


def _walk(rng):
    return np.cumsum(rng.normal(0.4, 1, 44)) + 10


# --- the way back from differences ------------------------------------------------------------

undo_difference = Exercise("undo_difference", hints={
    "adds_to_last": ("You add up from the last value. These are differences from the value a "
                     "season before.",
                     "Forecast h: differences[h] plus the value `season` steps before it."),
    "last_season_again": ("In the second season you add to the last *known* season again.",
                          "From step `season` on, the value a season before is your own "
                          "forecast."),
    "off_by_one": ("You start from the wrong place in the last season.",
                   "The value a season before the first forecast is history[-season]."),
    "subtracted": ("Value = difference + the value a season before, not minus.",),
    "differences": ("That is still the differences.",),
    "first_season": ("You add to the first season of the history, not to the last.",),
})


def _restored(history, differences, season, shift=0, own=True):
    known = list(history)
    for h, d in enumerate(differences):
        base = known[len(known) - season + shift] if own else \
            history[len(history) - season + h % season]
        known.append(base + d)
    return np.array(known[len(history):])


def _check_undo(rng, answer, season, horizon):
    history = rng.normal(20, 5, 4 * season + 3)
    d = rng.normal(1, 0.5, horizon)
    expect_close(answer(history.copy(), d.copy(), season), _restored(history, d, season),
                 "the forecasts", axes="(horizon,)", mistakes={
        "last_season_again": _restored(history, d, season, own=False),
        "adds_to_last": history[-1] + np.cumsum(d),
        "off_by_one": _restored(history, d, season, shift=-1),
        "subtracted": _restored(history, -d, season), "differences": d,
        "first_season": history[np.arange(horizon) % season] + d,
    })


@undo_difference.part("within one season")
def _(rng, answer):
    _check_undo(rng, answer, season=7, horizon=6)


@undo_difference.part("longer than a season")
def _(rng, answer):
    _check_undo(rng, answer, season=4, horizon=11)


# --- pinball loss -----------------------------------------------------------------------------

pinball_loss = Exercise("pinball_loss", hints={
    "sides_swapped": ("The two sides are swapped.",
                      "Truth above the forecast weighs `quantile`, below it 1 - quantile."),
    "absolute": ("Both sides weigh the same: that aims at the median whatever `quantile` is.",),
    "one_side": ("Only one side counts in your loss: a huge forecast would cost nothing.",),
    "signed": ("Your loss can be negative.", "Below the forecast the weight is 1 - quantile and "
               "the error is forecast - truth."),
    "summed": ("A mean, not a sum.",),
    "not_averaged": ("One number, not one for each step.", "np.mean(...)."),
    "squared": ("Squared errors aim at the mean; the pinball loss is linear.",),
    "doubled": ("You have a factor of 2 too many: weights are quantile and 1 - quantile.",),
})


def _check_pinball(rng, answer, q):
    truth = rng.normal(10, 3, 40)
    forecast = rng.normal(10, 3, 40)
    e = truth - forecast
    right = np.maximum(q * e, (q - 1) * e)
    value = answer(truth.copy(), forecast.copy(), q)
    name = f"the loss at quantile {q}"
    expect(np.shape(value) != truth.shape, f"{name} is an array.", "not_averaged")
    expect_close(expect_number(value, name), right.mean(), name, mistakes={
        "sides_swapped": np.maximum((1 - q) * e, -q * e).mean(),
        "absolute": np.abs(e).mean(), "one_side": (q * np.maximum(e, 0)).mean(),
        "signed": np.where(e > 0, q * e, (1 - q) * e).mean(), "summed": right.sum(),
        "squared": np.where(e > 0, q * e**2, (1 - q) * e**2).mean(), "doubled": 2 * right.mean(),
    })


@pinball_loss.part("high quantile")
def _(rng, answer):
    _check_pinball(rng, answer, 0.9)


@pinball_loss.part("low quantile")
def _(rng, answer):
    _check_pinball(rng, answer, 0.05)


# --- alarms -----------------------------------------------------------------------------------

past_zscore = Exercise("past_zscore", hints={
    "includes_itself": ("The value that you judge is in its own mean and spread, and hides "
                        "itself there.", "Use values[t - window:t]: without values[t]."),
    "whole_series": ("You use mean and spread of the whole series, future included.",),
    "signed": ("A dip is as odd as a peak.", "Return the absolute value."),
    "not_divided": ("The distance from the mean, but not in standard deviations.",),
    "start_scored": ("For the first `window` steps there is no full past: their score is 0.",),
    "variance": ("You divided by the variance.", "np.std, not np.var."),
    "all_past": ("You use the whole past; asked for are the last `window` values.",
                 "values[t - window:t]."),
    "window_off_by_one": ("Your window is one value too short or too long.",),
    "start_nan": ("The first `window` scores are 0, not NaN.", "Fill them, or start with zeros."),
    "late": ("Your score belongs to another step: you look at the value before.",),
})


def _scores(values, window, own=0, absolute=True, ddof=0, spread=np.std):
    out = np.zeros(len(values))
    for t in range(window, len(values)):
        past = values[t - window + own:t + own]
        out[t] = (values[t] - past.mean()) / spread(past, ddof=ddof)
    return np.abs(out) if absolute else out


@past_zscore.part("scores")
def _(rng, answer):
    values, window = rng.normal(5, 2, 60), 12
    values[40] += 15
    right = _scores(values, window)
    value = answer(values.copy(), window)
    expect(np.shape(value) != values.shape or not np.isnan(np.asarray(value)[0]),
           "The first scores are NaN.", "start_nan")
    value = expect_array(value, "the scores", values.shape, "(time,)")
    for ddof in (0, 1):                                     # the sample's spread is as good
        if np.allclose(value, _scores(values, window, ddof=ddof), rtol=1e-4, atol=1e-6):
            return
    expect(not _same_tail(value, right, window), "The scores of the first steps are wrong.",
           "start_scored")
    whole = np.abs(values - values.mean()) / values.std()
    distance = _scores(values, window, spread=lambda past, ddof: 1.0)
    late = np.concatenate([right[1:], [0]])
    expect_close(value, right, "the scores", axes="(time,)", mistakes={
        "includes_itself": _scores(values, window, own=1), "whole_series": whole,
        "signed": _scores(values, window, absolute=False), "not_divided": distance,
        "variance": _scores(values, window, spread=np.var), "late": late,
        "all_past": _all_past(values, window),
        "window_off_by_one": np.where(np.arange(len(values)) < window, 0,
                                      _scores(values, window - 1)),
    })


def _all_past(values, window):
    scores = [abs(values[t] - values[:t].mean()) / values[:t].std()
              for t in range(window, len(values))]
    return np.concatenate([np.zeros(window), scores])


def _same_tail(value, right, window):
    """Whether all but the first `window` scores are right."""
    return bool(np.allclose(value[window:], right[window:], rtol=1e-4, atol=1e-6))


@past_zscore.part("another window")
def _(rng, answer):
    values, window = rng.normal(0, 1, 30), 5
    value = expect_array(answer(values.copy(), window), "the scores", values.shape, "(time,)")
    expect(np.allclose(value, _scores(values, window), rtol=1e-4, atol=1e-6)
           or np.allclose(value, _scores(values, window, ddof=1), rtol=1e-4, atol=1e-6),
           "With another window the scores are wrong.")


seal(__name__)
