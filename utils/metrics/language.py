"""How good a model of characters is, and how varied and well formed what it writes."""

import math

__all__ = ["bits_per_character", "distinct_n", "perplexity"]


def bits_per_character(nats):
    """Return the bits of a loss in nats: Keras' cross-entropy divided by ln 2.

    Args:
        nats: mean cross-entropy per character, >= 0.

    Raises:
        ValueError: if it is negative or no number.

    Example:
        >>> bits_per_character(math.log(8))
        3.0
    """
    return _checked(nats) / math.log(2)


def perplexity(nats):
    """Return e to the loss: among how many equally likely characters the model wavers.

    Arguments and errors are those of `bits_per_character`.

    Example:
        >>> round(perplexity(math.log(8)), 9)
        8.0
    """
    return math.exp(_checked(nats))


def distinct_n(texts, n):
    """Return the share of different n-grams of characters among all of them.

    Args:
        texts: strings; no n-gram goes over from one to the next.
        n: characters of an n-gram, >= 1.

    Returns:
        A number above 0, up to 1; NaN where no text has n characters. It falls as texts
        grow, so compare equal amounts.

    Raises:
        ValueError: if `n` is below 1 or `texts` one string.

    Source: Li et al., A diversity-promoting objective function for neural conversation models
    (2016).

    Example:
        >>> distinct_n(["abab"], 2)
        0.6666666666666666
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}.")
    grams = [text[i:i + n] for text in _listed(texts) for i in range(len(text) - n + 1)]
    return len(set(grams)) / len(grams) if grams else math.nan


def _checked(nats):
    nats = float(nats)
    if not nats >= 0:
        raise ValueError(f"A mean cross-entropy is at least 0 nats, got {nats}.")
    return nats


def _listed(texts):
    if isinstance(texts, str):
        raise ValueError(f"texts must be a list of strings, got the string {texts[:40]!r}: put "
                         "it into a list.")
    return list(texts)
