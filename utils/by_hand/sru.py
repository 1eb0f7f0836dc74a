r"""The simple recurrent unit: all its matrix products can be done before the first step.

    u_t, a_t, e_t, s_t = x_t W                      (batch, 4 units), no h_{t-1} in it
    f_t = sigmoid(a_t + v_f * c_{t-1} + b_f)
    r_t = sigmoid(e_t + v_r * c_{t-1} + b_r)
    c_t = f_t * c_{t-1} + (1 - f_t) * u_t
    h_t = r_t * c_t + (1 - r_t) * s_t               a highway past the cell

What is left for the loop is elementwise. The source takes x_t itself for s_t where features
and units are as many; here s_t always has weights of its own.

Source: Lei, Zhang, Wang, Dai & Artzi, Simple recurrent units for highly parallelizable
recurrence (2018), equations 3 to 7.
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
    sigmoid_in_place,
    states_from,
    time_major,
)
from .activations import sigmoid

__all__ = ["sru_backward", "sru_forward", "sru_step"]


def sru_step(x_t, c_prev, W, v, b):
    """Return the next output and state of a simple recurrent unit.

    Args:
        x_t: (batch, features).
        c_prev: (batch, units).
        W: (features, 4 units), in the order u, f, r, s.
        v: (2, units), weights from the state to the gates f and r.
        b: (2, units), their biases.

    Returns:
        h_t, c_t: (batch, units).
    """
    u_t, a_t, e_t, s_t = np.split(x_t @ W, 4, axis=-1)      # each (batch, units)
    f_t = sigmoid(a_t + v[0] * c_prev + b[0])
    r_t = sigmoid(e_t + v[1] * c_prev + b[1])
    c_t = f_t * c_prev + (1 - f_t) * u_t
    return r_t * c_t + (1 - r_t) * s_t, c_t


def sru_forward(x, state, W, v, b, mask=None):
    """Run a simple recurrent unit over all steps of `x`.

    Args:
        x: (batch, time, features).
        state: (batch, units), c before the first step; zero if None.
        W, v, b: as in `sru_step`.
        mask: (batch, time), False where a step is padding: state and output stay; or None.

    Returns:
        h: (batch, time, units), the output of every step.
        state: (batch, units), c after the last step.
        cache: what `sru_backward` needs.

    Raises:
        ValueError: if the shapes do not fit.
    """
    x, W, v, b = map(np.asarray, (x, W, v, b))
    n = np.shape(v)[-1]
    check_shapes(x, W=(W, (x.shape[-1], 4 * n)), v=(v, (2, n)), b=(b, (2, n)))
    mask, x_t = as_mask(mask, *x.shape[:2]), time_major(x)
    p = all_steps(x_t, W)                                   # (time, batch, 4 units): all of it
    p[..., n:3 * n] += b.ravel()
    time, batch = p.shape[:2]
    c = states_from(state, time, batch, n, p.dtype)
    h, last = np.empty_like(c[1:]), np.zeros_like(c[0])
    for t in range(time):
        u_t, gates, s_t = p[t, :, :n], p[t, :, n:3 * n], p[t, :, 3 * n:]
        gates[:, :n] += v[0] * c[t]
        gates[:, n:] += v[1] * c[t]
        sigmoid_in_place(gates)                            # f, r in place of a, e
        f_t, r_t = gates[:, :n], gates[:, n:]
        c[t + 1] = u_t + f_t * (c[t] - u_t)
        h[t] = s_t + r_t * (c[t + 1] - s_t)
        if mask is not None:
            np.copyto(c[t + 1], c[t], where=~mask[t])
            np.copyto(h[t], last, where=~mask[t])
            last = h[t]
    return batch_major(h), c[-1], (x_t, c, p, W, v, mask)


def sru_backward(d_h, cache, d_state=None, keep_states=False):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), gradient with respect to the output of every step.
        cache: of `sru_forward`.
        d_state: (batch, units), with respect to the state after the last step; zero if None.
        keep_states: also return the gradient with respect to the state after every step.

    Returns:
        {"x", "state", "W", "v", "b"}: gradients of the shapes of their arrays, summed over
        batch and time; if `keep_states` also "states", (batch, time, units), by all ways in
        which a state matters.

    Raises:
        ValueError: if a gradient does not have the shape of its array.
    """
    x_t, c, p, W, v, mask = cache
    time, batch, n = c.shape[0] - 1, c.shape[1], c.shape[2]
    d_out = from_above(d_h, c[1:], None)    # a masked step repeats an output, not the state
    d_p = np.empty_like(p)
    dc = arriving(d_state, c[-1])
    d_states = np.empty_like(c[1:]) if keep_states else None
    waiting = np.zeros_like(c[0])           # of outputs repeated at masked steps
    for t in reversed(range(time)):
        u_t, f_t, r_t, s_t = (p[t, :, k * n:(k + 1) * n] for k in range(4))
        dh = d_out[t] + waiting
        if mask is not None:
            kept, waiting = dc * ~mask[t], dh * ~mask[t]
            dh, dc = dh * mask[t], dc * mask[t]
        d_e = dh * (c[t + 1] - s_t) * r_t * (1 - r_t)
        dc = dc + dh * r_t
        if keep_states:
            d_states[t] = dc if mask is None else dc + kept
        d_a = dc * (c[t] - u_t) * f_t * (1 - f_t)
        d_p[t] = np.concatenate([dc * (1 - f_t), d_a, d_e, dh * (1 - r_t)], axis=-1)
        dc = dc * f_t + d_a * v[0] + d_e * v[1]
        if mask is not None:
            dc = dc + kept
    d_gates = d_p[..., n:3 * n].reshape(time, batch, 2, n)
    gradients = {"x": batch_major(all_steps(d_p, W.T)), "state": dc, "W": flat_product(x_t, d_p),
                 "v": np.einsum("tbkn,tbn->kn", d_gates, c[:-1]), "b": d_gates.sum((0, 1))}
    return gradients | ({"states": batch_major(d_states)} if keep_states else {})
