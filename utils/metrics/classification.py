"""How good a classifier with two classes is, and how sure that can be: over proven libraries."""

from collections import namedtuple

import numpy as np
import pandas as pd

__all__ = ["accuracy", "accuracy_by_kind", "auc", "calibration_table",
           "expected_calibration_error", "f1", "mcnemar"]

Accuracy = namedtuple("Accuracy", "value low high n")
McNemar = namedtuple("McNemar", "only_first only_second p_value")


def accuracy(labels, predicted, level=0.95):
    """Return the share that is right, with Wilson's interval.

    Args:
        labels: (samples,) true classes.
        predicted: (samples,) classes.
        level: confidence of the interval, between 0 and 1.

    Returns:
        `Accuracy` (value, low, high, n).

    Raises:
        ValueError: if shapes differ, there is no sample, a value is missing or a probability,
            the two name classes in different ways, or `level` is out of range.

    Source: Wilson, Probable inference, the law of succession, and statistical inference (1927).

    Example:
        >>> accuracy([1, 0, 1, 1], [1, 0, 0, 1]).value
        0.75
    """
    from statsmodels.stats.proportion import proportion_confint
    labels, predicted = _classes(labels, predicted)
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, got {level}.")
    n_right, n = int((labels == predicted).sum()), len(labels)
    low, high = proportion_confint(n_right, n, alpha=1 - level, method="wilson")
    return Accuracy(n_right / n, float(low), float(high), n)


def accuracy_by_kind(labels, predicted, kinds, level=0.95):
    """Return one row per kind, in order of kind: `accuracy`, `low`, `high` (Wilson) and `n`.

    Args:
        labels: (samples,) true classes.
        predicted: (samples,) classes.
        kinds: (samples,) names.
        level: confidence of the intervals.

    Raises:
        ValueError: as for `accuracy`.
    """
    labels, predicted = _classes(labels, predicted)
    _, kinds = _pair(labels, kinds)
    rows = {kind: accuracy(labels[kinds == kind], predicted[kinds == kind], level)
            for kind in sorted(set(kinds.tolist()))}
    table = pd.DataFrame(rows.values(), index=pd.Index(rows, name="kind"))
    return table.rename(columns={"value": "accuracy"})


def f1(labels, predicted):
    """Return F1 of class 1: the harmonic mean of precision and recall, 0 where both are 0.

    Example:
        >>> f1([1, 1, 0, 0], [1, 0, 0, 0])
        0.6666666666666666
    """
    from sklearn.metrics import f1_score
    labels, predicted = _pair(labels, predicted)
    _two_classes(labels, "labels")
    _two_classes(predicted, "predicted")
    return float(f1_score(labels, predicted, zero_division=0))


def auc(labels, probabilities):
    """Return the area under the ROC curve: the chance that a 1 gets more than a 0 does.

    Args:
        labels: (samples,) 0 or 1, both present.
        probabilities: (samples,) of class 1.

    Raises:
        ValueError: if shapes differ, a label is missing or neither 0 nor 1, or a probability
            is outside 0 … 1.

    Example:
        >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        0.75
    """
    from sklearn.metrics import roc_auc_score
    return float(roc_auc_score(*_with_probabilities(labels, probabilities, both=True)))


def calibration_table(labels, probabilities, bins=10):
    """Return what was predicted and what came true, by how high the prediction was.

    Args:
        labels: (samples,) 0 or 1.
        probabilities: (samples,) of class 1.
        bins: of equal width; a bin holds its lower end, the last one both.

    Returns:
        DataFrame, one row per bin that holds samples: `low`, `high`, `n`, `predicted` (mean
        probability) and `observed` (share of 1).

    Raises:
        ValueError: as for `auc`, or if `bins` is below 1.
    """
    labels, probabilities = _with_probabilities(labels, probabilities)
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}.")
    edges = np.arange(bins + 1) / bins
    # 0.7 of a network is 0.69999999: what rounding moved over an edge stands on it.
    rounding = 4 * bins * np.finfo(np.result_type(probabilities, "float16")).eps
    place = np.minimum(np.floor(probabilities.astype(float) * bins + rounding), bins - 1)
    place = place.astype(int)
    samples = pd.DataFrame({"place": place, "predicted": probabilities, "observed": labels})
    table = samples.groupby("place").mean()
    table.insert(0, "n", samples.groupby("place").size())
    table.insert(0, "high", edges[table.index + 1])
    table.insert(0, "low", edges[table.index])
    return table.reset_index(drop=True)


