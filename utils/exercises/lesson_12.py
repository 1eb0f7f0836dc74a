"""Checks of lesson 12: masked weights, a softmax's gradient, missed regions, mass, a score."""

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple

# --- weights with a mask ----------------------------------------------------------------------

attention_weights = Exercise("attention_weights", hints={
    "not_masked": ("Regions that are not there get weight.", "np.where(mask, e, -np.inf)"),
    "masked_to_zero": ("A masked score is 0 with you, and exp(0) is 1: the region gets weight.",
                       "Give it the score -inf, so that its exp is 0."),
    "mask_after": ("The weights of a row no longer add up to 1: the mask came after the "
                   "division.", "Mask before the sum that you divide by."),
    "mask_inverted": ("You look at what is not there: True means that there is a region.",
                      "np.where(mask, e, -np.inf)"),
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


def _softmax(e, axis=1):
    p = np.exp(e - e.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


def _right_weights(e, mask):
    return _softmax(np.where(mask, e, -np.inf))


def _weight_mistakes(e, mask):
    p, hidden = np.exp(e), np.where(mask, np.exp(e), 0.0)
    best = np.where(mask, e, -np.inf).argmax(axis=1)
    return {
        "not_masked": _softmax(e), "masked_to_zero": _softmax(e * mask),
        "mask_after": _softmax(e) * mask,
        "mask_inverted": np.where(mask, 0, p) / np.maximum(np.where(mask, 0, p).sum(
            axis=1, keepdims=True), 1e-300),
        "wrong_axis": hidden / np.maximum(hidden.sum(axis=0, keepdims=True), 1e-300),
        "whole_sum": hidden / hidden.sum(), "not_divided": hidden,
        "not_divided, shifted": hidden / hidden.max(axis=1, keepdims=True),
        "not_exp": e * mask / (e * mask).sum(axis=1, keepdims=True),
        "log": np.log(_softmax(e)), "hard": np.eye(e.shape[1])[best],
    }


def _judge_weights(answer, e, mask, name, when_bad=None):
    with np.errstate(all="ignore"):
        value = answer(e, mask)
        expect(value is not None, "Nothing came back: is a `return` missing?", "returns_none")
        try:
            bad = when_bad and np.any(~np.isfinite(np.asarray(value, float)))
        except (TypeError, ValueError):
            bad = False
        expect(not bad, f"For {name} some weights are NaN or infinite.", when_bad)
        mistakes = {} if np.abs(e[mask]).max() > 100 else _weight_mistakes(e, mask)
    mistakes = {key.split(",")[0] if key.split(",")[0] not in mistakes else key: other
                for key, other in mistakes.items()}
    try:
        expect_close(value, _right_weights(e, mask), f"the weights for {name}",
                     axes="(batch, regions)", mistakes=mistakes)
    except Wrong as wrong:
        raise Wrong(str(wrong), (wrong.mistake or "").split(",")[0] or None) from None


@attention_weights.part("every region is there")
def _(rng, answer):
    e = rng.normal(size=(3, 5)) + 0.7
    _judge_weights(answer, e, np.ones(e.shape, bool), "a mask of True", "mask_inverted")


@attention_weights.part("some are not")
def _(rng, answer):
    e, mask = rng.normal(size=(4, 6)) + 0.7, np.ones((4, 6), bool)
    for row, count in enumerate(rng.permutation([1, 2, 3, 4])):
        mask[row, rng.choice(6, count, replace=False)] = False
    _judge_weights(answer, e, mask, "a mask")


@attention_weights.part("large scores")
def _(rng, answer):
    e = 800 + rng.normal(size=(3, 5))
    _judge_weights(answer, e, np.ones(e.shape, bool), "scores around 800", "overflow")


@attention_weights.part("a large score that does not count")
def _(rng, answer):
    e, mask = rng.normal(size=(3, 5)), np.ones((3, 5), bool)
    e[:, 2], mask[:, 2] = 900.0, False
    _judge_weights(answer, e, mask, "a masked score of 900", "max_of_masked")


@attention_weights.part("rows of different size")
def _(rng, answer):
    e = rng.normal(size=(3, 5)) + rng.permutation([0, 800, -800])[:, None]
    _judge_weights(answer, e, np.ones(e.shape, bool), "one row around 800, one around -800",
                   "one_maximum")


@attention_weights.part("low scores")
def _(rng, answer):
    e, mask = rng.normal(size=(3, 5)) - 800, np.ones((3, 5), bool)
    at = rng.permutation(5)[:3]
    mask[np.arange(3), at], e[np.arange(3), at] = False, rng.permutation([-801, -790, 1e6])
    kept = []

    def remembered(e, mask):
        kept.append(answer(e, mask))
        return kept[-1]

    name, gets_weight = "scores around -800", False
    try:
        _judge_weights(remembered, e, mask, name, "max_of_masked")
        gets_weight = np.any(np.asarray(kept[0])[~mask] != 0)
    except Wrong as wrong:
        if wrong.mistake is not None or np.shape(kept[0]) != e.shape:
            raise
        gets_weight = np.any(np.asarray(kept[0])[~mask] > 0)
        if not gets_weight:
            raise
    expect(not gets_weight, f"For {name} a masked region gets weight, {np.max(kept[0][~mask]):.2g}"
           ".", "weak_mask")


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
})


def _judge_through(rng, answer, shape, name):
    alpha, g = _softmax(rng.normal(size=shape)), 0.6 + rng.normal(size=shape)
    mean = (alpha * g).sum(axis=1, keepdims=True)
    right = alpha * (g - mean)
    mistakes = {
        "no_sum": alpha * g, "diagonal": alpha * (1 - alpha) * g, "no_factor": g - mean,
        "plain_sum": alpha * (g - g.sum(axis=1, keepdims=True)),
        "plain_mean": alpha * (g - g.mean(axis=1, keepdims=True)), "sign": -right,
        "wrong_axis": alpha * (g - (alpha * g).sum(axis=0, keepdims=True)),
        "whole_sum": alpha * (g - (alpha * g).sum()), "added": alpha * (g + mean),
    }
    if shape[0] == shape[1]:
        mistakes["no_keepdims"] = alpha * (g - mean[:, 0])
    expect_close(answer(alpha, g), right, f"the gradient for {name}", axes="(batch, regions)",
                 mistakes=mistakes)


@through_softmax.part("as many images as regions")
def _(rng, answer):
    _judge_through(rng, answer, (4, 4), "four images of four regions")


@through_softmax.part("more regions")
def _(rng, answer):
    _judge_through(rng, answer, (3, 7), "three images of seven regions")


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
    "no_one": ("The 1 is missing: that would be least if nothing was looked at twice.",
               "(1 - sum)**2"),
})


