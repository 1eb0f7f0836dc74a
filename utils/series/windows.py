"""Windows and time-ordered splits: nothing here shuffles or looks ahead."""

import numpy as np

from ..scaling import ROUNDING

__all__ = ["is_flat", "make_multistep_windows", "make_windows",
           "time_split"]


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


def is_flat(values, like=None):
    """Return whether values differ by no more than rounding makes of equal ones.

    Args:
        values: numbers, NaN left out.
        like: numbers that they were computed from, whose size counts; None for themselves.

    Example:
        >>> is_flat([0.1 + 0.2, 0.3]), is_flat([1e-20, 2e-20]), is_flat([1e-20, 2e-20], [7.0])
        (True, False, True)
    """
    largest = np.nanmax(np.abs(values if like is None else like))
    return bool(np.nanmax(values) - np.nanmin(values) <= ROUNDING * largest)
