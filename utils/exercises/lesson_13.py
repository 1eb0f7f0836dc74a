"""Checks of lesson 13: bits, streams, the nucleus, where a text ends, what is copied."""

import re

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple
from .mistakes import common_mistakes, known_as

# --- bits per character -----------------------------------------------------------------------

mean_bits = Exercise("mean_bits", hints={
    "nats": ("That is in nats: the natural logarithm.", "np.log2, or divide by np.log(2)."),
    "log10": ("A bit is a choice between two: base 10 is not the base.", "np.log2."),
    "sign": ("Right size, wrong sign: the logarithm of a chance is negative.",
             "Bits are minus the logarithm."),
    "sum": ("That is what the whole text costs, not its mean character.", "Use the mean."),
    "log_of_mean": ("You take the mean of the chances first.",
                    "Logarithm first, then the mean: costs add up, chances multiply."),
    "entropy": ("That is what the model expects to pay, whatever comes.",
                "Pay for the character that came: chances[t, tokens[t]]."),
    "likeliest": ("You pay for the likeliest character at each place.",
                  "Take the chance of the one that came, likely or not."),
    "next_row": ("You look one row too far, or not far enough.",
                 "Row t of `chances` is about tokens[t]."),
    "perplexity": ("That is the perplexity, 2 to the bits.", "Leave out the power."),
    "clipped": ("A tiny chance costs many bits; yours is raised before the logarithm.",
                "No clip, and nothing added to `chances`."),
    "mean_chance": ("That is the mean chance, no cost.", "Minus the logarithm, then the mean."),
    "all_pairs": ("chances[:, tokens] takes every row for every character.",
                  "chances[np.arange(len(tokens)), tokens] takes one chance of each row."),
})


def _bits_mistakes(chances, tokens):
    places = np.arange(len(tokens))
    said = chances[places, tokens]
    right = np.mean(-np.log2(said))
    rolled = [chances[places, np.roll(tokens, k)] for k in (1, -1)]
    cut = [chances[places[:-1], tokens[1:]], chances[places[1:], tokens[:-1]]] if len(
        tokens) > 1 else []
    raised = [each for low in 10.0**-np.arange(2, 9)
              for each in (np.maximum(said, low), said + low)]
    return {
        "nats": right * np.log(2), "log10": right * np.log10(2), "sign": -right,
        "sum": len(tokens) * right, "log_of_mean": -np.log2(said.mean()),
        "entropy": -(chances * np.log2(chances)).sum(axis=1).mean(),
        "likeliest": -np.log2(chances.max(axis=1)).mean(), "perplexity": 2**right,
        "mean_chance": said.mean(), "all_pairs": -np.log2(chances[:, tokens]).mean(),
        **{f"next_row, {k}": np.mean(-np.log2(each)) for k, each in enumerate(rolled + cut)},
        **{f"clipped, {k}": np.mean(-np.log2(each)) for k, each in enumerate(raised)},
    }


def _judge_bits(answer, chances, tokens, name):
    value = answer(chances, tokens)
    with known_as(), np.errstate(all="ignore"):
        right = np.mean(-np.log2(chances[np.arange(len(tokens)), tokens]))
        expect_close(expect_number(value, name), right, name, rtol=1e-6, atol=1e-7,
                     mistakes=_bits_mistakes(chances, tokens))


def _draw_chances(rng, n, signs):
    logits = 1.5 * rng.normal(size=(n, signs))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return chances, np.array([rng.choice(signs, p=row / row.sum()) for row in chances])


@mean_bits.part("bits")
def _(rng, answer):
    for n, signs in ((40, 7), (int(rng.integers(90, 150)), 2), (6, 6), (1, 5), (3, 300)):
        _judge_bits(answer, *_draw_chances(rng, n, signs), "the mean")


@mean_bits.part("sure and unsure models")
def _(rng, answer):
    for n, left in ((6, 5e-4), (4, 1e-2), (9, 0.0)):
        tokens = rng.permutation(n)
        chances = np.full((n, n), left / (n - 1))
        chances[np.arange(n), tokens] = 1 - left
        _judge_bits(answer, chances, tokens, "the mean of a model that is sure")
    chances, tokens = _draw_chances(rng, int(rng.integers(5, 9)), 4)
    came = np.arange(4) == tokens[:, None]
    chances = np.where(came, 1e-9 * rng.uniform(1, 3, (len(tokens), 1)),
                       chances / np.where(came, 0, chances).sum(axis=1, keepdims=True))
    _judge_bits(answer, chances, tokens, "the mean of a model that did not expect what came")


