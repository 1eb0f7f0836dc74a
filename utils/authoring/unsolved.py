"""Proof that a lesson goes through unsolved, without its training.

Two things together stand for running it: no cell outside exercises reads a name that an answer
defines, and its imports, stubs and checks alone fail exactly as "not attempted yet".
"""

import ast
import os
import symtable

import nbformat

__all__ = ["answers_read", "unattempted", "unattempted_all"]


def _source(cell):
    return "\n".join(line for line in cell.source.split("\n") if not line.startswith(("%", "!")))


def _tables(table):
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _names(source):
    """Return (read, bound): global names that a cell reads, and those that it binds."""
    top = symtable.symtable(source, "<cell>", "exec")
    read, bound = set(), set()
    for table in _tables(top):
        for symbol in table.get_symbols():
            at_top = table is top
            if symbol.is_referenced() and (at_top or symbol.is_global()):
                read.add(symbol.get_name())
            if (at_top or symbol.is_declared_global()) and (
                    symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()):
                bound.add(symbol.get_name())
    return read, bound


def answers_read(notebook):
    """Yield (cell id, name) where a cell outside exercises reads what only an answer defines.

    A name belongs to whoever bound it last: an exercise, or the lesson.
    """
    of_answers = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        grading = cell.metadata.get("nbgrader", {})
        read, bound = _names(_source(cell))
        if grading.get("solution"):
            of_answers |= bound
        elif not grading.get("grade"):
            of_answers -= bound
            yield from ((cell.id, name) for name in sorted(read & of_answers))


def unattempted(path):
    """Run the imports, stubs and checks of the lesson `path`, strictly; yield what is wrong.

    Every check must fail, each as "not attempted", and nothing else may.
    """
    namespace = {"__name__": "lesson"}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        grading, tree = cell.metadata.get("nbgrader", {}), ast.parse(_source(cell))
        if not grading:
            tree.body = [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))]
        try:
            exec(compile(tree, f"{path.name}:{cell.id}", "exec"), namespace)
        except Exception as error:
            told = type(error).__name__ == "CheckFailed" and "not attempted" in str(error)
            if not (grading.get("grade") and told):
                yield f"{path.name}: {cell.id}: {type(error).__name__}: {str(error)[:200]}"
        else:
            if grading.get("grade"):
                yield f"{path.name}: {cell.id}: an unsolved exercise must fail as not attempted"


def unattempted_all(paths):
    """Return what is wrong with the unsolved lessons `paths`, all run in this process."""
    before = os.environ.get("COURSE_STRICT")
    os.environ["COURSE_STRICT"] = "1"
    try:
        return [fault for path in paths for fault in unattempted(path)]
    finally:
        if before is None:
            del os.environ["COURSE_STRICT"]
        else:
            os.environ["COURSE_STRICT"] = before
