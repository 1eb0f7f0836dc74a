"""Looks drawn by lot: right on average whatever the baseline, and less noisy with a good one."""

import numpy as np
import pytest
from scipy.special import softmax

from utils.by_hand import numerical_gradient, relative_error
from utils.captioning import climb, drawn_gradients, exact_gradient

E = np.array([0.3, -0.7, 1.1, 0.0])
REWARDS = np.array([-3.0, -0.2, -2.5, -4.0])


def test_the_exact_gradient_is_that_of_the_expected_reward():
    numeric = numerical_gradient(lambda e: softmax(e) @ REWARDS, E.copy())
    assert relative_error(exact_gradient(E, REWARDS), numeric) < 1e-8


@pytest.mark.parametrize("baseline", [0.0, -2.0, 5.0])
def test_draws_are_right_on_average_with_any_baseline(baseline):
    draws = drawn_gradients(np.random.default_rng(0), E, REWARDS, 40_000, baseline)
    errors = draws.std(axis=0) / np.sqrt(len(draws))
    assert (np.abs(draws.mean(axis=0) - exact_gradient(E, REWARDS)) < 5 * errors).all()


def test_the_mean_reward_as_baseline_makes_less_noise():
    mean = softmax(E) @ REWARDS
    spread = [drawn_gradients(np.random.default_rng(1), E, REWARDS, 5000, b).var(axis=0).sum()
              for b in (0.0, mean)]
    assert spread[1] < 0.7 * spread[0]


def test_the_exact_gradient_climbs_to_the_best_region():
    values = climb(np.random.default_rng(0), REWARDS, 2000, 0.5)
    assert (np.diff(values) > 0).all()
    assert values[-1] > -0.25


def test_an_unknown_estimate_is_refused():
    with pytest.raises(ValueError, match="got 'best'"):
        climb(np.random.default_rng(0), REWARDS, 1, 0.1, "best")
