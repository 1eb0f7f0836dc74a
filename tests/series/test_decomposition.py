"""utils.series.decomposition: parts add up, differences come back, the calendar is known."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

from utils.data import load_co2, load_elnino
from utils.series import decompose, difference, seasonal_strength, stationarity


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


@pytest.mark.parametrize("lag", [1, 4])
def test_difference_is_the_one_of_pandas_and_chains(lag):
    series, _ = _made(noise=1.0)
    np.testing.assert_allclose(difference(series, lag), series.diff(lag).dropna())
    np.testing.assert_allclose(difference(difference(series, lag)),
                               series.diff(lag).diff().dropna())


@pytest.mark.parametrize("call, message", [
    (lambda: difference(np.arange(4), 4), r"lag=4.*\(4,\)"),
    (lambda: difference(np.arange(4), 0), "lag=0"),
    (lambda: difference(3.0), r"\(\)"),
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
