r"""Long short-term memory, and the variants that change one thing of it.

    z   = x_t W + h_{t-1} U + b                     (batch, 4 units), Keras' order i, f, g, o
    i_t = sigmoid(z_i)   f_t = sigmoid(z_f)   g_t = tanh(z_g)   o_t = sigmoid(z_o)
    c_t = f_t * c_{t-1} + i_t * g_t
    h_t = o_t * tanh(c_t)

Variants: peephole connections let the gates see the cell (z_i and z_f get p * c_{t-1}, z_o
gets p * c_t); `forget="coupled"` sets f_t = 1 - i_t and `forget="none"` f_t = 1, both with
three blocks of weights, i, g, o; `output_tanh=False` gives h_t = o_t * c_t.

Sources: Hochreiter & Schmidhuber, Long short-term memory (1997), without a forget gate;
Gers, Schmidhuber & Cummins, Learning to forget (2000); Gers & Schmidhuber, Recurrent nets
that time and count (2000), the peepholes; Greff et al., LSTM: a search space odyssey (2015).
"""

import numpy as np

from ._steps import all_steps, as_mask, check_shapes, flat_product, shown_outputs, time_major
from .activations import sigmoid

__all__ = ["lstm_backward", "lstm_forward", "lstm_step", "lstm_weights"]

FORGET = ("gate", "coupled", "none")


def lstm_weights(features, units, rng, forget="gate", forget_bias=1.0, dtype=np.float64):
    """Return start weights W, U, b: uniform (Glorot) W, orthogonal U, b zero but for the bias
    of the forget gate, as in Keras.

    Args:
        features, units: sizes.
        rng: NumPy generator.
        forget: "gate", "coupled" or "none".
        forget_bias: start value of the forget gate's bias; 1 lets the cell remember at first.
        dtype: of the weights.

    Source of the bias: Jozefowicz, Zaremba & Sutskever, An empirical exploration of recurrent
    network architectures (2015).
    """
    blocks = _blocks(forget)
    reach = np.sqrt(6 / (features + blocks * units))
    W = rng.uniform(-reach, reach, (features, blocks * units))
    # orthonormal rows: the QR factors of a tall random matrix
    q, r = np.linalg.qr(rng.normal(size=(blocks * units, units)))
    U = (q * np.sign(np.diag(r))).T
    b = np.zeros(blocks * units)
    if forget == "gate":
        b[units:2 * units] = forget_bias
    return W.astype(dtype), U.astype(dtype), b.astype(dtype)


def _blocks(forget):
    if forget not in FORGET:
        raise ValueError(f"forget must be one of {', '.join(FORGET)}, got {forget!r}.")
    return 4 if forget == "gate" else 3


