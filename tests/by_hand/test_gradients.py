"""Numerical gradients and clipping, against hand-worked cases and Keras."""

import keras
import numpy as np
import pytest

from utils.by_hand import (
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
    jacobian_spectrum,
    norms_by_step,
    numerical_gradient,
    relative_error,
    simple_rnn_backward,
    simple_rnn_forward,
    spectral_radius,
)

CLIPPERS = {
    "clipvalue": lambda gradients, limit: [clip_by_value(g, limit) for g in gradients],
    "clipnorm": lambda gradients, limit: [clip_by_norm(g, limit) for g in gradients],
    "global_clipnorm": clip_by_global_norm,
}


def some_gradients(scale=1.0):
    rng = np.random.default_rng(0)
    return [scale * rng.normal(size=shape) for shape in [(3, 4), (4,), (2, 4, 5)]]


@pytest.mark.parametrize("argument", CLIPPERS)
@pytest.mark.parametrize("limit", [0.01, 0.7, 3.0, 50.0])
def test_clipping_equals_what_a_keras_optimizer_subtracts(argument, limit):
    gradients = [g.astype("float32") for g in some_gradients()]
    variables = [keras.Variable(np.zeros_like(g)) for g in gradients]
    optimizer = keras.optimizers.SGD(1.0, **{argument: limit})
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients], variables)

    clipped = CLIPPERS[argument](gradients, limit)

    for ours, variable in zip(clipped, variables, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, -variable.numpy(), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("argument", CLIPPERS)
def test_zero_gradient_stays_zero(argument):
    for clipped in CLIPPERS[argument]([np.zeros(3), np.zeros((2, 2))], 1.0):
        np.testing.assert_array_equal(clipped, 0)


@pytest.mark.parametrize("argument", CLIPPERS)
def test_clipping_leaves_its_input_and_what_is_small_alone(argument):
    gradients = some_gradients()
    before = [g.copy() for g in gradients]
    clipped = CLIPPERS[argument](gradients, 1e6)
    CLIPPERS[argument](gradients, 1e-6)
    for g, kept, c in zip(gradients, before, clipped, strict=True):
        np.testing.assert_array_equal(g, kept)
        np.testing.assert_array_equal(c, kept)


def test_global_norm_at_the_limit_is_not_clipped_and_above_it_ends_there():
    at_limit = [np.array([3.0]), np.array([[0.0, 4.0]])]
    np.testing.assert_array_equal(clip_by_global_norm(at_limit, 5.0)[1], [[0, 4]])
    shorter = clip_by_global_norm(at_limit, 2.5)
    assert global_norm(shorter) == pytest.approx(2.5)
    np.testing.assert_allclose(shorter[0], [1.5])


def test_one_factor_for_all_keeps_the_direction_but_a_norm_each_does_not():
    gradients = [np.array([3.0]), np.array([40.0])]
    together = clip_by_global_norm(gradients, 1.0)
    apart = [clip_by_norm(g, 1.0) for g in gradients]
    assert together[1] / together[0] == pytest.approx(40 / 3)
    assert apart[1] / apart[0] == pytest.approx(1)


def test_global_norm_of_large_float32_entries_does_not_overflow():
    assert global_norm([np.full(4, 1e30, np.float32)]) == pytest.approx(2e30)


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
def test_non_finite_norm_turns_every_entry_into_nan(bad):
    clipped = clip_by_global_norm([np.array([1.0, bad]), np.array([2.0])], 1.0)
    assert all(np.isnan(c).all() for c in clipped)
    keras_clipped = keras.src.optimizers.base_optimizer.clip_by_global_norm(
        [keras.ops.array([1.0, bad]), keras.ops.array([2.0])], 1.0
    )
    assert all(np.isnan(np.asarray(c)).all() for c in keras_clipped)


@pytest.mark.parametrize("function", [clip_by_value, clip_by_norm])
@pytest.mark.parametrize("limit", [0, -1.0, float("nan")])
def test_limit_must_be_positive(function, limit):
    with pytest.raises(ValueError, match=f"positive.*got {limit}"):
        function(np.ones(2), limit)
    with pytest.raises(ValueError, match="positive"):
        clip_by_global_norm([np.ones(2)], limit)


def test_numerical_gradient_of_a_known_function():
    rng = np.random.default_rng(1)
    A, x = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    gradient = numerical_gradient(lambda y: np.sum(A * np.sin(y)), x)
    np.testing.assert_allclose(gradient, A * np.cos(x), rtol=1e-8, atol=1e-10)


def test_numerical_gradient_keeps_x_even_if_the_function_changes_its_argument():
    def f(y):
        total = float(np.sum(y**2))
        y[:] = 0
        return total

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical_gradient(f, x), [2, 4], rtol=1e-8)
    np.testing.assert_array_equal(x, [1, 2])


