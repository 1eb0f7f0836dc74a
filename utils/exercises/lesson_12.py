"""Checks of lesson 12: masked weights, a softmax's gradient, missed regions, mass, a score."""

import numpy as np

from ..by_hand import softmax
from .engine import Exercise, seal
from .expect import Wrong, expect, expect_close, expect_number, expect_tuple
from .mistakes import known_as

# --- weights with a mask ----------------------------------------------------------------------

attention_weights = Exercise("attention_weights", hints={
    "not_masked": ("Regions that are not there get weight.", "np.where(mask, e, -np.inf)"),
    "masked_to_zero": ("A masked score is 0 with you, and exp(0) is 1: the region gets weight.",
                       "Give it the score -inf, so that its exp is 0."),
    "mask_after": ("The weights of a row no longer add up to 1: the mask came after the "
                   "division.", "Mask before the sum that you divide by."),
    "mask_inverted": ("You look at what is not there: True means that there is a region.",
                      "np.where(mask, e, -np.inf)"),
    "masked_nan": ("A region that is not there has weight 0: the context is a sum over all.",
                   "exp(-inf) is 0 by itself; NaN would spread through every sum."),
    "mask_as_length": ("You take the first regions, as many as there are.",
                       "The mask says which: a missing one may stand anywhere."),
    "wrong_axis": ("Your weights add up to 1 over the batch.", "The regions are axis 1."),
    "whole_sum": ("All images share one sum: each row adds up to 1 by itself.",
                  "sum(axis=1, keepdims=True)"),
    "not_divided": ("Your weights do not add up to 1.", "Divide by their sum."),
    "not_exp": ("You divide the scores themselves.", "exp first."),
    "log": ("Those are logarithms of weights.", "np.exp of it."),
    "hard": ("All weight is on the best region: that is hard attention.",
             "exp(e) / sum of exp(e)"),
    "overflow": ("exp(800) is more than a float can hold.",
                 "Subtract the row's maximum from e first: the weights stay the same."),
    "max_of_masked": ("You subtract a maximum that belongs to a masked region: everything that "
                      "is there becomes 0, and 0 / 0 follows.",
                      "Put -inf in before you take the maximum."),
    "one_maximum": ("All rows share one maximum: a row far below it becomes 0 / 0.",
                    "e.max(axis=1, keepdims=True)"),
    "weak_mask": ("The number that you give a masked region is not below every score, so the "
                  "region may get weight.", "-inf is below every score."),
})


def _right_weights(e, mask):
    return softmax(np.where(mask, e, -np.inf))


def _weight_mistakes(e, mask):
    p, hidden = np.exp(e), np.where(mask, np.exp(e), 0.0)
    best = np.where(mask, e, -np.inf).argmax(axis=1)
    return {
        "not_masked": softmax(e), "masked_to_zero": softmax(e * mask),
        "mask_after": softmax(e) * mask,
        "mask_inverted": np.where(mask, 0, p) / np.maximum(np.where(mask, 0, p).sum(
            axis=1, keepdims=True), 1e-300),
        "wrong_axis": hidden / np.maximum(hidden.sum(axis=0, keepdims=True), 1e-300),
        "whole_sum": hidden / hidden.sum(), "not_divided": hidden,
        "not_divided, shifted": hidden / hidden.max(axis=1, keepdims=True),
        "not_exp": e * mask / (e * mask).sum(axis=1, keepdims=True),
        "log": np.log(softmax(e)), "hard": np.eye(e.shape[1])[best],
        "mask_as_length": _right_weights(
            e, np.arange(e.shape[1]) < mask.sum(axis=1, keepdims=True)),
    }


def _is_nan_outside(value, mask):
    """Return True if `value` is NaN where there is no region, and nowhere else."""
    return (isinstance(value, np.ndarray) and value.dtype.kind == "f" and not mask.all()
            and np.array_equal(np.isnan(value), ~mask))


def _judge_weights(answer, e, mask, name, not_finite="not_finite", low=False):
    """Judge weights of scores, `low` ones or not.

    `not_finite` is the mistake that makes NaN or infinity of these scores.
    """
    with np.errstate(all="ignore"):
        value = answer(e, mask)
        expect(not _is_nan_outside(value, mask), f"For {name} the weight of a masked region is "
               "NaN, expected 0.", "masked_nan")
        mistakes = {} if np.abs(e).max() > 100 else _weight_mistakes(e, mask)
        outside = np.zeros(e.shape)
        try:
            with known_as(not_finite=not_finite):
                outside = np.where(mask, 0, expect_close(
                    value, _right_weights(e, mask), f"the array of weights for {name}",
                    axes="(batch, regions)", mistakes=mistakes))
        except Wrong as wrong:
            if not low or wrong.mistake is not None or np.shape(value) != e.shape:
                raise
            outside = np.where(mask, 0, value)
            if not (outside > 0).any():
                raise
    expect((outside == 0).all(), f"For {name} a masked region gets weight, "
           f"{np.abs(outside).max():.2g}.", "weak_mask")


