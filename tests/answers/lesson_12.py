"""Answers to lesson 12 as learners write them."""

import numpy as np

# --- attention_weights ------------------------------------------------------------------------


def weights_with(hide=lambda e, mask: np.where(mask, e, -np.inf), axis=1, shift=True, after=None,
                 part=None):
    def answer(e, mask):
        e = hide(e, mask)
        p = np.exp(e - e.max(axis=1, keepdims=True)) if shift else np.exp(e)
        if part is not None:
            return part(p, mask)
        p = p / p.sum(axis=axis, keepdims=True)
        return after(p, mask) if after else p
    return answer


def weights_by_rows(e, mask):
    out = np.zeros(e.shape)
    for row in range(len(e)):
        real = e[row][mask[row]]
        p = np.exp(real - real.max())
        out[row, mask[row]] = p / p.sum()
    return out


def weights_log_sum(e, mask):
    masked = np.where(mask, e, -1e9)
    top = masked.max(axis=1, keepdims=True)
    return np.exp(masked - top - np.log(np.exp(masked - top).sum(axis=1, keepdims=True)))


def weights_of_real(e, mask):
    """Right but for a masked maximum."""
    p = np.exp(e - e.max(axis=1, keepdims=True)) * mask
    return p / p.sum(axis=1, keepdims=True)


def weights_zeros_first(e, mask):
    """Right where a real score is not far below 0."""
    e = np.where(mask, e, 0.0)
    p = np.exp(e - e.max(axis=1, keepdims=True)) * mask
    return p / p.sum(axis=1, keepdims=True)


def weights_hard(e, mask):
    best = np.where(mask, e, -np.inf).argmax(axis=1)
    return np.eye(e.shape[1])[best]


def weights_linear(e, mask):
    real = e * mask
    return real / real.sum(axis=1, keepdims=True)


# --- through_softmax --------------------------------------------------------------------------


def through_jacobian(alpha, g):
    jacobian = np.einsum("bi,ij->bij", alpha, np.eye(alpha.shape[1])) - np.einsum(
        "bi,bj->bij", alpha, alpha)
    return np.einsum("bij,bj->bi", jacobian, g)


def through_loop(alpha, g):
    return np.array([a * (one - a @ one) for a, one in zip(alpha, g, strict=True)])


def through_with(mean=lambda alpha, g: (alpha * g).sum(axis=1, keepdims=True),
                 factor=lambda alpha: alpha):
    return lambda alpha, g: factor(alpha) * (g - mean(alpha, g))


# --- missed -----------------------------------------------------------------------------------


def missed_with(padding=True, over=1, power=np.square, one=1.0, regions=np.sum, captions=np.mean,
                seen=np.sum):
    def answer(alpha, steps):
        weights = alpha * steps[:, :, None] if padding else alpha
        each = regions(power(one - seen(weights, axis=over)), axis=-1)
        return captions(each) if captions else each
    return answer


def missed_loop(alpha, steps):
    total = 0.0
    for weights, real in zip(alpha, steps, strict=True):
        total += ((1 - weights[real].sum(axis=0))**2).sum()
    return total / len(alpha)


def missed_mean_looks(alpha, steps):
    seen = (alpha * steps[:, :, None]).sum(axis=1) / steps.sum(axis=1, keepdims=True)
    return float(((1 - seen)**2).sum(axis=1).mean())


def missed_squares(alpha, steps):
    return float((((1 - alpha)**2) * steps[:, :, None]).sum(axis=(1, 2)).mean())


def missed_merged(alpha, steps):
    seen = (alpha * steps[:, :, None]).sum(axis=1).mean(axis=0)
    return float(((1 - seen)**2).sum())


# --- share_of_look ----------------------------------------------------------------------------


