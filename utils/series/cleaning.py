"""Checks, gaps and monthly means: what a series needs before anything is fitted to it."""

import warnings
from collections import Counter
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd
from pandas.tseries.frequencies import to_offset

__all__ = ["check_series", "fill_gaps", "finite_history", "resample_mean"]


def check_series(series, gaps=True):
    """Return `series` as floats after checking that it is a series in time.

    Args:
        series: pandas Series of numbers, oldest first, indexed by time. NaN is a missing value.
        gaps: False also refuses missing values and steps of which the row is missing.

    Returns:
        A copy with the same index and name.

    Raises:
        ValueError: if it is no Series, has no DatetimeIndex, its times are unknown, unsorted or
            not unique, a value is no number or infinite, or fewer than 2 values are known.

    Example:
        >>> days = pd.date_range("2024-03-01", periods=3)
        >>> check_series(pd.Series([1, 2, None], index=days)).tolist()
        [1.0, 2.0, nan]
    """
    if not isinstance(series, pd.Series):
        raise ValueError(f"A pandas Series is needed, got {type(series).__name__}: build one "
                         "with pd.Series(values, index=times).")
    _check_times(series.index)
    values = _numbers(series)
    infinite = np.isinf(values)
    if infinite.any():
        raise ValueError(f"{infinite.sum()} value(s) are infinite, the first at "
                         f"{series.index[infinite.argmax()]}: replace them by NaN.")
    missing = np.isnan(values)
    if (~missing).sum() < 2:
        raise ValueError(f"At least 2 known values are needed, got {(~missing).sum()} in "
                         f"{len(values)} row(s).")
    if not gaps:
        _refuse_gaps(series.index, missing)
    return pd.Series(values, index=series.index, name=series.name)


def finite_history(history, name):
    """Return the values of a forecaster's history as floats, after checking that all are known.

    Args:
        history: (time,), oldest first; a Series' times are named in the message.
        name: of the forecaster.

    Raises:
        ValueError: if there is none, or one is NaN or infinite; it names the first, its time,
            and how many are.
    """
    values = np.asarray(history, dtype=float)
    if not len(values):
        raise ValueError(f"{name} needs past values, got none.")
    unknown = np.flatnonzero(~np.isfinite(values))
    if len(unknown):
        first = unknown[0]
        when = f" ({history.index[first]})" if isinstance(history, pd.Series) else ""
        raise ValueError(f"{name} needs a history without gaps, but {len(unknown)} of its "
                         f"{len(values)} values are NaN or infinite, the first is {values[first]} "
                         f"at place {first}{when}: make NaN of infinite ones and fill gaps from "
                         "the past alone, with fill_gaps(history, 'last').")
    return values


def _check_times(index):
    if not isinstance(index, pd.DatetimeIndex):
        raise ValueError(f"The index must hold times (DatetimeIndex), got {type(index).__name__}: "
                         "convert it with pd.to_datetime.")
    if index.hasnans:
        raise ValueError(f"{index.isna().sum()} time(s) of the index are missing (NaT): leave "
                         "those rows out.")
    steps = np.diff(index.asi8)
    if (steps < 0).any():
        k = int((steps < 0).argmax())
        raise ValueError(f"Times must be sorted, but {index[k + 1]} follows {index[k]}: sort with "
                         "series.sort_index().")
    if (steps == 0).any():
        raise ValueError(f"Times must be unique, but {index[1:][steps == 0][0]} is there twice: "
                         "keep one row, or average them with series.groupby(level=0).mean().")


def _numbers(series):
    """Return the values as floats; an entry that is not a number is named with its time."""
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "fiub":
        return series.to_numpy(dtype=float, copy=True)
    for time, value in series.items():
        missing = pd.api.types.is_scalar(value) and pd.isna(value)
        if not missing and not isinstance(value, (Real, Decimal, np.bool_)):
            raise ValueError(f"The value at {time} is {value!r}, not a number: clean it, or "
                             "convert text with pd.to_numeric.")
    return np.array([np.nan if pd.isna(value) else float(value) for value in series])


def _refuse_gaps(index, missing):
    if missing.any():
        raise ValueError(f"{missing.sum()} value(s) are missing (NaN), the first at "
                         f"{index[missing.argmax()]}: fill them from the past alone, with "
                         "fill_gaps(series, 'last').")
    step = _step(index)
    absent = pd.date_range(index[0], index[-1], freq=step).difference(index)
    if len(absent):
        raise ValueError(f"{len(absent)} step(s) of {step.freqstr} have no row, the first is "
                         f"{absent[0]}: insert them as NaN with series.asfreq('{step.freqstr}').")


