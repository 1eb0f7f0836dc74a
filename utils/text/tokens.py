"""A text cut into words, characters, or Chinese words as jieba finds them."""

import functools
import re
import warnings

from .. import settings
from ..normalising import HAN, normalise

__all__ = ["TOKENISERS", "characters", "jieba_words", "tokeniser_of", "truncate", "words"]

_WORD = re.compile(rf"[{HAN}]|(?:(?![{HAN}_])\w)+(?:'(?:(?![{HAN}_])\w)+)*|[^\w\s]|_")


def words(text):
    """Return the normalised words, numbers and marks, one Chinese character being a word.

    Example:
        >>> words("I don't like it... 难吃!")
        ['i', "don't", 'like', 'it', '…', '难', '吃', '!']
    """
    return _WORD.findall(normalise(text))


def characters(text):
    """Return the normalised characters without white space.

    Example:
        >>> characters("不 好！")
        ['不', '好', '!']
    """
    return list(normalise(text).replace(" ", ""))


def jieba_words(text):
    """Return the normalised words that jieba finds, without white space; Chinese text.

    Example:
        >>> jieba_words("酒店的服务很好")
        ['酒店', '的', '服务', '很', '好']
    """
    return [word for word in _jieba().lcut(normalise(text)) if not word.isspace()]


@functools.cache
def _jieba():
    """Return jieba with its dictionary loaded, without a word on stderr.

    It keeps the dictionary in the course's cache: its own place, a file in the system's
    temporary folder that all users share, may be another user's. Where nothing can be kept
    it is read anew in each process.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # jieba's own, at its first import
        import jieba
    jieba.setLogLevel("CRITICAL")               # else it logs times, and that nothing was kept
    try:
        jieba.dt.tmp_dir = str(settings.writable_cache("jieba"))
    except OSError:
        jieba.dt.tmp_dir = str(settings.cache_path("jieba"))
    jieba.initialize()
    return jieba


TOKENISERS = {"words": words, "characters": characters, "jieba": jieba_words}


def tokeniser_of(name):
    """Return the function of that name in `TOKENISERS`.

    Raises:
        ValueError: if there is none.
    """
    if name not in TOKENISERS:
        raise ValueError(f"tokeniser must be one of {', '.join(TOKENISERS)}, got {name!r}.")
    return TOKENISERS[name]


def truncate(tokens, first=None, last=None):
    """Return the first `first` and the last `last` tokens of a longer list.

    Args:
        tokens: a list.
        first: how many to keep at the beginning, >= 0.
        last: how many to keep at the end, >= 0. Where only one of both is given the other is
            0; where none is, nothing is cut.

    Raises:
        ValueError: if a number is negative, or both are 0.

    Example:
        >>> truncate(["a", "b", "c", "d", "e"], first=1, last=2)
        ['a', 'd', 'e']
    """
    if first is None and last is None:
        return tokens
    first, last = first or 0, last or 0
    if min(first, last) < 0 or first + last < 1:
        raise ValueError(f"first and last must be >= 0 and not both 0, got {first} and {last}.")
    if len(tokens) <= first + last:
        return tokens
    return tokens[:first] + tokens[len(tokens) - last:]
