r"""Recurrent layers in NumPy, forward and backward, with Keras' shapes and weight layout.

Each cell is one pure step function; a `…_forward` runs it over time and keeps what its
`…_backward` needs. Shapes: x (batch, time, features), h (batch, time, units), initial
state h_0 (batch, units), kernel W (features, units), recurrent kernel U (units, units),
bias b (units,). `h[:, t]` is the state after reading `x[:, t]`. float32 stays float32.
"""

import numpy as np

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


def simple_rnn_forward(x, h_0, W, U, b):
    """Run the simple RNN over all steps of `x`.

    The inputs of all steps are known beforehand, so their part of the sum is one matrix
    product; only `h_prev @ U` has to wait for the step before.

    Args:
        x: (batch, time, features).
        h_0: (batch, units), the state before the first step.
        W, U, b: kernel, recurrent kernel and bias.

    Returns:
        h: (batch, time, units), the state after every step.
        cache: what `simple_rnn_backward` needs.

    Raises:
        ValueError: if the shapes do not fit.
    """
    x, h_0, W, U, b = map(np.asarray, (x, h_0, W, U, b))
    _check_shapes(x, h_0, W, U, b)
    z = x @ W + b                                   # (batch, time, units)
    h = np.empty(z.shape, np.result_type(z, h_0, U, np.float32))
    h_t = h_0
    for t in range(x.shape[1]):
        h_t = h[:, t] = np.tanh(z[:, t] + h_t @ U)  # simple_rnn_step, x_t @ W + b done above
    return h, (x, h_0, h, W, U)


def simple_rnn_backward(d_h, cache, truncate=None):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), the gradient of the loss with respect to the output of
            every step, as it comes from the layer above: zero where no loss reads a step.
        cache: of `simple_rnn_forward`.
        truncate: None for the full gradient, or k >= 1: the error does not cross the
            boundaries before steps k, 2k, 3k, ... (the state did, in the forward pass).

    Returns:
        dx (batch, time, features), dh_0 (batch, units), dW (features, units),
        dU (units, units), db (units,): gradients summed over batch and time.

    Raises:
        ValueError: if `d_h` does not have the shape of h, or `truncate` is below 1.

    Source: Werbos, Backpropagation through time: what it does and how to do it (1990).
    """
    x, h_0, h, W, U = cache
    d_h = np.asarray(d_h)
    if d_h.shape != h.shape:
        raise ValueError(f"d_h must have the shape of h, {h.shape}, got {d_h.shape}.")
    if truncate is not None and truncate < 1:
        raise ValueError(f"truncate must be None or at least 1, got {truncate}.")
    d_z, slope = np.empty_like(h), 1 - h**2         # (batch, time, units)
    d_next = np.zeros_like(h[:, 0])                 # what step t + 1 sends back: 0 at the end
    for t in reversed(range(h.shape[1])):
        d_z[:, t] = d_z_t = (d_h[:, t] + d_next) * slope[:, t]
        d_next = d_z_t @ U.T                        # (batch, units)
        if truncate is not None and t > 0 and t % truncate == 0:
            d_next = np.zeros_like(d_next)
    h_prev = np.concatenate([h_0[:, None].astype(h.dtype), h[:, :-1]], axis=1)
    dW = np.tensordot(x, d_z, axes=((0, 1), (0, 1)))        # (features, units)
    dU = np.tensordot(h_prev, d_z, axes=((0, 1), (0, 1)))   # (units, units)
    return d_z @ W.T, d_next, dW, dU, d_z.sum(axis=(0, 1))


def _check_shapes(x, h_0, W, U, b):
    if x.ndim != 3 or x.shape[1] < 1:
        raise ValueError(f"x must be (batch, time >= 1, features), got shape {x.shape}.")
    batch, _, features = x.shape
    units = U.shape[-1] if U.ndim else 0
    wanted = {"h_0": (batch, units), "W": (features, units), "U": (units, units), "b": (units,)}
    got = {"h_0": h_0.shape, "W": W.shape, "U": U.shape, "b": b.shape}
    for name, shape in wanted.items():
        if got[name] != shape:
            raise ValueError(
                f"{name} must have shape {shape} for x {x.shape} and {units} units, "
                f"got {got[name]}."
            )