def _hide_some(rng, batch, regions):
    """Return a mask with another number of regions in each row, one row with a single one."""
    counts = np.append(1, rng.permutation(np.arange(1, regions))[:batch - 1])
    return rng.permuted(np.arange(regions) < np.resize(counts, batch)[:, None], axis=1)


@attention_weights.part("every region is there")
def _(rng, answer):
    for shape in ((3, 5), (1, int(rng.integers(6, 12))), (4, 4), (5, 2), (3, 1)):
        _judge_weights(answer, rng.normal(size=shape) + 0.7, np.ones(shape, bool),
                       "a mask of True", "mask_inverted")


@attention_weights.part("some are not")
def _(rng, answer):
    for shape in ((4, 6), (5, 5), (2, 3), (1, int(rng.integers(4, 9)))):
        e, mask = rng.normal(size=shape) + 0.7, _hide_some(rng, *shape)
        _judge_weights(answer, e, mask, "a mask")


@attention_weights.part("large scores")
def _(rng, answer):
    for size, shape in ((800, (3, 5)), (30_000, (2, 7)), (-900, (1, 3))):
        _judge_weights(answer, size + rng.normal(size=shape), np.ones(shape, bool),
                       f"scores around {size}", "overflow")
    e = rng.permuted(np.array([[-900.0, 900, 899, 0], [800, -1, 801, 0]]), axis=1)
    _judge_weights(answer, e + rng.normal(size=e.shape), np.ones(e.shape, bool),
                   "scores from -900 to 900", "overflow")


@attention_weights.part("a large score that does not count")
def _(rng, answer):
    for size, shape in ((900.0, (3, 5)), (1e6, (1, 4)), (-900.0, (2, 6))):
        e, mask = rng.normal(size=shape), np.ones(shape, bool)
        at = int(rng.integers(shape[1]))
        e[:, at], mask[:, at] = size, False
        _judge_weights(answer, e, mask, f"a masked score of {size:g}", "max_of_masked")


@attention_weights.part("rows of different size")
def _(rng, answer):
    for levels, regions in (([0, 800, -800], 5), ([2000, -2000], 3)):
        e = rng.normal(size=(len(levels), regions)) + rng.permutation(levels)[:, None]
        _judge_weights(answer, e, np.ones(e.shape, bool),
                       f"one row around {max(levels)}, one around {min(levels)}", "one_maximum")


@attention_weights.part("low scores")
def _(rng, answer):
    for level, regions in ((-800, 5), (-5000, 4)):
        e, mask = rng.normal(size=(3, regions)) + level, np.ones((3, regions), bool)
        at = rng.permutation(regions)[:3]
        mask[np.arange(3), at] = False
        e[np.arange(3), at] = rng.permutation([level - 1, level + 10, 1e6])
        _judge_weights(answer, e, mask, f"scores around {level}", "max_of_masked",
                       low=True)


# --- back through the softmax -----------------------------------------------------------------

through_softmax = Exercise("through_softmax", hints={
    "no_sum": ("A weight can only grow where another shrinks: something is subtracted from g.",
               "The mean of g, weighted by alpha."),
    "diagonal": ("You take each score for its own weight alone. It moves all the others, too.",
                 "alpha_i (g_i - sum_j alpha_j g_j)"),
    "no_factor": ("The bracket is right; a factor in front of it is missing.", "alpha_i"),
    "plain_sum": ("The sum over j lacks its weights.", "sum_j alpha_j g_j"),
    "plain_mean": ("What is subtracted is a mean weighted by alpha, not the plain one.",
                   "(alpha * g).sum(axis=1, keepdims=True)"),
    "sign": ("The sign is turned round.", "g first, then minus the sum."),
    "wrong_axis": ("You add up over the images.", "The regions are axis 1."),
    "whole_sum": ("You add up over all images together.", "axis=1"),
    "no_keepdims": ("Each row gets another row's sum.", "keepdims=True"),
    "added": ("The sum is added; it is to be subtracted.",),
    "log_softmax": ("That goes back through the logarithm of a softmax.",
                    "g belongs to alpha itself: alpha_i (g_i - sum_j alpha_j g_j)"),
    "half_factor": ("alpha stands before the whole bracket, the sum included.",
                    "alpha * (g - sum)"),
})


