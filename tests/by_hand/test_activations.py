"""Activations against Keras and finite differences."""

import keras
import numpy as np
import pytest

from utils.by_hand import (
    activations,
    d_relu,
    d_sigmoid,
    d_tanh,
    relu,
    sigmoid,
    softmax,
    softmax_jacobian,
    tanh,
)

PAIRS = [(sigmoid, d_sigmoid), (tanh, d_tanh), (relu, d_relu)]


@pytest.mark.parametrize("function", [sigmoid, tanh, relu, softmax])
def test_value_matches_keras(function):
    z = np.random.default_rng(0).normal(scale=4, size=(3, 5))
    expected = keras.ops.convert_to_numpy(getattr(keras.activations, function.__name__)(z))
    np.testing.assert_allclose(function(z), expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(("function", "slope"), PAIRS)
def test_slope_matches_a_central_difference(function, slope):
    z = np.random.default_rng(1).normal(scale=3, size=(4, 6))
    eps = 1e-6
    numeric = (function(z + eps) - function(z - eps)) / (2 * eps)
    np.testing.assert_allclose(slope(z), numeric, rtol=1e-6, atol=1e-9)


def test_softmax_jacobian_matches_central_differences():
    z, eps = np.random.default_rng(2).normal(size=(3, 5)), 1e-6
    jacobian = softmax_jacobian(z)
    assert jacobian.shape == (3, 5, 5)
    for j in range(5):
        step = eps * np.eye(5)[j]
        numeric = (softmax(z + step) - softmax(z - step)) / (2 * eps)
        np.testing.assert_allclose(jacobian[..., j], numeric, atol=1e-9)


def test_slope_of_relu_at_zero_is_that_of_keras():
    tf = pytest.importorskip("tensorflow")
    z = tf.Variable([-1.0, 0.0, 2.0])
    with tf.GradientTape() as tape:
        y = keras.ops.sum(keras.activations.relu(z))
    np.testing.assert_array_equal(d_relu(z.numpy()), tape.gradient(y, z))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", activations.__all__)
def test_extreme_input_gives_finite_numbers_without_a_warning(name):
    z = np.array([-1e4, -800.0, -1e-300, 0.0, 1e-300, 800.0, 1e4])
    assert np.isfinite(getattr(activations, name)(z)).all()


@pytest.mark.parametrize("name", activations.__all__)
def test_float_type_is_kept_and_integers_become_floats(name):
    function = getattr(activations, name)
    assert function(np.array([1, -2], np.float32)).dtype == np.float32
    assert function(np.array([1, -2])).dtype == np.float64


def test_sigmoid_keeps_its_digits_far_out():
    z = 40.0        # s (1 - s) computed naively is 0 here, because s rounds to 1
    np.testing.assert_allclose(d_sigmoid(z), np.exp(-z), rtol=1e-12)
    np.testing.assert_allclose(sigmoid(-z), np.exp(-z), rtol=1e-12)


def test_softmax_sums_to_one_over_the_axis_asked_for():
    z = np.random.default_rng(3).normal(size=(2, 3, 4))
    for axis in (0, 1, 2, -1):
        np.testing.assert_allclose(softmax(z, axis=axis).sum(axis=axis), 1)


def test_softmax_ignores_a_shift_of_all_logits():
    z = np.random.default_rng(4).normal(size=(3, 5))
    np.testing.assert_allclose(softmax(z + 100.0), softmax(z), rtol=1e-10)


@pytest.mark.parametrize("function", [sigmoid, tanh, relu])
def test_shape_is_kept_for_scalars_and_empty_arrays(function):
    assert function(0.3).shape == ()
    assert function(np.zeros((0, 4))).shape == (0, 4)
