r"""A notebook as plain text, to edit in any editor; the `.ipynb` stays the file in git.

A cell starts with a line `%% KIND ID [tags=a,b]` and runs to the next one:

    %% md title               markdown
    %% code setup             code
    %% solution rnn_step      an exercise: its answer between the solution markers
    %% check rnn_step         the cell that checks it; graded, and locked in lessons/

A check's points come from its exercise, `points` in `utils/exercises`, and nowhere else.
"""

import importlib
import re
from pathlib import Path

import nbformat

from ..exercises.engine import exercises_of

__all__ = ["METADATA", "checks_of", "from_text", "number_of", "padded", "to_text",
           "write_notebook"]

HEADER = re.compile(r"^%% (md|code|solution|check) ([A-Za-z][A-Za-z0-9_-]{0,63})(?: tags=(\S+))?$")
METADATA = {     # what JupyterLab writes, so that opening a lesson and saving it changes nothing
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py",
        "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.11.7",        # of this one Python: another one's saves change this line
    },
}


def number_of(path):
    """Return the number that a lesson's file name starts with: two digits, as 08, or 08b."""
    found = re.match(r"(\d\d[a-z]?)_\w+\.ipynb$", Path(path).name)
    if not found:
        raise ValueError(f"{path} is not named like 02_simple_rnn_by_hand.ipynb.")
    return found[1]


def padded(number):
    """Return a lesson's number as files write it.

    >>> padded("2"), padded(8), padded("8b"), padded("10")
    ('02', '08', '08b', '10')
    """
    return re.sub(r"^\d(?!\d)", r"0\g<0>", str(number))


def checks_of(number):
    """Return {name: Exercise} of lesson `number`."""
    return exercises_of(importlib.import_module(f"utils.exercises.lesson_{number}"))


def _grading(kind, name, exercises):
    common = {"grade_id": name if kind == "solution" else f"check-{name}", "schema_version": 3,
              "task": False}
    if kind == "solution":
        return {**common, "grade": False, "locked": False, "solution": True, "cell_type": "code"}
    if name not in exercises:
        raise ValueError(f"'%% check {name}': no such exercise; known: {', '.join(exercises)}.")
    return {**common, "grade": True, "locked": True, "solution": False, "cell_type": "code",
            "points": exercises[name].points}


def from_text(text, exercises):
    """Return the notebook that `text` describes.

    Args:
        text: cells as in this module's docstring.
        exercises: {name: Exercise}, from `checks_of`.

    Raises:
        ValueError: on a malformed header, a repeated id or an unknown exercise.
    """
    cells, current = [], None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("%% "):
            header = HEADER.match(line.rstrip())
            if not header:
                raise ValueError(f"line {number}: {line!r} is not '%% KIND ID [tags=a,b]'.")
            current = (header[1], header[2], header[3], [])
            cells.append(current)
        elif current is None and line.strip():
            raise ValueError(f"line {number}: text before the first '%% KIND ID' line.")
        elif current is not None:
            current[3].append(line)
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    for kind, name, tags, lines in cells:
        new = nbformat.v4.new_markdown_cell if kind == "md" else nbformat.v4.new_code_cell
        cell = new("\n".join(lines).strip("\n"), id=f"check-{name}" if kind == "check" else name)
        if tags:
            cell.metadata["tags"] = tags.split(",")
        if kind in ("solution", "check"):
            cell.metadata["nbgrader"] = _grading(kind, name, exercises)
        notebook.cells.append(cell)
    ids = [cell.id for cell in notebook.cells]
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise ValueError(f"cell ids must differ; repeated: {', '.join(repeated)}.")
    nbformat.validate(notebook)
    return notebook


def to_text(notebook):
    """Return the text that `from_text` turns back into `notebook`, outputs aside."""
    blocks = []
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        kind, name = ("md" if cell.cell_type == "markdown" else "code"), cell.id
        if grading.get("solution"):
            kind = "solution"
        elif grading.get("grade"):
            kind, name = "check", cell.id.removeprefix("check-")
        tags = cell.metadata.get("tags")
        header = f"%% {kind} {name}" + (f" tags={','.join(tags)}" if tags else "")
        blocks.append(f"{header}\n{cell.source}\n")
    return "\n".join(blocks)


def write_notebook(text, path):
    """Write `text` as the notebook `path`; cells whose source is unchanged keep their outputs."""
    path = Path(path)
    notebook = from_text(text, checks_of(number_of(path)))
    if path.exists():
        old = {c.id: c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"}
        for cell in notebook.cells:
            kept = old.get(cell.id)
            if kept is not None and cell.cell_type == "code" and kept.source == cell.source:
                cell.outputs, cell.execution_count = kept.outputs, kept.execution_count
    nbformat.write(notebook, path)
