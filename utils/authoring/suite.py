"""The parts of the tests: run one after the other, timed, with a table of where the time went."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["PARTS", "run_parts", "table"]

AUTHORING = ("-m", "utils.authoring")
PARTS = {
    "lint": ("-m", "ruff", "check", "."),
    "floors": ("-c", "from importlinter.cli import lint_imports_command as f; f(['--no-cache'])"),
    "tests": ("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"),
    "check": (*AUTHORING, "check"),
    "unsolved": (*AUTHORING, "unsolved"),
    "notebooks": (*AUTHORING, "verify"),
    "notebooks-all": (*AUTHORING, "verify", "--ways", "solved", "unsolved", "inverse"),
    "browser": ("-m", "pytest", "-q", "-s", "-m", "browser", "tests/browser"),
}
NOTEBOOKS = ("notebooks", "notebooks-all")
KEPT = Path("build", "seconds.json")        # several commands of one run share a table
RECENT = 3 * 3600                           # seconds


def _kept(root):
    try:
        rows = json.loads((root / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [row for row in rows if time.time() - row["ended"] < RECENT]


def table(rows):
    """Return a Markdown table of parts and seconds, with their sum.

    >>> print(table([{"part": "lint", "seconds": 0.4, "passed": True}]))
    | part | seconds |  |
    | --- | ---: | --- |
    | lint | 0 | passed |
    | all | 0 |  |
    """
    lines = ["| part | seconds |  |", "| --- | ---: | --- |"]
    for row in rows:
        state = "passed" if row["passed"] else "FAILED"
        lines.append(f"| {row['part']} | {row['seconds']:.0f} | {state} |")
    return "\n".join([*lines, f"| all | {sum(row['seconds'] for row in rows):.0f} |  |"])


def run_parts(parts, root, shard=""):
    """Run `parts` in turn, the rest too when one fails; returns whether all passed.

    Args:
        parts: names of `PARTS`.
        root: the repository.
        shard: such as "1/2": the notebooks of that part only.
    """
    root, rows = Path(root), []
    for part in parts:
        command = [sys.executable, *PARTS[part]]
        if shard and part in NOTEBOOKS:
            command += ["--shard", shard]
        print(f"--- {part}", flush=True)
        start = time.monotonic()
        code = subprocess.run(command, cwd=root, env=os.environ).returncode
        rows.append({"part": f"{part} {shard}".strip() if part in NOTEBOOKS else part,
                     "seconds": time.monotonic() - start, "passed": code == 0,
                     "ended": time.time()})
    names = {row["part"] for row in rows}
    earlier = [row for row in _kept(root) if row["part"] not in names]
    (root / KEPT).parent.mkdir(exist_ok=True)
    (root / KEPT).write_text(json.dumps([*earlier, *rows]), encoding="utf-8")
    print(f"\nWhere the time went:\n{table([*earlier, *rows])}", flush=True)
    return all(row["passed"] for row in rows)
