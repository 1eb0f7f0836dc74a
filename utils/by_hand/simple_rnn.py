r"""The simple (Elman) recurrent network: $h_t = \tanh(x_t W + h_{t-1} U + b)$."""

import numpy as np

from ._steps import (
    all_steps,
    arriving,
    as_mask,
    at,
    batch_major,
    check_shapes,
    flat_product,
    from_above,
    shown_outputs,
    states_from,
    time_major,
)
from .activations import relu, tanh

__all__ = ["simple_rnn_backward", "simple_rnn_forward", "simple_rnn_step"]


def simple_rnn_step(x_t, h_prev, W, U, b):
    r"""Return the next state $h_t = \tanh(x_t W + h_{t-1} U + b)$.

    Args:
        x_t: (batch, features), the input of this step.
        h_prev: (batch, units), the state before it.
        W, U, b: kernel, recurrent kernel and bias.

    Returns:
        h_t: (batch, units), in (-1, 1).
    """
    return np.tanh(x_t @ W + h_prev @ U + b)


ACTIVATIONS = {                             # name: function of z, slope from its value h
    "tanh": (tanh, lambda h: 1 - h**2),
    "relu": (relu, lambda h: (h > 0).astype(h.dtype)),
    "linear": (np.asarray, np.ones_like),
}


def simple_rnn_forward(x, state, W, U, b, mask=None, activation="tanh"):
    """Run the simple RNN over all steps of `x`.

    The inputs of all steps are known beforehand, so their part of the sum is one matrix
    product; only `h_prev @ U` has to wait for the step before.

    Args:
        x: (batch, time, features).
        state: (batch, units), before the first step; zero if None.
        W, U, b: kernel (features, units), recurrent kernel (units, units), bias (units,).
        mask: (batch, time), False where a step is padding and the state stays; or None.
        activation: "tanh", "relu" or "linear".

    Returns:
        h: (batch, time, units), the output of every step.
        state: (batch, units), after the last step.
        cache: what `simple_rnn_backward` needs.

    Raises:
        ValueError: if the shapes do not fit or the activation is unknown.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, "
                         f"got {activation!r}.")
    x, W, U, b = map(np.asarray, (x, W, U, b))
    n = U.shape[-1] if U.ndim else 0
    check_shapes(x, W=(W, (x.shape[-1], n)), U=(U, (n, n)), b=(b, (n,)))
    mask, x_t = as_mask(mask, *x.shape[:2]), time_major(x)
    z = all_steps(x_t, W) + b                               # (time, batch, units)
    given = () if state is None else (np.asarray(state),)
    h = states_from(state, *z.shape, np.result_type(z, U, np.float32, *given))
    for t in range(len(z)):
        h_t = ACTIVATIONS[activation][0](z[t] + h[t] @ U)   # x_t W + b is in z
        h[t + 1] = at(mask, t, h_t, h[t])
    cache = x_t, h, W, U, mask, activation
    return batch_major(shown_outputs(h[1:], mask)), h[-1], cache


def simple_rnn_backward(d_h, cache, d_state=None, keep_states=False, truncate=None):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), the gradient of the loss with respect to the output of
            every step, as it comes from the layer above: zero where no loss reads a step.
        cache: of `simple_rnn_forward`.
        d_state: (batch, units), with respect to the state after the last step; zero if None.
        keep_states: also return the gradient with respect to the state after every step.
        truncate: None for the full gradient, or k >= 1: the error does not cross the
            boundaries before steps k, 2k, 3k, ... (the state did, in the forward pass).

    Returns:
        {"x", "state", "W", "U", "b"}: gradients of the shapes of their arrays, summed over
        batch and time; if `keep_states` also "states", (batch, time, units), by all ways in
        which a state matters.

    Raises:
        ValueError: if a gradient does not have the shape of its array, or `truncate` is
            below 1.

    Source: Werbos, Backpropagation through time: what it does and how to do it (1990).
    """
    x_t, h, W, U, mask, activation = cache
    d_out = from_above(d_h, h[1:], mask)
    if truncate is not None and truncate < 1:
        raise ValueError(f"truncate must be None or at least 1, got {truncate}.")
    d_z, slope = np.empty_like(h[1:]), ACTIVATIONS[activation][1](h[1:])
    d_states = np.empty_like(d_z) if keep_states else None  # (time, batch, units)
    dh = arriving(d_state, h[-1])                           # from step t + 1: 0 at the end
    for t in reversed(range(len(d_z))):
        dh = dh + d_out[t]                                  # (batch, units)
        if keep_states:
            d_states[t] = dh
        d_z[t] = at(mask, t, dh * slope[t], 0)
        dh = at(mask, t, d_z[t] @ U.T, dh)                  # a masked step hands it on as it is
        if truncate is not None and t > 0 and t % truncate == 0:
            dh = np.zeros_like(dh)
    gradients = {"x": batch_major(all_steps(d_z, W.T)), "state": dh, "W": flat_product(x_t, d_z),
                 "U": flat_product(h[:-1], d_z), "b": d_z.sum(axis=(0, 1))}
    return gradients | ({"states": batch_major(d_states)} if keep_states else {})
