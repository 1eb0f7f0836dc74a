"""The NumPy simple RNN: its step is Keras', and what only it has, truncation and integers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from utils.by_hand import simple_rnn_backward, simple_rnn_forward, simple_rnn_step

BATCH, TIME, FEATURES, UNITS = 2, 5, 3, 4


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

    h, *_, cache = simple_rnn_forward(*inputs)
    gradients = simple_rnn_backward(d_h, cache)

    np.testing.assert_allclose(h, h_keras, atol=1e-5)
    for (name, ours), theirs in zip(gradients.items(), gradients_keras, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5, err_msg=name)


def test_batch_order_does_not_matter():
    x, h_0, W, U, b, _ = some_arrays()
    h, *_ = simple_rnn_forward(x, h_0, W, U, b)
    swapped, *_ = simple_rnn_forward(x[::-1], h_0[::-1], W, U, b)
    np.testing.assert_allclose(swapped[::-1], h, rtol=1e-12)


@pytest.mark.parametrize("truncate", [1, 2, 3, 4])
def test_truncated_gradient_is_the_sum_over_independent_blocks(truncate):
    *inputs, d_h = some_arrays(3)
    x, h_0, W, U, b = inputs
    h, _, cache = simple_rnn_forward(*inputs)
    total, state = dict.fromkeys("WUb", 0), h_0
    for start in range(0, TIME, truncate):
        stop = start + truncate
        *_, block = simple_rnn_forward(x[:, start:stop], state, W, U, b)
        of_block = simple_rnn_backward(d_h[:, start:stop], block)
        total = {name: total[name] + of_block[name] for name in total}
        state = h[:, min(stop, TIME) - 1]
    gradients = simple_rnn_backward(d_h, cache, truncate=truncate)
    for name, blocks in total.items():
        np.testing.assert_allclose(gradients[name], blocks, rtol=1e-10)


@pytest.mark.parametrize("truncate", [TIME, TIME + 1, 1000])
def test_truncation_at_the_full_length_loses_nothing(truncate):
    *inputs, d_h = some_arrays(4)
    *_, cache = simple_rnn_forward(*inputs)
    whole = simple_rnn_backward(d_h, cache)
    for name, gradient in simple_rnn_backward(d_h, cache, truncate=truncate).items():
        np.testing.assert_array_equal(gradient, whole[name])


def test_one_hot_integers_give_the_same_as_floats():
    x, h_0, W, U, b, _ = some_arrays()
    x = np.eye(FEATURES, dtype=int)[np.array([[0, 2, 1, 1, 0], [1, 1, 2, 0, 2]])]
    h, *_ = simple_rnn_forward(x, h_0, W, U, b)
    np.testing.assert_array_equal(h, simple_rnn_forward(x.astype(float), h_0, W, U, b)[0])


def test_a_single_step_and_a_single_row_work():
    x, h_0, W, U, b, d_h = some_arrays()
    h, _, cache = simple_rnn_forward(x[:1, :1], h_0[:1], W, U, b)
    assert h.shape == (1, 1, UNITS)
    assert simple_rnn_backward(d_h[:1, :1], cache)["x"].shape == (1, 1, FEATURES)


def test_a_wrong_truncation_is_named():
    *inputs, d_h = some_arrays()
    *_, cache = simple_rnn_forward(*inputs)
    with pytest.raises(ValueError, match=r"truncate.*got 0"):
        simple_rnn_backward(d_h, cache, truncate=0)
