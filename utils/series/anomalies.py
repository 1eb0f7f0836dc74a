"""Anomalies: planted ones of which the truth is known, scores, and how good a score is."""

import numpy as np
import pandas as pd

from .cleaning import check_series
from .windows import is_flat

__all__ = [
    "average_precision", "event_scores", "plant_anomalies", "residual_scores", "rolling_zscore",
]


def plant_anomalies(series, rng, spikes=0, shifts=0, flat=0, breaks=0, size=5.0,
                    length=(10, 30), clean=0):
    """Return a copy of `series` with anomalies, where they are, and a list of them.

    - spike: one value is off;
    - shift: a stretch of values is off by the same amount, up or down;
    - flat: a sensor is stuck, so that a stretch repeats the value before it;
    - break: a stretch stands upside down around its own mean.

    A spike or shift is 1 to 2 times `size` steps high; a step is 1.4826 times the median
    absolute deviation of the changes from one value to the next, so that `size` means the same
    for a series with and without a season. Events lie apart by the longest length or more, and
    never on a missing value.

    Args:
        series: as for `check_series`.
        rng: numpy Generator; the same state gives the same anomalies.
        spikes, shifts, flat, breaks: number of events of each kind.
        size: height of spikes and shifts, in steps as above, > 0.
        length: shortest and longest stretch, in values, >= 2.
        clean: values at the beginning that stay as they are.

    Returns:
        planted: Series in the unit of `series`.
        truth: boolean Series, True during an event; a stretch is True from end to end.
        events: DataFrame, oldest first: kind, start, end (times; the end is the last bad value).

    Raises:
        ValueError: if a number is negative, the lengths are no range, no room is left, or all
            values are equal.
    """
    planted = check_series(series)
    counts = {"shift": shifts, "flat": flat, "break": breaks, "spike": spikes}     # long first
    if min(counts.values()) < 0 or clean < 0 or not size > 0:
        raise ValueError(f"Numbers of events and of clean values must not be negative and size "
                         f"must be above 0, got {counts}, clean={clean} and size={size}.")
    if not 2 <= length[0] <= length[1]:
        raise ValueError(f"length must be (shortest, longest) with 2 <= shortest, got {length}.")
    values = planted.to_numpy(copy=True)
    changes = np.diff(values[np.isfinite(values)])
    step = 1.4826 * np.median(np.abs(changes - np.median(changes))) or np.abs(changes).mean()
    if is_flat(values):
        raise ValueError(f"All {len(values)} values are equal: nothing could be told from them.")
    free = np.isfinite(values)
    free[:max(clean, 1)] = False                    # a stuck sensor repeats the value before
    events = []
    for kind in (kind for kind, n in counts.items() for _ in range(n)):
        n = 1 if kind == "spike" else int(rng.integers(length[0], length[1] + 1))
        start = _place(values, free, kind, n, rng)
        stretch = slice(start, start + n)
        if kind == "flat":
            values[stretch] = values[start - 1]
        elif kind == "break":
            values[stretch] = 2 * values[stretch].mean() - values[stretch]
        else:
            values[stretch] += step * size * rng.uniform(1, 2) * rng.choice([-1, 1])
        free[max(0, start - length[1]):start + n + length[1]] = False
        events.append((kind, planted.index[start], planted.index[start + n - 1]))
    table = pd.DataFrame(events, columns=["kind", "start", "end"])
    truth = pd.Series(False, index=planted.index, name="anomaly")
    for event in table.itertuples():
        truth[event.start:event.end] = True
    planted = pd.Series(values, index=planted.index, name=planted.name)
    return planted, truth, table.sort_values("start", ignore_index=True)


def _place(values, free, kind, n, rng):
    """Draw the start of n free values that the event would change."""
    room = np.lib.stride_tricks.sliding_window_view(free, n).all(axis=1) if n <= len(free) else []
    starts = rng.permutation(np.flatnonzero(room))
    for start in starts:
        stretch, before = values[start:start + n], values[start - 1]
        if kind in ("spike", "shift") or (np.isfinite(before) and np.ptp(stretch) > 0):
            return int(start)
    raise ValueError(f"No room for one more {kind} of {n} value(s): ask for fewer or shorter "
                     f"events, or give a longer series than {len(values)} values.")


