"""Checks of lesson 11: a token file, clipped n-grams, shifted words, a beam, fair lengths."""

from collections import Counter

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple
from .mistakes import common_mistakes, known_as

# --- a token file -----------------------------------------------------------------------------

parse_tokens = Exercise("parse_tokens", hints={
    "file_order": ("The captions of an image stand in the order of the lines, not of their "
                   "numbers.", "Keep (number, caption) first, and sort at the end."),
    "string_order": ("Caption 10 comes before caption 2: the numbers are sorted as text.",
                     "int(number)."),
    "text_order": ("The captions are sorted by their first letter.",
                   "Sort by the number after the #."),
    "number_kept": ("Each caption has an image of its own: the number is still in the name.",
                    "The name ends before the last #."),
    "overwritten": ("One caption per image is left, the others were overwritten.",
                    "found.setdefault(image, []) gives a list to append to."),
    "first_hash": ("An image may have a # in its name; yours is cut there.",
                   'rpartition("#") cuts at the last one.'),
    "caption_cut": ("A caption may have a # of its own: it is cut there.",
                    "First part the line at the tab, then the left part at the #."),
    "space_cut": ("An image may have a space in its name; yours is cut there.",
                  "The tab ends the name and its number: split(\"\\t\"), not split()."),
    "not_stripped": ("There is white space around a caption.", ".strip()"),
    "numbers_left": ("The numbers are still with the captions.",
                     "[caption for _, caption in sorted(pairs)]"),
    "blank_line": ("A blank line holds no caption: pass over it.",
                   "if not line.strip(): continue"),
    "no_error": ("A line without a tab is no caption. Whoever reads your result never learns "
                 "that one is missing.", "raise ValueError(f\"line {number} ...\")"),
    "no_line": ("The message does not say which line it is. The file has 40,000 of them.",
                "enumerate(text.split(\"\\n\"), 1) numbers the lines."),
    "line_from_0": ("The message names the line before it: an editor counts from 1.",
                    "enumerate(text.split(\"\\n\"), 1)"),
    "blank_not_counted": ("The message names an earlier line: blank lines count, too.",
                          "enumerate(..., 1), before blank lines are passed over"),
})

_WORDS = "a red blue small big ball star box cross is left of above the on grass".split()


def _parsed(text, order=lambda pair: int(pair[0])):
    """Return what a right answer makes of a file without a fault."""
    found = {}
    for line in text.split("\n"):
        if line.strip():
            head, _, caption = line.partition("\t")
            image, _, number = head.rpartition("#")
            found.setdefault(image, []).append((number, caption.strip()))
    return {image: [caption for _, caption in sorted(pairs, key=order)]
            for image, pairs in found.items()}


def _file(rng, numbers, spoil=str, end="\n"):
    """Return a token file, its lines in an order that is neither that of numbers nor of words.

    Args:
        numbers: {image: numbers of its captions}.
        spoil: what makes of a caption that in the file.
        end: what stands between lines.
    """
    heads = [f"{image}#{number}" for image, some in numbers.items() for number in some]
    while True:
        captions = [f"A {' '.join(rng.choice(_WORDS, 5))} {k} ." for k in range(len(heads))]
        lines = [f"{head}\t{spoil(caption)}"
                 for head, caption in zip(heads, captions, strict=True)]
        text = end.join(lines[k] for k in rng.permutation(len(lines)))
        first, *others = (_parsed(text, order) for order in (
            lambda pair: int(pair[0]), lambda pair: 0, lambda pair: pair[1]))
        if all(len(each) == 1 or all(each != other[image] for other in others)
               for image, each in first.items()):
            return text


def _texts_in(captions):
    """Return the strings in `captions`, whatever holds them."""
    if isinstance(captions, str):
        return [captions]
    if isinstance(captions, dict):
        captions = captions.values()
    return [text for each in captions for text in _texts_in(each)] if isinstance(
        captions, (list, tuple, type({}.values()))) else []


