"""Answers to lesson 08b as learners write them."""

import re
import unicodedata

import numpy as np

# --- normal_code ------------------------------------------------------------------------------


def code_split(code):
    text = unicodedata.normalize("NFKC", code).replace(" ", "").upper()
    return text[0] + text[1:].zfill(3)


def code_regex(code):
    letter, number = re.match(r"\s*(\w)\s*(\d+)\s*$", unicodedata.normalize("NFKC", code)).groups()
    return f"{letter.upper()}{int(number):03d}"


def code_characters(code):
    """Characters one by one, by their numbers; zeros go in until there are four."""
    kept = [chr(ord(c) - 0xFEE0) if ord(c) > 0xFF00 else c for c in code if not c.isspace()]
    while len(kept) < 4:
        kept.insert(1, "0")
    return "".join(kept).upper()


def code_number(code):
    text = "".join(unicodedata.normalize("NFKC", code).split())
    return np.str_(f"{text[0].upper()}{int(text[1:]):0>3}")


def code_with(wide=True, spaces=lambda t: t.replace(" ", ""), upper=True,
              pad=lambda t: t[0] + t[1:].zfill(3)):
    def answer(code):
        text = unicodedata.normalize("NFKC", code) if wide else code
        text = spaces(text)
        return pad(text.upper() if upper else text)
    return answer


# --- rule -------------------------------------------------------------------------------------


def rule_counts(orders, a, b):
    n_a = sum(a in order for order in orders)
    n_b = sum(b in order for order in orders)
    both = sum(a in order and b in order for order in orders)
    n = len(orders)
    return both / n, both / n_a, (both / n_a) / (n_b / n)


def rule_means(orders, a, b):
    table = np.array([[a in order, b in order] for order in orders], float)
    support = (table[:, 0] * table[:, 1]).mean()
    confidence = table[table[:, 0] == 1, 1].mean()
    return support, confidence, support / (table[:, 0].mean() * table[:, 1].mean())


def rule_of_those_with_a(orders, a, b):
    with_a = [order for order in orders if a in order]
    hits = sum(b in order for order in with_a)
    confidence = hits / len(with_a)
    return [hits / len(orders), confidence,
            confidence * len(orders) / len([order for order in orders if b in order])]


def rule_subsets(orders, a, b):
    shares = [np.float32(sum(items <= order for order in orders) / len(orders))
              for items in ({a}, {b}, {a, b})]
    return np.stack([shares[2], shares[2] / shares[0], shares[2] / shares[0] / shares[1]])


def rule_in_text(orders, a, b):
    """Looks for the codes in joined text: K00 is found in K0041."""
    texts = [" ".join(order) for order in orders]
    return rule_counts(texts, a[:3], b)


def rule_with(change):
    def answer(orders, a, b):
        support, confidence, lift = rule_counts(orders, a, b)
        p_a = sum(a in order for order in orders) / len(orders)
        p_b = sum(b in order for order in orders) / len(orders)
        return change(support, confidence, lift, p_a, p_b, len(orders))
    return answer


# --- next_item_samples ------------------------------------------------------------------------


def samples_lists(items, length):
    rows = []
    for k in range(1, len(items)):
        part = list(items[max(0, k - length):k])
        rows.append([0] * (length - len(part)) + part)
    return np.array(rows), np.array(items[1:])


def samples_windows(items, length):
    padded = np.concatenate([np.zeros(length - 1, int), items[:-1]])
    return np.lib.stride_tricks.sliding_window_view(padded, length), items[1:]


def samples_backwards(items, length):
    """Entry by entry, from the newest on, as floats."""
    x = np.zeros((len(items) - 1, length))
    for k in range(len(items) - 1):
        for j in range(min(length, k + 1)):
            x[k, -1 - j] = items[k - j]
    return [x, np.array(items[1:], dtype="int32")]


def samples_rolled(items, length):
    row, rows = np.zeros(length, int), []
    for item in items[:-1]:
        row = np.append(row[1:], item)
        rows.append(row)
    return np.stack(rows), items[1:].copy()


def samples_negative_start(items, length):
    x = np.zeros((len(items) - 1, length), int)
    for k in range(len(items) - 1):
        past = items[k + 1 - length:k + 1]
        x[k, length - len(past):] = past
    return x, items[1:]


def samples_of_all(items, length):
    x, y = samples_lists(np.append(items, 0), length)
    return x, y


