"""Which lessons have to be opened in a browser again.

    python -m tests.browser.fingerprints            # says which
    python -m tests.browser.fingerprints --keep     # after a full run that passed

A lesson's fingerprint covers the sources of its cells and the modules that it imports. The full
run before a release keeps all of them; what differs from it since is opened on every push.
"""

import ast
import hashlib
import json
import sys
from pathlib import Path

from utils.authoring.lessons import notebooks_in
from utils.authoring.text import number_of

__all__ = ["ALWAYS", "changed", "fingerprint", "keep"]

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("fingerprints.json")
ALWAYS = ("00", "01", "02")     # they hold a slider, quizzes and a typed answer


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file(name):
    """Source file of a module of ours, or None for a function or somebody else's module."""
    place = ROOT.joinpath(*name.split("."))
    choices = (place.with_suffix(".py"), place / "__init__.py")
    return next((path for path in choices if name.startswith("utils.") and path.is_file()), None)


def fingerprint(path):
    """Return a hash of the lesson `path` and of the modules of ours that it imports."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    names = {f"utils.exercises.lesson_{number_of(path)}"}
    for cell, source in zip(cells, sources, strict=True):
        if cell["cell_type"] == "code":
            lines = [line for line in source.split("\n") if not line.startswith(("%", "!"))]
            names.update(_imported(ast.parse("\n".join(lines))))
    files = sorted({file for file in map(_file, names) if file})
    sources += [file.read_text(encoding="utf-8") for file in files]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]


def changed(folder=ROOT / "lessons", kept=KEPT):
    """Return the lessons in `folder` to open: `ALWAYS`, and what is not as it was kept."""
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    return [path for path in notebooks_in(folder)
            if number_of(path) in ALWAYS or known.get(path.stem) != fingerprint(path)]


def keep(folder=ROOT / "lessons", kept=KEPT):
    """Write down how the lessons in `folder` are now."""
    prints = {path.stem: fingerprint(path) for path in notebooks_in(folder)}
    kept.write_text(json.dumps(prints, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--keep" in sys.argv:
        keep()
    print("to be opened:", ", ".join(number_of(path) for path in changed()))
