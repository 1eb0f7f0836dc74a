"""Run every notebook the three ways that matter, and measure it.

- solutions/ strictly under nbval: every answer is right, every claim holds, and cells tagged
  `nbval-check-output` print what is stored;
- lessons/ as a learner finds them, under nbval: Run All goes through with nothing solved;
- lessons/ strictly: exactly the check cells fail, each as "not attempted yet".
"""

import concurrent.futures
import dataclasses
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .execute import run_notebook
from .lessons import notebooks_in
from .text import number_of

__all__ = ["Result", "verify"]

MEMORY_MB = 1536
CELL_SECONDS = 240


@dataclasses.dataclass(frozen=True)
class Result:
    """One run of one notebook; `error` is empty when it went as it must."""

    notebook: str
    way: str
    seconds: float
    peak_mb: float | None
    cells: int
    error: str = ""

    def __str__(self):
        memory = f"{self.peak_mb:6.0f} MB" if self.peak_mb else " " * 9
        state = "ok    " if not self.error else "FAILED"
        return (f"{state} {self.notebook:<34} {self.way:<9} {self.cells:3d} cells "
                f"{self.seconds:6.1f} s {memory}")


def budget_seconds(lesson):
    """Return how long a lesson, such as "08b_tables_to_sequences", may run in quick mode."""
    return 120 if "08" <= lesson[:2] <= "15" else 60


def _nbval(path, strict):
    """Run `path` under nbval in a process of its own: (exit code, output, peak MB)."""
    command = [
        sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "-q",
        "--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={CELL_SECONDS}", str(path),
    ]
    env = {**os.environ, "COURSE_STRICT": "1" if strict else "0", "PYTHONUTF8": "1"}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=env)
        _, status, usage = os.wait4(process.pid, 0)     # its own and its kernel's peak memory
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return process.returncode, text, usage.ru_maxrss / unit


def _run_nbval(path, strict):
    start = time.monotonic()
    code, text, peak = _nbval(path, strict)
    seconds = time.monotonic() - start
    cells = int((re.findall(r"(\d+) passed", text) or ["0"])[-1])
    error = ""
    if code:
        error = text[-6000:]
    elif not cells:
        error = "no cell was run"
    elif peak > MEMORY_MB:
        error = f"peak memory {peak:.0f} MB is over {MEMORY_MB} MB"
    way = "solved" if strict else "unsolved"
    return Result(path.stem, way, seconds, peak, cells, error)


def _run_inverse(path):
    """An untouched lesson in strict mode fails in every check cell and nowhere else."""
    start = time.monotonic()
    notebook = run_notebook(path, strict=True, timeout=CELL_SECONDS, allow_errors=True)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    wrong = []
    for cell in code:
        errors = [o for o in cell.outputs if o.output_type == "error"]
        is_check = cell.metadata.get("nbgrader", {}).get("grade", False)
        told = [e.ename == "CheckFailed" and "not attempted" in e.evalue for e in errors]
        if is_check and told != [True]:
            wrong.append(f"{cell.id}: an unsolved exercise must fail as not attempted")
        elif not is_check and errors:
            wrong.append(f"{cell.id}: {errors[0].ename}: {errors[0].evalue[:200]}")
    seconds = time.monotonic() - start
    return Result(path.stem, "inverse", seconds, None, len(code), "\n".join(wrong))


def verify(root, jobs=2, numbers=(), solved_only=False):
    """Run the notebooks below `root` and print a line for each run as it ends.

    Args:
        root: folder that holds solutions/ and lessons/.
        jobs: how many notebooks run side by side.
        numbers: lessons to run, such as ["02"]; all if empty.
        solved_only: run solutions/ only.

    Returns:
        A list of `Result`.
    """
    root = Path(root)
    wanted = notebooks_in(root / "solutions")
    wanted = [path for path in wanted if not numbers or number_of(path) in numbers]
    runs = [(_run_nbval, p, True) for p in wanted]
    if not solved_only:
        runs += [(_run_nbval, root / "lessons" / p.name, False) for p in wanted]
        runs += [(_run_inverse, root / "lessons" / p.name) for p in wanted]
    results = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(*run) for run in runs]):
            results.append(future.result())
            print(results[-1], flush=True)
            if results[-1].error:
                print(results[-1].error, flush=True)
    return sorted(results, key=lambda r: (r.notebook, r.way))
