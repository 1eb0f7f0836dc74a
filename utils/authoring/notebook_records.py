"""What `make record` measured of each notebook."""

import json
from pathlib import Path

from ..studies.records import write_record

__all__ = ["load_notebooks", "write_notebooks"]

NOTEBOOKS = Path("benchmarks", "results", "notebooks.json")


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
