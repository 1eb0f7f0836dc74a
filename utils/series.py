"""Windows, time-ordered splits, scaling, baselines and errors for series.

Time is the first axis of a series, (time,) or (time, features), oldest first; windows are
(samples, n_past, features). Nothing here shuffles, and nothing looks ahead.
"""

import numpy as np

__all__ = [
    "Linear", "Standardizer", "autocorrelation", "last_value", "mae",
    "make_multistep_windows", "make_windows", "mase", "moving_average", "paired_difference",
    "recursive_forecast", "seasonal_naive", "time_split",
]


# --- windows and splits ----------------------------------------------------------------------


def make_windows(series, n_past, horizon=1):
    """Pair each past window with the row `horizon` steps after it.

    Args:
        series: (time, features), oldest first, in any unit.
        n_past: steps per window, >= 1.
        horizon: steps from a window's last row to its target, >= 1.

    Returns:
        x: (samples, n_past, features) and y: (samples, features), in the
        unit of `series`; samples = time - n_past - horizon + 1.

    Raises:
        ValueError: if no window fits.

    Example:
        >>> x, y = make_windows(np.arange(5.0)[:, None], n_past=3)
        >>> x[:, :, 0].tolist(), y[:, 0].tolist()
        ([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]], [3.0, 4.0])
    """
    x, y = make_multistep_windows(series, n_past, horizon)
    return x, y[:, -1]


def make_multistep_windows(series, n_past, n_future):
    """Pair each past window with all of the `n_future` rows after it.

    Args:
        series: (time, features), oldest first, in any unit.
        n_past: steps per window, >= 1.
        n_future: rows to forecast, >= 1.

    Returns:
        x: (samples, n_past, features) and y: (samples, n_future, features);
        samples = time - n_past - n_future + 1.

    Raises:
        ValueError: if `series` is not (time, features) or no window fits.
    """
    series = np.asarray(series)
    if series.ndim != 2:
        raise ValueError(f"series must be (time, features), got shape {series.shape}.")
    if n_past < 1 or n_future < 1:
        raise ValueError(
            f"n_past and the steps ahead must be at least 1, got {n_past} and {n_future}."
        )
    samples = len(series) - n_past - n_future + 1
    if samples < 1:
        raise ValueError(
            f"No window fits: {n_past} steps back and {n_future} ahead need "
            f"{n_past + n_future} rows, got {len(series)}."
        )
    rows = np.arange(samples)[:, None] + np.arange(n_past + n_future)
    both = series[rows]                              # (samples, n_past + n_future, features)
    return both[:, :n_past], both[:, n_past:]


def time_split(times, validation_from, test_from):
    """Cut sorted times into train, validation and test, each later than the one before.

    Args:
        times: (samples,) dates or numbers, oldest first: of the *targets*, where windows
            are split, so that no target of training lies after `validation_from`.
        validation_from, test_from: first time of validation and of test.

    Returns:
        Three slices into `times`.

    Raises:
        ValueError: if times are unsorted, or a part would be empty.

    Example:
        >>> time_split(np.arange(10), 6, 8)
        (slice(0, 6, None), slice(6, 8, None), slice(8, 10, None))
    """
    times = np.asarray(times)
    if np.any(times[1:] < times[:-1]):
        raise ValueError("times must be sorted, oldest first: sort the rows before splitting.")
    first = np.asarray([validation_from, test_from]).astype(times.dtype)
    a, b = (int(k) for k in np.searchsorted(times, first, side="left"))
    if not 0 < a < b < len(times):
        raise ValueError(
            f"validation_from={validation_from} and test_from={test_from} leave "
            f"{a}, {max(b - a, 0)} and {len(times) - b} of {len(times)} rows for train, "
            "validation and test; each needs at least one."
        )
    return slice(0, a), slice(a, b), slice(b, len(times))


class Standardizer:
    """Scale to mean 0 and standard deviation 1 *of the rows it was fitted on*.

    Fit it on the training part alone. A NaN is skipped by `fit` and stays NaN; a constant
    column becomes 0.

    Example:
        >>> scaler = Standardizer().fit(np.array([1.0, 3.0]))
        >>> scaler.transform(np.array([2.0, 5.0])).tolist()
        [0.0, 3.0]
        >>> scaler.inverse(3.0)
        5.0
    """

    def fit(self, rows):
        """Learn mean and spread over the first axis of `rows`, (time, ...); returns self."""
        rows = np.asarray(rows, dtype=float)
        if rows.size == 0 or np.isnan(rows).all(axis=0).any():
            raise ValueError(f"Nothing to fit: rows of shape {rows.shape} hold no known value.")
        self.mean, scale = np.nanmean(rows, axis=0), np.nanstd(rows, axis=0)
        self.scale = np.where(scale > 0, scale, 1.0)
        return self

    def transform(self, rows):
        """Return `rows` in standard deviations from the mean of the fitted rows."""
        self._must_be_fitted()
        return (np.asarray(rows, dtype=float) - self.mean) / self.scale

    def inverse(self, scaled):
        """Return `scaled` in the unit of the fitted rows."""
        self._must_be_fitted()
        value = np.asarray(scaled, dtype=float) * self.scale + self.mean
        return value if np.ndim(value) else float(value)

    def _must_be_fitted(self):
        if not hasattr(self, "mean"):
            raise ValueError("This Standardizer was not fitted: call fit(training_rows) first.")


# --- baselines -------------------------------------------------------------------------------


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


# --- errors ----------------------------------------------------------------------------------


def mae(truth, forecast):
    """Return the mean absolute error, in the unit of both.

    Raises:
        ValueError: if shapes differ (a (samples, 1) forecast must not spread over all
            truths) or a value is missing.
    """
    truth, forecast = np.asarray(truth, dtype=float), np.asarray(forecast, dtype=float)
    if truth.shape != forecast.shape or truth.size == 0:
        raise ValueError(f"Truth {truth.shape} and forecast {forecast.shape} must have one shape.")
    if not (np.isfinite(truth).all() and np.isfinite(forecast).all()):
        raise ValueError("Truth or forecast holds a missing value: leave those steps out of both.")
    return float(np.abs(truth - forecast).mean())


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
