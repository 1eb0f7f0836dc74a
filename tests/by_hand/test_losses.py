"""Cross-entropy against Keras, hand-worked cases and finite differences."""

import keras
import numpy as np
import pytest

from utils.by_hand import (
    mean_squared_error,
    numerical_gradient,
    relative_error,
    softmax_cross_entropy,
)


def a_case():
    rng = np.random.default_rng(0)
    return rng.normal(scale=3, size=(2, 5, 4)), rng.integers(4, size=(2, 5))


def test_loss_matches_keras():
    logits, targets = a_case()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(targets, logits)
    assert softmax_cross_entropy(logits, targets)[0] == pytest.approx(float(loss), rel=1e-5)


def test_gradient_matches_finite_differences():
    logits, targets = a_case()
    numeric = numerical_gradient(lambda z: softmax_cross_entropy(z, targets)[0], logits)
    assert relative_error(softmax_cross_entropy(logits, targets)[1], numeric) < 1e-8


def test_equal_logits_cost_the_log_of_the_number_of_classes():
    loss, _ = softmax_cross_entropy(np.full((3, 7), 2.0), np.array([0, 3, 6]))
    assert loss == pytest.approx(np.log(7))


def test_gradient_of_each_row_sums_to_zero():
    logits, targets = a_case()
    np.testing.assert_allclose(softmax_cross_entropy(logits, targets)[1].sum(-1), 0, atol=1e-12)


@pytest.mark.filterwarnings("error")
def test_extreme_logits_give_a_finite_loss():
    loss, d_logits = softmax_cross_entropy(np.array([[1e4, -1e4]]), np.array([1]))
    assert loss == pytest.approx(2e4)
    np.testing.assert_allclose(d_logits, [[1, -1]])


def test_float32_gradient_stays_float32_and_inputs_stay():
    logits, targets = a_case()
    logits = logits.astype(np.float32)
    before = logits.copy()
    assert softmax_cross_entropy(logits, targets)[1].dtype == np.float32
    np.testing.assert_array_equal(logits, before)


@pytest.mark.parametrize(("targets", "words"), [
    (np.zeros((2, 1), int), r"\(2, 3\).*targets.*\(2, 1\)"),
    (np.zeros(2), "float64"),
    (np.array([0, 3]), r"2.*got 0.*3"),
    (np.array([-1, 0]), r"got -1"),
])
def test_bad_targets_are_named(targets, words):
    with pytest.raises(ValueError, match=words):
        softmax_cross_entropy(np.zeros((2, 3)), targets)


def test_no_targets_at_all_is_an_error():
    with pytest.raises(ValueError, match=r"\(0, 3\)"):
        softmax_cross_entropy(np.zeros((0, 3)), np.zeros(0, int))


def test_squared_error_is_that_of_keras_and_its_gradient_that_of_differences():
    rng = np.random.default_rng(1)
    answer, targets = rng.normal(size=(2, 3, 4))
    loss, d_answer = mean_squared_error(answer, targets)
    assert loss == pytest.approx(float(np.mean(keras.losses.mean_squared_error(targets, answer))))
    numeric = numerical_gradient(lambda a: mean_squared_error(a, targets)[0], answer)
    assert relative_error(d_answer, numeric) < 1e-8
    assert mean_squared_error(answer.astype("f4"), targets)[1].dtype == np.float32
    with pytest.raises(ValueError, match=r"got \(2, 1\).*\(2,\)"):     # no broadcasting
        mean_squared_error(np.ones((2, 1)), np.ones(2))
