"""Checks of lesson 11: a token file, clipped n-grams, shifted words, a beam, fair lengths."""

from collections import Counter

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple

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
    "not_stripped": ("There is white space at the end of a caption.", ".strip()"),
    "numbers_left": ("The numbers are still with the captions.",
                     "[caption for _, caption in sorted(pairs)]"),
    "blank_line": ("A blank line holds no caption: pass over it.",
                   "if not line.strip(): continue"),
    "no_error": ("A line without a tab is no caption. Whoever reads your result never learns "
                 "that one is missing.", "raise ValueError(f\"line {number} ...\")"),
    "no_line": ("The message does not say which line it is. The file has 40,000 of them.",
                "enumerate(text.split(\"\\n\"), 1) numbers the lines."),
    "line_from_0": ("The message names the line before it: an editor counts from 1, and it counts "
                    "blank lines, too.", "enumerate(..., 1), before blank lines are passed over"),
})

_WORDS = "a red blue small big ball star box cross is left of above the on grass".split()


def _caption(rng):
    words = [_WORDS[k] for k in rng.integers(0, len(_WORDS), 5)]
    return " ".join(words) + " ."


def _lines(rng, images, per_image, spoil=lambda caption: caption):
    """Return the lines in a random order, and {image: captions}."""
    right = {image: [f"{_caption(rng)[:-2]} {image[0]}{k} ." for k in range(per_image)]
             for image in images}
    for captions in right.values():
        captions[0] = spoil("The " + captions[0])
    lines = [f"{image}#{k}\t{caption}" for image, captions in right.items()
             for k, caption in enumerate(captions)]
    return [lines[k] for k in rng.permutation(len(lines))], right


def _judge_parsed(value, right, lines, name):
    expect(value is not None, "Nothing came back: is a `return` missing?", "returns_none")
    expect(isinstance(value, dict), f"For {name} you return {type(value).__name__}, not a "
           "dictionary.")
    if value == right:
        return

    def collected(order=None):
        found = {}
        for line in lines:
            head, _, caption = line.partition("\t")
            image, _, number = head.rpartition("#")
            found.setdefault(image, []).append((number, caption))
        return {image: [caption for _, caption in (sorted(pairs, key=order) if order else pairs)]
                for image, pairs in found.items()}

    by_number = {image: list(enumerate(captions)) for image, captions in right.items()}
    by_text = [(str(k), caption) for pairs in by_number.values() for k, caption in pairs]
    flat = {caption for captions in right.values() for caption in captions}
    held = [caption for each in value.values() for caption in
            (each if isinstance(each, (list, tuple)) else [each])]
    texts = [caption for caption in held if isinstance(caption, str)]
    mistake = None
    if any(str(key).rpartition("#")[2].isdigit() and str(key).rpartition("#")[0] in right
           for key in value):
        mistake = "number_kept"
    elif any(isinstance(caption, tuple) for caption in held):
        mistake = "numbers_left" if set(value) == set(right) and {
            (str(pair[0]), pair[-1]) for pair in held} == set(by_text) else None
    elif any(caption not in flat and caption.strip() in flat for caption in texts):
        mistake = "not_stripped"
    elif set(value) != set(right):
        first = {name.split("#")[0] for name in right}
        mistake = "first_hash" if set(value) - set(right) and set(value) <= (
            first | set(right)) else None
    elif len(held) == len(right) < len(flat):
        mistake = "overwritten"
    elif any("#" in caption and caption.split("#")[0].strip() in map(str.strip, texts)
             for caption in flat) and not set(texts) >= flat:
        mistake = "caption_cut"
    elif value == collected():
        mistake = "file_order"
    elif value == collected(lambda pair: pair[0]):
        mistake = "string_order"
    elif value == {image: sorted(captions) for image, captions in right.items()}:
        mistake = "text_order"
    missing = next((image for image in right if image not in value), None)
    other = next((image for image in right if value.get(image) != right[image]), None)
    expect(False, f"For {name} there is no image {missing!r}, but {list(value)[:2]}." if missing
           else f"For {name} the captions of {other!r} are {str(value[other])[:60]} …, expected "
           f"{str(right[other])[:60]} …" if other else
           f"For {name} there are images that are not in the file.", mistake)


@parse_tokens.part("two images")
def _(rng, answer):
    lines, right = _lines(rng, ["scene_7.png", "rare_12.png"], 5)
    while any(captions == [line.partition("\t")[2] for line in lines if image in line]
              for image, captions in right.items()):
        lines, right = _lines(rng, ["scene_7.png", "rare_12.png"], 5)
    _judge_parsed(answer("\n".join(lines)), right, lines, "two images")


@parse_tokens.part("twelve captions")
def _(rng, answer):
    lines, right = _lines(rng, ["scene_7.png"], 12)
    _judge_parsed(answer("\n".join(lines)), right, lines, "an image with twelve captions")


