r"""Variants of the LSTM: each option changes one thing of `lstm`, and options go together.

    peephole            z_i and z_f get p * c_{t-1}, z_o gets p * c_t: the gates see the cell
    forget="coupled"    f_t = 1 - i_t               three blocks of weights, i, g, o
    forget="none"       f_t = 1                     three blocks too
    output_tanh=False   h_t = o_t * c_t

Sources: Hochreiter & Schmidhuber, Long short-term memory (1997), without a forget gate;
Gers & Schmidhuber, Recurrent nets that time and count (2000), the peepholes; Greff et al.,
LSTM: a search space odyssey (2015), all of them.
"""

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
    gate_scale,
    gate_slopes,
    gates_in_place,
    pair,
    shown_outputs,
    states_from,
    time_major,
)

__all__ = ["lstm_variant_backward", "lstm_variant_forward"]

FORGET = ("gate", "coupled", "none")


def lstm_variant_forward(x, state, W, U, b, peephole=None, mask=None, forget="gate",
                         output_tanh=True):
    """Run a variant of the LSTM over all steps of `x`.

    Args:
        x: (batch, time, features).
        state: (h, c), each (batch, units), before the first step; zero if None.
        W, U, b: (features, k units), (units, k units), (k units,) with k = 4, or k = 3 blocks
            i, g, o where the forget gate is coupled or left out.
        peephole: (3, units), weights from the cell to the gates i, f, o; or None.
        mask: (batch, time), False where a step is padding and the state stays; or None.
        forget: "gate", "coupled" (f = 1 - i) or "none" (f = 1).
        output_tanh: False for h_t = o_t * c_t.

    Returns:
        h: (batch, time, units), the output of every step.
        state: (h, c), each (batch, units), after the last step.
        cache: what `lstm_variant_backward` needs.

    Raises:
        ValueError: if the shapes do not fit or `forget` is unknown.
    """
    if forget not in FORGET:
        raise ValueError(f"forget must be one of {', '.join(FORGET)}, got {forget!r}.")
    x, W, U, b = map(np.asarray, (x, W, U, b))
    k, n = 4 if forget == "gate" else 3, U.shape[0]
    check_shapes(x, W=(W, (x.shape[-1], k * n)), U=(U, (n, k * n)), b=(b, (k * n,)))
    p = None if peephole is None else np.asarray(peephole)
    if p is not None and p.shape != (3, n):
        raise ValueError(f"peephole must be (3, units) = {(3, n)}, got {p.shape}.")
    mask, x_t = as_mask(mask, *x.shape[:2]), time_major(x)
    z = all_steps(x_t, W)                                   # (time, batch, k units)
    z += b
    i, f, g, o = _blocks(z, forget)
    time, batch = z.shape[:2]
    h_0, c_0 = pair(state, "state")
    h = states_from(h_0, time, batch, n, z.dtype, "h of the state")
    c = states_from(c_0, time, batch, n, z.dtype, "c of the state")
    tanh_c = np.empty_like(c[1:])
    scale, product = gate_scale(k, n, z.dtype), np.empty_like(z[0])
    for t in range(time):
        z[t] += np.matmul(h[t], U, out=product)
        if p is None:
            gates_in_place(z[t], scale)
        else:
            i[t] += p[0] * c[t]
            if forget == "gate":
                f[t] += p[1] * c[t]
            gates_in_place(z[t, :, :-n], scale[:-n])        # o has to wait for c_t
        c_t = _kept_share(i, f, t, forget) * c[t] + i[t] * g[t]
        if p is not None:
            o[t] += p[2] * c_t
            gates_in_place(o[t], scale[-n:])
        tanh_c[t] = np.tanh(c_t) if output_tanh else c_t
        c[t + 1] = at(mask, t, c_t, c[t])
        h[t + 1] = at(mask, t, o[t] * tanh_c[t], h[t])
    cache = x_t, h, c, z, tanh_c, W, U, p, mask, forget, output_tanh
    return batch_major(shown_outputs(h[1:], mask)), (h[-1], c[-1]), cache