def _judge_through(answer, alpha, g):
    name = f"{len(g)} image(s) of {g.shape[1]} region(s)"
    try:
        value = answer(alpha, g)
    except Wrong as wrong:
        raise Wrong(str(wrong), "no_keepdims" if "broadcast" in str(wrong)
                    else wrong.mistake) from None
    mean = (alpha * g).sum(axis=1, keepdims=True)
    right = alpha * (g - mean)
    square = {"no_keepdims": alpha * (g - mean[:, 0])} if len(g) == g.shape[1] else {}
    expect_close(value, right, f"the gradient for {name}", axes="(batch, regions)", mistakes={
        "no_sum": alpha * g, "diagonal": alpha * (1 - alpha) * g, "no_factor": g - mean,
        "plain_sum": alpha * (g - g.sum(axis=1, keepdims=True)),
        "plain_mean": alpha * (g - g.mean(axis=1, keepdims=True)), "sign": -right,
        "wrong_axis": alpha * (g - (alpha * g).sum(axis=0, keepdims=True)),
        "whole_sum": alpha * (g - (alpha * g).sum()), "added": alpha * (g + mean),
        "half_factor": alpha * g - mean, **square,
        "log_softmax": g - alpha * g.sum(axis=1, keepdims=True),
    })


def _draw_through(rng, *shape):
    return softmax(rng.normal(size=shape)), 0.6 + rng.normal(size=shape)


@through_softmax.part("as many images as regions")
def _(rng, answer):
    for n in (4, 2, int(rng.integers(5, 9))):
        _judge_through(answer, *_draw_through(rng, n, n))


@through_softmax.part("other numbers")
def _(rng, answer):
    for shape in ((3, 7), (1, 5), (6, 2), (4, 1)):
        _judge_through(answer, *_draw_through(rng, *shape))


@through_softmax.part("sure looks, large gradients")
def _(rng, answer):
    alpha, g = _draw_through(rng, 3, int(rng.integers(4, 9)))
    _judge_through(answer, alpha, 1000 * g)
    alpha[0] = np.eye(len(g[0]))[1]                         # all weight on one region
    alpha[1] = 1 / len(g[0])
    _judge_through(answer, alpha, g)


# --- regions that were missed -----------------------------------------------------------------

missed = Exercise("missed", hints={
    "padding_counted": ("Looks of padding count with you. Nobody reads these.",
                        "alpha * steps[:, :, None] before the sum over time."),
    "wrong_axis": ("Over the regions the weights add up to 1 anyhow. Here it is over time.",
                   "sum(axis=1)"),
    "not_squared": ("Without the square, too much and too little cancel.", "(1 - sum)**2"),
    "absolute": ("That is |1 - sum|; the formula has a square.",),
    "squared_first": ("You square each step. The sum over time comes first.",
                      "(1 - alpha.sum(axis=1))**2"),
    "mean_over_time": ("You take the mean over time, not the sum.", "sum(axis=1)"),
    "mean_over_regions": ("Over the regions it is a sum, not a mean.",
                          "sum(axis=1), then mean() over the captions."),
    "sum_over_captions": ("Over the captions it is a mean, not a sum.", ".mean()"),
    "per_caption": ("One number per caption came back.", "Take the mean of them."),
    "captions_merged": ("All captions together make up for one another with you.",
                        "Square for each caption first."),
    "root": ("The formula has no root.", "The sum of (1 - sum)**2, as it is."),
    "no_one": ("The 1 is missing: that would be least if nothing was looked at twice.",
               "(1 - sum)**2"),
})


