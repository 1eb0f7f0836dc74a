"""Checks of lesson 08b: item codes, rules of association, next-item samples, hit rate."""

import itertools
import unicodedata

import numpy as np

from .engine import Exercise, seal
from .expect import expect, expect_close, expect_number, expect_tuple

# --- item codes -------------------------------------------------------------------------------

normal_code = Exercise("normal_code", hints={
    "lower_left": ("A small letter is left.", ".upper()"),
    "spaces_left": ("A space is left, at an end or inside.", '.replace(" ", "")'),
    "full_width_left": ("Full-width letters and digits are left: they look alike, but they are "
                        "other characters.", 'unicodedata.normalize("NFKC", text)'),
    "zeros_lost": ("The number has three digits: K4 is K004.",
                   "Letter and number apart; number.zfill(3)."),
    "zeros_before_letter": ("The zeros came before the letter.",
                            "Pad the number alone: code[0] + code[1:].zfill(3)."),
    "zeros_behind": ("The zeros came behind the number: K4 is K004, not K400.",
                     "Zeros in front: number.zfill(3)."),
    "too_many_digits": ("The number has three digits, no more.",
                        "How many zeros are missing depends on the digits that are there: "
                        "number.zfill(3)."),
    "number_changed": ("The number itself has changed.",
                       "Keep every digit that is given; only fill up with zeros in front."),
    "not_text": ("Return text, such as 'K004'.",),
})

NUMBERS = (4, 7, 10, 40, 70, 99, 100, 104, 110, 400, 909, 999)
SPACES = ("{}{}", " {}{}", "{}{} ", "{} {}", "  {}   {} ")


def _wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in text)


def _same(text):
    return text