def _parse_mistake(value, text):
    """Return the name of the mistake that makes `value` of `text`, or None."""
    right = _parsed(text)
    flat = {caption for captions in right.values() for caption in captions}
    texts = [each for captions in value.values() for each in _texts_in(captions)]
    names = {str(key) for key in value}
    if any(name.rpartition("#")[0] in right and name.rpartition("#")[2].isdigit()
           for name in names):
        return "number_kept"
    if any(each not in flat and each.strip() in flat for each in texts):
        return "not_stripped"
    if names != set(right):
        for mistake, cut in (("first_hash", "#"), ("space_cut", " ")):
            if names - set(right) and names <= {*right, *(n.split(cut)[0] for n in right)}:
                return mistake
        return None
    if any("#" in each and each.split("#")[0].strip() in map(str.strip, texts)
           for each in flat) and not set(texts) >= flat:
        return "caption_cut"
    if len(texts) == len(right) < len(flat):
        return "overwritten"
    held = [each for captions in value.values() for each in (
        captions if isinstance(captions, (list, tuple)) else [captions])]
    if set(texts) >= flat and all(isinstance(each, (tuple, list, dict)) for each in held):
        return "numbers_left"
    orders = {"file_order": lambda pair: 0, "string_order": lambda pair: pair[0],
              "text_order": lambda pair: pair[1]}
    if not all(isinstance(captions, list) for captions in value.values()):
        return None
    got = {image: list(map(str, captions)) for image, captions in value.items()}
    return next((m for m, order in orders.items() if got == _parsed(text, order)), None)


def _what_is_wrong(value, right):
    """Return a sentence on the first image that is not as it should be, or None."""
    for image, wanted in right.items():
        if image not in value:
            return f"there is no image {image!r}, but {str(list(value)[:2])[:60]}."
        got = value[image]
        if not isinstance(got, list):
            return f"{type(got).__name__} stands for {image!r}: give a list of its captions."
        other = next((each for each in got if not isinstance(each, str)), None)
        if other is not None:
            return f"the list of {image!r} holds {str(other)[:40]}: give the captions alone."
        if got != wanted:
            return (f"the captions of {image!r} are {str(got)[:60]} …, "
                    f"expected {str(wanted)[:60]} …")
    return "there are images that are not in the file." if len(value) > len(right) else None


def _judge_parsed(value, text, name):
    expect(value is not None, "Nothing came back: is a `return` missing?", "returns_none")
    expect(isinstance(value, dict), f"For {name} you return {type(value).__name__}, not a "
           "dictionary.")
    wrong = _what_is_wrong(value, _parsed(text))
    if wrong:
        raise Wrong(f"For {name} {wrong}", _parse_mistake(value, text))


@parse_tokens.part("two images")
def _(rng, answer):
    for numbers in ({"scene_7.png": range(5), "rare_12.png": range(5)},
                    {"b.jpg": [0], "a.jpg": range(4), "c.jpg": range(1, 3)}, {"one.png": [0]}):
        text = _file(rng, numbers)
        _judge_parsed(answer(text), text, f"{len(numbers)} image(s)")


@parse_tokens.part("twelve captions")
def _(rng, answer):
    for numbers in (range(12), [3, 20, 100, 7]):
        text = _file(rng, {"scene_7.png": numbers})
        _judge_parsed(answer(text), text, f"an image with {len(numbers)} captions")


@parse_tokens.part("signs and white space")
def _(rng, answer):
    number = int(rng.integers(2, 99))
    cases = [
        ("a # in a name", "first_hash", {"fig#3.png": range(3), "a#b#12.png": range(4)}, str),
        ("a # in a caption", "caption_cut", {"scene_7.png": range(5)},
         lambda c: f"#{number} {c[:-1]}and player #{number} too #{number}"),
        ("a space in a name", "space_cut", {"my photo 3.png": range(4), "x.png": [0, 1]}, str),
        ("white space around captions", "raises", {"scene_7.png": range(5), "x.png": [1, 2]},
         lambda c: f" {c[:-2]}  and  more .  "),
        ("all of that together", "raises", {"my #1 fig.png": [0, 10, 9]},
         lambda c: f"  # {c} \t"[:-1] + " "),
    ]
    for name, mistake, numbers, spoil in cases:
        text = _file(rng, numbers, spoil)
        with known_as(raises=mistake):
            value = answer(text)
        _judge_parsed(value, text, name)


def _judge_blank(answer, text):
    try:
        value = answer(text)
    except Wrong as wrong:
        if wrong.mistake == "raises":
            raise Wrong(f"With blank lines {wrong}", "blank_line") from None
        raise
    if isinstance(value, dict) and not all(str(key).strip() for key in value):
        raise Wrong("A blank line became an image without a name.", "blank_line")
    _judge_parsed(value, text, "blank lines")


@parse_tokens.part("blank lines")
def _(rng, answer):
    for spread in (lambda text: text.replace("\n", "\n\n") + "\n\n  \n",
                   lambda text: "\n   \n" + text, lambda text: text + "\n"):
        _judge_blank(answer, spread(_file(rng, {"scene_7.png": range(5), "x_12.png": range(5)})))
    for nothing in ("\n\n", ""):
        _judge_blank(answer, nothing)


