"""Answers to lesson 12 as learners write them."""

import math

import numpy as np
import pandas as pd
from scipy.special import softmax

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


def weights_masked_array(scores, present):
    hidden = np.ma.masked_array(scores, ~present)
    p = np.ma.exp(hidden - hidden.max(axis=1)[:, None])
    return (p / p.sum(axis=1)[:, None]).filled(0.0)


def weights_lists(e, mask):
    rows = []
    for scores, real in zip(e.tolist(), mask.tolist(), strict=True):
        top = max(s for s, there in zip(scores, real, strict=True) if there)
        p = [math.exp(s - top) if there else 0.0 for s, there in zip(scores, real, strict=True)]
        rows.append([each / sum(p) for each in p])
    return np.array(rows, "float32")


def weights_added(e, mask):
    """Adds minus infinity where there is no region."""
    return softmax(e + np.where(mask, 0.0, -np.inf), axis=1)


def weights_clipped(e, mask):
    """No overflow, but large scores become one."""
    p = np.exp(np.clip(e, -50, 50)) * mask
    return p / p.sum(axis=1, keepdims=True)


def weights_least_first(e, mask):
    """Subtracts the least score: a row of a wide range overflows."""
    p = np.where(mask, np.exp(e - np.where(mask, e, np.inf).min(axis=1, keepdims=True)), 0.0)
    return p / p.sum(axis=1, keepdims=True)


def weights_one_row(e, mask):
    """The first image's mask for all."""
    return weights_by_rows(e, np.resize(mask[0], mask.shape))


def weights_counted(e, mask):
    """Takes the mask for a length: the first regions are there."""
    return weights_by_rows(e, np.arange(e.shape[1]) < mask.sum(axis=1)[:, None])


def weights_even(e, mask):
    return mask / mask.sum(axis=1, keepdims=True)


def weights_epsilon(e, mask):
    p = np.where(mask, np.exp(e - np.where(mask, e, -np.inf).max(axis=1, keepdims=True)), 1e-12)
    return p / p.sum(axis=1, keepdims=True)


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


def through_matrix(alpha, g):
    rows = [(np.diag(a) - np.outer(a, a)) @ one for a, one in zip(alpha, g, strict=True)]
    return np.stack(rows)


def through_differences(weights, up):
    """The sum over pairs: alpha_i alpha_j (g_i - g_j)."""
    pairs = weights[:, :, None] * weights[:, None, :] * (up[:, :, None] - up[:, None, :])
    return pairs.sum(axis=2)


def through_no_keepdims(alpha, g):
    return alpha * (g - (alpha * g).sum(axis=1))


def through_first_image(alpha, g):
    return alpha * (g - alpha[0] @ g[0])


def through_log(alpha, g):
    """The gradient through log-softmax."""
    return g - alpha * g.sum(axis=1, keepdims=True)


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


def missed_einsum(weights, real):
    seen = np.einsum("ctr,ct->cr", weights, real.astype("float32"))
    return float(np.mean(np.linalg.norm(1 - seen, axis=1) ** 2))


def missed_frames(alpha, steps):
    each = [pd.DataFrame(w[s]).sum().rsub(1).pow(2).sum() for w, s in zip(
        alpha, steps, strict=True)]
    return sum(each) / len(each)


def missed_first_caption(alpha, steps):
    return missed_loop(alpha[:1], steps[:1])


def missed_to_length(alpha, steps):
    """Takes the mask for a length: padding is behind."""
    return missed_loop(alpha, np.arange(steps.shape[1]) < steps.sum(axis=1)[:, None])


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


def share_repeated(look, thing):
    height, width = np.array(thing.shape) // look.shape
    spread = look.repeat(height, axis=0).repeat(width, axis=1) / (height * width)
    return np.array([np.sum(spread * thing), np.mean(thing)], "float32")


def share_split(alpha, mask):
    mass = 0.0
    for weights, row in zip(alpha, np.split(mask, alpha.shape[0]), strict=True):
        for weight, cell in zip(weights, np.split(row, alpha.shape[1], axis=1), strict=True):
            mass += weight * cell.sum() / cell.size
    return [mass, mask.sum() / mask.size]


def share_square_cells(alpha, mask):
    """Cells as wide as they are high."""
    side = mask.shape[0] // alpha.shape[0]
    rows, columns = alpha.shape
    wide = np.resize(mask, (mask.shape[0], side * columns))
    return (alpha * wide.reshape(rows, side, columns, side).mean(axis=(1, 3))).sum(), mask.mean()


def share_of_8(alpha, mask):
    """Cells of 8 by 8 pixels, always."""
    rows, columns = alpha.shape
    wide = np.resize(mask, (8 * rows, 8 * columns))
    return (alpha * wide.reshape(rows, 8, columns, 8).mean(axis=(1, 3))).sum(), mask.mean()


def share_per_thing(alpha, mask):
    mass, chance = share_by_pixels(alpha, mask)
    return mass / max(mask.sum(), 1), chance


def share_largest_box(alpha, mask):
    """Takes the thing for the box around it."""
    box = np.zeros_like(mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows):
        box[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1] = True
    return share_loop(alpha, box)[0], mask.mean()


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


def score_table(weights, region, reward, base):
    rows = -np.tile(weights, (len(region), 1))
    for row, k in enumerate(region):
        rows[row, k] = 1 - weights[k]
    return (rows.T * (np.asarray(reward) - base)).T


