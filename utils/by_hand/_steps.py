"""What all recurrent cells share: shapes, states, time-major copies, masks as in Keras."""

import numpy as np

__all__ = [
    "all_steps", "arriving", "as_mask", "at", "batch_major", "check_shapes", "flat_product",
    "from_above", "gate_scale", "gate_slopes", "gates_in_place", "pair",
    "shown_outputs", "sigmoid_in_place", "states_from", "time_major",
]


def time_major(x):
    """Return (batch, time, ...) as a contiguous (time, batch, ...): a step is one block."""
    return np.ascontiguousarray(np.swapaxes(x, 0, 1))


def batch_major(x):
    """Return (time, batch, ...) as a view of (batch, time, ...)."""
    return np.swapaxes(x, 0, 1)


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


def pair(state, name):
    """Return h and c of an LSTM's state, or of a gradient with respect to it; None twice if None.

    Raises:
        ValueError: if it is no pair.
    """
    if state is None:
        return None, None
    if len(state) != 2:
        raise ValueError(f"{name} must be a pair (h, c), got {len(state)} parts.")
    return state


def states_from(state, time, batch, units, dtype, name="state"):
    """Return (time + 1, batch, units) for the states of a run, the given one in the first place.

    Args:
        state: (batch, units), before the first step; zero if None.
        time, batch, units, dtype: of the run.
        name: what an error calls the state.

    Raises:
        ValueError: on another shape.
    """
    states = np.empty((time + 1, batch, units), dtype)
    if state is not None and np.shape(state) != (batch, units):
        raise ValueError(f"{name} must be (batch, units) = {(batch, units)}, "
                         f"got {np.shape(state)}.")
    states[0] = 0 if state is None else state
    return states


def from_above(d_h, h, mask):
    """Return what the layer above sends to the state after each step, (time, batch, units).

    Args:
        d_h: (batch, time, units), gradient with respect to the output of every step.
        h: (time, batch, units), those outputs.
        mask: (time, batch, 1) or None.

    Raises:
        ValueError: if `d_h` has not the shape of the outputs.
    """
    wanted = (h.shape[1], h.shape[0], h.shape[2])
    if np.shape(d_h) != wanted:
        raise ValueError(f"d_h must have the shape of h, {wanted}, got {np.shape(d_h)}.")
    return shown_outputs(time_major(d_h), mask)


def arriving(d_state, state, name="d_state"):
    """Return the gradient with respect to the last state, as an array of its own; 0 if None.

    Raises:
        ValueError: if it has not the shape of the state.
    """
    if d_state is None:
        return np.zeros_like(state)
    if np.shape(d_state) != state.shape:
        raise ValueError(f"{name} must have the shape of the state, {state.shape}, "
                         f"got {np.shape(d_state)}.")
    return np.array(d_state, state.dtype)


def at(mask, t, real, masked):
    """Return `real` where step t is real, `masked` where it is padding."""
    return real if mask is None else np.where(mask[t], real, masked)


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


def gate_scale(blocks, units, dtype):
    """Return (blocks units,): 1/2 for the columns of gates, 1 for those of the candidate g.

    g stands in the last place but one, as in Keras' LSTM.
    """
    scale = np.full(blocks * units, 0.5, dtype)
    scale[-2 * units:-units] = 1
    return scale


def gates_in_place(z, scale):
    """Overwrite z by sigmoid(z) = tanh(z / 2) / 2 + 1 / 2, and by tanh(z) where `scale` is 1."""
    z *= scale
    np.tanh(z, out=z)
    z *= scale
    z += 1 - scale


def gate_slopes(gates, scale, out):
    """Return the slopes at the gates by their values: s (1 - s), and 1 - g^2 where `scale` is 1.

    The second is (1 - g)(1 + g): one expression serves both.
    """
    np.subtract(1, gates, out=out)
    out *= gates + (2 * scale - 1)
    return out
