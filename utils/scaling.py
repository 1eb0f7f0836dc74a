"""Scaling to mean 0 and standard deviation 1, by what a model may know."""

import numpy as np

__all__ = ["Standardizer"]

ROUNDING = 100 * np.finfo(float).eps        # what sums leave of equal numbers, as a share of them


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
        rounding = ROUNDING * np.nanmax(np.abs(rows), axis=0)       # all that a constant varies by
        self.scale = np.where(scale > rounding, scale, 1.0)
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


def standardiser(known):
    """Return a function that gives features mean 0 and spread 1, by those of known regions.

    In float32 and little memory, since maps are large; a feature that hardly ever stirs is not
    blown up. Regions of zeros alone are none: they do not count, and stay zeros.

    Args:
        known: (..., features) of the training images, such as vectors, maps or boxes.

    >>> scale = standardiser(np.array([[[1.0], [3.0], [0.0]]]))
    >>> scale(np.array([[[3.0], [0.0]]])).round(2).tolist()
    [[[1.0], [0.0]]]
    """
    rows = known[np.any(known != 0, axis=-1)]
    mean = rows.mean(axis=0, dtype="float64")
    squares = np.einsum("nf,nf->f", rows, rows, dtype="float64", casting="same_kind") / len(rows)
    spread = np.sqrt(np.maximum(squares - mean**2, 0)).astype("float32")   # in little memory
    mean = mean.astype("float32")

    def scale(features):
        found = features.astype("float32")
        found -= mean
        found /= spread + np.float32(1e-3)
        found[~np.any(features != 0, axis=-1)] = 0.0
        return found

    return scale
