"""utils.series.anomalies: the truth is where the values changed, and scores see no future."""

import numpy as np
import pandas as pd
import pytest

from utils.data import load_elnino
from utils.series import (
    average_precision,
    event_scores,
    plant_anomalies,
    residual_scores,
    rolling_zscore,
)


def _series(steps=1500, seed=0):
    t, rng = np.arange(steps), np.random.default_rng(seed)
    return pd.Series(10 + 3 * np.sin(2 * np.pi * t / 24) + 0.3 * rng.normal(size=steps),
                     index=pd.date_range("2024-01-01", periods=steps, freq="h"), name="load")


def _rng(seed=1):
    return np.random.default_rng(seed)


KINDS = {"spikes": 5, "shifts": 4, "flat": 3, "breaks": 2}


@pytest.mark.parametrize("seed", range(4))
def test_values_change_during_events_alone_and_the_table_says_when(seed):
    series = _series()
    planted, truth, events = plant_anomalies(series, _rng(seed), **KINDS)
    assert events["kind"].value_counts().to_dict() == {
        "spike": 5, "shift": 4, "flat": 3, "break": 2}
    assert planted.index.equals(series.index) and truth.dtype == bool
    assert not (planted != series)[~truth].any()
    covered = pd.Series(False, index=series.index)
    for kind, start, end in events.itertuples(index=False):
        changed = (planted != series)[start:end]
        assert changed.any() and (kind in ("flat", "break") or changed.all())
        covered[start:end] = True
    pd.testing.assert_series_equal(covered, truth, check_names=False)
    assert events["start"].is_monotonic_increasing


def test_every_kind_is_what_its_name_says():
    series = _series()
    planted, _, events = plant_anomalies(series, _rng(), **KINDS, size=7, length=(5, 9))
    changes = series.diff().dropna()
    step = 1.4826 * (changes - changes.median()).abs().median()
    signs = []
    for kind, start, end in events.itertuples(index=False):
        old, new = series[start:end], planted[start:end]
        assert len(new) == 1 if kind == "spike" else 5 <= len(new) <= 9
        if kind in ("spike", "shift"):
            moved = new - old
            np.testing.assert_allclose(moved, moved.iloc[0])
            assert 7 * step <= abs(moved.iloc[0]) <= 14 * step
            signs.append(np.sign(moved.iloc[0]))
        elif kind == "flat":
            assert (new == series[:start].iloc[-2]).all()       # the value before the event
        else:
            np.testing.assert_allclose(new - old.mean(), old.mean() - old)
    assert set(signs) == {-1, 1}


def test_events_keep_apart_from_each_other_from_gaps_and_from_the_clean_beginning():
    series = _series()
    series.iloc[300:340] = np.nan
    for seed in range(5):
        planted, truth, events = plant_anomalies(
            series, _rng(seed), **KINDS, length=(4, 12), clean=200)
        assert not truth[:200].any() and not truth[series.isna()].any()
        pd.testing.assert_series_equal(planted.isna(), series.isna())
        start = series.index.get_indexer(events["start"])
        end = series.index.get_indexer(events["end"])
        assert (start[1:] - end[:-1] > 12).all()
        assert event_scores(truth.astype(float), truth, 0.5)["events"] == 14


def test_the_same_state_plants_the_same_and_the_input_stays():
    series = _series()
    before = series.copy()
    first, second = (plant_anomalies(series, _rng(3), **KINDS)[0] for _ in range(2))
    pd.testing.assert_series_equal(first, second)
    pd.testing.assert_series_equal(series, before)
    assert not first.equals(plant_anomalies(series, _rng(4), **KINDS)[0])


def test_a_stuck_sensor_is_never_planted_where_nothing_changes():
    series = _series(200)
    series.iloc[:150] = 7.0
    for seed in range(10):
        planted, _, events = plant_anomalies(series, _rng(seed), flat=1, length=(5, 5))
        assert (planted != series).any() and events.loc[0, "end"] >= series.index[150]


