"""The NumPy simple RNN against Keras and finite differences, from a non-zero state."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.by_hand import (
    numerical_gradient,
    relative_error,
    simple_rnn_backward,
    simple_rnn_forward,
    simple_rnn_step,
)

BATCH, TIME, FEATURES, UNITS = 2, 5, 3, 4
NAMES = ("x", "h_0", "W", "U", "b")


def some_arrays(seed=0, dtype=np.float64):
    """Return x, h_0, W, U, b and the gradient d_h arriving at every step's output."""
    rng = np.random.default_rng(seed)
    shapes = [(BATCH, TIME, FEATURES), (BATCH, UNITS), (FEATURES, UNITS), (UNITS, UNITS),
              (UNITS,), (BATCH, TIME, UNITS)]
    return [rng.normal(scale=0.6, size=shape).astype(dtype) for shape in shapes]


def keras_outputs_and_gradients(x, h_0, W, U, b, d_h):
    layer = keras.layers.SimpleRNN(UNITS, return_sequences=True)
    layer.build((None, None, FEATURES))
    layer.set_weights([W, U, b])
    x, h_0 = tf.constant(x, tf.float32), tf.constant(h_0, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch([x, h_0])
        h = layer(x, initial_state=[h_0])
        total = tf.reduce_sum(h * tf.constant(d_h, tf.float32))
    weights = [w.value for w in layer.trainable_weights]
    return h.numpy(), [g.numpy() for g in tape.gradient(total, [x, h_0, *weights])]


def test_step_matches_the_keras_cell_from_a_nonzero_state():
    x, h_0, W, U, b, _ = some_arrays()
    cell = keras.layers.SimpleRNNCell(UNITS)
    cell.build((None, FEATURES))
    cell.set_weights([W, U, b])
    h_keras, _ = cell(x[:, 0], [h_0])
    np.testing.assert_allclose(simple_rnn_step(x[:, 0], h_0, W, U, b), h_keras, atol=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_outputs_and_all_gradients_match_keras_from_a_nonzero_state(seed):
    *inputs, d_h = some_arrays(seed)
    h_keras, gradients_keras = keras_outputs_and_gradients(*inputs, d_h)

    h, cache = simple_rnn_forward(*inputs)
    gradients = simple_rnn_backward(d_h, cache)

    np.testing.assert_allclose(h, h_keras, atol=1e-5)
    for name, ours, theirs in zip(NAMES, gradients, gradients_keras, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5, err_msg=name)


@pytest.mark.parametrize("position", range(5), ids=NAMES)
def test_gradient_matches_finite_differences(position):
    *inputs, d_h = some_arrays(7)

    def loss(value):
        h, _ = simple_rnn_forward(*inputs[:position], value, *inputs[position + 1:])
        return np.sum(h * d_h)

    _, cache = simple_rnn_forward(*inputs)
    gradient = simple_rnn_backward(d_h, cache)[position]
    assert relative_error(gradient, numerical_gradient(loss, inputs[position])) < 1e-8


def test_forward_is_the_step_repeated():
    x, h_0, W, U, b, _ = some_arrays()
    h, _ = simple_rnn_forward(x, h_0, W, U, b)
    h_t = h_0
    for t in range(TIME):
        h_t = simple_rnn_step(x[:, t], h_t, W, U, b)
        np.testing.assert_allclose(h[:, t], h_t, rtol=1e-12)


def test_two_halves_joined_by_the_state_equal_one_run():
    x, h_0, W, U, b, _ = some_arrays()
    whole, _ = simple_rnn_forward(x, h_0, W, U, b)
    first, _ = simple_rnn_forward(x[:, :2], h_0, W, U, b)
    second, _ = simple_rnn_forward(x[:, 2:], first[:, -1], W, U, b)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, rtol=1e-12)


def test_batch_order_does_not_matter():
    x, h_0, W, U, b, _ = some_arrays()
    h, _ = simple_rnn_forward(x, h_0, W, U, b)
    swapped, _ = simple_rnn_forward(x[::-1], h_0[::-1], W, U, b)
    np.testing.assert_allclose(swapped[::-1], h, rtol=1e-12)


@pytest.mark.parametrize("truncate", [1, 2, 3, 4])
def test_truncated_gradient_is_the_sum_over_independent_blocks(truncate):
    *inputs, d_h = some_arrays(3)
    x, h_0, W, U, b = inputs
    h, cache = simple_rnn_forward(*inputs)
    total, state = [0, 0, 0], h_0
    for start in range(0, TIME, truncate):
        stop = start + truncate
        _, block = simple_rnn_forward(x[:, start:stop], state, W, U, b)
        total = [a + g for a, g in zip(total, simple_rnn_backward(d_h[:, start:stop], block)[2:],
                                       strict=True)]
        state = h[:, min(stop, TIME) - 1]
    for ours, blocks in zip(simple_rnn_backward(d_h, cache, truncate)[2:], total, strict=True):
        np.testing.assert_allclose(ours, blocks, rtol=1e-10)


@pytest.mark.parametrize("truncate", [TIME, TIME + 1, 1000])
def test_truncation_at_the_full_length_loses_nothing(truncate):
    *inputs, d_h = some_arrays(4)
    _, cache = simple_rnn_forward(*inputs)
    for a, b in zip(simple_rnn_backward(d_h, cache, truncate), simple_rnn_backward(d_h, cache),
                    strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float_type_is_kept(dtype):
    *inputs, d_h = some_arrays(dtype=dtype)
    h, cache = simple_rnn_forward(*inputs)
    assert h.dtype == dtype
    assert [g.dtype for g in simple_rnn_backward(d_h, cache)] == [dtype] * 5


def test_one_hot_integers_give_the_same_as_floats():
    x, h_0, W, U, b, _ = some_arrays()
    x = np.eye(FEATURES, dtype=int)[np.array([[0, 2, 1, 1, 0], [1, 1, 2, 0, 2]])]
    h, _ = simple_rnn_forward(x, h_0, W, U, b)
    np.testing.assert_array_equal(h, simple_rnn_forward(x.astype(float), h_0, W, U, b)[0])


def test_inputs_are_left_alone():
    *inputs, d_h = some_arrays()
    before = [a.copy() for a in (*inputs, d_h)]
    _, cache = simple_rnn_forward(*inputs)
    simple_rnn_backward(d_h, cache, truncate=2)
    for a, kept in zip((*inputs, d_h), before, strict=True):
        np.testing.assert_array_equal(a, kept)


def test_a_single_step_and_a_single_row_work():
    x, h_0, W, U, b, d_h = some_arrays()
    h, cache = simple_rnn_forward(x[:1, :1], h_0[:1], W, U, b)
    assert h.shape == (1, 1, UNITS)
    assert simple_rnn_backward(d_h[:1, :1], cache)[0].shape == (1, 1, FEATURES)


@pytest.mark.parametrize(("name", "shape"), [
    ("h_0", (BATCH, UNITS + 1)), ("h_0", (UNITS,)), ("W", (UNITS, FEATURES)),
    ("U", (UNITS, UNITS - 1)), ("b", (1, UNITS)), ("x", (TIME, FEATURES)),
    ("x", (BATCH, 0, FEATURES)),
])
def test_wrong_shapes_are_named(name, shape):
    inputs = dict(zip(NAMES, some_arrays(), strict=False)) | {name: np.ones(shape)}
    with pytest.raises(ValueError, match=r"must .*\("):
        simple_rnn_forward(**inputs)


def test_wrong_gradient_shape_and_truncation_are_named():
    *inputs, d_h = some_arrays()
    _, cache = simple_rnn_forward(*inputs)
    with pytest.raises(ValueError, match=r"\(2, 5, 4\).*got \(2, 4\)"):
        simple_rnn_backward(d_h[:, -1], cache)
    with pytest.raises(ValueError, match=r"truncate.*got 0"):
        simple_rnn_backward(d_h, cache, truncate=0)
