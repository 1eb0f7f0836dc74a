"""nbgrader's pipeline as this course runs it: what releases, restores and scores a notebook.

`instructor/nbgrader_config.py` puts these lists in place of nbgrader's own.
"""

import nbformat
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import utils as nbgrader_utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ComputeChecksums,
    DeduplicateIds,
    Execute,
    IgnorePattern,
    LimitOutput,
    LockCells,
    NbGraderPreprocessor,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
    SaveCells,
)

from .lessons import ClearExerciseOutput, StubByIndent

__all__ = ["AUTOGRADE", "RELEASE", "SANITIZE", "NoVerdictNoPoints", "RestoreCells"]


class RestoreCells(OverwriteCells):
    """Put every locked cell back as it was released, whatever the learner did to it.

    nbgrader's own class stops a whole submission if a test cell's metadata was edited, or if
    it is missing together with its exercise.
    """

    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            released = gradebook.find_notebook(names["notebook"], names["assignment"])
            points = {cell.name: cell.max_score for cell in released.grade_cells}
            order = [cell.name for cell in released.source_cells]
            locked = [_as_released(cell, points.get(cell.name))
                      for cell in released.source_cells if cell.locked]
        for cell in locked:
            _put_back(nb.cells, cell, order)
        return super().preprocess(nb, resources)


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _as_released(source, points):
    kind = source.cell_type
    new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell = new(source.source, id=source.name)
    cell.metadata.update(deletable=False, editable=False)
    cell.metadata["nbgrader"] = {
        "grade": points is not None, "grade_id": source.name, "locked": True,
        "schema_version": 3, "solution": False, "task": False, "cell_type": kind,
        "checksum": source.checksum,
    }
    if points is not None:
        cell.metadata.nbgrader["points"] = points
    return cell


def _put_back(cells, cell, order):
    """Replace the cell of the same name, else insert after the nearest one that comes before."""
    name = _grade_id(cell)
    at = {_grade_id(c): index for index, c in enumerate(cells)}
    if name in at:
        cell.id = cells[at[name]].get("id", cell.id)
        cells[at[name]] = cell
        return
    before = [at[n] for n in order[: order.index(name)] if n in at]
    cells.insert(max(before) + 1 if before else len(cells), cell)
    if sum(c.get("id") == cell.id for c in cells) > 1:
        cell.id = nbformat.v4.new_code_cell().id


class NoVerdictNoPoints(NbGraderPreprocessor):
    """Give no points to a test cell whose check neither said "correct" nor returned points.

    nbgrader gives all of them: a check that was switched off would be a right answer.
    """

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type != "code" or not nbgrader_utils.is_grade(cell):
            return cell, resources
        failed = any(o.output_type == "error" for o in cell.outputs)
        if not failed and not _has_verdict(cell):
            text = "NoVerdict: the check gave no verdict, so this cell earns no points."
            failed = True
            cell.outputs.append(nbformat.v4.new_output(
                "error", ename="NoVerdict", evalue=text.split(": ")[1], traceback=[text]))
        if failed:      # nbgrader goes by the first output that decides: let it be the error
            cell.outputs = [o for o in cell.outputs if o.output_type != "execute_result"]
        return cell, resources


def _has_verdict(cell):
    results = [o for o in cell.outputs if o.output_type == "execute_result"]
    if results:
        return all(_is_between(o, 0, cell.metadata.nbgrader["points"]) for o in results)
    said = "".join(o.text for o in cell.outputs if o.get("name") == "stdout")
    return any(line.startswith("✓ ") and ": correct." in line for line in said.splitlines())


def _is_between(output, low, high):
    try:
        return low <= float(output["data"]["text/plain"]) <= high
    except (KeyError, TypeError, ValueError):
        return False


RELEASE = [LockCells, StubByIndent, ClearExerciseOutput, CheckCellMetadata, ComputeChecksums,
           SaveCells, ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata]
SANITIZE = [ClearOutput, DeduplicateIds, OverwriteKernelspec, RestoreCells, CheckCellMetadata]
AUTOGRADE = [Execute, IgnorePattern, NoVerdictNoPoints, ClearMetadataPreprocessor, LimitOutput,
             SaveAutoGrades, AssignLatePenalties, CheckCellMetadata]
