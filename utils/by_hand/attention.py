r"""Additive attention over the regions of an image, or over the steps of another sentence.

    e_i = v^T tanh(a_i W_a + h W_h + b)         how well region i fits what is asked for
    alpha_i = exp(e_i) / sum_j exp(e_j)         weights: positive, of sum 1
    context = sum_i alpha_i a_i

Source: Bahdanau et al., Neural machine translation by jointly learning to align and translate
(2014); Xu et al., Show, attend and tell (2015), "soft" attention.
"""

import numpy as np

from .activations import softmax

__all__ = ["additive_attention_backward", "additive_attention_forward"]


def additive_attention_forward(a, h, W_a, W_h, b, v, mask=None):
    """Look at all regions at once, more at some than at others.

    Args:
        a: (batch, regions, features), what can be looked at.
        h: (batch, units), the state that asks.
        W_a, W_h: (features, attention), (units, attention).
        b, v: (attention,).
        mask: (batch, regions), False where there is no region; or None.

    Returns:
        context: (batch, features).
        alpha: (batch, regions), the weights.
        cache: what `additive_attention_backward` needs.

    Raises:
        ValueError: if the shapes do not fit or an image has no region.
    """
    a, h, W_a, W_h, b, v = map(np.asarray, (a, h, W_a, W_h, b, v))
    if a.ndim != 3 or h.ndim != 2 or len(a) != len(h):
        raise ValueError("a must be (batch, regions, features) and h (batch, units), got shapes "
                         f"{a.shape} and {h.shape}.")
    n = v.size
    for name, value, shape in (("W_a", W_a, (a.shape[-1], n)), ("W_h", W_h, (h.shape[-1], n)),
                               ("b", b, (n,)), ("v", v, (n,))):
        if value.shape != shape:
            raise ValueError(f"{name} must have shape {shape}, got {value.shape}.")
    s = np.tanh(a @ W_a + (h @ W_h + b)[:, None])       # (batch, regions, attention)
    e = s @ v                                           # (batch, regions)
    if mask is not None:
        mask = np.asarray(mask, bool)
        if mask.shape != e.shape or not mask.any(axis=1).all():
            raise ValueError(f"mask must have shape {e.shape} and leave each image a region, got "
                             f"{mask.shape}.")
        e = np.where(mask, e, -np.inf)
    alpha = softmax(e)
    context = np.einsum("br,brf->bf", alpha, a)
    return context, alpha, (a, h, W_a, W_h, v, s, alpha)


def additive_attention_backward(d_context, cache, d_alpha=0.0):
    r"""Back-propagate through the weights and through what they weigh.

    The softmax gives $\partial L/\partial e_i = \alpha_i (g_i - \sum_j \alpha_j g_j)$ with
    $g_i = \partial L/\partial \alpha_i$.

    Args:
        d_context: (batch, features), gradient with respect to the context.
        cache: of `additive_attention_forward`.
        d_alpha: (batch, regions), gradient that reaches the weights by another way, such as the
            doubly stochastic regulariser.

    Returns:
        {"a", "h", "W_a", "W_h", "b", "v"}: gradients of the shapes of their arrays.

    Raises:
        ValueError: if `d_context` does not have the shape of the context.
    """
    a, h, W_a, W_h, v, s, alpha = cache
    if np.shape(d_context) != (a.shape[0], a.shape[2]):
        raise ValueError(f"d_context must have shape {(a.shape[0], a.shape[2])}, got "
                         f"{np.shape(d_context)}.")
    g = np.einsum("bf,brf->br", d_context, a) + d_alpha
    d_e = alpha * (g - (alpha * g).sum(axis=1, keepdims=True))      # (batch, regions)
    d_z = d_e[..., None] * v * (1 - s * s)              # by tanh's argument
    d_query = d_z.sum(axis=1)                           # (batch, attention)
    return {"a": alpha[..., None] * d_context[:, None] + d_z @ W_a.T, "h": d_query @ W_h.T,
            "W_a": np.einsum("brf,brn->fn", a, d_z), "W_h": h.T @ d_query,
            "b": d_query.sum(axis=0), "v": np.einsum("br,brn->n", d_e, s)}
