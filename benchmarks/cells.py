"""How long a training step takes: our NumPy cells, Keras' layers, a per-sequence loop.

    python -m benchmarks.cells [--rounds 15]

A step is a forward pass, the gradient of a sum of squares of all outputs with respect to the
weights and the input, and a plain gradient-descent update, in float32. All three run in turn
in every round of one process, on all cores, so that the ratios compare like with like. The
loop works one sequence and one step at a time, as the classic minimal character network does;
it is timed on a few sequences and scaled up to the batch.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np

from utils import cells
from utils.authoring.records import write_record
from utils.training import set_seed

RESULTS = Path(__file__).resolve().parent / "results"
SIZES = ((32, 40, 64), (64, 100, 256), (128, 50, 512))      # batch, time, units = features
LOOPED = 2                                                  # sequences that the loop is timed on
RATE = np.float32(1e-6)


def start(kind, batch, steps, units, rng):
    blocks = {"lstm": 4, "gru": 3}[kind]
    draw = lambda *shape: rng.normal(0, units**-0.5, shape).astype("float32")
    width = blocks * units
    bias = draw(2, width) if kind == "gru" else draw(width)
    return draw(batch, steps, units), [draw(units, width), draw(units, width), bias]


def numpy_step(kind, x, weights):
    zeros = np.zeros((len(x), weights[1].shape[0]), "float32")
    if kind == "lstm":
        h, _, cache = cells.lstm_forward(x, zeros, zeros, *weights)
        gradients = cells.lstm_backward(h, cache)
    else:
        h, cache = cells.gru_forward(x, zeros, *weights)
        gradients = cells.gru_backward(h, cache)
    for weight, name in zip(weights, "WUb", strict=True):
        weight -= RATE * gradients[name]


def loop_step(kind, x, weights):
    """One sequence after the other, one step after the other, with vectors."""
    forward = {"lstm": cells.lstm_forward, "gru": cells.gru_forward}[kind]
    backward = {"lstm": cells.lstm_backward, "gru": cells.gru_backward}[kind]
    totals = [np.zeros_like(w) for w in weights]
    units = weights[1].shape[0]
    for sequence in x:
        state = (np.zeros((1, units), "float32"),) * (2 if kind == "lstm" else 1)
        caches, outputs = [], []
        for x_t in sequence:
            h, *rest = forward(x_t[None, None], *state, *weights)
            state = rest[0] if kind == "lstm" else (h[:, 0],)
            caches.append(rest[-1])
            outputs.append(h)
        d_next = (np.zeros((1, units), "float32"),) * (2 if kind == "lstm" else 1)
        for h, cache in zip(reversed(outputs), reversed(caches), strict=True):
            if kind == "lstm":
                found = backward(h, cache, d_next)
                d_next = found["h_0"], found["c_0"]
            else:
                found = backward(h + d_next[0][:, None], cache)
                d_next = (found["h_0"],)
            for total, name in zip(totals, "WUb", strict=True):
                total += found[name]
    for weight, total in zip(weights, totals, strict=True):
        weight -= RATE * total


def keras_step(kind, x, weights):
    """Return a function without arguments that does one compiled step."""
    import keras
    import tensorflow as tf

    layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[kind](
        weights[1].shape[0], return_sequences=True)
    layer.build(x.shape)
    layer.set_weights(weights)
    tensor = tf.constant(x)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            tape.watch(tensor)
            loss = keras.ops.sum(layer(tensor) ** 2) / 2
        variables = [w.value for w in layer.weights]
        found = tape.gradient(loss, [tensor, *variables])
        for variable, gradient in zip(variables, found[1:], strict=True):
            variable.assign_sub(RATE * gradient)
        return found[0]

    return lambda: step().numpy()


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure(kind, size, rounds, rng):
    batch, steps, units = size
    x, weights = start(kind, *size, rng)
    compiled = keras_step(kind, x, weights)
    works = {
        "numpy": lambda: numpy_step(kind, x, weights),
        "keras": compiled,
    }
    for work in works.values():
        work()
        work()
    times = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    looped = min(seconds(lambda: loop_step(kind, x[:LOOPED], weights)) for _ in range(2))
    ms = {name: 1000 * np.median(values) for name, values in times.items()}
    ratios = np.array(times["keras"]) / np.array(times["numpy"])
    return {
        "cell": kind, "batch": batch, "time": steps, "units": units,
        "numpy_ms": round(ms["numpy"], 1), "keras_ms": round(ms["keras"], 1),
        "loop_ms": round(1000 * looped * batch / LOOPED, 1),
        "keras_over_numpy": round(float(np.median(ratios)), 2),
        "keras_over_numpy_quartiles": [round(float(q), 2) for q in
                                       np.percentile(ratios, (25, 75))],
        "loop_over_numpy": round(1000 * looped * batch / LOOPED / ms["numpy"], 1),
    }


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cells", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    set_seed(0, deterministic=False)
    rng, rows = np.random.default_rng(0), []
    table = ["| cell | batch, time, units | NumPy ms | Keras ms | loop ms | Keras / NumPy | "
             "loop / NumPy |", "| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    print(*table, sep="\n")
    for kind in ("lstm", "gru"):
        for size in SIZES:
            row = measure(kind, size, rounds, rng)
            rows.append(row)
            table.append(f"| {kind.upper()} | {size} | {row['numpy_ms']} | {row['keras_ms']} | "
                         f"{row['loop_ms']:.0f} | {row['keras_over_numpy']} | "
                         f"{row['loop_over_numpy']} |")
            print(table[-1], flush=True)
    command = f"python -m benchmarks.cells --rounds {rounds}"
    write_record(RESULTS / "cells.json", command, rows, seeds=[0])
    (RESULTS / "cells.md").write_text(
        "\n".join([*table, "", f"`{command}`, {os.cpu_count()} cores; medians."]) + "\n",
        encoding="utf-8")


if __name__ == "__main__":
    main()
