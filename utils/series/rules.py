"""Forecasts without training, the linear one, and a one-step model run for several steps."""

import numpy as np

__all__ = ["Linear", "last_value", "moving_average", "recursive_forecast", "seasonal_naive"]


def last_value(history, horizon=1):
    """Forecast that nothing changes.

    Args:
        history: (..., time), oldest first.
        horizon: steps to forecast.

    Returns:
        (..., horizon).
    """
    return seasonal_naive(history, 1, horizon)


def seasonal_naive(history, season, horizon=1):
    """Forecast the last season again, as often as the horizon needs.

    Args:
        history: (..., time), oldest first, at least one season long.
        season: steps per season, such as 7 for days of a week.
        horizon: steps to forecast.

    Returns:
        (..., horizon).

    Raises:
        ValueError: if the history is shorter than a season.

    Example:
        >>> seasonal_naive(np.arange(9.0), season=3, horizon=5).tolist()
        [6.0, 7.0, 8.0, 6.0, 7.0]
    """
    history = _history(history, season, horizon, "season")
    return history[..., history.shape[-1] - season + np.arange(horizon) % season]


def moving_average(history, n_last, horizon=1):
    """Forecast the mean of the last `n_last` values, the same for every step.

    Args:
        history: (..., time), oldest first.
        n_last: values to average.
        horizon: steps to forecast.

    Returns:
        (..., horizon).
    """
    history = _history(history, n_last, horizon, "n_last")
    return np.repeat(history[..., -n_last:].mean(axis=-1, keepdims=True), horizon, axis=-1)


def _history(history, needed, horizon, name):
    history = np.asarray(history)
    if needed < 1 or horizon < 1:
        raise ValueError(f"{name} and horizon must be at least 1, got {needed} and {horizon}.")
    if history.ndim == 0 or history.shape[-1] < needed:
        raise ValueError(f"{name}={needed} needs {needed} past values, got shape {history.shape}.")
    return history


class Linear:
    """A weighted sum of the inputs plus a constant, fitted by least squares."""

    def fit(self, x, y):
        """Fit to x: (samples, ...), flattened to inputs, and y: (samples,); returns self."""
        inputs, y = self._inputs(x), np.asarray(y, dtype=float)
        if y.shape != (len(inputs),) or not np.isfinite(y).all() or not np.isfinite(inputs).all():
            raise ValueError(f"x and y must be finite with y: (samples,), got {np.shape(x)} "
                             f"and {y.shape}: drop samples with a missing value.")
        self.weights = np.linalg.lstsq(inputs, y, rcond=None)[0]
        return self

    def predict(self, x):
        """Return forecasts (samples,) for x: (samples, ...)."""
        return self._inputs(x) @ self.weights

    @staticmethod
    def _inputs(x):
        x = np.asarray(x, dtype=float)
        return np.column_stack([x.reshape(len(x), -1), np.ones(len(x))])


def recursive_forecast(step, window, known_future):
    """Forecast several steps with a one-step model that reads its own forecasts.

    Args:
        step: function from windows (batch, n_past, features) to the next value of
            feature 0, (batch,).
        window: (batch, n_past, features), the last rows before the forecast's origin.
        known_future: (batch, horizon, features - 1), all other features of the rows after
            the origin: nothing that is not known in advance may stand there.

    Returns:
        (batch, horizon).

    Example:
        >>> window = np.array([[[1.0], [2.0]]])
        >>> recursive_forecast(lambda w: w[:, :, 0].sum(axis=1), window, np.zeros((1, 3, 0)))
        array([[3., 5., 8.]])
    """
    forecasts = []
    for k in range(known_future.shape[1]):
        y_hat = np.asarray(step(window))                                    # (batch,)
        forecasts.append(y_hat)
        row = np.concatenate([y_hat[:, None], known_future[:, k]], axis=1)  # (batch, features)
        window = np.concatenate([window[:, 1:], row[:, None]], axis=1)
    return np.stack(forecasts, axis=1)
