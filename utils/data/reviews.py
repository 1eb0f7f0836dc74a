"""The course's own reviews in English and Chinese; see datasets/reviews/README.md for the card."""

from pathlib import Path

import pandas as pd

from .errors import DataError

__all__ = ["load_reviews"]

_FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "reviews"


def load_reviews(language):
    """Return 1,200 invented reviews of one language, in the order of the file.

    Args:
        language: "en" or "zh".

    Returns:
        DataFrame with `domain`, `rating` (1, 2, 4 or 5 stars), `label` (1 where the rating is
        at least 4, else 0) and `text`; for "zh" also `kind` and `pair`; last `split`: "train",
        "validation" or "test" (see the card).

    Raises:
        ValueError: for another language.
        DataError: if a file is missing.

    >>> load_reviews("en")["split"].value_counts().to_dict()
    {'train': 840, 'test': 240, 'validation': 120}
    """
    if language not in ("en", "zh"):
        raise ValueError(f"language must be 'en' or 'zh', got {language!r}.")
    table = _read(f"reviews_{language}.csv")
    if language == "zh":
        table[["kind", "pair"]] = _read("kinds.csv")[["kind", "pair"]]
    split = _read("split.csv")
    return table.assign(split=split.loc[split["language"] == language, "split"].to_numpy())


def _read(name):
    path = _FOLDER / name
    if not path.is_file():
        raise DataError(f"{path} is missing: `git checkout datasets/reviews` brings it back.")
    return pd.read_csv(path, encoding="utf-8", keep_default_na=False)