def _judge_missed(rng, answer, name, padded):
    shape = (4, 5, 6)
    alpha = _softmax(rng.normal(size=shape) * 1.5, axis=2)
    steps = np.ones(shape[:2], bool)
    if padded:
        for row, length in enumerate(rng.permutation([2, 3, 4, 5])):
            steps[row, length:] = False
    seen = (alpha * steps[..., None]).sum(axis=1)
    each = ((1 - seen)**2).sum(axis=1)
    n_real = steps.sum(axis=1)[:, None]
    per_look = ((1 - alpha)**2 * steps[..., None]).sum(axis=(1, 2))
    mistakes = {
        "wrong_axis": np.mean(((1 - (alpha * steps[..., None]).sum(axis=2))**2).sum(axis=1)),
        "not_squared": (1 - seen).sum(axis=1).mean(), "absolute": np.abs(1 - seen).sum(1).mean(),
        "squared_first": per_look.mean(),
        "mean_over_time": ((1 - seen / n_real)**2).sum(axis=1).mean(),
        "mean_over_regions": each.mean() / shape[2], "sum_over_captions": each.sum(),
        "captions_merged": ((1 - seen.mean(axis=0))**2).sum(),
        "no_one": (seen**2).sum(axis=1).mean(),
    }
    if padded:
        mistakes["padding_counted"] = ((1 - alpha.sum(axis=1))**2).sum(axis=1).mean()
    value = answer(alpha, steps)
    if np.shape(value) == (len(alpha),):
        expect(False, "You give one number per caption.", "per_caption")
    expect_close(value, each.mean(), f"the penalty {name}", mistakes=mistakes)


@missed.part("without padding")
def _(rng, answer):
    _judge_missed(rng, answer, "without padding", False)


@missed.part("with padding")
def _(rng, answer):
    _judge_missed(rng, answer, "with padding", True)


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
    "best_only": ("Only the cell with the most weight counts.", "All weights, each by its cell."),
})


