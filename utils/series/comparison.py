"""Is one forecast better than another, or luckier?"""

import numpy as np

__all__ = ["diebold_mariano"]


def diebold_mariano(losses_a, losses_b, horizon=1):
    r"""Return statistic and two-sided p value of the test that both forecasts are equally good.

    With differences $d_t$ of the losses, their mean $\bar d$ and autocovariances $\gamma_k$
    (divided by n), errors of `horizon` steps ahead being related for horizon - 1 steps,

    $$S = \bar d \Big/ \sqrt{\big(\gamma_0 + 2 \sum_{k=1}^{h-1} \gamma_k\big) / n}$$

    (Diebold & Mariano, 1995, Journal of Business & Economic Statistics 13, 253-263; each lag
    weighs the same). Harvey, Leybourne & Newbold (1997, International Journal of Forecasting
    13, 281-291) multiply it by sqrt((n + 1 - 2h + h(h - 1)/n) / n) and read it from Student's
    t with n - 1 degrees of freedom, which is what is returned: for few steps the plain test
    finds too many differences.

    The test takes one loss per origin, origins one step apart, and says nothing about another
    training run or another series.

    Args:
        losses_a, losses_b: (steps,), such as absolute errors, on the same steps in order.
        horizon: h, steps ahead, of which every loss is; at least 1 and below the steps.

    Returns:
        statistic, above 0 where `losses_a` are larger, and p value.

    Raises:
        ValueError: if shapes or horizon do not fit, a loss is missing, the losses are equal at
            every step, or the variance above is not positive.

    Example:
        >>> statistic, p = diebold_mariano([3.0, 1.0, 2.0, 4.0], [1.0, 2.0, 1.0, 2.0])
        >>> round(statistic, 3), round(p, 2)
        (1.414, 0.25)
    """
    from scipy.stats import t as student

    a, b = np.asarray(losses_a, dtype=float), np.asarray(losses_b, dtype=float)
    if a.shape != b.shape or a.ndim != 1 or not 1 <= horizon < len(a):
        raise ValueError(f"Two losses (steps,) of one length above horizon={horizon} >= 1 are "
                         f"needed, got shapes {a.shape} and {b.shape}.")
    d = a - b
    if not np.isfinite(d).all():
        raise ValueError("A loss is missing or infinite: leave those steps out of both.")
    if not d.any():
        raise ValueError(f"The losses are equal at all {len(d)} steps: there is no difference "
                         "to test.")
    n, centred = len(d), d - d.mean()
    gamma = np.array([centred[k:] @ centred[:n - k] / n for k in range(horizon)])
    variance = (gamma[0] + 2 * gamma[1:].sum()) / n
    if variance <= (1e-14 * max(np.abs(a).max(), np.abs(b).max())) ** 2:    # rounding, or less
        raise ValueError(f"The variance of the mean difference is {variance:.2g}, not positive, "
                         f"over {n} steps and horizon={horizon}: test more steps, or compare "
                         "block means with paired_difference.")
    corrected = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = float(d.mean() / np.sqrt(variance) * np.sqrt(corrected))
    return statistic, float(2 * student.sf(abs(statistic), df=n - 1))
