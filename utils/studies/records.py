"""What the commands in benchmarks/ measured: kept as JSON with how it came about, read back."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import mean, stdev

import pandas as pd

from .machine import calibration

__all__ = ["Record", "load_record", "load_table", "over_seeds", "rounded", "write_record"]

_FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "results"


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


def write_record(path, command, figures, seeds=(), extra=None):
    """Write `figures` with how they came about: command, versions, machine, seeds, extra keys."""
    record = {
        "command": command,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("keras", "numpy")},
        "cores": os.cpu_count(),
        "machine": calibration(),
        "seeds": list(seeds),
        **(extra or {}),
        "figures": figures,
    }
    text = json.dumps(record, indent=2, ensure_ascii=False, sort_keys=False) + "\n"
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


class Record:
    """Figures in named sections, written to the file whenever one is added, so none is lost.

    Args:
        path: of the JSON file; what it holds already is kept.
        command: that measures them.
        seeds: that they were measured over.
    """

    def __init__(self, path, command, seeds=()):
        self.path, self.command, self.seeds = Path(path), command, seeds

    def put(self, section, name, value):
        """Add one figure to a section, or replace it, and print it."""
        figures = {}
        if self.path.exists():
            figures = json.loads(self.path.read_text(encoding="utf-8"))["figures"]
        figures.setdefault(section, {})[name] = value
        write_record(self.path, self.command, figures, self.seeds)
        print(section, name, json.dumps(value, ensure_ascii=False), flush=True)


def rounded(scores):
    """Return {name: number} with three decimals."""
    return {name: round(float(value), 3) for name, value in scores.items()}


def over_seeds(runs):
    """Return mean and standard deviation of each score that all runs have.

    Args:
        runs: one {name: number} per seed; of a single one the spread is None.

    >>> over_seeds([{"a": 1, "b": 2}, {"a": 3}])
    {'a': {'mean': 2.0, 'spread': 1.414}}
    """
    values = {name: [run[name] for run in runs] for name in runs[0]
              if all(name in run for run in runs)}
    return {name: {"mean": round(float(mean(each)), 3),
                   "spread": round(float(stdev(each)), 3) if len(each) > 1 else None}
            for name, each in values.items()}
