"""ETS and SARIMA as forecasters; everything they choose is chosen from the history.

They have the face of utils.series.forecasters: fit(history), predict(horizon), interval(...).
"""

import itertools
import warnings

import numpy as np
import pandas as pd

from .cleaning import finite_history
from .decomposition import difference, seasonal_strength
from .rules import seasonal_naive
from .windows import is_flat

__all__ = ["ExponentialSmoothing", "Sarima"]

LONG = 24               # a season of more steps than this is too long for a state per step


class ExponentialSmoothing:
    """ETS: level, trend and season as moving states (Hyndman et al., 2008, statsmodels).

    Error and season are additive, or also multiplicative where all values are above 0; the
    trend is absent, additive or damped. AICc on the history picks one. A season of more than
    24 steps is first taken off by an STL decomposition and its last year added again. A constant
    is its own forecast, without a fit.

    Args:
        season: steps per season; 1 for none.
    """

    name, costly = "exponential smoothing", True

    def __init__(self, season=1):
        self.season = season

    def fit(self, history):
        """Fit every form and keep the one of the lowest AICc; returns self.

        Raises:
            ValueError: if a value of the history is missing or infinite, or no form fits.
        """
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        values = finite_history(history, self.name)
        self.offset, rest = _without_long_season(values, self.season)
        if is_flat(rest, values):
            self.form, self.results = ("add", None, False), _Constant(rest[-1])
            return self
        seasonal = 1 < self.season <= LONG
        rest = pd.Series(rest)                          # statsmodels' intervals need an index
        kinds = ["add", "mul"] if rest.min() > 0 else ["add"]
        best = None
        for kind, (trend, damped) in itertools.product(
                kinds, [(None, False), ("add", False), ("add", True)]):
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")         # a form that does not converge loses
                try:
                    found = ETSModel(rest, error=kind, trend=trend, damped_trend=damped,
                                     seasonal=kind if seasonal else None,
                                     seasonal_periods=self.season if seasonal else None,
                                     initialization_method="heuristic").fit(disp=False)
                except (ValueError, np.linalg.LinAlgError):
                    continue
            if np.isfinite(found.aicc) and (best is None or found.aicc < best.aicc):
                best, self.form = found, (kind, trend, damped)
        if best is None:
            raise ValueError(f"No form of {self.name} could be fitted to {len(rest)} values "
                             f"with season {self.season}.")
        self.results = best
        return self

    def predict(self, horizon):
        """Return forecasts (horizon,) of the steps after the history."""
        return np.asarray(self.results.forecast(horizon)) + self.offset(horizon)

    def interval(self, horizon, level):
        """Return (low, high), each (horizon,): quantiles of 2000 paths of the fitted model.

        Their random steps are its residuals, drawn anew (the same ones at every call).
        """
        if isinstance(self.results, _Constant):
            return self.predict(horizon), self.predict(horizon)
        rng = np.random.default_rng(0)
        steps = rng.choice(np.asarray(self.results.resid), size=(horizon, 2000))
        paths = np.asarray(self.results.simulate(horizon, anchor="end", repetitions=2000,
                                                 random_errors=steps))      # (horizon, paths)
        low, high = np.quantile(paths, [(1 - level) / 2, (1 + level) / 2], axis=1)
        return low + self.offset(horizon), high + self.offset(horizon)


