"""Losses of sequence models in NumPy, each with its gradient."""

import numpy as np

from .activations import softmax

__all__ = ["mean_squared_error", "softmax_cross_entropy"]


def mean_squared_error(answer, targets):
    """Return the mean squared error and its gradient, 2 (answer - targets) / n.

    Args:
        answer, targets: arrays of the same shape, n entries.

    Returns:
        loss: a float.
        d_answer: the gradient of `loss`, in the dtype of `answer`.

    Raises:
        ValueError: if the shapes differ.

    >>> mean_squared_error(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    (2.0, array([0., 2.]))
    """
    answer, targets = np.asarray(answer), np.asarray(targets)
    if answer.shape != targets.shape:
        raise ValueError(f"answer and targets must have the same shape, got {answer.shape} "
                         f"and {targets.shape}.")
    error = answer - targets.astype(answer.dtype)
    return float(np.mean(error**2)), 2 * error / answer.dtype.type(error.size)


def softmax_cross_entropy(logits, targets):
    """Return the mean cross-entropy of softmax(logits) and its gradient.

    The gradient with respect to the logits is (softmax(logits) - one_hot(targets)) / n,
    where n is the number of targets: the mean over batch and time alike.

    Args:
        logits: (..., classes), such as (batch, time, classes); any real numbers.
        targets: (...), the index of the right class, in 0 .. classes - 1.

    Returns:
        loss: a float, in nats per target.
        d_logits: (..., classes), the gradient of `loss`, in the dtype of `logits`.

    Raises:
        ValueError: if the shapes do not fit or a target is not a class.

    >>> loss, d_logits = softmax_cross_entropy(np.zeros((1, 2)), np.array([0]))
    >>> round(loss, 4), d_logits
    (0.6931, array([[-0.5,  0.5]]))
    """
    logits, targets = np.asarray(logits), np.asarray(targets)
    if logits.shape[:-1] != targets.shape or targets.dtype.kind not in "iu" or not targets.size:
        raise ValueError(
            "targets must be integers with one entry per row of logits: got logits "
            f"{logits.shape} and targets {targets.shape} of dtype {targets.dtype}."
        )
    if targets.min() < 0 or targets.max() >= logits.shape[-1]:
        raise ValueError(
            f"targets must lie in 0 .. {logits.shape[-1] - 1}, "
            f"got {targets.min()} .. {targets.max()}."
        )
    right = targets[..., None]
    top = logits.max(axis=-1, keepdims=True)
    log_sum = top + np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    loss = np.mean(log_sum - np.take_along_axis(logits, right, axis=-1))  # never log of 0

    d_logits = softmax(logits)
    chosen = np.take_along_axis(d_logits, right, axis=-1)
    np.put_along_axis(d_logits, right, chosen - 1, axis=-1)
    return float(loss), d_logits / targets.size
