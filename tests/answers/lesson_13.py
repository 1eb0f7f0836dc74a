"""Answers to lesson 13 as learners write them."""

import math

import numpy as np
from scipy.special import log_softmax

# --- mean_bits --------------------------------------------------------------------------------


def bits_loop(chances, tokens):
    total = 0.0
    for row, token in zip(chances, tokens, strict=True):
        total += math.log(1 / row[token], 2)
    return total / len(tokens)


def bits_take(chances, tokens):
    said = np.take_along_axis(chances, tokens[:, None], axis=1)
    return -np.log(said).mean() / np.log(2)


def bits_with(of=lambda said: -np.log2(said).mean(), pick=lambda c, t: c[np.arange(len(t)), t]):
    return lambda chances, tokens: of(pick(chances, tokens))


# --- cut_streams ------------------------------------------------------------------------------


def streams_reshape(tokens, n_streams, n_steps):
    piece = (len(tokens) - 1) // n_streams
    k = piece // n_steps

    def cut(source):
        rows = source[:piece * n_streams].reshape(n_streams, piece)[:, :k * n_steps]
        return rows.reshape(n_streams, k, n_steps).transpose(1, 0, 2)

    return cut(tokens), cut(tokens[1:])


def streams_loop(tokens, n_streams, n_steps):
    piece = (len(tokens) - 1) // n_streams
    x, y = [], []
    for k in range(piece // n_steps):
        starts = [i * piece + k * n_steps for i in range(n_streams)]
        x.append([tokens[s:s + n_steps] for s in starts])
        y.append([tokens[s + 1:s + n_steps + 1] for s in starts])
    return np.array(x), np.array(y)


def streams_with(x_of=lambda x, y: x, y_of=lambda x, y: y):
    def answer(*given):
        x, y = streams_reshape(*given)
        return x_of(x, y), y_of(x, y)
    return answer


def streams_before(tokens, n_streams, n_steps):
    return (streams_reshape(tokens, n_streams, n_steps)[0],
            streams_reshape(np.roll(tokens, 1), n_streams, n_steps)[0])


def streams_windows(tokens, n_streams, n_steps):
    k = (len(tokens) - 1) // n_streams // n_steps
    size, shape = k * n_streams * n_steps, (k, n_streams, n_steps)
    return tokens[:size].reshape(shape), tokens[1:size + 1].reshape(shape)


def streams_close(tokens, n_streams, n_steps):
    k = (len(tokens) - 1) // n_streams // n_steps
    size = k * n_streams * n_steps
    cut = lambda t: t[:size].reshape(n_streams, k, n_steps).swapaxes(0, 1)
    return cut(tokens), cut(tokens[1:])


def streams_apart(tokens, n_streams, n_steps):
    k = (len(tokens) - 1) // n_streams // n_steps
    cut = lambda t: np.stack([t[i::n_streams][:k * n_steps] for i in range(n_streams)]).reshape(
        n_streams, k, n_steps).swapaxes(0, 1)
    return cut(tokens[:-1]), cut(tokens[1:])


def streams_random(tokens, n_streams, n_steps):
    x, y = streams_reshape(tokens, n_streams, n_steps)
    order = np.random.default_rng(0).permutation(len(x))[::-1]
    return x[order], y[order]


def streams_long(tokens, n_streams, n_steps):
    piece = len(tokens) // n_streams
    k = piece // n_steps
    place = np.arange(k * n_steps).reshape(k, 1, n_steps) + piece * np.arange(n_streams)[:, None]
    return tokens[place], tokens[np.minimum(place + 1, len(tokens) - 1)]


# --- nucleus ----------------------------------------------------------------------------------


def nucleus_order(logits, top_p):
    z = log_softmax(logits)
    order = np.argsort(z)[::-1]
    before = np.cumsum(np.exp(z[order])) - np.exp(z[order])
    z[order[before >= top_p]] = -np.inf
    return log_softmax(z)


def nucleus_loop(logits, top_p):
    z = logits - np.max(logits)
    chance = np.exp(z) / np.exp(z).sum()
    result, total = np.full(len(z), -np.inf), 0.0
    for token in sorted(range(len(z)), key=lambda k: -chance[k]):
        if total >= top_p:
            break
        result[token] = math.log(chance[token])
        total += chance[token]
    return result - math.log(total)


def nucleus_with(keep=lambda c, p: c.cumsum() - c < p, order=lambda z: np.argsort(-z), norm=True,
                 out=-np.inf, shift=True, then=lambda result, order: result):
    def answer(logits, top_p):
        z = logits - logits.max() if shift else logits
        z = z - np.log(np.exp(z).sum())
        ranks = order(z)
        kept = ranks[keep(np.exp(z[ranks]), top_p)]
        result = np.full(len(z), out)
        result[kept] = z[kept] - (np.log(np.exp(z[kept]).sum()) if norm else 0)
        return then(result, ranks)
    return answer


# --- text_lengths -----------------------------------------------------------------------------


def lengths_argmax(tokens, stop, n_start):
    hit = tokens[:, n_start:] == stop
    return np.where(hit.any(axis=1), n_start + hit.argmax(axis=1) + 1, tokens.shape[1])


def lengths_loop(tokens, stop, n_start):
    lengths = []
    for row in tokens.tolist():
        length = len(row)
        for k in range(n_start, len(row)):
            if row[k] == stop:
                length = k + 1
                break
        lengths.append(length)
    return np.array(lengths)


def lengths_last(tokens, stop, n_start):
    hit = tokens[:, n_start:] == stop
    last = tokens.shape[1] - hit[:, ::-1].argmax(axis=1)
    return np.where(hit.any(axis=1), last, tokens.shape[1])


# --- copied_share -----------------------------------------------------------------------------


def grams_of(text, n):
    return [text[k:k + n] for k in range(len(text) - n + 1)]


def share_set(text, training_text, n=8):
    known, grams = set(grams_of(training_text, n)), grams_of(text, n)
    return sum(gram in known for gram in grams) / max(len(grams), 1)


def share_find(text, training_text, n=8):
    hits = [training_text.find(text[k:k + n]) >= 0 for k in range(max(len(text) - n + 1, 0))]
    return float(np.mean(hits)) if hits else 0.0


def share_with(turn=lambda share: share, grams=grams_of, n_used=None):
    def answer(text, training_text, n=8):
        n = n_used or n
        known, mine = set(grams_of(training_text, n)), grams(text, n)
        return turn(sum(gram in known for gram in mine) / max(len(mine), 1))
    return answer


def share_covered(text, training_text, n=8):
    covered = np.zeros(len(text))
    for k in range(len(text) - n + 1):
        if text[k:k + n] in training_text:
            covered[k:k + n] = 1
    return covered.mean()


RIGHT = {
    "mean_bits": {"loop": bits_loop, "take": bits_take, "indices": bits_with()},
    "cut_streams": {"reshape": streams_reshape, "loop": streams_loop},
    "nucleus": {"order": nucleus_order, "loop": nucleus_loop, "ranks": nucleus_with()},
    "text_lengths": {"argmax": lengths_argmax, "loop": lengths_loop},
    "copied_share": {"set": share_set, "find": share_find},
}

WRONG = {
    "mean_bits": {
        "natural": (bits_with(lambda s: -np.log(s).mean()), "nats"),
        "base_10": (bits_with(lambda s: -np.log10(s).mean()), "log10"),
        "no_minus": (bits_with(lambda s: np.log2(s).mean()), "sign"),
        "sum": (bits_with(lambda s: -np.log2(s).sum()), "sum"),
        "mean_first": (bits_with(lambda s: -np.log2(s.mean())), "log_of_mean"),
        "expected": (lambda c, t: -(c * np.log2(c)).sum(axis=1).mean(), "entropy"),
        "best": (bits_with(pick=lambda c, t: c.max(axis=1)), "likeliest"),
        "one_late": (bits_with(pick=lambda c, t: c[np.arange(len(t) - 1), t[1:]]), "next_row"),
        "one_early": (bits_with(pick=lambda c, t: c[np.arange(1, len(t)), t[:-1]]), "next_row"),
        "power": (bits_with(lambda s: 2 ** (-np.log2(s).mean())), "perplexity"),
        "chance": (bits_with(np.mean), "mean_chance"),
        "every_row": (bits_with(pick=lambda c, t: c[:, t]), "all_pairs"),
        "all_logs": (lambda c, t: -np.log2(c).mean(), None),
    },
    "cut_streams": {
        "windows": (streams_windows, "windows_in_order"),
        "streams_first": (streams_with(lambda x, y: x.swapaxes(0, 1),
                                       lambda x, y: y.swapaxes(0, 1)), "axes"),
        "same": (streams_with(y_of=lambda x, y: x), "no_shift"),
        "before": (streams_before, "shift_back"),
        "roll": (streams_with(y_of=lambda x, y: np.roll(x, -1, axis=-1)), "rolled"),
        "y_first": (streams_with(lambda x, y: y, lambda x, y: x), "swapped"),
        "every_nth": (streams_apart, "interleaved"),
        "one_less": (streams_with(lambda x, y: x[:-1], lambda x, y: y[:-1]), "batch_lost"),
        "no_gaps": (streams_close, "other_piece"),
        "len_over_streams": (streams_long, "other_piece"),
        "shuffled_batches": (streams_random, None),
    },
    "nucleus": {
        "below": (nucleus_with(lambda c, p: c.cumsum() < p), "one_short"),
        "below_unnormalised": (nucleus_with(lambda c, p: c.cumsum() < p, norm=False),
                               "one_short"),
        "one_more": (nucleus_with(lambda c, p: np.append(True, (c.cumsum() - c < p)[:-1])),
                     "one_too_many"),
        "as_they_were": (nucleus_with(norm=False), "not_renormalised"),
        "ascending": (nucleus_with(order=np.argsort), "rarest"),
        "in_order": (nucleus_with(then=lambda r, o: r[o]), "sorted"),
        "out_is_0": (nucleus_with(out=0.0), "zeros"),
        "exponentials": (nucleus_with(then=lambda r, o: np.exp(r)), "probabilities"),
        "low_number": (nucleus_with(out=-1e9), "finite"),
        "nan": (nucleus_with(out=np.nan), "nan_left_out"),
        "logits": (lambda logits, p: np.where(np.isfinite(nucleus_order(logits, p)), logits,
                                              -np.inf), "not_renormalised"),
        "own_chance": (nucleus_with(lambda c, p: c >= c.max() * (1 - p)), None),
        "plain_exp": (nucleus_with(shift=False), "overflow"),
        "no_filter": (nucleus_with(lambda c, p: c > 0), "all_kept"),
        "top_three": (nucleus_with(lambda c, p: np.arange(len(c)) < 2), None),
    },
    "text_lengths": {
        "exclusive": (lambda t, s, n: np.array([length - (s in row[n:]) for row, length in zip(
            t.tolist(), lengths_loop(t, s, n).tolist(), strict=True)]), "without_stop"),
        "bare_argmax": (lambda t, s, n: n + (t[:, n:] == s).argmax(axis=1) + 1, "none_is_first"),
        "last": (lengths_last, "last_stop"),
        "whole_row": (lambda t, s, n: lengths_argmax(t, s, 0), "in_start"),
        "one_before": (lambda t, s, n: lengths_argmax(t, s, n - 1), "in_start"),
        "start_alone": (lambda t, s, n: np.where((t[:, n:] == s).any(axis=1),
                                                 lengths_argmax(t, s, n), n), "none_is_first"),
        "after_start": (lambda t, s, n: lengths_argmax(t, s, n) - n, "from_start"),
        "shortest": (lambda t, s, n: np.full(len(t), lengths_argmax(t, s, n).min()),
                     "one_for_all"),
        "full": (lambda t, s, n: np.full(len(t), t.shape[1]), "not_cut"),
        "not_stop": (lambda t, s, n: (t != s).sum(axis=1) + 1, "counted"),
        "longest": (lambda t, s, n: np.full(len(t), lengths_argmax(t, s, n).max()), None),
    },
    "copied_share": {
        "set": (share_with(grams=lambda t, n: set(grams_of(t, n))), "distinct"),
        "turned_round": (lambda text, training, n=8: share_set(training, text, n), "reverse"),
        "short_range": (share_with(grams=lambda t, n: grams_of(t, n)[:-1]), "last_lost"),
        "training_short": (lambda a, b, n=8: share_set(a, b[:-1], n), "known_lost"),
        "unguarded": (lambda a, b, n=8: sum(g in b for g in grams_of(a, n)) / (len(a) - n + 1),
                      None),
        "always_8": (share_with(n_used=8), "n_fixed"),
        "steps_of_n": (share_with(grams=lambda t, n: grams_of(t, n)[::n]), "side_by_side"),
        "characters": (share_covered, "covered"),
        "how_many": (lambda a, b, n=8: sum(g in b for g in grams_of(a, n)), "count"),
        "per_cent": (share_with(lambda share: 100 * share), "percent"),
        "unseen": (share_with(lambda share: 1 - share), "new"),
        "by_length": (lambda a, b, n=8: sum(g in b for g in grams_of(a, n)) / len(a),
                      "per_character"),
        "always_all": (lambda a, b, n=8: 1.0, None),
    },
}