def score_frames(alpha, drawn, reward, baseline):
    hot = (np.asarray(drawn)[:, None] == range(len(alpha))).astype("float32")
    return np.einsum("d,dr->dr", reward - baseline, hot - alpha)


def score_no_axis(alpha, drawn, reward, baseline):
    return (reward - baseline) * (np.eye(len(alpha))[drawn] - alpha)


def score_first_draw(alpha, drawn, reward, baseline):
    return score_loop(alpha, np.full_like(drawn, drawn[0]), reward, baseline)


def score_scaled(alpha, drawn, reward, baseline):
    """Divides by the spread of the rewards, as some programs do."""
    return score_loop(alpha, drawn, reward, baseline) / (reward.std() + 1e-8)


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
                              p * mask).sum(axis=1, keepdims=True)),
                          "masked_array": weights_masked_array, "lists": weights_lists,
                          "added": weights_added},
    "through_softmax": {"jacobian": through_jacobian, "loop": through_loop,
                        "whole": through_with(), "matrix": through_matrix,
                        "differences": through_differences},
    "missed": {"whole": missed_with(), "loop": missed_loop, "einsum": missed_einsum,
               "frames": missed_frames},
    "share_of_look": {"cells": share_with(), "pixels": share_by_pixels, "loop": share_loop,
                      "repeated": share_repeated, "split": share_split},
    "score_gradient": {"whole": score_with(), "loop": score_loop, "outer": score_outer,
                       "table": score_table, "frames": score_frames},
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
        "epsilon": (weights_epsilon, "weak_mask"),
        "nan_outside": (lambda e, mask: np.where(mask, weights_by_rows(e, mask), np.nan),
                        "masked_nan"),
        "minimum": (weights_least_first, "overflow"),
        "clipped": (weights_clipped, None),
        "first_mask": (weights_one_row, None),
        "as_a_length": (weights_counted, "mask_as_length"),
        "even": (weights_even, None),
        "nan_to_num": (lambda e, mask: np.nan_to_num(weights_of_real(e, mask)), None),
        "least_first": (lambda e, mask: weights_by_rows(-e, mask), None),
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
        "one_factor": (lambda a, g: a * g - (a * g).sum(axis=1, keepdims=True), "half_factor"),
        "sums_in_a_row": (through_no_keepdims, "no_keepdims"),
        "log_softmax": (through_log, "log_softmax"),
        "first_image": (through_first_image, None),
        "sum_removed": (lambda a, g: through_loop(a, g).sum(axis=1), None),
        "absolute": (lambda a, g: np.abs(through_loop(a, g)), None),
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
        "root": (lambda alpha, steps: np.sqrt(missed_loop(alpha, steps)), "root"),
        "norm": (missed_with(power=np.square, regions=lambda x, axis: np.linalg.norm(
            np.sqrt(x), axis=axis)), "root"),
        "mean_over_all_steps": (missed_with(seen=np.mean), "mean_over_time"),
        "masked_squares": (lambda a, s: ((1 - a * s[:, :, None])**2).sum(axis=(1, 2)).mean(),
                           "squared_first"),
        "all_at_once": (lambda a, s: float(((1 - (a * s[:, :, None]).sum(axis=(0, 1)))**2).sum()),
                        "captions_merged"),
        "one_sided": (missed_with(power=lambda x: np.maximum(x, 0)**2), None),
        "first_caption": (missed_first_caption, None),
        "as_a_length": (missed_to_length, None),
        "half": (lambda a, s: missed_loop(a, s) / 2, None),
        "inverted": (lambda a, s: missed_loop(a, ~s), None),
    },
    "share_of_look": {
        "any": (share_with(cover=lambda a, m: covered(a, m) > 0), "touched"),
        "half": (share_with(cover=lambda a, m: covered(a, m) > 0.5), "rounded"),
        "middle": (share_with(cover=one_pixel), "one_pixel"),
        "corner": (share_with(cover=lambda a, m: cells_of(a, m)[:, 0, :, 0]), "one_pixel"),
        "mean": (share_with(total=np.mean), "mean"),
        "per_pixel": (share_with(cover=lambda a, m: cells_of(a, m).sum(axis=(1, 3))), "pixels"),
        "cut_wrong": (share_with(cover=wrong_cut), "turned"),
        "whole_cells": (share_with(cover=lambda a, m: covered(a, m) == 1), "full_cells"),
        "of_the_thing": (share_per_thing, "per_thing"),
        "count": (share_with(chance=lambda a, m: int(m.sum())), "chance_pixels"),
        "lifted": (lambda a, m: tuple(np.array(share_loop(a, m)) / max(m.mean(), 1e-9)), "lift"),
        "square_cells": (share_square_cells, None),
        "cells_of_8": (share_of_8, None),
        "box": (share_largest_box, None),
        "other_side": (lambda a, m: share_loop(a, ~m), None),
        "not_the_thing": (lambda a, m: (share_loop(a, m)[0], 1 - m.mean()), None),
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
        "sum": (score_with(after=lambda rows, a, k, b: rows.sum(axis=0)), "summed"),
        "no_axis": (score_no_axis, "broadcast"),
        "first_draw": (score_first_draw, None),
        "scaled": (score_scaled, None),
        "no_negative": (score_with(gain=lambda r, b: np.maximum(r - b, 0)[:, None]), None),
        "size_of_baseline": (score_with(gain=lambda r, b: (r - abs(b))[:, None]), None),
    },
}