def _step(index):
    """Return the step of the times as a DateOffset: the one most stretches without a gap have."""
    step = index.freq or _inferred(index)
    for width in (15, 8, 5, 3):         # long stretches tell working days from days
        if step is None:
            parts = (index[k:k + width] for k in range(0, len(index) - width + 1, width // 2))
            found = Counter(_inferred(part) for part in parts)
            del found[None]
            step = found.most_common(1)[0][0] if found else None
    if step is None and len(index) == 2:
        step = index[1] - index[0]
    if step is None or not index.isin(pd.date_range(index[0], index[-1], freq=step)).all():
        raise ValueError(f"The times from {index[0]} to {index[-1]} are not equal steps: "
                         "bring them to one step with series.resample(rule).mean().")
    return to_offset(step)


def _inferred(index):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")     # pandas will return an offset here, not its name
        step = pd.infer_freq(index) if len(index) > 2 else None
    return getattr(step, "freqstr", step)


def fill_gaps(series, method="linear", season=None, limit=None):
    """Return `series` with its missing values (NaN) filled; known values stay as they are.

    - "linear" draws a line over time between the known values on both sides of a gap. It
      looks into the future, so it belongs before a forecast's origin only.
    - "seasonal" draws that line through the values *without their season* and adds the season
      of an STL decomposition again (as `na.interp` of the R package forecast, Hyndman &
      Khandakar, 2008), in turns until the fill settles. It looks into the future too.
    - "last" repeats the last known value: the only one that uses the past alone.

    What lies before the first known value stays NaN, and so does what lies after the last one,
    except with "last". A step without a row is not seen: `series.asfreq` inserts it.

    Args:
        series: as for `check_series`.
        method: "linear", "seasonal" or "last".
        season: steps per season, for "seasonal" only; two seasons of rows are needed.
        limit: longest gap to fill, in steps; a longer gap stays NaN. "last" cannot know how
            long a gap will be: it fills the first `limit` steps of each.

    Raises:
        ValueError: if the method is unknown, or season or limit do not fit.

    Example:
        >>> days = pd.date_range("2024-03-01", periods=5)
        >>> gappy = pd.Series([2.0, None, 4.0, None, None], index=days)
        >>> fill_gaps(gappy).tolist(), fill_gaps(gappy, "last", limit=1).tolist()
        ([2.0, 3.0, 4.0, nan, nan], [2.0, 2.0, 4.0, 4.0, nan])
    """
    series = check_series(series)
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1 step, or None for any gap, got {limit}.")
    if (method == "seasonal") != (season is not None):
        raise ValueError(f"season goes with method='seasonal' and only with it, got "
                         f"method={method!r} and season={season}.")
    if method == "last":
        return series.ffill(limit=limit)
    if method == "linear":
        filled = _line(series)
    elif method == "seasonal":
        filled = _seasonal_fill(series, season)
    else:
        raise ValueError(f"method must be 'linear', 'seasonal' or 'last', got {method!r}.")
    missing = series.isna()
    length = missing.groupby((~missing).cumsum()).transform("sum")      # of the gap, at its steps
    return filled if limit is None else filled.mask(missing & (length > limit))


def _line(series):
    return series.interpolate("time", limit_area="inside")


def _seasonal_fill(series, season):
    from statsmodels.tsa.seasonal import STL

    known = series.loc[series.first_valid_index():series.last_valid_index()]
    if season < 2 or len(known) < 2 * season:
        raise ValueError(f"season={season} must be at least 2 and needs two seasons of rows from "
                         f"the first to the last known value, got {len(known)}.")
    filled, spread = _line(known), known.std()
    for _ in range(50):
        season_part = STL(filled, period=season).fit().seasonal
        before, filled = filled, _line(known - season_part) + season_part
        if (filled - before).abs().max() <= 1e-4 * spread:
            break
    return known.fillna(filled).reindex(series.index)


def resample_mean(series, rule, min_share=0.5):
    """Return means over longer steps, NaN where too few values of a step are known.

    Plain `series.resample(rule).mean()` calls the one known day of a month its mean.

    Args:
        series: as for `check_series`.
        rule: step of the result, such as "MS" for months, named by their first day.
        min_share: share of the values of a *full* step, in 0 … 1, that must be known; so a
            month that the series only begins or ends in counts with all its days.

    Raises:
        ValueError: if the share is outside 0 … 1, or the times are not equal steps.

    Example:
        >>> days = pd.date_range("2024-01-30", "2024-02-29")
        >>> resample_mean(pd.Series(5.0, index=days), "MS").tolist()
        [nan, 5.0]
    """
    series = check_series(series)
    if not 0 <= min_share <= 1:
        raise ValueError(f"min_share must lie in 0 … 1, got {min_share}.")
    times, step, longer = series.index, _step(series.index), to_offset(rule)
    more = len(pd.date_range(times[0], times[0] + 2 * longer, freq=step))   # a full bin and more
    grid = pd.date_range(times[0] - more * step, times[-1] + more * step, freq=step)
    bins, rows = series.resample(rule), pd.Series(1, index=grid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)     # months need no origin
        full = rows.resample(rule, origin=times[0].normalize()).sum()       # that of `bins`
    means = bins.mean()
    return means.where(bins.count() >= min_share * full.reindex(means.index))
