"""Choosing the next token from a network's logits, and writing on until a stop sign.

Everything works with logarithms: a token that is left out has log probability -inf, and no
logarithm of zero is ever taken. `step` may be any function, so a network, an n-gram model and
a table in a test are all written with by the same loop.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

__all__ = ["PLAIN", "Draw", "Written", "gumbel_noise", "log_softmax", "next_log_probs", "sample",
           "weaken_repeats", "write"]

_LEAST = np.float32(2.0**-24)       # float32 draws are multiples of about this: 0 stands for it


class Written(NamedTuple):
    """One sampled text: its tokens, those of the start included, and why it ended.

    `tokens` is a list: numbers from `write`, characters from `utils.characters.CharWriter`.
    `reason` is "stop" (the last token is the stop sign) or "length".
    """

    tokens: list
    reason: str

    @property
    def text(self):
        """The tokens joined to one string, where they are characters."""
        return "".join(self.tokens)


@dataclass(frozen=True)
class Draw:
    """How the next token is drawn.

    Attributes:
        temperature, top_k, top_p: see `next_log_probs`.
        repetition, window: see `weaken_repeats`; the last `window` tokens are looked at.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    repetition: float = 0.0
    window: int = 20

    def check(self, n_tokens):
        """Raise ValueError unless this can choose among `n_tokens` tokens."""
        if not (np.isfinite(self.temperature) and self.temperature >= 0):
            raise ValueError("temperature must be 0 (always the most likely token) or greater, "
                             f"got {self.temperature}.")
        if self.top_k is not None and not (
                self.top_k == int(self.top_k) and 1 <= self.top_k <= n_tokens):
            raise ValueError(f"top_k must be a whole number from 1 to the {n_tokens} tokens of "
                             f"the vocabulary, got {self.top_k}.")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be greater than 0 and at most 1, got {self.top_p}.")
        if not (np.isfinite(self.repetition) and self.repetition >= 0):
            raise ValueError(f"repetition must be 0 (off) or greater, got {self.repetition}.")
        if not self.window >= 1:
            raise ValueError(f"window must be at least 1 token, got {self.window}.")


PLAIN = Draw()                      # from the network's own probabilities


def log_softmax(logits):
    """Return log probabilities (..., tokens) of any logits, -inf among them."""
    z = np.asarray(logits, dtype=float)
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def next_log_probs(logits, temperature=1.0, top_k=None, top_p=None):
    """Return the log probabilities that the next token is drawn from.

    First temperature, then `top_k`, then `top_p` on what is left. Of equally likely tokens the
    one with the lower number counts as likelier.

    Args:
        logits: (..., tokens).
        temperature: logits are divided by it; below 1 the likely tokens gain, above 1 the rare
            ones; 0 leaves only the likeliest token.
        top_k: leave only so many of the likeliest tokens; None for all.
        top_p: leave the fewest likeliest tokens whose probabilities reach `top_p` together, at
            least one; None for all. Source: Holtzman et al., The curious case of neural text
            degeneration (2020), section 3.1.

    Returns:
        (..., tokens), -inf for a token that is left out; its exponentials sum to 1.

    Raises:
        ValueError: if an option or a logit cannot be used.

    >>> np.exp(next_log_probs(np.log([0.5, 0.3, 0.2]), top_p=0.7)).round(3)
    array([0.625, 0.375, 0.   ])
    """
    z = np.asarray(logits, dtype=float)
    Draw(temperature, top_k, top_p).check(z.shape[-1])
    if np.isnan(z).any() or np.isposinf(z).any() or np.isneginf(z).all(axis=-1).any():
        raise ValueError("Logits must be numbers or -inf, with one number at least for each next "
                         "token, got nan, inf or -inf alone: has the network diverged?")
    if temperature == 0:
        top_k, temperature = 1, 1.0
    z = z - z.max(axis=-1, keepdims=True)           # a tiny temperature then makes no inf - inf
    z = log_softmax(z / temperature)
    if top_k is None and top_p in (None, 1):
        return z
    order = np.argsort(-z, axis=-1, kind="stable")
    ranked = np.take_along_axis(z, order, axis=-1)
    keep = np.arange(z.shape[-1]) < (top_k or z.shape[-1])
    if top_p not in (None, 1):
        chance = np.exp(log_softmax(np.where(keep, ranked, -np.inf)))
        keep = keep & (chance.cumsum(axis=-1) - chance < top_p)
    kept = np.where(keep, ranked, -np.inf)
    np.put_along_axis(z, order, kept, axis=-1)
    return log_softmax(z)