# --- streams that go on -----------------------------------------------------------------------

cut_streams = Exercise("cut_streams", hints={
    "windows_in_order": ("The rows of a batch follow each other, so the next batch does not go "
                         "on where a row ended.",
                         "First cut the text into n_streams long pieces, (n_streams, piece); "
                         "then cut each piece into steps."),
    "axes": ("The right numbers, the axes in another order.",
             "(batches, streams, steps): swapaxes(0, 1) at the end."),
    "no_shift": ("Your y is x: the network would have to say what it has just read.",
                 "y holds the character after each of x."),
    "shift_back": ("Your y holds the character before each of x.", "tokens[1:], not earlier."),
    "rolled": ("Your y is shifted inside each window: its last step asks for the window's first "
               "character.", "Cut y from tokens[1:] by the same cuts."),
    "swapped": ("x and y have changed places.", "Return x, y."),
    "interleaved": ("Each stream takes every n-th character: neighbours are torn apart.",
                    "A stream is a piece of text: tokens[i * piece:(i + 1) * piece]."),
    "batch_lost": ("There is room for one batch more.",
                   "len(tokens) - 1 characters have a next one; do not subtract any others."),
    "other_piece": ("The first stream is right, the others begin elsewhere.",
                    "Stream i begins at i * piece, with piece = (len(tokens) - 1) // n_streams: "
                    "drop what fills no batch from the end of each piece."),
})


def _streams(tokens, n_streams, n_steps, source=None):
    """Return what a right answer's `x` is; of `source`, which y is cut from, in place of x."""
    piece = (len(tokens) - 1) // n_streams
    source, k = (tokens if source is None else source), piece // n_steps
    rows = source[:n_streams * piece].reshape(n_streams, piece)[:, :k * n_steps]
    return rows.reshape(n_streams, k, n_steps).swapaxes(0, 1)


def _judge_streams(rng, answer, n_streams, n_steps, n_batches, rest, over=0):
    """Judge streams with `rest` characters at each piece's end and `over` at the text's."""
    n = n_streams * (n_batches * n_steps + rest) + 1 + over
    tokens = 997 * rng.permutation(5 * n)[:n]               # all different: each place shows
    x, y = expect_tuple(answer(tokens, n_streams, n_steps), ("x", "y"))
    axes = "(batches, streams, steps)"
    expect(getattr(x, "shape", None) != (n_batches - 1, n_streams, n_steps),
           f"There are {n_batches - 1} batches, and room for {n_batches}.", "batch_lost")
    with known_as():
        expect_close(x, _streams(tokens, n_streams, n_steps), "x", axes=axes, integers=True,
                     mistakes=_stream_mistakes(tokens, n_streams, n_steps))
        after = _streams(tokens, n_streams, n_steps, tokens[1:])
        right = _streams(tokens, n_streams, n_steps)
        expect_close(y, after, "y", axes=axes, integers=True, mistakes={
            "no_shift": right, "axes": after.swapaxes(0, 1),
            "rolled": np.roll(right, -1, axis=-1),
            "shift_back": _streams(tokens, n_streams, n_steps, np.roll(tokens, 1)),
        })


def _stream_mistakes(tokens, n_streams, n_steps):
    right = _streams(tokens, n_streams, n_steps)
    k = len(right) * n_steps
    piece = (len(tokens) - 1) // n_streams

    def cut(rows):
        return rows.reshape(n_streams, -1, n_steps).swapaxes(0, 1)

    beyond = (np.arange(n_streams) * (piece + 1))[:, None] + np.arange(k)    # one too long
    return {
        "axes": right.swapaxes(0, 1), "swapped": _streams(tokens, n_streams, n_steps, tokens[1:]),
        "windows_in_order": tokens[:right.size].reshape(right.shape),
        "interleaved": cut(np.stack([tokens[:-1][i::n_streams][:k] for i in range(n_streams)])),
        "other_piece": cut(tokens[:n_streams * k]),
        "other_piece, beyond": cut(tokens[np.minimum(beyond, len(tokens) - 1)]),
    }


