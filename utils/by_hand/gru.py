r"""The gated recurrent unit, in both forms that Keras knows.

    z_t = sigmoid(x_t W_z + h_{t-1} U_z + b_z)      update gate; Keras' order is z, r, h
    r_t = sigmoid(x_t W_r + h_{t-1} U_r + b_r)      reset gate
    g_t = tanh(x_t W_h + b_h + r_t * (h_{t-1} U_h + b'_h))      reset_after=True, the default
    g_t = tanh(x_t W_h + b_h + (r_t * h_{t-1}) U_h)             reset_after=False
    h_t = z_t * h_{t-1} + (1 - z_t) * g_t           some papers swap z_t and 1 - z_t

Source: Cho et al., Learning phrase representations using RNN encoder-decoder (2014), which
resets before the product; the other form lets a GPU do one product for all three gates.
"""

import numpy as np

from ._steps import (
    all_steps,
    arriving,
    as_mask,
    batch_major,
    check_shapes,
    flat_product,
    from_above,
    shown_outputs,
    sigmoid_in_place,
    states_from,
    time_major,
)
from .activations import sigmoid

__all__ = ["gru_backward", "gru_forward", "gru_step"]


def gru_step(x_t, h_prev, W, U, b, reset_after=True):
    """Return the next state of a GRU.

    Args:
        x_t: (batch, features).
        h_prev: (batch, units).
        W, U: kernel (features, 3 units), recurrent kernel (units, 3 units).
        b: (2, 3 units), input and recurrent bias, if `reset_after`, else (3 units,).
        reset_after: whether the reset gate acts after the matrix product.

    Returns:
        h_t: (batch, units).
    """
    n = U.shape[0]
    b_in, b_rec = b if reset_after else (b, np.zeros_like(b))
    a = x_t @ W + b_in                                      # (batch, 3 * units)
    s = h_prev @ U[:, :2 * n] + b_rec[:2 * n]               # (batch, 2 * units)
    z_t, r_t = np.split(sigmoid(a[:, :2 * n] + s), 2, axis=-1)
    if reset_after:
        past = r_t * (h_prev @ U[:, 2 * n:] + b_rec[2 * n:])
    else:
        past = (r_t * h_prev) @ U[:, 2 * n:]
    g_t = np.tanh(a[:, 2 * n:] + past)
    return z_t * h_prev + (1 - z_t) * g_t


def gru_forward(x, state, W, U, b, mask=None, reset_after=True):
    """Run a GRU over all steps of `x`.

    Args:
        x: (batch, time, features).
        state: (batch, units), before the first step; zero if None.
        W, U, b: as in `gru_step`.
        mask: (batch, time), False where a step is padding and the state stays; or None.
        reset_after: whether the reset gate acts after the matrix product.

    Returns:
        h: (batch, time, units), the output of every step.
        state: (batch, units), after the last step.
        cache: what `gru_backward` needs.

    Raises:
        ValueError: if the shapes do not fit.
    """
    x, W, U, b = map(np.asarray, (x, W, U, b))
    n = U.shape[0]
    check_shapes(x, W=(W, (x.shape[-1], 3 * n)), U=(U, (n, 3 * n)),
                 b=(b, (2, 3 * n) if reset_after else (3 * n,)))
    mask, x_t = as_mask(mask, *x.shape[:2]), time_major(x)
    gates = all_steps(x_t, W)                               # (time, batch, 3 units)
    gates += b[0] if reset_after else b
    time, batch = gates.shape[:2]
    h = states_from(state, time, batch, n, gates.dtype)
    past = np.empty((time, batch, n), gates.dtype)          # what the reset gate multiplies
    back = np.empty_like(gates[0])                          # one buffer for every h U
    U_gates, U_h = np.ascontiguousarray(U[:, :2 * n]), np.ascontiguousarray(U[:, 2 * n:])
    for t in range(time):
        a_t = gates[t]                                      # becomes z, r, g, in place
        if reset_after:
            s = np.matmul(h[t], U, out=back)                # one product for all three
            s += b[1]
            a_t[:, :2 * n] += s[:, :2 * n]
            past[t] = s[:, 2 * n:]
        else:
            a_t[:, :2 * n] += h[t] @ U_gates
            past[t] = h[t]
        sigmoid_in_place(a_t[:, :2 * n])
        z_t, r_t, g_t = a_t[:, :n], a_t[:, n:2 * n], a_t[:, 2 * n:]
        g_t += r_t * past[t] if reset_after else (r_t * past[t]) @ U_h
        np.tanh(g_t, out=g_t)
        np.subtract(h[t], g_t, out=h[t + 1])                # z h + (1 - z) g = g + z (h - g)
        h[t + 1] *= z_t
        h[t + 1] += g_t
        if mask is not None:
            np.copyto(h[t + 1], h[t], where=~mask[t])
    cache = x_t, h, gates, past, W, U, mask, reset_after
    return batch_major(shown_outputs(h[1:], mask)), h[-1], cache


