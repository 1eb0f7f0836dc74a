"""What all recurrent cells share: shapes, time-major copies, and masks as Keras applies them."""

import numpy as np

__all__ = [
    "all_steps", "as_mask", "check_shapes", "flat_product", "shown_outputs",
    "sigmoid_in_place", "time_major",
]


def time_major(x):
    """Return (batch, time, ...) as a contiguous (time, batch, ...): a step is one block."""
    return np.ascontiguousarray(np.swapaxes(x, 0, 1))


def all_steps(a, W):
    """Return a (time, batch, m) @ W (m, n) for all steps as one product, not one per step."""
    return (a.reshape(-1, a.shape[-1]) @ W).reshape(*a.shape[:-1], W.shape[-1])


def flat_product(a, d_z):
    """Return the gradient of a shared weight: a (time, batch, m), d_z (time, batch, n) -> (m, n).

    It is the sum of a_t^T d_z_t over all steps, as one matrix product.
    """
    return a.reshape(-1, a.shape[-1]).T @ d_z.reshape(-1, d_z.shape[-1])


def check_shapes(x, **named):
    """Raise `ValueError` unless x is (batch, time, features) and each (value, shape) fits."""
    if np.ndim(x) != 3 or np.shape(x)[1] < 1:
        raise ValueError(f"x must be (batch, time >= 1, features), got shape {np.shape(x)}.")
    for name, (value, shape) in named.items():
        if np.shape(value) != shape:
            raise ValueError(
                f"{name} must have shape {shape} for x {np.shape(x)}, got {np.shape(value)}."
            )


def as_mask(mask, batch, time):
    """Return a mask as (time, batch, 1) booleans, or None.

    Args:
        mask: (batch, time), True where a step is real; None for all real.

    Raises:
        ValueError: on another shape.
    """
    if mask is None:
        return None
    mask = np.asarray(mask)
    if mask.shape != (batch, time):
        raise ValueError(f"mask must be (batch, time) = {(batch, time)}, got {mask.shape}.")
    mask = mask.astype(bool)
    return None if mask.all() else time_major(mask)[..., None]


def shown_outputs(h, mask):
    """Return what a layer shows at each step: the state, but 0 before the first real step.

    Keras repeats the last *output* at a masked step, and before any real step there is none.

    Args:
        h: (time, batch, units), the state after each step.
        mask: (time, batch, 1) or None.
    """
    if mask is None:
        return h
    return np.where(np.logical_or.accumulate(mask, axis=0), h, 0).astype(h.dtype)


def sigmoid_in_place(z):
    """Overwrite z by sigmoid(z) = (1 + tanh(z / 2)) / 2, which overflows nowhere."""
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5
