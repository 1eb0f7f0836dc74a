"""A CSV file of texts and labels, in whatever encoding a spreadsheet gave it."""

import csv
import io
import re
from pathlib import Path

import pandas as pd

from ..normalising import normalise
from .encoding import decode_file
from .errors import DataError

__all__ = ["read_labelled"]

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# What a spreadsheet takes from a first line of its own.
_DECLARED = re.compile(r'\s*"?sep=(.)"?[,;\t|]*[\r\n]+', re.IGNORECASE)


def read_labelled(path, text="text", label="label"):
    """Return the texts and labels of a CSV file.

    UTF-8 with or without a byte-order mark is read as it is, UTF-16 and UTF-32 with a mark and
    GBK (GB 18030) are recognised and mended, and so are semicolons, tabs or bars between columns.
    Rows without a text that can be seen are left out.

    Args:
        path: of the file; its first row names the columns.
        text: name of the column of texts.
        label: name of the column of labels, 0 or 1.

    Returns:
        DataFrame with `label` (0 or 1) and `text`, in the file's order; its `attrs["notes"]`
        is a list of sentences about what was mended or left out.

    Raises:
        DataError: if the file is missing, is in another encoding or no CSV, lacks a column,
            has no row, has a row with more columns than the first or a quote that does not
            end, or has a label that is neither 0 nor 1.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): is the path right?") from None
    decoded, notes = decode_file(content, path)
    separator, names, rows = _table(decoded, path, (label, text))
    said = _SEPARATORS.get(separator, repr(separator))
    if separator != ",":
        notes.append(f"{path.name} has {said} between its columns and was read as such.")
    kept, empty, wrong = [], [], {}             # wrong: the first row of each such label
    for number, row in enumerate(rows, 1):
        if any(field.strip() for field in row[len(names):]):
            raise DataError(f"{path} is not a CSV file: row {number} has {len(row)} columns and "
                            f"the first row names {len(names)}, so put quotes right around a "
                            f"text that holds {said}, and write a quote inside it twice.")
        if not row:                             # a blank line
            continue
        mark, words = (row[names.index(name)] if names.index(name) < len(row) else ""
                       for name in (label, text))
        mark, seen = mark.strip(), normalise(words)
        if mark not in ("0", "1") and (seen or normalise(mark)):
            wrong.setdefault(mark, number)
        elif seen:
            kept.append((int(mark), words))
        else:
            empty.append(number)
    if wrong:
        raise DataError(f"{path} has the labels {sorted(wrong)[:5]} besides 0 and 1, first in row "
                        f"{min(wrong.values())}: keep texts of two classes only, and write 0 and "
                        "1 for them.")
    if not kept:
        raise DataError(f"{path} has no row below its first that holds a text: add rows, or name "
                        "the right file.")
    if empty:
        what = "row has no text and was" if len(empty) == 1 else "rows have no text and were"
        notes.append(f"{len(empty)} {what} left out of {path.name}; the first is row {empty[0]}, "
                     "not counting the header.")
    table = pd.DataFrame(kept, columns=["label", "text"])
    table.attrs["notes"] = notes
    return table


def _table(decoded, path, wanted):
    """Return what separates the columns, their names, and the rows below the first."""
    declared = _DECLARED.match(decoded)
    body = decoded[declared.end():] if declared else decoded
    names = []
    for separator in declared[1] if declared else _SEPARATORS:
        rows = _rows(body, separator, path)
        found = [name.strip() for name in next(filter(_filled, rows), [])]
        if set(wanted) <= set(found):
            return separator, found, rows
        names = names or found
    if not names:
        raise DataError(f"{path} is not a CSV file (it is empty): save it as CSV, one row per "
                        "text.")
    missing = " and ".join(repr(name) for name in wanted if name not in names)
    joined = len(names) == 1 and all(name in names[0] for name in wanted)
    raise DataError(f"{path} lacks the column {missing}, it has "
                    f"{[name[:30] for name in names[:6]]}: " + (
                        "put commas between its columns, and quotes around texts alone." if joined
                        else "name the columns in its first row."))


def _rows(body, separator, path):
    """Yield the fields of each row; one that goes over lines has to be in proper quotes.

    Else a quote that is never closed would swallow the rows below it.
    """
    taken = []

    def lines():
        for line in [*io.StringIO(body, newline=""), ""]:      # "": an open quote is seen
            taken.append(line)
            yield line

    csv.field_size_limit(max(csv.field_size_limit(), len(body) + 1))
    for number, fields in enumerate(csv.reader(lines(), delimiter=separator)):
        if len(taken) > 1:
            try:
                list(csv.reader(taken, delimiter=separator, strict=True))
            except csv.Error:
                raise DataError(
                    f"{path} is not a CSV file: a quote opens in row {number} and does not close "
                    "before the next column: close it, or write it twice inside a quoted text."
                ) from None
        taken.clear()
        yield fields


def _filled(row):
    return any(field.strip() for field in row)
