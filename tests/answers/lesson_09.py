"""Answers to lesson 09 as learners write them."""

import math

import numpy as np
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

# --- wilson -----------------------------------------------------------------------------------


def wilson_roots(n_right, n, z=1.96):
    """The two shares whose own plain interval just reaches what was observed."""
    p = n_right / n
    a, b, c = 1 + z**2 / n, -(2 * p + z**2 / n), p**2
    root = math.sqrt(b**2 - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def wilson_library(n_right, n, z=1.96):
    level = math.erfc(z / math.sqrt(2))
    return proportion_confint(n_right, n, alpha=level, method="wilson")


def wilson_array(n_right, n, z=1.96):
    return np.array(wilson_roots(n_right, n, z))


def wilson_with(centred=True, divided=True, second=True, power=2, fixed=None, scale=1.0,
                half_divided=True, under=lambda n: 4 * n, root=np.sqrt):
    def answer(n_right, n, z=1.96):
        z = fixed or z
        p, extra = n_right / n, z**power / n
        below = 1 + extra if divided else 1
        middle = (p + extra / 2) / below if centred else p
        half = z / (below if half_divided else 1) * root(
            p * (1 - p) / n + second * extra / under(n))
        return scale * (middle - half), scale * (middle + half)
    return answer


def wald(n_right, n, z=1.96):
    p = n_right / n
    half = z * np.sqrt(p * (1 - p) / n)
    return p - half, p + half


# --- masked_mean ------------------------------------------------------------------------------


def mean_by_text(outputs, mask):
    rows = [row[real].mean(axis=0) if real.any() else np.zeros(row.shape[1])
            for row, real in zip(outputs, mask, strict=True)]
    return np.stack(rows)


def mean_einsum(outputs, mask):
    return np.einsum("btu,bt->bu", outputs, mask.astype(float)) / np.clip(
        mask.sum(axis=1), 1, None)[:, None]


def mean_with(weigh=lambda o, m: o * m[..., None], divide=lambda m: m.sum(1, keepdims=True)):
    return lambda outputs, mask: weigh(outputs, mask).sum(axis=1) / divide(mask)


# --- shuffle_words ----------------------------------------------------------------------------


def shuffle_by_keys(numbers, rng):
    """Random keys sort the words; padding gets the largest."""
    keys = np.where(numbers > 0, rng.random(numbers.shape), 2.0)
    return np.take_along_axis(numbers, np.argsort(keys, axis=1, kind="stable"), axis=1)


def shuffle_each(numbers, rng):
    result = numbers.copy()
    for row in result:
        length = np.count_nonzero(row)
        order = rng.permutation(length)
        row[:length] = row[order]
    return result


def shuffle_choice(numbers, rng):
    result = np.zeros_like(numbers)
    for k, row in enumerate(numbers):
        words = row[row > 0]
        result[k, :len(words)] = rng.choice(words, len(words))
    return result


def shuffle_one_order(numbers, rng):
    result, order = numbers.copy(), np.argsort(rng.random(numbers.shape[1]))
    for row in result:
        length = np.count_nonzero(row)
        row[:length] = row[order[order < length]]
    return result


def shuffle_reversed(numbers, rng):
    result = numbers.copy()
    for row in result:
        length = np.count_nonzero(row)
        row[:length] = row[:length][::-1]
    return result


def shuffle_two(numbers, rng):
    result = numbers.copy()
    for row in result:
        a, b = rng.choice(np.count_nonzero(row), 2, replace=False)
        row[[a, b]] = row[[b, a]]
    return result


def shuffle_rotated(numbers, rng):
    result = numbers.copy()
    for row in result:
        length = np.count_nonzero(row)
        row[:length] = np.roll(row[:length], rng.integers(1, length))
    return result


# --- occlusion --------------------------------------------------------------------------------


def occlude_batch(predict, tokens, unknown="[UNK]"):
    texts = [list(tokens)]
    for t in range(len(tokens)):
        texts.append([unknown if k == t else word for k, word in enumerate(tokens)])
    chance = np.asarray(predict(texts))
    return chance[0] - chance[1:]


def occlude_one_by_one(predict, tokens, unknown="[UNK]"):
    whole = predict([tokens])[0]
    changes = []
    for t in range(len(tokens)):
        hidden = list(tokens)
        hidden[t] = unknown
        changes.append(whole - predict([hidden])[0])
    return np.array(changes)


def occlude_with(hide=lambda w, t, u: [*w[:t], u, *w[t + 1:]], change=lambda whole, h: whole - h,
                 stand_in=None):
    def answer(predict, tokens, unknown="[UNK]"):
        hidden = [hide(tokens, t, stand_in or unknown) for t in range(len(tokens))]
        return change(predict([tokens])[0], predict(hidden))
    return answer


def occlude_in_place(predict, tokens, unknown="[UNK]"):
    whole, changes = predict([tokens])[0], []
    for t in range(len(tokens)):
        tokens[t] = unknown
        changes.append(whole - predict([tokens])[0])
    return np.array(changes)


# --- paired_p ---------------------------------------------------------------------------------


def paired_library(labels, first, second):
    a, b = labels == first, labels == second
    return mcnemar([[0, (a & ~b).sum()], [(~a & b).sum(), 0]], exact=True).pvalue


def paired_by_hand(labels, first, second):
    one = int(np.sum((first == labels) & (second != labels)))
    two = int(np.sum((second == labels) & (first != labels)))
    n = one + two
    tail = sum(math.comb(n, k) * 0.5**n for k in range(min(one, two) + 1))
    return min(1.0, 2 * tail)


def paired_with(counts=lambda a, b: (int((a & ~b).sum()), int((~a & b).sum())), pick=min,
                terms=lambda fewer: range(fewer + 1), sides=2, cap=1.0, n=None):
    def answer(labels, first, second):
        one, two = counts(first == labels, second == labels)
        total = n(labels) if n else one + two
        tail = sum(math.comb(total, k) for k in terms(pick(one, two))) / 2**total
        return min(cap, sides * tail)
    return answer


RIGHT = {
    "wilson": {"roots": wilson_roots, "library": wilson_library, "array": wilson_array},
    "masked_mean": {"by_text": mean_by_text, "einsum": mean_einsum},
    "shuffle_words": {"keys": shuffle_by_keys, "each": shuffle_each},
    "occlusion": {"batch": occlude_batch, "one_by_one": occlude_one_by_one},
    "paired_p": {"library": paired_library, "by_hand": paired_by_hand},
}

WRONG = {
    "wilson": {
        "plain": (wald, "wald"),
        "centre_p": (wilson_with(centred=False), "not_centred"),
        "undivided": (wilson_with(divided=False), "not_divided"),
        "always_95": (wilson_with(fixed=1.96), "z_fixed"),
        "high_first": (lambda k, n, z=1.96: wilson_roots(k, n, z)[::-1], "swapped"),
        "short_root": (wilson_with(second=False), "no_second_term"),
        "z": (wilson_with(power=1), "z_not_squared"),
        "per_cent": (wilson_with(scale=100.0), "percent"),
        "half_undivided": (wilson_with(half_divided=False), "centre_only"),
        "four": (wilson_with(under=lambda n: 4), "four_n"),
        "squared_half": (wilson_with(root=float), "no_root"),
    },
    "masked_mean": {
        "plain_mean": (lambda o, m: o.mean(axis=1), "mask_ignored"),
        "over_time": (mean_with(divide=lambda m: m.shape[1]), "divided_by_time"),
        "mean_length": (mean_with(divide=lambda m: m.sum() / len(m)), "one_length"),
        "sum": (mean_with(divide=lambda m: 1), "sum"),
        "padding_only": (lambda o, m: mean_einsum(o, ~m), "inverted"),
        "last_step": (lambda o, m: o[np.arange(len(o)), m.sum(1) - 1], "last"),
        "axis_0": (lambda o, m: (o * m[..., None]).mean(axis=0), "over_batch"),
        "zero_by_zero": (mean_with(), "empty_row"),
        "count_plus_one": (mean_with(divide=lambda m: m.sum(1, keepdims=True) + 1), "one_more"),
        "highest": (lambda o, m: np.where(m[..., None], o, -np.inf).max(axis=1), "max"),
        "median": (lambda o, m: np.nanmedian(np.where(m[..., None], o, np.nan), axis=1), None),
    },
    "shuffle_words": {
        "whole_rows": (lambda x, rng: rng.permuted(x, axis=1), "padding_moved"),
        "same_for_all": (shuffle_one_order, "one_order"),
        "texts": (lambda x, rng: rng.permutation(x), "texts_moved"),
        "copy": (lambda x, rng: x.copy(), "unchanged"),
        "own_generator": (lambda x, rng: shuffle_each(x, np.random.default_rng(0)),
                          "not_random"),
        "backwards": (shuffle_reversed, "not_random"),
        "global_state": (lambda x, rng: shuffle_each(x, np.random), "not_random"),
        "two_swapped": (shuffle_two, "too_few"),
        "rotated": (shuffle_rotated, "too_alike"),
        "drawn_with_return": (shuffle_choice, "other_words"),
        "columns": (lambda x, rng: rng.permuted(x, axis=0), "in_columns"),
    },
    "occlusion": {
        "other_way": (occlude_with(change=lambda whole, h: h - whole), "sign"),
        "deleted": (occlude_with(hide=lambda w, t, u: w[:t] + w[t + 1:]), "removed"),
        "probabilities": (occlude_with(change=lambda whole, h: h), "no_difference"),
        "in_place": (occlude_in_place, "accumulated"),
        "from_the_left": (occlude_with(hide=lambda w, t, u: [u] * (t + 1) + w[t + 1:]),
                          "accumulated"),
        "size": (occlude_with(change=lambda whole, h: np.abs(whole - h)), "absolute"),
        "one_kept": (occlude_with(hide=lambda w, t, u: [u] * t + [w[t]] + [u] * (
            len(w) - t - 1)), "alone"),
        "divided": (occlude_with(change=lambda whole, h: whole / h), "ratio"),
        "own_stand_in": (occlude_with(stand_in="[UNK]"), "unknown_fixed"),
        "every_place": (occlude_with(hide=lambda w, t, u: [u if x == w[t] else x for x in w]),
                        "all_hidden"),
    },
    "paired_p": {
        "one_side": (paired_with(sides=1), "one_sided"),
        "all": (paired_with(n=len), "all_texts"),
        "rights": (paired_with(counts=lambda a, b: (int(a.sum()), int(b.sum()))),
                   "right_counts"),
        "without_it": (paired_with(terms=range), "strict"),
        "no_cap": (paired_with(cap=9.0), "above_one"),
        "the_larger": (paired_with(pick=max), "larger"),
        "the_first": (paired_with(pick=lambda b, c: b), "first_count"),
        "nothing_zero": (lambda labels, first, second: paired_by_hand(labels, first, second)
                         if np.any((labels == first) != (labels == second)) else 0.0,
                         "no_difference"),
        "answers_alone": (lambda labels, first, second: paired_by_hand(
            np.ones_like(labels), first, second), "no_labels"),
        "this_split": (paired_with(terms=lambda fewer: [fewer]), "one_term"),
    },
}
