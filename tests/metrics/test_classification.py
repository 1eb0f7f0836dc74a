"""Measures of a classifier against cases by hand and sums written out."""

import itertools
from math import comb, sqrt

import numpy as np
import pytest

from utils.metrics import (
    accuracy,
    accuracy_by_kind,
    auc,
    calibration_table,
    expected_calibration_error,
    f1,
    mcnemar,
)


@pytest.mark.parametrize("level, z", [(0.95, 1.959963984540054), (0.5, 0.6744897501960817)])
@pytest.mark.parametrize("n_right, n", [(0, 5), (3, 5), (5, 5), (180, 240)])
def test_accuracy_has_wilsons_interval(n_right, n, level, z):
    labels = np.ones(n, int)
    predicted = np.r_[np.ones(n_right, int), np.zeros(n - n_right, int)]
    found = accuracy(labels, predicted, level)
    p = n_right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert found == pytest.approx((p, middle - half, middle + half, n), abs=1e-9)


def test_accuracy_by_kind_is_that_of_each_kind_alone():
    labels, predicted = np.array([1, 0, 1, 1, 0]), np.array([1, 1, 1, 0, 0])
    kinds = np.array(["b", "a", "b", "a", "a"])
    table = accuracy_by_kind(labels, predicted, kinds)
    assert table.index.tolist() == ["a", "b"]
    assert table.columns.tolist() == ["accuracy", "low", "high", "n"]
    assert table["accuracy"].tolist() == [1 / 3, 1] and table["n"].tolist() == [3, 2]
    for kind in "ab":
        alone = accuracy(labels[kinds == kind], predicted[kinds == kind])
        assert tuple(table.loc[kind]) == pytest.approx(alone)


def test_f1_by_hand():
    # 2 found of 3, and 1 false alarm: precision 2/3, recall 2/3.
    assert f1([1, 1, 1, 0, 0], [1, 1, 0, 1, 0]) == pytest.approx(2 / 3)
    assert f1([1, 1, 0], [0, 0, 0]) == 0


def test_auc_is_the_share_of_pairs_in_the_right_order():
    rng = np.random.default_rng(0)
    labels, probabilities = rng.integers(0, 2, 40), rng.integers(0, 8, 40) / 8     # with ties
    pairs = [(p > q) + 0.5 * (p == q) for p, q in itertools.product(
        probabilities[labels == 1], probabilities[labels == 0])]
    assert auc(labels, probabilities) == pytest.approx(np.mean(pairs))


def test_calibration_by_hand():
    labels, probabilities = [0, 1, 0, 1, 1], [0.0, 0.1, 0.5, 0.9, 1.0]
    table = calibration_table(labels, probabilities, bins=2)
    assert table["low"].tolist() == [0, 0.5] and table["high"].tolist() == [0.5, 1]
    assert table["n"].tolist() == [2, 3]                # 0.5 is in the upper, 1.0 too
    assert table["predicted"].tolist() == pytest.approx([0.05, 0.8])
    assert table["observed"].tolist() == pytest.approx([0.5, 2 / 3])
    expected = (2 * 0.45 + 3 * (0.8 - 2 / 3)) / 5
    assert expected_calibration_error(labels, probabilities, bins=2) == pytest.approx(expected)


@pytest.mark.parametrize("kind", ["float64", "float32"])
@pytest.mark.parametrize("bins", [2, 5, 7, 10, 15, 20, 100])
def test_a_chance_on_an_edge_is_in_the_bin_above_however_it_was_rounded(bins, kind):
    edges = [k / bins for k in range(bins)] + [1.0]
    near = [np.nextafter(edge, 0) if edge else edge for edge in edges[:-1]] + [1.0]
    for chances in (edges, near, [1 - edge for edge in reversed(edges)]):
        table = calibration_table(np.ones(bins + 1), np.array(chances, kind), bins)
        assert table["low"].tolist() == edges[:-1] and table["high"].tolist() == edges[1:]
        assert table["n"].tolist() == [1] * (bins - 1) + [2]
    inside = np.array([(k + 0.999) / bins for k in range(bins)], kind)
    assert calibration_table(np.ones(bins), inside, bins)["low"].tolist() == edges[:-1]


@pytest.mark.parametrize("labels, predicted, value", [
    ([True, False, True], [1, 0, 0], 2 / 3), ([1.0, 0.0], np.array([True, True]), 1 / 2),
    (["pos", "neg"], np.array(["pos", "neg"], object), 1), ([0, 1, 2, 2], [0, 2, 2, 3], 1 / 2)])
def test_classes_of_every_kind_are_compared(labels, predicted, value):
    assert accuracy(labels, predicted).value == value