def _missed_mistakes(alpha, steps):
    real = steps[..., None]
    seen = (alpha * real).sum(axis=1)
    each = ((1 - seen)**2).sum(axis=1)
    squared = (1 - alpha)**2
    return {
        "wrong_axis": np.mean(((1 - (alpha * real).sum(axis=2))**2).sum(axis=1)),
        "not_squared": (1 - seen).sum(axis=1).mean(), "absolute": np.abs(1 - seen).sum(1).mean(),
        "squared_first": (squared * real).sum(axis=(1, 2)).mean(),
        "squared_first, masked before": ((1 - alpha * real)**2).sum(axis=(1, 2)).mean(),
        "mean_over_time": ((1 - seen / steps.sum(axis=1)[:, None])**2).sum(axis=1).mean(),
        "mean_over_time, padding too": ((1 - seen / steps.shape[1])**2).sum(axis=1).mean(),
        "mean_over_regions": each.mean() / alpha.shape[2], "sum_over_captions": each.sum(),
        "captions_merged": ((1 - seen.mean(axis=0))**2).sum(),
        "captions_merged, summed": ((1 - seen.sum(axis=0))**2).sum(),
        "no_one": (seen**2).sum(axis=1).mean(), "root": np.sqrt(each).mean(),
        "root, of the mean": np.sqrt(each.mean()),
        "padding_counted": ((1 - alpha.sum(axis=1))**2).sum(axis=1).mean(),
    }


def _judge_missed(answer, alpha, steps, name):
    value = answer(alpha, steps)
    per_caption = isinstance(value, np.ndarray) and value.shape == (len(alpha),)
    expect(not per_caption, "You give one number per caption.", "per_caption")
    seen = (alpha * steps[..., None]).sum(axis=1)
    with known_as():
        expect_close(value, ((1 - seen)**2).sum(axis=1).mean(), f"the penalty {name}",
                     rtol=1e-5, mistakes=_missed_mistakes(alpha, steps))


def _draw_looks(rng, *shape):
    return softmax(rng.normal(size=shape) * 1.5, axis=2)


@missed.part("without padding")
def _(rng, answer):
    for shape in ((4, 5, 6), (1, int(rng.integers(6, 12)), 3), (3, 3, 3), (5, 1, 4), (2, 4, 1)):
        _judge_missed(answer, _draw_looks(rng, *shape), np.ones(shape[:2], bool),
                      "without padding")


@missed.part("with padding")
def _(rng, answer):
    for shape in ((4, 5, 6), (3, int(rng.integers(7, 12)), 2), (2, 4, 4)):
        lengths = rng.permutation(np.arange(1, shape[1] + 1))[:shape[0]]
        steps = np.arange(shape[1]) < lengths[:, None]
        _judge_missed(answer, _draw_looks(rng, *shape), steps, "with padding")
    steps = np.arange(6) > rng.permutation([1, 2, 4])[:, None]
    _judge_missed(answer, _draw_looks(rng, 3, 6, 5), steps, "with padding in front")


# --- how much of a look falls on a thing ------------------------------------------------------

share_of_look = Exercise("share_of_look", hints={
    "touched": ("A cell counts whole if the thing touches it. It counts by the share covered.",
                "Cut the mask into cells and take the mean of each."),
    "rounded": ("A cell counts whole or not at all with you.",
                "Multiply its weight by the share that is covered."),
    "one_pixel": ("You look at one pixel of each cell.", "The mean of all its pixels."),
    "mean": ("You take the mean over cells. The weights add up to 1: take their sum.",),
    "pixels": ("Each pixel of a cell has the whole weight of the cell with you.",
               "Divide by the pixels per cell: the mean of the mask, not its sum."),
    "turned": ("Rows and columns are mixed up somewhere.",
               "mask.reshape(rows, height, columns, width).mean(axis=(1, 3))"),
    "swapped": ("The mass comes first, then chance.",),
    "lift": ("You divide the mass by chance. Give both.",),
    "chance_cells": ("Chance is the share of the image that the thing covers, in pixels.",
                     "mask.mean()"),
    "chance_fixed": ("Your chance does not depend on the thing.",
                     "A look at everything alike puts mask.mean() on the thing."),
    "full_cells": ("Only cells that lie wholly on the thing count with you.",
                   "Multiply each cell's weight by the share that is covered."),
    "per_thing": ("You divide by the pixels of the thing.",
                  "The sum of what lies on them; a large thing may have more."),
    "chance_pixels": ("That is a number of pixels; chance is their share.", "mask.mean()"),
    "best_only": ("Only the cell with the most weight counts.", "All weights, each by its cell."),
})


def _mass(alpha, mask):
    return (alpha * _cells(alpha, mask).mean(axis=(1, 3))).sum()


