"""Generate lessons/ from solutions/ with nbgrader's own preprocessors, without its database."""

import difflib
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbconvert.preprocessors import Preprocessor
from nbgrader import utils as nbgrader_utils
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

__all__ = ["StubByIndent", "lesson_text", "notebooks_in", "write_lessons"]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS",
           "BEGIN MARK SCHEME", "END MARK SCHEME")
STUB = "raise NotImplementedError  # your code here"
TOP_LEVEL_STUB = "# your code here"


class StubByIndent(ClearSolutions):
    """Replace each solution region: inside a `def` by a raise, at top level by a comment.

    A `raise` at top level would stop Run All, so there the author writes a placeholder such
    as `model = None` above the region.
    """

    def _replace_solution_region(self, cell, language):
        kept, inside, found = [], False, False
        for line in cell.source.split("\n"):
            if self.begin_solution_delimeter in line:
                if inside:
                    raise ValueError(f"cell {cell.id}: BEGIN SOLUTION inside a solution.")
                inside = found = True
                indent = line[: len(line) - len(line.lstrip())]
                kept.append(indent + (STUB if indent else TOP_LEVEL_STUB))
            elif self.end_solution_delimeter in line:
                if not inside:
                    raise ValueError(f"cell {cell.id}: END SOLUTION without a BEGIN.")
                inside = False
            elif not inside:
                kept.append(line)
        if inside:
            raise ValueError(f"cell {cell.id}: BEGIN SOLUTION without an END.")
        if nbgrader_utils.is_solution(cell) and not found:
            raise ValueError(f"cell {cell.id} is an exercise without solution markers.")
        cell.source = "\n".join(kept)
        return found


class ClearExerciseOutput(Preprocessor):
    """Drop the outputs of exercises and their checks; worked examples keep theirs."""

    enabled = True

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "code" and (
            nbgrader_utils.is_solution(cell) or nbgrader_utils.is_grade(cell)
        ):
            cell.outputs, cell.execution_count = [], None   # both, or nbval calls it unrun
        return cell, resources


def notebooks_in(folder):
    """Return the lesson notebooks of `folder`, in order."""
    return sorted([*Path(folder).glob("[0-9][0-9]_*.ipynb"),
                   *Path(folder).glob("[0-9][0-9][a-z]_*.ipynb")])


def lesson_text(solution):
    """Return the text of the lesson notebook made from the notebook file `solution`.

    Raises:
        ValueError: if a marker is misplaced or would leak into the lesson.
    """
    config = Config()
    config.NotebookExporter.preprocessors = [
        LockCells, StubByIndent, ClearExerciseOutput, CheckCellMetadata, ClearHiddenTests,
        ClearMarkScheme, ComputeChecksums, CheckCellMetadata,
    ]
    exporter = NotebookExporter(config=config, default_preprocessors=[])
    notebook = nbformat.read(solution, as_version=4)
    text, _ = exporter.from_notebook_node(notebook, resources={"unique_key": solution.stem})
    leaked = [marker for marker in MARKERS if marker in text]
    if leaked:
        raise ValueError(f"{solution.name}: {', '.join(leaked)} would leak into the lesson.")
    return text.rstrip("\n") + "\n"


def write_lessons(source, target, check=False):
    """Write every lesson, or with `check` compare only; returns a list of what is stale."""
    source, target, stale = Path(source), Path(target), []
    target.mkdir(exist_ok=True)
    wanted = {path.name: lesson_text(path) for path in notebooks_in(source)}
    for path in notebooks_in(target):
        if path.name not in wanted:
            stale.append(f"{path}: has no solution")
            if not check:
                path.unlink()
    for name, text in wanted.items():
        path = target / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if old == text:
            continue
        diff = difflib.unified_diff(old.splitlines(), text.splitlines(), str(path), "built", n=0)
        stale.append(f"{path}: differs\n" + "\n".join(line[:160] for line in list(diff)[:12]))
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
    return stale
