"""Errors of forecasts, and whether a difference is more than luck."""

import numpy as np

__all__ = [
    "autocorrelation", "coverage", "mae", "mase", "paired_difference", "pinball", "rmse",
]


def mae(truth, forecast):
    """Return the mean absolute error, in the unit of both.

    Raises:
        ValueError: if shapes differ (a (samples, 1) forecast must not spread over all
            truths) or a value is missing; so do the measures below.
    """
    truth, forecast = _pair(truth, forecast)
    return float(np.abs(truth - forecast).mean())


def rmse(truth, forecast):
    """Return the root mean squared error, in the unit of both: large errors weigh more."""
    truth, forecast = _pair(truth, forecast)
    return float(np.sqrt(np.square(truth - forecast).mean()))


def pinball(truth, forecast, quantile):
    """Return the mean pinball loss of forecasts of one quantile, in the unit of both.

    An error counts `quantile` times if the truth lies above the forecast and 1 - quantile times
    if below (Koenker & Bassett, 1978, Econometrica 46, 33-50): the true quantile makes the
    least loss. For 0.5 it is half of `mae`; some texts double it.

    Args:
        truth, forecast: same shape and unit.
        quantile: in between 0 and 1, such as 0.9: the forecast that 90 % of truths stay below.

    Raises:
        ValueError: also if the quantile is not in between 0 and 1.
    """
    truth, forecast = _pair(truth, forecast)
    if not 0 < quantile < 1:
        raise ValueError(f"quantile must lie between 0 and 1, got {quantile}.")
    error = truth - forecast
    return float(np.maximum(quantile * error, (quantile - 1) * error).mean())


def coverage(truth, low, high):
    """Return the share of truths within [low, high], ends included.

    An interval between the quantiles 0.1 and 0.9 should hold about 0.8 of them.

    Raises:
        ValueError: also if a low end lies above its high end.
    """
    truth, low = _pair(truth, low)
    _, high = _pair(truth, high)
    if (low > high).any():
        raise ValueError(f"{(low > high).sum()} interval(s) have low above high: swap the ends.")
    return float(((low <= truth) & (truth <= high)).mean())


def _pair(truth, forecast):
    truth, forecast = np.asarray(truth, dtype=float), np.asarray(forecast, dtype=float)
    if truth.shape != forecast.shape or truth.size == 0:
        raise ValueError(f"Truth {truth.shape} and forecast {forecast.shape} must have one shape.")
    if not (np.isfinite(truth).all() and np.isfinite(forecast).all()):
        raise ValueError("Truth or forecast holds a missing value: leave those steps out of both.")
    return truth, forecast


def mase(truth, forecast, train, season=1):
    """Return the mean absolute scaled error: MAE over the training part's naive MAE.

    The scale is the mean of |train[t] - train[t - season]|, without pairs of which a value is
    missing (NaN): Hyndman & Koehler (2006), section 3. Below 1 means: smaller errors than
    the (seasonal) naive rule made, one step ahead, in training.

    Args:
        truth, forecast: same shape and unit.
        train: (time,) training part of the series, same unit.
        season: steps per season; 1 compares with the last value.

    Raises:
        ValueError: if the training part is too short, or constant from season to season.
    """
    train = np.asarray(train, dtype=float)
    if season < 1 or train.ndim != 1 or len(train) <= season:
        raise ValueError(f"season={season} needs a training part (time,) longer than that, "
                         f"got shape {train.shape}.")
    steps = np.abs(train[season:] - train[:-season])
    steps = steps[np.isfinite(steps)]
    scale = steps.mean() if steps.size else 0.0
    if scale == 0:
        raise ValueError(f"The training part repeats itself every {season} step(s), or is never "
                         "known twice: its naive error is 0 and MASE is undefined.")
    return mae(truth, forecast) / float(scale)


def paired_difference(losses_a, losses_b, block=1):
    """Return the mean of losses_a - losses_b, each on the same steps, and its standard error.

    The differences are averaged over blocks of `block` successive steps. The standard error is
    s / sqrt(n) with the sample standard deviation s of the n block means: it takes the *blocks*
    as independent, so a block should be longer than the differences remember (Carlstein, 1986,
    Annals of Statistics 14, 1171-1179). With block=1 it takes single steps as independent.
    Steps after the last full block count in neither number.

    Raises:
        ValueError: unless both are (steps,) with at least two full blocks.

    Example:
        >>> paired_difference([3.0, 5.0, 2.0, 2.0, 9.0], [1.0, 1.0, 1.0, 1.0, 1.0], block=2)
        (2.0, 1.0)
    """
    a, b = np.asarray(losses_a, dtype=float), np.asarray(losses_b, dtype=float)
    n = len(a) // block if a.ndim == 1 and block >= 1 else 0
    if a.shape != b.shape or n < 2:
        raise ValueError(f"Two losses (steps,) of one length with at least two full blocks are "
                         f"needed, got shapes {a.shape} and {b.shape} and block={block}.")
    means = (a - b)[:n * block].reshape(n, block).mean(axis=1)              # (n,)
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(n))


def autocorrelation(values, n_lags):
    """Return the correlation of `values`, (time,), with itself 1 … n_lags steps earlier.

    A NaN is left out (statsmodels' `acf` with `missing="conservative"`). Values without any
    pattern stay within about ±1.96 / sqrt(time).
    """
    from statsmodels.tsa.stattools import acf

    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or not 1 <= n_lags < len(values):
        raise ValueError(f"n_lags={n_lags} needs values (time,) longer than that, "
                         f"got shape {values.shape}.")
    return acf(values, nlags=n_lags, missing="conservative")[1:]
