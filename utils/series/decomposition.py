"""Trend, season and rest; differences; whether a series wanders."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..scaling import ROUNDING
from .cleaning import check_series
from .windows import is_flat

__all__ = [
    "decompose", "difference", "seasonal_strength", "stationarity",
]


def decompose(series, season, method="STL", robust=False):
    """Return a series as trend + season + rest, by statsmodels.

    STL (Cleveland et al., 1990, Journal of Official Statistics 6, 3-73) lets the season change
    slowly. "classical" has one season for all time, the mean of what a centred moving average
    leaves, and no trend or rest for half a season at both ends (NaN). Both look into the
    future: decompose the part before a forecast's origin only.

    Args:
        series: as for `check_series`, without gaps; at least two seasons.
        season: steps per season, >= 2.
        method: "STL" or "classical".
        robust: for STL, True weighs outliers down: they stay in the rest.

    Returns:
        DataFrame with the index of `series` and the columns observed, trend, season and rest,
        all in its unit.

    Raises:
        ValueError: if the series has gaps or is too short, or the method is unknown.
    """
    from statsmodels.tsa.seasonal import STL, seasonal_decompose

    series = check_series(series, gaps=False)
    if season < 2 or len(series) < 2 * season:
        raise ValueError(f"season={season} must be at least 2 and needs two seasons of values, "
                         f"got {len(series)}.")
    if method not in ("STL", "classical") or (robust and method != "STL"):
        raise ValueError(f"method must be 'STL' or 'classical', and only STL can be robust; got "
                         f"method={method!r} and robust={robust}.")
    if method == "STL":
        parts = STL(series, period=season, robust=robust).fit()
    else:
        parts = seasonal_decompose(series, period=season)
    return pd.DataFrame({"observed": series, "trend": parts.trend, "season": parts.seasonal,
                         "rest": parts.resid})


def seasonal_strength(decomposed):
    """Return max(0, 1 - var(rest) / var(season + rest)): 0 for no season, near 1 for a strong one.

    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 4.3. A season
    and a rest that rounding alone has left, as of a constant or a line, are none.

    Args:
        decomposed: as `decompose` returns it; rows with NaN are left out.
    """
    largest = np.nanmax(np.abs(decomposed.to_numpy(dtype=float)))
    known = decomposed[["season", "rest"]].dropna() / (largest or 1.0)
    whole = known.sum(axis=1)
    if not whole.std() > ROUNDING:
        return 0.0
    return float(max(0.0, 1 - known["rest"].var() / whole.var()))


def difference(values, lag=1):
    """Return values[t] - values[t - lag], (time - lag, ...), for values (time, ...).

    Example:
        >>> difference([1.0, 4.0, 9.0, 16.0], lag=2).tolist()
        [8.0, 12.0]
    """
    values = np.asarray(values)
    if values.ndim == 0 or not 1 <= lag < len(values):
        raise ValueError(f"lag={lag} must be at least 1 and needs more values (time, ...) than "
                         f"that, got shape {values.shape}.")
    return values[lag:] - values[:-lag]


@dataclass(frozen=True)
class Stationarity:
    """What two tests with opposite null hypotheses say; p values as text, with <= or >=."""

    adf: str
    kpss: str
    verdict: str


def stationarity(series, level=0.05):
    """Test whether mean and spread of a series stay the same, in two ways.

    ADF takes a unit root (a random walk in it) for granted until p < `level` (Said & Dickey,
    1984, Biometrika 71, 599-607); KPSS takes stationarity around a constant for granted until
    p < `level` (Kwiatkowski et al., 1992, Journal of Econometrics 54, 159-178). Of the four
    outcomes two agree; if neither rejects, the series is too short or too noisy to tell (so
    Kwiatkowski et al.), and if both do, it is neither: a weak trend, a break or a long memory.
    The guide of statsmodels reads these two as trend- and difference-stationary; look at the
    plot. Both tests are about a constant mean, so a clear trend makes them agree on "not
    stationary", even with nothing but noise around it. A season is no unit root: both may
    overlook it. The KPSS table ends at 0.01 and 0.1: "<= 0.01" is all it tells there.

    Args:
        series: as for `check_series`, without gaps, at least 20 values, not constant.
        level: of both tests, 0.01 … 0.1.

    Returns:
        Stationarity: `adf`, `kpss` and `verdict`.

    Raises:
        ValueError: if the series has gaps, is too short or constant, or the level is outside.
    """
    from statsmodels.tools.sm_exceptions import InterpolationWarning
    from statsmodels.tsa.stattools import adfuller, kpss

    values = check_series(series, gaps=False).to_numpy()
    if len(values) < 20 or is_flat(values):
        raise ValueError(f"At least 20 values that are not all equal are needed, got "
                         f"{len(values)} from {values.min()} to {values.max()}.")
    if not 0.01 <= level <= 0.1:
        raise ValueError(f"level must lie in 0.01 … 0.1, where KPSS has a table, got {level}.")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        p_adf = adfuller(values)[1]
        p_kpss = kpss(values)[1]
    outside = any(issubclass(w.category, InterpolationWarning) for w in caught)
    sign = "" if not outside else "<= " if p_kpss < 0.05 else ">= "
    rejects = bool(p_adf < level), bool(p_kpss < level or sign == "<= ")
    verdict = {
        (True, False): "stationary",
        (False, True): "not stationary: difference it, or take a trend out",
        (False, False): "undecided: too few or too noisy values to tell",
        (True, True): "neither: look for a weak trend, a break or a long memory",
    }[rejects]
    return Stationarity(adf=f"{p_adf:.2g}" if p_adf >= 1e-4 else "< 0.0001",
                        kpss=f"{sign}{p_kpss:.2g}", verdict=verdict)