def _blocks(z, forget):
    """Return views i, f, g, o of the blocks of z; f is None where it has none."""
    if forget == "gate":
        return np.split(z, 4, axis=-1)
    i, g, o = np.split(z, 3, axis=-1)
    return i, None, g, o


def _kept_share(i, f, t, forget):
    if forget == "gate":
        return f[t]
    return 1 - i[t] if forget == "coupled" else 1


def lstm_variant_backward(d_h, cache, d_state=None, keep_states=False):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), gradient with respect to the output of every step.
        cache: of `lstm_variant_forward`.
        d_state: (dh, dc) with respect to the state after the last step; zero if None.
        keep_states: also return the gradients with respect to the state after every step.

    Returns:
        {"x", "state", "W", "U", "b"} and, with peepholes, "peephole": gradients of the shapes
        of their arrays, summed over batch and time; "state" is the pair (dh, dc). If
        `keep_states` also "states", a pair of (batch, time, units), by all ways in which h and
        c matter.

    Raises:
        ValueError: if a gradient does not have the shape of its array.
    """
    x_t, h, c, gates, tanh_c, W, U, p, mask, forget, output_tanh = cache
    d_out = from_above(d_h, h[1:], mask)
    d_z = np.empty_like(gates)                              # (time, batch, k units)
    i, f, g, o = _blocks(gates, forget)
    d_i, d_f, d_g, d_o = _blocks(d_z, forget)
    dh, dc = pair(d_state, "d_state")
    dh, dc = arriving(dh, h[-1], "dh of d_state"), arriving(dc, c[-1], "dc of d_state")
    d_states = (np.empty_like(tanh_c), np.empty_like(tanh_c)) if keep_states else ()
    n = h.shape[-1]
    scale, slopes = gate_scale(gates.shape[-1] // n, n, gates.dtype), np.empty_like(gates[0])
    dp = None if p is None else np.zeros_like(p)
    for t in reversed(range(len(gates))):
        dh = dh + d_out[t]
        gate_slopes(gates[t], scale, out=slopes)
        d_o[t] = at(mask, t, dh * tanh_c[t] * slopes[:, -n:], 0)
        dc_t = dc + (dh * o[t] * (1 - tanh_c[t] ** 2) if output_tanh else dh * o[t])
        if p is not None:
            dc_t += d_o[t] * p[2]
        dc = at(mask, t, dc_t, dc)
        if keep_states:
            d_states[0][t], d_states[1][t] = dh, dc
        d_i[t], d_g[t] = dc * g[t], dc * i[t]
        if forget == "gate":
            d_f[t] = dc * c[t]
        elif forget == "coupled":
            d_i[t] -= dc * c[t]                             # f = 1 - i
        d_z[t, :, :-n] *= slopes[:, :-n]
        if mask is not None:
            d_z[t] *= mask[t]
        dh = at(mask, t, d_z[t] @ U.T, dh)
        through = dc * _kept_share(i, f, t, forget)
        if p is not None:
            through += d_i[t] * p[0]
            dp[0] += (d_i[t] * c[t]).sum(axis=0)
            dp[2] += (d_o[t] * c[t + 1]).sum(axis=0)
            if forget == "gate":
                through += d_f[t] * p[1]
                dp[1] += (d_f[t] * c[t]).sum(axis=0)
        dc = at(mask, t, through, dc)
    gradients = {"x": batch_major(all_steps(d_z, W.T)), "state": (dh, dc),
                 "W": flat_product(x_t, d_z), "U": flat_product(h[:-1], d_z),
                 "b": d_z.sum(axis=(0, 1))}
    return (gradients | ({} if p is None else {"peephole": dp})
            | ({"states": tuple(map(batch_major, d_states))} if keep_states else {}))