@parse_tokens.part("signs and white space")
def _(rng, answer):
    number = int(rng.integers(2, 99))
    lines, right = _lines(rng, ["fig#3.png", "scene_7.png"], 5,
                          lambda caption: caption[:-1] + f"and player #{number} too .")
    _judge_parsed(answer("\n".join(line + "  " for line in lines)), right, lines,
                  "names and captions with a #")


@parse_tokens.part("blank lines")
def _(rng, answer):
    lines, right = _lines(rng, ["scene_7.png", "rare_12.png"], 5)
    try:
        value = answer("\n\n".join(lines) + "\n\n  \n")
    except Wrong as wrong:
        if wrong.mistake == "raises":
            raise Wrong(f"With blank lines {wrong}", "blank_line") from None
        raise
    if isinstance(value, dict) and not all(isinstance(k, str) and k.strip() for k in value):
        raise Wrong("A blank line became an image without a name.", "blank_line")
    _judge_parsed(value, right, lines, "blank lines")


@parse_tokens.part("a line without a tab")
def _(rng, answer):
    lines, _ = _lines(rng, ["scene_7.png", "rare_12.png"], 5)
    lines.insert(1, "")                       # a line to count, though it holds nothing
    bad = int(rng.integers(5, 11))            # no number of Python's own messages
    lines.insert(bad - 1, "scene_x.png a red ball without a number .")
    try:
        value = answer("\n".join(lines))
    except Wrong as wrong:
        if wrong.mistake != "raises":
            raise
        told = str(wrong).partition(": ")[2]
        digits = "".join(c if c.isdigit() else " " for c in told).split()
        expect("stops with ValueError" in str(wrong), f"Line {bad} has no tab: a ValueError of "
               f"yours is expected, and {wrong}", "no_error")
        own = any(words in told for words in ("not enough values", "invalid literal", "expected"))
        expect(str(bad) in digits or str(bad - 1) in digits, f"Line {bad} has no tab; your "
               f"message is {told[:80]!r}.", "no_error" if own else "no_line")
        expect(str(bad) in digits, f"Line {bad} has no tab; your message names {bad - 1}.",
               "line_from_0")
        return
    expect(value is not None, "Nothing came back: is a `return` missing?", "returns_none")
    expect(False, f"Line {bad} has no tab, and nothing was said about it.", "no_error")


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
    "no_ngrams": ("Captions too short to hold an n-gram make 0 / 0. The precision is 0 then.",),
})


def _grams(tokens, n):
    return Counter(tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1))


def _precision(hypotheses, references, n, clip="max", grams=_grams, mean=False, below="ours"):
    hits, totals = [], []
    for caption, others in zip(hypotheses, references, strict=True):
        ours, theirs = grams(caption, n), [grams(other, n) for other in others]
        if clip == "first":
            theirs = theirs[:1]
        top = Counter()
        for each in theirs:
            top = top + each if clip == "sum" else top | each
        hits.append(sum(count if clip == "none" and top[g] else min(count, top[g])
                        for g, count in ours.items()))
        totals.append(sum(ours.values()) if below == "ours" else sum(top.values()))
    if mean:
        return float(np.mean([h / max(t, 1) for h, t in zip(hits, totals, strict=True)]))
    return sum(hits) / max(sum(totals), 1)


def _set_grams(tokens, n):
    return Counter(set(_grams(tokens, n)))


def _precisions(hypotheses, references, n):
    """Return the right value, and those of the known mistakes."""
    def p(**options):
        return _precision(hypotheses, references, n, **options)

    pooled = [[other for others in references for other in others]] * len(hypotheses)
    wrong = {
        "not_clipped": p(clip="none"), "clipped_by_sum": p(clip="sum"),
        "first_reference": p(clip="first"), "mean_of_captions": p(mean=True),
        "sets": p(grams=_set_grams), "recall": p(below="theirs"),
        "last_missing": p(grams=lambda tokens, n: _grams(tokens[:-1], n)),
        "any_image": _precision(hypotheses, pooled, n), "percent": 100 * p(),
        **({"unigrams": _precision(hypotheses, references, 1)} if n > 1 else {}),
    }
    for other in (n - 1, n + 1):
        if other > 1 or (other == 1 and n != 2):
            wrong[f"n_off {other}"] = _precision(hypotheses, references, other)
    return p(), wrong


