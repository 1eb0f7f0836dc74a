"""Checks of lesson 09: an interval, a masked mean, shuffled words, occlusion, a paired test."""

import math

import numpy as np

from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number, expect_tuple

# --- the interval of a share ------------------------------------------------------------------

wilson = Exercise("wilson", hints={
    "wald": ("That is the plain formula p ± z·sqrt(p(1 - p)/n): near 0 and 1 it is too narrow.",
             "Take both parts of Wilson's: the centre moves towards 1/2, and the root has a "
             "second term."),
    "not_centred": ("The half-width is right; the centre is not p.",
                    "The centre is (p + z²/2n) / (1 + z²/n)."),
    "not_divided": ("Centre and half-width are both divided by 1 + z²/n.",),
    "z_fixed": ("With another z your interval stays the same.", "Use z in place of 1.96."),
    "swapped": ("The lower end comes first.",),
    "no_second_term": ("Under the root a term is missing.", "p(1 - p)/n + z²/(4n²)."),
    "z_not_squared": ("Where the formula has z², you have z.", "z**2 in three places."),
    "percent": ("Your ends are percentages; give shares between 0 and 1.",),
    "centre_only": ("The centre is right; the half-width is not divided by 1 + z²/n.",
                    "The fraction in front stands before the whole bracket."),
    "four_n": ("Under the root the second term has n to the second power.", "z²/(4n²)."),
    "no_root": ("The half-width lacks its square root.", "z · sqrt(p(1 - p)/n + z²/(4n²))."),
})


def _wilson(k, n, z=1.96, centred=True, divided=True, second=True, power=2, below_half=None,
            under=4, root=np.sqrt):
    p, extra = k / n, z**power / n
    below = 1 + extra if divided else 1.0
    middle = (p + extra / 2) / below if centred else p
    inside = p * (1 - p) / n + (extra / (under * n) if second else 0)
    half = z / (below_half or below) * root(inside)
    return np.array([middle - half, middle + half])


def _ends(value, name):
    if isinstance(value, np.ndarray) and value.shape == (2,):
        value = value.tolist()
    low, high = expect_tuple(value, ("low", "high"))
    return np.array([expect_number(low, f"the lower end for {name}"),
                     expect_number(high, f"the upper end for {name}")])


def _judge_wilson(rng, wilson, z, k=None):
    n = int(rng.integers(20, 60))
    k = int(rng.integers(int(0.65 * n), int(0.85 * n))) if k is None else k
    given, name = () if z == 1.96 else (z,), f"{k} of {n}" + ("" if z == 1.96 else f" and z={z}")
    wald = k / n + z * math.sqrt(k / n * (1 - k / n) / n) * np.array([-1, 1])
    expect_close(_ends(wilson(k, n, *given), name), _wilson(k, n, z), f"the interval for {name}",
                 mistakes={
        "z_fixed": _wilson(k, n) if z != 1.96 else np.full(2, np.nan), "wald": wald,
        "not_centred": _wilson(k, n, z, centred=False),
        "not_divided": _wilson(k, n, z, divided=False),
        "no_second_term": _wilson(k, n, z, second=False), "swapped": _wilson(k, n, z)[::-1],
        "z_not_squared": _wilson(k, n, z, power=1), "percent": 100 * _wilson(k, n, z),
        "centre_only": _wilson(k, n, z, below_half=1.0), "four_n": _wilson(k, n, z, under=4 / n),
        "no_root": _wilson(k, n, z, root=float),
    })


@wilson.part("95 %")
def _(rng, wilson):
    _judge_wilson(rng, wilson, 1.96)


@wilson.part("another z")
def _(rng, wilson):
    _judge_wilson(rng, wilson, 2.576)


@wilson.part("none right")
def _(rng, wilson):
    _judge_wilson(rng, wilson, 1.96, k=0)


# --- the mean over real steps -----------------------------------------------------------------

masked_mean = Exercise("masked_mean", hints={
    "mask_ignored": ("You average over the padding, too.", "Multiply by mask[..., None] first."),
    "divided_by_time": ("The sum is right; it is divided by all steps, padding included.",
                        "Divide by mask.sum(axis=1, keepdims=True)."),
    "one_length": ("Every text has a length of its own: you divide all of them by one number.",
                   "mask.sum(axis=1, keepdims=True) has one row per text."),
    "sum": ("That is the sum over the real steps, not their mean.",
            "Divide by the number of real steps of each text."),
    "inverted": ("You average over the padding, and leave the text out.",
                 "True in the mask is a real step."),
    "last": ("That is the last step of each text, not the mean.",
             "Sum over axis=1, then divide."),
    "one_more": ("You divide by one step too many.",
                 "np.maximum(number, 1) protects against 0 and changes no other number."),
    "max": ("That is the largest value of the real steps, not their mean.",
            "Sum over axis=1, then divide."),
    "over_batch": ("You averaged over the texts.", "Time is axis 1."),
    "empty_row": ("A text without a token gives 0 / 0. Its mean shall be zeros.",
                  "np.maximum(number of steps, 1) keeps the division possible."),
})


