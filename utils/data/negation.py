"""The course's own controlled reviews, where a "not" decides; see datasets/negation/README.md."""

from pathlib import Path

import pandas as pd

from .errors import DataError

__all__ = ["load_negation"]

_FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "negation"


def load_negation(language="en"):
    """Return short reviews whose label turns on negation, its scope, and but-clauses.

    Args:
        language: "en" (20,000 reviews) or "zh" (5,000).

    Returns:
        DataFrame with `label` (1 good, 0 bad), `kind` ("plain", "negation", "scope", "double"
        or "contrast"), `split` ("train", "validation" or "test") and `text`.

    Raises:
        ValueError: for another language.
        DataError: if the file is missing.

    Example:
        >>> load_negation()["split"].value_counts().to_dict()
        {'train': 16000, 'validation': 2000, 'test': 2000}
    """
    if language not in ("en", "zh"):
        raise ValueError(f"language must be 'en' or 'zh', got {language!r}.")
    path = _FOLDER / f"negation_{language}.csv"
    if not path.is_file():
        raise DataError(f"{path} is missing: run `python datasets/negation/make_negation.py`, "
                        "which writes it anew.")
    return pd.read_csv(path, encoding="utf-8", keep_default_na=False)
