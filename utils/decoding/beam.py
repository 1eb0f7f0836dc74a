r"""Greedy and beam search over any step function, many images or sentences at once.

A step function reads one token per row and returns what may come next:

    step(tokens (rows,), states) -> (log-probabilities (rows, vocabulary), states)

`states` is a list of arrays with the rows first. Rows i·width to (i + 1)·width - 1 belong to
image i. A hypothesis of n tokens, its end sign among them, has the score

    log P / lp(n),    lp(n) = ((5 + n) / 6)^alpha

Source: Wu et al., Google's neural machine translation system (2016), equation 14.
"""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np

__all__ = ["Signs", "beam_search", "greedy_search", "length_penalty"]

Hypothesis = namedtuple("Hypothesis", "tokens score log_probability finished")


@dataclass(frozen=True)
class Signs:
    """Where a sentence begins and ends.

    Attributes:
        start: token that every sentence begins with; it is not returned.
        end: token that ends a sentence; it is not returned either.
        max_length: tokens at most, the end sign among them.
        banned: tokens never to take, such as padding and unknown.
    """

    start: int
    end: int
    max_length: int = 20
    banned: tuple = ()


def length_penalty(n_tokens, alpha):
    """Return what a hypothesis' log-probability is divided by: 1 for one token or alpha 0.

    >>> length_penalty(7, 1.0)
    2.0
    """
    return ((5 + n_tokens) / 6) ** alpha


def greedy_search(step, states, signs, alpha=0.0):
    """Take the likeliest token at each step.

    Args:
        step: as above.
        states: list of arrays (images, ...), what `step` starts from.
        signs: a `Signs`.
        alpha: of the score; it changes no token.

    Returns:
        One `Hypothesis` per image: `tokens` (n,) int, `score`, `log_probability` of all tokens
        and the end sign, and `finished`, False where `max_length` cut it off.

    Raises:
        ValueError: if an argument is not as above, or `step` returns no log-probabilities.
    """
    n = _checked(states, signs.max_length, alpha)
    taken, ended = np.zeros((n, 0), int), np.zeros(n, bool)
    total, lengths, last = np.zeros(n), np.zeros(n, int), np.full(n, signs.start)
    for _ in range(signs.max_length):
        log_p, states = _next(step, last, states, signs.banned)
        last = log_p.argmax(axis=1)
        total += np.where(ended, 0.0, log_p[np.arange(n), last])
        lengths += ~ended
        ended |= last == signs.end
        taken = np.column_stack([taken, last])
        if ended.all():
            break
    return [Hypothesis(row[:length - stop], value / length_penalty(int(length), alpha),
                       float(value), bool(stop))
            for row, length, value, stop in zip(taken, lengths, total, ended, strict=True)]


