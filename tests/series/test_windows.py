"""utils.series: windows never look ahead, scaling never learns from the future."""

import numpy as np
import pandas as pd
import pytest

from utils import series
from utils.series import (
    Linear,
    autocorrelation,
    last_value,
    mae,
    make_multistep_windows,
    make_windows,
    mase,
    moving_average,
    paired_difference,
    recursive_forecast,
    seasonal_naive,
    time_split,
)


def _walk(time, features, seed=0):
    return np.random.default_rng(seed).normal(size=(time, features)).cumsum(axis=0)


@pytest.mark.parametrize("horizon", [1, 2, 5])
def test_target_is_horizon_steps_after_the_window(horizon):
    rows = np.arange(20)[:, None] * np.array([1, 100])      # a row says when it is
    x, y = make_windows(rows, n_past=4, horizon=horizon)
    assert x.shape == (20 - 4 - horizon + 1, 4, 2) and y.shape == (len(x), 2)
    for sample, target in zip(x, y, strict=True):
        assert np.all(np.diff(sample[:, 0]) == 1)
        assert target[0] - sample[-1, 0] == horizon


def test_windows_start_at_the_first_row_and_end_at_the_last():
    rows = _walk(11, 3)
    x, y = make_windows(rows, n_past=4, horizon=3)
    np.testing.assert_array_equal(x[0], rows[:4])
    np.testing.assert_array_equal(y[-1], rows[-1])


def test_one_row_short_of_a_window_is_an_error_and_a_row_more_is_one_sample():
    assert len(make_windows(_walk(6, 2), 4, 2)[0]) == 1
    with pytest.raises(ValueError, match="need 6 rows, got 5"):
        make_windows(_walk(5, 2), 4, 2)


@pytest.mark.parametrize("n_past, horizon", [(0, 1), (3, 0), (-1, 1)])
def test_lengths_below_one_are_refused(n_past, horizon):
    with pytest.raises(ValueError, match=f"got {n_past} and {horizon}"):
        make_windows(_walk(9, 1), n_past, horizon)


def test_a_series_without_a_feature_axis_is_refused():
    with pytest.raises(ValueError, match=r"got shape \(9,\)"):
        make_windows(np.arange(9.0), 3)


def test_multistep_targets_hold_every_horizon():
    rows = _walk(15, 2)
    x, y = make_multistep_windows(rows, n_past=4, n_future=3)
    assert y.shape == (9, 3, 2)
    for horizon in (1, 2, 3):
        x_one, y_one = make_windows(rows, 4, horizon)
        np.testing.assert_array_equal(x, x_one[:9])
        np.testing.assert_array_equal(y[:, horizon - 1], y_one[:9])


def test_windows_are_copies():
    rows = _walk(9, 1)
    x, _ = make_windows(rows, 3)
    x[:] = 0
    assert not np.any(rows == 0)


def test_parts_cover_all_rows_and_each_is_later_than_the_one_before():
    days = pd.date_range("2023-01-01", periods=30)
    train, validation, test = time_split(days, "2023-01-11", "2023-01-21")
    assert days[train][-1] < days[validation][0] == pd.Timestamp("2023-01-11")
    assert days[validation][-1] < days[test][0] == pd.Timestamp("2023-01-21")
    assert sum(len(days[s]) for s in (train, validation, test)) == 30


def test_equal_times_stay_in_one_part():
    times = np.array([1, 2, 2, 3, 3, 4])
    train, _, test = time_split(times, 2, 4)
    assert times[train].tolist() == [1] and times[test].tolist() == [4]


def test_unsorted_times_and_empty_parts_are_refused():
    with pytest.raises(ValueError, match="sorted"):
        time_split([1, 3, 2, 4], 2, 3)
    with pytest.raises(ValueError, match="leave 4, 0 and 0 of 4"):
        time_split([1, 2, 3, 4], 9, 12)
    with pytest.raises(ValueError, match="each needs at least one"):
        time_split([1, 2, 3, 4], 3, 2)


def test_naive_rules_by_hand():
    history = np.array([[1.0, 2.0, 3.0, 4.0], [9.0, 7.0, 5.0, 1.0]])
    np.testing.assert_array_equal(last_value(history, 2), [[4, 4], [1, 1]])
    np.testing.assert_array_equal(seasonal_naive(history, 3, 4), [[2, 3, 4, 2], [7, 5, 1, 7]])
    np.testing.assert_array_equal(moving_average(history, 2, 2), [[3.5, 3.5], [3, 3]])
    with pytest.raises(ValueError, match=r"season=5 needs 5 past values, got shape \(2, 4\)"):
        seasonal_naive(history, 5)
    with pytest.raises(ValueError, match="got 0 and 1"):
        moving_average(history, 0)


def test_seasonal_naive_is_exact_on_a_periodic_series():
    wave = np.tile(_walk(7, 1)[:, 0], 6)
    np.testing.assert_array_equal(seasonal_naive(wave[:21], 7, 18), wave[21:39])


def test_linear_recovers_the_weights_that_made_the_data():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(200, 3, 2))
    weights = rng.normal(size=6)
    model = Linear().fit(x, x.reshape(200, 6) @ weights + 0.7)
    np.testing.assert_allclose(model.weights, [*weights, 0.7])
    np.testing.assert_allclose(model.predict(x[:3]), x[:3].reshape(3, 6) @ weights + 0.7)


