"""Scaling to mean 0 and standard deviation 1, by what a model may know."""

import numpy as np

__all__ = ["Standardizer"]

ROUNDING = 100 * np.finfo(float).eps        # what sums leave of equal numbers, as a share of them
BLOCK = 1 << 20                             # numbers that scikit-learn sees at once, as float64


class Standardizer:
    """Scale to mean 0 and standard deviation 1 *of the rows it was fitted on*.

    Fit it on the training part alone. A NaN is skipped by `fit` and stays NaN; a constant
    feature becomes 0. Mean and spread are those of scikit-learn's `StandardScaler`, taken block
    by block, since maps of images are large. What that has not is here: one series (time,), any
    rank, features last, and the two options.

    Args:
        padding: whether a row of zeros alone stands for nothing, such as the third region of an
            image with two: it does not count, and stays zeros.
        added: what is added to each standard deviation, in the unit of the rows, so that a
            feature that hardly ever stirs is not blown up.

    After fitting, `mean` and `scale` are numbers for one series, else (features,).

    Example:
        >>> scaler = Standardizer().fit(np.array([1.0, 3.0]))
        >>> scaler.transform(np.array([2.0, 5.0])).tolist()
        [0.0, 3.0]
        >>> scaler.inverse(3.0)
        5.0
        >>> regions = np.array([[[1.0], [3.0], [0.0]]])
        >>> Standardizer(padding=True).fit(regions).transform(regions).tolist()
        [[[-1.0], [1.0], [0.0]]]
    """

    def __init__(self, padding=False, added=0.0):
        self.padding, self.added = padding, added

    def fit(self, rows):
        """Learn mean and spread of each feature of `rows`; returns self.

        Args:
            rows: (..., features), or one series (time,).

        Raises:
            ValueError: if a feature has no known value.
        """
        from sklearn.preprocessing import StandardScaler  # seconds; transform needs it not

        rows = _floats(rows)
        shape = rows.shape[1:] and rows.shape[-1:]          # () for one series
        flat, scaler = rows.reshape(-1, *shape or (1,)), StandardScaler()
        # Whole where something is unknown: it loses count at a block without a known value.
        whole = not flat.size or np.isnan(flat.min())
        step = max(1, flat.size if whole else BLOCK // flat.shape[1])
        for block in (flat[k:k + step] for k in range(0, len(flat), step)):
            known = block[block.any(axis=1)] if self.padding else block
            if known.size:
                with np.errstate(invalid="ignore"):         # a feature without a known value
                    scaler.partial_fit(known.astype(float, copy=False))
        if not hasattr(scaler, "mean_") or np.isnan(scaler.mean_).any():
            raise ValueError(f"Nothing to fit: rows of shape {rows.shape} hold no known value.")
        spread = np.sqrt(scaler.var_)
        if self.added:
            scale = spread + self.added
        else:
            constant = (scaler.scale_ != spread) | (spread <= ROUNDING * np.abs(scaler.mean_))
            scale = np.where(constant, 1.0, spread)
        self.mean, self.scale = scaler.mean_.reshape(shape), scale.reshape(shape)
        return self

    def transform(self, rows):
        """Return `rows` in standard deviations from the mean of the fitted rows.

        Args:
            rows: (..., features), or any shape if one series was fitted.

        Returns:
            A new array of that shape: float32 if `rows` are float32 or smaller, else float64.
        """
        rows = self._checked(rows)
        found = rows.astype(np.result_type(rows, np.float32))
        found -= self.mean.astype(found.dtype)              # in place: maps are large
        found /= self.scale.astype(found.dtype)
        return self._padded(found, rows)

    def inverse(self, scaled):
        """Return `scaled`, of a shape as for `transform`, in the unit of the fitted rows."""
        scaled = self._checked(scaled)
        value = self._padded(scaled.astype(float) * self.scale + self.mean, scaled)
        return value if np.ndim(value) else float(value)

    def _checked(self, rows):
        if not hasattr(self, "mean"):
            raise ValueError("This Standardizer was not fitted: call fit(training_rows) first.")
        rows = _floats(rows)
        if self.mean.ndim and rows.shape[-1:] != self.mean.shape:
            raise ValueError(f"Fitted on rows of {len(self.mean)} features, got shape "
                             f"{rows.shape}.")
        return rows

    def _padded(self, found, rows):
        if self.padding:
            found[~rows.any(axis=-1)] = 0.0
        return found


def _floats(rows):
    rows = np.asarray(rows)
    return rows if rows.dtype.kind == "f" else rows.astype(float)
