"""What was measured, as JSON in benchmarks/results/, and README's tables made from it."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import mean, stdev

from .machine import calibration

__all__ = ["Record", "load_notebooks", "over_seeds", "readme_text", "rounded", "write_notebooks",
           "write_record"]

NOTEBOOKS = Path("benchmarks", "results", "notebooks.json")
MARK = "<!-- {name}: made by `make record` -->"


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


def load_notebooks(root):
    """Return what `make record` measured last below `root`; without figures if it never did."""
    path = Path(root) / NOTEBOOKS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"figures": {}}


def write_notebooks(root, names, measured):
    """Renew what was measured of notebooks, keep the others' figures, drop notebooks not there.

    Args:
        root: folder that holds benchmarks/.
        names: of all notebooks that there are, in their order.
        measured: dict from a notebook's name to {"seconds", "peak_mb"}.
    """
    figures = {**load_notebooks(root)["figures"], **measured}
    write_record(Path(root) / NOTEBOOKS, "make record",
                 {name: figures[name] for name in names if name in figures})


def _lesson_rows(root, abouts):
    record = load_notebooks(root)
    if not record["figures"]:
        raise ValueError(f"{NOTEBOOKS} is missing or empty: run `make record`.")
    rows = ["| lesson | what it is about | runs in | peak memory |", "| --- | --- | ---: | ---: |"]
    for name, figure in record["figures"].items():
        rows.append(f"| [{name}](lessons/{name}.ipynb) | {abouts.get(name, '')} | "
                    f"{figure['seconds']:.0f} s | {figure['peak_mb']:.0f} MB |")
    return "\n".join(rows)


def readme_text(root):
    """Return README.md as the records say it should read.

    Raises:
        ValueError: if nothing was recorded, or README.md lacks the marks around the table.
    """
    root = Path(root)
    text = (root / "README.md").read_text(encoding="utf-8")
    start, end = MARK.format(name="lessons"), MARK.format(name="end of lessons")
    if text.count(start) != 1 or text.count(end) != 1:
        raise ValueError(f"README.md must hold {start} and {end}, once each.")
    head, rest = text.split(start)
    old, tail = rest.split(end)
    abouts = {}
    for line in old.splitlines():       # the third column is written by hand and stays
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0].startswith("["):
            abouts[cells[0][1:].partition("]")[0]] = cells[1]
    return f"{head}{start}\n{_lesson_rows(root, abouts)}\n{end}{tail}"