def expected_calibration_error(labels, probabilities, bins=10):
    """Return the mean of |observed - predicted| over the bins, weighted by their samples.

    Arguments and errors are those of `calibration_table`.

    Source: Naeini, Cooper & Hauskrecht, Obtaining well calibrated probabilities using Bayesian
    binning (2015).
    """
    table = calibration_table(labels, probabilities, bins)
    gap = (table["observed"] - table["predicted"]).abs()
    return float((gap * table["n"]).sum() / table["n"].sum())


def mcnemar(labels, first, second):
    """Compare two models on the same samples, by McNemar's exact test.

    Args:
        labels: (samples,) true classes.
        first: (samples,) classes by one model.
        second: (samples,) classes by the other.

    Returns:
        `McNemar` (only_first, only_second, p_value): how many samples only the first, or only
        the second, got right, and the two-sided chance of a split at least as uneven if both
        models were equally good.

    Raises:
        ValueError: as for `accuracy`.

    Source: McNemar, Note on the sampling error of the difference between correlated proportions
    or percentages (1947).
    """
    from statsmodels.stats.contingency_tables import mcnemar as test
    labels, first = _classes(labels, first)
    _, second = _classes(labels, second)
    right = pd.DataFrame({"first": labels == first, "second": labels == second})
    only_first = int((right["first"] & ~right["second"]).sum())
    only_second = int((right["second"] & ~right["first"]).sum())
    result = test([[0, only_first], [only_second, 0]], exact=True)
    return McNemar(only_first, only_second, float(result.pvalue))


def _pair(labels, others):
    labels, others = np.asarray(labels), np.asarray(others)
    if labels.ndim != 1 or labels.shape != others.shape or not len(labels):
        columns = max([values.shape[1] for values in (labels, others) if values.ndim == 2] or [0])
        advice = {1: ": take its only column, [:, 0]", 2: ": take one column, of class 1 [:, 1]"}
        raise ValueError("Both must be (samples,) with at least one sample, got the shapes "
                         f"{labels.shape} and {others.shape}{advice.get(columns, '')}.")
    return labels, others


def _classes(labels, predicted):
    """Return both as arrays of classes that can be equal: nothing missing, no probabilities."""
    pair = [np.array(values.tolist()) for values in _pair(labels, predicted)]
    for name, values in zip(("labels", "predicted"), pair, strict=True):
        if (missing := pd.isna(values)).any():
            raise ValueError(f"{name} must be classes, got {values[missing][0]} at place "
                             f"{missing.argmax()}: leave that sample out of both.")
        if values.dtype.kind == "f" and (between := values[values % 1 != 0]).size:
            raise ValueError(f"{name} must be classes, got {between[0]}: make classes of "
                             "probabilities, such as probabilities > 0.5.")
    found = [sorted(set(values.tolist()), key=str) for values in pair]
    text = [values.dtype.kind in "OSU" for values in pair]
    if text[0] != text[1] or (max(map(len, found)) <= 2 < len(set().union(*found))):
        raise ValueError(f"labels and predicted must name classes alike, got {found[0][:5]} and "
                         f"{found[1][:5]}: write 0 and 1 in both.")
    return pair


def _two_classes(values, name):
    unknown = sorted(set(values.tolist()) - {0, 1}, key=str)
    if unknown:
        advice = ("make classes of probabilities, such as probabilities > 0.5"
                  if any(isinstance(value, float) and 0 < value < 1 for value in unknown)
                  else "write 0 for one class and 1 for the other, as numbers")
        raise ValueError(f"{name} must be 0 or 1, got {unknown[:5]}: {advice}.")


def _with_probabilities(labels, probabilities, both=False):
    labels, probabilities = _pair(labels, probabilities)
    _two_classes(labels, "labels")
    if probabilities.dtype.kind not in "biuf":
        raise ValueError(f"probabilities must be numbers, got {probabilities[:3].tolist()}.")
    outside = probabilities[~((probabilities >= 0) & (probabilities <= 1))]     # NaN, too
    if len(outside):
        raise ValueError(f"probabilities must be between 0 and 1, got {outside[:3].tolist()}.")
    if both and len(set(labels.tolist())) < 2:
        raise ValueError(f"Both labels must occur, got only {labels[0]}.")
    return labels.astype(int), probabilities
