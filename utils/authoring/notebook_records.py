"""What `make record` measured of each notebook, and README's table made from it."""

import json
from pathlib import Path

from ..studies.records import write_record

__all__ = ["load_notebooks", "readme_text", "write_notebooks"]

NOTEBOOKS = Path("benchmarks", "results", "notebooks.json")
MARK = "<!-- {name}: made by `make record` -->"


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
