"""What a stored notebook may not hold, and what it must."""

import ast
import re
from pathlib import Path

import nbformat

from .execute import CLEAR
from .text import METADATA, checks_of, number_of
from .unsolved import answers_read

__all__ = ["faults"]

MACHINE_PATH = re.compile(r"/(?:root|home/\w+|Users/\w+|tmp/\w+|work/\w+)/|[A-Z]:\\\\Users")
READABLE_ID = re.compile(r"[a-z][a-z0-9_-]*[a-z0-9]$")
LONGEST_CELL = 25           # lines of a code cell
LARGEST_FILE = 1_500_000    # bytes


def _cell_faults(cell):
    text = cell.source + "".join(str(output) for output in cell.get("outputs", []))
    if not READABLE_ID.match(cell.id.lower()) or re.fullmatch(r"[0-9a-f-]{8,}", cell.id):
        yield "has no readable id"
    if MACHINE_PATH.search(text):
        yield f"holds a machine path: {MACHINE_PATH.search(text)[0]}"
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            yield f"has a stored error: {output.ename}"
        if output.get("name") == "stderr":
            yield f"has stored stderr: {output.text[:60]!r}"
        if output.output_type == "stream" and re.search(r"\.ipynb_checkpoints", output.text):
            yield "prints a checkpoint's path"
    if cell.cell_type == "code":
        lines = cell.source.splitlines()
        if len(lines) > LONGEST_CELL and not cell.metadata.get("nbgrader"):
            yield f"is {len(lines)} lines long; at most {LONGEST_CELL}"
        outputs, count = cell.outputs, cell.execution_count
        if outputs and count is None:
            yield "has outputs but no execution count: run `make execute`"


def _exercise_faults(notebook, exercises):
    graded = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    checks = {g.removeprefix("check-"): c for g, c in graded.items() if c.metadata.nbgrader.grade}
    solved = {g for g, c in graded.items() if c.metadata.nbgrader.solution}
    for name, exercise in exercises.items():
        if name not in checks or name not in solved:
            yield f"exercise {name} lacks its solution cell or its check cell"
        elif checks[name].metadata.nbgrader.points != exercise.points:
            yield (f"check-{name} says {checks[name].metadata.nbgrader.points} points, "
                   f"its exercise {exercise.points}")
    for name in sorted(set(checks) - set(exercises)):
        yield f"check-{name} has no exercise"


def _trees(notebook):
    """Yield (cell, its syntax tree) of each code cell."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield cell, ast.parse(re.sub(r"(?m)^[%!].*$", "", cell.source))


def _imports(notebook):
    for _, tree in _trees(notebook):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""


INNER = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp,
         ast.GeneratorExp)


def _assigned(node):
    """Yield the names that a cell gives a value to, those inside of functions left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
            yield child.name
        if not isinstance(child, INNER):
            yield from _assigned(child)


def _hidden_imports(notebook):
    """Yield (cell, name): what a cell imports and a later one gives another value.

    A figure that is drawn again, as by a slider, then finds the other value.
    """
    imported = set()
    for cell, tree in _trees(notebook):
        yield from ((cell.id, name) for name in _assigned(tree) if name in imported)
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                imported |= {(each.asname or each.name).partition(".")[0] for each in node.names}


def faults(path):
    """Return a list of sentences, one per fault of the notebook file `path`."""
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    found = [f"{cell.id} {fault}" for cell in notebook.cells for fault in _cell_faults(cell)]
    found += _exercise_faults(notebook, checks_of(number_of(path)))
    found += [f"{cell} reads `{name}`, which only an answer defines"
              for cell, name in answers_read(notebook)]
    found += [f"{cell} gives `{name}` another value, which is imported"
              for cell, name in _hidden_imports(notebook)]
    imports = list(_imports(notebook))
    if any(name.startswith("utils.authoring") for name in imports):
        found.append("imports utils.authoring, which is not for lessons")
    if number_of(path) < "16" and any(n.split(".")[0] == "tensorflow" for n in imports):
        found.append("imports tensorflow: models are backend-agnostic before lesson 16")
    if notebook.metadata != METADATA:
        found.append("has other metadata than every lesson: run `make execute`")
    if path.stat().st_size > LARGEST_FILE:
        found.append(f"is {path.stat().st_size / 1e6:.1f} MB; at most {LARGEST_FILE / 1e6} MB")
    unrun = [c.id for c in notebook.cells if c.cell_type == "code" and c.execution_count is None
             and not c.metadata.get("nbgrader") and CLEAR not in c.metadata.get("tags", [])]
    if unrun:
        found.append(f"stored without running: {', '.join(unrun[:4])}; run `make execute`")
    return [f"{path.parent.name}/{path.name}: {text}" for text in found]