def samples_then(change):
    return lambda items, length: change(*samples_lists(items, length))


def samples_with(row, targets=lambda items: items[1:]):
    def answer(items, length):
        x = np.array([row(items, k, length) for k in range(1, len(items))])
        return x, targets(items)
    return answer


def padded_left(part, length):
    return np.concatenate([np.zeros(length - len(part), int), part])


def padded_right(part, length):
    return np.concatenate([part, np.zeros(length - len(part), int)])


# --- hit_rate ---------------------------------------------------------------------------------


def hits_sorted(scores, targets, k):
    best = np.argsort(-scores, axis=1)[:, :k]
    return np.mean((best == targets[:, None]).any(axis=1))


def hits_into_a_default(scores, targets, k, hits=[]):  # noqa: B006
    for row, target in zip(scores, targets, strict=True):
        hits.append(target in np.argsort(row)[-k:])
    return float(np.mean(hits))


def hits_loop(scores, targets, k):
    hits = 0
    for row, target in zip(scores, targets, strict=True):
        hits += target in np.argpartition(row, -k)[-k:]
    return hits / len(targets)


def hits_above(scores, targets, k):
    own = np.take_along_axis(scores, targets[:, None], axis=1)
    return np.count_nonzero((scores > own).sum(axis=1) < k) / len(targets)


def hits_threshold(scores, targets, k):
    return np.float32((scores[range(len(targets)), targets] >= np.sort(scores)[:, -k]).mean())


def hits_of_places(reduce):
    """`reduce` gets the place of each target, from 0, and k."""
    def answer(scores, targets, k):
        own = scores[np.arange(len(targets)), targets][:, None]
        return reduce((scores > own).sum(axis=1), k)
    return answer


def hits_with(order=lambda s: -s, cut=lambda k: k, reduce=np.mean, over=lambda k: 1):
    def answer(scores, targets, k):
        best = np.argsort(order(scores), axis=1)[:, :cut(k)]
        return reduce((best == targets[:, None]).any(axis=1)) / over(k)
    return answer


RIGHT = {
    "normal_code": {"split": code_split, "regex": code_regex, "characters": code_characters,
                    "number": code_number},
    "rule": {"counts": rule_counts, "means": rule_means, "with_a": rule_of_those_with_a,
             "subsets": rule_subsets,
             "array": lambda orders, a, b: np.array(rule_counts(orders, a, b))},
    "next_item_samples": {"lists": samples_lists, "windows": samples_windows,
                          "backwards": samples_backwards, "rolled": samples_rolled},
    "hit_rate": {"sorted": hits_sorted, "loop": hits_loop, "above": hits_above,
                 "threshold": hits_threshold},
}

