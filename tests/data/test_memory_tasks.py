"""The adding problem and the copy task hold what their docstrings say."""

import numpy as np
import pytest

from utils.data import PREDICT_THE_MEAN, adding_problem, copy_task, random_guess


@pytest.mark.parametrize("steps", [2, 3, 30])
def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum(steps):
    x, y = adding_problem(500, steps, np.random.default_rng(0))
    assert x.shape == (500, steps, 2)
    assert y.shape == (500, 1)
    assert x.dtype == y.dtype == np.float32
    marks = x[..., 1]
    assert set(np.unique(marks)) <= {0, 1}
    np.testing.assert_array_equal(marks[:, :steps // 2].sum(axis=1), 1)
    np.testing.assert_array_equal(marks[:, steps // 2:].sum(axis=1), 1)
    for row, total in zip(x[:20], y[:20], strict=True):
        np.testing.assert_allclose(row[row[:, 1] == 1, 0].sum(), total[0], rtol=1e-6)


def test_the_mean_as_an_answer_has_its_known_error():
    _, y = adding_problem(200_000, 10, np.random.default_rng(1))
    assert np.mean((y - 1) ** 2) == pytest.approx(PREDICT_THE_MEAN, abs=0.002)


@pytest.mark.parametrize(("lag", "symbols", "length"), [(0, 8, 5), (7, 3, 2), (20, 1, 1)])
def test_copy_asks_for_the_symbols_after_the_signal(lag, symbols, length):
    x, y = copy_task(50, lag, np.random.default_rng(0), symbols, length)
    assert x.shape == (50, 2 * length + lag, symbols + 2)
    assert y.shape == (50, 2 * length + lag)
    codes = x.argmax(axis=-1)
    np.testing.assert_array_equal(x.sum(axis=-1), 1)
    np.testing.assert_array_equal(codes[:, :length], y[:, -length:])
    assert codes[:, :length].min() >= 1
    assert codes[:, :length].max() == symbols
    np.testing.assert_array_equal(codes[:, length:length + lag], 0)
    np.testing.assert_array_equal(codes[:, length + lag], symbols + 1)
    np.testing.assert_array_equal(y[:, :-length], 0)


def test_random_guess_is_the_loss_of_a_uniform_guess_after_the_signal():
    _, y = copy_task(10, 6, np.random.default_rng(0), symbols=4, length=3)
    probability = np.where(y == 0, 1.0, 1 / 4)
    assert random_guess(6, 4, 3) == pytest.approx(-np.log(probability).mean())


def test_the_same_generator_gives_the_same_data():
    for make in (adding_problem, copy_task):
        a, b = (make(4, 9, np.random.default_rng(5)) for _ in range(2))
        np.testing.assert_array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1], b[1])


def test_impossible_sizes_are_named():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="got 1"):
        adding_problem(3, 1, rng)
    with pytest.raises(ValueError, match="got -1, 8 and 5"):
        copy_task(3, -1, rng)
