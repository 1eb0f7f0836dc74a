"""The encoding of a file that someone saved: found out, mended, or refused in one sentence."""

import codecs

from utils.data.errors import DataError

__all__ = ["decode_file"]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig", None),
          (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))


def decode_file(content, path):
    """Return a file's text, and a list with the sentence that says what was mended, if so.

    UTF-8 with or without a byte-order mark is read as it is, UTF-16 with a mark and GBK
    (GB 18030) are recognised.

    Args:
        content: the file's bytes.
        path: of the file, for messages.

    Raises:
        DataError: if the file is in another encoding.
    """
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            notes = [f"{path.name} is in {name} and was read as such."] if name else []
            try:
                return content.decode(encoding), notes
            except UnicodeDecodeError:
                raise _refusal(path) from None
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    try:
        decoded = content.decode("gb18030")
    except UnicodeDecodeError:
        raise _refusal(path) from None
    # GB 18030 takes most bytes for something: believe it where common signs come out.
    if not _looks_chinese(decoded):
        raise _refusal(path)
    return decoded, [f"{path.name} is in GBK, not UTF-8, and was read as such."]


def _looks_chinese(decoded):
    """Tell whether at least 70 % of what is not ASCII are common signs of GB 2312.

    Those are the 3,755 characters of its first level, marks and full-width forms: nearly all of
    a file in simplified Chinese, less than a third of Big5 or Japanese text taken for GBK.
    """
    codes = [letter.encode("gb18030") for letter in decoded if ord(letter) > 127]
    common = sum(len(code) == 2 and code[1] >= 0xA1
                 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3)) for code in codes)
    return common >= 0.7 * len(codes)


def _refusal(path):
    return DataError(f"{path} is neither UTF-8 nor GBK: open it with the program that wrote it "
                     "and save it as UTF-8.")
