"""A run of the lag study trains, stops once solved, and says how it ended."""

import numpy as np
import pytest

from utils.data import PREDICT_THE_MEAN
from utils.studies import lags as lag_study
from utils.studies.lags import Outcome, baseline, make_model, train_at_lag
from utils.training import keras


def test_an_outcome_is_judged_against_its_baseline():
    assert not Outcome([0.1, 0.95], 1.0).beats
    assert Outcome([2.0, 0.89], 1.0).beats
    assert not Outcome([0.01, 0.06], 1.0).solved
    assert Outcome([0.9, 0.04], 1.0).solved


def test_a_short_adding_problem_is_solved_before_the_last_round():
    outcome, model = train_at_lag("adding", "LSTM", 4, seed=0, rounds=12)
    assert outcome.solved
    assert len(outcome.losses) < 12
    assert outcome.losses[-1] < outcome.losses[0]
    assert outcome.baseline == PREDICT_THE_MEAN
    assert isinstance(model.layers[0], keras.layers.LSTM)


def test_the_same_seed_gives_the_same_run_and_another_another(monkeypatch):
    monkeypatch.setattr(lag_study, "ROUND", 5)
    losses = [train_at_lag("copy", "SimpleRNN", 2, seed, rounds=1)[0].loss for seed in (1, 1, 2)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    assert losses[0] != pytest.approx(losses[2], rel=1e-3)


def test_options_and_rate_reach_the_layer():
    model = make_model("copy", "LSTM", rate=0.5, unit_forget_bias=False)
    assert model.layers[0].unit_forget_bias is False
    assert float(model.optimizer.learning_rate) == 0.5
    assert model.output_shape == (None, None, 5)
    assert make_model("adding", "SimpleRNN").output_shape == (None, 1)


def test_the_copy_baseline_is_a_guess_among_four_symbols():
    assert baseline("copy", 4) == pytest.approx(3 * np.log(4) / 10)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"SimpleRNN, LSTM.*got 'add'"):
        make_model("add", "LSTM")
    with pytest.raises(ValueError, match=r"rounds.*got 0"):
        train_at_lag("adding", "LSTM", 4, 0, rounds=0)