def _cells(alpha, mask):
    """Return (rows, height, columns, width) pixels."""
    rows, columns = alpha.shape
    return mask.reshape(rows, mask.shape[0] // rows, columns, mask.shape[1] // columns)


def _mass_mistakes(alpha, mask):
    """Return what known mistakes make of the mass, the more general ones last."""
    parts, mass = _cells(alpha, mask), _mass(alpha, mask)
    rows, height, columns, width = parts.shape
    covered = parts.mean(axis=(1, 3))
    turned = mask.reshape(rows, columns, height, width).mean(axis=(2, 3))
    square = {"turned, once": (alpha.T * covered).sum()} if rows == columns else {}
    return {
        "touched": (alpha * (covered > 0)).sum(), "rounded": (alpha * (covered > 0.5)).sum(),
        "full_cells": (alpha * (covered == 1)).sum(),
        "one_pixel": (alpha * parts[:, height // 2, :, width // 2]).sum(),
        "one_pixel, first": (alpha * parts[:, 0, :, 0]).sum(),
        "mean": (alpha * covered).mean(), "pixels": mass * height * width,
        "per_thing": mass / mask.mean() / mask.size,
        "turned": (alpha * turned).sum(), "swapped": mask.mean(), "lift": mass / mask.mean(),
        "best_only": covered.ravel()[alpha.argmax()], **square,
    }


def _draw_look(rng, grid, cell):
    """Return weights and a mask for which every known mistake gives another mass."""
    while True:
        alpha = softmax(1.5 * rng.normal(size=(1, grid[0] * grid[1]))).reshape(grid)
        mask = np.zeros(np.multiply(grid, cell), bool)
        height, width = mask.shape
        top, left = rng.integers(1, height // 2), rng.integers(1, width // 2)
        mask[top:top + height // 2, left:left + width // 2] = True
        mask[rng.integers(height, size=3), rng.integers(width, size=3)] = True
        values = np.sort([_mass(alpha, mask), *_mass_mistakes(alpha, mask).values()])
        if np.diff(values).min() > 1e-3 * _mass(alpha, mask):
            return alpha, mask


def _judge_share(answer, alpha, mask, name=None):
    size = np.divide(mask.shape, alpha.shape).astype(int)
    name = name or "{}x{} cells, each of {}x{} pixels".format(*alpha.shape, *size)
    found = answer(alpha, mask)
    with np.errstate(all="ignore"):
        wrong = _mass_mistakes(alpha, mask)
    with known_as():
        if isinstance(found, (int, float, np.number)) or (
                isinstance(found, np.ndarray) and found.ndim == 0):
            expect_close(found, np.nan, f"the one number for {name}, where (mass, chance) is "
                         "asked for,", mistakes={"lift": wrong["lift"]})
        got = [expect_number(each, f"the {what} for {name}", whole=True) for each, what in
               zip(expect_tuple(found, ("mass", "chance")), ("mass", "chance"), strict=True)]
        if not np.isclose(got[1], _mass(alpha, mask)):
            wrong.pop("swapped")
        expect_close(got[0], _mass(alpha, mask), f"the mass for {name}", rtol=1e-5,
                     mistakes=wrong)
        covered = _cells(alpha, mask).mean(axis=(1, 3))
        expect_close(got[1], mask.mean(), f"the chance for {name}", mistakes={
            "chance_cells": (covered > 0).mean(), "chance_fixed": 1 / alpha.size,
            "chance_pixels": mask.sum()})


@share_of_look.part("an 8x8 map")
def _(rng, answer):
    for grid, cell in (((8, 8), (8, 8)), ((3, 3), (6, 6))):
        _judge_share(answer, *_draw_look(rng, grid, cell))


@share_of_look.part("another map")
def _(rng, answer):
    for grid, cell in (((4, 6), (10, 6)), ((5, 3), (4, 7)), ((2, 9), (8, 3))):
        _judge_share(answer, *_draw_look(rng, grid, cell))


@share_of_look.part("all, nothing, one cell")
def _(rng, answer):
    alpha, mask = _draw_look(rng, (4, 5), (3, 6))
    _judge_share(answer, alpha, np.ones_like(mask), "a thing as large as the image")
    _judge_share(answer, alpha, np.zeros_like(mask), "a thing out of sight")
    _judge_share(answer, np.ones((1, 1)), mask, "a map of one cell")
    pixels = rng.random(alpha.shape) < 0.5
    pixels[0, :2] = [True, False]
    _judge_share(answer, alpha, pixels, "cells of one pixel")


# --- the gradient of a drawn look -------------------------------------------------------------

score_gradient = Exercise("score_gradient", hints={
    "no_baseline": ("The baseline does nothing.", "(reward - baseline)"),
    "baseline_added": ("The baseline is added.", "(reward - baseline)"),
    "baseline_outside": ("The baseline is subtracted from the gradient, not from the reward.",
                         "(reward - baseline) times the whole bracket."),
    "only_drawn": ("Only the drawn region gets a gradient. To make it likelier, all others "
                   "become less likely.", "one-hot minus alpha"),
    "sign": ("The sign is turned round: rewards would make a look less likely.",
             "one-hot minus alpha"),
    "of_probability": ("That is the gradient of the probability. Draws already come as often as "
                       "they are likely: here it is that of its logarithm.",
                       "Leave the factor alpha out."),
    "by_alpha": ("That is the gradient with respect to alpha. Asked for is e, the scores.",
                 "one-hot minus alpha"),
    "averaged": ("You give the mean over the draws. Give one row for each.",),
    "summed": ("You give the sum over the draws. Give one row for each.",),
    "no_rewards": ("The rewards do nothing.", "(reward - baseline)[:, None]"),
    "mean_reward": ("Every draw gets the mean reward.", "Each its own."),
    "own_baseline": ("You subtract the mean reward instead of the given baseline.",),
    "broadcast": ("Each region got a reward, not each draw.", "(reward - baseline)[:, None]"),
    "best_drawn": ("Your rows do not depend on what was drawn.", "np.eye(regions)[drawn]"),
})


def _judge_score(answer, alpha, drawn, reward, baseline):
    name = f"{len(drawn)} draw(s) of {len(alpha)} region(s) and baseline {baseline:.2g}"
    try:
        value = answer(alpha, drawn, reward, baseline)
    except Wrong as wrong:
        raise Wrong(str(wrong), "broadcast" if "broadcast" in str(wrong)
                    else wrong.mistake) from None
    hot = np.eye(len(alpha))[drawn]
    score, gain = hot - alpha, (reward - baseline)[:, None]
    right, n = gain * score, reward[:, None]
    based = {
        "no_baseline": n * score, "baseline_added": (n + baseline) * score,
        "baseline_outside": n * score - baseline} if baseline > 0 else {}
    several = {"averaged": right.mean(axis=0), "summed": right.sum(axis=0)} if len(
        drawn) > 1 else {}
    square = {"broadcast": gain[:, 0] * score} if len(drawn) == len(alpha) else {}
    expect_close(value, right, f"the gradient for {name}", axes="(draws, regions)", mistakes={
        **based, "only_drawn": gain * hot,
        "sign": -right, "of_probability": gain * alpha[drawn][:, None] * score,
        "by_alpha": gain * hot / alpha, "no_rewards": score, **several,
        "mean_reward": (reward.mean() - baseline) * score,
        "own_baseline": (n - n.mean()) * score,
        "best_drawn": gain * (np.eye(len(alpha))[alpha.argmax()] - alpha), **square,
    })


def _draw_score(rng, draws, regions, baseline=None):
    """Return the arguments; of several draws not all are of the likeliest region."""
    alpha = softmax(rng.normal(size=(1, regions)))[0]
    drawn = rng.integers(0, regions, draws)
    drawn[0] = (alpha.argmax() + 1) % regions
    baseline = float(rng.uniform(0.4, 0.9)) if baseline is None else baseline
    return alpha, drawn, 1.0 + rng.normal(size=draws), baseline


@score_gradient.part("no baseline")
def _(rng, answer):
    for draws, regions in ((7, 4), (int(rng.integers(20, 40)), 3), (2, 9)):
        _judge_score(answer, *_draw_score(rng, draws, regions, 0.0))


@score_gradient.part("a baseline")
def _(rng, answer):
    for draws, regions, baseline in ((6, 5, None), (3, 8, -float(rng.uniform(0.5, 2))),
                                     (9, 2, 40.0), (4, 6, 2)):
        _judge_score(answer, *_draw_score(rng, draws, regions, baseline))


@score_gradient.part("as many draws as regions")
def _(rng, answer):
    for n in (5, int(rng.integers(6, 9)), 2):
        _judge_score(answer, *_draw_score(rng, n, n))


@score_gradient.part("one draw, one region")
def _(rng, answer):
    for draws, regions in ((1, 3), (1, int(rng.integers(4, 9))), (4, 1)):
        _judge_score(answer, *_draw_score(rng, draws, regions))
    alpha, drawn, reward, baseline = _draw_score(rng, 5, 4)
    _judge_score(answer, alpha, np.full_like(drawn, drawn[0]), reward, baseline)


seal(__name__)