def _judge_share(rng, answer, grid, cell, name):
    rows, columns = grid
    while True:
        alpha = _softmax(1.5 * rng.normal(size=(1, rows * columns))).reshape(grid)
        mask = np.zeros((rows * cell[0], columns * cell[1]), bool)
        top, left = rng.integers(1, mask.shape[0] // 2), rng.integers(1, mask.shape[1] // 2)
        mask[top:top + mask.shape[0] // 3, left:left + mask.shape[1] // 2] = True
        parts = mask.reshape(rows, cell[0], columns, cell[1])
        covered, chance = parts.mean(axis=(1, 3)), mask.mean()
        turned = mask.reshape(rows, columns, *cell).mean(axis=(2, 3))
        mass = (alpha * covered).sum()
        wrong = {
            "touched": (alpha * (covered > 0)).sum(), "rounded": (alpha * (covered > 0.5)).sum(),
            "one_pixel": (alpha * parts[:, cell[0] // 2, :, cell[1] // 2]).sum(),
            "mean": (alpha * covered).mean(), "pixels": mass * cell[0] * cell[1],
            "turned": (alpha * turned).sum(), "swapped": chance, "lift": mass / chance,
            "best_only": covered.ravel()[alpha.argmax()],
        }
        if grid[0] == grid[1]:
            wrong["turned, once"] = (alpha.T * covered).sum()
        wrong["one_pixel, first"] = (alpha * parts[:, 0, :, 0]).sum()
        values = np.sort([mass, *wrong.values()])
        if np.diff(values).min() > 1e-3 * mass:
            break
    found = answer(alpha, mask)
    if np.ndim(found) == 0 and found is not None:
        try:
            expect_close(found, mass, f"the mass for {name}", mistakes=wrong)
        except Wrong as error:
            raise Wrong(f"Expected 2 values (mass, chance), got one; {error}",
                        (error.mistake or "").split(",")[0] or None) from None
    got = expect_tuple(found, ("mass", "chance"))
    got = [expect_number(each, f"the {what} for {name}") for each, what in
           zip(got, ("mass", "chance"), strict=True)]
    if not np.isclose(got[1], mass):
        wrong.pop("swapped")
    try:
        expect_close(got[0], mass, f"the mass for {name}", mistakes=wrong)
    except Wrong as error:
        raise Wrong(str(error), (error.mistake or "").split(",")[0] or None) from None
    expect_close(got[1], chance, f"chance for {name}", mistakes={
        "chance_cells": (covered > 0).mean(), "chance_fixed": 1 / alpha.size})


@share_of_look.part("an 8x8 map")
def _(rng, answer):
    _judge_share(rng, answer, (8, 8), (8, 8), "an 8x8 map")


@share_of_look.part("another map")
def _(rng, answer):
    _judge_share(rng, answer, (4, 6), (10, 6), "a map of 4x6 cells, each of 10x6 pixels")


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
    "no_rewards": ("The rewards do nothing.", "(reward - baseline)[:, None]"),
    "mean_reward": ("Every draw gets the mean reward.", "Each its own."),
    "own_baseline": ("You subtract the mean reward instead of the given baseline.",),
    "broadcast": ("Each region got a reward, not each draw.", "(reward - baseline)[:, None]"),
    "best_drawn": ("Your rows do not depend on what was drawn.", "np.eye(regions)[drawn]"),
})


def _judge_score(rng, answer, draws, regions, baseline, name):
    alpha = _softmax(rng.normal(size=(1, regions)))[0]
    drawn = rng.integers(0, regions, draws)
    while np.all(drawn == alpha.argmax()):
        drawn = rng.integers(0, regions, draws)
    reward = 1.0 + rng.normal(size=draws)
    hot = np.eye(regions)[drawn]
    score, gain = hot - alpha, (reward - baseline)[:, None]
    right, n = gain * score, reward[:, None]
    mistakes = {
        "no_baseline": n * score, "baseline_added": (n + baseline) * score,
        "baseline_outside": n * score - baseline, "only_drawn": gain * hot,
        "sign": -right, "of_probability": gain * alpha[drawn][:, None] * score,
        "by_alpha": gain * hot / alpha, "averaged": right.mean(axis=0), "no_rewards": score,
        "mean_reward": (reward.mean() - baseline) * score,
        "own_baseline": (n - n.mean()) * score,
        "best_drawn": gain * (np.eye(regions)[alpha.argmax()] - alpha),
    }
    if not baseline:
        for key in ("no_baseline", "baseline_added", "baseline_outside"):
            mistakes.pop(key)
    if draws == regions:
        mistakes["broadcast"] = gain[:, 0] * score
    expect_close(answer(alpha, drawn, reward, baseline), right, f"the gradient for {name}",
                 axes="(draws, regions)", mistakes=mistakes)


@score_gradient.part("no baseline")
def _(rng, answer):
    _judge_score(rng, answer, 7, 4, 0.0, "seven draws and baseline 0")


@score_gradient.part("a baseline")
def _(rng, answer):
    _judge_score(rng, answer, 6, 5, float(rng.uniform(0.4, 0.9)), "six draws and a baseline")


@score_gradient.part("as many draws as regions")
def _(rng, answer):
    _judge_score(rng, answer, 5, 5, float(rng.uniform(0.4, 0.9)), "five draws of five regions")


@score_gradient.part("one draw")
def _(rng, answer):
    value = answer(np.array([0.2, 0.5, 0.3]), np.array([1]), np.array([2.0]), 0.5)
    expect_array(value, "the gradient for one draw", (1, 3), "(draws, regions)")
    expect_close(value, 1.5 * np.array([[-0.2, 0.5, -0.3]]), "the gradient for one draw")


seal(__name__)
