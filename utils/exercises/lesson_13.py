"""Checks of lesson 13: bits, streams, the nucleus, where a text ends, what is copied."""

import numpy as np

from .engine import Exercise, seal
from .expect import expect, expect_array, expect_close, expect_number, expect_tuple

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
    "mean_chance": ("That is the mean chance, no cost.", "Minus the logarithm, then the mean."),
    "all_pairs": ("chances[:, tokens] takes every row for every character.",
                  "chances[np.arange(len(tokens)), tokens] takes one chance of each row."),
})


@mean_bits.part("bits")
def _(rng, answer):
    n, signs = 40, 7
    logits = 1.5 * rng.normal(size=(n, signs))
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    tokens = np.array([rng.choice(signs, p=row / row.sum()) for row in chances])
    said = chances[np.arange(n), tokens]
    rolled = [np.mean(-np.log2(chances[np.arange(n), np.roll(tokens, k)])) for k in (1, -1)]
    cut = [np.mean(-np.log2(chances[np.arange(n - 1), tokens[1:]])),
           np.mean(-np.log2(chances[np.arange(1, n), tokens[:-1]]))]
    value = expect_number(answer(chances.copy(), tokens.copy()), "the mean")
    right = float(np.mean(-np.log2(said)))
    shifted = next((r for r in rolled + cut if np.isclose(r, value)), np.nan)
    expect_close(value, right, "the mean", mistakes={
        "nats": right * np.log(2), "log10": right * np.log10(2), "sign": -right,
        "sum": n * right, "log_of_mean": -np.log2(said.mean()),
        "entropy": float(-(chances * np.log2(chances)).sum(axis=1).mean()),
        "likeliest": float(-np.log2(chances.max(axis=1)).mean()), "next_row": shifted,
        "perplexity": 2**right, "mean_chance": said.mean(),
        "all_pairs": -np.log2(chances[:, tokens]).mean(),
    })


@mean_bits.part("a sure model")
def _(rng, answer):
    tokens = rng.permutation(6)
    chances = np.full((6, 6), 1e-4)
    chances[np.arange(6), tokens] = 1 - 5e-4
    name = "the mean of a model that is nearly sure"
    value = expect_number(answer(chances, tokens.copy()), name)
    expect_close(value, -np.log2(1 - 5e-4), name, rtol=1e-3, mistakes={
        "sign": np.log2(1 - 5e-4), "perplexity": 1 / (1 - 5e-4)})


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
    piece = n_batches * n_steps + rest
    n = n_streams * piece + 1 + over
    tokens = rng.permutation(5 * n)[:n]                     # all different: each place shows
    x, y = expect_tuple(answer(tokens.copy(), n_streams, n_steps), ("x", "y"))
    right = _streams(tokens, n_streams, n_steps)
    after = _streams(tokens, n_streams, n_steps, tokens[1:])
    size = n_batches * n_streams * n_steps
    flat, k = tokens[:size].reshape(right.shape), n_batches * n_steps
    close = tokens[:n_streams * k].reshape(n_streams, n_batches, n_steps).swapaxes(0, 1)
    apart = np.stack([tokens[:-1][i::n_streams][:k] for i in range(n_streams)])
    starts = np.arange(n_streams) * (piece + 1)             # pieces that are one too long
    beyond = tokens[np.minimum(starts[:, None] + np.arange(k), n - 1)].reshape(
        n_streams, n_batches, n_steps).swapaxes(0, 1)
    axes = "(batches, streams, steps)"
    expect(getattr(x, "shape", None) != (n_batches - 1, n_streams, n_steps),
           f"There are {n_batches - 1} batches, and room for {n_batches}.", "batch_lost")
    expect_close(x, right, "x", axes=axes, whole=True, mistakes={
        "axes": right.swapaxes(0, 1), "swapped": after, "windows_in_order": flat,
        "interleaved": apart.reshape(n_streams, n_batches, n_steps).swapaxes(0, 1),
        "other_piece": beyond if np.array_equal(x, beyond) else close,
    })
    expect_close(y, after, "y", axes=axes, whole=True, mistakes={
        "no_shift": right, "axes": after.swapaxes(0, 1), "rolled": np.roll(right, -1, axis=-1),
        "shift_back": lambda: _streams(tokens, n_streams, n_steps, np.roll(tokens, 1)),
    })


@cut_streams.part("a text that fits")
def _(rng, answer):
    _judge_streams(rng, answer, n_streams=int(rng.integers(3, 5)), n_steps=5, n_batches=6, rest=0)


@cut_streams.part("a text with a rest")
def _(rng, answer):
    _judge_streams(rng, answer, n_streams=3, n_steps=4, n_batches=5, rest=int(rng.integers(1, 4)))


@cut_streams.part("a text that gives no equal pieces")
def _(rng, answer):
    for over in (2, 3):                                     # 3: len(tokens) can be divided by 4
        _judge_streams(rng, answer, n_streams=4, n_steps=5, n_batches=4, rest=2, over=over)


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