def rolling_zscore(series, window):
    """Return how many standard deviations a value lies from the mean of the values before it.

    Args:
        series: as for `check_series`.
        window: values before the step, >= 2; the value itself is not among them, nor is
            anything later.

    Returns:
        Series of scores >= 0 with the same index. NaN where the value is missing, or fewer
        than half of the window (and 2) are known or all of them are equal.

    Raises:
        ValueError: if the window is shorter than 2 or not shorter than the series.
    """
    series = check_series(series)
    if not 2 <= window < len(series):
        raise ValueError(f"window must be at least 2 and below the {len(series)} values of the "
                         f"series, got {window}.")
    before = series.shift(1).rolling(window, min_periods=max(2, (window + 1) // 2))
    spread = before.std()
    return (series - before.mean()).abs() / spread.where(spread > 0)


def residual_scores(truth, forecast, scale):
    """Return |truth - forecast| / scale: how surprising a value is to a model.

    Args:
        truth, forecast: same shape and unit; a missing value gives NaN. A Series keeps its index.
        scale: > 0, in their unit: one number, or one each. Take it from errors of the
            validation part, never from the part that is scored.

    Raises:
        ValueError: if shapes or times differ, or a scale is not above 0.
    """
    if np.shape(truth) != np.shape(forecast) or np.shape(scale) not in ((), np.shape(truth)):
        raise ValueError(f"Truth {np.shape(truth)} and forecast {np.shape(forecast)} must have "
                         f"one shape, and scale {np.shape(scale)} that shape or none.")
    if all(isinstance(v, pd.Series) for v in (truth, forecast)) and (
            not truth.index.equals(forecast.index)):
        raise ValueError("Truth and forecast have different times: reindex one like the other.")
    scale = np.asarray(scale, dtype=float)
    if not (np.isfinite(scale) & (scale > 0)).all():
        raise ValueError(f"Every scale must be above 0 and known, got {scale.min()} to "
                         f"{scale.max()}.")
    scores = np.abs(np.asarray(truth, dtype=float) - np.asarray(forecast, dtype=float)) / scale
    return pd.Series(scores, index=truth.index) if isinstance(truth, pd.Series) else scores


def event_scores(scores, truth, threshold):
    """Count alarms (scores above `threshold`) against events (runs of True in `truth`).

    Args:
        scores: (time,), higher is stranger; NaN raises no alarm.
        truth: (time,) booleans; two events that touch count as one.
        threshold: in the unit of the scores.

    Returns:
        dict: `precision`, the share of alarms that lie in an event (NaN without alarms);
        `recall`, the share of events with an alarm or more in them (NaN without events);
        `false_alarms_per_1000` steps outside events that have a score; `alarms` and `events`,
        how many there are.

    Example:
        >>> event_scores([0.0, 9.0, 8.0, 7.0, 1.0], [False, True, True, False, True], 5.0)
        {'precision': 0.6666666666666666, 'recall': 0.5, 'false_alarms_per_1000': 500.0,
         'alarms': 3, 'events': 2}
    """
    scores, truth = _scored(scores, truth)
    share = lambda part, whole: float(part / whole) if whole else float("nan")
    alarm = scores > threshold
    begins = truth & ~np.r_[False, truth[:-1]]
    event = np.cumsum(begins)                               # number of the event, from 1
    found = len(np.unique(event[alarm & truth]))
    normal = ~truth & ~np.isnan(scores)
    return {
        "precision": share((alarm & truth).sum(), alarm.sum()),
        "recall": share(found, begins.sum()),
        "false_alarms_per_1000": 1000 * share((alarm & normal).sum(), normal.sum()),
        "alarms": int(alarm.sum()), "events": int(begins.sum()),
    }


def average_precision(scores, truth):
    r"""Return $\sum_k (R_k - R_{k-1}) P_k$ over all thresholds, highest first.

    P and R are precision and recall of *steps*, not of events, where all steps with at least
    that score are alarms; equal scores are one threshold. It is 1 if every bad step scores
    above every good one, and about the share of bad steps for a score that knows nothing. NaN
    ranks below all scores: compare two scores on steps that both have. Computed by scikit-learn's
    `average_precision_score`.

    Args:
        scores: (time,), higher is stranger.
        truth: (time,) booleans, not all False.

    Raises:
        ValueError: if lengths differ or nothing is True.

    Example:
        >>> average_precision([3.0, 2.0, 1.0], [True, False, True])
        0.8333333333333333
    """
    from sklearn.metrics import average_precision_score  # seconds; series does without

    scores, truth = _scored(scores, truth)
    if not truth.any():
        raise ValueError(f"Nothing in the truth of {len(truth)} steps is True: precision needs "
                         "at least one anomaly.")
    ranks = np.unique(np.where(np.isnan(scores), -np.inf, scores), return_inverse=True)[1]
    return float(average_precision_score(truth, ranks))     # which takes no NaN and no infinity


def _scored(scores, truth):
    scores, truth = np.asarray(scores, dtype=float), np.asarray(truth)
    if scores.shape != truth.shape or scores.ndim != 1 or truth.dtype != bool or not len(truth):
        raise ValueError(f"Scores (time,) and booleans (time,) are needed, got shapes "
                         f"{scores.shape} and {truth.shape} of {truth.dtype}.")
    return scores, truth
