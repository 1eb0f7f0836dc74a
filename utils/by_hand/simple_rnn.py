r"""The simple (Elman) recurrent network: $h_t = \tanh(x_t W + h_{t-1} U + b)$."""

import numpy as np

from ._steps import all_steps, as_mask, check_shapes, flat_product, shown_outputs, time_major
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


def simple_rnn_forward(x, h_0, W, U, b, mask=None, activation="tanh"):
    """Run the simple RNN over all steps of `x`.

    The inputs of all steps are known beforehand, so their part of the sum is one matrix
    product; only `h_prev @ U` has to wait for the step before.

    Args:
        x: (batch, time, features).
        h_0: (batch, units), the state before the first step.
        W, U, b: kernel (features, units), recurrent kernel (units, units), bias (units,).
        mask: (batch, time), False where a step is padding and the state stays; or None.
        activation: "tanh", "relu" or "linear".

    Returns:
        h: (batch, time, units), the output of every step.
        cache: what `simple_rnn_backward` needs.

    Raises:
        ValueError: if the shapes do not fit or the activation is unknown.
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"activation must be one of {', '.join(ACTIVATIONS)}, "
                         f"got {activation!r}.")
    x, h_0, W, U, b = map(np.asarray, (x, h_0, W, U, b))
    units = U.shape[-1] if U.ndim else 0
    check_shapes(x, W=(W, (x.shape[-1], units)), U=(U, (units, units)), b=(b, (units,)),
                 h_0=(h_0, (len(x), units)))
    mask = as_mask(mask, *x.shape[:2])
    x_t = time_major(x)
    z = all_steps(x_t, W) + b                                  # (time, batch, units)
    h = np.empty((len(z) + 1, *z.shape[1:]), np.result_type(z, h_0, U, np.float32))
    h[0] = h_0
    for t in range(len(z)):
        h[t + 1] = ACTIVATIONS[activation][0](z[t] + h[t] @ U)      # x_t W + b is in z
        if mask is not None:
            h[t + 1] = np.where(mask[t], h[t + 1], h[t])
    return np.swapaxes(shown_outputs(h[1:], mask), 0, 1), (x_t, h, W, U, mask, activation)


def simple_rnn_backward(d_h, cache, truncate=None, keep_states=False):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), the gradient of the loss with respect to the output of
            every step, as it comes from the layer above: zero where no loss reads a step.
        cache: of `simple_rnn_forward`.
        truncate: None for the full gradient, or k >= 1: the error does not cross the
            boundaries before steps k, 2k, 3k, ... (the state did, in the forward pass).
        keep_states: also return the gradient with respect to the state after every step.

    Returns:
        dx (batch, time, features), dh_0 (batch, units), dW (features, units),
        dU (units, units), db (units,): gradients summed over batch and time; and, if
        `keep_states`, d_states (batch, time, units), by all ways in which a state matters.

    Raises:
        ValueError: if `d_h` does not have the shape of h, or `truncate` is below 1.

    Source: Werbos, Backpropagation through time: what it does and how to do it (1990).
    """
    x_t, h, W, U, mask, activation = cache
    wanted = (h.shape[1], h.shape[0] - 1, h.shape[2])
    if np.shape(d_h) != wanted:
        raise ValueError(f"d_h must have the shape of h, {wanted}, got {np.shape(d_h)}.")
    if truncate is not None and truncate < 1:
        raise ValueError(f"truncate must be None or at least 1, got {truncate}.")
    d_h = shown_outputs(time_major(d_h), mask)
    d_z, slope = np.empty_like(h[1:]), ACTIVATIONS[activation][1](h[1:])
    d_states = np.empty_like(d_z)                           # (time, batch, units)
    d_next = np.zeros_like(h[0])                            # from step t + 1: 0 at the end
    for t in reversed(range(len(d_z))):
        d_states[t] = d_state = d_h[t] + d_next             # (batch, units)
        d_z_t = d_state * slope[t]
        if mask is not None:
            d_z_t = d_z_t * mask[t]
        d_z[t] = d_z_t
        d_next = d_z_t @ U.T                                # (batch, units)
        if mask is not None:
            d_next += d_state * ~mask[t]                    # a masked step hands it on as it is
        if truncate is not None and t > 0 and t % truncate == 0:
            d_next = np.zeros_like(d_next)
    dW, dU = flat_product(x_t, d_z), flat_product(h[:-1], d_z)
    gradients = np.swapaxes(all_steps(d_z, W.T), 0, 1), d_next, dW, dU, d_z.sum(axis=(0, 1))
    return (*gradients, np.swapaxes(d_states, 0, 1)) if keep_states else gradients