PYTHONS_OWN = ("not enough values to unpack", "too many values to unpack", "invalid literal for",
               "substring not found", "could not convert")


def _judge_refusal(answer, lines, bad, n_blank):
    """Expect a ValueError that names line `bad`, before which `n_blank` lines are blank."""
    try:
        value = answer("\n".join(lines))
    except Wrong as wrong:
        if wrong.mistake != "raises":
            raise
        error = wrong.error
        expect(isinstance(error, ValueError), f"Line {bad} has no tab: a ValueError of yours is "
               f"expected, and {wrong}", "no_error")
        told = str(error)
        numbers = "".join(c if c.isdigit() else " " for c in told).split()
        expect(not told.startswith(PYTHONS_OWN), f"Line {bad} has no tab; your code stops by "
               f"accident, and its message is {told[:80]!r}.", "no_error")
        if str(bad) in numbers:
            return
        others = {"blank_not_counted": {bad - n_blank, bad - n_blank - 1} if n_blank else {},
                  "line_from_0": {bad - 1}}
        named = next(((m, n) for m, some in others.items() for n in some if str(n) in numbers),
                     ("no_line", None))
        raise Wrong(f"Line {bad} has no tab; your message is {told[:80]!r}.", named[0]) from None
    expect(value is not None, "Nothing came back: is a `return` missing?", "returns_none")
    expect(False, f"Line {bad} has no tab, and nothing was said about it.", "no_error")


@parse_tokens.part("a line without a tab")
def _(rng, answer):
    lines = _file(rng, {"scene_7.png": range(5), "rare_12.png": range(9)}).split("\n")
    bad = int(rng.integers(5, 9))
    _judge_refusal(answer, [*lines[:bad - 1], "ball.png a red ball .", *lines[bad:]], bad, 0)
    some = int(rng.integers(8, 12))
    for faulty in ("ball.png#0 a red ball .", "a red ball ."):
        _judge_refusal(answer, [*lines[:3], "", "  ", "", *lines[3:some], faulty], some + 4, 3)
    _judge_refusal(answer, ["", "", *lines[:some], "a red ball .", "", ""], some + 3, 2)
    _judge_refusal(answer, ["ball.png a red ball ."], 1, 0)


# --- clipped n-grams --------------------------------------------------------------------------

clipped_precision = Exercise("clipped_precision", hints={
    "not_clipped": ("A word that a reference has once earns as often as the caption repeats it.",
                    "min(count in the caption, highest count in one reference)."),
    "clipped_by_sum": ("You clip at the sum over the references.",
                       "The highest count in any single one of them: max, not sum."),
    "first_reference": ("Only the first reference counts.", "Look at all of the image's."),
    "mean_of_captions": ("You average over captions: a caption of 3 words counts as much as one "
                         "of 20.", "Sum hits and totals over all captions, and divide once."),
    "sets": ("You count different n-grams, so that repetitions vanish.",
             "A Counter, not a set."),
    "recall": ("You divide by the n-grams of the references: that is recall.",
               "By the n-grams of the captions."),
    "n_off": ("Your n-grams have one word too many or too few.",
              "caption[i:i + n] for i in range(len(caption) - n + 1)"),
    "last_missing": ("The last n-gram of each caption is missing.",
                     "range(len(caption) - n + 1)"),
    "unigrams": ("Whatever n is asked for, you count single words.",
                 "tuple(caption[i:i + n])"),
    "any_image": ("An n-gram counts if a reference of any image has it.",
                  "Each caption is judged by the references of its own image."),
    "percent": ("That is a percentage; give a share between 0 and 1.",),
    "clipped_by_least": ("You clip at the lowest count in a reference.",
                         "At the highest count in any single one of them: max, not min."),
    "one_reference_each": ("You choose one reference for a whole caption, the one that fits best.",
                           "For each n-gram take the highest count in any reference."),
    "counted_once": ("An n-gram counts once at most, however often caption and reference have it.",
                     "min(count in the caption, highest count in one reference)."),
    "captions_pooled": ("All captions are thrown together before you clip.",
                        "Clip within each caption, by its own references; then add up."),
    "bleu": ("That is the mean over all lengths up to n, as in BLEU.",
             "Count n-grams of n words alone."),
    "negative_count": ("A caption shorter than n takes something away from the others' number.",
                       "max(len(caption) - n + 1, 0)"),
    "no_ngrams": ("Captions too short to hold an n-gram make 0 / 0. The precision is 0 then.",),
})


def _grams(tokens, n):
    return Counter(tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1))