def _codes(rng, written, widths):
    """Yield codes in every spelling; `written` gives the ways to write a number.

    Each number meets each way to place spaces, and these each width and each case.
    """
    numbers = (*NUMBERS, *map(int, rng.integers(1, 1000, 6)))
    for (i, number), (j, spaces) in itertools.product(enumerate(numbers), enumerate(SPACES)):
        letter_width, number_width = widths[(i + j) % len(widths)]
        case = (str.upper, str.lower)[(i // len(widths) + j) % 2]
        letter = letter_width(case(chr(65 + rng.integers(26))))
        for digits in written(number):
            yield spaces.format(letter, number_width(digits))


def _three_digits(number):
    return (f"{number:03}",)


def _fewer_digits(number):
    return sorted({str(number), f"{number:02}"} - {f"{number:03}"})


def _code_mistake(value, right):
    """Return the mistake that made `value` of a code whose normal form is `right`."""
    digits = value[1:]
    if unicodedata.normalize("NFKC", value) != value:
        return "full_width_left"
    if " " in value:
        return "spaces_left"
    if value != value.upper():
        return "lower_left"
    if value[:1] == "0" and value.lstrip("0")[:1].isalpha():
        return "zeros_before_letter"
    if value[:1] != right[:1] or not (digits.isdecimal() and digits.isascii()):
        return None
    if int(digits) == int(right[1:]):
        return "zeros_lost" if len(digits) < 3 else "too_many_digits"
    behind = digits.strip("0") == right[1:].strip("0") and int(digits) > int(right[1:])
    return "zeros_behind" if behind else "number_changed"


def _expect_code(answer, given):
    value = answer(given)
    expect(value is not None, f"For {given!r} nothing came back: is a `return` missing?",
           "returns_none")
    expect(isinstance(value, str), f"For {given!r} you return {type(value).__name__}.",
           "not_text")
    text = unicodedata.normalize("NFKC", given).replace(" ", "").upper()
    right = f"{text[0]}{int(text[1:]):03}"
    expect(value == right, f"{given!r} became {value!r}, expected {right!r}.",
           _code_mistake(value, right))


def _expect_codes(answer, codes):
    for given in codes:
        _expect_code(answer, given)


@normal_code.part("case and spaces")
def _(rng, answer):
    _expect_codes(answer, _codes(rng, _three_digits, [(_same, _same)]))


@normal_code.part("full width")
def _(rng, answer):
    _expect_codes(answer, _codes(rng, _three_digits, [(_wide, _wide), (_wide, _same),
                                                      (_same, _wide)]))


@normal_code.part("lost zeros")
def _(rng, answer):
    _expect_codes(answer, _codes(rng, _fewer_digits, [(_same, _same), (_wide, _wide),
                                                      (_same, _wide)]))


# --- rules ------------------------------------------------------------------------------------

rule = Exercise("rule", hints={
    "confidence_reversed": ("Of the orders with *a*, how many have b? You asked the other way.",
                            "confidence = share of both / share of a."),
    "confidence_of_all": ("Of the orders with *a*, how many have b? You divide by all orders.",
                          "confidence = share of both / share of a."),
    "support_of_one": ("The support of the rule is the share of orders with *both* items.",),
    "independent": ("The product of the two shares is what the support would be if a and b had "
                    "nothing to do with each other.", "Count the orders that hold both."),
    "of_either": ("You divide by the orders with a or b; support is a share of *all* orders.",
                  "Divide by len(orders)."),
    "counts": ("Support is a share of all orders, not a number of orders.",
               "Divide by len(orders)."),
    "percent": ("Shares lie between 0 and 1: leave the factor 100 out.",),
    "other_count": ("You divide by another number than that of all orders.",
                    "len(orders): every order counts, empty ones, too."),
    "rounded": ("You have rounded the result.", "Leave round(...) out; round where you print."),
    "order": ("Return support, confidence, lift: in this order.",),
    "lift_by_a": ("Lift compares the confidence with how often b lies in *any* order.",
                  "Divide the confidence by the share of b."),
    "lift_by_count": ("Divide by the *share* of orders with b, not by their number.",),
    "lift_is_difference": ("Lift is a ratio, not a difference.",),
    "lift_of_support": ("You divide the support by the share of b; lift divides the confidence.",
                        "lift = confidence / share of b."),
    "lift_not_divided": ("Your lift is the confidence.", "Divide it by the share of b."),
    "lift_upside_down": ("Your lift is upside down.", "lift = confidence / share of b."),
    "either": ("You count orders with a *or* b.", "a in order and b in order."),
})

# Orders with (a and b, a alone, b alone, neither): common, never together, b in all, a in all,
# always together, one order only, all orders with one of them.
BASKETS = ((5, 30, 3, 71), (0, 4, 7, 9), (3, 0, 8, 0), (2, 9, 0, 0), (6, 0, 0, 5), (1, 0, 0, 0),
           (2, 3, 4, 0))


def _baskets(rng):
    """Yield counts of orders: first some that tell all mistakes apart."""
    yield 17, 12, 6, int(rng.integers(25, 50))
    yield from BASKETS


def _orders(rng, together, a_alone, b_alone, neither):
    """Return orders with other items beside a and b, some with names that hold theirs."""
    others = ("C010", "E120", "K00", "K0041", "T1100", "4")
    orders = [{item for item in others if rng.random() < 0.3} | {*own} for own, count in (
        (("K004", "T110"), together), (("K004",), a_alone), (("T110",), b_alone), ((), neither))
        for _ in range(count)]
    return [orders[k] for k in rng.permutation(len(orders))]


def _three(value):
    support, confidence, lift = expect_tuple(value, ("support", "confidence", "lift"))
    return (expect_number(support, "the support", whole=True),
            expect_number(confidence, "the confidence", whole=True),
            expect_number(lift, "the lift", whole=True))


def _shares(together, a_alone, b_alone, neither):
    """Return the shares of orders with a, b, both and any of the two, and how many they are."""
    n = together + a_alone + b_alone + neither
    return ((together + a_alone) / n, (together + b_alone) / n, together / n, 1 - neither / n, n)


def _rounded(right):
    """Return `right`, rounded to a few digits."""
    return tuple(round(right, k) for k in (1, 2, 3))


def _divided(count, others):
    """Return `count` divided by each of `others`."""
    return tuple(count / n for n in others if n)


@rule.part("support")
def _(rng, answer):
    for baskets in _baskets(rng):
        orders = _orders(rng, *baskets)
        support, _, _ = _three(answer(orders, "K004", "T110"))
        p_a, p_b, both, either, n = _shares(*baskets)
        expect_close(support, both, "the support", mistakes={
            "counts": both * n, "support_of_one": (p_a, p_b),
            "either": either, "independent": p_a * p_b, "of_either": both / either,
            "percent": 100 * both, "order": both / p_a, "rounded": _rounded(both),
            "other_count": _divided(both * n, (n - 1, n + 1, sum(map(bool, orders)))),
        })


@rule.part("confidence and lift")
def _(rng, answer):
    for baskets in _baskets(rng):
        _, confidence, lift = _three(answer(_orders(rng, *baskets), "K004", "T110"))
        p_a, p_b, both, either, n = _shares(*baskets)
        right = both / p_a
        expect_close(confidence, right, "the confidence", mistakes={
            "confidence_reversed": both / p_b, "either": either / p_a,
            "confidence_of_all": both, "percent": 100 * right, "rounded": _rounded(right)})
        expect_close(lift, right / p_b, "the lift", mistakes={
            "lift_by_a": right / p_a, "lift_by_count": right / (p_b * n),
            "lift_is_difference": (both - p_a * p_b, right - p_b),
            "lift_of_support": both / p_b, "lift_not_divided": right,
            "lift_upside_down": p_b / right if both else 0.0, "percent": 100 * right / p_b,
            "rounded": _rounded(right / p_b),
        })


# --- samples ----------------------------------------------------------------------------------

next_item_samples = Exercise("next_item_samples", hints={
    "target_inside": ("The item to be guessed is in its own row.",
                      "Row k ends with items[k]; its target is items[k + 1]."),
    "padded_right": ("The zeros stand at the end; the course pads such prefixes in front, so "
                     "that the newest item is always in the last column.",),
    "oldest_kept": ("Of a long prefix you keep the oldest items.", "Keep the last `length`."),
    "other_padding": ("Your free places hold something else than 0, which is no item's number.",
                      "Begin with np.zeros."),
    "length_ignored": ("Your rows do not have `length` columns.", "np.zeros((..., length))"),
    "swapped": ("x and y are swapped.", "return x, y"),
    "reversed": ("The newest item stands first.", "Keep the order of time."),
    "short_left_out": ("One sample for each item from the second on: short prefixes count too.",
                       "len(items) - 1 rows, padded with 0."),
    "short_lost": ("The rows of prefixes shorter than `length` are empty.",
                   "A slice that begins below 0 begins at the end: items[max(0, k + 1 - length):"
                   "k + 1]."),
    "one_too_many": ("The last item has no item after it: len(items) - 1 samples.",
                     "range(len(items) - 1)"),
    "newest_missing": ("The newest item of each prefix is missing.",
                       "Row k ends with items[k]."),
    "newest_only": ("Each row holds its newest item alone.", "The last `length` items up to it."),
    "same_as_target": ("The targets are the items themselves.", "items[1:]."),
    "numbers_shifted": ("Your item numbers are one too low: 0 is only for 'nothing'.",
                        "Take the numbers as they are."),
})

# (items, length): few and many for the length, one more than it, as many, a length of one
SEQUENCES = ((9, 4), (3, 8), (6, 5), (5, 5), (12, 1), (2, 3), (2, 1), (31, 20), (40, 2))


def _samples(items, length, *, inside=0, right=False, oldest=False, turn=False, rows=None):
    rows = len(items) - 1 if rows is None else rows
    x = np.zeros((rows, length), int)
    for k in range(rows):
        part = items[:k + 1 + inside]
        part = part[:length] if oldest else part[-length:]
        part = part[::-1] if turn else part
        x[k, slice(0, len(part)) if right else slice(length - len(part), length)] = part
    return x


def _sequences(rng):
    """Yield (items, length): repeated and large numbers among them."""
    for n, length in SEQUENCES:
        yield rng.permutation(np.arange(1, 60))[:n], length
    yield rng.integers(1, 3, 15), 6
    yield rng.integers(200, 70000, 8), 3


def _expect_rows(part, items, length):
    """Say how many samples `part`, x or y, has, if they are others than asked for."""
    n, shape = len(items), getattr(part, "shape", ())
    if not shape or shape[1:] not in ((), (length,)):
        return                                              # it is no such array at all
    message = f"{n} items and length={length} give {shape[0]} samples, expected {n - 1}."
    expect(shape[0] != n, message, "one_too_many")
    expect(shape[0] >= n - 1, message, "short_left_out")


def _expect_order(x, y):
    """Say so if the rows came second."""
    expect((getattr(x, "ndim", 0), getattr(y, "ndim", 0)) != (1, 2), "The first value has one "
           "axis, the second one two.", "swapped")


@next_item_samples.part("targets")
def _(rng, answer):
    for items, length in _sequences(rng):
        x, y = expect_tuple(answer(items, length), ("x", "y"))
        _expect_order(x, y)
        same = getattr(y, "shape", None) == items.shape and bool(np.all(y == items))
        expect(not same, f"{len(items)} items give {len(items)} targets.", "same_as_target")
        _expect_rows(y, items, length)
        expect_close(y, items[1:], "y", axes="(samples,)", rtol=0, mistakes={
            "target_inside": items[:-1], "numbers_shifted": items[1:] - 1})


@next_item_samples.part("rows")
def _(rng, answer):
    for items, length in _sequences(rng):
        x, y = expect_tuple(answer(items, length), ("x", "y"))
        _expect_order(x, y)
        _expect_rows(x, items, length)
        right, shape = _samples(items, length), getattr(x, "shape", ())
        expect(len(shape) != 2 or shape[0] != len(right) or shape[1] == length,
               f"With length={length} x has shape {shape}.", "length_ignored")
        if shape == right.shape and np.array_equal(np.asarray(x)[right > 0], right[right > 0]):
            expect((np.asarray(x)[right == 0] == 0).all(), "Your items are right, the places in "
                   "front of them are not 0.", "other_padding")
        full = np.arange(1, len(items))[:, None] >= length
        expect_close(x, right, "x", axes="(samples, length)", rtol=0, mistakes={
            "target_inside": _samples(items, length, inside=1),
            "padded_right": _samples(items, length, right=True),
            "oldest_kept": _samples(items, length, oldest=True),
            "newest_missing": np.vstack([np.zeros((1, length), int), right[:-1]]),
            "reversed": _samples(items, length, turn=True),
            "short_lost": np.where(full, right, 0),
            "newest_only": np.where(np.arange(length) == length - 1, right, 0),
            "numbers_shifted": np.where(right > 0, right - 1, 0),
        })


# --- hit rate ---------------------------------------------------------------------------------

hit_rate = Exercise("hit_rate", hints={
    "lowest": ("You look at the items with the lowest scores.", "np.argsort sorts upwards."),
    "only_first": ("You look at the best item alone.", "The k best count."),
    "one_more": ("You look at k + 1 items.",),
    "counted": ("A share of the cases, not their number.",),
    "percent": ("A share lies between 0 and 1: leave the factor 100 out.",),
    "one_fewer": ("You look at k - 1 items.",),
    "argsort_as_rank": ("np.argsort gives the items in order of their scores, not the rank of "
                        "each item.", "Look whether the target is among its last k entries."),
    "columns": ("You look at the first k columns, whatever their scores.",
                "np.argsort(-scores, axis=1)[:, :k] are the columns of the k best."),
    "other_cases": ("You look for each target among the best items of *all* cases.",
                    "Compare row by row: (best == targets[:, None]).any(axis=1)."),
    "reciprocal": ("That is the mean reciprocal rank. Here a hit counts 1, whatever its place.",),
    "other_k": ("You look at another number of items than `k`.", "Use the argument."),
    "other_count": ("You divide by another number than that of the cases.", "len(targets)."),
    "misses": ("That is the share of the misses.",),
    "not_averaged": ("One number for all cases, not one for each.", "np.mean(...)."),
    "rounded": ("You have rounded the result.", "Leave round(...) out; round where you print."),
    "divided_by_k": ("Divide by the number of cases, not by cases times k: one target each.",),
})

RANKED = (61, 53, 47, 43, 37, 31, 29, 23, 19, 17, 13, 11)   # cases with the target at each place


def _scored(rng, ranks, items):
    """Return scores, and targets that have these places among them.

    Two thirds of the items share the first places in all cases, the rest comes last.
    """
    columns = rng.permutation(items)
    popular, rest = np.split(columns, [-(-2 * items // 3)])
    order = np.array([[*rng.permutation(popular), *rng.permutation(rest)] for _ in ranks])
    scores = np.empty(order.shape)
    downwards = -np.sort(rng.normal(0, 3, order.shape), axis=1)
    np.put_along_axis(scores, order, downwards, axis=1)
    return scores, order[np.arange(len(ranks)), ranks]


def _hit_mistakes(scores, targets, ranks, k):
    """Return {mistake: the rate that it gives}."""
    cases, items = scores.shape
    best, right = np.argsort(-scores, axis=1), np.mean(ranks < k)
    return {
        "lowest": np.mean(ranks >= items - k), "only_first": np.mean(ranks < 1),
        "one_more": np.mean(ranks < k + 1), "one_fewer": np.mean(ranks < k - 1),
        "counted": np.sum(ranks < k), "divided_by_k": right / k, "percent": 100 * right,
        "columns": np.mean(targets < k), "other_cases": np.mean(np.isin(targets, best[:, :k])),
        "reciprocal": np.mean(1 / (ranks + 1)),
        "argsort_as_rank": np.mean(best[np.arange(cases), targets] < k),
        "misses": 1 - right,
    }


def _telling_table(rng, k):
    """Return (scores, targets, places) in which no mistake has another's rate by chance."""
    while True:
        ranks = rng.permutation(np.repeat(np.arange(len(RANKED)), RANKED))
        scores, targets = _scored(rng, ranks, len(RANKED))
        mistakes = _hit_mistakes(scores, targets, ranks, k)
        others = [np.mean(ranks < j) for j in range(len(RANKED))]
        if not any(np.isclose(mistakes[m], others).any() for m in ("columns", "argsort_as_rank")):
            return scores, targets, ranks


def _check_hits(answer, scores, targets, ranks, k, recognise=False):
    value = answer(scores, targets, k)
    name = f"the hit rate at {k}"
    expect(getattr(value, "shape", ()) != targets.shape, f"{name} is an array.", "not_averaged")
    value, right = expect_number(value, name, whole=True), np.mean(ranks < k)
    mistakes, cases = {}, len(ranks)
    if recognise:
        mistakes = _hit_mistakes(scores, targets, ranks, k)
        mistakes["other_k"] = tuple(np.mean(ranks < j) for j in range(1, 12))
    mistakes |= {
        "other_count": _divided(np.sum(ranks < k), (cases - 1, cases + 1, sum(RANKED))),
        "rounded": _rounded(right),
    }
    expect_close(value, right, name, whole=True, mistakes=mistakes)


def _check_many(rng, answer, large, edges):
    """Large tables for some k, which tell the mistakes apart, then `edges`: (places, items, k)."""
    for k in large:
        _check_hits(answer, *_telling_table(rng, k), k, recognise=True)
    for places, items, k in edges:
        _check_hits(answer, *_scored(rng, places, items), np.array(places), k)


@hit_rate.part("the best three")
def _(rng, answer):
    _check_many(rng, answer, (3, 7), [((0,), 5, 1), ((1,), 5, 1), ((2,), 3, 2),
                                      ((2, 0, 1, 1), 7, 2), ((0, 4, 1, 3, 2), 5, 5),
                                      ((3, 4, 5), 6, 3)])


@hit_rate.part("the best five")
def _(rng, answer):
    _check_many(rng, answer, (5, 10), [((4,), 62, 5), ((5,), 62, 5), ((0, 19, 20, 61), 62, 20),
                                       ((1, 8, 9, 10, 11, 12), 30, 10), ((0, 0, 1), 2, 1)])


seal(__name__)