def test_linear_refuses_missing_values_and_a_column_of_targets():
    with pytest.raises(ValueError, match="finite"):
        Linear().fit(np.array([[1.0], [np.nan]]), [1.0, 2.0])
    with pytest.raises(ValueError, match=r"\(2, 1\)"):
        Linear().fit(np.ones((2, 1)), np.ones((2, 1)))


def test_mae_refuses_to_broadcast_and_to_skip_silently():
    assert mae([1.0, 2.0], [2.0, 4.0]) == 1.5
    with pytest.raises(ValueError, match=r"\(3,\) and forecast \(3, 1\)"):
        mae(np.zeros(3), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="missing"):
        mae([1.0, np.nan], [1.0, 1.0])


@pytest.mark.parametrize("season", [1, 7])
def test_mase_of_the_naive_rule_on_its_own_training_part_is_one(season):
    train = _walk(60, 1)[:, 0]
    assert mase(train[season:], train[:-season], train, season) == pytest.approx(1)


def test_mase_does_not_depend_on_the_unit_and_leaves_missing_days_out():
    rng = np.random.default_rng(3)
    truth, forecast, train = rng.normal(size=(3, 30))
    assert mase(1000 * truth + 5, 1000 * forecast + 5, 1000 * train + 5, 7) == pytest.approx(
        mase(truth, forecast, train, 7)
    )
    assert mase([2.0], [1.0], [0.0, np.nan, 4.0, 6.0], 1) == pytest.approx(0.5)


def test_mase_of_a_constant_series_is_an_error_that_says_why():
    with pytest.raises(ValueError, match="repeats itself every 1 step"):
        mase([1.0], [2.0], np.ones(9))
    with pytest.raises(ValueError, match="every 7 step"):
        mase([1.0], [2.0], np.tile(np.arange(7.0), 3), season=7)
    with pytest.raises(ValueError, match=r"season=7 .* got shape \(7,\)"):
        mase([1.0], [2.0], np.arange(7.0), season=7)


def test_autocorrelation_finds_the_period_and_nothing_in_noise():
    noise = np.random.default_rng(4).normal(size=700)
    wave = np.sin(2 * np.pi * np.arange(700) / 7) + 0.5 * noise
    assert np.argmax(autocorrelation(wave, 10)) == 6        # lag 7
    assert np.abs(autocorrelation(noise, 10)).max() < 4 / np.sqrt(700)
    gappy = np.where(np.arange(700) % 50 == 0, np.nan, wave)
    assert np.argmax(autocorrelation(gappy, 10)) == 6
    with pytest.raises(ValueError, match="n_lags=9"):
        autocorrelation(noise[:9], 9)


def test_recursion_repeats_a_process_that_follows_its_own_rule():
    rng = np.random.default_rng(5)
    outside = rng.normal(size=(2, 12, 2))           # two known inputs beside the series
    rule = lambda w: 0.6 * w[:, -1, 0] - 0.3 * w[:, -3, 0] + w[:, -1, 1] - 2 * w[:, -2, 2]
    rows = np.concatenate([rng.normal(size=(2, 12, 1)), outside], axis=2)
    for t in range(3, 12):                          # the rule itself makes the rest
        rows[:, t, 0] = rule(rows[:, t - 3:t])
    made = recursive_forecast(rule, rows[:, 1:4], rows[:, 4:9, 1:])
    np.testing.assert_allclose(made, rows[:, 4:9, 0])


def test_paired_difference_is_the_one_of_the_paired_t_test():
    from scipy import stats

    a, b = np.random.default_rng(6).normal(size=(2, 17))
    mean, error = paired_difference(a, b)
    assert mean / error == pytest.approx(stats.ttest_rel(a, b).statistic)


def test_blocks_give_the_t_test_of_their_means_and_leave_the_rest_out():
    from scipy import stats

    a, b = np.random.default_rng(7).normal(size=(2, 23))
    means = pd.Series(a - b).groupby(np.arange(23) // 4).mean()[:5]     # 3 steps are left over
    mean, error = paired_difference(a, b, block=4)
    assert mean == pytest.approx(means.mean())
    assert mean / error == pytest.approx(stats.ttest_1samp(means, 0).statistic)


def test_only_long_blocks_tell_how_far_the_mean_of_a_slow_difference_strays():
    rng = np.random.default_rng(8)
    d = rng.normal(size=(300, 1000))
    for t in range(1, 1000):
        d[:, t] += 0.8 * d[:, t - 1]
    strays = d[:, 100:].mean(axis=1).std()
    error = {block: np.mean([paired_difference(row[100:], np.zeros(900), block)[1] for row in d])
             for block in (1, 50)}
    assert error[1] < 0.5 * strays
    assert error[50] == pytest.approx(strays, rel=0.15)


@pytest.mark.parametrize("steps, block", [(1, 1), (7, 4), (8, 0), (0, 1)])
def test_fewer_than_two_blocks_are_refused(steps, block):
    with pytest.raises(ValueError, match=rf"\({steps},\) and \({steps},\) and block={block}"):
        paired_difference(np.zeros(steps), np.zeros(steps), block)


def test_everything_public_is_listed():
    own = {n for n, v in vars(series).items()
           if getattr(v, "__module__", "").startswith("utils.series") and not n.startswith("_")}
    assert own == set(series.__all__)