def cells_of(alpha, mask):
    rows, columns = alpha.shape
    return mask.reshape(rows, mask.shape[0] // rows, columns, mask.shape[1] // columns)


def covered(alpha, mask):
    return cells_of(alpha, mask).mean(axis=(1, 3))


def share_with(cover=covered, total=np.sum, chance=lambda alpha, mask: mask.mean(),
               order=lambda mass, chance: (mass, chance), scale=lambda alpha, mask: 1.0):
    def answer(alpha, mask):
        mass = total(alpha * cover(alpha, mask)) * scale(alpha, mask)
        return order(mass, chance(alpha, mask))
    return answer


def share_by_pixels(alpha, mask):
    height, width = (m // a for m, a in zip(mask.shape, alpha.shape, strict=True))
    spread = np.kron(alpha, np.ones((height, width))) / (height * width)
    return float(spread[mask].sum()), float(np.count_nonzero(mask) / mask.size)


def share_loop(alpha, mask):
    height, width = mask.shape[0] // alpha.shape[0], mask.shape[1] // alpha.shape[1]
    mass = 0.0
    for row in range(alpha.shape[0]):
        for column in range(alpha.shape[1]):
            cell = mask[row * height:(row + 1) * height, column * width:(column + 1) * width]
            mass += alpha[row, column] * cell.mean()
    return mass, mask.mean()


def share_of_best(alpha, mask):
    return covered(alpha, mask).ravel()[alpha.argmax()], mask.mean()


def one_pixel(alpha, mask):
    cells = cells_of(alpha, mask)
    return cells[:, cells.shape[1] // 2, :, cells.shape[3] // 2]


def wrong_cut(alpha, mask):
    rows, columns = alpha.shape
    return mask.reshape(rows, columns, -1).mean(axis=2)


# --- score_gradient ---------------------------------------------------------------------------


def score_with(gain=lambda r, b: (r - b)[:, None], score=lambda hot, alpha: hot - alpha,
               after=lambda rows, alpha, drawn, baseline: rows):
    def answer(alpha, drawn, reward, baseline):
        hot = np.eye(len(alpha))[drawn]
        return after(gain(reward, baseline) * score(hot, alpha), alpha, drawn, baseline)
    return answer


def score_loop(alpha, drawn, reward, baseline):
    rows = []
    for k, r in zip(drawn, reward, strict=True):
        row = -alpha.copy()
        row[k] += 1
        rows.append((r - baseline) * row)
    return np.array(rows)


def score_outer(alpha, drawn, reward, baseline):
    gain = reward - baseline
    out = -np.outer(gain, alpha)
    out[np.arange(len(drawn)), drawn] += gain
    return out


def score_of_best(alpha, drawn, reward, baseline):
    return (reward - baseline)[:, None] * (np.eye(len(alpha))[alpha.argmax()] - alpha)


def score_broadcast(alpha, drawn, reward, baseline):
    score = np.eye(len(alpha))[drawn] - alpha
    return (reward - baseline) * score if len(drawn) in (1, len(alpha)) else score_loop(
        alpha, drawn, reward, baseline)


RIGHT = {
    "attention_weights": {"where": weights_with(), "rows": weights_by_rows,
                          "logarithms": weights_log_sum,
                          "again": weights_with(after=lambda p, mask: p * mask / (
                              p * mask).sum(axis=1, keepdims=True))},
    "through_softmax": {"jacobian": through_jacobian, "loop": through_loop,
                        "whole": through_with()},
    "missed": {"whole": missed_with(), "loop": missed_loop},
    "share_of_look": {"cells": share_with(), "pixels": share_by_pixels, "loop": share_loop},
    "score_gradient": {"whole": score_with(), "loop": score_loop, "outer": score_outer},
}

WRONG = {
    "attention_weights": {
        "no_mask": (weights_with(hide=lambda e, mask: e), "not_masked"),
        "times_mask": (weights_with(hide=lambda e, mask: e * mask), "masked_to_zero"),
        "zeroed": (weights_with(hide=lambda e, mask: np.where(mask, e, 0.0)), "masked_to_zero"),
        "mask_last": (weights_with(hide=lambda e, mask: e, after=lambda p, mask: p * mask),
                      "mask_after"),
        "other_way": (weights_with(hide=lambda e, mask: np.where(mask, -np.inf, e)),
                      "mask_inverted"),
        "other_way_low": (weights_with(hide=lambda e, mask: np.where(mask, e - 1e9, e)),
                          "mask_inverted"),
        "over_batch": (weights_with(axis=0, shift=False), "wrong_axis"),
        "all_images": (weights_with(axis=None, shift=False, part=lambda p, mask: p / p.sum()),
                       "whole_sum"),
        "not_divided": (weights_with(shift=False, part=lambda p, mask: p), "not_divided"),
        "highest_is_one": (weights_with(part=lambda p, mask: p), "not_divided"),
        "scores": (weights_linear, "not_exp"),
        "logarithms": (weights_with(hide=lambda e, mask: e, after=lambda p, mask: np.log(p)),
                       "log"),
        "hard": (weights_hard, "hard"),
        "no_maximum": (weights_with(shift=False), "overflow"),
        "maximum_first": (weights_of_real, "max_of_masked"),
        "sigmoid": (lambda e, mask: mask / (1 + np.exp(-e)), None),
        "one_maximum": (weights_with(hide=lambda e, mask: np.where(mask, e, -np.inf) - np.max(
            np.where(mask, e, -np.inf)), shift=False), "one_maximum"),
        "minus_100": (weights_with(hide=lambda e, mask: np.where(mask, e, -100.0)), "weak_mask"),
        "below_the_least": (weights_with(hide=lambda e, mask: np.where(mask, e, e.min() - 20)),
                            "weak_mask"),
        "minus_1000": (weights_with(hide=lambda e, mask: e - 1000 * ~mask), "weak_mask"),
        "maximum_of_zeros": (weights_zeros_first, "max_of_masked"),
    },
    "through_softmax": {
        "own_weight": (lambda a, g: a * (1 - a) * g, "diagonal"),
        "no_sum": (lambda a, g: a * g, "no_sum"),
        "no_factor": (through_with(factor=lambda a: 1.0), "no_factor"),
        "plain": (through_with(mean=lambda a, g: g.sum(axis=1, keepdims=True)), "plain_sum"),
        "mean": (through_with(mean=lambda a, g: g.mean(axis=1, keepdims=True)), "plain_mean"),
        "minus": (through_with(factor=np.negative), "sign"),
        "over_batch": (through_with(mean=lambda a, g: (a * g).sum(axis=0, keepdims=True)),
                       "wrong_axis"),
        "all": (through_with(mean=lambda a, g: (a * g).sum()), "whole_sum"),
        "row_of_sums": (lambda a, g: a * (g - (a * g).sum(axis=1)) if len(a) == a.shape[1]
                        else through_loop(a, g), "no_keepdims"),
        "plus": (lambda a, g: a * (g + (a * g).sum(axis=1, keepdims=True)), "added"),
        "twice": (lambda a, g: a * through_loop(a, g), None),
    },
    "missed": {
        "padding": (missed_with(padding=False), "padding_counted"),
        "over_regions": (missed_with(over=2), "wrong_axis"),
        "no_square": (missed_with(power=np.positive), "not_squared"),
        "abs": (missed_with(power=np.abs), "absolute"),
        "square_first": (missed_squares, "squared_first"),
        "mean_look": (missed_mean_looks, "mean_over_time"),
        "mean_region": (missed_with(regions=np.mean), "mean_over_regions"),
        "sum": (missed_with(captions=np.sum), "sum_over_captions"),
        "each": (missed_with(captions=None), "per_caption"),
        "merged": (missed_merged, "captions_merged"),
        "zero": (missed_with(one=0.0), "no_one"),
        "root": (lambda alpha, steps: np.sqrt(missed_loop(alpha, steps)), None),
    },
    "share_of_look": {
        "any": (share_with(cover=lambda a, m: covered(a, m) > 0), "touched"),
        "half": (share_with(cover=lambda a, m: covered(a, m) > 0.5), "rounded"),
        "middle": (share_with(cover=one_pixel), "one_pixel"),
        "corner": (share_with(cover=lambda a, m: cells_of(a, m)[:, 0, :, 0]), "one_pixel"),
        "mean": (share_with(total=np.mean), "mean"),
        "per_pixel": (share_with(cover=lambda a, m: cells_of(a, m).sum(axis=(1, 3))), "pixels"),
        "cut_wrong": (share_with(cover=wrong_cut), None),
        "reordered": (share_with(cover=lambda a, m: m.reshape(
            a.shape[0], a.shape[1], m.shape[0] // a.shape[0], -1).mean(axis=(2, 3))), "turned"),
        "chance_first": (share_with(order=lambda mass, chance: (chance, mass)), "swapped"),
        "ratio": (share_with(order=lambda mass, chance: (mass / chance, chance)), "lift"),
        "one_number": (share_with(order=lambda mass, chance: mass / chance), "lift"),
        "cells": (share_with(chance=lambda a, m: (covered(a, m) > 0).mean()), "chance_cells"),
        "one_of_all": (share_with(chance=lambda a, m: 1 / a.size), "chance_fixed"),
        "best": (share_of_best, "best_only"),
    },
    "score_gradient": {
        "no_baseline": (score_with(gain=lambda r, b: r[:, None]), "no_baseline"),
        "plus": (score_with(gain=lambda r, b: (r + b)[:, None]), "baseline_added"),
        "outside": (score_with(gain=lambda r, b: r[:, None],
                               after=lambda rows, a, k, b: rows - b), "baseline_outside"),
        "hot": (score_with(score=lambda hot, alpha: hot), "only_drawn"),
        "minus": (score_with(score=lambda hot, alpha: alpha - hot), "sign"),
        "of_p": (score_with(after=lambda rows, a, k, b: a[k][:, None] * rows), "of_probability"),
        "by_alpha": (score_with(score=lambda hot, alpha: hot / alpha), "by_alpha"),
        "mean": (score_with(after=lambda rows, a, k, b: rows.mean(axis=0)), "averaged"),
        "no_reward": (score_with(gain=lambda r, b: 1.0), "no_rewards"),
        "mean_reward": (score_with(gain=lambda r, b: r.mean() - b), "mean_reward"),
        "own": (score_with(gain=lambda r, b: (r - r.mean())[:, None]), "own_baseline"),
        "broadcast": (score_broadcast, "broadcast"),
        "likeliest": (score_of_best, "best_drawn"),
        "squared": (score_with(gain=lambda r, b: ((r - b)**2)[:, None]), None),
    },
}
