"""Two made-up tasks whose only difficulty is to remember: made anew from a generator."""

import numpy as np

__all__ = ["PREDICT_THE_MEAN", "adding_problem", "copy_task", "random_guess"]

PREDICT_THE_MEAN = 1 / 6    # mean squared error of the constant 1: twice the variance of U(0, 1)


def adding_problem(samples, steps, rng):
    """Return sequences of numbers of which two are marked, and the sum of the two.

    The first mark is in the first half, the second in the second half, so the lag grows
    with `steps`. Answering 1, the mean, has the mean squared error `PREDICT_THE_MEAN`.

    Args:
        samples: how many sequences.
        steps: length of each, >= 2.
        rng: NumPy generator.

    Returns:
        x: (samples, steps, 2) float32: a number in [0, 1), and 1 where it is marked, else 0.
        y: (samples, 1) float32, the sum of the two marked numbers, in [0, 2).

    Raises:
        ValueError: if `steps` is below 2.

    Source: Hochreiter & Schmidhuber, Long short-term memory (1997), here as in Le, Jaitly &
    Hinton, A simple way to initialize recurrent networks of rectified linear units (2015).
    """
    if steps < 2:
        raise ValueError(f"steps must be at least 2, got {steps}.")
    numbers = rng.random((samples, steps), dtype=np.float32)
    first = rng.integers(0, steps // 2, samples)
    second = rng.integers(steps // 2, steps, samples)
    marks = np.zeros_like(numbers)
    rows = np.arange(samples)
    marks[rows, first] = marks[rows, second] = 1
    return np.stack([numbers, marks], axis=-1), np.sum(numbers * marks, axis=1, keepdims=True)


def copy_task(samples, lag, rng, symbols=8, length=5):
    """Return sequences that show symbols, then nothing for `lag` steps, then ask for them.

    Codes: 0 is blank, 1 … `symbols` are symbols, `symbols` + 1 says "repeat now". A sequence
    is `length` symbols, `lag` blanks, the signal and `length` - 1 blanks; the target is blank
    until the signal and then the symbols in their order, so symbol k has to be kept for
    `length` + `lag` steps.

    Args:
        samples: how many sequences.
        lag: blanks between the last symbol and the signal, >= 0.
        rng: NumPy generator.
        symbols: how many different ones.
        length: how many are to be copied.

    Returns:
        x: (samples, time, symbols + 2) float32, one-hot; time = 2 * length + lag.
        y: (samples, time) integers in 0 … symbols.

    Raises:
        ValueError: if `lag` is negative, or `symbols` or `length` below 1.

    Source: Hochreiter & Schmidhuber (1997); this form is that of Arjovsky, Shah & Bengio,
    Unitary evolution recurrent neural networks (2016).
    """
    if lag < 0 or symbols < 1 or length < 1:
        raise ValueError(
            f"lag must be >= 0, symbols and length >= 1; got {lag}, {symbols} and {length}."
        )
    shown = rng.integers(1, symbols + 1, (samples, length))
    codes = np.zeros((samples, 2 * length + lag), int)
    y = np.zeros_like(codes)
    codes[:, :length], y[:, -length:] = shown, shown
    codes[:, length + lag] = symbols + 1
    return np.eye(symbols + 2, dtype=np.float32)[codes], y


def random_guess(lag, symbols=8, length=5):
    """Return the cross-entropy per step, in nats, of who knows when to speak but not what.

    It says blank before the signal, which is free, and guesses each symbol after it, at
    log(symbols): length * log(symbols) / (2 * length + lag).

    >>> round(float(random_guess(lag=0, symbols=8, length=5)), 3)
    1.04
    """
    return float(length * np.log(symbols) / (2 * length + lag))
