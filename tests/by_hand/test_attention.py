"""Additive attention by hand, against finite differences and against the Keras layer."""

import numpy as np
import pytest

from utils.by_hand import (
    additive_attention_backward,
    additive_attention_forward,
    numerical_gradient,
    relative_error,
)
from utils.captioning import AdditiveAttention, LSTMStep, doubly_stochastic
from utils.training import backend_gradients, keras

NAMES = ("a", "h", "W_a", "W_h", "b", "v")
BATCH, REGIONS, FEATURES, UNITS, ATTENTION = 3, 5, 4, 2, 6


def some_arrays(seed=0):
    rng = np.random.default_rng(seed)
    shapes = [(BATCH, REGIONS, FEATURES), (BATCH, UNITS), (FEATURES, ATTENTION),
              (UNITS, ATTENTION), (ATTENTION,), (ATTENTION,)]
    return [rng.normal(size=shape) for shape in shapes]


def some_mask():
    mask = np.ones((BATCH, REGIONS), bool)
    mask[0, 2] = mask[1, :3] = False
    return mask


def keras_layer(W_a, W_h, b, v):
    layer = AdditiveAttention(ATTENTION)
    layer.build(FEATURES, UNITS)
    layer.set_weights([W_a, W_h, b, v[:, None]])
    return layer


def test_weights_are_those_of_the_equation_for_one_image():
    a, h, W_a, W_h, b, v = some_arrays()
    context, alpha, _ = additive_attention_forward(a, h, W_a, W_h, b, v)
    e = [sum(v[k] * np.tanh(a[1, i] @ W_a[:, k] + h[1] @ W_h[:, k] + b[k])
             for k in range(ATTENTION)) for i in range(REGIONS)]
    expected = np.exp(e) / np.exp(e).sum()
    np.testing.assert_allclose(alpha[1], expected)
    np.testing.assert_allclose(context[1], sum(w * row for w, row in zip(expected, a[1],
                                                                         strict=True)))


@pytest.mark.parametrize("mask", [None, some_mask()], ids=["all", "masked"])
@pytest.mark.parametrize("position", range(6), ids=NAMES)
def test_gradient_matches_finite_differences(position, mask):
    inputs, rng = some_arrays(1), np.random.default_rng(2)
    d_context, d_alpha = rng.normal(size=(BATCH, FEATURES)), rng.normal(size=(BATCH, REGIONS))

    def loss(value):
        context, alpha, _ = additive_attention_forward(
            *inputs[:position], value, *inputs[position + 1:], mask=mask)
        return np.sum(context * d_context) + np.sum(alpha * d_alpha)

    *_, cache = additive_attention_forward(*inputs, mask=mask)
    gradient = additive_attention_backward(d_context, cache, d_alpha)[NAMES[position]]
    assert relative_error(gradient, numerical_gradient(loss, inputs[position])) < 1e-6


@pytest.mark.parametrize("mask", [None, some_mask()], ids=["all", "masked"])
def test_numpy_and_keras_agree_in_outputs_and_gradients(mask):
    a, h, *weights = some_arrays(3)
    d_context = np.random.default_rng(4).normal(size=(BATCH, FEATURES))
    layer = keras_layer(*weights)
    shown = []

    def loss_of(a, h):
        context, alpha = layer(keras.ops.expand_dims(h, 1), a, layer.keys(a), mask)
        shown[:] = [context[:, 0], alpha[:, 0]]
        return keras.ops.sum(context[:, 0] * d_context.astype("float32"))

    _, by_inputs, by_weights = backend_gradients(loss_of, [a, h], layer.trainable_weights)
    context, alpha, cache = additive_attention_forward(a, h, *weights, mask=mask)
    gradients = additive_attention_backward(d_context, cache)
    np.testing.assert_allclose(shown[0], context, atol=1e-5)
    np.testing.assert_allclose(shown[1], alpha, atol=1e-5)
    for name, theirs in zip(NAMES, [*by_inputs, *by_weights], strict=True):
        np.testing.assert_allclose(gradients[name], np.reshape(theirs, gradients[name].shape),
                                   atol=1e-5, err_msg=name)