@cut_streams.part("a text that fits")
def _(rng, answer):
    for n_streams, n_steps, n_batches in ((int(rng.integers(3, 5)), 5, 6), (2, 7, 3), (5, 2, 1),
                                          (1, 6, 4), (3, 1, 5)):
        _judge_streams(rng, answer, n_streams, n_steps, n_batches, rest=0)


@cut_streams.part("a text with a rest")
def _(rng, answer):
    for n_streams, n_steps, n_batches in ((3, 4, 5), (6, int(rng.integers(7, 12)), 2), (2, 3, 1)):
        for rest in (1, n_steps - 1):
            _judge_streams(rng, answer, n_streams, n_steps, n_batches, rest)


@cut_streams.part("a text that gives no equal pieces")
def _(rng, answer):
    for over in (2, 3):                                     # 3: len(tokens) can be divided by 4
        _judge_streams(rng, answer, n_streams=4, n_steps=5, n_batches=4, rest=2, over=over)
    n = int(rng.integers(5, 9))
    for over in (1, n - 1):
        _judge_streams(rng, answer, n_streams=n, n_steps=3, n_batches=2, rest=0, over=over)
    _judge_streams(rng, answer, n_streams=3, n_steps=4, n_batches=2, rest=3, over=2)


# --- the nucleus ------------------------------------------------------------------------------

nucleus = Exercise("nucleus", hints={
    "one_short": ("Your set does not reach top_p: the token that crosses the line is missing.",
                  "Keep a token if the sum *before* it is below top_p."),
    "one_too_many": ("One token more than needed.",
                     "Keep a token if the sum *before* it is below top_p, its own part left out."),
    "not_renormalised": ("What is left does not sum to 1.",
                         "Subtract the logarithm of the sum over the tokens that are kept."),
    "rarest": ("You keep the rare tokens and drop the likely ones.",
               "np.argsort(-logits): the likeliest first."),
    "sorted": ("Right values, sorted by size: nobody knows any more which token is which.",
               "Write the values back to their places: result[order] = values."),
    "zeros": ("A token left out has 0, the logarithm of 1: it would be certain.",
              "Its logarithm is -np.inf."),
    "probabilities": ("Those are probabilities; give their logarithms.",
                      "Stay with logarithms, -np.inf for what is left out."),
    "overflow": ("exp of a large logit overflows.",
                 "Subtract the largest logit before exp; nothing else changes."),
    "all_kept": ("Nothing is left out.", "Use top_p."),
    "most_alone": ("Only the likeliest token is left.",
                   "Go on until the chances of what is kept reach top_p."),
    "nan_left_out": ("A token left out is NaN.", "Its logarithm is -np.inf."),
    "finite": ("A token left out has a low number, and -np.inf is asked for.",
               "np.full(len(logits), -np.inf) first; then fill in what is kept."),
})


def _nucleus(logits, top_p, keep=None, norm=True):
    z = logits - logits.max()
    z = z - np.log(np.exp(z).sum())
    order = np.argsort(-z)
    chance = np.exp(z[order])
    kept = chance.cumsum() - chance < top_p if keep is None else keep(chance)
    out = np.full(len(z), -np.inf)
    out[order[kept]] = z[order[kept]]
    return out - (np.log(np.exp(out).sum()) if norm else 0)


def _rarest(top_p):
    """Return which places to keep when tokens are taken from the rarest up."""
    return lambda c: (c[::-1].cumsum() - c[::-1] < top_p)[::-1]


def _nucleus_mistakes(logits, top_p):
    def short(c):
        return c.cumsum() < top_p

    right = _nucleus(logits, top_p)
    kept = np.isfinite(right)
    return {
        "one_short": _nucleus(logits, top_p, short),
        "one_short, as they were": _nucleus(logits, top_p, short, norm=False),
        "one_too_many": _nucleus(logits, top_p, lambda c: np.append(
            True, (c.cumsum() - c < top_p)[:-1])),
        "not_renormalised": _nucleus(logits, top_p, norm=False),
        "not_renormalised, logits": np.where(kept, logits, -np.inf),
        "rarest": _nucleus(logits, top_p, _rarest(top_p)),
        "sorted": np.sort(right)[::-1], "zeros": np.where(kept, right, 0),
        "probabilities": np.exp(right), "all_kept": _nucleus(logits, 1.0),
        "all_kept, logits": logits, "most_alone": _nucleus(logits, 1e-9),
    }


