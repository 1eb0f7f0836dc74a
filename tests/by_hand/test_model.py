"""Every variant: parameters as the formula says, gradients as differences, it learns."""

import numpy as np
import pytest

from utils.by_hand import (
    VARIANTS,
    Adam,
    RecurrentModel,
    numerical_gradient,
    parameter_count,
    relative_error,
    train,
    units_for_budget,
)
from utils.data import adding_problem

FORMULAS = {        # numbers learned with m features and n units
    "SimpleRNN": lambda m, n: n * (m + n + 1),
    "LSTM": lambda m, n: 4 * n * (m + n + 1),
    "peephole": lambda m, n: 4 * n * (m + n + 1) + 3 * n,
    "coupled": lambda m, n: 3 * n * (m + n + 1),
    "no forget": lambda m, n: 3 * n * (m + n + 1),
    "no output tanh": lambda m, n: 4 * n * (m + n + 1),
    "GRU": lambda m, n: 3 * n * (m + n + 2),
    "GRU reset before": lambda m, n: 3 * n * (m + n + 1),
    "SRU": lambda m, n: 4 * m * n + 4 * n,
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_formula_counts_the_weights(variant):
    model = RecurrentModel(variant, 3, 7, 2, np.random.default_rng(0))
    held = sum(w.size for name, w in model.weights.items() if name not in ("V", "c"))
    assert parameter_count(variant, 3, 7) == held == FORMULAS[variant](3, 7)
    assert all(w.dtype == np.float32 for w in model.weights.values())


@pytest.mark.parametrize("variant", VARIANTS)
def test_weights_start_as_keras_would_start_them(variant):
    """Orthonormal rows of U, biases of zero but for the forget gate's (the LSTM's f, SRU's f)."""
    weights = RecurrentModel(variant, 3, 7, 2, np.random.default_rng(0), dtype=np.float64).weights
    assert np.abs(weights["W"]).max() <= np.sqrt(6 / sum(weights["W"].shape))
    if "U" in weights:
        np.testing.assert_allclose(weights["U"] @ weights["U"].T, np.eye(7), atol=1e-12)
    ones = {"LSTM": 1, "peephole": 1, "no output tanh": 1, "SRU": 0}.get(variant)
    blocks = weights["b"].reshape(-1, 7)
    np.testing.assert_array_equal(blocks, np.arange(len(blocks))[:, None] == ones + np.zeros(7)
                                  if ones is not None else 0 * blocks)


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("variant", VARIANTS)
def test_gradients_of_the_whole_model_are_differences(variant, every_step):
    rng = np.random.default_rng(1)
    model = RecurrentModel(variant, 3, 4, 2, rng, every_step, dtype=np.float64)
    for w in model.weights.values():
        w += 0.3 * rng.normal(size=w.shape)         # biases and peepholes start at zero
    x = rng.normal(size=(2, 5, 3))
    y = rng.integers(2, size=(2, 5)) if every_step else rng.normal(size=(2, 2))
    _, found = model.loss_and_gradients(x, y)
    for name, w in model.weights.items():
        def loss_of(value, name=name, w=w):
            kept = w.copy()
            w[...] = value
            loss, _ = model.loss_and_gradients(x, y)
            w[...] = kept
            return loss

        assert relative_error(found[name], numerical_gradient(loss_of, w.copy())) < 1e-6, name


@pytest.mark.parametrize("variant", VARIANTS)
def test_training_lowers_the_loss_of_a_short_adding_problem(variant):
    rng = np.random.default_rng(2)
    model = RecurrentModel(variant, 2, 8, 1, rng)
    batches = (adding_problem(32, 6, rng) for _ in range(150))
    losses = train(model, batches, Adam(0.02))
    assert len(losses) == 150
    assert np.mean(losses[-20:]) < 0.7 * np.mean(losses[:20])


def test_units_for_budget_is_the_nearest():
    for variant in VARIANTS:
        n = units_for_budget(variant, 2, 2000)
        gap = abs(parameter_count(variant, 2, n) - 2000)
        assert all(gap <= abs(parameter_count(variant, 2, k) - 2000) for k in range(1, 300))


def test_an_unknown_variant_is_named():
    for make in (lambda: parameter_count("LSTN", 1, 1),
                 lambda: RecurrentModel("LSTN", 1, 1, 1, np.random.default_rng(0))):
        with pytest.raises(ValueError, match=r"SRU.*got 'LSTN'"):
            make()
