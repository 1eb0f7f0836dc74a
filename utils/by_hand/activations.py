"""The activations of the course and their derivatives, in NumPy.

Each `d_…` takes the pre-activation z, not the activation, and returns the slope there.
float32 stays float32; integers become float64.
"""

import numpy as np

__all__ = [
    "d_relu", "d_sigmoid", "d_tanh", "relu", "sigmoid", "softmax", "softmax_jacobian", "tanh",
]


def _floats(z):
    z = np.asarray(z)
    return z if z.dtype.kind == "f" else z.astype(np.float64)


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), in (0, 1).

    Args:
        z: array of any shape.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    z = _floats(z)
    small = np.exp(-np.abs(z))          # in (0, 1]: exp of a large number would overflow
    return np.where(z >= 0, 1, small) / (1 + small)


def d_sigmoid(z):
    """Return the slope of the sigmoid at z: s (1 - s), at most 1/4.

    >>> float(d_sigmoid(0.0))
    0.25
    """
    small = np.exp(-np.abs(_floats(z)))
    return small / (1 + small) ** 2     # s (1 - s) without the loss of digits where s is near 1


def tanh(z):
    """Return the hyperbolic tangent of z, in (-1, 1)."""
    return np.tanh(_floats(z))


def d_tanh(z):
    """Return the slope of tanh at z: 1 - tanh(z)^2, at most 1.

    >>> float(d_tanh(0.0))
    1.0
    """
    return 1 - np.tanh(_floats(z)) ** 2


def relu(z):
    """Return max(0, z)."""
    return np.maximum(_floats(z), 0)


def d_relu(z):
    """Return the slope of ReLU at z: 1 where z > 0, else 0 (at z = 0 too, as Keras does).

    >>> d_relu(np.array([-2.0, 0.0, 2.0]))
    array([0., 0., 1.])
    """
    z = _floats(z)
    return (z > 0).astype(z.dtype)


def softmax(z, axis=-1):
    """Return exp(z) / sum of exp(z) over `axis`: positive shares that sum to 1.

    Args:
        z: logits, any shape with at least one axis.
        axis: the axis whose entries compete.

    >>> softmax(np.array([1000.0, 1000.0]))
    array([0.5, 0.5])
    """
    z = _floats(z)
    e = np.exp(z - z.max(axis=axis, keepdims=True))     # the largest becomes exp(0) = 1
    return e / e.sum(axis=axis, keepdims=True)


def softmax_jacobian(z):
    """Return the slopes of softmax over the last axis: d softmax(z)_i / d z_j.

    Args:
        z: logits (..., classes).

    Returns:
        (..., classes, classes): p_i (1 - p_i) on the diagonal, -p_i p_j beside it.

    >>> softmax_jacobian(np.array([0.0, 0.0]))
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = softmax(z)
    eye = np.eye(p.shape[-1], dtype=p.dtype)
    return p[..., :, None] * (eye - p[..., None, :])