def _log_chances(value, name):
    """Return `value` as an array of floats, of which some may be infinite."""
    try:
        array = np.asarray(value) if hasattr(value, "__array__") else None
    except Exception:
        array = None
    return array if array is not None and array.dtype.kind == "f" else expect_array(value, name)


def _judge_nucleus(answer, logits, top_p, name, not_finite=None):
    """Judge a nucleus; `not_finite` is the mistake that makes NaN of the tokens that are kept."""
    with np.errstate(all="ignore"):
        value = _log_chances(answer(logits, top_p), f"the array for {name}")
        right = _nucleus(logits, top_p)
        kept, bad = np.isfinite(right), np.isnan(value) | np.isposinf(value)
        if bad.any():
            left_out = value.shape == right.shape and np.allclose(value[kept], right[kept])
            raise Wrong(f"The array for {name} holds NaN or +inf.",
                        "nan_left_out" if left_out else not_finite)
        expect(value.shape != right.shape or np.exp(value).sum() > 1e-9,
               f"With {name} no token is left.", "one_short")
        with known_as():
            expect_close(np.minimum(np.exp(value), 1e6), np.exp(right),
                         f"exp of the array for {name}", axes="(tokens,)",
                         mistakes={mistake: np.minimum(np.exp(each), 1e6) for mistake, each
                                   in _nucleus_mistakes(logits, top_p).items()})
    expect(np.isneginf(value[~kept]).all(), "What is left out is not -inf.", "finite")


def _draw_logits(rng, n, size, ratio=0.75, ties=0):
    """Return (n,) logits in random order, and a top_p for which `size` tokens are kept.

    Args:
        ratio: of the chance of a token to that of the next likelier one; `ties` of the
            likeliest are equal.
    """
    chance = ratio**np.maximum(np.arange(n), ties - 1.0) * rng.uniform(0.97, 1.03, n)
    chance[:ties] = chance[:ties].max(initial=0)
    chance = np.sort(chance / chance.sum())[::-1]
    top_p = chance[:size].sum() - 0.5 * chance[size - 1]
    order = rng.permutation(n)
    while n > 2 and ((np.diff(order) > 0).all() or (np.diff(order) < 0).all() or not order[0]):
        order = rng.permutation(n)                          # the likeliest is not the first
    return np.log(chance[order]) + 3 * rng.normal(), float(top_p)


@nucleus.part("what is kept")
def _(rng, answer):
    for n, size in ((8, int(rng.integers(3, 5))), (5, 4), (30, int(rng.integers(5, 8))), (2, 1)):
        _judge_nucleus(answer, *_draw_logits(rng, n, size), f"{n} tokens")
    _judge_nucleus(answer, *_draw_logits(rng, 9, 4, ties=2), "nine tokens, two equally likely")


@nucleus.part("one token, and all")
def _(rng, answer):
    for n, top_p in ((8, 0.01), (6, 1.0), (40, 1.0), (1, 0.5), (1, 1.0)):
        logits, _ = _draw_logits(rng, n, 1, ratio=0.75 if n < 10 else 0.9)
        _judge_nucleus(answer, logits, top_p, f"{n} token(s) and top_p={top_p}")


@nucleus.part("large logits")
def _(rng, answer):
    for level, n in ((2000, 8), (-2000, 6), (800, 3)):
        logits, top_p = _draw_logits(rng, n, 2, ratio=0.9)
        _judge_nucleus(answer, logits + level, top_p, f"logits around {level}", "overflow")
    for high in (1, 3):                                     # and most of them are low
        logits, top_p = _draw_logits(rng, high, 1)
        far = np.concatenate([[0.0], 2000 + logits, [1.0, -5.0, 2.0, 0.5, -1.0, 3.0]])
        _judge_nucleus(answer, far, top_p, "logits around 0 and 2000", "overflow")


