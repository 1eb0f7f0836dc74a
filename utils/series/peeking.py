"""Does a forecaster know the future that nobody gave it? A test with pasts that never were."""

import numpy as np
import pandas as pd

from .folds import forecast_fold, new_forecaster

__all__ = ["FAR", "peeks"]

FAR, PAIRS, SHORT = 50, 3, 200       # ranges to a decoy; pairs of them; the shortest short past


def peeks(factory, series, horizon, origin, seed=0, name="forecaster"):
    """Return whether a forecaster knows the future of `series` that nobody gave it.

    It is fitted on decoys: pasts with the true dates and length, but with shuffled values,
    moved up by fifty ranges. They come in pairs, one the mirror image of the other around
    that level. What an honest forecaster makes of both cancels in their mean, apart from the
    level; what it knows from elsewhere does not. It peeks if that mean
    - is more than a range away from the level at any step: a leak of about 2 % of the future,
      or of one step alone, is enough; or
    - has the shape of the true future (correlation above 0.9, a fifth of its size or more,
      horizon of four steps or more): a leak rescaled to the history it was given.

    A forecaster that says `costly = True` is tried with one pair on a short past, any other
    with three pairs.

    It can not catch: one that compares its history with a copy of the series and peeks only
    where they agree; rescaled leaks of fewer than four steps; smaller leaks; settings that
    were chosen by looking at the test blocks. An honest forecaster with a range fixed in
    advance (a clip at 100) looks like one that peeks: read it, then audit=False. Nothing
    replaces reading a forecaster's code.

    Args:
        factory: as for `backtest`.
        series: pandas Series, the true one.
        horizon, origin: steps to forecast, and where they start.
        seed: for the factory, if it takes one.
        name: for messages.

    Raises:
        ValueError: if the forecaster can not be run on a decoy.
    """
    past = series.to_numpy(dtype=float)[:origin]
    truth = series.to_numpy(dtype=float)[origin:origin + horizon]
    spread = np.ptp(past)
    if not spread > 0 or len(truth) < horizon:
        raise ValueError(f"No decoy for origin {origin}: the past must vary and {horizon} steps "
                         f"must follow, got a range of {spread:g} and {len(truth)} steps.")
    costly = getattr(new_forecaster(factory, seed, name), "costly", False)
    first = max(0, origin - max(10 * horizon, SHORT)) if costly else 0
    rng = np.random.default_rng(0)
    level, known = past.max() + FAR * spread, []
    for _ in range(1 if costly else PAIRS):
        shuffled = rng.permutation(past)[first:]
        shuffled -= shuffled.mean()
        forecasts = []
        for decoy in (level + shuffled, level - shuffled):
            world = pd.Series(decoy, index=series.index[first:origin], name=series.name)
            forecast, _ = forecast_fold(factory, world, horizon, len(decoy), seed, None, name)
            forecasts.append(forecast)
        known.append(np.mean(forecasts, axis=0) - level)
    known = np.mean(known, axis=0)                                          # (horizon,)
    if np.abs(known).max() > spread:
        return True
    a, b = known - known.mean(), truth - truth.mean()
    if horizon < 4 or a.std() < 0.2 * b.std() or not b.any():
        return False
    return bool(a @ b > 0.9 * np.sqrt((a @ a) * (b @ b)))
