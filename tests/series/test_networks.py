"""Networks as forecasters: seeded, fitted inside the fold, never below their own rule by much."""

import numpy as np
import pandas as pd
import pytest

from utils import series
from utils.series import backtest, peeks
from utils.series import networks as forecast_nets
from utils.series.networks import KINDS, NetForecaster, pinball_loss
from utils.training import keras

SEASON = 4


def _dated(values):
    return pd.Series(values, index=pd.date_range("1990-01-01", periods=len(values), freq="QS"))


def _seasonal(n=120, noise=0.5, trend=0.1, seed=0):
    t = np.arange(n)
    return _dated(40 + trend * t + 6 * np.sin(np.pi * t / 2 + 0.4)
                  + noise * np.random.default_rng(seed).normal(size=n))


def _zigzag(n):
    """x[t] = -0.9 x[t-1] + noise: the sign of the last value tells the next one's."""
    rng, x = np.random.default_rng(0), np.zeros(n)
    for t in range(1, n):
        x[t] = -0.9 * x[t - 1] + rng.normal()
    return _dated(x)


def _net(kind="SimpleRNN", **options):
    return NetForecaster(kind, SEASON, **{"units": 6, "epochs": 3, **options})


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_face_of_a_forecaster(kind):
    history = _seasonal()
    before = history.copy()
    net = _net(kind, epochs=1)
    assert net.fit(history) is net and net.name == kind
    for horizon in (1, 4, 10):
        assert net.predict(horizon).shape == (horizon,)
    np.testing.assert_allclose(net.predict(10)[:3], net.predict(3), rtol=1e-5)
    pd.testing.assert_series_equal(history, before)


def test_a_seed_gives_the_same_forecasts_after_other_fits_and_another_seed_others():
    history = _zigzag(120)
    first = _net(seed=1)
    again, other = _net(seed=1), _net(seed=2)
    a = first.fit(history).predict(4)
    b = other.fit(history).predict(4)
    c = again.fit(history).predict(4)
    np.testing.assert_allclose(a, c, rtol=1e-5)
    assert not np.allclose(a, b, rtol=1e-3)
    np.testing.assert_allclose(first.predict(4), a, rtol=1e-5)      # though the model is shared


def test_a_model_is_compiled_once_for_its_shape(monkeypatch):
    monkeypatch.setattr(forecast_nets, "_MODELS", {})
    for n in (90, 100):
        _net(epochs=1).fit(_seasonal(n))
    assert len(forecast_nets._MODELS) == 1
    model, _ = next(iter(forecast_nets._MODELS.values()))
    assert int(model.optimizer.iterations) < 10          # of the last fit alone: state was reset


def test_an_untrained_net_forecasts_its_rule_corrected_by_its_mean_error():
    """'Last season again' is wrong by one season's growth here, and the mean error repairs it."""
    t = np.arange(80)
    history = _dated(2.0 * t + np.array([0, 7, -3, 11])[t % 4])
    net = _net(epochs=0).fit(history)
    steps = np.arange(80, 84)
    np.testing.assert_allclose(net.predict(4), 2.0 * steps + np.array([0, 7, -3, 11])[steps % 4],
                               atol=1e-3)


def test_scaling_and_rule_know_nothing_of_the_windows_held_out():
    """Values that only held-out targets see change neither scaler nor rule."""
    a = _seasonal()
    b = a.copy()
    b.iloc[-6:] += 500                                   # 15 % of 105 windows are 16
    nets = [_net(epochs=0).fit(history) for history in (a, b)]
    for name in ("x_scaler", "y_scaler", "level_scaler"):
        one, two = (getattr(net, name) for net in nets)
        np.testing.assert_array_equal(one.mean, two.mean)
        np.testing.assert_array_equal(one.scale, two.scale)
    assert nets[0].rule is nets[1].rule
    np.testing.assert_array_equal(nets[0].profile, nets[1].profile)


def test_forecasts_follow_a_change_of_unit_and_zero():
    history = _seasonal()
    celsius = _net().fit(history).predict(4)
    fahrenheit = _net().fit(1.8 * history + 32).predict(4)
    np.testing.assert_allclose(fahrenheit, 1.8 * celsius + 32, rtol=1e-3)