@pytest.mark.parametrize("measure", [
    accuracy, lambda a, b: accuracy_by_kind(a, b, ["x"] * len(a)),
    lambda a, b: mcnemar(a, a, b), lambda a, b: mcnemar(a, b, a)])
@pytest.mark.parametrize("labels, predicted, said", [
    ([1, 0], [0.3, 0.9], r"must be classes, got 0\.3: make classes .* > 0\.5"),
    ([1.0, 0.0], np.array([1, 0.5], "float32"), r"got 0\.5: make classes"),
    ([1, 0], [np.nan, 1], "got nan at place 0: leave that sample out"),
    ([1, 0], [1, None], "got None at place 1"),
    ([1, 2], [0, 1], r"must name classes alike, got \[1, 2\] and \[0, 1\]"),
    ([-1, 1], [0, 1], r"got \[-1, 1\] and \[0, 1\]: write 0 and 1 in both"),
    ([1, 0], ["1", "0"], r"got \[0, 1\] and \['0', '1'\]"),
    ([1, 0], [[0.3], [0.9]], r"\(2,\) and \(2, 1\): take its only column, \[:, 0\]"),
    ([1, 0], [[0.3, 0.7], [0.9, 0.1]], r"\(2, 2\): take one column, of class 1 \[:, 1\]")])
def test_what_is_no_class_is_named(measure, labels, predicted, said):
    with pytest.raises(ValueError, match=said):
        measure(labels, predicted)


@pytest.mark.parametrize("measure", [f1, auc, calibration_table])
@pytest.mark.parametrize("labels, said", [
    ([1, 2], r"labels must be 0 or 1, got \[2\]: write 0 for one class"), ([-1, 1], r"\[-1\]"),
    (["1", "0"], r"got \['0', '1'\]: write 0 .* as numbers"), ([1, np.nan], r"got \[nan\]"),
    ([[1], [0]], r"\(2, 1\) and \(2,\): take its only column"), ([0, 0.3], "probabilities > 0.5"),
    ([1, None], r"got \[None\]")])
def test_labels_other_than_0_and_1_are_named(measure, labels, said):
    with pytest.raises(ValueError, match=said):
        measure(labels, [1, 0])
    if measure is not f1:
        with pytest.raises(ValueError, match=r"must be numbers, got \['0\.3', '1'\]"):
            measure([0, 1], ["0.3", "1"])


def test_honest_chances_have_a_small_error_and_boasting_a_large_one():
    rng = np.random.default_rng(2)
    chances = rng.random(20_000)
    labels = (rng.random(20_000) < chances).astype(int)
    assert expected_calibration_error(labels, chances) < 0.02
    assert expected_calibration_error(labels, np.round(chances)) == pytest.approx(0.25, abs=0.02)
    assert calibration_table(labels[:50], np.full(50, 0.93))["n"].tolist() == [50]


@pytest.mark.parametrize("only_first, only_second", [(0, 0), (5, 0), (8, 2), (3, 3), (2, 9)])
def test_mcnemar_is_a_fair_coin_on_the_samples_where_models_differ(only_first, only_second):
    n = only_first + only_second
    first = np.r_[np.ones(only_first + 4, int), np.zeros(only_second + 3, int)]
    second = np.r_[np.zeros(only_first, int), np.ones(4 + only_second, int), np.zeros(3, int)]
    found = mcnemar(np.ones(len(first), int), first, second)
    tail = sum(comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2 ** n
    assert found[:2] == (only_first, only_second)
    assert found.p_value == pytest.approx(min(1, 2 * tail))


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"at least one sample, got the shapes \(2,\) and \(1,\)"):
        accuracy([0, 1], [0])
    with pytest.raises(ValueError, match="at least one sample"):
        accuracy([], [])
    with pytest.raises(ValueError, match="level must be between 0 and 1, got 95"):
        accuracy([1], [1], level=95)
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(3,\)"):
        accuracy_by_kind([0, 1], [0, 1], ["a", "b", "c"])
    with pytest.raises(ValueError, match=r"labels must be 0 or 1, got \[2\]"):
        f1([0, 2], [0, 1])
    with pytest.raises(ValueError, match=r"predicted must be 0 or 1, got \[0\.7\]"):
        f1([0, 1], [0, 0.7])
    with pytest.raises(ValueError, match="Both labels must occur, got only 1"):
        auc([1, 1], [0.5, 0.6])
    for bad in (1.5, -0.1, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1, got"):
            calibration_table([0, 1], [0.5, bad])
    with pytest.raises(ValueError, match="bins must be at least 1, got 0"):
        expected_calibration_error([0, 1], [0.5, 0.5], bins=0)
    with pytest.raises(ValueError, match=r"shapes \(2,\) and \(1,\)"):
        mcnemar([0, 1], [0, 1], [0])
