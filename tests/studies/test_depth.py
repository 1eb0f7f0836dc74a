"""Stacks have the parameters that the formula says, and train."""

import numpy as np
import pytest

from utils.studies import depth as depth_study
from utils.studies.depth import STACKS, make_stack, stack_parameters, train_stack, units_for_stack
from utils.training import keras


@pytest.mark.parametrize("name", STACKS)
def test_the_formula_counts_the_layers(name):
    depth = STACKS[name]["depth"]
    units = units_for_stack(depth, features=34)
    model = make_stack(34, 5, units=units, **STACKS[name])
    counted = sum(layer.count_params() for layer in model.layers
                  if isinstance(layer, keras.layers.GRU))
    assert counted == stack_parameters(depth, 34, units)
    assert model.output_shape == (None, None, 5)


def test_a_residual_stack_adds_the_input_of_each_layer_after_the_first():
    plain, residual = (make_stack(3, 2, 2, 4, residual=r) for r in (False, True))
    residual.set_weights(plain.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    first = keras.Model(plain.inputs, plain.layers[1].output)(x)
    second = keras.Model(plain.inputs, plain.layers[2].output)(x)
    dense = plain.layers[-1]
    np.testing.assert_allclose(residual(x), dense(first + second), atol=1e-6)


def test_training_lowers_the_bits_and_repeats_with_the_seed(monkeypatch):
    monkeypatch.setattr(depth_study, "ROUND", 15)
    a, b = (train_stack("1 layer", seed=3, rounds=2) for _ in range(2))
    assert a["validation"][1] < a["validation"][0] < np.log2(34)
    np.testing.assert_allclose(a["validation"], b["validation"], rtol=1e-4)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"2 layers.*got '3 layers'"):
        train_stack("3 layers", 0)
    with pytest.raises(ValueError, match=r"depth.*got 0"):
        units_for_stack(0, 34)