def _clip(counts, clip):
    """Return how often each n-gram may count, by the counts of a caption's references."""
    top = {}
    for each in counts[:1] if clip == "first" else counts:
        for gram, count in each.items():
            so_far = top.get(gram, 0)
            top[gram] = so_far + count if clip == "sum" else max(so_far, count)
    if clip == "least":
        return {gram: min(each[gram] for each in counts) for gram in top}
    return dict.fromkeys(top, {"none": 10**9, "once": 1}[clip]) if clip in (
        "none", "once") else top


def _matches(ours, most):
    return sum(min(count, most.get(gram, 0)) for gram, count in ours.items())


def _hits(ours, counts, clip):
    if clip == "best":
        return max((_matches(ours, each) for each in counts), default=0)
    return _matches(ours, _clip(counts, clip))


def _precision(hypotheses, references, n, clip="max", grams=_grams, mean=False, below="ours"):
    hits, totals = [], []
    for caption, others in zip(hypotheses, references, strict=True):
        ours, theirs = grams(caption, n), [grams(other, n) for other in others]
        hits.append(_hits(ours, theirs, clip))
        totals.append({"ours": sum(ours.values()), "length": len(caption) - n + 1,
                       "theirs": sum(_clip(theirs, "max").values())}[below])
    if mean:
        return float(np.mean([h / max(t, 1) for h, t in zip(hits, totals, strict=True)]))
    return sum(hits) / max(sum(totals), 1)


def _set_grams(tokens, n):
    return Counter(set(_grams(tokens, n)))


def _pooled(hypotheses, references, n):
    ours, top = Counter(), Counter()
    for caption, others in zip(hypotheses, references, strict=True):
        ours += _grams(caption, n)
        top |= Counter(_clip([_grams(other, n) for other in others], "max"))
    return _matches(ours, top) / max(sum(ours.values()), 1)


def _precision_mistakes(hypotheses, references, n):
    def p(n=n, **options):
        return _precision(hypotheses, references, n, **options)

    everyones = [[other for others in references for other in others]] * len(hypotheses)
    longer = {} if n == 1 else {"unigrams": p(1), "bleu": np.prod(
        [p(k) for k in range(1, n + 1)])**(1 / n)}
    off = {f"n_off, {k}": p(k) for k in (n - 1, n + 1) if k > 1 or (k == 1 and n > 2)}
    return {
        "not_clipped": p(clip="none"), "clipped_by_sum": p(clip="sum"),
        "first_reference": p(clip="first"), "mean_of_captions": p(mean=True),
        "clipped_by_least": p(clip="least"), "one_reference_each": p(clip="best"),
        "counted_once": p(clip="once"), "captions_pooled": _pooled(hypotheses, references, n),
        "sets": p(grams=_set_grams), "recall": p(below="theirs"),
        "last_missing": p(grams=lambda tokens, n: _grams(tokens[:-1], n)),
        "any_image": _precision(hypotheses, everyones, n), "percent": 100 * p(), **longer, **off,
    }


def _draw_captions(rng, n, alphabet, lengths, apart):
    """Return captions and references; if `apart`, each known mistake gives another value."""
    def draw(size):
        return [_WORDS[k] for k in rng.integers(0, alphabet, size)]

    while True:
        hypotheses = [draw(size) for size in rng.permutation(lengths)]
        references = [[draw(size) for size in rng.integers(n + 2, n + 10, k)]
                      for k in rng.permutation(np.resize([3, 2, 4, 5], len(lengths)))]
        right = _precision(hypotheses, references, n)
        if 0.15 < right < 0.9:
            wrong = _precision_mistakes(hypotheses, references, n) if apart else {}
            if np.diff(np.sort([right, *wrong.values()])).min(initial=1) > 1e-4:
                return hypotheses, references


def _expect_precision(value, hypotheses, references, n, mistakes):
    with known_as():
        expect_close(value, _precision(hypotheses, references, n), f"the precision for n = {n}",
                     rtol=1e-6, whole=True, mistakes=mistakes)


def _judge_precision(rng, answer, n, *draws):
    """Judge the precisions of several draws."""
    cases = [_draw_captions(rng, n, *draw) for draw in draws]
    values = [expect_number(answer(*case, n), f"the precision for n = {n}", whole=True)
              for case in cases]
    wrong = common_mistakes(values, [_precision_mistakes(*case, n) for case in cases])
    for case, value, mistakes in zip(cases, values, wrong, strict=True):
        _expect_precision(value, *case, n, mistakes)


@clipped_precision.part("single words")
def _(rng, answer):
    _judge_precision(rng, answer, 1, (9, [4, 6, 9, 13], True), (8, [8, 5, 10], False))


