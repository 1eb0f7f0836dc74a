"""What a notebook's asserts hold, and by how much: each `assert` measured instead of raised.

`measured(notebook)` returns a copy whose asserts go on when they fail and write down, for each
comparison in them, both sides where they come closest. The measurements lie in the last cell's
output. `utils.authoring.flakes` runs such copies often.
"""

import ast
import base64
import copy
import inspect
import json
import textwrap

import nbformat

__all__ = ["asserts_in", "measured", "read_claims"]

MARK = "claims measured: "
ORDER = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


class Claims:
    """Collects claims inside the notebook's kernel; this source is copied into its first cell."""

    def __init__(self):
        self.rows, self.sides = [], []

    def compare(self, signs, *values):
        """Return what `values[0] signs[0] values[1] ...` is, and keep the closest pair."""
        import operator

        import numpy as np

        of = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
              "==": operator.eq, "!=": operator.ne}
        result = True
        for sign, left, right in zip(signs, values, values[1:], strict=False):
            said = of[sign](left, right)
            result = said if result is True else result & said
            try:
                a, b = np.broadcast_arrays(np.asarray(left, float), np.asarray(right, float))
                gap = (b - a if sign[0] == "<" else a - b).ravel()
                k = int(np.argmin(gap))
                self.sides.append((float(gap[k]), float(a.flat[k]), sign, float(b.flat[k])))
            except (TypeError, ValueError, IndexError):
                pass
        return result

    def add(self, cell, number, source, holds):
        ordered = [s for s in self.sides if s[2][0] in "<>"]
        closest = min(ordered, key=lambda s: s[0] / (abs(s[1]) + abs(s[3]) + 1e-300), default=None)
        self.rows.append({"cell": cell, "number": number, "claim": source, "holds": bool(holds),
                          "closest": closest})
        self.sides.clear()

    def show(self):
        import base64
        import json

        text = json.dumps(self.rows)
        print("claims measured: " + base64.b64encode(text.encode()).decode())


class _Measure(ast.NodeTransformer):
    """Turn `assert a < b` into a call that writes down both sides."""

    def __init__(self, cell):
        self.cell, self.count, self.inside = cell, 0, False

    def visit_Assert(self, node):
        source = ast.unparse(node.test)
        self.inside = True
        test = self.visit(node.test)
        self.inside = False
        self.count += 1
        call = ast.parse(f"_claims.add({self.cell!r}, {self.count}, {source!r}, 0)", mode="eval")
        call.body.args[-1] = test
        return ast.Expr(call.body)

    def visit_Compare(self, node):
        self.generic_visit(node)
        if not self.inside or not all(type(op) in ORDER for op in node.ops):
            return node
        signs = ast.Tuple([ast.Constant(ORDER[type(op)]) for op in node.ops], ast.Load())
        return ast.Call(ast.Attribute(ast.Name("_claims", ast.Load()), "compare", ast.Load()),
                        [signs, node.left, *node.comparators], [])


def _teaching_cells(notebook):
    """Code cells that are neither exercises nor checks, and can be parsed."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "nbgrader" not in cell.metadata:
            try:
                yield cell, ast.parse(cell.source)
            except SyntaxError:         # a line for IPython
                continue


def asserts_in(notebook):
    """Return a list of (cell id, source of the condition), one per assert of a teaching cell."""
    return [(cell.id, ast.unparse(node.test)) for cell, tree in _teaching_cells(notebook)
            for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def measured(notebook, prologue=""):
    """Return a copy of `notebook` that measures its asserts and never stops at one.

    Args:
        notebook: as nbformat reads it.
        prologue: code that runs before everything else.
    """
    notebook = copy.deepcopy(notebook)
    for cell, tree in _teaching_cells(notebook):
        if "ipywidgets.interact" in cell.source:
            cell.source = ""            # nobody is there to move it, and nbclient may lose a reply
        elif any(isinstance(node, ast.Assert) for node in ast.walk(tree)):
            cell.source = ast.unparse(ast.fix_missing_locations(_Measure(cell.id).visit(tree)))
    first = f"{textwrap.dedent(inspect.getsource(Claims))}\n_claims = Claims()\n{prologue}"
    cells = [nbformat.v4.new_code_cell(first, id="claims-begin"), *notebook.cells,
             nbformat.v4.new_code_cell("_claims.show()", id="claims-end")]
    notebook.cells = cells
    return notebook


def read_claims(notebook):
    """Return the rows that a run of a `measured` notebook wrote down."""
    text = "".join(o.get("text", "") for o in notebook.cells[-1].outputs)
    if MARK not in text:
        raise ValueError("this notebook was not run to its end, or does not measure its claims.")
    return json.loads(base64.b64decode(text.partition(MARK)[2]))