def gru_backward(d_h, cache, d_state=None, keep_states=False):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), gradient with respect to the output of every step.
        cache: of `gru_forward`.
        d_state: (batch, units), with respect to the state after the last step; zero if None.
        keep_states: also return the gradient with respect to the state after every step.

    Returns:
        {"x", "state", "W", "U", "b"}: gradients of the shapes of their arrays, summed over
        batch and time; if `keep_states` also "states", (batch, time, units), by all ways in
        which a state matters.

    Raises:
        ValueError: if a gradient does not have the shape of its array.
    """
    x_t, h, gates, past, W, U, mask, reset_after = cache
    time, _, n = past.shape
    d_out = from_above(d_h, h[1:], mask)
    d_a = np.empty_like(gates)                              # by x_t W + b, (time, batch, 3 units)
    d_s = np.empty_like(gates) if reset_after else d_a      # by h U + b'
    dh = arriving(d_state, h[-1])
    U_gates_T, U_h_T = U[:, :2 * n].T, U[:, 2 * n:].T
    d_states = np.empty_like(past) if keep_states else None
    slope, d_prev = np.empty_like(gates[0, :, :2 * n]), np.empty_like(dh)
    for t in reversed(range(time)):
        dh = dh + d_out[t]
        if keep_states:
            d_states[t] = dh
        if mask is not None:
            kept, dh = dh * ~mask[t], dh * mask[t]          # a masked step hands it on as it is
        z_t, r_t, g_t = gates[t, :, :n], gates[t, :, n:2 * n], gates[t, :, 2 * n:]
        kept_share = dh * z_t
        d_g, both = d_a[t, :, 2 * n:], gates[t, :, :2 * n]
        np.subtract(dh, kept_share, out=d_g)                # dh (1 - z), then by tanh's argument
        d_g *= 1 - g_t * g_t
        np.multiply(both, both, out=slope)
        np.subtract(both, slope, out=slope)                 # of the sigmoids: s - s^2
        np.multiply(dh, h[t] - g_t, out=d_a[t, :, :n])
        if reset_after:
            np.multiply(d_g, past[t], out=d_a[t, :, n:2 * n])
            d_a[t, :, :2 * n] *= slope
            d_s[t, :, :2 * n] = d_a[t, :, :2 * n]
            np.multiply(d_g, r_t, out=d_s[t, :, 2 * n:])
            np.matmul(d_s[t], U.T, out=d_prev)
        else:
            d_reset = d_g @ U_h_T                           # by r_t * h_{t-1}
            d_a[t, :, n:2 * n] = d_reset * past[t]
            d_a[t, :, :2 * n] *= slope
            np.matmul(d_a[t, :, :2 * n], U_gates_T, out=d_prev)
            d_prev += d_reset * r_t
        dh = d_prev + kept_share
        if mask is not None:
            dh += kept
    if reset_after:
        dU, db = flat_product(h[:-1], d_s), np.stack([d_a.sum((0, 1)), d_s.sum((0, 1))])
    else:
        reset = gates[..., n:2 * n] * h[:-1]
        dU = np.concatenate([flat_product(h[:-1], np.ascontiguousarray(d_a[..., :2 * n])),
                             flat_product(reset, np.ascontiguousarray(d_a[..., 2 * n:]))], axis=1)
        db = d_a.sum((0, 1))
    gradients = {"x": batch_major(all_steps(d_a, W.T)), "state": dh,
                 "W": flat_product(x_t, d_a), "U": dU, "b": db}
    return gradients | ({"states": batch_major(d_states)} if keep_states else {})
