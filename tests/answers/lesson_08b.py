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


def hits_loop(scores, targets, k):
    hits = 0
    for row, target in zip(scores, targets, strict=True):
        hits += target in np.argpartition(row, -k)[-k:]
    return hits / len(targets)


def hits_with(order=lambda s: -s, cut=lambda k: k, reduce=np.mean, over=lambda k: 1):
    def answer(scores, targets, k):
        best = np.argsort(order(scores), axis=1)[:, :cut(k)]
        return reduce((best == targets[:, None]).any(axis=1)) / over(k)
    return answer


RIGHT = {
    "normal_code": {"split": code_split, "regex": code_regex},
    "rule": {"counts": rule_counts, "means": rule_means,
             "array": lambda orders, a, b: np.array(rule_counts(orders, a, b))},
    "next_item_samples": {"lists": samples_lists, "windows": samples_windows},
    "hit_rate": {"sorted": hits_sorted, "loop": hits_loop},
}

WRONG = {
    "normal_code": {
        "small": (code_with(upper=False), "lower_left"),
        "ends_only": (code_with(spaces=str.strip), "spaces_left"),
        "half_width_only": (code_with(wide=False), "full_width_left"),
        "zeros_missing": (code_with(pad=lambda t: t), "zeros_lost"),
        "last_digit": (code_with(pad=lambda t: t[0] + "00" + t[-1]), None),
        "zfill_all": (code_with(pad=lambda t: t.zfill(4)), "zeros_before_letter"),
        "as_number": (code_with(pad=lambda t: t[0] + str(int(t[1:]))), "number_lost"),
        "number": (lambda code: 4, "not_text"),
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
    },
    "hit_rate": {
        "lowest": (hits_with(order=lambda s: s), "lowest"),
        "first": (hits_with(cut=lambda k: 1), "only_first"),
        "one_more": (hits_with(cut=lambda k: k + 1), "one_more"),
        "one_fewer": (hits_with(cut=lambda k: k - 1), "one_fewer"),
        "ranks": (lambda s, y, k: np.mean(np.argsort(-s, axis=1)[np.arange(len(y)), y] < k),
                  "argsort_as_rank"),
        "counted": (hits_with(reduce=np.sum), "counted"),
        "by_k": (hits_with(over=lambda k: k), "divided_by_k"),
    },
}