def test_several_states_about_one_image_are_each_answered_alone():
    a, _, *weights = some_arrays(5)
    layer = keras_layer(*weights)
    h = np.random.default_rng(6).normal(size=(BATCH, 4, UNITS)).astype("float32")
    context, alpha = layer(h, a, layer.keys(a))
    for k in range(4):
        one, weight, _ = additive_attention_forward(a, h[:, k], *weights)
        np.testing.assert_allclose(context[:, k], one, atol=1e-5)
        np.testing.assert_allclose(alpha[:, k], weight, atol=1e-5)


def test_a_masked_region_has_no_weight_and_no_gradient():
    inputs, mask = some_arrays(), some_mask()
    context, alpha, cache = additive_attention_forward(*inputs, mask=mask)
    assert (alpha[~mask] == 0).all()
    assert (additive_attention_backward(np.ones_like(context), cache)["a"][~mask] == 0).all()
    inputs[0][~mask] = 99
    np.testing.assert_array_equal(additive_attention_forward(*inputs, mask=mask)[0], context)


def test_order_of_regions_does_not_matter_to_the_context():
    a, *rest = some_arrays()
    context, alpha, _ = additive_attention_forward(a, *rest)
    turned, weights, _ = additive_attention_forward(a[:, ::-1], *rest)
    np.testing.assert_allclose(turned, context)
    np.testing.assert_allclose(weights[:, ::-1], alpha)


def test_the_regulariser_by_hand():
    """Region sums over two real steps: 0.7 + 0.5 and 0.3 + 0.5; one step: 0.2 and 0.8."""
    weights = np.array([[[0.7, 0.3], [0.5, 0.5], [0.9, 0.1]],
                        [[0.2, 0.8], [1.0, 0.0], [1.0, 0.0]]], "float32")
    steps = np.array([[True, True, False], [True, False, False]])
    expected = ((0.2**2 + 0.2**2) + (0.8**2 + 0.2**2)) / 2
    assert float(doubly_stochastic(weights, steps)) == pytest.approx(expected, rel=1e-5)
    regions = np.array([[True, True], [False, True]])
    assert float(doubly_stochastic(weights, steps, regions)) == pytest.approx(
        (0.08 + 0.04) / 2, rel=1e-5)


def test_a_caption_of_padding_costs_nothing():
    weights = np.full((2, 3, 3), 1 / 3, "float32")
    steps = np.array([[True, True, True], [False, False, False]])
    assert float(doubly_stochastic(weights, steps)) == pytest.approx(0, abs=1e-6)


def test_the_lstm_step_is_keras_cell_from_a_nonzero_state():
    rng = np.random.default_rng(0)
    x, (h, c) = rng.normal(size=(2, 3)).astype("float32"), rng.normal(size=(2, 2, 4))
    cell, step = keras.layers.LSTMCell(4), LSTMStep(4)
    cell.build((None, 3))
    step.build(3)
    assert np.asarray(step.b).reshape(4, 4)[:, 0].tolist() == [0, 1, 0, 0]
    weights = [rng.normal(size=w.shape) for w in cell.weights]
    cell.set_weights(weights)
    step.set_weights(weights)
    h, c = h.astype("float32"), c.astype("float32")
    _, expected = cell(x, [h, c])
    for ours, theirs in zip(step(step.project(x), h, c), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("name, value, says", [
    ("a", np.ones((3, 4)), r"\(3, 4\)"), ("h", np.ones((2, UNITS)), r"\(2, 2\)"),
    ("W_a", np.ones((FEATURES, 5)), "W_a.*shape"), ("v", np.ones((1, 6)), r"\(1, 6\)"),
    ("mask", np.ones((3, 4)), r"\(3, 5\)"), ("mask", np.zeros((3, 5)), "mask.*image"),
])
def test_wrong_shapes_are_named(name, value, says):
    inputs = dict(zip(NAMES, some_arrays(), strict=True)) | {name: value}
    with pytest.raises(ValueError, match=says):
        additive_attention_forward(**inputs)


def test_a_gradient_of_another_shape_is_named():
    *_, cache = additive_attention_forward(*some_arrays())
    with pytest.raises(ValueError, match=r"\(3, 4\).*got \(3,\)"):
        additive_attention_backward(np.ones(3), cache)