def weaken_repeats(logits, recent, repetition):
    """Return logits (batch, tokens), less `repetition` for each token that is in `recent`.

    Args:
        logits: (batch, tokens).
        recent: (batch, window) the tokens written last; -1 where there is none yet.
        repetition: how much to take off; exp(-repetition) is the factor on the odds.

    >>> weaken_repeats(np.zeros((1, 4)), np.array([[2, 2, -1]]), 0.5)
    array([[ 0. ,  0. , -0.5,  0. ]])
    """
    logits = np.array(logits, dtype=float)
    rows, places = np.nonzero(np.asarray(recent) >= 0)
    seen = np.zeros(logits.shape, dtype=bool)
    seen[rows, np.asarray(recent)[rows, places]] = True
    return logits - repetition * seen


def gumbel_noise(shape, rng):
    """Return finite float32 draws of the Gumbel distribution: -log of exponential draws."""
    return -np.log(np.maximum(rng.standard_exponential(shape, dtype=np.float32), _LEAST))


def sample(logits, rng):
    """Return one token per row (...,), drawn from softmax of logits (..., tokens).

    The greatest of logit + Gumbel noise is such a draw, so no probability has to be computed and
    a token of logit -inf is never drawn. Source: Maddison et al., A* sampling (2014), section 2.
    """
    logits = np.asarray(logits)
    return np.argmax(logits + gumbel_noise(logits.shape, rng), axis=-1)


def write(step, start, rng, states=None, n_tokens=200, samples=1, stop=None, draw=PLAIN):
    """Return sampled texts that all begin with `start`.

    Args:
        step: function of tokens (samples,) and states that returns the logits (samples, tokens)
            of what comes next, and the new states.
        start: the tokens to begin with, such as a board and a title; at least one.
        rng: NumPy generator.
        states: what `step` receives first.
        n_tokens: how many to write after the start, at most.
        samples: texts to write side by side.
        stop: token that ends a text; None for none.
        draw: a `Draw`.

    Returns:
        A list of `Written`, one for each sample.

    Raises:
        ValueError: if the start is empty or an option cannot be used.
    """
    start = np.asarray(start, dtype=int).ravel()
    if not len(start):
        raise ValueError("The start must hold at least one token, got none: give the network "
                         "something to begin with.")
    if n_tokens < 1 or samples < 1:
        raise ValueError(f"n_tokens and samples must be at least 1, got {n_tokens} and "
                         f"{samples}.")
    tokens = np.repeat(start[None], samples, axis=0)
    for token in start[:-1]:
        _, states = step(np.repeat(token, samples), states)
    ended = np.zeros(samples, dtype=bool)
    lengths = np.full(samples, len(start) + n_tokens)
    for _ in range(n_tokens):
        logits, states = step(tokens[:, -1], states)
        draw.check(np.shape(logits)[-1])
        if draw.repetition:
            logits = weaken_repeats(logits, tokens[:, -draw.window:], draw.repetition)
        chosen = sample(next_log_probs(logits, draw.temperature, draw.top_k, draw.top_p), rng)
        tokens = np.concatenate([tokens, chosen[:, None]], axis=1)
        now = ~ended & (chosen == stop)
        lengths[now], ended[now] = tokens.shape[1], True
        if ended.all():
            break
    return [Written(row[:length].tolist(), "stop" if end else "length")
            for row, length, end in zip(tokens, lengths, ended, strict=True)]
