"""Classical forecasters: exact where the answer is known, chosen on the history alone."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from utils.series import (
    ExponentialSmoothing,
    LastValue,
    LinearLags,
    MovingAverage,
    Sarima,
    SeasonalNaive,
)

SEASON = 4
WITH_SEASON = [partial(SeasonalNaive, SEASON), partial(LinearLags, season=SEASON),
               partial(ExponentialSmoothing, SEASON), partial(Sarima, SEASON)]
ALL = [LastValue, partial(MovingAverage, 3), *WITH_SEASON]


def _name(factory):
    return getattr(factory, "func", factory).__name__


def _dated(values):
    return pd.Series(values, index=pd.date_range("2000-01-01", periods=len(values), freq="QS"))


def _seasonal(n, noise=1.0, trend=0.0, seed=0):
    rng, t = np.random.default_rng(seed), np.arange(n)
    return _dated(30 + trend * t + 8 * np.sin(np.pi * t / 2 + 0.4)
                  + noise * rng.normal(size=n))


@pytest.mark.parametrize("factory", ALL, ids=_name)
def test_the_face_is_the_same_for_all(factory):
    history = _seasonal(60)
    before = history.copy()
    forecaster = factory()
    assert forecaster.fit(history) is forecaster
    assert isinstance(forecaster.name, str)
    for horizon in (1, 6):
        assert forecaster.predict(horizon).shape == (horizon,)
    np.testing.assert_allclose(forecaster.predict(6)[:2], forecaster.predict(2))
    pd.testing.assert_series_equal(history, before)


@pytest.mark.parametrize("factory", ALL, ids=_name)
def test_forecasts_follow_a_change_of_unit_and_zero(factory):
    """Degrees Celsius or Fahrenheit: the same forecast, up to what optimisers leave."""
    history = _seasonal(60)
    celsius = factory().fit(history).predict(5)
    fahrenheit = factory().fit(1.8 * history + 32).predict(5)
    np.testing.assert_allclose(fahrenheit, 1.8 * celsius + 32, atol=0.5)


@pytest.mark.parametrize("factory", WITH_SEASON, ids=_name)
def test_a_season_without_noise_goes_on(factory):
    whole = _seasonal(72, noise=0.0)
    np.testing.assert_allclose(factory().fit(whole[:64]).predict(8), whole[64:], atol=0.05)


@pytest.mark.parametrize("factory", WITH_SEASON[1:], ids=_name)
def test_a_trend_with_a_season_goes_on(factory):
    whole = _seasonal(72, noise=0.05, trend=0.5)
    np.testing.assert_allclose(factory().fit(whole[:64]).predict(8), whole[64:], atol=0.6)


def test_lags_of_a_season_and_one_can_write_season_plus_trend():
    """y[t] = y[t-4] + y[t-1] - y[t-5] holds exactly here, so least squares must find it."""
    t = np.arange(40)
    whole = _dated(3.0 * t + np.array([0, 5, -2, 9])[t % 4])
    np.testing.assert_allclose(LinearLags(season=4).fit(whole[:30]).predict(10), whole[30:],
                               atol=1e-6)


def test_sarima_finds_an_autoregression_and_its_limit():
    """Of x[t] = 0.8 x[t-1] + noise the best forecast halves its way to the mean."""
    rng, x = np.random.default_rng(1), np.zeros(300)
    for t in range(1, 300):
        x[t] = 0.8 * x[t - 1] + rng.normal()
    model = Sarima().fit(_dated(x + 100))
    assert model.order[1] == 0 and model.order[0] >= 1
    ideal = 100 + x[-1] * 0.8 ** np.arange(1, 6)
    np.testing.assert_allclose(model.predict(5), ideal, atol=1.0)


def test_sarima_differences_a_random_walk_and_a_strong_season():
    walk = _dated(np.random.default_rng(2).normal(size=300).cumsum())
    assert Sarima().fit(walk).order[1] == 1
    assert Sarima(SEASON).fit(_seasonal(60)).seasonal_order[1] == 1
    noise = _dated(np.random.default_rng(3).normal(size=60))
    assert Sarima(SEASON).fit(noise).seasonal_order[1] == 0


def test_sarima_reads_only_the_last_values_that_it_says():
    late = _seasonal(60)
    early = _dated(np.r_[np.full(20, 1e5), late])
    np.testing.assert_allclose(Sarima(SEASON, n_max=60).fit(early).predict(4),
                               Sarima(SEASON).fit(late).predict(4))


@pytest.mark.parametrize("season", [1, SEASON, 30])
@pytest.mark.parametrize("model", [ExponentialSmoothing, Sarima])
@pytest.mark.parametrize("level", [7.0, 0.0, 0.1, -5.3, 1e12, 1e-12])
def test_a_constant_is_its_own_forecast_without_doubt(model, level, season):
    for values in (np.full(64, level), level * (1 + 1e-16 * (np.arange(64) % 3))):
        fitted = model(season).fit(_dated(values))
        for found in (fitted.predict(3), *fitted.interval(3, 0.9)):
            np.testing.assert_allclose(found, np.full(3, level), rtol=1e-12)


@pytest.mark.parametrize("season", [1, SEASON])
@pytest.mark.parametrize("model", [ExponentialSmoothing, Sarima])
def test_a_line_goes_on_at_any_scale(model, season):
    t = np.arange(50)
    for scale in (1e-9, 1.0, 1e9):
        found = model(season).fit(_dated(scale * (3 + 0.1 * t[:48]))).predict(2) / scale
        np.testing.assert_allclose(found, 3 + 0.1 * t[48:], rtol=1e-3)


@pytest.mark.parametrize("model", [ExponentialSmoothing, Sarima])
def test_a_history_with_a_gap_is_refused_by_place_and_time(model):
    history = _seasonal(30)
    history.iloc[4] = np.nan
    with pytest.raises(ValueError, match=r"1 of its 30 .* is nan at place 4 \(2001-01-01.*'last'"):
        model(SEASON).fit(history)
    with pytest.raises(ValueError, match="needs past values, got none"):
        model(SEASON).fit(history[:0])


def test_multiplicative_ets_needs_positive_values_and_fits_a_growing_season():
    t = np.arange(64)
    growing = _dated(np.exp(0.03 * t) * (10 + 4 * np.sin(np.pi * t / 2 + 0.4)))
    assert ExponentialSmoothing(4).fit(growing).form[0] == "mul"
    assert ExponentialSmoothing(4).fit(growing - 30).form[0] == "add"


@pytest.mark.parametrize("factory", [partial(ExponentialSmoothing, 52), partial(Sarima, 52)],
                         ids=_name)
def test_a_season_of_weeks_is_taken_off_and_put_back(factory):
    t = np.arange(52 * 6)
    whole = _dated(20 * np.sin(2 * np.pi * t / 52) + np.random.default_rng(0).normal(size=len(t)))
    forecast = factory().fit(whole[:260]).predict(52)
    assert np.corrcoef(forecast, whole[260:])[0, 1] > 0.95


@pytest.mark.parametrize("factory", ALL, ids=_name)
def test_intervals_hold_the_forecast_and_widen_with_the_level(factory):
    model = factory().fit(_seasonal(60))
    narrow, wide = model.interval(6, 0.5), model.interval(6, 0.9)
    assert (wide[0] < narrow[0]).all() and (narrow[1] < wide[1]).all()
    assert (narrow[0] < narrow[1]).all()


@pytest.mark.parametrize("factory", WITH_SEASON[:3], ids=_name)
def test_intervals_of_a_stable_season_hold_about_their_share(factory):
    held = []
    for seed in range(6):
        whole = _seasonal(88, seed=seed)
        low, high = factory().fit(whole[:80]).interval(8, 0.9)
        held += list((low <= whole[80:]) & (whole[80:] <= high))
    assert 0.7 <= np.mean(held) <= 1.0


def test_sarima_intervals_are_those_of_a_normal_random_walk():
    """Its order is (0, 1, 0) at heart: the half width grows with the root of the step."""
    walk = np.random.default_rng(2).normal(size=300).cumsum()
    low, high = Sarima().fit(_dated(walk)).interval(4, 0.9)
    np.testing.assert_allclose((high - low) / 2, 1.645 * np.sqrt([1, 2, 3, 4]), rtol=0.2)


def test_residual_intervals_are_quantiles_of_the_rules_own_errors():
    """By brute force: the errors three steps ahead of 'last value' on the history."""
    values = _seasonal(50).to_numpy()
    low, high = LastValue().fit(_dated(values)).interval(3, 0.8)
    errors = [values[t + 3] - values[t] for t in range(47)]
    assert low[2] == pytest.approx(values[-1] + np.quantile(errors, 0.1))
    assert high[2] == pytest.approx(values[-1] + np.quantile(errors, 0.9))


@pytest.mark.parametrize("factory", [partial(MovingAverage, 9), partial(SeasonalNaive, 9),
                                     partial(LinearLags, season=8)], ids=_name)
def test_too_short_a_history_is_named(factory):
    with pytest.raises(ValueError, match=r"9 .*got 5"):
        factory().fit(_seasonal(5))
