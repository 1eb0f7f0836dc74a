"""The three tasks of the study: no test data in training, baselines right, a run repeats."""

import numpy as np
import pytest

from utils.studies import load_record, load_table
from utils.studies.tasks import TASKS, make_task
from utils.studies.variants import run


@pytest.mark.parametrize("name", TASKS)
def test_batches_and_parts_have_the_sizes_that_the_task_says(name):
    task = make_task(name)
    rng = np.random.default_rng(0)
    for x, y in [*task.batches(3, rng), task.validation, task.test]:
        assert x.dtype == np.float32
        assert x.shape[2] == task.features
        assert len(x) == len(y)
        if task.every_step:
            assert y.shape == x.shape[:2]
            assert 0 <= y.min() <= y.max() < task.outputs
        else:
            assert y.shape == (len(x), task.outputs)
    assert len(list(task.batches(3, rng))) == 3


@pytest.mark.parametrize("name", TASKS)
def test_no_test_sequence_is_trained_or_chosen_on(name):
    task = make_task(name)
    rows = lambda part: {x.tobytes() for x in part[0]}
    seen = set().union(*(rows(batch) for batch in task.batches(200, np.random.default_rng(1))))
    assert len(rows(task.test)) > 100
    assert not rows(task.test) & seen
    assert not rows(task.test) & rows(task.validation)
    assert not rows(task.validation) & seen


def test_characters_predict_the_next_one():
    x, y = make_task("characters").test
    np.testing.assert_array_equal(x.argmax(-1)[:, 1:], y[:, :-1])


def test_linear_baseline_of_the_temperature_beats_the_naive_ones():
    errors = make_task("temperature").baselines
    assert errors["linear on the same months"] < errors["last month"] < errors[
        "same month last year"]


def test_a_run_repeats_itself_and_counts_its_parameters():
    task = make_task("adding")
    a, b, other = (run("GRU", task, seed, 0.01, steps=3, units=6) for seed in (0, 0, 1))
    assert a == b
    assert a["test"] != other["test"]
    assert a["parameters"] == 3 * a["units"] * (2 + a["units"] + 2)


def test_an_unknown_task_or_result_is_named():
    with pytest.raises(ValueError, match=r"temperature.*got 'rain'"):
        make_task("rain")
    with pytest.raises(ValueError, match=r"rain\.json.*notebooks\.json"):
        load_record("rain")
    with pytest.raises(ValueError, match=r"rain\.csv"):
        load_table("rain")
