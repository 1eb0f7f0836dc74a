"""A caption as words between a start and an end, and the vocabulary of many."""

import re
from collections import Counter

from ..normalising import HAN, normalise
from .vocabulary import Vocabulary

__all__ = ["END", "START", "caption_vocabulary", "clean_caption", "frame"]

START, END = "startseq", "endseq"               # words that no caption holds
_LETTER = rf"(?![{HAN}])[^\W\d_]"
_KEPT = re.compile(rf"[{HAN}]|(?:{_LETTER})+(?:'(?:{_LETTER})+)*|\d+")


def clean_caption(caption, numbers=None):
    """Return the words of a caption: lower case, no punctuation, a Chinese character a word.

    Args:
        caption: string.
        numbers: None to keep numbers as they are, "" to leave them out, or a word that stands
            for each.

    Example:
        >>> clean_caption("A dog's ball , number 12 .", numbers="count")
        ['a', "dog's", 'ball', 'number', 'count']
        >>> clean_caption("Two-year-old runs .")
        ['two', 'year', 'old', 'runs']
        >>> clean_caption("一个女孩在 KTV 唱歌。")
        ['一', '个', '女', '孩', '在', 'ktv', '唱', '歌']
    """
    found = _KEPT.findall(normalise(caption))
    if numbers is not None:
        found = [numbers if word.isdigit() else word for word in found]
    return [word for word in found if word]


def frame(caption, numbers=None):
    """Return a cleaned caption between `START` and `END`, as one string for a vocabulary."""
    return " ".join([START, *clean_caption(caption, numbers), END])


def caption_vocabulary(captions, min_count=1, numbers=None):
    """Return a `Vocabulary` of the words that occur often enough, with `START` and `END`.

    Give its `encode` what `frame` returns.

    Args:
        captions: strings as written, of training only.
        min_count: how often a word must occur to be known, >= 1.
        numbers: as in `clean_caption`.

    Returns:
        `Vocabulary`: padding, unknown, `START`, `END`, then words, the most frequent first.

    Raises:
        ValueError: if min_count is below 1 or no word occurs so often.

    Example:
        >>> vocabulary = caption_vocabulary(["A dog runs .", "A dog ."], min_count=2)
        >>> vocabulary.tokens
        ['', '[UNK]', 'startseq', 'endseq', 'a', 'dog']
        >>> vocabulary.encode([frame("A cat .")])
        array([[2, 4, 1, 3]], dtype=int32)
    """
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1, got {min_count}.")
    counts = Counter(word for text in captions for word in clean_caption(text, numbers))
    known = sorted((word for word, count in counts.items() if count >= min_count),
                   key=lambda word: (-counts[word], word))
    if not known:
        raise ValueError(f"No word occurs {min_count} times in {sum(counts.values())} words: "
                         "lower min_count or give more captions.")
    return Vocabulary(["", "[UNK]", START, END, *known])
