"""One spelling for what means the same, before anything is counted."""

import html
import re
import unicodedata

__all__ = ["HAN", "normalise"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"     # Chinese characters, for a regex
# Full-width forms, the wide space, ligatures such as ﬁ, and doubled code points of Chinese
# characters. NFKC of everything else would turn ½ into 1⁄2, m² into m2 and ① into 1.
_FOLDED = re.compile("[\uff00-\uffef\u3000\ufb00-\ufb06\uf900-\ufaff]+")
_TAG = re.compile(r"</?(?:br|p|div|i|b|em|strong)\b[^<>]*>", re.IGNORECASE)
# What draws nothing: soft hyphens, zero-width signs (those inside emoji, too), signs of direction
# and of variants, fillers of Korean and Braille, control characters, half code points.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0001-\U000e01ef"
    "\x00-\x08\x0e-\x1b\x7f]")
_DOTS = re.compile(r"\.{2,}|。{2,}|…{2,}|・{3,}")
_REPEATED = re.compile(r"([^\w\s])\1{2,}")
_QUOTES = str.maketrans("’‘`´“”", "''''\"\"")


def normalise(text, lower=True):
    """Return the text in one spelling.

    HTML breaks and entities are undone, full-width letters, digits and signs become the usual
    ones, accents one code point with their letter, curly quotes straight ones; two or more dots
    become "…", of three or more other equal marks two stay ("!!!!" says more than "!"); white
    space of any kind becomes one space, invisible characters nothing.

    Args:
        text: a string.
        lower: True to make letters small.

    Raises:
        ValueError: if `text` is no string.

    Example:
        >>> normalise("ＧＯＯＤ！！！！<br />  Don’t miss it.....")
        "good!! don't miss it…"
    """
    if not isinstance(text, str):
        raise ValueError(f"normalise needs a string, got {text!r} of type "
                         f"{type(text).__name__}.")
    text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", text)))
    text = _FOLDED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = unicodedata.normalize("NFC", text).translate(_QUOTES)
    text = _INVISIBLE.sub("", text)
    text = _REPEATED.sub(r"\1\1", _DOTS.sub("…", text))
    text = " ".join(text.split())
    return text.lower() if lower else text
