"""The course's own forum threads in Chinese; see datasets/tieba/README.md for the card."""

import json
from pathlib import Path

import pandas as pd

from .errors import DataError

__all__ = ["load_tieba"]

_FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "tieba"
_MEND = "`git checkout datasets/tieba` brings it back."


def load_tieba():
    """Return 1,440 invented forum threads of 18 boards, in order of file and line.

    Returns:
        DataFrame with `board` (such as 显卡吧), `title`, `posts` (a list of strings: the opening
        post, then the replies) and `split`: "train", "validation" or "test" (see the card).

    Raises:
        DataError: if a file is missing, or not what it should be.

    >>> load_tieba()["split"].value_counts().to_dict()
    {'train': 1152, 'validation': 144, 'test': 144}
    """
    split_path = _FOLDER / "split.csv"
    if not split_path.is_file():
        raise DataError(f"{split_path} is missing: {_MEND}")
    split = pd.read_csv(split_path, encoding="utf-8")
    rows = [row for path in sorted(_FOLDER.glob("*.jsonl")) for row in _read(path)]
    table = pd.DataFrame(rows, columns=["board", "title", "posts"])
    if table["board"].tolist() != split["board"].tolist():
        raise DataError(f"{_FOLDER} has {len(table)} threads, which are not the {len(split)} of "
                        f"split.csv: {_MEND}")
    return table.assign(split=split["split"].to_numpy())


def _read(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            thread = json.loads(line)
            yield thread["bar"], thread["title"], thread["posts"]
        except (ValueError, KeyError, TypeError):
            raise DataError(f"Line {number} of {path} is no thread: {_MEND}") from None
