"""utils.series.cleaning and smoothing: bad series are named, and the past is all a filter sees."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from utils.data import load_co2, load_elnino, load_sunspots
from utils.series import (
    check_series,
    exponential_smoothing,
    fill_gaps,
    hampel_outliers,
    resample_mean,
    smooth,
)

DAYS = pd.date_range("2024-01-01", periods=60)


def _wave(steps=60, season=12, slope=0.3, seed=0):
    t = np.arange(steps)
    shape = np.random.default_rng(seed).normal(size=season)
    return pd.Series(shape[t % season] + slope * t, index=DAYS[:steps], name="wave")


def _noise(steps=60, seed=0):
    return pd.Series(np.random.default_rng(seed).normal(size=steps), index=DAYS[:steps])


def _with_nan(series, *rows):
    series = series.copy()
    for k in rows:
        series.iloc[k] = np.nan
    return series


@pytest.mark.parametrize("load", [load_co2, load_elnino, load_sunspots])
def test_the_real_series_pass_and_come_back_equal(load):
    pd.testing.assert_series_equal(check_series(load()), load(), check_freq=False)


@pytest.mark.parametrize("values", [
    [1, 2, 3], [True, False, True], [1, None, 3], [Decimal("1.5"), 2.0, np.nan],
    pd.array([1, None, 3], dtype="Int64"), pd.array([1.5, 2, None], dtype="Float64"),
    pd.Categorical([3, 1, 3]),
])
def test_every_kind_of_number_becomes_float_and_the_input_stays(values):
    series = pd.Series(values, index=DAYS[:3])
    checked = check_series(series)
    assert checked.dtype == float
    for out, value in zip(checked, list(values), strict=True):
        assert np.isnan(out) if pd.isna(value) else out == float(value)
    checked.iloc[0] = 99
    assert series.iloc[0] != 99


@pytest.mark.parametrize("bad, message", [
    ([1.0, 2.0], "pandas Series is needed, got list"),
    (pd.DataFrame({"a": [1.0]}), "got DataFrame"),
    (pd.Series([1.0, 2.0]), "DatetimeIndex.*got RangeIndex"),
    (pd.Series([1.0, 2.0], index=pd.DatetimeIndex(["2024-01-01", None])), r"1 time\(s\).*NaT"),
    (pd.Series([1.0, 2.0, 3.0], index=DAYS[[0, 2, 1]]), "2024-01-02.*follows 2024-01-03"),
    (pd.Series([1.0, 2.0, 3.0], index=DAYS[[0, 1, 1]]), "unique, but 2024-01-02"),
    (pd.Series([1.0, "12,5", "x"], index=DAYS[:3]), "at 2024-01-02.*is '12,5', not a number"),
    (pd.Series(["1", "2", "3"], index=DAYS[:3]), "at 2024-01-01.*is '1'"),
    (pd.Series([1.0, [2.0], 3.0], index=DAYS[:3]), r"at 2024-01-02.*\[2.0\]"),
    (pd.Series([1.0, 2.0j, 3.0], index=DAYS[:3]), "not a number"),
    (pd.Series(DAYS[:3], index=DAYS[:3]), "not a number"),
    (pd.Series([1.0, 2.0, np.inf, -np.inf], index=DAYS[:4]), "^2 value.*infinite.*2024-01-03"),
    (pd.Series([1.0], index=DAYS[:1]), r"got 1 in 1 row"),
    (pd.Series([], dtype=float, index=DAYS[:0]), "got 0 in 0 row"),
    (pd.Series([np.nan, 1.0, np.nan], index=DAYS[:3]), r"got 1 in 3 row"),
])
def test_what_is_no_series_is_refused_in_one_sentence_that_says_why(bad, message):
    with pytest.raises(ValueError, match=message) as info:
        check_series(bad)
    assert str(info.value).count("\n") == 0 and str(info.value).endswith(".")


def test_missing_values_are_allowed_or_counted():
    gappy = _with_nan(_noise(), 4, 5, 9)
    assert check_series(gappy).isna().sum() == 3
    with pytest.raises(ValueError, match=r"3 value.*first at 2024-01-05"):
        check_series(gappy, gaps=False)


@pytest.mark.parametrize("rule, periods", [
    ("D", 40), ("MS", 40), ("ME", 30), ("W-SAT", 30), ("YS", 20), ("h", 50), ("QS", 20), ("B", 60),
])
def test_a_step_without_a_row_is_found_at_every_frequency(rule, periods):
    times = pd.date_range("2001-01-06", periods=periods, freq=rule)
    series = pd.Series(np.arange(float(periods)), index=times)
    assert check_series(series, gaps=False).equals(series)
    holes = series.drop(times[[7, 8, 16]])
    assert check_series(holes).equals(holes)
    with pytest.raises(ValueError, match=rf"3 step.*first is {times[7]}"):
        check_series(holes, gaps=False)
    check_series(holes.asfreq(rule).ffill(), gaps=False)      # the advice it gives works


def test_times_of_no_common_step_are_refused_where_gaps_matter():
    times = DAYS[0] + pd.to_timedelta(np.cumsum(np.random.default_rng(0).uniform(1, 9, 30)), "h")
    with pytest.raises(ValueError, match="not equal steps"):
        check_series(pd.Series(1.0, index=times), gaps=False)


@pytest.mark.parametrize("method, season", [("linear", None), ("seasonal", 12), ("last", None)])
def test_known_values_survive_every_fill_and_gaps_before_the_first_stay(method, season):
    gappy = _with_nan(_noise(), 0, 1, 20, 21, 40)
    filled = fill_gaps(gappy, method, season)
    known = gappy.notna()
    pd.testing.assert_series_equal(filled[known], gappy[known])
    assert filled.isna().tolist() == [True, True] + [False] * 58


def test_a_line_is_filled_exactly_over_time_even_with_uneven_months():
    months = pd.date_range("2024-01-01", periods=8, freq="MS")
    line = pd.Series((months - months[0]).days.to_numpy(float), index=months)
    gappy = _with_nan(line, 1, 2, 5)
    np.testing.assert_allclose(fill_gaps(gappy), line)


def test_seasonal_fill_restores_a_season_that_a_line_would_flatten():
    wave = _wave()
    gappy = _with_nan(wave, *range(25, 34), 50)
    far = lambda filled: (filled - wave).abs().max()
    assert far(fill_gaps(gappy, "seasonal", 12)) < 0.01 < 0.5 < far(fill_gaps(gappy))


def test_seasonal_fill_of_real_weeks_beats_the_line():
    co2 = load_co2()["1970":"1990"].interpolate()
    hidden = _with_nan(co2, *range(400, 426))           # half a year
    line, seasonal = fill_gaps(hidden), fill_gaps(hidden, "seasonal", 52)
    error = lambda filled: (filled - co2).abs()[hidden.isna()].mean()
    assert error(seasonal) < 0.3 * error(line)


@pytest.mark.parametrize("method, season", [("linear", None), ("seasonal", 12)])
def test_only_gaps_up_to_the_limit_are_filled_and_whole(method, season):
    gappy = _with_nan(_noise(), 10, 11, 30, 31, 32, 45)
    filled = fill_gaps(gappy, method, season, limit=2)
    assert np.flatnonzero(filled.isna()).tolist() == [30, 31, 32]
    whole = fill_gaps(gappy, method, season)
    pd.testing.assert_series_equal(filled, whole.mask(filled.isna()))


@pytest.mark.parametrize("limit", [None, 2])
def test_the_last_value_is_the_fill_that_never_changes_when_the_future_comes(limit):
    gappy = _with_nan(_noise(), 10, 11, 30, 31, 32, 45)
    filled = fill_gaps(gappy, "last", limit=limit)
    for n in range(3, 61):
        pd.testing.assert_series_equal(
            fill_gaps(gappy[:n], "last", limit=limit), filled[:n], check_freq=False)
    assert filled.iloc[31] == gappy.iloc[29]
    assert np.isnan(filled.iloc[32]) == (limit == 2)


@pytest.mark.parametrize("arguments, message", [
    ({"method": "cubic"}, "got 'cubic'"),
    ({"method": "seasonal"}, "season=None"),
    ({"season": 7}, "method='linear' and season=7"),
    ({"limit": 0}, "got 0"),
    ({"method": "seasonal", "season": 31}, "season=31.*got 60"),
    ({"method": "seasonal", "season": 1}, "season=1"),
])
def test_a_fill_that_cannot_be_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        fill_gaps(_noise(), **arguments)


def test_the_mean_of_a_nearly_empty_month_is_missing():
    days = pd.date_range("2024-01-01", "2024-04-30")
    series = pd.Series(np.arange(len(days), dtype=float), index=days)
    series["2024-02-10":"2024-02-29"] = np.nan          # 9 of 29 days are left
    series["2024-03-16":"2024-03-31"] = np.nan          # 15 of 31
    plain = series.resample("MS").mean()
    assert resample_mean(series, "MS").isna().tolist() == [False, True, True, False]
    assert resample_mean(series, "MS", 15 / 31).isna().tolist() == [False, True, False, False]
    pd.testing.assert_series_equal(resample_mean(series, "MS", 0), plain)
    assert resample_mean(series, "MS", 1).dropna().equals(plain.iloc[[0, 3]])


@pytest.mark.parametrize("rule", ["MS", "ME", "W", "3D", "QS", "YS"])
@pytest.mark.parametrize("step, periods", [("D", 400), ("6h", 1500)])
def test_only_the_bins_a_series_is_cut_off_in_are_short(rule, step, periods):
    days = pd.date_range("2023-01-11", periods=periods, freq=step)
    series = pd.Series(np.arange(float(periods)), index=days)
    plain, strict = series.resample(rule).mean(), resample_mean(series, rule, 1)
    assert strict.index.equals(plain.index)
    assert strict[1:-1].equals(plain[1:-1]) and strict[1:-1].notna().all()
    if rule in ("MS", "ME", "QS", "YS"):
        assert np.isnan(strict.iloc[0])                 # from the 11th of January on


def test_rows_left_out_count_as_much_as_missing_values():
    gappy = _with_nan(_noise(), *range(35, 50))         # of February, from the 5th on
    assert resample_mean(gappy.dropna(), "MS").equals(resample_mean(gappy, "MS"))
    assert np.isnan(resample_mean(gappy.dropna(), "MS")["2024-02-01"])
    with pytest.raises(ValueError, match="got 2"):
        resample_mean(gappy, "MS", 2)


def test_moving_average_by_hand():
    series = pd.Series([1.0, 3.0, 8.0, 4.0, 0.0], index=DAYS[:5])
    nan = np.nan
    np.testing.assert_allclose(smooth(series, 3), [nan, nan, 4, 5, 4])
    np.testing.assert_allclose(smooth(series, 3, centred=True), [nan, 4, 5, 4, nan])
    np.testing.assert_allclose(smooth(series, 2, centred=True), [nan, 3.75, 5.75, 4, nan])
    np.testing.assert_allclose(smooth(series, 1), series)


@pytest.mark.parametrize("window", [4, 12, 7])
def test_centred_average_is_the_trend_of_the_classical_decomposition(window):
    from statsmodels.tsa.seasonal import seasonal_decompose

    wave = _wave()
    trend = seasonal_decompose(wave, period=window).trend
    np.testing.assert_allclose(smooth(wave, window, centred=True), trend)


def test_exponential_smoothing_follows_its_equation_and_waits_over_gaps():
    series, alpha = _with_nan(_noise(), 0, 7, 8), 0.3
    level, expected = np.nan, []
    for y_t in series:
        if np.isnan(level):
            level = y_t
        elif not np.isnan(y_t):
            level = alpha * y_t + (1 - alpha) * level
        expected.append(level)
    np.testing.assert_allclose(exponential_smoothing(series, alpha), expected)
    np.testing.assert_allclose(exponential_smoothing(_noise(), 1), _noise())


def test_exponential_smoothing_is_the_one_of_statsmodels():
    from statsmodels.tsa.api import SimpleExpSmoothing

    series = _noise()
    model = SimpleExpSmoothing(series, initialization_method="known", initial_level=series.iloc[0])
    fit = model.fit(smoothing_level=0.4, optimized=False)
    np.testing.assert_allclose(exponential_smoothing(series, 0.4)[:-1], fit.fittedvalues[1:])


@pytest.mark.parametrize("past_only, window", [(False, 9), (True, 9), (True, 6)])
def test_hampel_outliers_are_those_of_a_loop(past_only, window):
    series = _with_nan(_noise(), 3, 30, 31, 32, 33, 34, 35)
    series.iloc[[12, 50]] += [8, -8]
    values, after = series.to_numpy(), 0 if past_only else window // 2
    expected = []
    for t, y_t in enumerate(values):
        near = values[max(0, t + after - window + 1):t + after + 1]
        near = near[~np.isnan(near)]
        far = False
        if not np.isnan(y_t) and len(near) >= window / 2:
            median = np.median(near)
            far = abs(y_t - median) > 3 * 1.4826 * np.median(np.abs(near - median))
        expected.append(bool(far))
    found = hampel_outliers(series, window, past_only=past_only)
    assert found.dtype == bool and found.tolist() == expected
    assert found.iloc[12] and found.iloc[50]


def test_a_window_of_which_half_is_known_judges_and_one_of_less_does_not():
    series = pd.Series([0.0, 0.1, -0.1, 9.0, 0.1, 0.0], index=DAYS[:6])
    assert hampel_outliers(_with_nan(series, 0), 6, past_only=True).iloc[3]     # 3 of 6
    assert not hampel_outliers(_with_nan(series, 0, 1), 6, past_only=True).iloc[3]


@pytest.mark.parametrize("method", [
    lambda s: smooth(s, 5),
    lambda s: exponential_smoothing(s, 0.3),
    lambda s: hampel_outliers(s, 7, 2.0, past_only=True),
])
def test_filters_of_the_past_do_not_change_when_the_future_comes(method):
    series = _with_nan(_noise(), 5, 6)
    whole = method(series)
    for n in range(10, 60):
        pd.testing.assert_series_equal(method(series[:n]), whole[:n], check_freq=False)


def test_the_constant_makes_the_deviation_of_the_median_a_standard_deviation():
    from scipy.stats import norm

    noise = pd.Series(np.random.default_rng(1).normal(size=20_001),
                      index=pd.date_range("2000-01-01", periods=20_001, freq="h"))
    share = hampel_outliers(noise, 501, threshold=2.0).mean()
    assert share == pytest.approx(2 * norm.sf(2), abs=4 * np.sqrt(0.0455 * 0.9545 / 20_001))


@pytest.mark.parametrize("call, message", [
    (lambda s: smooth(s, 0), "60 steps.*got 0"),
    (lambda s: smooth(s, 61), "got 61"),
    (lambda s: exponential_smoothing(s, 0), "got 0"),
    (lambda s: exponential_smoothing(s, 1.1), "got 1.1"),
    (lambda s: hampel_outliers(s, 8), "odd.*got 8: take 9"),
    (lambda s: hampel_outliers(s, 7, 0), "threshold.*got 0"),
    (lambda s: hampel_outliers(s, 99), "got 99"),
])
def test_windows_and_weights_outside_their_range_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(_noise())