@pytest.mark.parametrize("arguments, message", [
    ({"spikes": -1}, "'spike': -1"),
    ({"clean": -1}, "clean=-1"),
    ({"spikes": 1, "size": 0}, "size=0"),
    ({"length": (1, 5)}, r"got \(1, 5\)"),
    ({"length": (9, 5)}, r"got \(9, 5\)"),
    ({"flat": 40}, "No room for one more flat"),
    ({"shifts": 1, "length": (900, 900)}, "shift of 900 value.*than 500 values"),
    ({"spikes": 1, "clean": 500}, "No room for one more spike"),
])
def test_what_cannot_be_planted_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        plant_anomalies(_series(500), _rng(), **arguments)


def test_nothing_can_be_planted_in_a_constant_series():
    for height in (0, 1e-17):                   # 4.000000000000001 is 4, rounded
        with pytest.raises(ValueError, match="All 500 values are equal"):
            plant_anomalies(_series(500) * height + 4, _rng(), spikes=1)


def test_spikes_are_as_high_as_the_series_is_rough_even_on_a_line():
    line = _series(300) * 0 + np.arange(300) * 0.5
    planted, truth, _ = plant_anomalies(line, _rng(), spikes=2, size=5)
    assert (planted - line)[truth].abs().between(2.5, 5).all()


def test_rolling_zscore_is_the_one_of_a_loop_over_values_before():
    series = _series(120)
    series.iloc[[5, 40, 41, 42, 43, 44]] = np.nan
    expected = []
    for t, y_t in enumerate(series):
        past = series.iloc[max(0, t - 8):t].dropna()
        expected.append(abs(y_t - past.mean()) / past.std() if len(past) >= 4 else np.nan)
    np.testing.assert_allclose(rolling_zscore(series, 8), expected)


def test_neither_the_future_nor_the_value_itself_is_in_its_score():
    series = _series(100)
    scores = rolling_zscore(series, 12)
    for n in range(20, 100, 7):
        pd.testing.assert_series_equal(
            rolling_zscore(series[:n], 12), scores[:n], check_freq=False)
    spiked = series.copy()
    spiked.iloc[50] += 1000                 # in its own window a value scores at most about 3
    assert rolling_zscore(spiked, 12).iloc[50] > 100


def test_a_window_without_spread_gives_no_score():
    series = _series(40)
    series.iloc[10:30] = 1 / 3
    scores = rolling_zscore(series, 6)
    assert scores.iloc[16:31].isna().all() and scores.iloc[31:].notna().all()
    for window in (1, 40):
        with pytest.raises(ValueError, match=f"below the 40 values of the series, got {window}"):
            rolling_zscore(series, window)


def test_residual_scores_by_hand_and_with_an_index():
    assert residual_scores([1.0, 5.0], [2.0, 2.0], 0.5).tolist() == [2, 6]
    assert residual_scores([1.0, 5.0], [2.0, 2.0], [0.5, 3.0]).tolist() == [2, 1]
    truth = _series(3)
    scores = residual_scores(truth, truth.to_numpy() - 1, 4)
    assert scores.index.equals(truth.index) and np.allclose(scores, 0.25)
    assert np.isnan(residual_scores([np.nan], [1.0], 1)).all()
    with pytest.raises(ValueError, match="different times"):
        residual_scores(truth[1:], truth[:-1], 1)


@pytest.mark.parametrize("truth, forecast, scale, message", [
    ([1.0, 2.0], [1.0], 1, r"\(2,\) and forecast \(1,\)"),
    (np.ones(3), np.ones((3, 1)), 1, r"\(3, 1\)"),
    ([1.0, 2.0], [1.0, 2.0], [1.0], r"scale \(1,\)"),
    ([1.0], [1.0], 0, "got 0"),
    ([1.0], [1.0], -2, "got -2"),
    ([1.0], [1.0], np.nan, "got nan"),
])
def test_residuals_without_a_scale_are_refused(truth, forecast, scale, message):
    with pytest.raises(ValueError, match=message):
        residual_scores(truth, forecast, scale)


