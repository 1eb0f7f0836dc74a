"""The encoding of a file that someone saved: found out, mended, or refused in one sentence."""

import codecs
import re

from .errors import DataError

__all__ = ["decode_file"]

# UTF-32's mark of little-endian files begins like UTF-16's, so it comes first.
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig", None),
          (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"), (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
          (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))
# ISO-2022's changes of alphabet, and HZ's signs around Chinese: bytes of ASCII that mean others.
_SHIFTS = re.compile(r"\x1b\$[@AB()]|~\{(?:[!-w][!-~])+~\}")
_LETTER = re.compile(r"[^\W\d_A-Za-z]")
# About a hundred signs that make a third or more of nearly every text in a language. What is
# taken for another encoding holds them by chance alone.
_CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自"
    "之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些"
    "主样理心她本前开但因只从想实日者意无与长把很最太点店房服务差")
_RIVALS = {
    "Korean": ("cp949",
               "이다는을에가의고하지은로어사를기한도리나아서라그해수인자시정대과일보스으들니만여제전게"
               "장부원면경상주했세었습있요았없것음안성동구조소적신야위무화영중내와데까오우연던말마모공"
               "생계비용선진같때미방문관거실개물식할년재된되너좋번결"),
    "Japanese": ("euc_jp",
                 "日一国会人年大十二本中長出三同時政事自行社見月分後前民生五発間対上部東者地合市業内"
                 "相方四定今回新場金入立開手力学問高代明実関子動京全目表通外最言現理体化当主題下意法"
                 "不来作性的要用気小成期公取都和平加山思家話世区西部屋映画良料応"
                 + "".join(map(chr, range(0x3041, 0x30ff))))}


def decode_file(content, path):
    """Return a file's text, and a list with the sentence that says what was mended, if so.

    UTF-8 with or without a byte-order mark is read as it is, UTF-16 and UTF-32 with a mark and
    GBK (GB 18030) are recognised.

    Args:
        content: the file's bytes.
        path: of the file, for messages.

    Raises:
        DataError: if the file is in another encoding, or no text.
    """
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            notes = [f"{path.name} is in {name} and was read as such."] if name else []
            try:
                return content.decode(encoding).lstrip("\ufeff"), notes
            except UnicodeDecodeError:
                raise _refusal(path) from None
    if b"\0" in content:
        raise DataError(f"{path} is no text, it holds null bytes (or it is in UTF-16 without a "
                        "mark): name text files, saved as UTF-8.")
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError:
        return _from_gbk(content, path), [
            f"{path.name} is in GBK, not UTF-8, and was read as such."]
    if decoded.isascii() and _SHIFTS.search(decoded):
        raise _refusal(path)
    return decoded, []


def _from_gbk(content, path):
    """Return the text of bytes in GB 18030, which takes most bytes for something."""
    try:
        decoded = content.decode("gb18030")
    except UnicodeDecodeError:
        raise _refusal(path) from None
    common = _share(decoded, _CHINESE)
    for language, (encoding, signs) in _RIVALS.items():
        try:
            rival = _share(content.decode(encoding), signs)
        except UnicodeDecodeError:
            continue
        if rival >= 0.3 and rival > 2 * common:
            raise _refusal(path, f" but reads as {language} in {encoding.upper()}")
    if not _looks_chinese(decoded):
        raise _refusal(path)
    return decoded


def _share(text, signs):
    """Return the share of a text's letters, those of ASCII left out, that are in `signs`."""
    letters = _LETTER.findall(text)
    return sum(letter in signs for letter in letters) / max(len(letters), 1)


def _looks_chinese(decoded):
    """Tell whether at least 70 % of what is not ASCII are common signs of GB 2312.

    Those are the 3,755 characters of its first level, marks and full-width forms: nearly all of
    a file in simplified Chinese, less than a third of Big5 or Japanese text taken for GBK.
    """
    codes = [letter.encode("gb18030") for letter in decoded if ord(letter) > 127]
    common = sum(len(code) == 2 and code[1] >= 0xA1
                 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3)) for code in codes)
    return common >= 0.7 * len(codes)


def _refusal(path, seen=""):
    return DataError(f"{path} is neither UTF-8 nor GBK{seen}: open it with the program that wrote "
                     "it and save it as UTF-8.")