@clipped_precision.part("longer n-grams")
def _(rng, answer):
    _judge_precision(rng, answer, 2, (4, [7, 9, 12, 15], True), (5, [8, 11, 6, 9, 5], False))
    _judge_precision(rng, answer, 3, (3, [12, 7, 10], False), (4, [10, 16], False))
    _judge_precision(rng, answer, 4, (2, [6, 11, 8, 9, 10], False))


def _no_ngrams(answer, hypotheses, references, n):
    try:
        value = answer(hypotheses, references, n)
    except Wrong as wrong:
        by_zero = isinstance(wrong.error, ZeroDivisionError)
        raise Wrong(str(wrong), "no_ngrams" if by_zero else wrong.mistake) from None
    with known_as(not_finite="no_ngrams", returns_none="no_ngrams"):
        value = expect_number(value, "the precision without any n-gram", whole=True)
    expect(value == 0, f"Without any n-gram the precision is {value}, expected 0.", "no_ngrams")


@clipped_precision.part("short captions")
def _(rng, answer):
    words = rng.permutation(_WORDS).tolist()[:9]
    mixed = [words[:1], words, [], words[2:4]]
    references = [[words, words[:2]], [words[:5] + words[:1], words[3:7]], [words], [words[:2]]]
    value = answer(mixed, references, 3)
    _expect_precision(value, mixed, references, 3, {
        "negative_count": _precision(mixed, references, 3, below="length"),
        "mean_of_captions": _precision(mixed, references, 3, mean=True)})
    _no_ngrams(answer, [words[:3], words[:2]], [[words[:3]], [words, words[1:]]], 4)
    _no_ngrams(answer, [[]], [[words]], 1)


# --- what is read and what is asked for -------------------------------------------------------

shifted = Exercise("shifted", hints={
    "not_shifted": ("At each step the answer is the word that the model just read. It would "
                    "learn to copy.", "The target at step t is the word that comes after it."),
    "swapped": ("Inputs and targets are swapped: the model reads the future.",
                "Inputs begin with `start`, targets end with `end`."),
    "no_end": ("Nothing asks the model to stop: `end` is not among the targets.",
               "targets: the words, then `end`."),
    "no_start": ("The model reads the first word before it is asked for it.",
                 "inputs: `start`, then the words."),
    "no_signs": ("Neither sign is there: the first word is never asked for, nor the end.",
                 "`start` before the inputs, `end` after the targets."),
    "end_read": ("Your inputs hold `end`, too. Nothing comes after it: that step is wasted.",
                 "Inputs and targets have length + 1 steps each."),
    "padded_left": ("The padding is on the left.", "It belongs behind the words."),
    "padded_with_end": ("The rest of the targets is filled with `end`.",
                        "Padding is 0: only then can the loss leave it out."),
    "end_last": ("`end` is in the last column, behind the padding.",
                 "It belongs right behind the last word, then comes the padding."),
    "start_target": ("`start` is among the targets: no model has to write it.",
                     "targets: the words, then `end`."),
    "signs_fixed": ("Your signs are the same whatever `start` and `end` are.",
                    "Use the arguments in place of numbers."),
    "reordered": ("The captions came back in another order.",
                  "Row k belongs to rows[k]: no sorting by length."),
    "small_dtype": ("A large word number does not fit into your array: it came back as another.",
                    "Leave the dtype at int."),
    "rows_merged": ("The captions came back as one long row.", "One row per caption."),
})


def _filled(rows, width=None, left=False, fill=0):
    width = width or max(map(len, rows))
    out = np.full((len(rows), width), fill)
    for line, row in zip(out, rows, strict=True):
        line[slice(width - len(row), None) if left else slice(len(row))] = row
    return out


