"""What the commands in benchmarks/ measured last, for lessons that draw it."""

import json
from pathlib import Path

import pandas as pd

__all__ = ["load_record", "load_table"]

_FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "results"


def _file(name):
    path = _FOLDER / name
    if not path.is_file():
        found = ", ".join(sorted(p.name for p in _FOLDER.glob("*.*"))) or "nothing"
        raise ValueError(f"There is no {name} in {_FOLDER}: it holds {found}.")
    return path


def load_record(name):
    """Return a stored measurement: what it found and how.

    Args:
        name: of the file without its ending, such as "lags".

    Returns:
        A dictionary with at least "command", "seeds" and "figures".

    Raises:
        ValueError: if there is no such file.
    """
    return json.loads(_file(f"{name}.json").read_text(encoding="utf-8"))


def load_table(name):
    """Return a stored CSV file as a DataFrame.

    Args:
        name: of the file without its ending, such as "variants".

    Raises:
        ValueError: if there is no such file.
    """
    return pd.read_csv(_file(f"{name}.csv"), comment="#", encoding="utf-8")
