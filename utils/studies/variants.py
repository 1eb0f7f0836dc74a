"""Which recurrent cell for which task: three small tasks for every variant, in NumPy.

Lesson 06 runs a part of it; `python -m benchmarks.variants` all of it, over seeds and rates.
"""

import numpy as np

from ..by_hand.model import RecurrentModel, parameter_count, train, units_for_budget
from ..by_hand.optimizers import Adam

__all__ = ["RATES", "STEPS", "UNITS", "run"]

UNITS = 24                              # of the plain LSTM; the others get as many parameters
RATES = (0.01, 0.003, 0.001)
STEPS = {"adding": 1500, "characters": 1200, "temperature": 400}


def run(variant, task, seed, rate, steps, units=UNITS):
    """Train one variant on one task.

    Args:
        variant: a name of `utils.by_hand.VARIANTS`.
        task: of `make_task`.
        seed: of start weights and batches.
        rate: learning rate of Adam.
        steps: of training, batches of 32.
        units: of a plain LSTM; the variant gets the size whose parameters come nearest.

    Returns:
        {"units", "parameters", "validation", "test"}: sizes of the recurrent layer, and scores.
    """
    size = units_for_budget(variant, task.features,
                            parameter_count("LSTM", task.features, units))
    rng = np.random.default_rng(seed)
    model = RecurrentModel(variant, task.features, size, task.outputs, rng, task.every_step)
    train(model, task.batches(steps, rng), Adam(rate))
    return {"units": size, "parameters": parameter_count(variant, task.features, size),
            "validation": task.score(model, "validation"), "test": task.score(model)}
