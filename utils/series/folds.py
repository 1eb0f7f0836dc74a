"""One fold: a new forecaster, a copy of the past, forecasts that are checked."""

import inspect

import numpy as np
import pandas as pd

__all__ = ["forecast_fold", "new_forecaster", "takes_seed"]


def takes_seed(factory):
    """Return whether a factory has a parameter `seed`."""
    try:
        return "seed" in inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return False


def new_forecaster(factory, seed, name):
    """Return a new forecaster, if it has the two methods and asks for nothing more."""
    if not callable(factory):
        raise ValueError(f"{name!r} must be a factory, such as a class or a lambda that makes a "
                         f"new forecaster in each fold, got {type(factory).__name__}.")
    made = factory(seed=seed) if takes_seed(factory) else factory()
    for method, given in (("fit", "history"), ("predict", "horizon")):
        if not callable(getattr(made, method, None)):
            raise ValueError(f"{name!r} needs the methods fit(history) and predict(horizon), but "
                             f"{type(made).__name__} has no {method}.")
        known = inspect.signature(getattr(made, method)).parameters.values()
        needed = [p.name for p in known if p.default is p.empty
                  and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
        if len(needed) > 1 or any(p.kind is p.KEYWORD_ONLY and p.name in needed for p in known):
            raise ValueError(f"{name!r}: {method} wants {', '.join(needed)}, but a forecaster "
                             f"gets its {given} and nothing else.")
    return made


def forecast_fold(factory, series, horizon, origin, seed, level, name):
    """Return forecasts (horizon,) and their (low, high) from a copy of series[:origin]."""
    forecaster = new_forecaster(factory, seed, name)
    fitted = forecaster.fit(_copy_of_past(series, origin))
    fitted = forecaster if fitted is None else fitted
    forecast = _steps(fitted.predict(horizon), horizon, origin, name)
    if level is None or not hasattr(fitted, "interval"):
        return forecast, (np.nan, np.nan)
    low, high = fitted.interval(horizon, level)
    return forecast, (_steps(low, horizon, origin, name), _steps(high, horizon, origin, name))


def _copy_of_past(series, origin):
    """Return series[:origin] in memory of its own: an array's `.base` leads nowhere."""
    times = pd.DatetimeIndex(series.index[:origin].tolist(), name=series.index.name,
                             freq=series.index.freq or series.index.inferred_freq)
    values = np.array(series.to_numpy(dtype=float)[:origin])
    return pd.Series(values, index=times, name=series.name)


def _steps(forecast, horizon, origin, name):
    forecast = np.asarray(forecast, dtype=float)
    if forecast.shape != (horizon,):
        raise ValueError(f"{name!r} at origin {origin} must forecast the shape ({horizon},), "
                         f"got {forecast.shape}.")
    if not np.isfinite(forecast).all():
        bad = forecast[~np.isfinite(forecast)][0]
        raise ValueError(f"{name!r} at origin {origin} forecasts {bad}: every step needs a finite "
                         "number.")
    return forecast