def _judge_precision(rng, answer, n, alphabet):
    def draw(size):
        return [_WORDS[k] for k in rng.integers(0, alphabet, size)]

    while True:
        lengths = rng.permutation([4, 6, 9, 13])
        hypotheses = [draw(size) for size in lengths]
        references = [[draw(size) for size in rng.integers(5, 12, rng.integers(2, 5))]
                      for _ in hypotheses]
        right, wrong = _precisions(hypotheses, references, n)
        values = np.sort([right, *wrong.values()])
        if 0.15 < right < 0.9 and np.diff(values).min() > 2e-3:
            break
    value = expect_number(answer(hypotheses, references, n), f"the precision for n = {n}",
                          whole=True)
    for name, other in wrong.items():
        if name.startswith("n_off"):
            expect(abs(value - other) > 1e-6, f"For n = {n} you give {value:.4f}.", "n_off")
    expect_close(value, right, f"the precision for n = {n}", rtol=1e-6, whole=True,
                 mistakes={k: v for k, v in wrong.items() if not k.startswith("n_off")})


@clipped_precision.part("single words")
def _(rng, answer):
    _judge_precision(rng, answer, 1, 9)


@clipped_precision.part("pairs")
def _(rng, answer):
    _judge_precision(rng, answer, 2, 4)


@clipped_precision.part("too short")
def _(rng, answer):
    words = [_WORDS[k] for k in rng.integers(0, 9, 3)]
    try:
        value = answer([words, words[:2]], [[words], [words]], 4)
    except Wrong as wrong:
        if "ZeroDivisionError" in str(wrong):
            raise Wrong(str(wrong), "no_ngrams") from None
        raise
    if isinstance(value, float) and np.isnan(value):
        raise Wrong("Without any n-gram you give NaN.", "no_ngrams")
    value = expect_number(value, "the precision without any n-gram", whole=True)
    expect(value == 0, f"Without any n-gram the precision is {value}, expected 0.", "no_ngrams")


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
    "rows_merged": ("The captions came back as one long row.", "One row per caption."),
})


def _filled(rows, width=None, left=False, fill=0):
    width = width or max(map(len, rows))
    out = np.full((len(rows), width), fill)
    for line, row in zip(out, rows, strict=True):
        line[slice(width - len(row), None) if left else slice(len(row))] = row
    return out


def _judge_shifted(rng, answer, lengths, start, end):
    rows = [rng.permutation(np.arange(10, 40))[:length] for length in lengths]
    lists = [row.tolist() for row in rows]
    value = answer(rows, start, end)
    inputs, targets = expect_tuple(value, ("inputs", "targets"))
    x, y = [[start, *r] for r in lists], [[*r, end] for r in lists]
    signed = [[start, *r, end] for r in lists]
    width = max(map(len, lists))
    inner = _filled(lists)
    pairs = {
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
        "end_last": [(_filled(x), np.column_stack([inner, np.full(len(rows), end)]))],
        "start_target": [(_filled(x), _filled(signed)), (_filled(signed), _filled(x))],
    }
    for got, name in ((inputs, "inputs"), (targets, "targets")):
        expect(not isinstance(got, (list, tuple)), f"{name} is a list: give one array, padded "
               "with 0.", "not_an_array")
    got = np.asarray(inputs), np.asarray(targets)
    found = next((name for name, all_of in pairs.items() for pair in all_of if all(
        a.shape == b.shape and np.array_equal(a, b) for a, b in zip(got, pair, strict=True))),
        None)
    if got[0].ndim == 1 and len(rows) > 1:
        found = "rows_merged"
    for one, right, name in ((inputs, _filled(x), "inputs"), (targets, _filled(y), "targets")):
        try:
            expect_close(expect_array(one, name, right.shape, "(captions, longest + 1)",
                                      whole=True), right, name, whole=True)
        except Wrong as wrong:
            raise Wrong(str(wrong), found or wrong.mistake) from None


@shifted.part("captions of different lengths")
def _(rng, answer):
    _judge_shifted(rng, answer, rng.permutation([2, 4, 5, 7]), 2, 3)


@shifted.part("other signs")
def _(rng, answer):
    _judge_shifted(rng, answer, rng.permutation([3, 6]), 8, 9)


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
    "last_score": ("The scores are those of the last token alone.",
                   "Return the sums that you ranked by."),
})


