"""Answers to lesson 11 as learners write them."""

import heapq
import re
from collections import Counter, defaultdict

import numpy as np
import pandas as pd

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


class NoTab(ValueError):
    """An error of the learner's own."""


def parse_own_error(text):
    found = defaultdict(list)
    for number, line in enumerate(text.splitlines()):
        if line.strip():
            if line.count("\t") == 0:
                raise NoTab(f"the file's line no. {number + 1}: a tab is missing")
            image, index, caption = re.match(r"(.*)#(\d+)\t(.*)", line).groups()
            found[image].append((int(index), caption.strip()))
    for pairs in found.values():
        pairs.sort()
    return defaultdict(list, {image: [c for _, c in pairs] for image, pairs in found.items()})


def parse_frame(whole_file):
    rows, number = [], 0
    for line in whole_file.split("\n"):
        number += 1
        if line.strip() == "":
            continue
        try:
            cut = line.index("\t")
        except ValueError as error:
            raise ValueError(f"{number}: {error}") from error
        rows.append((*line[:cut].rsplit("#", 1), line[cut:].strip()))
    table = pd.DataFrame(rows, columns=["image", "number", "caption"])
    table["number"] = table["number"].astype(int)
    return {image: group.sort_values("number")["caption"].tolist()
            for image, group in table.groupby("image")}


def parse_at_spaces(text):
    """Cuts at any white space."""
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            if "\t" not in line:
                raise ValueError(f"line {number}")
            head, *words = line.split()
            image, _, index = head.rpartition("#")
            found.setdefault(image, []).append((int(index or 0), " ".join(words)))
    return {image: [caption for _, caption in sorted(pairs)] for image, pairs in found.items()}


def parse_to_dicts(text):
    """Leaves the numbers as keys."""
    return {image: dict(enumerate(captions)) for image, captions in parse_in_dicts(text).items()}


def parse_one_each(text):
    return {image: captions[-1] for image, captions in parse_in_dicts(text).items()}


def parse_by_place(text):
    """Puts caption k at place k: right if the numbers are 0, 1, 2 ..."""
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            head, tab, caption = line.partition("\t")
            if not tab:
                raise ValueError(f"line {number}")
            image, _, index = head.rpartition("#")
            held = found.setdefault(image, [])
            held.extend([""] * (int(index) + 1 - len(held)))
            held[int(index)] = caption.strip()
    return found


def parse_raises(error, told="line {}"):
    """Stops with another error, or another message."""
    def answer(text):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip() and "\t" not in line:
                raise error(told.format(number))
        return parse_in_dicts(text)
    return answer


def parse_first_line_unseen(text):
    """Begins to look at line 2."""
    first, _, rest = text.partition("\n")
    if rest:
        parse_in_dicts("\n" + rest)
    return parse_in_dicts(text if "\t" in first or not first.strip() else rest)


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


def precision_numpy(captions, references, n):
    hits = counted = 0
    for caption, others in zip(captions, references, strict=True):
        grams = [" ".join(caption[k:k + n]) for k in range(len(caption) - n + 1)]
        for gram, count in zip(*np.unique(grams, return_counts=True), strict=True):
            most = np.max([sum(" ".join(other[k:k + n]) == gram for k in range(len(other) - n + 1))
                           for other in others])
            hits, counted = hits + np.minimum(count, most), counted + count
    return np.float32(hits / counted) if counted else 0


def precision_used_up(hypotheses, references, n):
    """Takes each n-gram of a caption in turn, and uses up what references have."""
    scores = []
    for caption, others in zip(hypotheses, references, strict=True):
        left = [ngrams(other, n) for other in others]
        for gram in ngrams(caption, n):
            found = False
            for grams in left:
                if gram in grams:
                    grams.remove(gram)
                    found = True
            scores.append(found)
    return float(sum(scores)) / len(scores) if scores else 0.0


def precision_clipped_by(clip):
    """`clip` makes of the counts in the references how often an n-gram may count."""
    def answer(hypotheses, references, n):
        hits = total = 0
        for caption, others in zip(hypotheses, references, strict=True):
            ours, theirs = Counter(ngrams(caption, n)), [Counter(ngrams(o, n)) for o in others]
            hits += sum(min(count, clip([each[gram] for each in theirs]))
                        for gram, count in ours.items())
            total += sum(ours.values())
        return hits / total if total else 0.0
    return answer