# --- where a text ends ------------------------------------------------------------------------

text_lengths = Exercise("text_lengths", hints={
    "without_stop": ("One short: the stop sign belongs to the text.",
                     "The place of the first stop sign, plus 1."),
    "none_is_first": ("A text without a stop sign gets length 1, or hardly more: argmax of "
                      "nothing but False is 0.",
                      "Ask .any(axis=1) first; without a stop sign the length is the row's."),
    "last_stop": ("You take the last stop sign.", "After the first one all is waste."),
    "in_start": ("A stop sign in the start ended the text.",
                 "Look at tokens[:, n_start:] only."),
    "from_start": ("You count from the end of the start.", "Add n_start again."),
    "one_for_all": ("All texts got the same length.", "Each row ends on its own: axis=1."),
    "not_cut": ("No text is cut.", "Look for the stop sign."),
    "none_missing": ("A text without a stop sign has a length, too: that of its row.",
                     "np.where(found, ..., tokens.shape[1])"),
    "counted": ("You count the characters that are no stop sign, waste included.",
                "Find the place of the first stop sign."),
})


def _lengths(tokens, stop, n_start):
    rows = [np.flatnonzero(row[n_start:] == stop) for row in tokens]
    return np.array([n_start + int(r[0]) + 1 if len(r) else tokens.shape[1] for r in rows])


def _length_mistakes(tokens, stop, n_start):
    right, n = _lengths(tokens, stop, n_start), tokens.shape[1]
    hit = tokens[:, n_start:] == stop
    found = hit.any(axis=1)
    without = {
        **{f"none_is_first, {k}": np.where(found, right, k) for k in (0, 1, n_start, n_start + 1)},
        "none_missing, minus 1": np.where(found, right, -1),
    } if not found.all() else {}
    return {
        **without, "in_start": _lengths(tokens, stop, 0),
        "in_start, its end": _lengths(tokens, stop, max(n_start - 1, 0)),
        "without_stop": right - found, "last_stop": n - np.where(found, hit[:, ::-1].argmax(
            axis=1), 0), "from_start": right - n_start,
        "counted": (tokens != stop).sum(axis=1) + 1, "not_cut": np.full(len(tokens), n),
        "one_for_all": np.full(len(tokens), right.min()),
        "one_for_all, the longest": np.full(len(tokens), right.max()),
    }


def _judge_lengths(answer, tokens, stop, n_start):
    value = answer(tokens, stop, n_start)
    found = (tokens[:, n_start:] == stop).any(axis=1)
    name = "the array of lengths"
    expect(found.all() or getattr(value, "shape", None) != (found.sum(),),
           f"There are {len(tokens)} rows, and {found.sum()} lengths.", "none_missing")
    with known_as(**({} if found.all() else {"not_finite": "none_missing"})):
        expect_close(value, _lengths(tokens, stop, n_start), name, axes="(samples,)",
                     whole=True, mistakes=_length_mistakes(tokens, stop, n_start))
    if not found.all():                 # NaN for want of a stop sign makes floats of all lengths
        expect_array(value, name, integers=True)


def _draw_samples(rng, n_start, n_steps, firsts, stop=None):
    """Return (tokens, stop, n_start).

    Args:
        firsts: where the first stop sign of each row is, counted from the end of the start, or
            None; every other row has two more further on, where there is room.
    """
    stop = int(rng.integers(1, 9)) if stop is None else stop
    tokens = rng.choice([k for k in range(12) if k != stop], size=(len(firsts), n_steps))
    tokens[:, :n_start] = tokens[0, :n_start]
    for k, (row, first) in enumerate(zip(tokens, firsts, strict=True)):
        if first is not None:
            row[n_start + first] = stop
            rest = np.arange(n_start + first + 1, n_steps)
            row[rng.permutation(rest)[:2 * (k % 2)]] = stop
    return tokens, stop, n_start


@text_lengths.part("one stop sign or more")
def _(rng, answer):
    start = int(rng.integers(4, 7))
    for n_start, n_steps, firsts, stop in (
            (start, 20, rng.permutation(6), None), (2, 12, [9, 0, 4], 0), (9, 30, [20, 7], 11),
            (1, int(rng.integers(5, 8)), [3, 2], None), (3, 4, [0], None)):
        _judge_lengths(answer, *_draw_samples(rng, n_start, n_steps, firsts, stop))


