"""Numerical gradients to check a backward pass with, clipping, gradients through time."""

import numpy as np

__all__ = [
    "clip_by_global_norm", "clip_by_norm", "clip_by_value", "global_norm",
    "jacobian_spectrum", "norms_by_step", "numerical_gradient", "relative_error",
    "spectral_radius",
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


def norms_by_step(d_states):
    """Return how long the gradient of a loss with respect to the state is, step by step.

    Args:
        d_states: (batch, time, units), from a `…_backward(…, keep_states=True)`.

    Returns:
        (time,), the Euclidean norm over units, root mean square over the batch.

    Raises:
        ValueError: if `d_states` has not three axes.

    >>> norms_by_step(np.array([[[0.0, 0.0], [3.0, 4.0]]]))
    array([0., 5.])
    """
    d_states = np.asarray(d_states)
    if d_states.ndim != 3:
        raise ValueError(f"d_states must be (batch, time, units), got shape {d_states.shape}.")
    return np.sqrt(np.mean(np.sum(d_states.astype(np.float64) ** 2, axis=-1), axis=0))


def spectral_radius(U):
    """Return the largest absolute eigenvalue of a square matrix.

    >>> round(spectral_radius(np.array([[0.0, 2.0], [-2.0, 0.0]])), 6)
    2.0

    Raises:
        ValueError: if U is not square.
    """
    U = np.asarray(U)
    if U.ndim != 2 or U.shape[0] != U.shape[1]:
        raise ValueError(f"U must be square, got shape {U.shape}.")
    return float(np.abs(np.linalg.eigvals(U)).max())


def jacobian_spectrum(d_states):
    r"""Return the singular values of $\partial h_T / \partial h_t$ for every step t.

    Run one sequence `units` times over (as one batch) and back-propagate d_h = 0 but for the
    identity matrix at the last step, with `keep_states=True`: row j of the batch then holds
    the gradient of unit j of the last state, so that `d_states[:, t]` is the Jacobian, the
    product of the steps' Jacobians from t + 1 to T.

    Args:
        d_states: (units, time, units).

    Returns:
        (time, units), singular values from the largest down; all 1 at the last step.

    Raises:
        ValueError: if the batch is not as large as the state.
    """
    d_states = np.asarray(d_states)
    if d_states.ndim != 3 or d_states.shape[0] != d_states.shape[2]:
        raise ValueError(f"d_states must be (units, time, units), got shape {d_states.shape}.")
    return np.linalg.svd(np.swapaxes(d_states, 0, 1), compute_uv=False)


def _check_limit(limit):
    if not limit > 0:
        raise ValueError(f"The limit must be positive, got {limit}.")
