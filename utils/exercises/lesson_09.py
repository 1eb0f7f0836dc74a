"""Checks of lesson 09: an interval, a masked mean, shuffled words, occlusion, a paired test."""

import math

import numpy as np

from .engine import Exercise, seal
from .expect import Wrong, expect, expect_array, expect_close, expect_number, expect_tuple
from .mistakes import known_as

# --- the interval of a share ------------------------------------------------------------------

wilson = Exercise("wilson", hints={
    "wald": ("That is the plain formula p ± z·sqrt(p(1 - p)/n): near 0 and 1 it is too narrow.",
             "Take both parts of Wilson's: the centre moves towards 1/2, and the root has a "
             "second term."),
    "not_centred": ("The half-width is right; the centre is not p.",
                    "The centre is (p + z²/2n) / (1 + z²/n)."),
    "not_divided": ("Centre and half-width are both divided by 1 + z²/n.",),
    "z_fixed": ("With another z your interval stays the same.", "Use z in place of 1.96."),
    "swapped": ("The lower end comes first.",),
    "no_second_term": ("Under the root a term is missing.", "p(1 - p)/n + z²/(4n²)."),
    "z_not_squared": ("Where the formula has z², you have z.", "z**2 in three places."),
    "percent": ("Your ends are percentages; give shares between 0 and 1.",),
    "centre_only": ("The centre is right; the half-width is not divided by 1 + z²/n.",
                    "The fraction in front stands before the whole bracket."),
    "four_n": ("Under the root the second term has n to the second power.", "z²/(4n²)."),
    "no_root": ("The half-width lacks its square root.", "z · sqrt(p(1 - p)/n + z²/(4n²))."),
    "count_for_share": ("Under your root is a negative number: p is a share, not a count.",
                        "p = n_right / n."),
    "share_cut": ("n_right // n cuts the share down to 0.", "p = n_right / n."),
    "half_width": ("You give the centre and the half-width.", "centre - half, centre + half."),
    "rounded": ("Your ends are rounded.", "Return all digits, and round where you print."),
})


def _wilson(k, n, z=1.96, centred=True, divided=True, second=True, power=2, below_half=None,
            under=4, root=np.sqrt):
    p, extra = k / n, z**power / n
    below = 1 + extra if divided else 1.0
    middle = (p + extra / 2) / below if centred else p
    inside = p * (1 - p) / n + (extra / (under * n) if second else 0)
    half = z / (below_half or below) * root(inside)
    return np.array([middle - half, middle + half])


def _ends(value, name):
    low, high = expect_tuple(value, ("low", "high"))
    with known_as(not_finite="count_for_share"):
        return np.array([expect_number(low, f"the lower end for {name}"),
                         expect_number(high, f"the upper end for {name}")])


