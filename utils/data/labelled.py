"""A CSV file of texts and labels, in whatever encoding a spreadsheet gave it."""

import io
from pathlib import Path

import pandas as pd

from utils.data.encoding import decode_file
from utils.data.errors import DataError

__all__ = ["read_labelled"]


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
    decoded, notes = decode_file(content, path)
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
