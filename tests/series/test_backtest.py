"""The backtest: a forecaster sees the past alone, and one that sees more is caught."""

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
    backtest,
    leaderboard,
    mase,
    peeks,
    rolling_origins,
    scores,
)

SEASON = 6


def _series(n=84, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    values = 50 + 0.2 * t + 5 * np.sin(2 * np.pi * t / SEASON) + rng.normal(size=n).cumsum()
    return pd.Series(values, index=pd.date_range("2010-01-01", periods=n, freq="MS"), name="kg")


SERIES = _series()


class _Spy(LastValue):
    """Keeps what each fold gave it."""

    seen = []                                                   # noqa: RUF012

    def fit(self, history):
        self.seen.append(history)
        return super().fit(history)


class _Cheat:
    """Forecasts what `look(history, horizon)` finds, as one that peeks would."""

    def __init__(self, look):
        self.look = look

    def fit(self, history):
        self.history = history
        return self

    def predict(self, horizon):
        return self.look(self.history, horizon)


def _truth(history, horizon):
    """The future from a global series, found by its dates."""
    start = SERIES.index.get_loc(history.index[-1]) + 1
    return SERIES.to_numpy()[start:start + horizon]


def _by_length(history, horizon):
    return SERIES.to_numpy()[len(history):len(history) + horizon]


def _blend(history, horizon):
    return 0.5 * _truth(history, horizon) + 0.5 * history.iloc[-1]


def _a_little(history, horizon):
    return 0.05 * _truth(history, horizon) + 0.95 * history.iloc[-1]


def _first_step(history, horizon):
    return np.r_[_truth(history, horizon)[0], np.repeat(history.iloc[-1], horizon - 1)]


def _rescaled(history, horizon):
    past = SERIES[:len(history)]
    return history.mean() + (_truth(history, horizon) - past.mean()) / past.std() * history.std()


def _change(history, horizon):
    """The last value plus the true change from it: right on any level."""
    return history.iloc[-1] + _truth(history, horizon) - SERIES.iloc[len(history) - 1]


def _through_base(history, horizon):
    array = history.to_numpy()
    while array.base is not None and getattr(array.base, "ndim", 0) == 1:
        array = array.base
    if len(array) >= len(history) + horizon:
        return array[len(history):len(history) + horizon]
    return np.repeat(history.iloc[-1], horizon)


PEEKERS = [_truth, _by_length, _blend, _a_little, _first_step, _rescaled, _change]
HONEST = {
    "last value": LastValue,
    "seasonal naive": partial(SeasonalNaive, SEASON),
    "moving average": partial(MovingAverage, 4),
    "linear on lags": partial(LinearLags, season=SEASON),
    "exponential smoothing": partial(ExponentialSmoothing, SEASON),
    "SARIMA": partial(Sarima, SEASON),
    "mean of logs": lambda: _Cheat(lambda history, horizon: np.repeat(
        np.exp(np.log(history).mean()), horizon)),
    "line through all": lambda: _Cheat(lambda history, horizon: np.polyval(
        np.polyfit(np.arange(len(history)), history, 1), len(history) + np.arange(horizon))),
}


@pytest.mark.parametrize("look", PEEKERS, ids=lambda look: look.__name__)
def test_who_reaches_the_future_through_a_global_or_closure_is_refused(look):
    with pytest.raises(ValueError, match=r"'oracle' peeks.*66"):
        backtest({"honest": LastValue, "oracle": lambda: _Cheat(look)}, SERIES, 6, 3, SEASON)


@pytest.mark.parametrize("look", [_truth, _by_length, _blend], ids=lambda look: look.__name__)
def test_one_that_is_tried_once_on_a_short_past_is_caught_too(look):
    class Costly(_Cheat):
        costly = True

    seen = []

    def honest(history, horizon):
        seen.append(len(history))
        return np.repeat(history.mean(), horizon)

    assert peeks(lambda: Costly(look), SERIES, 6, 66)
    assert not peeks(lambda: Costly(honest), _series(400), 6, 394)
    assert len(seen) == 2 and max(seen) < 394


@pytest.mark.parametrize("name", HONEST)
def test_no_honest_forecaster_is_accused(name):
    assert not peeks(HONEST[name], _series(seed=3), 6, 66)


def test_the_past_leads_nowhere_through_its_memory():
    """Handed a slice, this cheat would read on; handed a copy, it can only repeat."""
    slice_of_series = SERIES[:66]
    np.testing.assert_array_equal(_through_base(slice_of_series, 6), SERIES[66:72])
    fair = backtest({"base": lambda: _Cheat(_through_base)}, SERIES, 6, 3, SEASON)
    last = backtest({"base": LastValue}, SERIES, 6, 3, SEASON)
    np.testing.assert_array_equal(fair["forecast"], last["forecast"])


def test_a_fold_gets_a_copy_of_its_past_with_its_dates():
    _Spy.seen.clear()
    backtest({"spy": _Spy}, SERIES, 6, 3, SEASON, audit=False)
    assert [len(past) for past in _Spy.seen] == [66, 72, 78]
    for past in _Spy.seen:
        pd.testing.assert_series_equal(past, SERIES[:len(past)], check_freq=True)
        assert not np.shares_memory(past.to_numpy(), SERIES.to_numpy())
        assert not np.shares_memory(past.index.asi8, SERIES.index.asi8)


def test_a_forecaster_that_overwrites_its_history_harms_no_other_fold():
    class Vandal(LastValue):
        def fit(self, history):
            super().fit(history)
            history.to_numpy()
            history[:] = -1e9
            return self

    before = SERIES.copy()
    backtest({"vandal": Vandal, "last": LastValue}, SERIES, 6, 3, SEASON, audit=False)
    pd.testing.assert_series_equal(SERIES, before)


def test_forecasts_of_a_fold_do_not_depend_on_what_comes_later():
    other = SERIES.copy()
    other.iloc[72:] += np.linspace(100, 200, 12)
    quick = {name: HONEST[name] for name in list(HONEST)[:4]}
    a, b = (backtest(quick, s, 6, 3, SEASON) for s in (SERIES, other))
    first = a["origin"] < 78
    np.testing.assert_array_equal(a["forecast"][first], b["forecast"][first])
    assert not np.allclose(a["forecast"], b["forecast"])


def test_rows_tell_what_was_forecast_when():
    results = backtest({"last": LastValue}, SERIES, 4, 2, SEASON)
    assert results["step"].tolist() == [1, 2, 3, 4] * 2
    np.testing.assert_array_equal(results["time"], SERIES.index[-8:])
    np.testing.assert_array_equal(results["truth"], SERIES[-8:])
    np.testing.assert_array_equal(results["forecast"], SERIES.to_numpy()[[75] * 4 + [79] * 4])


def test_scores_are_those_of_each_fold_by_hand():
    table = scores(backtest({"last": LastValue}, SERIES, 4, 2, SEASON))
    for origin, row in zip((76, 80), table.itertuples(), strict=True):
        past, future = SERIES.to_numpy()[:origin], SERIES.to_numpy()[origin:origin + 4]
        forecast = np.repeat(past[-1], 4)
        assert row.mase == pytest.approx(mase(future, forecast, past, SEASON))
        assert row.mae == pytest.approx(np.mean(np.abs(future - forecast)))
        assert row.rmse == pytest.approx(np.sqrt(np.mean((future - forecast) ** 2)))


def test_only_factories_with_a_seed_are_repeated_and_spreads_are_told_apart():
    class Noisy(LastValue):
        def __init__(self, seed):
            self.rng = np.random.default_rng(seed)

        def predict(self, horizon):
            return super().predict(horizon) + self.rng.normal(size=horizon)

    results = backtest({"last value": LastValue, "noisy": Noisy}, SERIES, 6, 2, SEASON,
                       seeds=(1, 2, 3))
    assert results.groupby("method").size().to_dict() == {"last value": 12, "noisy": 36}
    table, folds = leaderboard(results), scores(results)
    assert table.loc["last value", "seeds"] == 0 < table.loc["noisy", "seeds"]
    assert table.index[0] == table["mase"].idxmin()
    noisy = folds[folds["method"] == "noisy"].pivot(index="origin", columns="seed", values="mase")
    assert table.loc["noisy", "spread"] == pytest.approx(noisy.to_numpy().std())
    assert table.loc["noisy", "origins"] == pytest.approx(noisy.to_numpy().mean(axis=1).std())
    last = folds[folds["method"] == "last value"]["mase"].to_numpy()[:, None]
    assert table.loc["noisy", "beats_last"] == (noisy.to_numpy() < last).mean()


def test_intervals_are_asked_for_where_there_are_any():
    results = backtest({"last": LastValue, "none": lambda: _Cheat(lambda h, k: h[-k:])}, SERIES,
                       6, 2, SEASON, level=0.8)
    with_them = results["method"] == "last"
    assert (results["low"] < results["high"])[with_them].all()
    assert results["low"][~with_them].isna().all()


@pytest.mark.parametrize("n, horizon, origins, min_train, message", [
    (20, 20, 1, 1, "horizon.*20.*series.*20"),
    (20, 5, 4, 1, "0 of 20.*at least 1"),
    (20, 5, 3, 6, "5 of 20.*at least 6"),
    (20, 0, 3, 6, "got 0, 3 and 6"),
])
def test_blocks_that_do_not_fit_are_refused(n, horizon, origins, min_train, message):
    with pytest.raises(ValueError, match=message):
        rolling_origins(n, horizon, origins, min_train)


def test_blocks_follow_each_other_and_end_with_the_series():
    for n, horizon, origins in [(20, 5, 3), (21, 1, 20), (9, 4, 2)]:
        positions = rolling_origins(n, horizon, origins, 1)
        covered = np.concatenate([np.arange(k, k + horizon) for k in positions])
        np.testing.assert_array_equal(covered, np.arange(n - horizon * origins, n))


def _holes(kind):
    s = SERIES.copy()
    if kind == "NaN":
        s.iloc[5] = np.nan
    elif kind == "row gap":
        s = s.drop(s.index[5])
    elif kind == "unsorted":
        s = s.iloc[::-1]
    elif kind == "duplicate":
        s = pd.concat([s.iloc[:6], s.iloc[5:]])
    elif kind == "constant":
        s[:] = 3.0
    elif kind == "text":
        s = s.astype(object)
        s.iloc[5] = "12,5"
    elif kind == "one row":
        s = s.iloc[:1]
    return s


@pytest.mark.parametrize("kind, message", [
    ("NaN", "missing"), ("row gap", "no row"), ("unsorted", "sorted"), ("duplicate", "unique"),
    ("constant", "MASE"), ("text", "'12,5'"), ("one row", "got 1"),
])
def test_a_bad_series_ends_in_one_sentence(kind, message):
    with pytest.raises(ValueError, match=message) as caught:
        backtest({"last": LastValue}, _holes(kind), 6, 3, SEASON)
    assert "\n" not in str(caught.value)


class _Greedy(LastValue):
    def fit(self, history, future):
        return self


@pytest.mark.parametrize("factory, message", [
    (LastValue(), "factory"),
    (dict, "dict.*fit"),
    (_Greedy, "fit.*history, future"),
    (lambda: _Cheat(lambda h, k: h[-1:]), r"66.*shape \(6,\)"),
    (lambda: _Cheat(lambda h, k: [0, 1, 2, 3, 4, np.inf]), "66.*inf"),
])
def test_a_bad_forecaster_is_named_with_what_it_did(factory, message):
    with pytest.raises(ValueError, match=message) as caught:
        backtest({"odd": factory}, SERIES, 6, 3, SEASON, audit=False)
    assert "'odd'" in str(caught.value)