def beam_search(step, states, signs, width=3, n_best=1, alpha=0.0):
    """Keep the `width` likeliest beginnings of each image's sentence at each step.

    A hypothesis that ends keeps its place, so the beam narrows; width 1 is greedy search. An
    image is done once no beginning can overtake the `n_best` that ended: a beginning's score can
    rise to its log P / lp(max_length) at most, since every further token lowers log P.

    Args:
        step, states, signs: as in `greedy_search`; `step` is called with images·width rows.
        width: beginnings per image, >= 1.
        n_best: hypotheses to return per image, from 1 to `width`.
        alpha: 0 to rank by log-probability, which favours short sentences; larger favours
            longer ones.

    Returns:
        One list per image of up to `n_best` `Hypothesis`, the best score first; those that
        `max_length` cut off come after all that ended.

    Raises:
        ValueError: as in `greedy_search`, or if `width` or `n_best` is out of range.
    """
    n, max_length = _checked(states, signs.max_length, alpha), signs.max_length
    if width < 1 or not 1 <= n_best <= width:
        raise ValueError("width must be at least 1 and n_best from 1 to width, got width "
                         f"{width} and n_best {n_best}.")
    states = [np.repeat(np.asarray(state), width, axis=0) for state in states]
    scores = np.full((n, width), -np.inf)               # log P of the beginnings that live
    scores[:, 0] = 0.0
    taken, last = np.zeros((n, width, max_length), int), np.full(n * width, signs.start)
    finished, free = [[] for _ in range(n)], [width] * n
    for t in range(max_length):
        log_p, states = _next(step, last, states, signs.banned)
        total = (scores[:, :, None] + log_p.reshape(n, width, -1)).reshape(n, -1)
        before, old = taken.copy(), scores
        scores, parents = np.full((n, width), -np.inf), np.tile(np.arange(width), (n, 1))
        for i in np.flatnonzero(np.isfinite(old).any(axis=1)):
            slot = 0
            for candidate in _highest(total[i], free[i]):
                beam, token = divmod(int(candidate), log_p.shape[1])
                value = float(total[i, candidate])
                if token == signs.end:
                    score = value / length_penalty(t + 1, alpha)
                    finished[i].append(
                        Hypothesis(before[i, beam, :t].copy(), score, value, True))
                    free[i] -= 1
                    continue
                taken[i, slot, :t], taken[i, slot, t] = before[i, beam, :t], token
                scores[i, slot], parents[i, slot], slot = value, beam, slot + 1
            finished[i].sort(key=lambda one: -one.score)
            reachable = scores[i].max() / length_penalty(max_length, alpha)
            if len(finished[i]) >= n_best and finished[i][n_best - 1].score >= reachable:
                scores[i] = -np.inf
        if not np.isfinite(scores).any():
            break
        rows = (np.arange(n)[:, None] * width + parents).reshape(-1)
        states = [np.asarray(state)[rows] for state in states]
        last = taken[:, :, t].reshape(-1)
    for i in range(n):
        cut_off = [Hypothesis(taken[i, k].copy(),
                              float(scores[i, k]) / length_penalty(max_length, alpha),
                              float(scores[i, k]), False)
                   for k in np.flatnonzero(np.isfinite(scores[i]))]
        finished[i] += sorted(cut_off, key=lambda one: -one.score)
    return [one[:n_best] for one in finished]


def _highest(values, k):
    """Return the indices of the k largest finite values, the largest first, then the lowest."""
    k = min(k, len(values))
    border = np.partition(values, len(values) - k)[len(values) - k]
    kept = np.flatnonzero((values >= border) & np.isfinite(values))
    return kept[np.argsort(-values[kept], kind="stable")][:k]


def _next(step, last, states, banned):
    """Return (rows, vocabulary) log-probabilities, checked, and the new states."""
    log_p, states = step(last, states)
    log_p = np.array(log_p, np.float64)
    if log_p.ndim != 2 or len(log_p) != len(last):
        raise ValueError(f"step must return log-probabilities of shape ({len(last)}, "
                         f"vocabulary), got the shape {log_p.shape}.")
    log_p[:, list(banned)] = -np.inf
    highest = log_p.max(axis=1)
    if np.isnan(highest).any() or (highest > 1e-5).any():
        raise ValueError("step must return log-probabilities, at most 0 and never NaN: take the "
                         "log-softmax of its outputs.")
    if np.isneginf(highest).any():
        raise ValueError("No token may come next: step gave probability 0 to all that are not "
                         "banned.")
    return np.minimum(log_p, 0.0), states


def _checked(states, max_length, alpha):
    """Return how many images there are."""
    lengths = {len(state) for state in states}
    if len(lengths) != 1:
        raise ValueError("states must be a list of arrays with one row per image, got the "
                         f"numbers of rows {sorted(lengths)}.")
    if max_length < 1 or alpha < 0:
        raise ValueError("max_length must be at least 1 and alpha at least 0, got max_length "
                         f"{max_length} and alpha {alpha}.")
    return lengths.pop()