def test_numerical_gradient_of_a_scalar_array():
    gradient = numerical_gradient(lambda y: float(y) ** 3, np.array(2.0))
    assert gradient.shape == ()
    assert gradient == pytest.approx(12)


def test_numerical_gradient_names_bad_input():
    with pytest.raises(ValueError, match="int64"):
        numerical_gradient(np.sum, np.array([1, 2], np.int64))
    with pytest.raises(ValueError, match=r"positive.*got 0"):
        numerical_gradient(np.sum, np.ones(2), eps=0)
    with pytest.raises(ValueError, match=r"number.*got shape \(2,\)"):
        numerical_gradient(lambda y: y, np.ones(2))


def test_relative_error_boundaries():
    a = np.array([[1.0, -2.0]])
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == 1
    assert relative_error(a, 0 * a) == 1
    assert relative_error(0 * a, 0 * a) == 0
    assert relative_error(a, 3 * a) == pytest.approx(0.5)
    assert np.isnan(relative_error(a, a * np.nan))


def test_relative_error_does_not_depend_on_scale_or_order():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 3, 4))
    assert relative_error(a, b) == pytest.approx(relative_error(1e-6 * b, 1e-6 * a))


def test_relative_error_refuses_to_broadcast():
    with pytest.raises(ValueError, match=r"\(3,\).*\(1, 3\)"):
        relative_error(np.ones(3), np.ones((1, 3)))


def test_norms_by_step_are_over_units_and_root_mean_square_over_the_batch():
    d = np.zeros((2, 3, 4))
    d[0, 1] = [3, 0, 4, 0]
    d[1, 1] = [0, 12, 0, 5]
    np.testing.assert_allclose(norms_by_step(d), [0, np.sqrt((25 + 169) / 2), 0])
    with pytest.raises(ValueError, match=r"got.*\(3, 4\)"):
        norms_by_step(d[0])


def test_spectral_radius_is_not_the_norm():
    U = np.array([[0.5, 100.0], [0.0, -0.7]])       # triangular: the eigenvalues are shown
    assert spectral_radius(U) == pytest.approx(0.7)
    with pytest.raises(ValueError, match=r"square.*\(2, 3\)"):
        spectral_radius(np.ones((2, 3)))


def test_jacobian_spectrum_of_a_linear_rnn_is_that_of_the_powers_of_its_kernel():
    rng = np.random.default_rng(4)
    units, time = 4, 6
    U = rng.normal(size=(units, units))
    x = np.repeat(rng.normal(size=(1, time, 2)), units, axis=0)
    h_0 = np.repeat(rng.normal(size=(1, units)), units, axis=0)
    *_, cache = simple_rnn_forward(x, h_0, rng.normal(size=(2, units)), U, np.zeros(units),
                                   activation="linear")
    d_h = np.zeros((units, time, units))
    d_h[:, -1] = np.eye(units)
    spectrum = jacobian_spectrum(simple_rnn_backward(d_h, cache, keep_states=True)["states"])
    assert spectrum.shape == (time, units)
    for t in range(time):
        wanted = np.linalg.svd(np.linalg.matrix_power(U, time - 1 - t), compute_uv=False)
        np.testing.assert_allclose(spectrum[t], wanted, rtol=1e-10)
    with pytest.raises(ValueError, match=r"units.*\(2, 3, 4\)"):
        jacobian_spectrum(np.ones((2, 3, 4)))