@masked_mean.part("padded texts")
def _(rng, answer):
    outputs = rng.normal(size=(4, 7, 5)) + 1
    lengths = np.append(rng.permutation([2, 3, 5]), 7)
    mask = np.arange(7) < lengths[:, None]
    total = (outputs * mask[..., None]).sum(axis=1)
    with np.errstate(all="ignore"):
        value = answer(outputs.copy(), mask.copy())
        expect_close(value, total / lengths[:, None], "the mean", axes="(batch, units)", mistakes={
            "mask_ignored": outputs.mean(axis=1), "divided_by_time": total / 7, "sum": total,
            "one_length": lambda: total / lengths.mean(), "last": outputs[range(4), lengths - 1],
            "inverted": (outputs * ~mask[..., None]).sum(axis=1)
            / np.maximum(7 - lengths, 1)[:, None],
            "over_batch": (outputs * mask[..., None]).mean(axis=0),
            "one_more": total / (lengths + 1)[:, None],
            "max": np.where(mask[..., None], outputs, -np.inf).max(axis=1),
        })


@masked_mean.part("a text without a token")
def _(rng, answer):
    outputs = rng.normal(size=(2, 4, 3)) + 1
    mask = np.array([[True] * 4, [False] * 4])
    with np.errstate(all="ignore"):
        value = answer(outputs.copy(), mask.copy())
    bad = getattr(value, "shape", None) == (2, 3) and not np.isfinite(
        np.asarray(value, float)[1]).all() if isinstance(value, np.ndarray) \
        and value.dtype.kind in "fiu" else False
    expect(not bad, "The mean of a text without a token is NaN.", "empty_row")
    expect_close(value, np.stack([outputs[0].mean(axis=0), np.zeros(3)]), "the mean",
                 axes="(batch, units)", mistakes={"mask_ignored": outputs.mean(axis=1)})


# --- the same words in another order ----------------------------------------------------------

shuffle_words = Exercise("shuffle_words", hints={
    "padding_moved": ("Padding got between the words: you shuffled the whole row.",
                      "Shuffle row[:length] only, where length counts the numbers above 0."),
    "one_order": ("All texts of one length are shuffled by the same order.",
                  "Draw a new order for each text, inside the loop."),
    "texts_moved": ("The texts changed places; the words inside them did not.",
                    "Shuffle inside each row."),
    "unchanged": ("Nothing moved.", "rng.permutation returns a shuffled copy: store it."),
    "not_random": ("The order does not come from `rng` alone.",
                   "rng.permutation(...), not np.random or a generator of your own."),
    "too_few": ("Most words stay where they were.", "rng.permutation shuffles all of a row."),
    "too_alike": ("Few different orders come back: nine words have 362,880.",
                  "Draw a whole new order, not a rotation or one of a few."),
    "other_words": ("A text has lost some words and holds others twice.",
                    "rng.permutation keeps each once; rng.choice and rng.integers do not."),
    "in_columns": ("Words went from one text into another.", "Shuffle along a row, axis 1."),
})


@shuffle_words.part("same words")
def _(rng, answer):
    numbers = _texts(rng)
    value = expect_array(answer(numbers.copy(), np.random.default_rng(5)), "the result",
                         numbers.shape, "(batch, time)", whole=True)
    moved = bool(np.any((value == 0) != (numbers == 0)))
    same_rows = np.array_equal(np.sort(value, axis=1), np.sort(numbers, axis=1))
    columns = np.array_equal(np.sort(value, axis=0), np.sort(numbers, axis=0))
    rows = sorted(map(tuple, value.tolist())) == sorted(map(tuple, numbers.tolist()))
    expect(not rows or same_rows, "The rows came back in another order.", "texts_moved")
    expect(not (columns and not same_rows), "Words changed their text.", "in_columns")
    expect(not (moved and same_rows), "Padding is no longer at the end.", "padding_moved")
    expect(set(value.ravel().tolist()) <= set(numbers.ravel().tolist()),
           "There are numbers that were not in the texts.")
    own = all(set(a[a > 0]) <= set(b[b > 0]) for a, b in zip(value, numbers, strict=True))
    expect(same_rows or not own, "A text does not hold the words that it had.", "other_words")
    expect(same_rows, "A text does not hold the words that it had.")