def precision_of_best_reference(hypotheses, references, n):
    hits = total = 0
    for caption, others in zip(hypotheses, references, strict=True):
        ours = Counter(ngrams(caption, n))
        hits += max(sum((ours & Counter(ngrams(other, n))).values()) for other in others)
        total += sum(ours.values())
    return hits / total if total else 0.0


def precision_in_one(hypotheses, references, n):
    ours = Counter(gram for caption in hypotheses for gram in ngrams(caption, n))
    top = Counter()
    for others in references:
        for other in others:
            top |= Counter(ngrams(other, n))
    return sum((ours & top).values()) / max(sum(ours.values()), 1)


def precision_bleu(hypotheses, references, n):
    return float(np.prod([precision_by_lists(hypotheses, references, k)
                          for k in range(1, n + 1)])) ** (1 / n)


def precision_by_formula(hypotheses, references, n):
    """Counts len(caption) - n + 1 n-grams, also where that is below 0."""
    total = sum(len(caption) - n + 1 for caption in hypotheses)
    hits = precision_by_lists(hypotheses, references, n) * sum(
        len(ngrams(caption, n)) for caption in hypotheses)
    return hits / total if total > 0 else 0.0


def precision_nothing(hypotheses, references, n):
    if all(len(caption) < n for caption in hypotheses):
        return None
    return precision_by_lists(hypotheses, references, n)


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


def shifted_stacked(captions, first, last):
    longest = max(map(len, captions))
    padded = np.array([[*row, *[0] * (longest - len(row))] for row in captions], dtype=np.int64)
    inputs = np.insert(padded, 0, first, axis=1)
    targets = np.append(padded, np.zeros((len(captions), 1), int), axis=1)
    targets[np.arange(len(captions)), [len(row) for row in captions]] = last
    return np.stack([inputs, targets])


def shifted_frames(rows, start, end):
    read = pd.DataFrame([[start, *row] for row in rows]).fillna(0).to_numpy(int)
    asked = pd.DataFrame([[*row, end] for row in rows]).fillna(0).to_numpy(int)
    return [read, asked]


def shifted_floats(rows, start, end):
    return tuple(part.astype(float) for part in shifted_in_place(rows, start, end))


def shifted_to(width):
    """Pads to `width` steps, whatever the longest is."""
    def answer(rows, start, end):
        return tuple(np.pad(part, ((0, 0), (0, max(width - part.shape[1], 0))))[:, :width]
                     for part in shifted_in_place(rows, start, end))
    return answer


def shifted_small(rows, start, end):
    return tuple(part.astype("int16") for part in shifted_in_place(rows, start, end))


def shifted_by_length(rows, start, end):
    """The longest comes first."""
    order = np.argsort([-len(row) for row in rows], kind="stable")
    return tuple(part[order] for part in shifted_in_place(rows, start, end))


def shifted_fixed_signs(rows, start, end):
    return shifted_in_place(rows, 2, 3)


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


def beam_lists(totals_so_far, log_p, keep):
    found = sorted([(-float(before + p), beam, token)
                    for beam, before in enumerate(totals_so_far)
                    for token, p in enumerate(log_p[beam])])[:keep]
    return ([np.array([beam for _, beam, _ in found]), np.array([t for *_, t in found]),
             np.array([-total for total, *_ in found])])


def beam_by_beam(scores, log_p, width):
    """The best `width` of each beginning, then the best of these."""
    parents, tokens = [], []
    for beam in range(len(log_p)):
        best = np.argsort(log_p[beam])[::-1][:width]
        parents += [beam] * len(best)
        tokens += best.tolist()
    parents, tokens = np.array(parents), np.array(tokens, "int32")
    total = np.float32(scores)[parents] + log_p[parents, tokens]
    order = np.lexsort([-total])[:width]
    return parents[order], tokens[order], total[order]