@text_lengths.part("no stop sign")
def _(rng, answer):
    first = rng.permutation(np.arange(1, 6))
    _judge_lengths(answer, *_draw_samples(rng, int(rng.integers(4, 7)), 20, [
        first[0], None, first[1], first[2], None, first[3]]))
    _judge_lengths(answer, *_draw_samples(rng, 2, int(rng.integers(6, 15)), [None, None, None]))
    _judge_lengths(answer, *_draw_samples(rng, 3, 9, [None, 5]))


@text_lengths.part("a stop sign in the start")
def _(rng, answer):
    for n_start, firsts in ((int(rng.integers(4, 7)), rng.permutation(np.arange(1, 7))),
                            (3, [8, 0, None]), (12, [4, None, 0])):
        tokens, stop, _ = _draw_samples(rng, n_start, 18, firsts)
        tokens[:, 1:n_start - 1] = stop
        _judge_lengths(answer, tokens, stop, n_start)


@text_lengths.part("a start that ends with the stop sign")
def _(rng, answer):
    for n_start, firsts in ((int(rng.integers(4, 7)), rng.permutation(np.arange(1, 7))),
                            (1, [0, 8, None]), (2, [None, 3]), (14, [1, None])):
        tokens, stop, _ = _draw_samples(rng, n_start, 16, firsts)
        tokens[:, n_start - 1] = stop
        _judge_lengths(answer, tokens, stop, n_start)


# --- what is copied ---------------------------------------------------------------------------

copied_share = Exercise("copied_share", hints={
    "distinct": ("You count different n-grams once each.",
                 "Every place of the text counts, so go through a list, not a set."),
    "reverse": ("That is the share of the training text that the sample copies.",
                "Go through the sample's n-grams, and look each up in the training text's."),
    "last_lost": ("The last n-gram is missing.", "range(len(text) - n + 1)."),
    "known_lost": ("The training text's last n-gram is missing.",
                   "range(len(training_text) - n + 1)."),
    "n_fixed": ("Another n gives the same share.", "Use n in place of 8."),
    "side_by_side": ("Your n-grams do not overlap.", "One begins at every character."),
    "covered": ("That is the share of the characters inside copied n-grams.",
                "Count n-grams, not characters."),
    "count": ("That is how many, not which share.", "Divide by the number of n-grams."),
    "percent": ("That is in per cent; give a share between 0 and 1.",),
    "new": ("That is the share of n-grams that are new.", "in, not `not in`."),
    "short": ("A text shorter than n has no n-gram: its share is 0.0.",
              "max(len(grams), 1) keeps the division possible."),
    "pattern": ("Your search reads signs such as . and * as a pattern.",
                "`gram in training_text`, or re.escape(gram)."),
    "case_ignored": ("Large and small letters are the same to you; a copy has the same ones.",),
    "space_ignored": ("You change the white space before you compare.",
                      "A line end is a character like any other."),
    "per_character": ("You divide by the characters.", "A text has len(text) - n + 1 n-grams."),
})


def _grams(text, n):
    return [text[k:k + n] for k in range(len(text) - n + 1)]


def _texts(rng, n):
    """Return a sample with some repeated and some copied n-grams, and a training text.

    Some of what is copied is a pattern for who takes it for one, and some is copied but for
    large and small letters, or but for white space.
    """
    signs = list("的一是不我了在人有他这中")

    def draw(length):
        return "".join(rng.choice(signs, length))

    special, letters = "(a+b)*c. [x?] ", "A Copy of Large and small"
    lines = "two  lines\nof it all"
    long, short = rng.integers(70, 120), rng.integers(23, 47)
    training = draw(long) + special + draw(60) + letters + draw(short) + lines + draw(60)
    at = int(rng.integers(0, 70 - n))
    own, copy = draw(short), training[at:at + n + 7]
    return "".join(["\n ", own, copy, letters.swapcase(), own[:n + 4], " ".join(lines.split()),
                    special, lines, copy[:n + 4], draw(4), training[-n:], "\n"]), training


