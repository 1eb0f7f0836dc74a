"""Three small tasks on which recurrent cells are compared: adding, characters, temperature."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..data import adding_problem, load_elnino, load_reviews
from ..scaling import Standardizer
from ..series import Linear, make_windows, time_split

__all__ = ["TASKS", "Task", "make_task"]

BATCH = 32
TASKS = {                               # name: what is measured, lower is better
    "adding": "mean squared error",
    "characters": "bits per character",
    "temperature": "root mean squared error (°C)",
}
LETTERS = " abcdefghijklmnopqrstuvwxyz.,'!?-\n"
LAG, WINDOW, MONTHS = 60, 40, 24        # steps of the adding problem, characters, months read


@dataclass
class Task:
    """Sizes, training batches, data to choose with and data to report on.

    Attributes:
        features, outputs: sizes of input and answer.
        every_step: whether an answer is due at every step.
        batches: function of (steps, rng) that yields (x, y) batches of 32.
        validation, test: (x, y) each.
        in_unit: function from the model's loss to the unit of `TASKS`.
        baselines: {name: test score of it}, in that unit.
    """

    features: int
    outputs: int
    every_step: bool
    batches: Callable
    validation: tuple
    test: tuple
    in_unit: Callable
    baselines: dict

    def score(self, model, part="test"):
        """Return the loss on "validation" or "test" data in the unit of `TASKS`."""
        loss, _ = model.loss_and_gradients(*getattr(self, part))
        return float(self.in_unit(loss))


def _adding():
    rng = np.random.default_rng(999)
    validation, test = (adding_problem(1000, LAG, rng) for _ in range(2))

    def batches(steps, rng):
        return (adding_problem(BATCH, LAG, rng) for _ in range(steps))

    return Task(2, 1, False, batches, validation, test, lambda loss: loss,
                {"predict the mean": float(np.mean((test[1] - 1) ** 2))})


def _characters():
    """Our English reviews in 34 characters; of every ten one is to choose with, one to test."""
    index = {letter: i for i, letter in enumerate(LETTERS)}
    codes = [[index[c] for c in text.lower() + "\n" if c in index]
             for text in load_reviews("en")["text"]]
    known = np.concatenate([row for i, row in enumerate(codes) if i % 10 > 1])
    one_hot = np.eye(len(LETTERS), dtype=np.float32)

    def pairs(rows):
        return one_hot[rows[:, :-1]], rows[:, 1:]

    def windows(part):
        row = np.concatenate(codes[part::10])
        count = len(row) // (WINDOW + 1)
        return row[:count * (WINDOW + 1)].reshape(count, WINDOW + 1)

    def batches(steps, rng):
        for _ in range(steps):
            starts = rng.integers(0, len(known) - WINDOW - 1, BATCH)
            yield pairs(known[starts[:, None] + np.arange(WINDOW + 1)])

    counts = np.ones((len(LETTERS), len(LETTERS)))          # as if each pair were seen once before
    np.add.at(counts, (known[:-1], known[1:]), 1)
    chance = counts / counts.sum(axis=1, keepdims=True)
    test = windows(1)
    bigrams = -np.log2(chance[test[:, :-1], test[:, 1:]]).mean()
    return Task(len(LETTERS), len(LETTERS), True, batches, pairs(windows(0)), pairs(test),
                lambda loss: loss / np.log(2), {"the last character only": float(bigrams)})


def _temperature():
    """Sea surface temperature of the El Niño region, a month ahead: learn on the years to 1984,
    choose on 1985-1994, report on 1995-2010."""
    series = load_elnino()
    scale = Standardizer().fit(series[:"1984"].to_numpy())
    z = scale.transform(series.to_numpy()).astype(np.float32)
    x, y = make_windows(z[:, None], MONTHS)
    train_part, choose, report = time_split(
        series.index[MONTHS:].to_numpy(), np.datetime64("1985-01-01"), np.datetime64("1995-01-01"))

    def batches(steps, rng):
        for _ in range(steps):
            rows = rng.integers(0, len(x[train_part]), BATCH)
            yield x[train_part][rows], y[train_part][rows]

    def in_unit(loss):
        return np.sqrt(loss) * float(scale.scale)

    linear = Linear().fit(x[train_part][..., 0], y[train_part][:, 0])
    guesses = {"same month last year": x[report][:, -12, 0], "last month": x[report][:, -1, 0],
               "linear on the same months": linear.predict(x[report][..., 0])}
    errors = {name: float(in_unit(np.mean((guess - y[report][:, 0]) ** 2)))
              for name, guess in guesses.items()}
    return Task(1, 1, False, batches, (x[choose], y[choose]), (x[report], y[report]), in_unit,
                errors)


_MAKERS = {"adding": _adding, "characters": _characters, "temperature": _temperature}


def make_task(name):
    """Return a `Task` by its name in `TASKS`.

    Raises:
        ValueError: for an unknown name.
    """
    if name not in _MAKERS:
        raise ValueError(f"task must be one of {', '.join(_MAKERS)}, got {name!r}.")
    return _MAKERS[name]()