def _chances(value, name, nan="nan_left_out"):
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        expect(not np.isnan(value).any() and not np.isposinf(value).any(),
               f"{name} hold NaN or +inf.", nan)
        with np.errstate(over="ignore"):
            return np.minimum(np.exp(value), 1e6)
    return expect_array(value, name)


def _some_logits(rng, flatter=1.0):
    """Return (8,) logits in random order, and a top_p of which a right set has 2 or 3.

    `flatter` below 1 brings the chances nearer to each other.
    """
    chance = np.array([0.30, 0.22, 0.16, 0.11, 0.08, 0.06, 0.04, 0.03])
    chance = chance**flatter * rng.uniform(0.97, 1.03, 8)
    chance = np.sort(chance / chance.sum())[::-1]
    size = int(rng.integers(2, 4))
    top_p = chance[:size].sum() - 0.5 * chance[size - 1]
    order = rng.permutation(8)
    while (np.diff(chance[order]) <= 0).all():
        order = rng.permutation(8)
    return np.log(chance[order]) + rng.normal(), float(top_p)


@nucleus.part("what is kept")
def _(rng, answer):
    logits, top_p = _some_logits(rng)
    right = _nucleus(logits, top_p)
    given = answer(logits.copy(), top_p)
    value, kept = _chances(given, "the log probabilities"), np.isfinite(right)
    short = lambda c: c.cumsum() < top_p
    plain = _nucleus(logits, 1.0)
    wrong = {
        "one_short": _nucleus(logits, top_p, short),
        "one_too_many": _nucleus(logits, top_p, lambda c: np.append(
            True, (c.cumsum() - c < top_p)[:-1])),
        "not_renormalised": _nucleus(logits, top_p, norm=False),
        "rarest": _nucleus(logits, top_p, _rarest(top_p)),
        "sorted": np.sort(right)[::-1], "zeros": np.where(np.isfinite(right), right, 0),
        "probabilities": np.exp(right), "all_kept": plain,
    }
    wrong = {name: np.exp(each) for name, each in wrong.items()}
    unnormalised = [np.exp(_nucleus(logits, top_p, short, norm=False))]
    expect(not any(value.shape == u.shape and np.allclose(value, u) for u in unnormalised),
           "The set of tokens does not reach top_p.", "one_short")
    expect(value.shape != (8,) or not np.allclose(given[kept], logits[kept]),
           "What is kept holds its logits.", "not_renormalised")
    expect_close(value, np.exp(right), "exp of the result", axes="(tokens,)",
                 mistakes=wrong)
    expect(np.isneginf(given[~kept]).all(), "What is left out is not -inf.", "finite")


@nucleus.part("one token, and all")
def _(rng, answer):
    logits, _ = _some_logits(rng)
    for top_p in (0.01, 1.0):
        value = _chances(answer(logits.copy(), top_p), f"the log probabilities for {top_p}")
        right, two = _nucleus(logits, top_p), lambda c: np.arange(8) < 2
        expect(value.shape != (8,) or value.sum() > 1e-9,
               f"With top_p={top_p} no token is left.", "one_short")
        expect_close(value, np.exp(right), f"exp of the result for top_p={top_p}",
                     axes="(tokens,)", mistakes={
                         "one_too_many": np.exp(_nucleus(logits, top_p, two)),
                         "not_renormalised": np.exp(_nucleus(logits, top_p, norm=False)),
                         "all_kept": np.exp(_nucleus(logits, 1.0))})


@nucleus.part("large logits")
def _(rng, answer):
    logits, top_p = _some_logits(rng, flatter=0.3)
    with np.errstate(all="ignore"):
        value = _chances(answer(logits + 2000, top_p), "the log probabilities of large logits",
                         "overflow")
    expect_close(value, np.exp(_nucleus(logits, top_p)), "exp of the result for large logits",
                 axes="(tokens,)", mistakes={
                     "not_renormalised": np.exp(_nucleus(logits, top_p, norm=False))})


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
    "counted": ("You count the characters that are no stop sign, waste included.",
                "Find the place of the first stop sign."),
})


def _samples(rng):
    """Return (6, 20) tokens, the stop's number and the start's length."""
    n_start, stop = int(rng.integers(4, 7)), int(rng.integers(3, 9))
    tokens = rng.choice([k for k in range(12) if k != stop], size=(6, 20))
    tokens[:, :n_start] = tokens[0, :n_start]
    return tokens, stop, n_start


def _lengths(tokens, stop, n_start):
    rows = [np.flatnonzero(row[n_start:] == stop) for row in tokens]
    return np.array([n_start + int(r[0]) + 1 if len(r) else tokens.shape[1] for r in rows])


