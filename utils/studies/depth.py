"""Depth against width: stacks of GRU layers with equal parameters on a character task.

Lesson 07 builds one; `python -m benchmarks.depth` runs all of them over seeds.
"""

import numpy as np

from ..by_hand.model import parameter_count
from ..training import keras, set_seed
from .tasks import make_task

__all__ = [
    "RATE", "ROUND", "STACKS", "make_stack", "stack_parameters", "train_stack",
    "units_for_stack",
]

BUDGET, RATE, ROUND = 12_000, 0.005, 150        # parameters of the layers; steps between tests
STACKS = {                                      # name: options of `make_stack`
    "1 layer": {"depth": 1}, "2 layers": {"depth": 2}, "4 layers": {"depth": 4},
    "4 layers, residual": {"depth": 4, "residual": True},
    "2 layers, dropout 0.2": {"depth": 2, "dropout": 0.2},
}


def stack_parameters(depth, features, units):
    """Return the parameters of `depth` GRU layers of `units`, the first on `features`."""
    return parameter_count("GRU", features, units) + (depth - 1) * parameter_count(
        "GRU", units, units)


def units_for_stack(depth, features, budget=BUDGET):
    """Return the units per layer whose stack comes nearest to `budget` parameters.

    Raises:
        ValueError: if `depth` is below 1.

    >>> units_for_stack(1, 34), units_for_stack(4, 34)
    (48, 21)
    """
    if depth < 1:
        raise ValueError(f"depth must be at least 1, got {depth}.")
    return min(range(1, budget), key=lambda n: abs(stack_parameters(depth, features, n) - budget))


def make_stack(features, outputs, depth, units, residual=False, dropout=0.0):
    """Return a Keras model of stacked GRU layers that answers at every step.

    Args:
        features, outputs: sizes of input and answer.
        depth, units: number of layers, and units of each.
        residual: add each layer's input to its output, from the second layer on.
        dropout: share of each layer's inputs dropped in training, from the second layer on.
    """
    inputs = h = keras.Input((None, features))
    for level in range(depth):
        below = h
        if level and dropout:
            h = keras.layers.Dropout(dropout)(h)
        h = keras.layers.GRU(units, return_sequences=True)(h)
        if level and residual:
            h = keras.layers.Add()([h, below])
    return keras.Model(inputs, keras.layers.Dense(outputs)(h))


def train_stack(name, seed, rounds=8):
    """Train a stack on the characters of our reviews.

    Args:
        name: of `STACKS`.
        seed: of weights and batches.
        rounds: of 150 training steps, batches of 32 windows of 40 characters.

    Returns:
        {"units", "parameters", "validation": [bits per character after each round], "test"}.

    Raises:
        ValueError: for an unknown name.
    """
    if name not in STACKS:
        raise ValueError(f"name must be one of {', '.join(STACKS)}; got {name!r}.")
    set_seed(seed, deterministic=False)
    task, rng, options = make_task("characters"), np.random.default_rng(seed), STACKS[name]
    units = units_for_stack(options["depth"], task.features)
    model = make_stack(task.features, task.outputs, units=units, **options)
    model.compile(keras.optimizers.Adam(RATE, global_clipnorm=1.0),
                  keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    bits = []
    for _ in range(rounds):
        x, y = (np.concatenate(part) for part in
                zip(*task.batches(ROUND, rng), strict=True))
        model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
        bits.append(float(task.in_unit(model.evaluate(*task.validation, 512, verbose=0))))
    test = float(task.in_unit(model.evaluate(*task.test, 512, verbose=0)))
    return {"units": units, "parameters": stack_parameters(options["depth"], task.features, units),
            "validation": bits, "test": test}