def _judge_wilson(wilson, k, n, z=None):
    name = f"{k} of {n}" + ("" if z is None else f" and z={z:.3g}")
    ends = _ends(wilson(k, n) if z is None else wilson(k, n, z), name)
    z, fixed = 1.96 if z is None else z, {} if z is None else {"z_fixed": _wilson(k, n)}
    right = _wilson(k, n, z)
    expect_close(ends, right, f"the interval for {name}", rtol=1e-5, atol=1e-7, mistakes={
        **fixed,
        "wald": k / n + z * math.sqrt(k / n * (1 - k / n) / n) * np.array([-1, 1]),
        "not_centred": _wilson(k, n, z, centred=False),
        "not_divided": _wilson(k, n, z, divided=False),
        "no_second_term": _wilson(k, n, z, second=False), "swapped": right[::-1],
        "z_not_squared": _wilson(k, n, z, power=1), "percent": 100 * right,
        "centre_only": _wilson(k, n, z, below_half=1.0), "four_n": _wilson(k, n, z, under=4 / n),
        "no_root": _wilson(k, n, z, root=float), "share_cut": _wilson(k // n, n, z),
        "half_width": [right.mean(), right[1] - right.mean()],
        "rounded": lambda: next((r for r in (right.round(d) for d in (2, 3, 4))
                                 if np.allclose(ends, r, atol=1e-9)), right.round(1)),
    })


@wilson.part("95 %")
def _(rng, wilson):
    for lowest, highest, n in ((0.65, 0.85, rng.integers(20, 60)),
                               (0.1, 0.35, rng.integers(70, 200)),
                               (0.15, 0.3, rng.integers(1000, 4000)),
                               (0.9, 0.97, rng.integers(150, 300)),
                               (0.03, 0.1, rng.integers(150, 300))):
        _judge_wilson(wilson, int(n * rng.uniform(lowest, highest)), int(n))


@wilson.part("another z")
def _(rng, wilson):
    for z in (2.576, 1.645, float(rng.uniform(3, 4)), 1.0):
        n = int(rng.integers(20, 300))
        _judge_wilson(wilson, int(n * rng.uniform(0.3, 0.9)), n, z)


@wilson.part("none or all right")
def _(rng, wilson):
    many = int(rng.integers(5, 200))
    for k, n in ((0, many), (many, many), (0, 1), (1, 1)):
        _judge_wilson(wilson, k, n)


# --- the mean over real steps -----------------------------------------------------------------

masked_mean = Exercise("masked_mean", hints={
    "mask_ignored": ("You average over the padding, too.", "Multiply by mask[..., None] first."),
    "divided_by_time": ("The sum is right; it is divided by all steps, padding included.",
                        "Divide by mask.sum(axis=1, keepdims=True)."),
    "one_length": ("Every text has a length of its own: you divide all of them by one number.",
                   "mask.sum(axis=1, keepdims=True) has one row per text."),
    "sum": ("That is the sum over the real steps, not their mean.",
            "Divide by the number of real steps of each text."),
    "inverted": ("You average over the padding, and leave the text out.",
                 "True in the mask is a real step."),
    "last": ("That is the last step of each text, not the mean.",
             "Sum over axis=1, then divide."),
    "one_more": ("You divide by one step too many.",
                 "np.maximum(number, 1) protects against 0 and changes no other number."),
    "max": ("That is the largest value of the real steps, not their mean.",
            "Sum over axis=1, then divide."),
    "over_batch": ("You averaged over the texts.", "Time is axis 1."),
    "empty_row": ("A text without a token gives 0 / 0. Its mean shall be zeros.",
                  "np.maximum(number of steps, 1) keeps the division possible."),
    "row_lost": ("A text without a token has no row in your result.",
                 "Give it a row of zeros, at its place."),
    "from_the_front": ("You take as many steps as are real, but from the front.",
                       "A real step may stand anywhere: multiply by mask[..., None]."),
    "one_axis_short": ("An axis is missing: NumPy cannot tell which one to repeat.",
                       "mask[..., None] for the product, keepdims=True for the division."),
})


def _mean_of_real(outputs, mask):
    total = (outputs * mask[..., None]).sum(axis=1)
    return total / np.maximum(mask.sum(axis=1, keepdims=True), 1)


def _mean_mistakes(outputs, mask):
    real, n_steps = mask[..., None], mask.shape[1]
    lengths = mask.sum(axis=1)
    total = (outputs * real).sum(axis=1)
    last = n_steps - 1 - mask[:, ::-1].argmax(axis=1)
    front = np.arange(n_steps) < lengths[:, None]
    return {
        "mask_ignored": outputs.mean(axis=1), "divided_by_time": total / n_steps, "sum": total,
        "one_length": total / lengths.mean(), "last": outputs[np.arange(len(outputs)), last],
        "inverted": _mean_of_real(outputs, ~mask), "over_batch": (outputs * real).mean(axis=0),
        "one_more": total / (lengths + 1)[:, None],
        "max": np.where(real, outputs, -np.inf).max(axis=1),
        "from_the_front": _mean_of_real(outputs, front),
    }


def _judge_mean(answer, outputs, mask):
    """Judge the mean of texts of which some may have no real step."""
    try:
        with np.errstate(all="ignore"):
            value = answer(outputs, mask)
    except Wrong as wrong:
        raise Wrong(str(wrong), "one_axis_short" if "broadcast" in str(wrong)
                    else wrong.mistake) from None
    some = mask.any(axis=1)
    expect(some.all() or getattr(value, "shape", None) != (some.sum(), outputs.shape[2]),
           f"There are {len(mask)} texts, and {some.sum()} means.", "row_lost")
    with known_as(**({} if some.all() else {"not_finite": "empty_row"})), np.errstate(
            all="ignore"):
        expect_close(value, _mean_of_real(outputs, mask), "the mean", axes="(batch, units)",
                     mistakes=_mean_mistakes(outputs, mask))


def _padded(rng, batch, n_steps, units):
    """Return outputs, and the mask of texts of which the last has no padding."""
    lengths = np.append(rng.permutation(np.arange(1, n_steps))[:batch - 1], n_steps)
    return rng.normal(size=(batch, n_steps, units)) + 1, np.arange(n_steps) < lengths[:, None]


@masked_mean.part("padded texts")
def _(rng, answer):
    wide, long = rng.integers(5, 9, 2)
    for batch, n_steps, units in ((4, 7, 5), (1, long, 3), (5, 5, 5), (3, 2 * long, 1),
                                  (2, 2, wide)):
        outputs, mask = _padded(rng, batch, n_steps, units)
        outputs[-1, 0] = 0.0                    # a real step may be zero
        _judge_mean(answer, outputs, mask)


@masked_mean.part("real steps anywhere")
def _(rng, answer):
    outputs, mask = _padded(rng, 4, int(rng.integers(6, 9)), 3)
    _judge_mean(answer, outputs, mask[:, ::-1])
    gaps = rng.permuted(np.arange(8) < np.arange(2, 7)[:, None], axis=1)
    gaps[0, :3] = [False, True, False]
    _judge_mean(answer, 50 * rng.normal(size=(5, 8, 4)), gaps)


@masked_mean.part("a text without a token")
def _(rng, answer):
    for batch, units, empty in ((2, 3, [1]), (4, 2, [0, 2]), (1, 4, [0])):
        outputs, mask = _padded(rng, batch, int(rng.integers(5, 8)), units)
        mask[empty] = False
        _judge_mean(answer, outputs, mask)


# --- the same words in another order ----------------------------------------------------------

shuffle_words = Exercise("shuffle_words", hints={
    "padding_moved": ("Padding got between the words: you shuffled the whole row.",
                      "Shuffle row[:length] only, where length counts the numbers above 0."),
    "one_order": ("All texts of one length are shuffled by the same order.",
                  "Draw a new order for each text, inside the loop."),
    "texts_moved": ("The texts changed places; the words inside them did not.",
                    "Shuffle inside each row."),
    "unchanged": ("Nothing moved.", "rng.permutation returns a shuffled copy: store it."),
    "not_random": ("The order does not come from `rng` alone.",
                   "rng.permutation(...), not np.random or a generator of your own."),
    "too_few": ("Most words stay where they were.", "rng.permutation shuffles all of a row."),
    "too_alike": ("Few different orders come back: nine words have 362,880.",
                  "Draw a whole new order, not a rotation or one of a few."),
    "ends_stay": ("A word at the end of the text never moves: you shuffle too short a piece.",
                  "The words are row[:length], from place 0 to place length - 1."),
    "never_stays": ("No word ever stays at its place: in a random order one does now and then.",
                    "rng.permutation allows every order, the old one too."),
    "uneven": ("Some places are likelier than others for a word.",
               "rng.permutation makes all orders of a text equally likely."),
    "other_words": ("A text has lost some words and holds others twice.",
                    "rng.permutation keeps each once; rng.choice and rng.integers do not."),
    "repeats_lost": ("A word that stands twice in a text has to do so afterwards.",
                     "Shuffle the row itself, not a set of its words."),
    "in_columns": ("Words went from one text into another.", "Shuffle along a row, axis 1."),
})

TEXTS = {2: 200, 3: 300, 4: 1000, 9: 2400}      # number of words: how many such texts
LIMIT = 6.5                                     # standard deviations that chance may do


def _some_texts(rng, lengths, n_steps):
    """Return (texts, n_steps) numbers, no word twice anywhere, padded at the end."""
    numbers = 1 + rng.permutation(20 * len(lengths) * n_steps)[:len(lengths) * n_steps]
    real = np.arange(n_steps) < np.asarray(lengths)[:, None]
    return np.where(real, numbers.reshape(len(lengths), n_steps), 0)


def _rows_sorted(numbers):
    return np.sort(numbers, axis=1)


def _shuffled(answer, numbers, rng):
    """Return what the answer makes of `numbers`, if each text still holds its own words."""
    value = expect_array(answer(numbers, rng), "the result", numbers.shape, "(batch, time)",
                         integers=True).astype(int)
    kept = np.array_equal(_rows_sorted(value), _rows_sorted(numbers))
    if kept and np.array_equal(value == 0, numbers == 0):
        return value
    expect(not kept, "Padding is no longer at the end.", "padding_moved")
    rows = sorted(map(tuple, value.tolist())) == sorted(map(tuple, numbers.tolist()))
    expect(not rows, "The rows came back in another order.", "texts_moved")
    columns = np.array_equal(np.sort(value, axis=0), np.sort(numbers, axis=0))
    expect(not columns, "Words changed their text.", "in_columns")
    expect(set(value.ravel().tolist()) <= {0, *numbers.ravel().tolist()},
           "There are numbers that were not in the texts.")
    pairs = [(set(a[a > 0].tolist()), set(b[b > 0].tolist()))
             for a, b in zip(value, numbers, strict=True)]
    expect(any(a != b for a, b in pairs), "A word that stood twice in a text is there once.",
           "repeats_lost")
    own = all(a <= b for a, b in pairs)
    expect(False, "A text does not hold the words that it had.", "other_words" if own else None)


@shuffle_words.part("same words")
def _(rng, answer):
    for lengths, n_steps in (([*rng.integers(6, 11, 5), 12], 12), ([5, 1, 3, 0, 2], 8),
                             ([7], 7), ([4], 9), ([1, 3], 3)):
        _shuffled(answer, _some_texts(rng, rng.permutation(lengths), n_steps),
                  np.random.default_rng(5))
    repeats = rng.integers(1, 4, (4, 9)) * (np.arange(9) < 8)
    _shuffled(answer, repeats, np.random.default_rng(5))


def _places(value, words):
    """Return (places, words): how often each place holds each word."""
    return (value[:, :, None] == words).sum(axis=0)


def _orders(value):
    return np.unique(value, axis=0, return_counts=True)[1]


def _unevenness(counts, freedom, scale=1.0):
    """Return by how many standard deviations `counts` differ more than equal chances make them.

    The sum of squares of counts has a chi-squared distribution of `freedom`; its cube root is
    nearly normal (Wilson and Hilferty).
    """
    expected = counts.mean()
    squares = scale * ((counts - expected)**2 / expected).sum()
    spread = 2 / (9 * freedom)
    return ((squares / freedom)**(1 / 3) - (1 - spread)) / spread**0.5


def _expect_uniform(value, words):
    """Expect that every word is as often at every place, and of few words every order is."""
    n, found = len(words), _orders(value)
    stays = np.diag(_places(value, words)) / len(value)
    expect(len(found) > 1, f"{len(value)} equal texts of {n} words came back in one order.",
           "one_order")
    for place, share in ((1, stays[0]), (n, stays[-1])):
        expect(share < 1, f"In {len(value)} texts of {n} words, word {place} never moves.",
               "ends_stay")
    expect(stays.mean() < 2 / 3, f"In {len(value)} texts of {n} words {stays.mean():.0%} of the "
           f"words stay where they are; about {1 / n:.0%} do by chance.", "too_few")
    orders = math.factorial(n)
    expect(len(found) > min(orders - 1, 0.8 * len(value)), f"{len(value)} equal texts of {n} "
           f"words came back in only {len(found)} orders.",
           "never_stays" if not stays.any() and len(found) > n else "too_alike")
    expect(stays.all(), f"In {len(value)} texts of {n} words some word never stays at its place.",
           "never_stays")
    uneven = _unevenness(found, orders - 1) if n < 5 else _unevenness(
        _places(value, words), (n - 1)**2, (n - 1) / n)
    expect(uneven < LIMIT, f"In {len(value)} texts of {n} words some orders come more often than "
           f"others, by {uneven:.0f} standard deviations.", "uneven")


@shuffle_words.part("any order")
def _(rng, answer):
    numbers = _some_texts(rng, [*rng.integers(6, 11, 5), 12], 12)

    def order(generator):               # its hash: no later call shall find an earlier result
        return hash(_shuffled(answer, numbers, generator).tobytes())

    generator = np.random.default_rng(5)
    first = order(generator)
    expect(first != hash(numbers.tobytes()), "The texts came back as they were.", "unchanged")
    expect(first != order(np.random.default_rng(6)), "Two generators give one order.",
           "not_random")
    expect(first == order(np.random.default_rng(5)), "Two equal generators give two orders.",
           "not_random")
    expect(first != order(generator), "The second call gives the order of the first.",
           "not_random")


def _judge_orders(rng, answer, how_many, n_steps):
    texts = {n: 1 + rng.permutation(20 * n)[:n] for n in how_many}
    table = np.stack([np.append(words, np.zeros(n_steps - len(words), int))
                      for words in texts.values()])
    kinds = rng.permutation(np.repeat(np.arange(len(texts)), list(how_many.values())))
    value = _shuffled(answer, table[kinds], np.random.default_rng(rng.integers(2**32)))
    for kind, n in reversed(list(enumerate(texts))):
        _expect_uniform(value[kinds == kind, :n], texts[n])


def _judge_repeats(rng, answer):
    """Judge texts in which a word stands twice: 12 orders look different, all equally likely."""
    a, b, c = 1 + rng.permutation(30)[:3]
    numbers = np.tile([a, b, a, c, 0], (800, 1))
    value = _shuffled(answer, numbers, np.random.default_rng(rng.integers(2**32)))
    expect((value[:, 3] != c).any(), "In 800 texts of four words, one of them twice, the last "
           "word never moves.", "ends_stay")
    found = np.append(_orders(value), np.zeros(12 - len(_orders(value))))
    uneven = _unevenness(found, 11)
    expect(uneven < LIMIT, "In 800 texts of four words, one of them twice, some orders come more "
           f"often than others, by {uneven:.0f} standard deviations.", "uneven")


@shuffle_words.part("all orders alike")
def _(rng, answer):
    _judge_orders(rng, answer, TEXTS, n_steps=11)
    _judge_orders(rng, answer, {4: 800}, n_steps=4)         # no padding
    _judge_repeats(rng, answer)


# --- what each token contributes --------------------------------------------------------------

occlusion = Exercise("occlusion", hints={
    "sign": ("Right sizes, wrong sign: what speaks for a good review has to be positive.",
             "The probability of the whole text, minus that without the token."),
    "removed": ("You took the token out, so all that follow moved up by one.",
                "Put `unknown` in its place: tokens[:t] + [unknown] + tokens[t + 1:]."),
    "no_difference": ("Those are the probabilities without each token, not the changes.",
                      "Subtract them from the probability of the whole text."),
    "accumulated": ("The tokens that you hid before stay hidden: from the second on, more than "
                    "one is missing.", "Begin with a fresh copy, list(tokens), each time."),
    "absolute": ("You lost the sign.", "No abs: a token may speak for either side."),
    "alone": ("You kept one token and hid the others.", "Hide one and keep the others."),
    "unknown_fixed": ("Your stand-in is not the one that was asked for.", "Use `unknown`."),
    "ratio": ("You divide. What is asked for is a difference.",
              "The probability of the whole text, minus that without the token."),
    "all_hidden": ("You hid every place where the word stands, not the one at t.",
                   "Replace by position, not by text.replace or ==."),
    "log_odds": ("That is the change of the log-odds.", "Subtract the probabilities themselves."),
})


def _reader(rng):
    """Return a probability that depends on words, on neighbours and on the place."""
    score = {}

    def of(word):
        if word not in score:
            seed = [ord(letter) for letter in word] + [7]
            score[word] = np.random.default_rng(seed).normal() + shift
        return score[word]

    shift = rng.normal() / 4

    def predict(texts):
        if not isinstance(texts, (list, tuple)) or any(isinstance(t, str) for t in texts):
            raise TypeError("predict takes a list of texts, each a list of tokens.")
        sums = [sum(of(a) * (1 + 0.3 * k) + 0.8 * of(a + b) for k, (a, b) in
                    enumerate(zip(text, [*text, "."][1:], strict=True))) for text in texts]
        return 1 / (1 + np.exp(-np.array(sums) / 6))

    return predict


OTHER_STAND_INS = ("[UNK]", "", "<unk>", "[PAD]", "[MASK]", "UNK", "<UNK>", " ")


def _contributions(predict, tokens, hide):
    return predict([tokens])[0] - predict([hide(t) for t in range(len(tokens))])


def _judge_occlusion(rng, answer, words, unknown=None):
    predict = _reader(rng)
    tokens = [words[k] for k in rng.permutation(len(words))]
    given = list(tokens)
    value = answer(predict, given) if unknown is None else answer(predict, given, unknown)
    expect(given == tokens, "Your function changes the list of tokens that it got: copy it.",
           "accumulated")
    unknown, n = "[UNK]" if unknown is None else unknown, len(tokens)
    hidden = predict([[*tokens[:t], unknown, *tokens[t + 1:]] for t in range(n)])
    whole = predict([tokens])[0]
    right = whole - hidden

    def wrong(hide):
        return lambda: _contributions(predict, tokens, hide)

    def stand_in(word):
        return wrong(lambda t: [*tokens[:t], word, *tokens[t + 1:]])

    mistakes = {
        "ratio": whole / hidden, "sign": -right, "absolute": np.abs(right),
        "no_difference": hidden, "removed": wrong(lambda t: tokens[:t] + tokens[t + 1:]),
        "accumulated": wrong(lambda t: [unknown] * (t + 1) + tokens[t + 1:]),
        "alone": wrong(lambda t: [unknown] * t + [tokens[t]] + [unknown] * (n - t - 1)),
        "all_hidden": wrong(lambda t: [unknown if w == tokens[t] else w for w in tokens]),
        "log_odds": np.log(whole / (1 - whole)) - np.log(hidden / (1 - hidden)),
        "ratio, by the whole": right / whole, "accumulated, backwards": wrong(
            lambda t: tokens[:t] + [unknown] * (n - t)),
        **{f"unknown_fixed, {k}": stand_in(w) for k, w in enumerate(OTHER_STAND_INS)},
    }
    with known_as():
        expect_close(value, right, "the array of contributions", axes="(tokens,)",
                     mistakes=mistakes)


@occlusion.part("a sentence")
def _(rng, answer):
    for text in ("the soup was not cold and not bland", "good", "not good",
                 "we had to wait and wait and [UNK] for a table that nobody had asked for"):
        _judge_occlusion(rng, answer, text.split())


@occlusion.part("another stand-in")
def _(rng, answer):
    for words, unknown in (("汤不冷也不淡", "…"), ("不好吃不好看", "_"), ("好", "?")):
        _judge_occlusion(rng, answer, list(words), unknown)


# --- two models on the same texts -------------------------------------------------------------

paired_p = Exercise("paired_p", hints={
    "one_sided": ("That is one side of the distribution.", "Twice the sum."),
    "all_texts": ("You count all texts, those where both are right or both wrong, too.",
                  "n is the number of texts that exactly one of the two gets right."),
    "right_counts": ("You compare how many each gets right. What both get right tells nothing.",
                     "Count the texts that only the first gets right, and only the second."),
    "strict": ("The split that was found belongs to the sum.",
               "range(fewer + 1) includes `fewer`."),
    "above_one": ("A probability above 1.", "min(1, ...): for an even split both sides meet."),
    "larger": ("You sum up to the larger of the two counts.", "Up to the smaller one."),
    "one_term": ("You take one term alone: just this split, not those more uneven.",
                 "Sum over k = 0 to the smaller count."),
    "first_count": ("You sum up to the count of one model, whichever is smaller.",
                    "min(b, c): the smaller one, whoever it belongs to."),
    "no_labels": ("You compare the two models' answers and never look at the labels.",
                  "b counts where the first equals the labels and the second does not."),
    "approximate": ("That is the chi-squared approximation; asked for is the exact sum.",
                    "math.comb(n, k) / 2**n, summed over k."),
    "no_difference": ("Both models are right on the same texts: there is nothing to tell them "
                      "apart by, so the p-value is 1.", "min(1, 2 · 1) for n = 0."),
})


def _binomial(fewer, n, strict=False):
    return sum(math.comb(n, k) for k in range(fewer + (not strict))) / 2**n


def _predictions(rng, only_first, only_second, both, none):
    """Return labels and two predictions that agree with them as often as said.

    Where the predictions differ, the first says 1 and the second 0 but for one or two texts, so
    that who ignores the labels finds a split that is far from the true one.
    """
    right = np.repeat([[1, 0], [0, 1], [1, 1], [0, 0]], [only_first, only_second, both, none],
                      axis=0)
    labels = np.concatenate([np.arange(only_first) > 0, np.arange(only_second) < 1,
                             rng.random(both + none) < 0.5]).astype(int)
    order = rng.permutation(len(labels))
    labels, right = labels[order], right[order] == 1
    return labels, np.where(right[:, 0], labels, 1 - labels), np.where(
        right[:, 1], labels, 1 - labels)


def _exact_p(b, c):
    return min(1.0, 2 * _binomial(min(b, c), b + c))


def _paired_mistakes(labels, first, second, b, c):
    n, fewer = b + c, min(b, c)
    rights = [int((labels == each).sum()) for each in (first, second)]
    blind = [int(((first == one) & (second != one)).sum()) for one in (1, 0)]
    squares = [(abs(b - c) - cut)**2 / n for cut in (0, 1)]
    mistakes = {
        "one_sided": _binomial(fewer, n), "strict": 2 * _binomial(fewer, n, strict=True),
        "no_labels": 2 * _binomial(min(blind), sum(blind)),
        "all_texts": 2 * _binomial(fewer, len(labels)),
        "right_counts": 2 * _binomial(min(rights), sum(rights)),
        "one_term": 2 * math.comb(n, fewer) / 2**n,
        "first_count" if b > c else "larger": 2 * _binomial(max(b, c), n),
        "approximate": math.erfc((squares[0] / 2)**0.5),
        "approximate, corrected": math.erfc((squares[1] / 2)**0.5),
    }
    # Of the values that are cut at 1, only the sum up to the larger count is known by that.
    return {key: min(1.0, wrong) for key, wrong in mistakes.items()
            if wrong < 1 or key in ("larger", "first_count")}


def _judge_paired(rng, answer, b, c, both=30, none=7):
    labels, first, second = _predictions(rng, b, c, both, none)
    name = "the p-value of two equal models" if b == c else "the p-value"
    value = answer(labels, first, second)
    with known_as(**({} if b + c else {"not_finite": "no_difference"})):
        value = expect_number(value, name, whole=True)
    expect(value <= 1 + 1e-9, f"{name} is {value:.3f}.", "above_one")
    if b + c == 0:
        expect(abs(value - 1) < 1e-9, f"{name} is {value:.3f}, not 1.", "no_difference")
        return
    with known_as():
        expect_close(value, _exact_p(b, c), name, rtol=1e-6, atol=1e-12, whole=True,
                     mistakes=_paired_mistakes(labels, first, second, b, c))


def _splits(rng):
    """Yield the smaller and the larger count, and how many both and neither get right."""
    few = int(rng.integers(5, 8))
    yield few, few + int(rng.integers(6, 9)), 30, 7
    yield 0, int(rng.integers(4, 9)), 0, 0
    yield 1, int(rng.integers(5, 9)), 3, 40
    yield int(rng.integers(60, 80)), int(rng.integers(90, 110)), 300, 50


@paired_p.part("the second is better")
def _(rng, answer):
    for fewer, more, both, none in _splits(rng):
        _judge_paired(rng, answer, fewer, more, both, none)


@paired_p.part("the first is better")
def _(rng, answer):
    for fewer, more, both, none in _splits(rng):
        _judge_paired(rng, answer, more, fewer, both, none)


@paired_p.part("an even split")
def _(rng, answer):
    some = int(rng.integers(4, 9))
    for b, c in ((some, some), (1, 1), (40, 40), (some, some + 1), (1, 0)):
        _judge_paired(rng, answer, b, c)


@paired_p.part("no difference")
def _(rng, answer):
    for both, none in ((30, 7), (1, 0), (0, int(rng.integers(2, 9)))):
        _judge_paired(rng, answer, 0, 0, both, none)


seal(__name__)
