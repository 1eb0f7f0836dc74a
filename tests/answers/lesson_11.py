"""Answers to lesson 11 as learners write them."""

import heapq
from collections import Counter, defaultdict

import numpy as np

# --- parse_tokens -----------------------------------------------------------------------------


def parse_with(hold="sorted", line_of=lambda k: f"line {k + 1} has no tab", key=int,
               cut=lambda head: head.rpartition("#")[::2], strip=str.strip, check=True,
               blank=True, part=lambda line: line.partition("\t")[::2]):
    def answer(text):
        found = {}
        for k, line in enumerate(text.split("\n")):
            if blank and not line.strip():
                continue
            if "\t" not in line:
                if not check:
                    continue
                raise ValueError(line_of(k))
            head, caption = part(line)
            image, number = cut(head)
            if hold == "last":
                found[image] = [strip(caption)]
            else:
                found.setdefault(image, []).append((key(number or 0), strip(caption)))
        if hold in ("last", "pairs"):
            return {image: sorted(pairs) for image, pairs in found.items()}
        order = {"sorted": sorted, "file": list,
                 "text": lambda pairs: sorted(pairs, key=lambda pair: pair[1])}[hold]
        return {image: [caption for _, caption in order(pairs)] for image, pairs in found.items()}
    return answer


def parse_in_dicts(text):
    found = defaultdict(dict)
    for number, line in enumerate(text.splitlines(), start=1):
        if line.isspace() or line == "":
            continue
        try:
            head, caption = line.split("\t")
        except ValueError:
            raise ValueError(f"Flickr8k.token.txt, line {number}: {line!r}") from None
        image, index = head.rsplit("#", 1)
        found[image][int(index)] = caption.strip()
    return {image: [one[k] for k in sorted(one)] for image, one in found.items()}


def parse_number_in_name(text):
    return {line.partition("\t")[0]: [line.partition("\t")[2].strip()]
            for line in text.split("\n") if line.strip()}


def parse_line_cut(text):
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if "\t" not in line:
            raise ValueError(f"line {number}")
        head, caption = line.split("\t")
        image, index = head.rsplit("#", 1)
        found.setdefault(image, []).append((int(index), caption.split("#")[0].strip()))
    return {image: [caption for _, caption in sorted(pairs)] for image, pairs in found.items()}


def parse_without_blanks(text):
    """Counts the lines that hold something."""
    return parse_with()("\n".join(line for line in text.split("\n") if line.strip()))


def parse_unpacked(text):
    """Stops at a line without a tab, but by accident."""
    found = {}
    for line in text.split("\n"):
        if line.strip():
            head, caption = line.split("\t")
            image, index = head.rsplit("#", 1)
            found.setdefault(image, []).append((int(index), caption.strip()))
    return {image: [caption for _, caption in sorted(pairs)] for image, pairs in found.items()}


# --- clipped_precision ------------------------------------------------------------------------


def ngrams(tokens, n):
    return [tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1)]


def precision_by_lists(hypotheses, references, n):
    hits = total = 0
    for caption, others in zip(hypotheses, references, strict=True):
        ours = ngrams(caption, n)
        total += len(ours)
        for gram in set(ours):
            hits += min(ours.count(gram), max(ngrams(other, n).count(gram) for other in others))
    return hits / total if total else 0.0


def precision_with(clip="max", cut=ngrams, mean=False, whose="own", below="ours", n_of=int,
                   scale=1.0, guard=True, count=Counter):
    def answer(hypotheses, references, n):
        n, hits, totals = n_of(n), [], []
        for caption, others in zip(hypotheses, references, strict=True):
            if whose == "any":
                others = [other for each in references for other in each]
            if whose == "first":
                others = others[:1]
            ours, top = count(cut(caption, n)), Counter()
            for other in others:
                theirs = Counter(cut(other, n))
                top = top + theirs if clip == "sum" else top | theirs
            hits.append(sum(k if clip == "none" and gram in top else min(k, top[gram])
                            for gram, k in ours.items()))
            totals.append(sum((ours if below == "ours" else top).values()))
        if mean:
            return scale * float(np.mean([h / max(t, 1)
                                          for h, t in zip(hits, totals, strict=True)]))
        return scale * sum(hits) / (max(sum(totals), 1) if guard else sum(totals))
    return answer


