"""Networks as forecasters: the same face as utils.series.forecasters, and a seed.

A net reads a window of past values and corrects a simple rule's forecasts of all steps at
once. Rule, scales and stopping time come from the history that `fit` receives.
"""

import numpy as np

from ..scaling import Standardizer
from ..training import keras, set_seed
from .cleaning import finite_history
from .rules import last_value, moving_average, seasonal_naive
from .windows import make_multistep_windows

__all__ = ["KINDS", "NetForecaster", "pinball_loss"]

KINDS = ("CNN", "SimpleRNN", "LSTM", "GRU", "encoder-decoder")
PATIENCE, RATE = 10, 0.01
_MODELS = {}            # compiled once for each kind and shape: compiling costs more than training


def pinball_loss(quantiles):
    """Return the loss whose minimum is the `quantiles`, for y_hat (batch, steps, quantiles).

    Too low by e costs q·e, too high by e costs (1 - q)·e (Koenker & Bassett, 1978). Truths are
    (batch, steps, 1).
    """
    def loss(y, y_hat):
        q = keras.ops.convert_to_tensor(quantiles, dtype=y_hat.dtype)
        e = y - y_hat                                               # (batch, steps, quantiles)
        return keras.ops.mean(keras.ops.maximum(q * e, (q - 1) * e))

    return loss


