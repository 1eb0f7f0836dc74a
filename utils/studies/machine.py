"""How fast this machine is: seconds belong to a machine, so a record of seconds says of which.

Two figures stand for the two kinds of work in the course: large float32 matrix products, and a
training step of a Keras LSTM, of (batch 32, time 40, 64 units).
"""

import functools
import platform
import time
from pathlib import Path

__all__ = ["calibration", "processor", "slower_than"]

SIZE, ROUNDS = 1024, 12


def processor():
    """Return the name of the processor, as its maker writes it where that is known."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _best(work, rounds=ROUNDS):
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)         # the least disturbed one: other work only ever adds


def _gflops():
    import numpy as np

    from ..by_hand import blas_threads

    a = np.random.default_rng(0).normal(size=(SIZE, SIZE)).astype("float32")
    with blas_threads():
        return 2 * SIZE**3 / _best(lambda: a @ a) / 1e9


def _lstm_step():
    import numpy as np

    from ..training import keras

    model = keras.Sequential([keras.Input((40, 64)), keras.layers.LSTM(64), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    x, y = np.ones((32, 40, 64), "float32"), np.ones((32, 1), "float32")
    return 1000 * _best(lambda: model.train_on_batch(x, y))


@functools.cache
def calibration():
    """Return {"processor", "float32_gflops", "lstm_step_ms"} of this machine, on all its cores.

    It takes some seconds, once in a process. Both figures are the best of a dozen rounds.
    """
    return {"processor": processor(), "float32_gflops": round(_gflops(), 1),
            "lstm_step_ms": round(_lstm_step(), 2)}


def slower_than(record, here=None):
    """Return by which factor a training step here is slower than on the machine of `record`.

    Args:
        record: a stored measurement; one without "machine" counts as made here.
        here: `calibration()` if None.
    """
    if "machine" not in record:
        return 1.0
    return (here or calibration())["lstm_step_ms"] / record["machine"]["lstm_step_ms"]
