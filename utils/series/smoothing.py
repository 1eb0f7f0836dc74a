"""Moving averages, exponential smoothing and outliers against a running median."""

import numpy as np

from .cleaning import check_series

__all__ = ["exponential_smoothing", "hampel_outliers", "smooth"]


def smooth(series, window, centred=False):
    """Return the moving average of `series`, in its unit.

    Args:
        series: as for `check_series`.
        window: steps to average, >= 1.
        centred: False averages a step and the window - 1 steps before it: known at that step.
            True takes as many steps after it as before and so looks into the future; an even
            window then takes the mean of the two it lies between (2 x window average, Hyndman
            & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 3.3).

    Returns:
        Series with the same index; NaN where the window leaves the series or meets a NaN.

    Raises:
        ValueError: if the window is shorter than 1 or longer than the series.
    """
    series = check_series(series)
    _check_window(window, len(series))
    average = series.rolling(window).mean()
    if not centred:
        return average
    if window % 2 == 0:
        average = average.rolling(2).mean()
    return average.shift(-(window // 2))


def exponential_smoothing(series, alpha):
    r"""Return the level $l_t = \alpha y_t + (1 - \alpha) l_{t-1}$ after each step.

    The first level is the first known value (Brown, 1956). The level at t is the forecast of
    t + 1, made from the past alone; a missing value leaves it as it is.

    Args:
        series: as for `check_series`.
        alpha: weight of the newest value, above 0 and at most 1.

    Raises:
        ValueError: if alpha lies outside.
    """
    series = check_series(series)
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha must be above 0 and at most 1, got {alpha}.")
    return series.ewm(alpha=alpha, adjust=False, ignore_na=True).mean()


def hampel_outliers(series, window, threshold=3.0, past_only=False):
    """Return True where a value lies far from the median of the window around it.

    Far is more than `threshold` times 1.4826 MAD, the median absolute deviation from the
    median: for normal values that is their standard deviation. Unlike mean and standard
    deviation, both hold still while less than half of the window is bad (Hampel, 1974, JASA
    69, 383-393; Davies & Gather, 1993, JASA 88, 782-792). If more than half of a window is
    equal, its MAD is 0 and every other value in it counts as far.

    Args:
        series: as for `check_series`. A missing value is no outlier and counts in no median.
        window: steps, the judged one among them; odd, unless `past_only`.
        threshold: > 0.
        past_only: False centres the window on the step, which looks into the future; True
            ends it there.

    Returns:
        Boolean Series with the same index. False where less than half of the window is known.

    Raises:
        ValueError: if window or threshold do not fit.
    """
    series = check_series(series)
    _check_window(window, len(series))
    if threshold <= 0:
        raise ValueError(f"threshold must be above 0, got {threshold}.")
    if window % 2 == 0 and not past_only:
        raise ValueError(f"A centred window has an odd number of steps, got {window}: take "
                         f"{window + 1}, or past_only=True.")
    after = 0 if past_only else window // 2
    padded = np.pad(series.to_numpy(), (window - 1 - after, after), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, window)     # (time, window)
    judged = series.notna().to_numpy() & (2 * np.isfinite(windows).sum(axis=1) >= window)
    outlier = series.isna() & False
    if judged.any():
        median = np.nanmedian(windows[judged], axis=1)
        mad = np.nanmedian(np.abs(windows[judged] - median[:, None]), axis=1)
        outlier[judged] = np.abs(series[judged] - median) > threshold * 1.4826 * mad
    return outlier


def _check_window(window, steps):
    if not 1 <= window <= steps:
        raise ValueError(f"window must be between 1 and the {steps} steps of the series, "
                         f"got {window}.")