WRONG = {
    "normal_code": {
        "small": (code_with(upper=False), "lower_left"),
        "ends_only": (code_with(spaces=str.strip), "spaces_left"),
        "half_width_only": (code_with(wide=False), "full_width_left"),
        "zeros_missing": (code_with(pad=lambda t: t), "zeros_lost"),
        "last_digit": (code_with(pad=lambda t: t[0] + "00" + t[-1]), "number_changed"),
        "zfill_all": (code_with(pad=lambda t: t.zfill(4)), "zeros_before_letter"),
        "as_number": (code_with(pad=lambda t: t[0] + str(int(t[1:]))), "zeros_lost"),
        "one_zero": (code_with(pad=lambda t: t[0] + "0" + t[1:].lstrip("0")), "zeros_lost"),
        "one_zero_for_two_digits": (code_with(pad=lambda t: t[0] + (
            t[1:] if len(t) > 3 else "0" + t[1:])), "zeros_lost"),
        "two_zeros": (code_with(pad=lambda t: t[0] + "00" + t[1:].lstrip("0")),
                      "too_many_digits"),
        "four_digits": (code_with(pad=lambda t: t[0] + t[1:].zfill(4)), "too_many_digits"),
        "zeros_behind": (code_with(pad=lambda t: t[0] + t[1:].ljust(3, "0")), "zeros_behind"),
        "zeros_off_both_ends": (code_with(pad=lambda t: t[0] + t[1:].strip("0").zfill(3)),
                                "number_changed"),
        "all_zeros_off": (code_with(pad=lambda t: t[0] + t[1:].replace("0", "").zfill(3)),
                          "number_changed"),
        "one_space": (code_with(spaces=lambda t: t.replace(" ", "", 1)), "spaces_left"),
        "space_between": (lambda code: " ".join(re.findall(r"[A-Z]|[0-9]+", code_split(code))),
                          "spaces_left"),
        "always_k": (code_with(pad=lambda t: "K" + t[1:].zfill(3)), None),
        "digits_only": (lambda code: code_split(code)[1:], None),
        "pair": (lambda code: (code_split(code)[0], code_split(code)[1:]), "not_text"),
        "bytes": (lambda code: code_split(code).encode(), "not_text"),
        "number": (lambda code: 4, "not_text"),
        "no_return": (lambda code: None, "returns_none"),
    },
    "rule": {
        "reversed": (rule_with(lambda s, c, lift, pa, pb, n: (s, s / pb, s / pb / pa)),
                     "confidence_reversed"),
        "support_of_a": (rule_with(lambda s, c, lift, pa, pb, n: (pa, c, lift)), "support_of_one"),
        "counts": (rule_with(lambda s, c, lift, pa, pb, n: (s * n, c, lift)), "counts"),
        "lift_by_a": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, c / pa)), "lift_by_a"),
        "difference": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, c - pb)),
                       "lift_is_difference"),
        "lift_by_count": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, c / (pb * n))),
                          "lift_by_count"),
        "either": (rule_with(lambda s, c, lift, pa, pb, n:
                             (pa + pb - s, (pa + pb - s) / pa, lift)), "either"),
        "support_of_b": (rule_with(lambda s, c, lift, pa, pb, n: (pb, c, lift)),
                         "support_of_one"),
        "independent": (rule_with(lambda s, c, lift, pa, pb, n: (pa * pb, c, lift)),
                        "independent"),
        "of_either": (rule_with(lambda s, c, lift, pa, pb, n: (s / (pa + pb - s), c, lift)),
                      "of_either"),
        "percent": (rule_with(lambda s, c, lift, pa, pb, n: (100 * s, 100 * c, lift)),
                    "percent"),
        "confidence_of_all": (rule_with(lambda s, c, lift, pa, pb, n: (s, s, lift)),
                              "confidence_of_all"),
        "leverage": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, s - pa * pb)),
                     "lift_is_difference"),
        "support_by_b": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, s / pb)),
                         "lift_of_support"),
        "confidence_twice": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, c)),
                             "lift_not_divided"),
        "upside_down": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, pb / c if c else 0.0)),
                        "lift_upside_down"),
        "order": (rule_with(lambda s, c, lift, pa, pb, n: (c, s, lift)), "order"),
        "rounded": (rule_with(lambda s, c, lift, pa, pb, n: (round(s, 2), round(c, 2), lift)),
                    "rounded"),
        "of_60": (rule_with(lambda s, c, lift, pa, pb, n: (s * n / 60, c, lift)), None),
        "lift_above_1": (rule_with(lambda s, c, lift, pa, pb, n: (s, c, max(lift, 1.0))), None),
        "empty_left_out": (lambda orders, a, b: rule_counts([o for o in orders if o], a, b),
                           "other_count"),
        "in_text": (rule_in_text, None),
        "two_only": (rule_with(lambda s, c, lift, pa, pb, n: (s, c)), None),
    },
    "next_item_samples": {
        "leak": (samples_with(lambda i, k, n: padded_left(i[max(0, k + 1 - n):k + 1], n)),
                 "target_inside"),
        "zeros_behind": (samples_with(lambda i, k, n: padded_right(i[max(0, k - n):k], n)),
                         "padded_right"),
        "oldest": (samples_with(lambda i, k, n: padded_left(i[:k][:n], n)), "oldest_kept"),
        "newest_first": (samples_with(lambda i, k, n: padded_left(i[max(0, k - n):k][::-1], n)),
                         "reversed"),
        "newest_missing": (samples_with(
            lambda i, k, n: padded_left(i[max(0, k - 1 - n):k - 1], n)), "newest_missing"),
        "full_windows": (lambda items, n: (
            np.lib.stride_tricks.sliding_window_view(items[:-1], n), items[n:]),
            "short_left_out"),
        "all_items": (samples_with(lambda i, k, n: padded_left(i[max(0, k - n):k], n),
                                   lambda items: items), "same_as_target"),
        "negative_start": (samples_negative_start, "short_lost"),
        "last_too": (samples_of_all, "one_too_many"),
        "last_too_in_x": (lambda items, n: (samples_of_all(items, n)[0], items[1:]),
                          "one_too_many"),
        "first_left_out": (samples_then(lambda x, y: (x[1:], y[1:])), "short_left_out"),
        "from_0": (samples_then(lambda x, y: (x, y - 1)), "numbers_shifted"),
        "rows_from_0": (samples_then(lambda x, y: (np.maximum(x - 1, 0), y)),
                        "numbers_shifted"),
        "newest_only": (samples_then(lambda x, y: (x * (np.arange(x.shape[1])
                                                        == x.shape[1] - 1), y)), "newest_only"),
        "targets_early": (lambda items, n: (samples_lists(items, n)[0], items[:-1]),
                          "target_inside"),
        "four_columns": (lambda items, n: samples_lists(items, 4), "length_ignored"),
        "small_numbers": (samples_then(lambda x, y: (x.astype("int8"), y)), None),
        "padded_with_the_first": (samples_then(lambda x, y: (np.where(x == 0, x[0, -1], x), y)),
                                  "other_padding"),
        "padded_with_minus_1": (samples_then(lambda x, y: (np.where(x == 0, -1, x), y)),
                                "other_padding"),
        "padded_with_nan": (samples_then(lambda x, y: (np.where(x == 0, np.nan, x), y)),
                            "other_padding"),
        "sorted": (samples_then(lambda x, y: (np.sort(x, axis=1), y)), None),
        "last_row_only": (samples_then(lambda x, y: (np.vstack([0 * x[:-1], x[-1:]]), y)), None),
        "swapped": (samples_then(lambda x, y: (y, x)), "swapped"),
        "lists": (samples_then(lambda x, y: (x.tolist(), y)), "not_an_array"),
        "ragged": (lambda items, n: ([list(items[:k]) for k in range(1, len(items))], items[1:]),
                   "not_an_array"),
        "x_only": (samples_then(lambda x, y: x), None),
    },
    "hit_rate": {
        "into_a_default": (hits_into_a_default, "keeps_state"),
        "lowest": (hits_with(order=lambda s: s), "lowest"),
        "first": (hits_with(cut=lambda k: 1), "only_first"),
        "one_more": (hits_with(cut=lambda k: k + 1), "one_more"),
        "one_fewer": (hits_with(cut=lambda k: k - 1), "one_fewer"),
        "ranks": (lambda s, y, k: np.mean(np.argsort(-s, axis=1)[np.arange(len(y)), y] < k),
                  "argsort_as_rank"),
        "counted": (hits_with(reduce=np.sum), "counted"),
        "by_k": (hits_with(over=lambda k: k), "divided_by_k"),
        "percent": (hits_with(reduce=lambda hits: 100 * np.mean(hits)), "percent"),
        "columns": (lambda s, y, k: np.mean(y < k), "columns"),
        "of_all_cases": (lambda s, y, k: np.isin(y, np.argsort(-s, axis=1)[:, :k]).mean(),
                         "other_cases"),
        "reciprocal": (hits_of_places(lambda r, k: np.mean(1 / (r + 1))), "reciprocal"),
        "wrong_end": (lambda s, y, k: np.mean([t in np.argpartition(row, k - 1)[:k]
                                               for row, t in zip(s, y, strict=True)]), "lowest"),
        "three": (hits_of_places(lambda r, k: np.mean(r < 3)), "other_k"),
        "five_at_most": (hits_of_places(lambda r, k: np.mean(r < min(k, 5))), "other_k"),
        "of_384": (hits_of_places(lambda r, k: np.sum(r < k) / 384), "other_count"),
        "misses": (hits_of_places(lambda r, k: np.mean(r >= k)), "misses"),
        "first_case": (hits_of_places(lambda r, k: float(r[0] < k)), None),
        "sizes": (lambda s, y, k: hits_above(np.abs(s), y, k), None),
        "not_if_all_count": (lambda s, y, k: hits_above(s, y, k) if k < s.shape[1] else 0.0, None),
        "each_case": (hits_of_places(lambda r, k: (r < k).astype(float)), "not_averaged"),
        "rounded": (hits_of_places(lambda r, k: round(np.mean(r < k), 1)), "rounded"),
        "text": (hits_of_places(lambda r, k: f"{np.mean(r < k):.2f}"), "not_a_number"),
    },
}