def test_training_learns_what_no_rule_knows():
    errors = []
    for epochs in (0, 25):
        found = backtest({"net": lambda seed, e=epochs: NetForecaster(
            "GRU", 1, n_past=4, units=8, epochs=e, seed=seed)}, _zigzag(160), 1, 4, 1, audit=False)
        errors.append(np.mean((found["truth"] - found["forecast"]) ** 2))
    assert errors[1] < 0.6 * errors[0]


def test_early_stopping_restores_the_weights_of_the_lowest_held_out_loss(monkeypatch):
    kept = []

    def judged(losses):
        def evaluate(self, *_, **__):
            kept.append(self.get_weights())
            return {"loss": next(losses)}
        return evaluate

    monkeypatch.setattr(keras.Model, "test_on_batch", lambda self, x, y: 5.0)
    monkeypatch.setattr(keras.Model, "evaluate", judged(iter([4.0, 3.0, *[9.0] * 50])))
    net = _net(epochs=60).fit(_seasonal())
    assert len(kept) == 2 + forecast_nets.PATIENCE
    for ours, best, later in zip(net.weights, kept[1], kept[2], strict=True):
        np.testing.assert_array_equal(ours, best)
        assert not np.array_equal(best, later)


def test_a_net_that_no_epoch_improves_stays_untrained(monkeypatch):
    monkeypatch.setattr(keras.Model, "test_on_batch", lambda self, x, y: 0.0)
    for trained, untrained in zip(_net(epochs=2).fit(_seasonal()).weights,
                                  _net(epochs=0).fit(_seasonal()).weights, strict=True):
        np.testing.assert_array_equal(trained, untrained)


def test_the_loss_is_the_pinball_loss_of_numpy():
    rng = np.random.default_rng(0)
    y, y_hat = rng.normal(size=(5, 3, 1)), rng.normal(size=(5, 3, 2))
    ours = float(pinball_loss((0.1, 0.7))(keras.ops.convert_to_tensor(y),
                                          keras.ops.convert_to_tensor(y_hat)))
    known = [series.pinball(y[..., 0], y_hat[..., k], q) for k, q in enumerate((0.1, 0.7))]
    assert ours == pytest.approx(np.mean(known), rel=1e-5)


def test_quantiles_give_an_interval_around_the_median():
    net = _net("GRU", quantiles=(0.05, 0.5, 0.95), epochs=30).fit(_seasonal())
    low, high = net.interval(4, 0.9)
    assert (low <= net.predict(4)).all() and (net.predict(4) <= high).all()
    assert (low < high).all()
    with pytest.raises(ValueError, match=r"needs the quantiles 0.25 and 0.75"):
        net.interval(4, 0.5)
    with pytest.raises(ValueError, match="quantiles=None"):
        _net(epochs=0).fit(_seasonal()).interval(4, 0.9)


def test_an_honest_net_is_not_accused_and_one_that_peeks_is():
    history = _seasonal()

    class Oracle(NetForecaster):
        def predict(self, horizon):
            return 0.5 * super().predict(horizon) + 0.5 * history.to_numpy()[108:108 + horizon]

    def make(kind):
        return lambda seed: kind("SimpleRNN", SEASON, units=6, epochs=3, seed=seed)

    assert not peeks(make(NetForecaster), history, 4, 108)
    assert peeks(make(Oracle), history, 4, 108)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 57, 119])
def test_a_history_with_a_gap_is_refused_and_the_advice_looks_back_alone(bad, place):
    history = _seasonal()
    history.iloc[[place, -1]] = bad
    many = 1 if place == 119 else 2
    said = (f"GRU needs a history without gaps, but {many} of its 120 values are NaN or infinite, "
            f"the first is {bad} at place {place}")
    with pytest.raises(ValueError, match=rf"{said} \({history.index[place]}\): .*'last'\)"):
        _net("GRU").fit(history)
    with pytest.raises(ValueError, match=f"{said}: "):
        _net("GRU").fit(history.to_numpy())


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="encoder-decoder, got 'RNN'"):
        NetForecaster("RNN")
    with pytest.raises(ValueError, match="n_past=3 must hold a season of 4"):
        NetForecaster("GRU", 4, n_past=3)
    with pytest.raises(ValueError, match="20 past values leave 1 windows"):
        _net().fit(_seasonal(20))