def _beam_values(scores, log_p, width):
    """Return the right (parents, tokens, scores), and those of the known mistakes."""
    beams, size = log_p.shape

    def top(total, k=width):
        places = np.argsort(-total, axis=None)[:k]
        return places // size, places % size, total.ravel()[places]

    total = scores[:, None] + log_p
    parents, tokens, values = right = top(total)
    places = parents * size + tokens
    best = log_p.argmax(axis=1)
    each = np.argsort(-total[np.arange(beams), best])[:width]
    with np.errstate(invalid="ignore"):
        one = int(np.argmax(scores))
        heads = np.argsort(-log_p[one])[:width]
        wrong = {
            "scores_ignored": top(log_p), "probabilities": top(scores[:, None] + np.exp(log_p)),
            "multiplied": top(scores[:, None] * log_p),
            "per_beam": (each, best[each], total[each, best[each]]),
            "best_beam": (np.full(width, one), heads, total[one, heads]),
            "lowest": (lambda p: (p // size, p % size, total.ravel()[p]))(
                np.argsort(total, axis=None)[:width]),
            "ascending": tuple(part[::-1] for part in right),
            "swapped": (tokens, parents, values),
            "divided_by_beams": (places // beams, places % beams, values),
            "flat": (parents, places, values),
            "last_score": (parents, tokens, log_p[parents, tokens]),
        }
    wrong["scores_ignored"] = (*wrong["scores_ignored"][:2], None)
    return right, wrong


def _judge_beam(rng, answer, beams, size, width, name):
    while True:
        scores = -np.sort(rng.gamma(3.0, 1.0, beams))
        log_p = 1.3 * rng.normal(size=(beams, size))
        log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
        right, wrong = _beam_values(scores, log_p, width)
        ranked = -np.sort(-(scores[:, None] + log_p), axis=None)[:width + 1]
        apart = {tuple(map(tuple, [p, t])) for p, t, _ in wrong.values()}
        if np.diff(-ranked).min() > 0.02 and (beams == 1 or (
                len(set(right[0].tolist())) in (2, 3) and len(apart) >= len(wrong) - 1
                and right[0].tolist() != sorted(right[0].tolist()))):
            break
    found = expect_tuple(answer(scores, log_p, width), ("parents", "tokens", "scores"))
    parents, tokens, values = (
        expect_array(each, f"`{what}` for {name}", whole=True) for each, what in
        zip(found, ("parents", "tokens", "scores"), strict=True))
    got = parents, tokens, values

    def same(other, order=None):
        return all(one.shape == np.shape(two) and np.allclose(one, two, atol=1e-6)
                   for one, two in zip(got, other, strict=True) if two is not None)

    if same(right):
        return
    mistake = next((key for key, other in wrong.items() if same(other)), None)
    if mistake is None and all(len(np.atleast_1d(each)) == width for each in got) and sorted(
            zip(*(each.tolist() for each in got), strict=True)) == sorted(
            zip(*(each.tolist() for each in right), strict=True)):
        mistake = "unsorted"
    for one, two, what in zip(got, right, ("parents", "tokens", "scores"), strict=True):
        try:
            expect_close(one, two, f"`{what}` for {name}", axes="(width,)", whole=True)
        except Wrong as error:
            raise Wrong(str(error), mistake or error.mistake) from None


@beam_step.part("a beam of four")
def _(rng, answer):
    _judge_beam(rng, answer, 4, 7, 4, "four beginnings")


@beam_step.part("a narrower beam")
def _(rng, answer):
    _judge_beam(rng, answer, 5, 6, 4, "five beginnings and width 4")


@beam_step.part("the first step")
def _(rng, answer):
    _judge_beam(rng, answer, 1, 7, 3, "one beginning")


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
    "end_not_counted": ("You count one token less: the end sign is one, and n counts it.",
                        "n as it is given."),
})


def _judge_normalised(rng, answer, alpha):
    n = rng.permutation(np.arange(2, 20))[:5]
    log_p = -rng.uniform(2, 20, 5)
    penalty = ((5 + n) / 6) ** alpha
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        value = answer(log_p, n, alpha)
        mistakes = {
            "alpha_ignored": log_p / ((5 + n) / 6), "not_divided": log_p,
            "multiplied": log_p * penalty, "mean": log_p / n, "power_of_n": log_p / n**alpha,
            "not_by_six": log_p / (5 + n)**alpha, "only_n_by_six": log_p / (5 + n / 6)**alpha,
            "alpha_factor": log_p / ((5 + n) / 6 * alpha) if alpha else log_p + np.nan,
            "exponent_outside": -np.abs(log_p / ((5 + n) / 6)) ** alpha,
            "probability": np.exp(log_p) / penalty,
            "end_not_counted": log_p / ((4 + n) / 6)**alpha,
        }
    expect_close(value, log_p / penalty, f"the score for alpha = {alpha:.2g}", axes="(captions,)",
                 mistakes=mistakes)


@normalised.part("some alpha")
def _(rng, answer):
    _judge_normalised(rng, answer, float(rng.uniform(0.4, 0.8)))


@normalised.part("alpha above 1")
def _(rng, answer):
    _judge_normalised(rng, answer, float(rng.uniform(1.2, 1.6)))


@normalised.part("alpha 0")
def _(rng, answer):
    log_p, n = -rng.uniform(2, 20, 4), np.array([3, 5, 8, 13])
    expect_close(answer(log_p, n, 0.0), log_p, "the score for alpha = 0", axes="(captions,)",
                 mistakes={"alpha_ignored": log_p / ((5 + n) / 6), "mean": log_p / n})


seal(__name__)