def beam_partition(scores, log_p, width):
    """Does not sort what it found."""
    total = (scores[:, None] + log_p).ravel()
    places = np.argpartition(-total, width - 1)[:width]
    return places // log_p.shape[1], places % log_p.shape[1], total[places]


def beam_first_only(scores, log_p, width):
    tokens = np.argsort(-log_p[0])[:width]
    return np.zeros(width, int), tokens, scores[0] + log_p[0, tokens]


def beam_float_parents(scores, log_p, width):
    parents, tokens, values = beam_unravel(scores, log_p, width)
    return np.floor(parents * 1.0), tokens, values


def beam_all_floats(scores, log_p, width):
    return np.array(beam_unravel(scores, log_p, width))


def beam_probabilities_out(scores, log_p, width):
    parents, tokens, values = beam_unravel(scores, log_p, width)
    return parents, tokens, np.exp(values)


def beam_of_4(scores, log_p, width):
    """Keeps four, whatever the width."""
    return beam_unravel(scores, log_p, 4)


def beam_as_many(scores, log_p, width):
    """Keeps as many as there are beginnings."""
    return beam_unravel(scores, log_p, len(scores))


def beam_by_mean(scores, log_p, width):
    parents, tokens, values = beam_with(add=lambda s, p: (s[:, None] + p) / 2)(
        scores, log_p, width)
    return parents, tokens, values


def beam_distinct(scores, log_p, width):
    """No token twice."""
    total = scores[:, None] + log_p
    best = total.argmax(axis=0)
    tokens = np.argsort(-total.max(axis=0))[:width]
    return best[tokens], tokens, total[best[tokens], tokens]


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


def normalised_power(total, length, strength):
    return np.multiply(total, np.power(6 / (length + 5.0), strength)).astype("float32")


def normalised_series(log_p, n, alpha):
    return pd.Series(log_p).div(pd.Series(n).add(5).div(6).pow(alpha)).to_numpy()


def normalised_loop(log_p, n, alpha):
    return np.array([p / ((5 + k) / 6)**alpha for p, k in zip(log_p, n, strict=True)])


