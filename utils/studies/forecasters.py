"""Which forecaster wins on which series: the methods and series of lesson 08's leaderboard.

`python -m benchmarks.mining` runs all of it; the lesson a part.
"""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from ..data.sales import clean_sales
from ..data.series import (
    load_airline_passengers,
    load_co2,
    load_elnino,
    load_min_temperatures,
    load_monthly_sunspots,
    load_sunspots,
)
from ..series.backtest import backtest, scores
from ..series.forecasters import LastValue, LinearLags, MovingAverage, SeasonalNaive
from ..series.state_space import ExponentialSmoothing, Sarima

__all__ = ["FULL", "NETWORKS", "QUICK", "Case", "compare", "load_case", "methods"]

NETWORKS = ("CNN", "SimpleRNN", "LSTM", "GRU", "encoder-decoder")


@dataclass(frozen=True)
class Case:
    """A series with the protocol it is forecast under: test blocks of one season each."""

    name: str
    series: pd.Series
    season: int
    origins: int = 5

    @property
    def horizon(self):
        return self.season


def _co2():
    months = load_co2().resample("MS").mean()           # NaN only where no week was measured
    return months["1965":]                              # whole months, all of them known


def _sales():
    """Return all shops' units a day, to the last full week.

    A missing day takes the value of a week before, the past alone, so nothing leaks.
    """
    days = clean_sales().pivot(index="date", columns="shop", values="sales").asfreq("D")
    while days.isna().iloc[7:].any(axis=None):
        days = days.fillna(days.shift(7))
    return days.iloc[7:].sum(axis=1, skipna=False).rename("units")


def _temperatures():
    days = load_min_temperatures().ffill()              # two leap days
    return days.resample("7D").mean().iloc[:-1]         # the last week is not a full one


def _quarterly_sunspots():
    return load_monthly_sunspots().resample("QS").mean()


# name: (loader, season in steps, origins). The Sun's cycle is no calendar's: 11 years is its
# mean length. Monthly sunspots would need a season of 132 steps, more than a SARIMA can hold
# and a net can read, so they are averaged over quarters: 44 steps. The networks' settings were
# tried out on the three blocks before the reported ones of the first three series.
QUICK = {
    "sunspots, yearly": (load_sunspots, 11, 3),
    "CO2, monthly": (_co2, 12, 3),
    "El Niño, monthly": (load_elnino, 12, 3),
    "sales, daily": (_sales, 7, 5),
}
FULL = QUICK | {
    "airline, monthly": (load_airline_passengers, 12, 5),
    "temperature, weekly": (_temperatures, 52, 3),
    "sunspots, quarterly": (_quarterly_sunspots, 44, 3),
}


def load_case(name):
    """Return a `Case` of `FULL`; those that are not in `QUICK` need data set "series".

    Raises:
        ValueError: for an unknown name.
        DataError: if a file is missing.
    """
    if name not in FULL:
        raise ValueError(f"name must be one of {', '.join(FULL)}; got {name!r}.")
    loader, season, origins = FULL[name]
    return Case(name, loader(), season, origins)


def methods(season, networks=NETWORKS):
    """Return a dictionary from a method's name to its factory, for `backtest`.

    Args:
        season: steps per season, known to all of them.
        networks: kinds of `series.networks.NetForecaster`; Keras loads only if there are any.
    """
    found = {
        "last value": LastValue,
        "seasonal naive": partial(SeasonalNaive, season),
        "moving average": partial(MovingAverage, season),
        "exponential smoothing": partial(ExponentialSmoothing, season),
        "SARIMA": partial(Sarima, season),
        "linear on lags": partial(LinearLags, season=season),
    }
    if networks:
        from ..series.networks import NetForecaster

        found |= {kind: partial(NetForecaster, kind, season) for kind in networks}
    return found


def compare(case, factories, seeds=(0, 1, 2), audit=True):
    """Return what one method after another made of a case, as a dictionary by method.

    Each entry has mase, mae and rmse (means over folds), spread, over_origins and over_seeds
    (standard deviations of MASE, divisor n), seconds (of a fold), beats_last_value (share of
    folds with a lower MASE than the last value) and folds: [origin's time, seed, MASE] of each.
    """
    found, last = {}, None
    for name, factory in {"last value": LastValue, **factories}.items():
        results = backtest({name: factory}, case.series, case.horizon, case.origins, case.season,
                           seeds, audit=audit)
        folds = scores(results)
        cells = folds.pivot(index="origin", columns="seed", values="mase")
        last = cells.iloc[:, 0] if last is None else last
        found[name] = {
            **{key: round(float(folds[key].mean()), 4) for key in ("mase", "mae", "rmse")},
            "spread": round(float(folds["mase"].std(ddof=0)), 4),
            "over_origins": round(float(cells.mean(axis=1).std(ddof=0)), 4),
            "over_seeds": round(float(cells.std(axis=1, ddof=0).mean()), 4),
            "seconds": round(float(folds["seconds"].mean()), 3),
            "beats_last_value": round(float(cells.lt(last, axis=0).mean(axis=None)), 4),
            "folds": [[str(case.series.index[fold.origin].date()), int(fold.seed),
                       round(float(fold.mase), 4)] for fold in folds.itertuples()],
        }
    return found
