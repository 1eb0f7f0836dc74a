"""A CSV file of texts and labels, in whatever encoding a spreadsheet gave it."""

import codecs
import io
from pathlib import Path

import pandas as pd

from utils.data.errors import DataError

__all__ = ["read_labelled"]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig", None),
          (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"), (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"))


def read_labelled(path, text="text", label="label"):
    """Return the texts and labels of a CSV file.

    UTF-8 with or without a byte-order mark is read as it is, UTF-16 with a mark and GBK
    (GB 18030) are recognised and mended. Rows without text are left out.

    Args:
        path: of the file; its first row names the columns.
        text: name of the column of texts.
        label: name of the column of labels, 0 or 1.

    Returns:
        DataFrame with `label` (0 or 1) and `text`, in the file's order; its `attrs["notes"]`
        is a list of sentences about what was mended or left out.

    Raises:
        DataError: if the file is missing, is in another encoding or no CSV, lacks a column,
            has no row, or has a label that is neither 0 nor 1.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): is the path right?") from None
    decoded, notes = _decode(content, path)
    try:
        table = pd.read_csv(io.StringIO(decoded), dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise DataError(f"{path} is not a CSV file ({reason}): save it as CSV, one row per "
                        "text.") from None
    table.columns = [str(name).strip() for name in table.columns]
    missing = [name for name in (label, text) if name not in table.columns]
    if missing:
        shown = [name[:30] for name in table.columns[:6]]
        raise DataError(f"{path} lacks the column {' and '.join(map(repr, missing))}, it has "
                        f"{shown}: name the columns in its first row.")
    table = pd.DataFrame({"label": table[label].str.strip(), "text": table[text]})
    if table.empty:
        raise DataError(f"{path} has no row below its first: it holds no text.")
    wrong = table.index[~table["label"].isin(["0", "1"])]
    if len(wrong):
        found = sorted(set(table.loc[wrong, "label"]))[:5]
        raise DataError(f"{path} has the labels {found} besides 0 and 1, first in row "
                        f"{wrong[0] + 1}: keep texts of two classes only.")
    empty = table["text"].str.strip() == ""
    if empty.any():
        what = "row has no text and was" if empty.sum() == 1 else "rows have no text and were"
        notes.append(f"{empty.sum()} {what} left out of {path.name}; the first is row "
                     f"{empty.idxmax() + 1}, not counting the header.")
    table = table[~empty].reset_index(drop=True).astype({"label": int})
    table.attrs["notes"] = notes
    return table


def _decode(content, path):
    """Return the file's text, and a list with the sentence that says what was mended, if so."""
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
