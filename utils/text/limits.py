"""Why a text may be beyond what a model has learnt, in sentences for its reader."""

import re

from ..normalising import HAN, normalise

__all__ = ["describe_input"]

_LANGUAGES = {"en": ("English", "Latin letters"), "zh": ("Chinese", "Chinese characters")}


def describe_input(text, vocabulary, language, most_unknown=0.2, first=None, last=None):
    """Return the reasons why a model is out of its depth with this text, one sentence each.

    Args:
        text: a string.
        vocabulary: the model's `Vocabulary`.
        language: what the model was trained on, "en" or "zh".
        most_unknown: share of unknown tokens above which to warn.
        first: tokens that the model reads at the beginning, as in `truncate`; None for all.
        last: tokens that it reads at the end.

    Returns:
        A list of sentences; empty where nothing speaks against the model.

    Raises:
        ValueError: if `language` is another, or `text` no string.

    Example:
        >>> from utils.text import Vocabulary
        >>> describe_input("🙂🙂", Vocabulary.fit(["a good film"]), "en")
        ['The text has no letter or digit, only marks or emoji, and the model judges words.']
    """
    if language not in _LANGUAGES:
        raise ValueError(f"language must be 'en' or 'zh', got {language!r}.")
    plain = normalise(text)
    if not plain:
        return ["The text is empty: there is nothing to judge."]
    if not re.search(r"[^\W_]", plain):
        return ["The text has no letter or digit, only marks or emoji, and the model judges "
                "words."]
    reasons = [_other_language(plain, language), _unknown(plain, vocabulary, most_unknown),
               _cut(plain, vocabulary, first, last)]
    return [reason for reason in reasons if reason]


def _other_language(plain, language):
    letters = re.findall(r"[^\W\d_]", plain)
    if not letters:
        return "The text has digits but no letter, and the model judges words."
    own = {"en": "[a-z\u00c0-\u024f]", "zh": f"[{HAN}]"}[language]
    # One Chinese character says about as much as four letters.
    weights = [4 if re.match(f"[{HAN}]", letter) else 1 for letter in letters]
    share = sum(weight for letter, weight in zip(letters, weights, strict=True)
                if re.match(own, letter)) / sum(weights)
    name, script = _LANGUAGES[language]
    if share >= 0.8:
        return None
    part = "Most" if share < 0.5 else "A good part"
    return f"{part} of the text is not in {script}, and the model learnt from {name} alone."


def _unknown(plain, vocabulary, most_unknown):
    tokens = vocabulary.cut(plain)
    unknown = [token for token in tokens if token not in vocabulary]
    if len(unknown) <= most_unknown * len(tokens):
        return None
    shown = ", ".join(token if len(token) <= 20 else token[:19] + "…"
                      for token in list(dict.fromkeys(unknown))[:3])
    return (f"{len(unknown)} of {len(tokens)} tokens ({len(unknown) / len(tokens):.0%}) are "
            f"unknown to the model, such as {shown}.")


def _cut(plain, vocabulary, first, last):
    if first is None and last is None:
        return None
    first, last, n = first or 0, last or 0, len(vocabulary.cut(plain))
    if n <= first + last:
        return None
    parts = [f"the {name} {kept:,}" for name, kept in (("first", first), ("last", last)) if kept]
    return f"The text has {n:,} tokens, and the model reads only {' and '.join(parts)}."
