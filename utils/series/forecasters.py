"""Rules and a linear model as forecasters: fit(history), predict(horizon), interval(...).

`history` is a pandas Series, oldest first; forecasts are (horizon,) in its unit. ETS and
SARIMA with the same face are in utils.series.state_space, networks in utils.series.networks.
"""

import numpy as np

from .rules import Linear, last_value, moving_average, recursive_forecast, seasonal_naive
from .windows import make_multistep_windows, make_windows

__all__ = ["LastValue", "LinearLags", "MovingAverage", "SeasonalNaive"]


class _Rule:
    """A forecaster that is a function of the last values; it knows its errors on the history."""

    costly = False

    def fit(self, history):
        """Keep the history; returns self."""
        self.values = np.asarray(history, dtype=float)
        if len(self.values) < self.needed:
            raise ValueError(f"{self.name} needs {self.needed} past values, got "
                             f"{len(self.values)}.")
        return self

    def predict(self, horizon):
        """Return forecasts (horizon,) of the steps after the history."""
        return self._apply(self.values, horizon)

    def interval(self, horizon, level):
        """Return (low, high), each (horizon,), to hold the share `level` of the values.

        The forecast plus quantiles of the errors that the same rule makes on the history,
        for each step ahead by itself.
        """
        past, future = make_multistep_windows(self.values[:, None], self.needed, horizon)
        errors = future[:, :, 0] - self._apply(past[:, :, 0], horizon)     # (samples, horizon)
        low, high = np.quantile(errors, [(1 - level) / 2, (1 + level) / 2], axis=0)
        forecast = self.predict(horizon)
        return forecast + low, forecast + high


class LastValue(_Rule):
    """Nothing changes: the baseline."""

    name, needed = "last value", 1

    def _apply(self, past, horizon):
        return last_value(past, horizon)


class SeasonalNaive(_Rule):
    """The last season again; `season` is in steps."""

    name = "seasonal naive"

    def __init__(self, season):
        self.season = self.needed = season

    def _apply(self, past, horizon):
        return seasonal_naive(past, self.season, horizon)


class MovingAverage(_Rule):
    """The mean of the last `n_last` values."""

    name = "moving average"

    def __init__(self, n_last):
        self.n_last = self.needed = n_last

    def _apply(self, past, horizon):
        return moving_average(past, self.n_last, horizon)


class LinearLags(_Rule):
    """A linear one-step model of the last `n_lags` values that reads its own forecasts.

    Args:
        n_lags: values it reads, or None for season + 1: the fewest from which "the last
            season again, plus the change of the last step against its step a season ago" can
            be written.
        season: steps per season.

    Its interval takes errors on the windows it was fitted to, which are a little too small.
    """

    name = "linear on lags"

    def __init__(self, n_lags=None, season=1):
        self.n_lags = self.needed = n_lags or season + 1

    def fit(self, history):
        """Fit by least squares to all windows of the history; returns self."""
        super().fit(history)
        x, y = make_windows(self.values[:, None], self.n_lags)
        self.model = Linear().fit(x, y[:, 0])
        return self

    def _apply(self, past, horizon):
        windows = np.atleast_2d(past)[:, -self.n_lags:, None]               # (samples, n_lags, 1)
        nothing = np.zeros((len(windows), horizon, 0))
        return recursive_forecast(self.model.predict, windows, nothing).reshape(
            (*np.shape(past)[:-1], horizon))
