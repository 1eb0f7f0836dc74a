"""Numerical gradients to check a backward pass with, and clipping as Keras does it."""

import numpy as np

__all__ = [
    "clip_by_global_norm", "clip_by_norm", "clip_by_value", "global_norm",
    "numerical_gradient", "relative_error",
]


def numerical_gradient(f, x, eps=1e-5):
    """Return the gradient of a function by central differences, one entry at a time.

    (f(x + eps) - f(x - eps)) / (2 eps) is off by about eps^2, and by the rounding of f
    divided by eps: in float64, eps near 1e-5 balances the two; in float32 nothing does.

    Args:
        f: function of an array like `x` that returns one number.
        x: array of floats of any shape; `f` gets copies, so `x` itself stays.
        eps: how far each entry is moved, > 0.

    Returns:
        An array of the shape and dtype of `x`.

    Raises:
        ValueError: if `x` is not an array of floats, `eps` is not positive, or `f` returns
            more than one number.

    >>> numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1.0, -3.0])).round(6)
    array([ 2., -6.])
    """
    x = np.asarray(x)
    if x.dtype.kind != "f":
        raise ValueError(f"x must be an array of floats, got dtype {x.dtype}.")
    if not eps > 0:
        raise ValueError(f"eps must be positive, got {eps}.")
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        values = []
        for step in (eps, -eps):
            moved = x.copy()
            moved[index] += step
            value = np.asarray(f(moved))
            if value.size != 1:
                raise ValueError(f"f must return one number, got shape {value.shape}.")
            values.append(value.item())
        gradient[index] = (values[0] - values[1]) / (2 * eps)
    return gradient


def relative_error(a, b):
    """Return how far two arrays are apart, as a share of their size.

    It is |a - b| / (|a| + |b|) with Euclidean norms over all entries: 0 for equal arrays,
    1 for opposite ones or if one of them is zero. Below 1e-6 a float64 gradient is right;
    above 1e-3 it is wrong.

    Args:
        a, b: arrays of the same shape.

    Returns:
        A float in [0, 1], or NaN if an entry is not finite; 0 if both are all zero.

    Raises:
        ValueError: if the shapes differ.

    >>> relative_error(np.array([3.0, 4.0]), np.array([0.0, 0.0]))
    1.0
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if a.shape != b.shape:
        raise ValueError(f"a and b must have the same shape, got {a.shape} and {b.shape}.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("nan")
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size > 0 else 0.0


def clip_by_value(gradient, limit):
    """Return `gradient` with each entry forced into [-limit, limit], as `clipvalue` in Keras.

    This changes the direction: large entries shrink, small ones stay.

    >>> clip_by_value(np.array([-3.0, 0.5]), 1.0)
    array([-1. ,  0.5])
    """
    _check_limit(limit)
    return np.clip(gradient, -limit, limit)


def clip_by_norm(gradient, max_norm):
    """Return one `gradient`, shortened to norm `max_norm` if longer, as `clipnorm` in Keras.

    >>> clip_by_norm(np.array([3.0, 4.0]), 1.0)
    array([0.6, 0.8])
    """
    return clip_by_global_norm([gradient], max_norm)[0]


def global_norm(gradients):
    """Return the Euclidean norm of all entries of a list of arrays, as one long vector.

    >>> global_norm([np.array([3.0]), np.array([[4.0]])])
    5.0
    """
    squares = (np.sum(np.square(g, dtype=np.float64)) for g in map(np.asarray, gradients))
    return float(np.sqrt(sum(squares)))


def clip_by_global_norm(gradients, max_norm):
    """Return a list of gradients, all scaled alike so that their joint norm is at most
    `max_norm`, as `global_clipnorm` in Keras.

    One factor for all keeps the direction of the step. A norm that is not finite has no
    direction to keep: every entry becomes NaN, as in Keras, instead of hiding the trouble.

    Args:
        gradients: list of arrays of any shapes.
        max_norm: the largest joint norm, > 0.

    Raises:
        ValueError: if `max_norm` is not positive.

    >>> clip_by_global_norm([np.array([3.0]), np.array([4.0])], 1.0)
    [array([0.6]), array([0.8])]
    """
    _check_limit(max_norm)
    gradients = [np.asarray(g) for g in gradients]
    norm = global_norm(gradients)
    factor = max_norm / max(norm, max_norm) if np.isfinite(norm) else float("nan")
    return [g * g.dtype.type(factor) for g in gradients]


def _check_limit(limit):
    if not limit > 0:
        raise ValueError(f"The limit must be positive, got {limit}.")
