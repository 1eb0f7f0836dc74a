"""Training that repeats itself and shows one live line, and what `fit` is given for it."""

import contextlib
import logging
import os
import sys
import time
from dataclasses import dataclass


@contextlib.contextmanager
def _silent_stderr():
    """Drop what compiled code writes to stderr; Python's own exceptions still arrive."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


# TensorFlow greets on stderr at its import and at its first op, and a grader gives no
# points to a cell that writes there: import this module before keras.
with _silent_stderr():
    import keras

    keras.ops.zeros(1)
logging.getLogger("tensorflow").setLevel(logging.ERROR)     # its notes on retracing go there too

__all__ = ["Batches", "Fit", "Progress", "TrainingTime", "backend_gradients", "set_seed"]


def set_seed(seed, deterministic=True):
    """Seed Python, NumPy and the Keras backend.

    The same seed then gives the same numbers on the same machine and versions; another
    processor may round differently, so a lesson states means and spreads over seeds.

    Args:
        seed: integer >= 0.
        deterministic: also make TensorFlow choose ops that repeat bit by bit.
    """
    keras.utils.set_random_seed(seed)
    if deterministic and keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


class Progress(keras.callbacks.Callback):
    """One live line per training run: `model.fit(..., verbose=0, callbacks=[Progress()])`.

    Args:
        label: what is being trained, shown first.
        every: update the line every so many epochs; the last one always shows.
    """

    def __init__(self, label="training", every=1):
        super().__init__()
        if every < 1:
            raise ValueError(f"every must be at least 1, got {every}.")
        self.label, self.every = label, every
        self._width, self._line = 0, ""

    def on_train_begin(self, logs=None):
        self._width, self._line = 0, ""

    def on_epoch_end(self, epoch, logs=None):
        figures = "  ".join(f"{name} {value:.4g}" for name, value in (logs or {}).items())
        self._line = f"{self.label}: epoch {epoch + 1}/{self.params['epochs']}  {figures}"
        if (epoch + 1) % self.every == 0:
            self._show()

    def on_train_end(self, logs=None):
        if self._line:
            self._show()
            sys.stdout.write("\n")
            sys.stdout.flush()

    def _show(self):
        sys.stdout.write("\r" + self._line.ljust(self._width))
        sys.stdout.flush()
        self._width = len(self._line)


@dataclass(frozen=True)
class Fit:
    """How a network is trained: what `fit` and the optimiser of the course's models are told.

    Attributes:
        epochs: passes over the data, at most.
        batch_size: sequences per batch.
        rate: the highest learning rate.
        warmup: share of the training in which the rate rises to it; then it falls along half a
            cosine.
        clip: gradients are clipped to this joint norm.
        decay: weight decay; 0 for none.
        monitor: the figure that makes an epoch better; its name says whether more is better.
        patience: epochs without a better one after which training stops, as Keras counts them.
        seconds: end after so much training time; None to train all epochs.
        compiled: let XLA compile the step: slower to start, faster to run.
        seed: of the order of batches.
        callbacks: more Keras callbacks, such as `Progress`.
    """

    epochs: int = 4
    batch_size: int = 64
    rate: float = 2e-3
    warmup: float = 0.0
    clip: float = 1.0
    decay: float = 0.0
    monitor: str = "val_loss"
    patience: int = 2
    seconds: float | None = None
    compiled: bool = False
    seed: int = 0
    callbacks: tuple = ()

    def early_stopping(self):
        """Return Keras' callback that stops, and brings the best epoch's weights back."""
        mode = "max" if self.monitor in ("val_accuracy", "val_cider") else "min"
        return keras.callbacks.EarlyStopping(self.monitor, mode=mode, patience=self.patience,
                                             restore_best_weights=True)

    def cosine(self, steps):
        """Return a learning rate that falls from `rate` to 5 % of it in so many batches."""
        return keras.optimizers.schedules.CosineDecay(self.rate, steps, alpha=0.05)


class Batches(keras.utils.PyDataset):
    """Batches that are cut anew for each epoch: `model.fit(Batches(cut, load), shuffle=False)`.

    Args:
        cut: function without arguments to an epoch's batches, each an array of row numbers.
        load: function from one of them to (x, y), as `fit` takes them.
    """

    def __init__(self, cut, load):
        super().__init__()
        self._cut, self._load, self._batches = cut, load, list(cut())
        # Keras takes an axis on which the first two batches agree to be that long in all of them.
        first = _shapes(load(self._batches[0]))
        for k in range(1, len(self._batches)):
            if _shapes(load(self._batches[k])) != first:
                self._batches[1], self._batches[k] = self._batches[k], self._batches[1]
                break

    def __len__(self):
        return len(self._batches)

    def __getitem__(self, k):
        return self._load(self._batches[k])

    def on_epoch_end(self):
        self._batches = list(self._cut())


def _shapes(batch):
    """Return the lengths of all axes but the first, of all arrays of a batch."""
    return [array.shape[1:] for array in keras.tree.flatten(batch)]


class TrainingTime(keras.callbacks.Callback):
    """Adds to each epoch's figures the `seconds` and `cpu_seconds` of all epochs up to it.

    What callbacks that come after this one do at the end of an epoch is not counted.
    """

    def on_train_begin(self, logs=None):
        self.seconds = self.cpu_seconds = 0.0

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        start, cpu_start = self._start
        self.seconds += time.perf_counter() - start
        self.cpu_seconds += time.process_time() - cpu_start
        logs.update(seconds=self.seconds, cpu_seconds=self.cpu_seconds)


def backend_gradients(loss_of, inputs, weights=()):
    """Return a loss and its gradients as the Keras backend's own differentiation finds them.

    It is what gradients derived by hand are compared with.

    Args:
        loss_of: function of as many tensors as there are `inputs`, returning a scalar tensor.
        inputs: list of arrays, given to `loss_of` as float32 tensors.
        weights: list of Keras variables that `loss_of` uses.

    Returns:
        (loss, input_gradients, weight_gradients): a float and two lists of NumPy arrays, each
        of the shape of its array or variable.

    Raises:
        NotImplementedError: on a backend other than TensorFlow.
    """
    if keras.backend.backend() != "tensorflow":
        raise NotImplementedError(
            f"backend_gradients is written for TensorFlow, not for {keras.backend.backend()}."
        )
    import tensorflow as tf

    tensors = [tf.constant(array, tf.float32) for array in inputs]
    variables = [variable.value for variable in weights]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        loss = loss_of(*tensors)
    found = [g.numpy() for g in tape.gradient(loss, tensors + variables)]
    return float(loss), found[: len(tensors)], found[len(tensors):]