def different(grams):
    return Counter(set(grams))


# --- shifted ----------------------------------------------------------------------------------


def pad(rows, fill=0, left=False, width=None):
    width = width or max(len(row) for row in rows)
    out = np.full((len(rows), width), fill, dtype=int)
    for line, row in zip(out, rows, strict=True):
        line[slice(width - len(row), None) if left else slice(len(row))] = row
    return out


def shifted_by_slices(rows, start, end):
    whole = pad([[start, *row, end] for row in rows])
    inputs = whole[:, :-1].copy()
    inputs[inputs == end] = 0
    return inputs, whole[:, 1:]


def shifted_in_place(rows, start, end):
    width = max(map(len, rows)) + 1
    inputs, targets = np.zeros((2, len(rows), width), "int32")
    for k, row in enumerate(rows):
        inputs[k, :len(row) + 1] = np.concatenate([[start], row])
        targets[k, :len(row) + 1] = np.concatenate([row, [end]])
    return inputs, targets


def shifted_with(inputs=lambda r, s, e: [s, *r], targets=lambda r, s, e: [*r, e], **padding):
    def answer(rows, start, end):
        return (pad([inputs(row.tolist(), start, end) for row in rows], **padding),
                pad([targets(row.tolist(), start, end) for row in rows], **padding))
    return answer


def shifted_end_last(rows, start, end):
    return (pad([[start, *row] for row in rows]),
            np.column_stack([pad(rows), np.full(len(rows), end)]))


def shifted_filled(rows, start, end):
    return pad([[start, *row] for row in rows]), pad([[*row, end] for row in rows], fill=end)


def shifted_flat(rows, start, end):
    return (np.concatenate([[start, *row] for row in rows]),
            np.concatenate([[*row, end] for row in rows]))


def shifted_ends_cut(rows, start, end):
    inputs, targets = shifted_in_place(rows, start, end)
    return inputs[:, :-1], targets[:, :-1]


# --- beam_step --------------------------------------------------------------------------------


def beam_heap(scores, log_p, width):
    found = heapq.nlargest(width, ((scores[b] + log_p[b, v], b, v) for b in range(len(scores))
                                   for v in range(log_p.shape[1])))
    values, parents, tokens = zip(*found, strict=True)
    return np.array(parents), np.array(tokens), np.array(values)


def beam_with(add=lambda s, p: s[:, None] + p, order=lambda flat, k: np.argsort(-flat)[:k],
              split=lambda places, p: divmod(places, p.shape[1]),
              give=lambda total, log_p, parents, tokens: total[parents, tokens]):
    def answer(scores, log_p, width):
        total = add(scores, log_p)
        parents, tokens = split(order(total.ravel(), width), log_p)
        return parents, tokens, give(total, log_p, parents, tokens)
    return answer


def beam_unravel(scores, log_p, width):
    total = scores.reshape(-1, 1) + log_p
    parents, tokens = np.unravel_index(np.argsort(total, axis=None)[::-1][:width], total.shape)
    return parents, tokens, total[parents, tokens]


def beam_one_each(scores, log_p, width):
    if len(scores) == 1:
        return beam_unravel(scores, log_p, width)
    tokens = log_p.argmax(axis=1)
    total = scores + log_p.max(axis=1)
    order = np.argsort(-total)[:width]
    return order, tokens[order], total[order]


def beam_best_only(scores, log_p, width):
    one = int(np.argmax(scores))
    tokens = np.argsort(-log_p[one])[:width]
    return np.full(width, one), tokens, scores[one] + log_p[one, tokens]