class Sarima:
    """Seasonal ARIMA (p, d, q)(P, D, Q) by statsmodels, its orders chosen on the history.

    D is 1 if the season is strong: 1 - Var(rest) / Var(season + rest) of an STL
    decomposition above 0.64 (Wang, Smith & Hyndman, 2006; as `nsdiffs` of R's forecast). d is
    how often a KPSS test at 5 % asks for a difference; d + D is at most 2. AICc chooses
    (p, q) from `ORDERS` with (P, Q) = (0, 1), then (P, Q) from `SEASONAL` with that (p, q). A
    fit that does not converge wins only if none does. A season of more than 24 steps is taken
    off by STL, as for ETS, and a constant is its own forecast.

    Args:
        season: steps per season; 1 for none.
        n_max: only so many of the last values are used, to keep a fit within seconds.
    """

    name, costly = "SARIMA", True
    ORDERS = ((1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2), (1, 2))
    SEASONAL = ((1, 0), (1, 1), (0, 0))

    def __init__(self, season=1, n_max=300):
        self.season, self.n_max = season, n_max

    def fit(self, history):
        """Choose the orders and fit; returns self.

        Raises:
            ValueError: if a value of the history is missing or infinite, or no orders fit.
        """
        values = finite_history(history, self.name)[-self.n_max:]
        self.offset, rest = _without_long_season(values, self.season)
        season = self.season if 1 < self.season <= LONG else 0
        if is_flat(rest, values):
            self.centre, self.scale, self.results = rest[-1], 1.0, _Constant(0.0)
            self.order, self.seasonal_order = (0, 0, 0), (0, 0, 0, season)
            return self
        d, big_d = _differences(rest, season)
        self.centre, self.scale = rest.mean(), rest.std() or 1.0
        z = (rest - self.centre) / self.scale

        def fits(orders, seasonals):
            pairs = itertools.product(orders, seasonals)
            found = (_arima(z, (p, d, q), (big_p, big_d, big_q, season))
                     for (p, q), (big_p, big_q) in pairs)
            return [fit for fit in found if fit is not None and np.isfinite(fit.aicc)]

        def rank(fit):
            return not fit.mle_retvals.get("converged", True), fit.aicc

        tried = fits(self.ORDERS, [(0, 1)] if season else [(0, 0)])
        if season and tried:
            p, _, q = min(tried, key=rank).orders[0]
            tried += fits([(p, q)], self.SEASONAL)
        if not tried:
            raise ValueError(f"No SARIMA could be fitted to {len(z)} values with season "
                             f"{self.season}.")
        best = min(tried, key=rank)
        self.order, self.seasonal_order = best.orders
        # The search differenced the values first, which is faster; this one forecasts values.
        self.results = _sarimax(z, *best.orders).filter(best.params)
        return self

    def predict(self, horizon):
        """Return forecasts (horizon,) of the steps after the history."""
        forecast = np.asarray(self.results.forecast(horizon))
        return self.centre + self.scale * forecast + self.offset(horizon)

    def interval(self, horizon, level):
        """Return (low, high), each (horizon,), as if errors were normal and the order true."""
        if isinstance(self.results, _Constant):
            return self.predict(horizon), self.predict(horizon)
        frame = self.results.get_forecast(horizon).summary_frame(alpha=1 - level)
        centre = self.centre + self.offset(horizon)
        return (centre + self.scale * frame["mean_ci_lower"].to_numpy(),
                centre + self.scale * frame["mean_ci_upper"].to_numpy())


class _Constant:
    """What stands for statsmodels' results where the history never changes: nothing can be fitted.

    A constant is its own forecast, and its interval has no width.
    """

    def __init__(self, level):
        self.level = level

    def forecast(self, horizon):
        return np.full(horizon, self.level)


def _arima(z, order, seasonal_order):
    """Return a fit of the differenced values, or None where there is none."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")                 # the caller looks at `converged`
        try:
            fit = _sarimax(z, order, seasonal_order, simple_differencing=True).fit(
                disp=False, maxiter=50)
        except (ValueError, IndexError, np.linalg.LinAlgError):
            return None
    fit.orders = order, seasonal_order
    return fit


def _sarimax(z, order, seasonal_order, **options):
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    constant = "c" if order[1] + seasonal_order[1] < 2 else None
    return SARIMAX(np.asarray(z), order=order, seasonal_order=seasonal_order, trend=constant,
                   concentrate_scale=True, **options)


def _differences(values, season):
    """Return (d, D): how often to difference from step to step and from season to season."""
    from statsmodels.tsa.seasonal import STL
    from statsmodels.tsa.stattools import kpss

    d = big_d = 0
    if season > 1 and len(values) > 2 * season:
        parts = STL(values, period=season).fit()
        parts = pd.DataFrame({"observed": values, "season": parts.seasonal, "rest": parts.resid})
        big_d = int(seasonal_strength(parts) > 0.64)
    whole = values
    values = difference(values, season) if big_d else values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                 # a p-value outside the table's range
        while (d + big_d < 2 and not is_flat(values, whole)
               and kpss(values, nlags="auto")[1] < 0.05):
            values, d = difference(values), d + 1
    return d, big_d


def _without_long_season(values, season):
    """Return the season to add to forecasts, as a function of the horizon, and the rest."""
    if season <= LONG or len(values) <= 2 * season:
        return np.zeros, values
    from statsmodels.tsa.seasonal import STL

    part = STL(values, period=season, seasonal=13, robust=False).fit().seasonal
    return (lambda horizon: seasonal_naive(part, season, horizon)), values - part