def _shifted_pairs(lists, start, end):
    """Return {mistake: pairs of inputs and targets that it gives}."""
    x, y = [[start, *r] for r in lists], [[*r, end] for r in lists]
    signed = [[start, *r, end] for r in lists]
    width = max(map(len, lists))
    inner = _filled(lists)
    return {
        "not_shifted": [(_filled(x), _filled(x)), (_filled(y), _filled(y)),
                        (_filled(signed), _filled(signed)), (inner, inner)],
        "swapped": [(_filled(y), _filled(x))],
        "no_end": [(_filled([r[:-1] for r in x]), inner), (_filled(x), _filled(lists, width + 1))],
        "no_start": [(inner, _filled([r[1:] for r in y])),
                     (_filled(lists, width + 1), _filled(y))],
        "no_signs": [(_filled([r[:-1] for r in lists]), _filled([r[1:] for r in lists]))],
        "end_read": [(_filled(signed), _filled(y, width + 2)), (_filled(signed), _filled(y)),
                     (_filled(signed)[:, :-1], _filled(signed)[:, 1:])],
        "padded_left": [(_filled(x, left=True), _filled(y, left=True))],
        "padded_with_end": [(_filled(x), _filled(y, fill=end)),
                            (_filled(x, fill=end), _filled(y, fill=end))],
        "end_last": [(_filled(x), np.column_stack([inner, np.full(len(lists), end)]))],
        "start_target": [(_filled(x), _filled(signed)), (_filled(signed), _filled(x))],
        "signs_fixed": [(_filled([[2, *r] for r in lists]), _filled([[*r, 3] for r in lists]))],
        "small_dtype": [(_filled(x).astype(dtype), _filled(y).astype(dtype))
                        for dtype in ("int8", "uint8", "int16", "uint16")],
    }


def _judge_shifted(rng, answer, lengths, start, end):
    rows = [rng.integers(10, 50_000, length) for length in lengths]
    value = answer(rows, start, end)
    got = [expect_array(each, name, integers=True) for each, name in
           zip(expect_tuple(value, ("inputs", "targets")), ("inputs", "targets"), strict=True)]
    lists = [row.tolist() for row in rows]
    found = next((name for name, pairs in _shifted_pairs(lists, start, end).items()
                  if any(all(map(np.array_equal, got, pair)) for pair in pairs)), None)
    if got[0].ndim == 1 and len(rows) > 1:
        found = "rows_merged"
    elif found is None and [sorted(each.tolist()) for each in got] == [
            sorted(_filled(each).tolist()) for each in (
                [[start, *r] for r in lists], [[*r, end] for r in lists])]:
        found = "reordered"
    for one, right, name in zip(got, (_filled([[start, *r] for r in lists]),
                                      _filled([[*r, end] for r in lists])),
                                ("the array `inputs`", "the array `targets`"), strict=True):
        try:
            expect_close(one, right, name, axes="(captions, longest + 1)", whole=True, atol=0,
                         rtol=0)
        except Wrong as wrong:
            raise Wrong(str(wrong), found or wrong.mistake) from None


@shifted.part("captions of different lengths")
def _(rng, answer):
    for lengths in (rng.permutation([2, 4, 5, 7]), [9, 3, 1], [1, 2, int(rng.integers(30, 60))],
                    [int(rng.integers(3, 9))], [0, 3], [4, 4]):
        _judge_shifted(rng, answer, lengths, 2, 3)


@shifted.part("other signs")
def _(rng, answer):
    high = int(rng.integers(50_000, 60_000))
    for start, end in ((8, 9), (7, 1), (1, high), (high, 2)):
        _judge_shifted(rng, answer, rng.permutation([3, 6, 4]), start, end)


# --- one step of a beam -----------------------------------------------------------------------

beam_step = Exercise("beam_step", hints={
    "scores_ignored": ("You rank by the next token alone, whatever came before it.",
                       "scores[:, None] + log_p"),
    "probabilities": ("You add a probability to a logarithm.",
                      "log_p is one already: no exp."),
    "multiplied": ("You multiply logarithms.", "Probabilities multiply, their logarithms add."),
    "per_beam": ("Each beginning has exactly one continuation in your list. One may have two of "
                 "the best, and another none.", "Rank all beams · vocabulary of them together."),
    "best_beam": ("Only the best beginning goes on.",
                  "Rank the continuations of all beginnings together."),
    "lowest": ("Those are the worst, not the best.", "np.argsort(-total)"),
    "ascending": ("The right ones, but the worst comes first.", "Best first: reverse the order."),
    "unsorted": ("The right ones, but not the best first.",
                 "argpartition does not sort: sort what it found."),
    "swapped": ("Parents and tokens are swapped.", "divmod(place, vocabulary): beam, token."),
    "divided_by_beams": ("The place in the flat list is divided by the number of beams.",
                         "Row by row, a beam has `vocabulary` places: divide by that."),
    "flat": ("Your tokens are places in the flat list.", "token = place % vocabulary"),
    "width_ignored": ("Whatever `width` is, you keep another number of continuations.",
                      "[:width]"),
    "exp_score": ("Your scores are probabilities; log P is asked for.", "No exp at the end."),
    "last_score": ("The scores are those of the last token alone.",
                   "Return the sums that you ranked by."),
})


def _top(total, width):
    """Return (parents, tokens, scores) of the best of `total`."""
    places = np.argsort(-total, axis=None)[:width]
    return places // total.shape[1], places % total.shape[1], total.ravel()[places]