def beam_swapped(scores, log_p, width):
    parents, tokens, values = beam_heap(scores, log_p, width)
    return tokens, parents, values


def beam_rolled(scores, log_p, width):
    return tuple(np.roll(part, 1) for part in beam_heap(scores, log_p, width))


# --- normalised -------------------------------------------------------------------------------


def normalised_logs(log_p, n, alpha):
    return log_p * np.exp(-alpha * (np.log(5 + n) - np.log(6)))


def normalised_loop(log_p, n, alpha):
    return np.array([p / ((5 + k) / 6)**alpha for p, k in zip(log_p, n, strict=True)])


RIGHT = {
    "parse_tokens": {
        "dicts": parse_in_dicts,
        "pairs": parse_with(),
        "enumerated": parse_with(line_of=lambda k: f"no tab on line {k + 1} of the file"),
    },
    "clipped_precision": {"lists": precision_by_lists, "counters": precision_with()},
    "shifted": {"in_place": shifted_in_place, "slices": shifted_by_slices,
                "lists": shifted_with()},
    "beam_step": {"heap": beam_heap, "unravel": beam_unravel, "divmod": beam_with()},
    "normalised": {"logs": normalised_logs, "loop": normalised_loop},
}

WRONG = {
    "parse_tokens": {
        "as_they_come": (parse_with(hold="file"), "file_order"),
        "numbers_as_text": (parse_with(key=str), "string_order"),
        "alphabet": (parse_with(hold="text"), "text_order"),
        "whole_head": (parse_number_in_name, "number_kept"),
        "last_one": (parse_with(hold="last"), "overwritten"),
        "first_sign": (parse_with(cut=lambda head: head.split("#")[:2],
                                  key=lambda n: int(n) if n.isdigit() else 0), "first_hash"),
        "cut_at_sign": (parse_line_cut, "caption_cut"),
        "raw": (parse_with(strip=str), "not_stripped"),
        "pairs_kept": (parse_with(hold="pairs"), "numbers_left"),
        "no_blank": (parse_with(blank=False), "blank_line"),
        "passed_over": (parse_with(check=False), "no_error"),
        "by_accident": (parse_unpacked, "no_error"),
        "which_line": (parse_with(line_of=lambda k: "a line has no tab"), "no_line"),
        "blank_not_counted": (parse_without_blanks, "line_from_0"),
        "from_0": (parse_with(line_of=lambda k: f"line {k} has no tab"), "line_from_0"),
        "no_images": (lambda text: {}, None),
    },
    "clipped_precision": {
        "unclipped": (precision_with(clip="none"), "not_clipped"),
        "sum": (precision_with(clip="sum"), "clipped_by_sum"),
        "one_reference": (precision_with(whose="first"), "first_reference"),
        "by_caption": (precision_with(mean=True), "mean_of_captions"),
        "set": (precision_with(cut=lambda t, n: list(set(ngrams(t, n)))), "sets"),
        "of_references": (precision_with(below="theirs"), "recall"),
        "one_longer": (precision_with(n_of=lambda n: n + 1), "n_off"),
        "one_shorter": (precision_with(cut=lambda t, n: ngrams(t[:-1], n)), "last_missing"),
        "words": (precision_with(n_of=lambda n: 1), "unigrams"),
        "all_images": (precision_with(whose="any"), "any_image"),
        "hundred": (precision_with(scale=100.0), "percent"),
        "zero_by_zero": (precision_with(guard=False), "no_ngrams"),
        "harmonic": (lambda h, r, n: 2 / (1 / precision_by_lists(h, r, n) + 1)
                     if precision_by_lists(h, r, n) else 0.0, None),
    },
    "shifted": {
        "copy": (shifted_with(targets=lambda r, s, e: [s, *r]), "not_shifted"),
        "copy_whole": (shifted_with(lambda r, s, e: [s, *r, e], lambda r, s, e: [s, *r, e]),
                       "not_shifted"),
        "other_way": (shifted_with(lambda r, s, e: [*r, e], lambda r, s, e: [s, *r]), "swapped"),
        "never_ends": (shifted_with(targets=lambda r, s, e: r, width=8), "no_end"),
        "never_ends_short": (shifted_with(lambda r, s, e: [s, *r[:-1]], lambda r, s, e: r),
                             "no_end"),
        "no_start": (shifted_with(lambda r, s, e: r, lambda r, s, e: [*r[1:], e]), "no_start"),
        "plain": (shifted_with(lambda r, s, e: r[:-1], lambda r, s, e: r[1:]), "no_signs"),
        "reads_end": (shifted_with(lambda r, s, e: [s, *r, e], lambda r, s, e: [*r, e],
                                   width=9), "end_read"),
        "left": (shifted_with(left=True), "padded_left"),
        "filled": (shifted_filled, "padded_with_end"),
        "last_column": (shifted_end_last, "end_last"),
        "start_asked": (shifted_with(targets=lambda r, s, e: [s, *r, e]), "start_target"),
        "one_row": (shifted_flat, "rows_merged"),
        "cut_short": (shifted_ends_cut, None),
    },
    "beam_step": {
        "greedy": (beam_with(add=lambda s, p: p, give=lambda t, p, b, v: p[b, v]),
                   "scores_ignored"),
        "exp": (beam_with(add=lambda s, p: s[:, None] + np.exp(p)), "probabilities"),
        "times": (beam_with(add=lambda s, p: s[:, None] * p), "multiplied"),
        "one_each": (beam_one_each, "per_beam"),
        "leader": (beam_best_only, "best_beam"),
        "smallest": (beam_with(order=lambda flat, k: np.argsort(flat)[:k]), "lowest"),
        "worst_first": (beam_with(order=lambda flat, k: np.argsort(flat)[-k:]), "ascending"),
        "rolled": (beam_rolled, "unsorted"),
        "swapped": (beam_swapped, "swapped"),
        "by_beams": (beam_with(split=lambda places, p: divmod(places, len(p)),
                               give=lambda t, p, b, v: -np.sort(-t, axis=None)[:len(b)]),
                     "divided_by_beams"),
        "places": (beam_with(split=lambda places, p: (places // p.shape[1], places),
                             give=lambda t, p, b, v: t.ravel()[v]), "flat"),
        "last_only": (beam_with(give=lambda t, p, b, v: p[b, v]), "last_score"),
        "one_too_few": (lambda s, p, k: tuple(each[:-1] for each in beam_heap(s, p, k)), None),
    },
    "normalised": {
        "times": (lambda p, n, a: p * ((5 + n) / 6)**a, "multiplied"),
        "per_token": (lambda p, n, a: p / n, "mean"),
        "n_alone": (lambda p, n, a: p / n**a, "power_of_n"),
        "no_six": (lambda p, n, a: p / (5 + n)**a, "not_by_six"),
        "brackets": (lambda p, n, a: p / (5 + n / 6)**a, "only_n_by_six"),
        "factor": (lambda p, n, a: p / ((5 + n) / 6 * a), "alpha_factor"),
        "no_alpha": (lambda p, n, a: p / ((5 + n) / 6), "alpha_ignored"),
        "outside": (lambda p, n, a: -np.abs(p / ((5 + n) / 6))**a, "exponent_outside"),
        "as_it_is": (lambda p, n, a: p.copy(), "not_divided"),
        "exp": (lambda p, n, a: np.exp(p) / ((5 + n) / 6)**a, "probability"),
        "less_end": (lambda p, n, a: p / ((4 + n) / 6)**a, "end_not_counted"),
        "longest": (lambda p, n, a: p / ((5 + n.max()) / 6)**a, None),
    },
}
