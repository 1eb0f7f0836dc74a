"""utils.series.decomposition: parts add up, differences come back, the calendar is known."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

from utils.data import load_co2, load_elnino
from utils.series import (
    calendar_features,
    decompose,
    difference,
    seasonal_strength,
    stationarity,
    undifference,
)


def _series(values, freq="D"):
    return pd.Series(np.asarray(values, dtype=float),
                     index=pd.date_range("2001-01-01", periods=len(values), freq=freq))


def _made(season=12, steps=240, noise=0.0, seed=0):
    rng, t = np.random.default_rng(seed), np.arange(steps)
    shape = rng.normal(size=season)
    shape -= shape.mean()
    return _series(0.2 * t + shape[t % season] + noise * rng.normal(size=steps)), shape


@pytest.mark.parametrize("method, robust", [("STL", False), ("STL", True), ("classical", False)])
@pytest.mark.parametrize("season", [7, 12])
def test_the_parts_add_up_and_are_the_ones_the_series_was_made_of(method, robust, season):
    series, shape = _made(season, noise=0.01)
    parts = decompose(series, season, method, robust)
    assert parts.columns.tolist() == ["observed", "trend", "season", "rest"]
    pd.testing.assert_series_equal(parts["observed"], series, check_names=False)
    known = parts.dropna()
    np.testing.assert_allclose(known[["trend", "season", "rest"]].sum(axis=1), known["observed"])
    np.testing.assert_allclose(parts["season"], shape[np.arange(240) % season], atol=0.05)
    np.testing.assert_allclose(known["trend"], 0.2 * np.arange(240)[parts["rest"].notna()],
                               atol=0.05)
    lost = 2 * (season // 2) if method == "classical" else 0
    assert len(parts) - len(known) == lost


def test_a_robust_decomposition_leaves_an_outlier_in_the_rest():
    series, _ = _made(noise=0.1)
    series.iloc[100] += 20
    plain, robust = decompose(series, 12), decompose(series, 12, robust=True)
    assert plain["rest"].iloc[100] < 0.9 * 20 < robust["rest"].iloc[100]


def test_a_real_series_comes_apart_with_a_strong_season():
    assert seasonal_strength(decompose(load_elnino(), 12)) > 0.8


@pytest.mark.parametrize("method", ["STL", "classical"])
@pytest.mark.parametrize("scale", [1e-300, 1e-12, -0.1, 5.0, 1e9, 1e200])
@pytest.mark.parametrize("shape", [
    np.ones(48), 1 + 0.03 * np.arange(48), 1 + 1e-16 * (np.arange(48) % 5),
    np.full(48, 0.1) * 3 / 0.3])
def test_what_rounding_leaves_of_a_constant_or_a_line_is_no_season(shape, scale, method):
    assert seasonal_strength(decompose(_series(scale * shape), 12, method)) == 0


@pytest.mark.parametrize("method", ["STL", "classical"])
@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1, 1e200])
@pytest.mark.parametrize("height", [1, 1e-6, 1e-11])
def test_a_season_is_strong_however_small_or_far_from_zero(height, scale, method):
    wave = 1 + height * np.sin(2 * np.pi * np.arange(48) / 12)
    assert seasonal_strength(decompose(_series(scale * wave), 12, method)) > 0.99


@pytest.mark.parametrize("arguments, message", [
    ((1,), "season=1"), ((121,), "season=121.*got 240"), ((12, "X11"), "method='X11'"),
    ((12, "classical", True), "robust=True"),
])
def test_what_cannot_be_decomposed_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        decompose(_made()[0], *arguments)
    with pytest.raises(ValueError, match="59 value"):
        decompose(load_co2(), 52)


def test_strength_of_a_season_is_its_share_of_the_variance():
    rng = np.random.default_rng(1)
    season, rest = np.tile([3.0, -1.0, -2.0], 400), rng.normal(size=1200)
    parts = pd.DataFrame({"season": season, "rest": rest})
    expected = season.var() / (season.var() + rest.var())       # if they are unrelated
    assert seasonal_strength(parts) == pytest.approx(expected, abs=0.02)
    assert seasonal_strength(parts.assign(rest=0.0)) == 1
    assert seasonal_strength(parts.assign(season=0.0)) == 0
    assert seasonal_strength(parts.assign(season=-rest / 2)) == 0       # below 0 before the max
    assert seasonal_strength(parts * 0) == 0
    gappy = parts.copy()
    gappy.loc[:9, "rest"] = np.nan
    assert seasonal_strength(gappy) == pytest.approx(seasonal_strength(parts[10:]))


@pytest.mark.parametrize("lag", [1, 2, 7])
@pytest.mark.parametrize("shape", [(30,), (31, 3), (30, 2, 2)])
def test_undifference_inverts_difference(lag, shape):
    values = np.random.default_rng(lag).normal(size=shape)
    steps = difference(values, lag)
    assert len(steps) == len(values) - lag
    np.testing.assert_allclose(undifference(steps, values[:lag], lag), values, atol=1e-12)
    whole = np.random.default_rng(lag).integers(-50, 50, size=shape)
    np.testing.assert_array_equal(undifference(difference(whole, lag), whole[:lag], lag), whole)


@pytest.mark.parametrize("lag", [1, 4])
def test_difference_is_the_one_of_pandas_and_chains(lag):
    series, _ = _made(noise=1.0)
    np.testing.assert_allclose(difference(series, lag), series.diff(lag).dropna())
    twice = difference(difference(series, lag))
    back = undifference(undifference(twice, difference(series, lag)[:1]), series[:lag], lag)
    np.testing.assert_allclose(back, series, atol=1e-9)


def test_a_forecast_of_differences_goes_on_from_the_last_values():
    walk = np.random.default_rng(3).normal(size=50).cumsum()
    steps = difference(walk, 3)
    np.testing.assert_allclose(undifference(steps[37:], walk[37:40], 3)[3:], walk[40:])
    assert undifference(np.zeros(0), [5.0]).tolist() == [5.0]


@pytest.mark.parametrize("call, message", [
    (lambda: difference(np.arange(4), 4), r"lag=4.*\(4,\)"),
    (lambda: difference(np.arange(4), 0), "lag=0"),
    (lambda: difference(3.0), r"\(\)"),
    (lambda: undifference([1.0], [1.0, 2.0]), r"lag=1.*got shape \(2,\)"),
    (lambda: undifference([1.0], 2.0), r"got shape \(\)"),
    (lambda: undifference(np.ones((3, 2)), [1.0]), r"\(3, 2\), got shape \(1,\)"),
])
def test_differences_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def _noise(steps, seed=0):
    return np.random.default_rng(seed).normal(size=steps)


@pytest.mark.parametrize("values, verdict", [
    (_noise(400), "stationary"),
    (_noise(400).cumsum(), "not stationary"),
    (_noise(400) + 0.02 * np.arange(400), "not stationary"),    # but around a trend it is
    (_noise(200) + 0.005 * np.arange(200), "neither"),          # a trend that hides in the noise
    (lfilter([1], [1, -0.8], _noise(40)), "undecided"),         # stationary, with few values
])
def test_each_of_the_four_outcomes_has_its_verdict(values, verdict):
    from statsmodels.tsa.stattools import adfuller, kpss

    result = stationarity(_series(values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rejects = adfuller(values)[1] < 0.05, kpss(values)[1] < 0.05
    assert rejects == {"stationary": (True, False), "not stationary": (False, True),
                       "neither": (True, True), "undecided": (False, False)}[verdict]
    assert result.verdict.startswith(verdict)


def test_the_ends_of_the_table_are_said_and_no_warning_is_left():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        noise, walk = stationarity(_series(_noise(400))), stationarity(
            _series(_noise(400).cumsum()))
    assert noise.kpss == ">= 0.1" and noise.adf == "< 0.0001"
    assert walk.kpss == "<= 0.01" and 0.05 < float(walk.adf) <= 1
    assert stationarity(_series(_noise(400).cumsum()), level=0.01).verdict.startswith("not")
    assert stationarity(_series(_noise(400)), level=0.1).verdict == "stationary"


def test_a_p_value_within_the_table_is_said_as_it_is():
    from statsmodels.tsa.stattools import kpss

    for seed in range(100):
        values = _noise(60, seed) + 0.006 * np.arange(60)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            p = kpss(values)[1]
        if 0.02 < p < 0.09:
            break
    assert float(stationarity(_series(values)).kpss) == pytest.approx(p, abs=0.0005)


@pytest.mark.parametrize("values, level, message", [
    (np.arange(19.0), 0.05, "got 19 from 0.0 to 18.0"),
    (np.ones(30), 0.05, "got 30 from 1.0 to 1.0"),
    (np.full(30, 0.1) + 1e-17 * np.arange(30), 0.05, "that are not all equal"),
    (_noise(30), 0.2, "got 0.2"),
    (np.where(np.arange(30) == 4, np.nan, 1.0), 0.05, "2001-01-05"),
])
def test_series_that_cannot_be_tested_are_refused(values, level, message):
    with pytest.raises(ValueError, match=message):
        stationarity(_series(values), level)


def test_calendar_features_go_once_round_a_year_and_a_week():
    days = pd.date_range("2023-01-01", "2024-12-31")
    table = calendar_features(days)
    assert table.columns.tolist() == ["year_sin", "year_cos", "week_sin", "week_cos"]
    assert table.index.equals(days)
    for turn in ("year", "week"):
        np.testing.assert_allclose(table[f"{turn}_sin"] ** 2 + table[f"{turn}_cos"] ** 2, 1)
    for year in ("2023", "2024"):
        angle = np.unwrap(np.arctan2(table.loc[year, "year_sin"], table.loc[year, "year_cos"]))
        np.testing.assert_allclose(np.diff(angle), 2 * np.pi / len(angle))
    week = table[["week_sin", "week_cos"]].to_numpy()
    np.testing.assert_allclose(week[7:], week[:-7], atol=1e-12)
    np.testing.assert_allclose(table.loc["2024-01-01"], [0, 1, 0, 1], atol=1e-12)   # a Monday


def test_months_hours_and_single_times_get_the_week_only_where_it_tells_something():
    assert calendar_features(pd.date_range("2024-01-31", periods=9, freq="ME")).shape == (9, 2)
    assert calendar_features(pd.date_range("2024-01-06", periods=9, freq="W")).shape == (9, 2)
    hours = calendar_features(pd.date_range("2024-01-01", periods=169, freq="h"))
    np.testing.assert_allclose(hours["week_sin"].iloc[42], 1)           # a quarter of a week on
    np.testing.assert_allclose(hours["week_cos"].iloc[84], -1)
    one_month = pd.date_range("2024-03-01", periods=1, freq="MS")
    assert calendar_features(one_month).shape == (1, 2)
    one = pd.DatetimeIndex(["2024-03-01"])
    assert calendar_features(one, week=True).shape == (1, 4)
    with pytest.raises(ValueError, match=r"step of 1 time\(s\)"):
        calendar_features(one)


def test_features_of_the_future_do_not_depend_on_where_the_index_begins():
    days = pd.date_range("2023-11-01", periods=100)
    pd.testing.assert_frame_equal(calendar_features(days)[60:], calendar_features(days[60:]))


def test_no_times_have_no_calendar():
    with pytest.raises(ValueError, match="got RangeIndex"):
        calendar_features(pd.RangeIndex(3))
    with pytest.raises(ValueError, match="NaT"):
        calendar_features(pd.DatetimeIndex(["2024-01-01", None]))