def _beam_mistakes(scores, log_p, width):
    beams, size = log_p.shape
    total = scores[:, None] + log_p
    parents, tokens, values = right = _top(total, width)
    places = parents * size + tokens
    best = log_p.argmax(axis=1)
    each = np.argsort(-total[np.arange(beams), best])[:width]
    lowest = np.argsort(total, axis=None)[:width]

    def of_one(beam):
        heads = np.argsort(-log_p[beam])[:width]
        return np.full(len(heads), beam), heads, total[beam, heads]

    with np.errstate(invalid="ignore"):
        return {
            "scores_ignored": (*_top(log_p, width)[:2], None),
            "probabilities": _top(scores[:, None] + np.exp(log_p), width),
            "multiplied": _top(scores[:, None] * log_p, width),
            "per_beam": (each, best[each], total[each, best[each]]),
            "best_beam": of_one(int(np.argmax(scores))), "best_beam, first": of_one(0),
            "lowest": (lowest // size, lowest % size, total.ravel()[lowest]),
            "ascending": tuple(part[::-1] for part in right),
            "swapped": (tokens, parents, values),
            "divided_by_beams": (places // beams, places % beams, values),
            "flat": (parents, places, values),
            "last_score": (parents, tokens, log_p[parents, tokens]),
            "exp_score": (parents, tokens, np.exp(values)),
        }


def _draw_beams(rng, beams, size, width):
    """Return scores and log_p for which each known mistake gives another result."""
    while True:
        scores = -rng.gamma(3.0, 1.0, beams)
        log_p = 1.3 * rng.normal(size=(beams, size))
        log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
        parents = _top(scores[:, None] + log_p, width)[0].tolist()
        ranked = -np.sort(-(scores[:, None] + log_p), axis=None)[:width + 1]
        wrong = _beam_mistakes(scores, log_p, width)
        apart = {tuple(map(tuple, [p, t])) for p, t, _ in wrong.values()}
        if np.diff(-ranked).min() > 0.02 and (beams == 1 or width < 3 or (
                len(set(parents)) in (2, 3) and len(apart) >= len(wrong) - 1
                and parents != sorted(parents) and scores.argmax())):
            return scores, log_p


def _spread_beams(rng, beams, size):
    """Return scores and log_p of many continuations, no two of them nearly equally good."""
    total = -0.01 * rng.permutation(beams * size).reshape(beams, size)
    log_p = total - rng.uniform(0, 3, beams)[:, None]
    sums = np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    scores = (total - log_p + sums)[:, 0]
    return scores - scores.max() - 1, log_p - sums


def _judge_beam(answer, scores, log_p, width):
    name = f"{len(scores)} beginning(s) and width {width}"
    what = ("parents", "tokens", "scores")
    found = expect_tuple(answer(scores, log_p, width), what)
    got = [expect_array(each, f"`{one}` for {name}", whole=True, integers=one != "scores")
           for each, one in zip(found, what, strict=True)]
    right = _top(scores[:, None] + log_p, width)

    def same(other):
        return all(one.shape == np.shape(two) and np.allclose(one, two, rtol=1e-4, atol=1e-4)
                   for one, two in zip(got, other, strict=True) if two is not None)

    if same(right):
        return
    kept = np.size(got[0])
    expect(not 1 <= kept != width or not same(_top(scores[:, None] + log_p, kept)),
           f"For {name} you keep {kept}.", "width_ignored")
    mistake = next((key for key, other in _beam_mistakes(scores, log_p, width).items()
                    if same(other)), None)
    if mistake is None and all(np.shape(each) == (width,) for each in got):
        order = np.argsort(-got[2])
        mistake = "unsorted" if (np.diff(got[2]) > 0).any() and all(
            np.allclose(each[order], wanted) for each, wanted in zip(got, right, strict=True)
        ) else None
    for one, two, part in zip(got, right, what, strict=True):
        try:
            expect_close(one, two, f"the array of `{part}` for {name}", axes="(width,)",
                         whole=True, atol=1e-4)
        except Wrong as error:
            raise Wrong(str(error), (mistake or error.mistake or "").split(",")[0] or None
                        ) from None


@beam_step.part("a beam of four")
def _(rng, answer):
    for beams, size, width in ((4, 7, 4), (3, 9, 5), (5, 4, 6)):
        _judge_beam(answer, *_draw_beams(rng, beams, size, width), width)


@beam_step.part("a narrower beam")
def _(rng, answer):
    for beams, size, width in ((5, 6, 4), (6, 5, 2), (4, 8, 1)):
        _judge_beam(answer, *_draw_beams(rng, beams, size, width), width)
    scores, log_p = _draw_beams(rng, 4, 9, 4)
    best = scores.argmax()
    log_p[best, np.argsort(log_p[best])[:3]] = -np.inf      # probability 0
    _judge_beam(answer, scores, log_p, 4)


@beam_step.part("the first step")
def _(rng, answer):
    for size, width in ((7, 3), (int(rng.integers(8, 12)), 1), (5, 5)):
        _judge_beam(answer, *_draw_beams(rng, 1, size, width), width)


@beam_step.part("many words")
def _(rng, answer):
    _judge_beam(answer, *_spread_beams(rng, 30, 200), 1000)
    _judge_beam(answer, *_spread_beams(rng, 3, 4), 12)      # all of them


# --- fair to long captions --------------------------------------------------------------------

normalised = Exercise("normalised", hints={
    "multiplied": ("You multiply. log P is negative: a long caption gets an even lower score.",
                   "Divide by the penalty."),
    "mean": ("That is log P per token, which is another rule.", "((5 + n) / 6) ** alpha"),
    "power_of_n": ("You divide by n to the power alpha.", "((5 + n) / 6) ** alpha"),
    "not_by_six": ("Your penalty of one token is not 1.", "(5 + n) / 6: for n = 1 that is 1."),
    "only_n_by_six": ("Only n is divided by 6.", "Brackets around 5 + n."),
    "alpha_factor": ("alpha is an exponent, not a factor.", "** alpha"),
    "alpha_ignored": ("Whatever alpha is, your scores are the same.", "** alpha"),
    "exponent_outside": ("The power is taken of the whole quotient.",
                         "Only of (5 + n) / 6."),
    "not_divided": ("Nothing is divided: that is log P.", "log_p / ((5 + n) / 6) ** alpha"),
    "probability": ("Those are probabilities. Long captions have tiny ones, and what is "
                    "divided is log P.", "log_p, not np.exp(log_p)."),
    "numerator_alone": ("The power is taken of log P alone.", "Only of (5 + n) / 6."),
    "alpha_times": ("You multiply the quotient by alpha.", "alpha is an exponent: ** alpha"),
    "sign": ("Right size, wrong sign: log P is negative, and so is the score.",
             "No abs, no minus."),
    "whole_division": ("// cuts the decimals of the penalty off.", "(5 + n) / 6"),
    "end_not_counted": ("You count one token less: the end sign is one, and n counts it.",
                        "n as it is given."),
})


def _judge_normalised(answer, log_p, n, alpha):
    with np.errstate(all="ignore"):
        value = answer(log_p, n, alpha)
        base = (5 + n) / 6
        right = log_p / base**alpha
        expect_close(value, right, f"the score for alpha = {alpha:.2g}", axes="(captions,)",
                     mistakes={
            **({"alpha_ignored": log_p / base} if 0 < alpha < 1 else {}),
            "not_divided": log_p, "sign": -right,
            "multiplied": log_p * base**alpha, "mean": log_p / n, "power_of_n": log_p / n**alpha,
            "not_by_six": log_p / (5 + n)**alpha, "only_n_by_six": log_p / (5 + n / 6)**alpha,
            "alpha_factor": log_p / (base * alpha), "alpha_times": log_p / base * alpha,
            "exponent_outside": -np.abs(log_p / base) ** alpha,
            "numerator_alone": -np.abs(log_p) ** alpha / base,
            "probability": np.exp(log_p) / base**alpha,
            "end_not_counted": log_p / ((4 + n) / 6)**alpha,
            "whole_division": log_p / ((5 + n) // 6)**alpha,
        })


def _captions(rng, *n):
    return -rng.uniform(2, 20, len(n)), np.array(n)


@normalised.part("some alpha")
def _(rng, answer):
    n = rng.permutation(np.arange(2, 20))
    for some in (n[:5], [1, int(rng.integers(50, 90))], n[:1], n):
        _judge_normalised(answer, *_captions(rng, *some), float(rng.uniform(0.4, 0.8)))


@normalised.part("alpha above 1")
def _(rng, answer):
    n = rng.permutation(np.arange(2, 20))
    for alpha in (float(rng.uniform(1.2, 1.6)), 2, 3.5, 1):
        _judge_normalised(answer, *_captions(rng, *n[:6]), alpha)


@normalised.part("alpha 0")
def _(rng, answer):
    for alpha in (0.0, 0):
        _judge_normalised(answer, *_captions(rng, *rng.permutation(np.arange(1, 20))[:4]), alpha)


seal(__name__)