@shuffle_words.part("another order")
def _(rng, answer):
    numbers = _texts(rng)
    value = expect_array(answer(numbers.copy(), np.random.default_rng(5)), "the result",
                         numbers.shape, "(batch, time)", whole=True)
    expect(not np.array_equal(value, numbers), "The texts came back as they were.", "unchanged")
    other = answer(numbers.copy(), np.random.default_rng(6))
    expect(not np.array_equal(value, other), "Two generators give one order.", "not_random")
    again = answer(numbers.copy(), np.random.default_rng(5))
    expect(np.array_equal(value, again), "Two equal generators give two orders.", "not_random")
    alike = np.tile(np.arange(1, 10), (40, 1))
    value = np.asarray(answer(alike.copy(), np.random.default_rng(7)))
    n = len({tuple(row) for row in value.tolist()})
    expect(n > 1, "Forty equal texts of nine words came back in one order.", "one_order")
    stay = float(np.mean(value == alike))
    expect(stay < 0.4, f"In forty texts of nine words {stay:.0%} of the words stay where they "
           "were; about 11% do by chance.", "too_few")
    expect(n > 30, f"Forty equal texts of nine words came back in only {n} orders.", "too_alike")


def _texts(rng):
    """Return (6, 12) numbers, no word twice anywhere, padded at the end."""
    numbers = rng.permutation(np.arange(1, 73)).reshape(6, 12)
    lengths = np.append(rng.integers(6, 11, 5), 12)
    return np.where(np.arange(12) < lengths[:, None], numbers, 0)


# --- what each token contributes --------------------------------------------------------------

occlusion = Exercise("occlusion", hints={
    "sign": ("Right sizes, wrong sign: what speaks for a good review has to be positive.",
             "The probability of the whole text, minus that without the token."),
    "removed": ("You took the token out, so all that follow moved up by one.",
                "Put `unknown` in its place: tokens[:t] + [unknown] + tokens[t + 1:]."),
    "no_difference": ("Those are the probabilities without each token, not the changes.",
                      "Subtract them from the probability of the whole text."),
    "accumulated": ("The tokens that you hid before stay hidden: from the second on, more than "
                    "one is missing.", "Begin with a fresh copy, list(tokens), each time."),
    "absolute": ("You lost the sign.", "No abs: a token may speak for either side."),
    "alone": ("You kept one token and hid the others.", "Hide one and keep the others."),
    "unknown_fixed": ("Your stand-in is not the one that was asked for.", "Use `unknown`."),
    "ratio": ("You divide. What is asked for is a difference.",
              "The probability of the whole text, minus that without the token."),
    "all_hidden": ("You hid every place where the word stands, not the one at t.",
                   "Replace by position, not by text.replace or ==."),
})


def _reader(rng):
    """Return a probability that depends on words, on neighbours and on the place."""
    score = {}

    def of(word):
        if word not in score:
            seed = [ord(letter) for letter in word] + [7]
            score[word] = np.random.default_rng(seed).normal() + shift
        return score[word]

    shift = rng.normal() / 4

    def predict(texts):
        if not isinstance(texts, (list, tuple)) or any(isinstance(t, str) for t in texts):
            raise TypeError("predict takes a list of texts, each a list of tokens.")
        sums = [sum(of(a) * (1 + 0.3 * k) + 0.8 * of(a + b) for k, (a, b) in
                    enumerate(zip(text, [*text[1:], "."], strict=True))) for text in texts]
        return 1 / (1 + np.exp(-np.array(sums) / 6))

    return predict


def _judge_occlusion(rng, answer, words, unknown):
    predict = _reader(rng)
    tokens = [words[k] for k in rng.permutation(len(words))]
    n, whole = len(tokens), predict([tokens])[0]
    hidden = predict([[*tokens[:t], unknown, *tokens[t + 1:]] for t in range(n)])
    several = predict([[unknown if w == tokens[t] else w for w in tokens] for t in range(n)])
    given = list(tokens)
    value = answer(predict, given) if unknown == "[UNK]" else answer(predict, given, unknown)
    expect(given == tokens, "Your function changes the list of tokens that it got: copy it.",
           "accumulated")
    right = whole - hidden
    expect_close(value, right, "the contribution", axes="(tokens,)", mistakes={
        "unknown_fixed": whole - predict(
            [[*tokens[:t], "[UNK]", *tokens[t + 1:]] for t in range(n)])
        if unknown != "[UNK]" else np.full(n, np.nan),
        "ratio": whole / hidden, "sign": -right, "absolute": np.abs(right),
        "no_difference": hidden,
        "removed": whole - predict([tokens[:t] + tokens[t + 1:] for t in range(n)]),
        "accumulated": whole - predict([[unknown] * (t + 1) + tokens[t + 1:] for t in range(n)]),
        "alone": whole - predict(
            [[unknown] * t + [tokens[t]] + [unknown] * (n - t - 1) for t in range(n)]),
        "all_hidden": whole - several,
    })