def lstm_step(x_t, h_prev, c_prev, W, U, b):
    """Return the next state of a plain LSTM.

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


def _halves(k, n, dtype):
    """Return (k n,): 1/2 for the columns of the gates, 1 for those of g, for `_squash`."""
    half = np.full(k * n, 0.5, dtype)
    half[-2 * n:-n] = 1
    return half


def _squash(z, half):
    """Overwrite z by sigmoid(z) = tanh(z / 2) / 2 + 1 / 2, and by tanh(z) where `half` is 1."""
    z *= half
    np.tanh(z, out=z)
    z *= half
    z += 1 - half


def lstm_forward(x, h_0, c_0, W, U, b, mask=None, peephole=None, forget="gate",
                 output_tanh=True):
    """Run an LSTM, or a variant of it, over all steps of `x`.

    Args:
        x: (batch, time, features).
        h_0, c_0: (batch, units), the state before the first step.
        W, U, b: (features, k units), (units, k units), (k units,) with k = 4, or k = 3 blocks
            i, g, o where the forget gate is coupled or left out.
        mask: (batch, time), False where a step is padding and the state stays; or None.
        peephole: (3, units), weights from the cell to the gates i, f, o; or None.
        forget: "gate", "coupled" (f = 1 - i) or "none" (f = 1).
        output_tanh: False for h_t = o_t * c_t.

    Returns:
        h: (batch, time, units), the output of every step.
        state: (h, c), each (batch, units), after the last step.
        cache: what `lstm_backward` needs.

    Raises:
        ValueError: if the shapes do not fit or `forget` is unknown.
    """
    x, h_0, c_0, W, U, b = map(np.asarray, (x, h_0, c_0, W, U, b))
    k, n = _blocks(forget), U.shape[0]
    check_shapes(x, W=(W, (x.shape[-1], k * n)), U=(U, (n, k * n)), b=(b, (k * n,)),
                 h_0=(h_0, (len(x), n)), c_0=(c_0, (len(x), n)))
    p = None if peephole is None else np.asarray(peephole)
    if p is not None and p.shape != (3, n):
        raise ValueError(f"peephole must be (3, units) = {(3, n)}, got {p.shape}.")
    mask, x_t = as_mask(mask, *x.shape[:2]), time_major(x)
    z = all_steps(x_t, W)                                   # (time, batch, k units)
    z += b
    time, batch = z.shape[:2]
    h, c = (np.empty((time + 1, batch, n), z.dtype) for _ in range(2))
    tanh_c = np.empty((time, batch, n), z.dtype)
    h[0], c[0] = h_0, c_0
    back = np.empty_like(z[0])                              # one buffer for every h U
    half = _halves(k, n, z.dtype)
    cell = slice((k - 2) * n, (k - 1) * n)
    for t in range(time):
        z_t = z[t]                                          # becomes the gates, in place
        z_t += np.matmul(h[t], U, out=back)
        if p is None:
            _squash(z_t, half)
        else:                                               # o has to wait for c_t
            z_t[:, :n] += p[0] * c[t]
            if forget == "gate":
                z_t[:, n:2 * n] += p[1] * c[t]
            _squash(z_t[:, :-n], half[:-n])
        np.multiply(z_t[:, :n], z_t[:, cell], out=c[t + 1])         # i g
        c[t + 1] += c[t] if forget == "none" else _forget(z_t, n, forget) * c[t]
        if p is not None:
            z_t[:, -n:] += p[2] * c[t + 1]
            _squash(z_t[:, -n:], half[-n:])
        np.tanh(c[t + 1], out=tanh_c[t]) if output_tanh else np.copyto(tanh_c[t], c[t + 1])
        np.multiply(z_t[:, -n:], tanh_c[t], out=h[t + 1])
        if mask is not None:
            np.copyto(h[t + 1], h[t], where=~mask[t])
            np.copyto(c[t + 1], c[t], where=~mask[t])
    cache = x_t, h, c, z, tanh_c, W, U, p, mask, forget, output_tanh
    return np.swapaxes(shown_outputs(h[1:], mask), 0, 1), (h[-1], c[-1]), cache


def _forget(gates, n, forget):
    return gates[:, n:2 * n] if forget == "gate" else 1 - gates[:, :n]


def lstm_backward(d_h, cache, d_state=None, keep_states=False):
    """Back-propagate through time.

    Args:
        d_h: (batch, time, units), gradient with respect to the output of every step.
        cache: of `lstm_forward`.
        d_state: (dh, dc) with respect to the state after the last step; zero if None.
        keep_states: also return the gradients with respect to the state after every step.

    Returns:
        {"x", "h_0", "c_0", "W", "U", "b"} and, with peepholes, "peephole": gradients of the
        shapes of their arrays, summed over batch and time. If `keep_states` also "h" and
        "c", (batch, time, units), by all ways in which they matter.

    Raises:
        ValueError: if `d_h` does not have the shape of h.
    """
    x_t, h, c, gates, tanh_c, W, U, p, mask, forget, output_tanh = cache
    time, batch, n = tanh_c.shape
    if np.shape(d_h) != (batch, time, n):
        raise ValueError(f"d_h must have the shape of h, {(batch, time, n)}, "
                         f"got {np.shape(d_h)}.")
    d_out = shown_outputs(time_major(d_h), mask)
    d_z = np.empty_like(gates)                              # (time, batch, k units)
    dh, dc = np.zeros_like(h[0]), np.zeros_like(c[0])
    if d_state is not None:
        dh, dc = dh + d_state[0], dc + d_state[1]
    slope, spare = np.empty_like(gates[0]), np.empty_like(gates[0])
    shift = 2 * _halves(gates.shape[-1] // n, n, gates.dtype) - 1   # 0 for gates, 1 for g
    dp = None if p is None else np.zeros_like(p)
    d_states = {name: np.empty_like(tanh_c) for name in "hc"} if keep_states else {}
    for t in reversed(range(time)):
        dh = dh + d_out[t]
        if keep_states:
            d_states["h"][t], d_states["c"][t] = dh, dc     # what h_t adds to dc comes below
        g_t, d_z_t = gates[t], d_z[t]
        i, g, o = g_t[:, :n], g_t[:, -2 * n:-n], g_t[:, -n:]
        if mask is not None:
            dh_kept, dc_kept = dh * ~mask[t], dc * ~mask[t]         # handed on as they are
            dh, dc = dh * mask[t], dc * mask[t]
        np.subtract(1, g_t, out=slope)                              # by their pre-activations:
        slope *= np.add(g_t, shift, out=spare)                      # (1 - s) s and (1 - g)(1 + g)
        np.multiply(dh, tanh_c[t], out=d_z_t[:, -n:])               # do, then dz_o
        d_z_t[:, -n:] *= slope[:, -n:]
        through = dh * o
        if output_tanh:
            through *= 1 - tanh_c[t] ** 2
        dc = dc + through
        if p is not None:
            dc += d_z_t[:, -n:] * p[2]
        if keep_states:
            d_states["c"][t] = dc if mask is None else np.where(mask[t], dc, d_states["c"][t])
        np.multiply(dc, g, out=d_z_t[:, :n])                        # di
        np.multiply(dc, i, out=d_z_t[:, -2 * n:-n])                 # dg
        if forget == "gate":
            np.multiply(dc, c[t], out=d_z_t[:, n:2 * n])            # df
        elif forget == "coupled":
            d_z_t[:, :n] -= dc * c[t]                               # f = 1 - i
        d_z_t[:, :-n] *= slope[:, :-n]
        dc = dc if forget == "none" else dc * _forget(g_t, n, forget)
        dh = d_z_t @ U.T                                            # (batch, units)
        if p is not None:
            dp += _peephole_gradient(d_z_t, c[t], c[t + 1], n, forget)
            dc = dc + d_z_t[:, :n] * p[0]
            if forget == "gate":
                dc += d_z_t[:, n:2 * n] * p[1]
        if mask is not None:
            dh, dc = dh + dh_kept, dc + dc_kept
    gradients = {
        "x": np.swapaxes(all_steps(d_z, W.T), 0, 1), "h_0": dh, "c_0": dc,
        "W": flat_product(x_t, d_z), "U": flat_product(h[:-1], d_z), "b": d_z.sum(axis=(0, 1)),
    }
    if p is not None:
        gradients["peephole"] = dp
    return gradients | {name: np.swapaxes(d, 0, 1) for name, d in d_states.items()}


def _peephole_gradient(d_z_t, c_prev, c_t, n, forget):
    parts = [d_z_t[:, :n] * c_prev, d_z_t[:, n:2 * n] * c_prev, d_z_t[:, -n:] * c_t]
    if forget != "gate":
        parts[1] = np.zeros_like(c_t)                               # no forget gate of its own
    return np.stack([part.sum(axis=0) for part in parts])