def test_events_are_found_once_however_many_alarms_they_raise():
    truth = np.array([0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0], dtype=bool)      # three events
    scores = np.array([9, 9, 9, 0, 0, np.nan, np.nan, 5, 9, 9, 0, 5.0])
    result = event_scores(scores, truth, 5)         # 5 itself is no alarm
    assert result == {"precision": 3 / 5, "recall": 2 / 3, "alarms": 5, "events": 3,
                      "false_alarms_per_1000": pytest.approx(1000 * 2 / 6)}


def test_no_alarm_and_no_event_leave_a_share_open():
    silent = event_scores(np.zeros(4), np.array([False, True, False, False]), 1)
    assert np.isnan(silent["precision"]) and silent["recall"] == 0
    calm = event_scores(np.array([2.0, 0, 0, 0]), np.zeros(4, dtype=bool), 1)
    assert np.isnan(calm["recall"]) and calm["precision"] == 0
    assert calm["false_alarms_per_1000"] == 250
    assert np.isnan(event_scores(np.ones(2), np.ones(2, bool), 0)["false_alarms_per_1000"])


def _brute_average_precision(scores, truth):
    total, recall = 0.0, 0.0
    for threshold in sorted(set(scores), reverse=True):
        alarm = [s >= threshold for s in scores]
        hits = sum(a and t for a, t in zip(alarm, truth, strict=True))
        total += (hits / sum(truth) - recall) * hits / sum(alarm)
        recall = hits / sum(truth)
    return total


@pytest.mark.parametrize("levels", [3, 10, 10_000])
def test_average_precision_is_its_definition_with_ties_and_without(levels):
    rng = np.random.default_rng(levels)
    for _ in range(20):
        scores = rng.integers(levels, size=40).astype(float)
        truth = rng.random(40) < 0.3
        truth[0] = True
        expected = _brute_average_precision(scores.tolist(), truth.tolist())
        assert average_precision(scores, truth) == pytest.approx(expected)
        order = rng.permutation(40)
        assert average_precision(scores[order], truth[order]) == pytest.approx(expected)
        assert average_precision(np.exp(scores / levels), truth) == pytest.approx(expected)


def test_average_precision_is_one_at_best_and_the_share_for_a_score_that_knows_nothing():
    rng = np.random.default_rng(5)
    truth = rng.random(20_000) < 0.1
    assert average_precision(truth + 0.5 * rng.random(20_000), truth) == 1
    assert average_precision(np.zeros(20_000), truth) == pytest.approx(truth.mean())
    assert average_precision(rng.random(20_000), truth) == pytest.approx(0.1, abs=0.015)


def test_steps_without_a_score_rank_last_and_together():
    truth = np.array([True, False, True, False])
    assert average_precision([3.0, 2.0, np.nan, np.nan], truth) == pytest.approx(
        average_precision([3.0, 2.0, -7.0, -7.0], truth))
    assert average_precision([np.inf, 2.0, -np.inf, np.nan], truth) == pytest.approx(
        average_precision([3.0, 2.0, -7.0, -7.0], truth))


@pytest.mark.parametrize("function", [average_precision, lambda s, t: event_scores(s, t, 0)])
def test_scores_need_a_boolean_truth_of_their_length(function):
    with pytest.raises(ValueError, match=r"\(3,\) and \(2,\) of bool"):
        function(np.ones(3), np.array([True, False]))
    with pytest.raises(ValueError, match="of int"):
        function(np.ones(2), np.array([1, 0]))
    with pytest.raises(ValueError, match=r"\(0,\)"):
        function(np.ones(0), np.zeros(0, dtype=bool))


def test_average_precision_without_anomalies_is_undefined():
    with pytest.raises(ValueError, match="truth of 3 steps"):
        average_precision(np.ones(3), np.zeros(3, dtype=bool))


def test_spikes_in_a_real_series_stand_out_of_its_past():
    series = load_elnino()
    planted, truth, events = plant_anomalies(series, _rng(), spikes=6, size=8, clean=48)
    scores = rolling_zscore(planted, 24)
    result = event_scores(scores, truth, threshold=3)
    before = event_scores(rolling_zscore(series, 24), truth, threshold=3)
    assert len(events) == 6 and result["recall"] > before["recall"]
    assert average_precision(scores, truth) > 5 * truth.mean()
