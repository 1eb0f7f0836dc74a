"""Checks of lesson 08b: item codes, rules of association, next-item samples, hit rate."""

import unicodedata

import numpy as np

from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number, expect_tuple

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
    "number_lost": ("A right code came out changed.", "Keep the zeros that are there."),
    "not_text": ("Return text, such as 'K004'.",),
})


def _code(rng):
    return "ABCEGHKPT"[rng.integers(9)] + f"{rng.integers(11, 100):03}"


def _wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in text)


def _expect_code(rng, answer, spoil):
    for _ in range(4):
        code = _code(rng)
        given = spoil(code)
        value = answer(given)
        expect(isinstance(value, str), f"For {given!r} you return {type(value).__name__}.",
               "not_text")
        if value == code:
            continue
        mistake = (
            "full_width_left" if unicodedata.normalize("NFKC", value) != value else
            "spaces_left" if " " in value else
            "lower_left" if value != value.upper() else
            "zeros_before_letter" if value[:1] == "0" else
            "number_lost" if given == code else "zeros_lost" if len(value) < 4 else None)
        expect(False, f"{given!r} became {value!r}, expected {code!r}.", mistake)


@normal_code.part("case and spaces")
def _(rng, answer):
    _expect_code(rng, answer, lambda code: code)
    _expect_code(rng, answer, str.lower)
    _expect_code(rng, answer, lambda code: f" {code} ")
    _expect_code(rng, answer, lambda code: f"{code[0]} {code[1:]}")


@normal_code.part("full width")
def _(rng, answer):
    _expect_code(rng, answer, _wide)


@normal_code.part("lost zeros")
def _(rng, answer):
    _expect_code(rng, answer, lambda code: code[0] + code[1:].lstrip("0"))
    _expect_code(rng, answer, lambda code: _wide(code[0].lower() + " " + code[1:].lstrip("0")))


# --- rules ------------------------------------------------------------------------------------

rule = Exercise("rule", hints={
    "confidence_reversed": ("Of the orders with *a*, how many have b? You asked the other way.",
                            "confidence = share of both / share of a."),
    "support_of_one": ("The support of the rule is the share of orders with *both* items.",),
    "counts": ("Support is a share of all orders, not a number of orders.",
               "Divide by len(orders)."),
    "lift_by_a": ("Lift compares the confidence with how often b lies in *any* order.",
                  "Divide the confidence by the share of b."),
    "lift_by_count": ("Divide by the *share* of orders with b, not by their number.",),
    "lift_is_difference": ("Lift is a ratio, not a difference.",),
    "either": ("You count orders with a *or* b.", "a in order and b in order."),
})


def _orders(rng):
    orders = []
    for _ in range(60):
        order = {x for x, p in zip("cde", (0.5, 0.3, 0.2), strict=True) if rng.random() < p}
        if rng.random() < 0.5:
            order.add("a")
        if rng.random() < (0.7 if "a" in order else 0.2):
            order.add("b")
        orders.append(order or {"e"})
    return orders


def _shares(orders, a, b):
    n = len(orders)
    has_a, has_b = (np.array([x in order for order in orders]) for x in (a, b))
    return has_a.mean(), has_b.mean(), (has_a & has_b).mean(), (has_a | has_b).mean(), n


def _three(value):
    value = tuple(value) if isinstance(value, np.ndarray) and value.ndim == 1 else value
    return expect_tuple(value, ("support", "confidence", "lift"))


@rule.part("support")
def _(rng, answer):
    orders = _orders(rng)
    p_a, _, both, either, n = _shares(orders, "a", "b")
    support, _, _ = _three(answer(orders, "a", "b"))
    expect_close(expect_number(support, "the support", whole=True), both, "the support",
                 mistakes={"counts": both * n, "support_of_one": p_a, "either": either},
                 whole=True)


@rule.part("confidence and lift")
def _(rng, answer):
    orders = _orders(rng)
    p_a, p_b, both, either, n = _shares(orders, "a", "b")
    _, confidence, lift = _three(answer(orders, "a", "b"))
    expect_close(expect_number(confidence, "the confidence"), both / p_a, "the confidence",
                 mistakes={"confidence_reversed": both / p_b, "either": either / p_a})
    expect_close(expect_number(lift, "the lift"), both / p_a / p_b, "the lift", mistakes={
        "lift_by_a": both / p_a**2, "lift_by_count": both / p_a / (p_b * n),
        "lift_is_difference": both / p_a - p_b,
        "confidence_reversed": both / p_b,
    })