RIGHT = {
    "parse_tokens": {
        "dicts": parse_in_dicts,
        "pairs": parse_with(),
        "enumerated": parse_with(line_of=lambda k: f"no tab on line {k + 1} of the file"),
        "own_error": parse_own_error,
        "frame": parse_frame,
    },
    "clipped_precision": {"lists": precision_by_lists, "counters": precision_with(),
                          "numpy": precision_numpy, "used_up": precision_used_up},
    "shifted": {"in_place": shifted_in_place, "slices": shifted_by_slices,
                "lists": shifted_with(), "stacked": shifted_stacked, "frames": shifted_frames},
    "beam_step": {"heap": beam_heap, "unravel": beam_unravel, "divmod": beam_with(),
                  "lists": beam_lists, "by_beam": beam_by_beam},
    "normalised": {"logs": normalised_logs, "loop": normalised_loop,
                   "power": normalised_power, "series": normalised_series},
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
        "blank_not_counted": (parse_without_blanks, "blank_not_counted"),
        "stripped_text": (lambda text: parse_with()(text.strip()), "blank_not_counted"),
        "spaces": (parse_at_spaces, "space_cut"),
        "dicts": (parse_to_dicts, "numbers_left"),
        "strings": (parse_one_each, "overwritten"),
        "two_pieces": (parse_with(cut=lambda head: head.split("#")), "first_hash"),
        "key_error": (parse_raises(KeyError), "no_error"),
        "runtime_error": (parse_raises(RuntimeError), "no_error"),
        "no_number": (parse_raises(ValueError, "no tab"), "no_line"),
        "one_late": (parse_with(line_of=lambda k: f"line {k + 2}"), "no_line"),
        "by_place": (parse_by_place, None),
        "no_first_line": (parse_first_line_unseen, "no_error"),
        "backwards": (lambda text: {image: captions[::-1] for image, captions in
                                    parse_in_dicts(text).items()}, None),
        "tuples": (lambda text: {image: tuple(captions) for image, captions in
                                 parse_in_dicts(text).items()}, None),
        "arrays": (lambda text: {image: np.array(captions) for image, captions in
                                 parse_in_dicts(text).items()}, None),
        "pairs_alone": (lambda text: list(parse_in_dicts(text).items()), None),
        "right_end": (parse_with(strip=str.rstrip), "not_stripped"),
        "lower": (lambda text: parse_in_dicts(text.lower()), None),
        "five_each": (lambda text: {image: captions[:5] for image, captions in
                                    parse_in_dicts(text).items()}, None),
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
        "least": (precision_clipped_by(min), "clipped_by_least"),
        "best_reference": (precision_of_best_reference, "one_reference_each"),
        "membership": (precision_clipped_by(any), "counted_once"),
        "in_one": (precision_in_one, "captions_pooled"),
        "bleu": (precision_bleu, "bleu"),
        "below_0": (precision_by_formula, "negative_count"),
        "none": (precision_nothing, "no_ngrams"),
        "nan": (lambda h, r, n: precision_by_lists(h, r, n) if any(len(c) >= n for c in h)
                else np.nan, "no_ngrams"),
        "one": (lambda h, r, n: precision_by_lists(h, r, n) or 1.0, "no_ngrams"),
        "mean_clip": (precision_clipped_by(np.mean), None),
        "first_caption": (lambda h, r, n: precision_by_lists(h[:1], r[:1], n), None),
        "same_place": (lambda h, r, n: float(np.mean([any(
            k < len(other) and word == other[k] for other in others) for c, others in zip(
            h, r, strict=True) for k, word in enumerate(c)] or [0])), None),
        "rounded": (lambda h, r, n: round(precision_by_lists(h, r, n), 2), None),
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
        "floats": (shifted_floats, "not_integers"),
        "eight_steps": (shifted_to(8), None),
        "twenty_steps": (shifted_to(20), None),
        "small_numbers": (shifted_small, "small_dtype"),
        "reordered": (shifted_by_length, "reordered"),
        "signs_fixed": (shifted_fixed_signs, "signs_fixed"),
        "lists_out": (lambda *given: tuple(part.tolist() for part in shifted_in_place(*given)),
                      "not_an_array"),
        "inputs_alone": (lambda *given: shifted_in_place(*given)[0], None),
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
        "partition": (beam_partition, "unsorted"),
        "the_first": (beam_first_only, "best_beam"),
        "float_parents": (beam_float_parents, "not_integers"),
        "all_in_floats": (beam_all_floats, "not_integers"),
        "exp_out": (beam_probabilities_out, "exp_score"),
        "four": (beam_of_4, "width_ignored"),
        "as_many": (beam_as_many, "width_ignored"),
        "mean": (beam_by_mean, None),
        "no_token_twice": (beam_distinct, None),
        "minus": (beam_with(add=lambda s, p: p - s[:, None]), None),
        "one_more": (lambda s, p, k: beam_unravel(s, p, k + 1), "width_ignored"),
        "lists": (lambda *given: tuple(each.tolist() for each in beam_unravel(*given)),
                  "not_an_array"),
        "one_too_few": (lambda s, p, k: tuple(each[:-1] for each in beam_heap(s, p, k)),
                        "width_ignored"),
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
        "numerator": (lambda p, n, a: -np.abs(p)**a / ((5 + n) / 6), "numerator_alone"),
        "alpha_last": (lambda p, n, a: p / ((5 + n) / 6) * a, "alpha_times"),
        "positive": (lambda p, n, a: np.abs(p) / ((5 + n) / 6)**a, "sign"),
        "floor": (lambda p, n, a: p / ((5 + n) // 6)**a, "whole_division"),
        "least_1": (lambda p, n, a: p / ((5 + n) / 6)**min(a, 1), None),
        "sorted": (lambda p, n, a: np.sort(p / ((5 + n) / 6)**a)[::-1], None),
        "mean_length": (lambda p, n, a: p / ((5 + n.mean()) / 6)**a, None),
        "square_root": (lambda p, n, a: p / np.sqrt((5 + n) / 6), None),
        "list": (lambda p, n, a: (p / ((5 + n) / 6)**a).tolist(), "not_an_array"),
        "longest": (lambda p, n, a: p / ((5 + n.max()) / 6)**a, None),
    },
}
