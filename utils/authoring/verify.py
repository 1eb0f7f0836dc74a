"""Run notebooks the ways that matter, and measure them.

- solved: solutions/ strictly under nbval: every answer is right, every claim holds, and cells
  tagged `nbval-check-output` print what is stored;
- unsolved: lessons/ as a learner finds them, under nbval: Run All goes through;
- inverse: lessons/ strictly: exactly the check cells fail, each as "not attempted yet".

The last two train all networks again to prove what `utils.authoring.unsolved` proves in seconds,
so a push runs the first only.
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
from .notebook_records import load_notebooks
from .text import number_of

__all__ = ["WAYS", "Result", "budget_seconds", "shard", "verify"]

WAYS = ("solved", "unsolved", "inverse")
MEMORY_MB = 1536
FILES_MB = 100          # two equal environments differ by 90 MB in what is mapped of library files
CELL_SECONDS = 600      # for a machine that has other work; a dead kernel is noticed at once


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
    elif peak > MEMORY_MB + FILES_MB:
        error = f"peak memory {peak:.0f} MB is over {MEMORY_MB} MB and {FILES_MB} MB of files"
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


RUN = {
    "solved": lambda root, name: _run_nbval(root / "solutions" / name, strict=True),
    "unsolved": lambda root, name: _run_nbval(root / "lessons" / name, strict=False),
    "inverse": lambda root, name: _run_inverse(root / "lessons" / name),
}


def shard(root, part):
    """Return the numbers of the lessons of one part, such as "1/2", of about equal seconds.

    Raises:
        ValueError: if `part` is not written like that.
    """
    found = re.fullmatch(r"([1-9])/([1-9])", part)
    if not found or int(found[1]) > int(found[2]):
        raise ValueError(f"a part is written like 1/2, got {part!r}.")
    loads = [[] for _ in range(int(found[2]))]
    seconds = _recorded_seconds(root)
    paths = notebooks_in(Path(root) / "solutions")
    for path in sorted(paths, key=lambda p: -seconds.get(p.stem, 60)):      # longest first
        min(loads, key=lambda load: sum(s for s, _ in load)).append(
            (seconds.get(path.stem, 60), number_of(path)))
    return sorted(number for _, number in loads[int(found[1]) - 1])


def _recorded_seconds(root):
    figures = load_notebooks(root)["figures"]
    return {name: figure["seconds"] for name, figure in figures.items()}


def verify(root, jobs=2, numbers=(), ways=("solved",)):
    """Run the notebooks below `root` and print a line for each run as it ends.

    Args:
        root: folder that holds solutions/ and lessons/.
        jobs: how many notebooks run side by side.
        numbers: lessons to run, such as ["02"]; all if empty.
        ways: of `WAYS`.

    Returns:
        A list of `Result`.
    """
    root = Path(root)
    wanted = notebooks_in(root / "solutions")
    wanted = [path for path in wanted if not numbers or number_of(path) in numbers]
    seconds = _recorded_seconds(root)       # the longest first, so that none is left alone
    wanted.sort(key=lambda path: -seconds.get(path.stem, 60))
    results = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = [pool.submit(RUN[way], root, path.name) for way in ways for path in wanted]
        for future in concurrent.futures.as_completed(runs):
            results.append(future.result())
            print(results[-1], flush=True)
            if results[-1].error:
                print(results[-1].error, flush=True)
    return sorted(results, key=lambda r: (r.notebook, r.way))
