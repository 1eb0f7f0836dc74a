"""How long a training step takes: our NumPy cells, Keras' layers, a per-sequence loop.

    python -m benchmarks.cells [--rounds 15]

A step is a forward pass, the gradient of a sum of squares of all outputs with respect to the
weights and the input, and a plain gradient-descent update, in float32. All three run in turn
in every round of one process, on all cores, so that the ratios compare like with like. The
loop works one sequence and one step at a time, as the classic minimal character network does,
in float64 as such code runs by default ("classic") and in float32 ("float32"); it is timed on a
few sequences and scaled up to the batch.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from utils import by_hand as cells
from utils.studies.records import write_record
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
    forward, backward = {"lstm": (cells.lstm_forward, cells.lstm_backward),
                         "gru": (cells.gru_forward, cells.gru_backward)}[kind]
    h, _, cache = forward(x, None, *weights)
    gradients = backward(h, cache)
    for weight, name in zip(weights, "WUb", strict=True):
        weight -= RATE * gradients[name]


def loop_step(kind, x, weights):
    """One sequence after the other, one step after the other, with vectors."""
    totals = [np.zeros_like(w) for w in weights]
    one = {"lstm": lstm_sequence, "gru": gru_sequence}[kind]
    for sequence in x:
        one(sequence, *weights, *totals)
    for weight, total in zip(weights, totals, strict=True):
        weight -= weight.dtype.type(RATE) * total


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_sequence(x, W, U, b, dW, dU, db):
    n = len(U)
    h, c, past = np.zeros(n, x.dtype), np.zeros(n, x.dtype), []
    for x_t in x:
        z = x_t @ W + h @ U + b
        i, f, o = sigmoid(z[:n]), sigmoid(z[n:2 * n]), sigmoid(z[3 * n:])
        g = np.tanh(z[2 * n:3 * n])
        h_prev, c_prev = h, c
        c = f * c + i * g
        tanh_c = np.tanh(c)
        h = o * tanh_c
        past.append((x_t, h_prev, c_prev, i, f, g, o, tanh_c, h))
    dh, dc, d_x = np.zeros_like(h), np.zeros_like(c), []
    for x_t, h_prev, c_prev, i, f, g, o, tanh_c, h in reversed(past):
        dh = dh + h                                     # the gradient of half the sum of squares
        dc = dc + dh * o * (1 - tanh_c**2)
        dz = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f),
                             dc * i * (1 - g**2), dh * tanh_c * o * (1 - o)])
        dW += np.outer(x_t, dz)
        dU += np.outer(h_prev, dz)
        db += dz
        d_x.append(W @ dz)
        dh, dc = U @ dz, dc * f


def gru_sequence(x, W, U, b, dW, dU, db):
    n = len(U)
    h, past = np.zeros(n, x.dtype), []
    for x_t in x:
        a, s = x_t @ W + b[0], h @ U + b[1]
        z, r = sigmoid(a[:n] + s[:n]), sigmoid(a[n:2 * n] + s[n:2 * n])
        g = np.tanh(a[2 * n:] + r * s[2 * n:])
        h_prev = h
        h = z * h + (1 - z) * g
        past.append((x_t, h_prev, z, r, g, s[2 * n:], h))
    dh, d_x = np.zeros_like(h), []
    for x_t, h_prev, z, r, g, s_g, h in reversed(past):
        dh = dh + h
        d_g = dh * (1 - z) * (1 - g**2)
        d_gates = np.concatenate([dh * (h_prev - g) * z * (1 - z), d_g * s_g * r * (1 - r)])
        d_a, d_s = np.concatenate([d_gates, d_g]), np.concatenate([d_gates, d_g * r])
        dW += np.outer(x_t, d_a)
        dU += np.outer(h_prev, d_s)
        db[0] += d_a
        db[1] += d_s
        d_x.append(W @ d_a)
        dh = U @ d_s + dh * z


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


def check_that_loop_and_cells_agree(kind, x, weights):
    """Both must move the weights alike, or the comparison means nothing."""
    ours, theirs = ([w.astype("float32") for w in weights] for _ in range(2))
    numpy_step(kind, x, ours)
    loop_step(kind, x, theirs)
    for mine, other, start_value in zip(ours, theirs, weights, strict=True):
        moved = np.abs(mine - start_value).max()
        np.testing.assert_allclose(mine, other, atol=1e-3 * moved + 1e-9)


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure(kind, size, rounds, rng):
    batch, steps, units = size
    x, weights = start(kind, *size, rng)
    check_that_loop_and_cells_agree(kind, x[:LOOPED], weights)
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
    looped = {}
    for name, dtype in (("classic", "float64"), ("float32", "float32")):
        few, own = x[:LOOPED].astype(dtype), [w.astype(dtype) for w in weights]
        best = min(seconds(lambda f=few, o=own: loop_step(kind, f, o)) for _ in range(5))
        looped[name] = 1000 * best * batch / LOOPED
    ms = {name: 1000 * np.median(values) for name, values in times.items()}
    ratios = np.array(times["keras"]) / np.array(times["numpy"])
    return {
        "cell": kind, "batch": batch, "time": steps, "units": units,
        "numpy_ms": round(ms["numpy"], 1), "keras_ms": round(ms["keras"], 1),
        "classic_loop_ms": round(looped["classic"], 1),
        "float32_loop_ms": round(looped["float32"], 1),
        "keras_over_numpy": round(float(np.median(ratios)), 2),
        "keras_over_numpy_quartiles": [round(float(q), 2) for q in
                                       np.percentile(ratios, (25, 75))],
        "classic_loop_over_numpy": round(looped["classic"] / ms["numpy"], 1),
        "float32_loop_over_numpy": round(looped["float32"] / ms["numpy"], 1),
    }


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cells", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    set_seed(0, deterministic=False)
    rng, rows = np.random.default_rng(0), []
    for kind in ("lstm", "gru"):
        for size in SIZES:
            with cells.blas_threads():      # each side gets all cores, as the text above says
                row = measure(kind, size, rounds, rng)
            rows.append(row)
            print(" ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    command = f"python -m benchmarks.cells --rounds {rounds}"
    write_record(RESULTS / "cells.json", command, rows, seeds=[0])


if __name__ == "__main__":
    main()
