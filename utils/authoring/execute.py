"""Run notebooks and store what they print, the same bytes for the same results."""

import os
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from .text import METADATA

__all__ = ["CLEAR", "execute_notebook", "run_notebook"]

CLEAR = "clear-output"      # tag of cells whose output is not kept: quizzes, live widgets, timings


def run_notebook(path, strict, timeout=300, allow_errors=False):
    """Run the notebook file `path` in a fresh kernel and return it with outputs.

    Args:
        path: a notebook; its folder becomes the working folder.
        strict: whether a wrong answer raises (`COURSE_STRICT`).
        timeout: seconds per cell.
        allow_errors: go on after a cell that raises, and store its error.
    """
    path = Path(path)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=timeout, kernel_name="python3", allow_errors=allow_errors,
        record_timing=False, resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env={**os.environ, "COURSE_STRICT": "1" if strict else "0"})
    return notebook


def _tidy(cell):
    if CLEAR in cell.metadata.get("tags", []):
        cell.outputs, cell.execution_count = [], None
    outputs = []
    for output in cell.outputs:
        last = outputs[-1] if outputs else None
        if output.output_type == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            outputs.append(output)
    for output in outputs:
        if output.output_type == "stream":      # what a carriage return overwrote is not kept
            output.text = re.sub(r"[^\n]*\r(?!\n)", "", output.text)
    cell.outputs = outputs


def execute_notebook(path, timeout=300):
    """Run the solution notebook `path` strictly and store its outputs in place."""
    notebook = run_notebook(path, strict=True, timeout=timeout)
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            _tidy(cell)
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, path)