def _judge_lengths(answer, tokens, stop, n_start):
    right, n = _lengths(tokens, stop, n_start), tokens.shape[1]
    hit = tokens[:, n_start:] == stop
    found = hit.any(axis=1)
    last = n - hit[:, ::-1].argmax(axis=1)
    early = np.where(found, right, 1)
    late = np.where(found, right, n_start + 1)
    value = answer(tokens.copy(), stop, n_start)
    nothing = [] if found.all() else [early, late, early - 1, late - 1,
                                      np.where(found, right, n_start)]
    zero = next((each for each in nothing if np.array_equal(np.asarray(value), each)),
                np.full(len(tokens), -1))
    expect_close(value, right, "the lengths", axes="(samples,)", whole=True, mistakes={
        "in_start": _lengths(tokens, stop, 0), "none_is_first": zero,
        "without_stop": right - found,
        "last_stop": np.where(found, last, n), "from_start": right - n_start,
        "counted": (tokens != stop).sum(axis=1) + 1, "not_cut": np.full(len(tokens), n),
        "one_for_all": np.full(len(tokens), right.min()),
    })
    return right


def _with_stops(tokens, stop, n_start, places):
    for row, each in zip(tokens, places, strict=False):
        row[np.asarray(each, int) + n_start] = stop
    return tokens


@text_lengths.part("one stop sign or more")
def _(rng, answer):
    tokens, stop, n_start = _samples(rng)
    first = rng.permutation(6)
    places = [[first[0]], [first[1], 9], [first[2], 8, 10], [first[3]], [first[4], 12], [first[5]]]
    _judge_lengths(answer, _with_stops(tokens, stop, n_start, places), stop, n_start)


@text_lengths.part("no stop sign")
def _(rng, answer):
    tokens, stop, n_start = _samples(rng)
    first = rng.permutation(np.arange(1, 6))
    places = [[first[0]], [], [first[1], 9], [], [first[2]], [first[3]]]
    _judge_lengths(answer, _with_stops(tokens, stop, n_start, places), stop, n_start)


@text_lengths.part("a stop sign in the start")
def _(rng, answer):
    tokens, stop, n_start = _samples(rng)
    first = rng.permutation(np.arange(1, 7))
    tokens = _with_stops(tokens, stop, n_start, [[k] for k in first])
    tokens[:, 1] = stop
    _judge_lengths(answer, tokens, stop, n_start)


@text_lengths.part("a start that ends with the stop sign")
def _(rng, answer):
    tokens, stop, n_start = _samples(rng)
    tokens = _with_stops(tokens, stop, n_start, [[k] for k in rng.permutation(np.arange(1, 7))])
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
    "per_character": ("You divide by the characters.", "A text has len(text) - n + 1 n-grams."),
})


def _grams(text, n):
    return [text[k:k + n] for k in range(len(text) - n + 1)]


def _texts(rng, n):
    """Return a sample with some repeated and some copied n-grams, and a training text."""
    signs = list("的一是不我了在人有他这中")
    training = "".join(rng.choice(signs, 260))
    at = int(rng.integers(0, 200))
    own = "".join(rng.choice(signs, 30))
    copy = training[at:at + n + 7]
    return own + copy + own[:n + 4] + copy[:n + 2] + training[-n:], training


def _share_of(text, training, n):
    known = set(_grams(training, n))
    return np.array([gram in known for gram in _grams(text, n)])


def _judge_copies(rng, answer, n):
    text, training = _texts(rng, n)
    hits = _share_of(text, training, n)
    given = () if n == 8 else (n,)
    mine, theirs = set(_grams(text, n)), set(_grams(training, n))
    covered = np.zeros(len(text), bool)
    for k in np.flatnonzero(hits):
        covered[k:k + n] = True
    value = expect_number(answer(text, training, *given), f"the share for n={n}", whole=True)
    right = hits.mean()
    backwards = [_share_of(training, text, n).mean(), len(mine & theirs) / len(theirs)]
    reverse = next((b for b in backwards if np.isclose(b, value)), np.nan)
    expect_close(value, right, f"the share for n={n}", whole=True, rtol=1e-6, mistakes={
        "distinct": len(mine & theirs) / len(mine), "reverse": reverse,
        "last_lost": hits[:-1].mean(), "known_lost": _share_of(text, training[:-1], n).mean(),
        "side_by_side": hits[::n].mean(),
        "n_fixed": _share_of(text, training, 8).mean() if n != 8 else np.nan,
        "covered": covered.mean(), "count": hits.sum(), "percent": 100 * right,
        "new": 1 - right, "per_character": hits.sum() / len(text),
    })


@copied_share.part("8-grams")
def _(rng, answer):
    _judge_copies(rng, answer, 8)


@copied_share.part("another n")
def _(rng, answer):
    _judge_copies(rng, answer, 5)


@copied_share.part("short texts")
def _(rng, answer):
    _, training = _texts(rng, 8)
    at = int(rng.integers(0, 200))
    value = expect_number(answer(training[at:at + 8], training, 8), "the share of a text of n "
                          "characters", whole=True)
    expect_close(value, 1.0, "the share of a text of n characters", whole=True,
                 mistakes={"last_lost": 0.0, "new": 0.0, "percent": 100.0, "per_character": 1 / 8})
    for length in (5, 7, 0):
        name = f"the share of a text of {length} characters, with n=8,"
        value = expect_number(answer(training[:length], training, 8), name, whole=True)
        expect_close(value, 0.0, name, whole=True)


seal(__name__)