# --- samples ----------------------------------------------------------------------------------

next_item_samples = Exercise("next_item_samples", hints={
    "target_inside": ("The item to be guessed is in its own row.",
                      "Row k ends with items[k]; its target is items[k + 1]."),
    "padded_right": ("The zeros stand at the end; the course pads such prefixes in front, so "
                     "that the newest item is always in the last column.",),
    "oldest_kept": ("Of a long prefix you keep the oldest items.", "Keep the last `length`."),
    "reversed": ("The newest item stands first.", "Keep the order of time."),
    "short_left_out": ("One sample for each item from the second on: short prefixes count too.",
                       "len(items) - 1 rows, padded with 0."),
    "newest_missing": ("The newest item of each prefix is missing.",
                       "Row k ends with items[k]."),
    "same_as_target": ("The targets are the items themselves.", "items[1:]."),
})


def _samples(items, length, *, inside=0, right=False, oldest=False, turn=False):
    x = np.zeros((len(items) - 1, length), int)
    for k in range(len(items) - 1):
        part = items[:k + 1 + inside]
        part = part[:length] if oldest else part[-length:]
        part = part[::-1] if turn else part
        x[k, slice(0, len(part)) if right else slice(length - len(part), length)] = part
    return x


@next_item_samples.part("targets")
def _(rng, answer):
    items = rng.integers(1, 60, 9)
    _, y = expect_tuple(answer(items.copy(), 4), ("x", "y"))
    expect(np.shape(y) != (len(items) - 4,) and np.shape(y) != (len(items) - 3,),
           f"{len(items)} items give {np.shape(y)} targets.", "short_left_out")
    expect_close(y, items[1:], "the targets", axes="(samples,)", whole=True,
                 mistakes={"same_as_target": items, "target_inside": items[:-1]})


@next_item_samples.part("rows")
def _(rng, answer):
    items, length = rng.integers(1, 60, 9), 4
    x, _ = expect_tuple(answer(items.copy(), length), ("x", "y"))
    expect(np.shape(x) != (len(items) - length, length), f"You return {len(items) - length} "
           "rows.", "short_left_out")
    right = _samples(items, length)
    expect_close(expect_array(x, "the rows", (8, 4), "(samples, length)", whole=True), right,
                 "the rows", whole=True, mistakes={
        "target_inside": _samples(items, length, inside=1),
        "padded_right": _samples(items, length, right=True),
        "oldest_kept": _samples(items, length, oldest=True),
        "newest_missing": np.vstack([np.zeros(length, int), right[:-1]]),
        "reversed": _samples(items, length, turn=True),
    })


# --- hit rate ---------------------------------------------------------------------------------

CASES = 400

hit_rate = Exercise("hit_rate", hints={
    "lowest": ("You look at the items with the lowest scores.", "np.argsort sorts upwards."),
    "only_first": ("You look at the best item alone.", "The k best count."),
    "one_more": ("You look at k + 1 items.",),
    "counted": ("A share of the cases, not their number.",),
    "one_fewer": ("You look at k - 1 items.",),
    "argsort_as_rank": ("np.argsort gives the items in order of their scores, not the rank of "
                        "each item.", "Look whether the target is among its last k entries."),
    "divided_by_k": ("Divide by the number of cases, not by cases times k: one target each.",),
})


def _check_hits(rng, answer, k):
    scores = rng.permuted(np.tile(np.arange(12.0), (CASES, 1)), axis=1)
    targets = np.argsort(-scores, axis=1)[np.arange(CASES), rng.integers(0, 9, CASES)]
    above = (scores > scores[np.arange(CASES), targets][:, None]).sum(axis=1)
    below = (scores < scores[np.arange(CASES), targets][:, None]).sum(axis=1)
    right = np.mean(above < k)
    name = f"the hit rate at {k}"
    expect_close(expect_number(answer(scores.copy(), targets.copy(), k), name, whole=True), right,
                 name, whole=True, mistakes={
        "lowest": np.mean(below < k), "only_first": np.mean(above < 1),
        "one_more": np.mean(above < k + 1), "one_fewer": np.mean(above < k - 1),
        "counted": np.sum(above < k), "divided_by_k": right / k,
        "argsort_as_rank": np.mean(np.argsort(-scores, axis=1)[np.arange(CASES), targets] < k),
    })


@hit_rate.part("the best three")
def _(rng, answer):
    _check_hits(rng, answer, 3)


@hit_rate.part("the best five")
def _(rng, answer):
    _check_hits(rng, answer, 5)


seal(__name__)
