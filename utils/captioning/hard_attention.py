"""Attention that looks at one region drawn by lot, and its gradient by REINFORCE.

    J(e) = sum_k alpha_k R_k                        alpha = softmax(e), R_k the reward of region k
    dJ/de is the mean of (R_k - baseline) d log alpha_k / de over draws k ~ alpha

Source: Williams, Simple statistical gradient-following algorithms for connectionist
reinforcement learning (1992); Xu et al., Show, attend and tell (2015), section 4.1.
"""

import numpy as np
from scipy.special import softmax

__all__ = ["climb", "drawn_gradients", "exact_gradient"]


def exact_gradient(e, rewards):
    """Return dJ/de (regions,), summed over all regions: what draws estimate.

    >>> exact_gradient(np.zeros(2), np.array([1.0, 0.0])).tolist()
    [0.25, -0.25]
    """
    alpha = softmax(e)
    return alpha * rewards - alpha * (alpha @ rewards)


def drawn_gradients(rng, e, rewards, n_draws, baseline=0.0):
    """Return one estimate of dJ/de for each of `n_draws` regions drawn: (n_draws, regions)."""
    return _drawn(rng, e, rewards, n_draws, baseline)[1]


def _drawn(rng, e, rewards, n_draws, baseline):
    alpha = softmax(e)
    drawn = rng.choice(len(e), n_draws, p=alpha)
    return drawn, (np.eye(len(e))[drawn] - alpha) * (rewards[drawn] - baseline)[:, None]


def climb(rng, rewards, steps, rate, estimate="exact"):
    """Return J after each step of gradient ascent from equal scores: (steps,).

    Args:
        rng: draws one region per step.
        rewards: (regions,).
        steps, rate: how many, and how long.
        estimate: "exact", "plain" (no baseline) or "baseline" (the mean of all rewards so far).

    Raises:
        ValueError: for another estimate.
    """
    if estimate not in ("exact", "plain", "baseline"):
        raise ValueError(f"estimate must be exact, plain or baseline, got {estimate!r}.")
    e, mean, values = np.zeros(len(rewards)), 0.0, []
    for step in range(steps):
        if estimate == "exact":
            e = e + rate * exact_gradient(e, rewards)
        else:
            [k], [slope] = _drawn(rng, e, rewards, 1, mean)
            e = e + rate * slope
            if estimate == "baseline":
                mean += (rewards[k] - mean) / (step + 1)
        values.append(softmax(e) @ rewards)
    return np.array(values)
