"""The NumPy rules against the optimisers of Keras, and their bad input."""

import keras
import numpy as np
import pytest

from utils.by_hand import SGD, Adam, RMSprop

PAIRS = {
    "sgd": (lambda: SGD(0.1), lambda: keras.optimizers.SGD(0.1)),
    "momentum": (lambda: SGD(0.1, momentum=0.9), lambda: keras.optimizers.SGD(0.1, momentum=0.9)),
    "rmsprop": (lambda: RMSprop(0.02), lambda: keras.optimizers.RMSprop(0.02)),
    "adam": (lambda: Adam(0.02), lambda: keras.optimizers.Adam(0.02)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_seven_steps_are_those_of_keras(name):
    rng = np.random.default_rng(3)
    ours, theirs = (make() for make in PAIRS[name])
    start = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2)}
    weights = {n: w.astype("float32") for n, w in start.items()}
    variables = [keras.Variable(w) for w in weights.values()]
    for _ in range(7):
        gradients = {n: rng.normal(size=w.shape).astype("float32") for n, w in weights.items()}
        ours(weights, gradients)
        theirs.apply(list(gradients.values()), variables)
    for (n, w), variable in zip(weights.items(), variables, strict=True):
        assert w.dtype == np.float32
        assert not np.allclose(w, start[n], atol=1e-3)
        np.testing.assert_allclose(w, variable.numpy(), atol=1e-5, err_msg=n)


def test_each_weight_has_a_memory_of_its_own():
    together, alone = Adam(0.1), Adam(0.1)
    both = {"a": np.ones(2), "b": np.ones(2)}
    one = {"a": np.ones(2)}
    for scale in (1.0, -3.0, 0.5):
        together(both, {"a": np.full(2, scale), "b": np.full(2, 100 * scale)})
        alone(one, {"a": np.full(2, scale)})
    np.testing.assert_array_equal(both["a"], one["a"])


def test_bad_settings_and_missing_gradients_are_named():
    with pytest.raises(ValueError, match=r"rate.*got 0"):
        SGD(0)
    with pytest.raises(ValueError, match=r"momentum.*got 1"):
        SGD(momentum=1)
    weights = {"W": np.ones(2), "b": np.ones(1)}
    with pytest.raises(ValueError, match=r"gradients.* b"):
        Adam()(weights, {"W": np.ones(2)})
    np.testing.assert_array_equal(weights["W"], np.ones(2))
