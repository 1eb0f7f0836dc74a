"""How far back a recurrent layer can learn to look: one training run on a memory task.

Lessons 04 and 05 run it at a few lags; `python -m benchmarks.lags` at many, over seeds.
"""

from dataclasses import dataclass

import numpy as np

from ..data.memory_tasks import PREDICT_THE_MEAN, adding_problem, copy_task, random_guess
from ..training import keras, set_seed

__all__ = ["RATES", "TASKS", "Outcome", "baseline", "make_model", "train_at_lag"]

RATES = {"SimpleRNN": 0.001, "LSTM": 0.01}      # learning rates; benchmarks/lags.py says why
SYMBOLS, LENGTH = 4, 3                                      # of the copy task here
TASKS = ("adding", "copy")
BATCH, UNITS, ROUND, TEST = 50, 32, 150, 1000               # ROUND: training steps between tests


@dataclass
class Outcome:
    """What a run came to: test loss after each round, its baseline, and how it ended."""

    losses: list
    baseline: float

    @property
    def loss(self):
        return self.losses[-1]

    @property
    def beats(self):
        """Whether the last test loss is at least a tenth below the baseline."""
        return bool(self.loss < 0.9 * self.baseline)

    @property
    def solved(self):
        """Whether the last test loss is below a twentieth of the baseline."""
        return bool(self.loss < 0.05 * self.baseline)


def _samples(task, samples, lag, rng):
    if task == "adding":
        return adding_problem(samples, lag, rng)
    return copy_task(samples, lag, rng, symbols=SYMBOLS, length=LENGTH)


def baseline(task, lag):
    """Return the test loss of an answer without memory: MSE, or cross-entropy in nats."""
    return PREDICT_THE_MEAN if task == "adding" else random_guess(lag, SYMBOLS, LENGTH)


def make_model(task, cell, rate=None, **options):
    """Return a compiled Keras model of one recurrent layer of 32 units.

    Args:
        task: "adding" (one number at the end) or "copy" (one symbol at every step).
        cell: name of a layer of Keras: "SimpleRNN" or "LSTM".
        rate: learning rate of Adam; the cell's own from `RATES` if None.
        options: for the layer.

    Raises:
        ValueError: for an unknown task or cell.
    """
    if task not in TASKS or cell not in RATES:
        raise ValueError(f"task must be one of {', '.join(TASKS)} and cell one of "
                         f"{', '.join(RATES)}; got {task!r} and {cell!r}.")
    layer = getattr(keras.layers, cell)(UNITS, return_sequences=task == "copy", **options)
    features, outputs = (2, 1) if task == "adding" else (SYMBOLS + 2, SYMBOLS + 1)
    model = keras.Sequential([keras.Input((None, features)), layer, keras.layers.Dense(outputs)])
    loss = ("mse" if task == "adding"
            else keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.compile(keras.optimizers.Adam(rate or RATES[cell], clipnorm=1.0), loss)
    return model


def train_at_lag(task, cell, lag, seed, rounds=10, model=None, **options):
    """Train on fresh samples until the task is solved, or for at most `rounds` rounds.

    A round is 150 steps of Adam on batches of 50 sequences never seen before, then a test on
    1000 others.

    Args:
        task, cell, options: as for `make_model`.
        lag: for the adding problem the length of the sequence; for the copy task the number
            of blanks between the symbols and the signal.
        seed: of weights and samples.
        rounds: the most rounds, >= 1.
        model: a compiled model to train instead of a new one.

    Returns:
        An `Outcome`, and the model.

    Raises:
        ValueError: for an unknown task or cell, or `rounds` below 1.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be at least 1, got {rounds}.")
    set_seed(seed, deterministic=False)
    rng = np.random.default_rng(seed)
    model = model or make_model(task, cell, **options)
    x_test, y_test = _samples(task, TEST, lag, rng)
    outcome = Outcome([], baseline(task, lag))
    for _ in range(rounds):
        x, y = _samples(task, ROUND * BATCH, lag, rng)
        model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0)
        outcome.losses.append(float(model.evaluate(x_test, y_test, batch_size=TEST, verbose=0)))
        if outcome.solved:
            break
    return outcome, model