class NetForecaster:
    """A small network that forecasts the change against a rule.

    In each fold, from the history alone:
    - a rule is chosen: last value, last season or mean of the last season, each with or
      without an average seasonal profile taken off first, whichever has the smaller mean
      absolute error over `horizon` steps on the training windows. Of a trended series a net
      then sees differences, which stay in the range that it was trained on;
    - the window less the mean of its last season, that mean as a second feature (clipped to
      the range of training, for a series that grows out of it), and the rule's errors are
      scaled by `Standardizer`s fitted on the training windows;
    - the last 15 % of the windows are for early stopping (the best weights are restored) and
      share no target with those before.
    The head starts at zero: an untrained net forecasts what the rule does, less its mean
    error on the training windows.

    Args:
        kind: "CNN" (two causal convolutions), "SimpleRNN", "LSTM", "GRU" (each with a head
            for all steps at once) or "encoder-decoder" (a GRU reads, a GRU gives a value a
            step).
        season: steps per season; 1 for none.
        n_past: steps in the window; None for two seasons, at least 12 and at most 60.
        units: of each recurrent layer, or filters.
        epochs: the most passes over the windows.
        quantiles: such as (0.05, 0.5, 0.95): trains with the pinball loss, forecasts the one
            nearest to 0.5 and gives `interval`. None: mean squared error.
        horizon: steps to train for; None for a season. `predict` may ask for fewer, or for
            more: then the forecasts are appended to the window.
        seed: of weights and the order of batches.
    """

    costly = True

    def __init__(self, kind, season=1, n_past=None, units=24, epochs=60, quantiles=None,
                 horizon=None, seed=0):
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
        self.kind, self.name, self.season, self.seed = kind, kind, season, seed
        self.n_past = n_past or max(12, min(2 * season, 60), season)
        self.units, self.epochs = units, epochs
        self.quantiles = quantiles and tuple(quantiles)
        self.horizon = horizon or max(season, 1)
        if self.n_past < season:
            raise ValueError(f"n_past={n_past} must hold a season of {season} steps.")

    def fit(self, history):
        """Choose the rule, scale and train; returns self.

        Raises:
            ValueError: if a value of the history is missing or infinite, or there are too few.
        """
        values = finite_history(history, self.kind)
        samples = len(values) - self.n_past - self.horizon + 1
        held = max(round(0.15 * samples), 1)
        train = samples - held - self.horizon + 1           # no target of these is held out
        if train < 8:
            raise ValueError(f"{self.kind} reads {self.n_past} steps and forecasts "
                             f"{self.horizon}: {len(values)} past values leave {max(train, 0)} "
                             "windows to train on, and at least 8 are needed.")
        self.profile, self.rule = self._choose_rule(values, train)
        rest = values - self._season_part(np.arange(len(values)))
        past, future = make_multistep_windows(rest[:, None], self.n_past, self.horizon)
        past, future = past[:, :, 0], future[:, :, 0]
        self.rest = rest
        self.x_scaler = Standardizer().fit(self._level_off(past[:train]).ravel())
        levels = past[:train, -self.season:].mean(axis=1)
        self.level_scaler = Standardizer().fit(levels)
        self.levels = np.array([-1, 1]) * np.abs(self.level_scaler.transform(levels)).max()
        errors = future - self.rule(past, self.season, self.horizon)        # (samples, horizon)
        self.y_scaler = Standardizer().fit(errors[:train])
        x, y = self._inputs(past), self.y_scaler.transform(errors)[:, :, None].astype("float32")
        self._train(x[:train], y[:train], x[-held:], y[-held:])
        return self

    def predict(self, horizon):
        """Return forecasts (horizon,) of the steps after the history."""
        steps = self._steps(horizon)
        if self.quantiles is None:
            return steps[:, 0]
        return steps[:, int(np.argmin(np.abs(np.asarray(self.quantiles) - 0.5)))]

    def interval(self, horizon, level):
        """Return (low, high), each (horizon,): the quantiles that were trained.

        Raises:
            ValueError: if the quantiles on both sides of `level` were not trained.
        """
        wanted = ((1 - level) / 2, (1 + level) / 2)
        known = () if self.quantiles is None else self.quantiles
        places = [k for q in wanted for k, have in enumerate(known) if abs(have - q) < 1e-9]
        if len(places) != 2:
            raise ValueError(f"level={level} needs the quantiles {wanted[0]:g} and {wanted[1]:g}, "
                             f"got quantiles={self.quantiles}.")
        steps = self._steps(horizon)
        return steps[:, places[0]], steps[:, places[1]]

    def _choose_rule(self, values, train):
        """Return the seasonal profile and the rule with the least error on training windows."""
        n = train + self.n_past + self.horizon - 1
        flat, best = np.zeros(self.season), None
        for profile in (flat, _profile(values[:n], self.season)):
            rest = values[:n] - profile[np.arange(n) % self.season]
            past, future = make_multistep_windows(rest[:, None], self.n_past, self.horizon)
            for rule in (_last, seasonal_naive, _mean):
                forecast = rule(past[:, :, 0], self.season, self.horizon)
                error = np.abs(future[:, :, 0] - forecast).mean()
                if best is None or error < best[0]:
                    best = error, profile, rule
        return best[1:]

    def _season_part(self, steps):
        return self.profile[steps % self.season]

    def _level_off(self, past):
        return past - past[:, -self.season:].mean(axis=1, keepdims=True)

    def _inputs(self, past):
        changes = self.x_scaler.transform(self._level_off(past))            # (samples, n_past)
        level = self.level_scaler.transform(past[:, -self.season:].mean(axis=1))
        level = np.clip(level, *self.levels)[:, None].repeat(self.n_past, axis=1)
        return np.stack([changes, level], axis=2).astype("float32")

    def _train(self, x, y, x_held, y_held):
        """Train from new weights until the held-out loss stops falling; keep the best."""
        self.model = _new_model(self.seed, self.kind, self.n_past, self.horizon, self.units,
                                self.quantiles)
        untrained = self.model.test_on_batch(x_held, y_held), self.model.get_weights()
        stop = keras.callbacks.EarlyStopping(patience=PATIENCE, restore_best_weights=True)
        history = self.model.fit(
            x, y, batch_size=32 if len(x) < 512 else 64 if len(x) < 1024 else 128,
            epochs=self.epochs, validation_data=(x_held, y_held),
            validation_batch_size=len(x_held), verbose=0, callbacks=[stop])
        better = min(history.history.get("val_loss", [np.inf])) < untrained[0]
        self.weights = self.model.get_weights() if better else untrained[1]

    def _steps(self, horizon):
        """Return (horizon, outputs) in the unit of the history."""
        self.model.set_weights(self.weights)        # the model is shared by all fits of its shape
        window, found = self.rest[-self.n_past:], []
        for _ in range(0, horizon, self.horizon):
            past = window[None]
            y = np.asarray(self.model.predict_on_batch(self._inputs(past)))[0]
            rule = self.rule(past, self.season, self.horizon)[0]
            y = y * self.y_scaler.scale[:, None] + self.y_scaler.mean[:, None] + rule[:, None]
            found.append(np.sort(y, axis=1))        # quantiles may not cross
            window = np.concatenate([window, y[:, y.shape[1] // 2]])[-self.n_past:]
        steps = len(self.rest) + np.arange(horizon)
        return np.concatenate(found)[:horizon] + self._season_part(steps)[:, None]


def _last(past, season, horizon):
    return last_value(past, horizon)


def _mean(past, season, horizon):
    return moving_average(past, season, horizon)


def _profile(values, season):
    """Return the average deviation of each step of the season from the mean of its season."""
    if season == 1 or len(values) < 2 * season:
        return np.zeros(season)
    local = np.convolve(values, np.ones(season) / season, mode="valid")     # centred means
    first = season // 2
    deviation = values[first:first + len(local)] - local
    phase = (first + np.arange(len(local))) % season
    profile = np.array([deviation[phase == k].mean() for k in range(season)])
    return profile - profile.mean()


def _network(kind, n_past, horizon, units, quantiles):
    """Return an untrained network from (batch, n_past, 2) to (batch, horizon, outputs)."""
    layers, outputs = keras.layers, len(quantiles or (0.5,))
    window = keras.Input((n_past, 2))
    if kind == "encoder-decoder":
        _, state = layers.GRU(units, return_state=True)(window)
        steps = layers.RepeatVector(horizon)(state)
        steps = layers.GRU(units, return_sequences=True)(steps, initial_state=state)
        return keras.Model(window, layers.Dense(outputs, kernel_initializer="zeros")(steps))
    if kind == "CNN":
        h = layers.Conv1D(units, 3, padding="causal", activation="relu")(window)
        h = layers.Conv1D(units, 3, padding="causal", dilation_rate=3, activation="relu")(h)
        h = layers.Flatten()(h)
    else:
        h = getattr(layers, kind)(units)(window)
    y_hat = layers.Dense(horizon * outputs, kernel_initializer="zeros")(h)
    return keras.Model(window, layers.Reshape((horizon, outputs))(y_hat))


def _new_model(seed, *shape):
    """Return the compiled model of a shape with weights drawn from `seed`, as if just made."""
    set_seed(seed, deterministic=False)
    fresh, quantiles = _network(*shape), shape[-1]
    if shape not in _MODELS:
        fresh.compile(keras.optimizers.Adam(RATE, clipnorm=1.0),
                      pinball_loss(quantiles) if quantiles else "mse", jit_compile=False)
        fresh.optimizer.build(fresh.trainable_variables)
        _MODELS[shape] = fresh, [keras.ops.copy(v) for v in fresh.optimizer.variables]
        return fresh
    model, start = _MODELS[shape]
    model.set_weights(fresh.get_weights())
    for variable, value in zip(model.optimizer.variables, start, strict=True):
        variable.assign(value)
    return model
