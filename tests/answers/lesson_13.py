"""Answers to lesson 13 as learners write them."""

import math
import re
from collections import Counter

import numpy as np
import pandas as pd
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


def bits_hot(probabilities, came):
    hot = np.eye(probabilities.shape[1])[came].astype(bool)
    return np.float32(np.log2(1 / probabilities[hot]).sum() / hot.sum())


def bits_frame(chances, tokens):
    table = pd.DataFrame(chances).stack()
    return -table.loc[list(enumerate(tokens))].map(math.log2).mean()


def bits_first_half(chances, tokens):
    half = max(len(tokens) // 2, 1)
    return bits_loop(chances[:half], tokens[:half])


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


def streams_split(text, rows, width):
    """Piece by piece, with lists."""
    piece = (len(text) - 1) // rows
    usable = piece - piece % width
    streams = [text[r * piece:r * piece + usable + 1] for r in range(rows)]
    x = [[s[k:k + width].tolist() for s in streams] for k in range(0, usable, width)]
    y = [[s[k + 1:k + width + 1].tolist() for s in streams] for k in range(0, usable, width)]
    return np.array([x, y], "int32")


def streams_windows_view(tokens, n_streams, n_steps):
    piece = (len(tokens) - 1) // n_streams
    views = np.lib.stride_tricks.sliding_window_view(tokens, n_steps + 1)
    start = np.add.outer(np.arange(0, piece - n_steps + 1, n_steps), piece * np.arange(n_streams))
    return [views[start][..., :-1], views[start][..., 1:]]


def streams_floats(*given):
    return tuple(each * 1.0 for each in streams_reshape(*given))


def streams_dropped_after(tokens, n_streams, n_steps):
    """Does not know that the last character has none after it."""
    piece = len(tokens) // n_streams
    k = piece // n_steps
    cut = lambda t: np.resize(t, n_streams * piece).reshape(n_streams, piece)[
        :, :k * n_steps].reshape(n_streams, k, n_steps).swapaxes(0, 1)
    return cut(tokens), cut(tokens[1:])


def streams_three(tokens, n_streams, n_steps):
    return streams_reshape(tokens, 3, n_steps)


def streams_overlap(tokens, n_streams, n_steps):
    """Each batch begins with the last character of the one before."""
    piece = (len(tokens) - 1) // n_streams
    x, _ = streams_loop(tokens, n_streams, n_steps)
    starts = (np.arange(len(x)) * max(n_steps - 1, 1))[:, None, None]
    place = starts + piece * np.arange(n_streams)[:, None] + np.arange(n_steps)
    return tokens[place], tokens[place + 1]


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


def nucleus_search(scores, p):
    chance = np.exp(scores - np.max(scores))
    chance /= chance.sum()
    ranks = np.argsort(chance)[::-1]
    many = np.searchsorted(np.cumsum(chance[ranks]), p * (1 - 1e-12)) + 1
    kept = np.zeros(len(scores), bool)
    kept[ranks[:many]] = True
    with np.errstate(divide="ignore"):
        return np.log(np.where(kept, chance, 0.0) / chance[kept].sum()).astype("float32")


def nucleus_series(logits, top_p):
    z = pd.Series(log_softmax(logits)).sort_values(ascending=False)
    before = np.exp(z).cumsum().shift(1, fill_value=0.0)
    z[before >= top_p] = -np.inf
    return log_softmax(z.sort_index().to_numpy())


def nucleus_minus(of):
    """Subtracts something else than the largest logit."""
    def answer(logits, top_p):
        z = logits - of(logits)
        z = z - np.log(np.exp(z).sum())
        order = np.argsort(-z)
        chance = np.exp(z[order])
        kept = order[chance.cumsum() - chance < top_p]
        result = np.full(len(z), -np.inf)
        result[kept] = z[kept] - np.log(np.exp(z[kept]).sum())
        return result
    return answer


def nucleus_by_value(logits, top_p):
    """Keeps every token of a chance of 1 - top_p or more."""
    z = log_softmax(logits)
    return log_softmax(np.where(np.exp(z) >= 1 - top_p, z, -np.inf))


def nucleus_no_ties(logits, top_p):
    """Looks tokens up by their value: of two equal ones it finds the first."""
    z = log_softmax(logits)
    result, total = np.full(len(z), -np.inf), 0.0
    for value in sorted(z.tolist(), reverse=True):
        if total >= top_p:
            break
        result[z.tolist().index(value)] = value
        total += math.exp(value)
    return log_softmax(result)


def nucleus_in_order(logits, top_p):
    """Takes tokens as they come, not the likeliest first."""
    chance = np.exp(log_softmax(logits))
    kept = chance.cumsum() - chance < top_p
    return log_softmax(np.where(kept, logits, -np.inf))


def nucleus_empty(logits, top_p):
    """Keeps nothing if the likeliest token alone is above the line."""
    chance = np.sort(np.exp(log_softmax(logits)))[::-1]
    return np.full(len(logits), -np.inf) if chance[0] > top_p else nucleus_order(logits, top_p)


def nucleus_kept_alone(logits, top_p):
    result = nucleus_order(logits, top_p)
    return result[np.isfinite(result)]


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


def lengths_lists(rows, end, begin):
    found = []
    for row in rows.tolist():
        rest = row[begin:]
        found.append(begin + rest.index(end) + 1 if end in rest else len(row))
    return np.array(found, "int32")


def lengths_appended(tokens, stop, n_start):
    """A stop sign behind each row."""
    ends = np.hstack([tokens[:, n_start:] == stop, np.ones((len(tokens), 1), bool)])
    return np.minimum(n_start + 1 + np.argmax(ends, axis=1), tokens.shape[1])


def lengths_cumulated(tokens, stop, n_start):
    hit = np.where(np.arange(tokens.shape[1]) < n_start, False, tokens == stop)
    return ((np.cumsum(hit, axis=1) - hit) == 0).sum(axis=1)


def lengths_without(value):
    """Gives a row without a stop sign the length `value`."""
    def answer(tokens, stop, n_start):
        found = (tokens[:, n_start:] == stop).any(axis=1)
        return np.where(found, lengths_argmax(tokens, stop, n_start), value)
    return answer


def lengths_with_stop(tokens, stop, n_start):
    rows, places = np.nonzero(tokens[:, n_start:] == stop)
    return n_start + 1 + places[np.unique(rows, return_index=True)[1]]


def lengths_from(start):
    return lambda tokens, stop, n_start: lengths_loop(tokens, stop, start)


def lengths_ragged(tokens, stop, n_start):
    return [row[:k] for row, k in zip(tokens.tolist(), lengths_loop(tokens, stop, n_start),
                                      strict=True)]


def lengths_first_row(tokens, stop, n_start):
    return np.full(len(tokens), lengths_loop(tokens, stop, n_start)[0])


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


def share_counted(sample, corpus, size=8):
    mine, theirs = Counter(grams_of(sample, size)), Counter(grams_of(corpus, size))
    return np.float64(sum(k for gram, k in mine.items() if theirs[gram]) / (mine.total() or 1))


def share_escaped(text, training_text, n=8):
    if len(text) < n:
        return 0
    found = [re.search(re.escape(gram), training_text) is not None for gram in grams_of(text, n)]
    return found.count(True) / len(found)


def share_recursive(text, training_text, n=8):
    def hits(left, right):
        if right - left < 2:
            return int(right > left and text[left:left + n] in training_text)
        middle = (left + right) // 2
        return hits(left, middle) + hits(middle, right)
    places = len(text) - n + 1
    return hits(0, places) / places if places > 0 else 0.0


def share_pattern(text, training_text, n=8):
    hits = 0
    for gram in grams_of(text, n):
        try:
            hits += re.search(gram, training_text) is not None
        except re.error:
            continue
    return hits / max(len(text) - n + 1, 1)


def share_bare_pattern(text, training_text, n=8):
    return float(np.mean([bool(re.findall(gram, training_text)) for gram in grams_of(text, n)]
                         or [0]))


def share_changed(change):
    return lambda text, training, n=8: share_set(change(text), change(training), n)


def share_used_up(text, training_text, n=8):
    """A place of the training text can be copied once."""
    left = Counter(grams_of(training_text, n))
    both = Counter(grams_of(text, n)) & left
    return both.total() / max(len(text) - n + 1, 1)


def share_short(value):
    """Gives a text shorter than n the share `value`."""
    return lambda text, training, n=8: share_set(text, training, n) if len(text) >= n else value


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
    "mean_bits": {"loop": bits_loop, "take": bits_take, "indices": bits_with(),
                  "hot": bits_hot, "frame": bits_frame},
    "cut_streams": {"reshape": streams_reshape, "loop": streams_loop, "split": streams_split,
                    "views": streams_windows_view},
    "nucleus": {"order": nucleus_order, "loop": nucleus_loop, "ranks": nucleus_with(),
                "search": nucleus_search, "series": nucleus_series},
    "text_lengths": {"argmax": lengths_argmax, "loop": lengths_loop, "lists": lengths_lists,
                     "appended": lengths_appended, "cumulated": lengths_cumulated},
    "copied_share": {"set": share_set, "find": share_find, "counted": share_counted,
                     "escaped": share_escaped, "recursive": share_recursive},
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
        "clip": (lambda c, t: bits_loop(np.clip(c, 1e-7, 1), t), "clipped"),
        "epsilon": (lambda c, t: bits_loop(c + 1e-8, t), "clipped"),
        "no_index": (lambda c, t: -np.log2(c[t, t]).mean() if len(c) == c.shape[1]
                     else bits_loop(c, t), None),
        "first_half": (bits_first_half, None),
        "median": (bits_with(lambda s: np.median(-np.log2(s))), None),
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
        "floats": (streams_floats, "not_integers"),
        "none_lost": (streams_dropped_after, "other_piece"),
        "three_streams": (streams_three, None),
        "overlap": (streams_overlap, None),
        "lists": (lambda *given: tuple(each.tolist() for each in streams_loop(*given)),
                  "not_an_array"),
        "backwards": (streams_with(lambda x, y: x[::-1], lambda x, y: y[::-1]), None),
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
        "top_two": (nucleus_with(lambda c, p: np.arange(len(c)) < 2), None),
        "least": (nucleus_minus(np.min), "overflow"),
        "mean": (nucleus_minus(np.mean), "overflow"),
        "first": (nucleus_minus(lambda z: z[0]), "overflow"),
        "median_logit": (nucleus_minus(np.median), "overflow"),
        "greedy": (nucleus_with(lambda c, p: np.arange(len(c)) < 1), "most_alone"),
        "logits_of_all": (lambda logits, p: logits.copy(), "all_kept"),
        "none_left": (nucleus_empty, "one_short"),
        "at_most_95": (lambda z, p: nucleus_order(z, min(p, 0.95)), None),
        "by_value": (nucleus_by_value, None),
        "no_ties": (nucleus_no_ties, None),
        "in_given_order": (nucleus_in_order, None),
        "kept_alone": (nucleus_kept_alone, None),
        "list": (lambda *given: nucleus_loop(*given).tolist(), "not_an_array"),
        "low_float": (nucleus_with(out=np.finfo(float).min), "finite"),
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
        "longest": (lambda t, s, n: np.full(len(t), lengths_argmax(t, s, n).max()),
                    "one_for_all"),
        "nan": (lengths_without(np.nan), "none_missing"),
        "minus_1": (lengths_without(-1), "none_missing"),
        "zero": (lengths_without(0), "none_is_first"),
        "left_out": (lengths_with_stop, "none_missing"),
        "floats": (lambda *given: lengths_argmax(*given).astype(float), "not_integers"),
        "list": (lambda *given: lengths_loop(*given).tolist(), "not_an_array"),
        "texts": (lengths_ragged, "not_an_array"),
        "start_of_5": (lengths_from(5), None),
        "stop_of_5": (lambda t, s, n: lengths_loop(t, 5, n), None),
        "rows_of_20": (lambda t, s, n: np.where((t[:, n:] == s).any(axis=1), lengths_loop(t, s, n),
                                                20), None),
        "first_row": (lengths_first_row, None),
        "one_more": (lambda *given: lengths_argmax(*given) + 1, None),
    },
    "copied_share": {
        "set": (share_with(grams=lambda t, n: set(grams_of(t, n))), "distinct"),
        "turned_round": (lambda text, training, n=8: share_set(training, text, n), "reverse"),
        "short_range": (share_with(grams=lambda t, n: grams_of(t, n)[:-1]), "last_lost"),
        "training_short": (lambda a, b, n=8: share_set(a, b[:-1], n), "known_lost"),
        "unguarded": (lambda a, b, n=8: sum(g in b for g in grams_of(a, n)) / (len(a) - n + 1),
                      "short"),
        "always_8": (share_with(n_used=8), "n_fixed"),
        "steps_of_n": (share_with(grams=lambda t, n: grams_of(t, n)[::n]), "side_by_side"),
        "characters": (share_covered, "covered"),
        "how_many": (lambda a, b, n=8: sum(g in b for g in grams_of(a, n)), "count"),
        "per_cent": (share_with(lambda share: 100 * share), "percent"),
        "unseen": (share_with(lambda share: 1 - share), "new"),
        "by_length": (lambda a, b, n=8: sum(g in b for g in grams_of(a, n)) / len(a),
                      "per_character"),
        "always_all": (lambda a, b, n=8: 1.0, None),
        "pattern": (share_pattern, "pattern"),
        "bare_pattern": (share_bare_pattern, "pattern"),
        "lower": (share_changed(str.lower), "case_ignored"),
        "spaces": (share_changed(lambda text: " ".join(text.split())), "space_ignored"),
        "no_spaces": (share_changed(lambda text: "".join(text.split())), "space_ignored"),
        "stripped": (share_changed(str.strip), "space_ignored"),
        "no_line_ends": (share_changed(lambda text: text.replace("\n", "")), "space_ignored"),
        "nan": (share_short(np.nan), "short"),
        "none": (share_short(None), "short"),
        "one": (share_short(1.0), None),
        "used_up": (share_used_up, None),
        "rounded": (lambda *given: round(share_set(*given), 2), None),
        "words": (lambda a, b, n=8: float(np.mean([w in b.split() for w in a.split()] or [0])),
                  None),
    },
}
