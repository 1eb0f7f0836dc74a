r"""Long short-term memory.

    z   = x_t W + h_{t-1} U + b                     (batch, 4 units), Keras' order i, f, g, o
    i_t = sigmoid(z_i)   f_t = sigmoid(z_f)   g_t = tanh(z_g)   o_t = sigmoid(z_o)
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

The state is the pair (h, c). `lstm_variants` changes one thing or another of these equations.

Sources: Hochreiter & Schmidhuber, Long short-term memory (1997), without a forget gate;
Gers, Schmidhuber & Cummins, Learning to forget (2000).
"""

import numpy as np

from ._starts import glorot_uniform, orthogonal
from ._steps import (
    all_steps,
    arriving,
    as_mask,
    at,
    batch_major,
    check_shapes,
    flat_product,
    from_above,
    gate_scale,
    gate_slopes,
    gates_in_place,
    pair,
    shown_outputs,
    states_from,
    time_major,
)
from .activations import sigmoid

__all__ = ["lstm_backward", "lstm_forward", "lstm_step", "lstm_weights"]


def lstm_weights(features, units, rng, forget_bias=1.0, dtype=np.float64):
    """Return start weights W, U, b: uniform (Glorot) W, orthogonal U, b zero but for the bias
    of the forget gate, as in Keras.

    Args:
        features, units: sizes.
        rng: NumPy generator.
        forget_bias: start value of the forget gate's bias; 1 lets the cell remember at first.
        dtype: of the weights.

    Source of the bias: Jozefowicz, Zaremba & Sutskever, An empirical exploration of recurrent
    network architectures (2015).
    """
    W = glorot_uniform(rng, features, 4 * units)
    U = orthogonal(rng, units, 4 * units)
    b = np.zeros(4 * units)
    b[units:2 * units] = forget_bias
    return W.astype(dtype), U.astype(dtype), b.astype(dtype)


def lstm_step(x_t, h_prev, c_prev, W, U, b):
    """Return the next state of an LSTM.

    Args:
        x_t: (batch, features).
        h_prev, c_prev: (batch, units), output and cell state before this step.
        W, U, b: kernel (features, 4 units), recurrent kernel (units, 4 units), bias (4 units,).

    Returns:
        h_t, c_t: (batch, units).
    """
    z = x_t @ W + h_prev @ U + b                            # (batch, 4 * units)
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=-1)            # Keras' gate order
    i_t, f_t, o_t = sigmoid(z_i), sigmoid(z_f), sigmoid(z_o)
    g_t = np.tanh(z_g)
    c_t = f_t * c_prev + i_t * g_t
    h_t = o_t * np.tanh(c_t)
    return h_t, c_t


def lstm_forward(x, state, W, U, b, mask=None):
    """Run an LSTM over all steps of `x`.

    Args:
        x: (batch, time, features).
        state: (h, c), each (batch, units), before the first step; zero if None.
        W, U, b: as in `lstm_step`.
        mask: (batch, time), False where a step is padding and the state stays; or None.

    Returns:
        h: (batch, time, units), the output of every step.
        state: (h, c), each (batch, units), after the last step.
        cache: what `lstm_backward` needs.

    Raises:
        ValueError: if the shapes do not fit.
    """
    x, W, U, b = map(np.asarray, (x, W, U, b))
    n = U.shape[0]
    check_shapes(x, W=(W, (x.shape[-1], 4 * n)), U=(U, (n, 4 * n)), b=(b, (4 * n,)))
    mask, x_t = as_mask(mask, *x.shape[:2]), time_major(x)
    z = all_steps(x_t, W)                                   # (time, batch, 4 units): x_t W + b
    z += b
    i, f, g, o = np.split(z, 4, axis=-1)                    # views: what z is, they are
    time, batch = z.shape[:2]
    h_0, c_0 = pair(state, "state")
    h = states_from(h_0, time, batch, n, z.dtype, "h of the state")
    c = states_from(c_0, time, batch, n, z.dtype, "c of the state")
    tanh_c = np.empty_like(c[1:])
    scale, product = gate_scale(4, n, z.dtype), np.empty_like(z[0])
    for t in range(time):
        z[t] += np.matmul(h[t], U, out=product)
        gates_in_place(z[t], scale)                         # sigmoid, and tanh for g
        c[t + 1] = at(mask, t, f[t] * c[t] + i[t] * g[t], c[t])
        np.tanh(c[t + 1], out=tanh_c[t])
        h[t + 1] = at(mask, t, o[t] * tanh_c[t], h[t])
    cache = x_t, h, c, z, tanh_c, W, U, mask
    return batch_major(shown_outputs(h[1:], mask)), (h[-1], c[-1]), cache


def lstm_backward(d_h, cache, d_state=None, keep_states=False):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), gradient with respect to the output of every step.
        cache: of `lstm_forward`.
        d_state: (dh, dc) with respect to the state after the last step; zero if None.
        keep_states: also return the gradients with respect to the state after every step.

    Returns:
        {"x", "state", "W", "U", "b"}: gradients of the shapes of their arrays, summed over
        batch and time; "state" is the pair (dh, dc). If `keep_states` also "states", a pair
        of (batch, time, units), by all ways in which h and c matter.

    Raises:
        ValueError: if a gradient does not have the shape of its array.
    """
    x_t, h, c, gates, tanh_c, W, U, mask = cache
    d_out = from_above(d_h, h[1:], mask)
    d_z = np.empty_like(gates)                              # (time, batch, 4 units)
    i, f, g, o = np.split(gates, 4, axis=-1)
    d_i, d_f, d_g, d_o = np.split(d_z, 4, axis=-1)          # views: d_z holds them side by side
    dh, dc = pair(d_state, "d_state")
    dh, dc = arriving(dh, h[-1], "dh of d_state"), arriving(dc, c[-1], "dc of d_state")
    d_states = (np.empty_like(tanh_c), np.empty_like(tanh_c)) if keep_states else ()
    scale, slopes = gate_scale(4, h.shape[-1], gates.dtype), np.empty_like(gates[0])
    for t in reversed(range(len(gates))):
        dh = dh + d_out[t]                                  # (batch, units)
        dc = at(mask, t, dc + dh * o[t] * (1 - tanh_c[t] ** 2), dc)
        if keep_states:
            d_states[0][t], d_states[1][t] = dh, dc
        d_i[t] = dc * g[t]
        d_f[t] = dc * c[t]                                  # c[t] is c_{t-1}: c_0 stands first
        d_g[t] = dc * i[t]
        d_o[t] = dh * tanh_c[t]
        d_z[t] *= gate_slopes(gates[t], scale, out=slopes)
        if mask is not None:
            d_z[t] *= mask[t]                               # a masked step teaches no weight
        dh = at(mask, t, d_z[t] @ U.T, dh)                  # and hands on what it got
        dc = at(mask, t, dc * f[t], dc)
    gradients = {"x": batch_major(all_steps(d_z, W.T)), "state": (dh, dc),
                 "W": flat_product(x_t, d_z), "U": flat_product(h[:-1], d_z),
                 "b": d_z.sum(axis=(0, 1))}
    return gradients | ({"states": tuple(map(batch_major, d_states))} if keep_states else {})