def _share_of(text, training, n):
    known = set(_grams(training, n))
    return np.array([gram in known for gram in _grams(text, n)])


def _covered(hits, n):
    """Return which characters are in an n-gram that is copied."""
    return np.convolve(hits, np.ones(n)) > 0.5


def _share_mistakes(text, training, n):
    hits = _share_of(text, training, n)
    mine, theirs = set(_grams(text, n)), set(_grams(training, n))
    fixed = {} if n == 8 else {"n_fixed": _share_of(text, training, 8).mean()}

    def changed(change):
        return _share_of(change(text), change(training), n).mean()

    def pattern(gram):
        try:
            return re.search(gram, training) is not None
        except re.error:
            return False

    return {
        "distinct": len(mine & theirs) / len(mine),
        "reverse": _share_of(training, text, n).mean(),
        "reverse, distinct": len(mine & theirs) / len(theirs),
        "last_lost": hits[:-1].mean(), "known_lost": _share_of(text, training[:-1], n).mean(),
        "side_by_side": hits[::n].mean(), "covered": _covered(hits, n).mean(),
        "count": hits.sum(), "percent": 100 * hits.mean(), "new": 1 - hits.mean(),
        "per_character": hits.sum() / len(text), "case_ignored": changed(str.lower),
        "pattern": np.mean([pattern(gram) for gram in _grams(text, n)]),
        "space_ignored": changed(lambda each: " ".join(each.split())),
        "space_ignored, none left": changed(lambda each: "".join(each.split())),
        "space_ignored, around": changed(str.strip),
        "space_ignored, line ends": changed(lambda each: each.replace("\n", "")), **fixed,
    }


def _share(answer, text, training, n):
    """Return what the answer gives; n is left out where None."""
    try:
        value = answer(text, training) if n is None else answer(text, training, n)
    except Wrong as wrong:
        by_pattern = isinstance(wrong.error, re.error)
        raise Wrong(str(wrong), "pattern" if by_pattern else wrong.mistake) from None
    return expect_number(value, f"the share for n={n or 8}", whole=True)


def _judge_copies(rng, answer, n=None, draws=2):
    texts = [_texts(rng, n or 8) for _ in range(draws)]
    values = [_share(answer, *pair, n) for pair in texts]
    n = n or 8
    wrong = common_mistakes(values, [_share_mistakes(*pair, n) for pair in texts])
    for value, pair, mistakes in zip(values, texts, wrong, strict=True):
        with known_as():
            expect_close(value, _share_of(*pair, n).mean(), f"the share for n={n}", whole=True,
                         rtol=1e-6, mistakes=mistakes)


@copied_share.part("8-grams")
def _(rng, answer):
    _judge_copies(rng, answer)


@copied_share.part("another n")
def _(rng, answer):
    _judge_copies(rng, answer, 5)
    for n in (12, int(rng.integers(2, 4)), 1):
        _judge_copies(rng, answer, n, draws=1)


def _judge_short(answer, text, training, n, right):
    """Judge the share of a text of n characters, or fewer."""
    name = f"the share of a text of {len(text)} characters, with n={n},"
    try:
        value = answer(text, training, n)
    except Wrong as wrong:
        by_zero = isinstance(wrong.error, ZeroDivisionError)
        raise Wrong(str(wrong), "short" if by_zero else wrong.mistake) from None
    with known_as(**({"not_finite": "short", "returns_none": "short"} if len(text) < n else {})):
        value = expect_number(value, name, whole=True)
    expect_close(value, right(), name, whole=True, mistakes={
        "last_lost": 0.0, "percent": 100.0, "per_character": 1 / n} if len(text) == n else {})


@copied_share.part("short texts")
def _(rng, answer):
    _, training = _texts(rng, 8)
    at = int(rng.integers(0, 60))
    for n in (8, int(rng.integers(3, 7)), 1):
        _judge_short(answer, training[at:at + n], training, n, lambda: 1.0)
        _judge_short(answer, "~" * n, training, n, lambda: 0.0)
    for length, n in ((5, 8), (7, 8), (0, 8), (2, 3), (0, 1)):
        _judge_short(answer, training[:length], training, n, lambda: 0.0)
    _judge_short(answer, training[:9], training[:4], 9, lambda: 0.0)


seal(__name__)
