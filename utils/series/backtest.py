"""One honest backtest for every forecaster: rolling origins, the past alone, one scale.

A forecaster has `fit(history)` and `predict(horizon)`; who compares forecasters hands over
*factories*, so that each fold starts from nothing.
"""

import time

import numpy as np
import pandas as pd

from .cleaning import check_series
from .folds import forecast_fold, new_forecaster, takes_seed
from .measures import mase
from .peeking import FAR, peeks

__all__ = ["backtest", "leaderboard", "rolling_origins", "scores"]


def rolling_origins(n, horizon, origins, min_train):
    """Return where the last `origins` test blocks start, oldest first.

    The blocks do not overlap, each is `horizon` steps long, and the last ends with the series.

    Args:
        n: values in the series.
        horizon: steps in a test block.
        origins: number of test blocks.
        min_train: the fewest values that may stand before the first block.

    Returns:
        Tuple of positions; the history of origin k is series[:k].

    Raises:
        ValueError: if the blocks do not fit or leave too little before the first.

    Example:
        >>> rolling_origins(20, horizon=4, origins=3, min_train=5)
        (8, 12, 16)
    """
    if horizon < 1 or origins < 1 or min_train < 1:
        raise ValueError("horizon, origins and min_train must be at least 1, got "
                         f"{horizon}, {origins} and {min_train}.")
    if horizon >= n:
        raise ValueError(f"A horizon of {horizon} steps does not fit a series of {n} values: "
                         "forecast fewer steps.")
    first = n - origins * horizon
    if first < min_train:
        raise ValueError(f"{origins} blocks of {horizon} steps leave {max(first, 0)} of {n} "
                         f"values before the first, and at least {min_train} are needed: "
                         "take fewer origins or a shorter horizon.")
    return tuple(range(first, n, horizon))


def backtest(forecasters, series, horizon, origins, season, seeds=(0,), *, min_train=None,
             level=None, audit=True):
    """Forecast the last blocks of a series from what was known before each, and nothing else.

    In every fold a factory makes a new forecaster. Its `fit` gets a deep copy of the past: no
    attribute of it leads to later values. Its `predict` gets a number. So a scaler, an order
    or a stopping rule can only be fitted inside the fold. What a forecaster reaches by
    itself, such as a global variable, is searched by `peeks` at the first origin.

    Args:
        forecasters: dictionary from a name to a factory. A factory with a parameter `seed` is
            run once per seed, any other once (with the first seed).
        series: pandas Series, sorted, regular, without gaps.
        horizon, origins: steps of a test block and number of blocks: see `rolling_origins`.
        season: steps per season, for MASE's scale.
        seeds: for the factories that take one.
        min_train: fewest values before the first block; None: two seasons and a block.
        level: such as 0.9 to ask for `interval(horizon, level)` where a forecaster has it.
        audit: whether to look for forecasters that peek.

    Returns:
        DataFrame, one row for each method, origin (a position), seed and step ahead (1 is the
        next), with time, truth, forecast, low and high (NaN without an interval), scale (what
        MASE divides by, from the fold's history) and seconds (to fit and predict the fold).

    Raises:
        ValueError: if the series or a forecaster is not as said, a forecast has a wrong
            shape or is not finite, or a forecaster peeks.
    """
    series = check_series(series, gaps=False)
    if season < 1 or not forecasters or not len(seeds):
        raise ValueError(f"At least one forecaster, one seed and a season >= 1 are needed, got "
                         f"{len(forecasters)}, {len(seeds)} and {season}.")
    least = 2 * season + horizon if min_train is None else min_train
    positions = rolling_origins(len(series), horizon, origins, least)
    scales = {k: _naive_error(series, k, season) for k in positions}
    parts = []
    for name, factory in forecasters.items():
        new_forecaster(factory, seeds[0], name)
        if audit and peeks(factory, series, horizon, positions[0], seeds[0], name):
            raise ValueError(f"{name!r} peeks: fitted at origin {positions[0]} on a decoy past "
                             f"{FAR} ranges away, it still forecasts what follows the true "
                             "one. Let it use only the history that fit receives.")
        for origin in positions:
            for seed in seeds if takes_seed(factory) else seeds[:1]:
                rows = _fold(factory, series, horizon, origin, seed, level, name)
                parts.append(rows.assign(method=name, origin=origin, seed=seed,
                                         scale=scales[origin]))
    order = ["method", "origin", "seed", "step", "time", "truth", "forecast", "low", "high",
             "scale", "seconds"]
    return pd.concat(parts, ignore_index=True)[order]


def scores(results):
    """Return MASE, MAE and RMSE of each fold: DataFrame by method, origin and seed.

    MASE is scaled by the fold's own history; `seconds` is the fold's time.

    Args:
        results: what `backtest` returns.
    """
    error = results["truth"] - results["forecast"]
    rows = results.assign(mae=error.abs(), mse=error**2, mase=error.abs() / results["scale"])
    folds = rows.groupby(["method", "origin", "seed"], sort=False)
    found = folds[["mase", "mae", "mse", "seconds"]].mean()
    found.insert(2, "rmse", np.sqrt(found.pop("mse")))
    return found.reset_index()


def leaderboard(results):
    """Return one row per method, best mean MASE first.

    Columns: mase, mae, rmse and seconds (means over all folds), spread (standard deviation of
    MASE over folds: origins and seeds), origins and seeds (MASE's standard deviation over
    origins of the mean over seeds, and the mean over origins of that over seeds; 0 where there
    is one), beats_last (share of folds with a lower MASE than method "last value", if there).
    """
    folds = scores(results)
    table = folds.groupby("method")[["mase", "mae", "rmse", "seconds"]].mean()
    by = folds.groupby("method")["mase"]
    table.insert(1, "spread", by.std(ddof=0))
    cells = folds.pivot_table(index=["method", "origin"], columns="seed", values="mase")
    table["origins"] = cells.mean(axis=1).groupby("method").std(ddof=0)
    table["seeds"] = cells.std(axis=1, ddof=0).groupby("method").mean()
    if "last value" in table.index:
        last = folds[folds["method"] == "last value"].set_index("origin")["mase"]
        better = folds["mase"] < folds["origin"].map(last)
        table["beats_last"] = better.groupby(folds["method"]).mean()
    return table.sort_values("mase")


def _fold(factory, series, horizon, origin, seed, level, name):
    start = time.perf_counter()
    forecast, band = forecast_fold(factory, series, horizon, origin, seed, level, name)
    seconds = time.perf_counter() - start
    block = series.iloc[origin:origin + horizon]
    return pd.DataFrame({"step": np.arange(1, horizon + 1), "time": block.index,
                         "truth": block.to_numpy(), "forecast": forecast, "low": band[0],
                         "high": band[1], "seconds": seconds})


def _naive_error(series, origin, season):
    """Return the mean change from season to season before `origin`: what MASE divides by."""
    try:
        return 1 / mase([1.0], [0.0], series.to_numpy()[:origin], season)   # an error of one unit
    except ValueError as error:
        raise ValueError(f"At origin {origin}: {error}") from None