@occlusion.part("a sentence")
def _(rng, answer):
    _judge_occlusion(rng, answer, "the soup was not cold and not bland".split(), "[UNK]")


@occlusion.part("another stand-in")
def _(rng, answer):
    _judge_occlusion(rng, answer, list("汤不冷也不淡"), "…")


# --- two models on the same texts -------------------------------------------------------------

paired_p = Exercise("paired_p", hints={
    "one_sided": ("That is one side of the distribution.", "Twice the sum."),
    "all_texts": ("You count all texts, those where both are right or both wrong, too.",
                  "n is the number of texts that exactly one of the two gets right."),
    "right_counts": ("You compare how many each gets right. What both get right tells nothing.",
                     "Count the texts that only the first gets right, and only the second."),
    "strict": ("The split that was found belongs to the sum.",
               "range(fewer + 1) includes `fewer`."),
    "above_one": ("A probability above 1.", "min(1, ...): for an even split both sides meet."),
    "larger": ("You sum up to the larger of the two counts.", "Up to the smaller one."),
    "one_term": ("You take one term alone: just this split, not those more uneven.",
                 "Sum over k = 0 to the smaller count."),
    "first_count": ("You sum up to the count of one model, whichever is smaller.",
                    "min(b, c): the smaller one, whoever it belongs to."),
    "no_labels": ("You compare the two models' answers and never look at the labels.",
                  "b counts where the first equals the labels and the second does not."),
    "no_difference": ("Both models are right on the same texts: there is nothing to tell them "
                      "apart by, so the p-value is 1.", "min(1, 2 · 1) for n = 0."),
})


def _binomial(fewer, n, strict=False):
    return sum(math.comb(n, k) for k in range(fewer + (not strict))) / 2**n


def _predictions(rng, only_first, only_second, both=30, none=7):
    """Return labels and two predictions that agree with them as often as said.

    Where the predictions differ, the first says 1 and the second 0 but for one or two texts, so
    that who ignores the labels finds a split that is far from the true one.
    """
    right = np.repeat([[1, 0], [0, 1], [1, 1], [0, 0]], [only_first, only_second, both, none],
                      axis=0)
    labels = np.concatenate([np.arange(only_first) > 0, np.arange(only_second) < 1,
                             rng.random(both + none) < 0.5]).astype(int)
    order = rng.permutation(len(labels))
    labels, right = labels[order], right[order] == 1
    return labels, np.where(right[:, 0], labels, 1 - labels), np.where(
        right[:, 1], labels, 1 - labels)


def _judge_paired(rng, answer, b, c, name):
    labels, first, second = _predictions(rng, b, c)
    n, fewer, total = b + c, min(b, c), len(labels)
    one, right = _binomial(fewer, n), min(1.0, 2 * _binomial(fewer, n))
    value = expect_number(answer(labels, first, second), name, whole=True)
    rights = [int((labels == each).sum()) for each in (first, second)]
    blind = [int(((first == one) & (second != one)).sum()) for one in (1, 0)]
    expect(value <= 1 + 1e-9, f"{name} is {value:.3f}.", "above_one")
    mistakes = {
        "one_sided": one, "strict": 2 * _binomial(fewer, n, strict=True),
        "no_labels": 2 * _binomial(min(blind), sum(blind)),
        "all_texts": 2 * _binomial(fewer, total),
        "right_counts": 2 * _binomial(min(rights), sum(rights)),
        "one_term": 2 * math.comb(n, fewer) / 2**n,
        "first_count" if b > c else "larger": 2 * _binomial(max(b, c), n),
    }
    # Of the values that are cut at 1, only the sum up to the larger count is known by that.
    mistakes = {key: min(1.0, wrong) for key, wrong in mistakes.items()
                if wrong < 1 or key in ("larger", "first_count")}
    expect_close(value, right, name, rtol=1e-6, atol=1e-9, whole=True, mistakes=mistakes)


@paired_p.part("the second is better")
def _(rng, answer):
    b = int(rng.integers(5, 8))
    _judge_paired(rng, answer, b, b + int(rng.integers(6, 9)), "the p-value")


@paired_p.part("the first is better")
def _(rng, answer):
    c = int(rng.integers(5, 8))
    _judge_paired(rng, answer, c + int(rng.integers(6, 9)), c, "the p-value")


@paired_p.part("an even split")
def _(rng, answer):
    b = int(rng.integers(4, 9))
    _judge_paired(rng, answer, b, b, "the p-value of an even split")


@paired_p.part("no difference")
def _(rng, answer):
    labels, first, second = _predictions(rng, 0, 0)
    value = expect_number(answer(labels, first, second), "the p-value", whole=True)
    expect(abs(value - 1) < 1e-9, f"The p-value of two equal models is {value:.3f}, not 1.",
           "no_difference")


seal(__name__)
