"""Answers to lesson 09 as learners write them."""

import copy
import math
import random
from fractions import Fraction

import numpy as np
from scipy.stats import binomtest
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


def wilson_symmetric(k, m, width=1.96):
    """The lower end of what is wrong is 1 minus the upper end of what is right."""
    def low(k):
        p, extra = np.float32(k) / np.float32(m), width**2 / m
        return (p + extra / 2 - width * math.sqrt(p * (1 - p) / m + extra / (4 * m))) / (1 + extra)
    return low(k), 1 - low(m - k)


def wilson_if(ok, otherwise):
    """Right where `ok(k, n)`, else what `otherwise` gives."""
    def answer(n_right, n, z=1.96):
        return (wilson_roots if ok(n_right, n) else otherwise)(n_right, n, z)
    return answer


def wilson_counts(n_right, n, z=1.96):
    middle = n_right + z**2 / (2 * n)
    half = z * np.sqrt(n_right * (1 - n_right) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def wilson_centre(n_right, n, z=1.96):
    low, high = wilson_roots(n_right, n, z)
    return (low + high) / 2, (high - low) / 2


def agresti(n_right, n, z=1.96):
    return wald(n_right + z**2 / 2, n + z**2, z)


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


def mean_masked_array(outputs, mask):
    hidden = np.broadcast_to(~mask[:, :, None], outputs.shape)
    return np.ma.masked_array(outputs, hidden).mean(axis=1).filled(0.0)


def mean_nan_to_num(states, is_real):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(mean_with()(states, is_real))


def mean_matrix(outputs, mask):
    weights = (mask / np.maximum(mask.sum(axis=1, keepdims=True), 1)).astype("float32")
    return (weights[:, None, :] @ outputs)[:, 0]


def mean_from_lengths(outputs, mask):
    """Right if the padding is at the end."""
    return np.stack([row[:n].sum(axis=0) / max(n, 1)
                     for row, n in zip(outputs, mask.sum(axis=1), strict=True)])


def mean_not_zero(outputs, mask):
    """Takes a step of zeros for padding."""
    return mean_einsum(outputs, mask & outputs.any(axis=2))


def mean_drops_empty(outputs, mask):
    return np.stack([row[real].mean(axis=0) for row, real in zip(outputs, mask, strict=True)
                     if real.any()])


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


def shuffle_lists(texts, generator):
    result = []
    for row in texts.tolist():
        words = [word for word in row if word]
        for last in range(len(words) - 1, 0, -1):           # Fisher and Yates
            other = generator.integers(last + 1)
            words[last], words[other] = words[other], words[last]
        result.append(words + [0] * (len(row) - len(words)))
    return np.array(result)


def shuffle_in_row(numbers, rng):
    shuffled = np.zeros(numbers.shape, "int32")
    for k in range(len(numbers)):
        words = numbers[k][numbers[k] != 0]
        rng.shuffle(words)
        shuffled[k, :len(words)] = words
    return shuffled


def shuffle_seeded(numbers, rng):
    own = random.Random(int(rng.integers(2**32)))
    rows = [own.sample(row[row > 0].tolist(), int((row > 0).sum())) for row in numbers]
    return np.array([row + [0] * (numbers.shape[1] - len(row)) for row in rows])


def shuffle_with(order, words=lambda row: row[row > 0], dtype=int):
    """Puts `order(words, rng)` in each text's place."""
    def answer(numbers, rng):
        result = np.zeros(numbers.shape, dtype)
        for line, row in zip(result, numbers, strict=True):
            found = order(words(row), rng)
            line[:len(found)] = found
        return result
    return answer


def shuffle_piece(start, stop):
    """Shuffles places `start` to `length + stop`, and leaves the rest."""
    def order(words, rng):
        words = words.copy()
        rng.shuffle(words[start:len(words) + stop])
        return words
    return shuffle_with(order)


def halves(words, rng):
    middle = len(words) // 2
    return np.concatenate([rng.permutation(words[:middle]), rng.permutation(words[middle:])])


def sattolo(words, rng):
    words = words.copy()
    for last in range(len(words) - 1, 0, -1):
        other = rng.integers(last)
        words[[last, other]] = words[[other, last]]
    return words


def swap_each(words, rng):
    """Not all orders are equally likely: each place is swapped with any."""
    words = words.copy()
    for place in range(len(words)):
        other = rng.integers(len(words))
        words[[place, other]] = words[[other, place]]
    return words


def neighbours(words, rng):
    words = words.copy()
    for place in range(len(words) - 1):
        if rng.random() < 0.5:
            words[[place, place + 1]] = words[[place + 1, place]]
    return words


def to_front(words, rng):
    """Moves one word to the front."""
    if len(words) < 2:
        return words
    k = rng.integers(len(words))
    return np.concatenate([[words[k]], np.delete(words, k)])


def until_moved(words, rng):
    """Draws again while a word stays where it was."""
    while len(words) > 1:
        order = rng.permutation(len(words))
        if (order != np.arange(len(words))).all():
            return words[order]
    return words


def shuffle_first_only(numbers, rng):
    """Each text by a fresh order, but a second call begins like the first."""
    return shuffle_each(numbers, copy.deepcopy(rng))


def shuffle_longest(numbers, rng):
    """All texts as long as the longest."""
    length = (numbers > 0).sum(axis=1).max()
    return np.hstack([rng.permuted(numbers[:, :length], axis=1), numbers[:, length:]])


def shuffle_reversed(numbers, rng):
    result = numbers.copy()
    for row in result:
        length = np.count_nonzero(row)
        row[:length] = row[:length][::-1]
    return result


def shuffle_two(numbers, rng):
    result = numbers.copy()
    for row in result:
        if np.count_nonzero(row) > 1:
            a, b = rng.choice(np.count_nonzero(row), 2, replace=False)
            row[[a, b]] = row[[b, a]]
    return result


def shuffle_rotated(numbers, rng):
    result = numbers.copy()
    for row in result:
        length = np.count_nonzero(row)
        row[:length] = np.roll(row[:length], rng.integers(1, max(length, 2)))
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
        word = unknown if stand_in is None else stand_in
        hidden = [hide(tokens, t, word) for t in range(len(tokens))]
        return change(predict([tokens])[0], predict(hidden))
    return answer


def occlude_restored(predict, words, stand_in="[UNK]"):
    """Changes the list, and puts each token back."""
    words, before, result = list(words), float(predict([words])[0]), []
    for place, word in enumerate(words):
        words[place] = stand_in
        result.append(before - float(predict([words])[0]))
        words[place] = word
    return np.array(result, "float32")


def occlude_enumerated(predict, tokens, unknown="[UNK]"):
    hidden = np.array([predict([[unknown if j == i else w for j, w in enumerate(tokens)]])[0]
                       for i, _ in enumerate(tokens)])
    return np.subtract(predict([tokens]), hidden)


def occlude_by_index(predict, tokens, unknown="[UNK]"):
    """Looks the place up: of a word that stands twice it finds the first."""
    hidden = []
    for word in tokens:
        copy = list(tokens)
        copy[copy.index(word)] = unknown
        hidden.append(copy)
    return predict([tokens])[0] - predict(hidden)


def occlude_words(predict, tokens, unknown="[UNK]"):
    """One contribution for each different word."""
    return np.array([occlude_batch(predict, tokens, unknown)[tokens.index(word)]
                     for word in dict.fromkeys(tokens)])


def occlude_log_odds(predict, tokens, unknown="[UNK]"):
    def odds(texts):
        chance = predict(texts)
        return np.log(chance / (1 - chance))
    return occlude_batch(odds, tokens, unknown)


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


def paired_binomial(truth, one, two):
    only_one = np.count_nonzero((one == truth) > (two == truth))
    only_two = np.count_nonzero((one == truth) < (two == truth))
    if only_one + only_two == 0:
        return 1
    return binomtest(only_one, only_one + only_two, 0.5).pvalue


def paired_recursive(labels, first, second):
    b, c = sorted(int(np.sum((x == labels) & (y != labels)))
                  for x, y in ((first, second), (second, first)))
    term = total = Fraction(1, 2 ** (b + c))
    for k in range(b):
        term = term * (b + c - k) / (k + 1)
        total += term
    return float(min(1, 2 * total))


def paired_chi2(correction):
    def answer(labels, first, second):
        b = np.sum((first == labels) & (second != labels))
        c = np.sum((first != labels) & (second == labels))
        if b + c == 0:
            return 1.0
        return math.erfc(math.sqrt((abs(b - c) - correction)**2 / (b + c) / 2))
    return answer


def paired_unguarded(labels, first, second):
    b = np.float64(np.sum((first == labels) & (second != labels)))
    c = np.sum((first != labels) & (second == labels))
    return paired_by_hand(labels, first, second) * (b + c) / (b + c)


def paired_mid(labels, first, second):
    b = int(np.sum((first == labels) & (second != labels)))
    c = int(np.sum((first != labels) & (second == labels)))
    return paired_by_hand(labels, first, second) - math.comb(b + c, b) / 2**(b + c)


def paired_with(counts=lambda a, b: (int((a & ~b).sum()), int((~a & b).sum())), pick=min,
                terms=lambda fewer: range(fewer + 1), sides=2, cap=1.0, n=None):
    def answer(labels, first, second):
        one, two = counts(first == labels, second == labels)
        total = n(labels) if n else one + two
        tail = sum(math.comb(total, k) for k in terms(pick(one, two))) / 2**total
        return min(cap, sides * tail)
    return answer


RIGHT = {
    "wilson": {"roots": wilson_roots, "library": wilson_library, "array": wilson_array,
               "symmetric": wilson_symmetric, "stacked": lambda *given: np.stack(
                   wilson_roots(*given))},
    "masked_mean": {"by_text": mean_by_text, "einsum": mean_einsum,
                    "masked_array": mean_masked_array, "nan_to_num": mean_nan_to_num,
                    "matrix": mean_matrix},
    "shuffle_words": {"keys": shuffle_by_keys, "each": shuffle_each, "lists": shuffle_lists,
                      "in_row": shuffle_in_row, "seeded": shuffle_seeded},
    "occlusion": {"batch": occlude_batch, "one_by_one": occlude_one_by_one,
                  "restored": occlude_restored, "enumerated": occlude_enumerated},
    "paired_p": {"library": paired_library, "by_hand": paired_by_hand,
                 "binomial": paired_binomial, "recursive": paired_recursive},
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
        "counts": (wilson_counts, "count_for_share"),
        "whole_division": (lambda k, n, z=1.96: wilson_roots(k // n, n, z), "share_cut"),
        "centre_and_half": (wilson_centre, "half_width"),
        "three_digits": (lambda *given: tuple(round(x, 3) for x in wilson_roots(*given)),
                         "rounded"),
        "two_digits": (lambda *given: tuple(np.round(wilson_roots(*given), 2)), "rounded"),
        "agresti": (agresti, None),
        "above_half": (wilson_if(lambda k, n: 2 * k >= n, wilson_centre), "half_width"),
        "small_n": (wilson_if(lambda k, n: n < 1000, wald), "wald"),
        "plain_at_0": (wilson_if(lambda k, n: k > 0, wald), "wald"),
        "zero_at_0": (wilson_if(lambda k, n: k > 0, lambda k, n, z: (0.0, 0.0)), "wald"),
        "one_text": (wilson_if(lambda k, n: n > 1, lambda k, n, z: (0.0, 1.0)), None),
        "list_of_one": (lambda *given: wilson_roots(*given)[:1], None),
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
        "two_axes": (lambda o, m: (o * m).sum(axis=1) / m.sum(axis=1), "one_axis_short"),
        "flat_counts": (lambda o, m: np.einsum("btu,bt->bu", o, m) / np.maximum(m.sum(1), 1),
                        "one_axis_short"),
        "by_length": (mean_from_lengths, "from_the_front"),
        "empties_left_out": (mean_drops_empty, "row_lost"),
        "zeros_skipped": (mean_not_zero, None),
        "half_of_zeros": (lambda o, m: mean_einsum(o, m) + ~m.any(axis=1)[:, None], None),
        "of_means": (lambda o, m: mean_einsum(o, m).mean(axis=1), None),
        "longest": (mean_with(divide=lambda m: m.sum(1).max()), "divided_by_time"),
        "whole_numbers": (lambda o, m: mean_einsum(o, m).astype(int), None),
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
        "not_the_first": (shuffle_piece(1, 0), "ends_stay"),
        "not_the_last": (shuffle_piece(0, -1), "ends_stay"),
        "neither_end": (shuffle_piece(1, -1), "ends_stay"),
        "half_by_half": (shuffle_with(halves), "too_alike"),
        "sattolo": (shuffle_with(sattolo), "never_stays"),
        "again_if_one_stays": (shuffle_with(until_moved), "never_stays"),
        "swapped_with_any": (shuffle_with(swap_each), "uneven"),
        "neighbours": (shuffle_with(neighbours), "too_alike"),
        "one_to_the_front": (shuffle_with(to_front), "too_alike"),
        "set": (shuffle_with(lambda words, rng: rng.permutation(sorted(set(words.tolist())))),
                "repeats_lost"),
        "rest_of_a_copy": (shuffle_first_only, "not_random"),
        "to_the_longest": (shuffle_longest, "padding_moved"),
        "floats": (shuffle_with(lambda words, rng: rng.permutation(words), dtype=float),
                   "not_integers"),
        "different_words_counted": (lambda x, rng: np.stack([np.append(rng.permutation(
            row[:n]), row[n:]) for row in x for n in [len(set(row.tolist()) - {0})]]),
            "ends_stay"),
        "full_rows_kept": (lambda x, rng: np.where(x.all(axis=1)[:, None], x, shuffle_each(
            x, rng)), "one_order"),
        "long_texts_alone": (lambda x, rng: np.where((x > 0).sum(axis=1)[:, None] < 5, x,
                                                     shuffle_each(x, rng)), "one_order"),
        "sorted": (shuffle_with(lambda words, rng: np.sort(words)), "not_random"),
        "numbered": (shuffle_with(lambda words, rng: 1 + rng.permutation(len(words))), None),
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
        "empty_stand_in": (occlude_with(stand_in=""), "unknown_fixed"),
        "pad": (occlude_with(stand_in="[PAD]"), "unknown_fixed"),
        "log_odds": (occlude_log_odds, "log_odds"),
        "relative": (occlude_with(change=lambda whole, h: (whole - h) / whole), "ratio"),
        "from_the_right": (occlude_with(hide=lambda w, t, u: w[:t] + [u] * (len(w) - t)),
                           "accumulated"),
        "first_of_its_kind": (occlude_by_index, None),
        "different_words": (occlude_words, None),
        "not_the_last": (lambda *given: occlude_batch(*given)[:-1], None),
        "one_late": (lambda *given: np.roll(occlude_batch(*given), 1), None),
        "list": (lambda *given: occlude_batch(*given).tolist(), "not_an_array"),
        "share": (lambda *given: occlude_batch(*given) / occlude_batch(*given).sum(), None),
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
        "chi_squared": (paired_chi2(0), "approximate"),
        "corrected": (paired_chi2(1), "approximate"),
        "zero_by_zero": (paired_unguarded, "no_difference"),
        "middle": (paired_mid, None),
        "second_alone": (paired_with(pick=lambda b, c: c), "larger"),
        "more_than_1": (lambda *given: 2 * paired_with(sides=1)(*given) if given[1] is not None
                        and paired_with(sides=1)(*given) < 0.9 else 1.0, "above_one"),
        "complement": (lambda *given: 1 - paired_by_hand(*given), None),
        "per_cent": (lambda *given: 100 * paired_by_hand(*given), "above_one"),
        "ones_alone": (lambda labels, first, second: paired_by_hand(
            labels[labels == 1], first[labels == 1], second[labels == 1]), None),
    },
}
