"""The author's commands: `python -m utils.authoring COMMAND`; `--help` lists them."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

try:
    import nbformat
    import nbgrader  # noqa: F401
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is missing: authoring and grading need `make test` once, or "
             "`pip install -r utils/environment/locks/requirements-dev.txt`.")

from ..studies.machine import slower_than
from .assignment import enrol, write_assignment
from .execute import execute_notebook
from .flakes import flakes, table, ways
from .hygiene import faults
from .lessons import notebooks_in, write_lessons
from .mistakes import mistakes_text
from .notebook_records import load_notebooks, write_notebooks
from .readme import readme_text
from .suite import PARTS, run_parts
from .text import number_of, padded, to_text, write_notebook
from .unsolved import unattempted_all
from .verify import WAYS, budget_seconds, shard, verify

ROOT = Path(__file__).resolve().parents[2]


def _chosen(numbers):
    paths = notebooks_in(ROOT / "solutions")
    if not numbers:
        return paths
    chosen = [p for p in paths if number_of(p) in numbers]
    if len(chosen) != len(set(numbers)):
        sys.exit(f"No solution for {', '.join(numbers)}; known: "
                 f"{', '.join(map(number_of, paths)) or 'none'}.")
    return chosen


def _lessons(args):
    stale = write_lessons(ROOT / "solutions", ROOT / "lessons", check=args.check)
    for line in stale:
        print("stale:" if args.check else "wrote:", line.splitlines()[0])
        if args.check:
            print("\n".join(line.splitlines()[1:]))
    if args.check and stale:
        sys.exit("lessons/ is stale: run `make lessons` and commit what it writes.")
    if not args.check:
        (ROOT / "README.md").write_text(readme_text(ROOT), encoding="utf-8", newline="\n")
    print(f"lessons/ is in step with solutions/ ({len(notebooks_in(ROOT / 'lessons'))} notebooks)")


def _tables(*options):
    """Run `benchmarks.tables` in a process, since nothing in utils imports benchmarks."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.tables", *options], cwd=ROOT,
                          capture_output=True, text=True, encoding="utf-8",
                          env={**os.environ, "PYTHONIOENCODING": "utf-8"})
    lines = (done.stdout + done.stderr).splitlines()
    return lines if done.returncode else []


def _check(args):
    """Everything about the stored notebooks that needs no run."""
    found = [fault for folder in ("solutions", "lessons")
             for path in notebooks_in(ROOT / folder) for fault in faults(path)]
    if readme_text(ROOT) != (ROOT / "README.md").read_text(encoding="utf-8"):
        found.append("README.md: its table of lessons is not what solutions/ say; "
                     "run `make lessons`")
    found += _tables("--check")
    for fault in found:
        print("fault:", fault)
    args.check = True
    _lessons(args)
    if found:
        sys.exit(f"{len(found)} faults in stored notebooks, named above.")


def _unsolved(args):
    found = unattempted_all(notebooks_in(ROOT / "lessons"))
    print("\n".join(found) or "every stub fails as not attempted, and nothing else does")
    if found:
        sys.exit(f"{len(found)} faults in unsolved lessons, named above.")


def _run(args):
    if not run_parts(args.parts, ROOT, args.shard):
        sys.exit(1)


def _verify(args):
    numbers = args.numbers + (shard(ROOT, args.shard) if args.shard else [])
    results = verify(ROOT, 1 if args.record else args.jobs, numbers, args.ways)
    failed = [r for r in results if r.error]
    solved = [r for r in results if r.way == "solved"]
    slower = slower_than(load_notebooks(ROOT))
    print("\n| notebook | seconds | budget here | peak MB |\n| --- | ---: | ---: | ---: |")
    for r in solved:
        print(f"| {r.notebook} | {r.seconds:.1f} | {slower * budget_seconds(r.notebook):.0f} "
              f"| {r.peak_mb:.0f} |")
    print(f"\nA step of training takes {slower:.2f} times as long here, now, as where the figures "
          "of benchmarks/results/notebooks.json were measured; budgets are scaled by that.")
    print(f"\n{len(results) - len(failed)} passed, {len(failed)} failed")
    if args.record:
        names = [path.stem for path in notebooks_in(ROOT / "solutions")]
        write_notebooks(ROOT, names, {
            r.notebook: {"seconds": round(r.seconds, 1), "peak_mb": round(r.peak_mb)}
            for r in solved if not r.error})
        _tables()
        print("wrote benchmarks/results/notebooks.json and the table of benchmarks/README.md")
    if failed:
        sys.exit(1)


def _execute(args):
    for path in _chosen(args.numbers):
        start = time.monotonic()
        execute_notebook(path)
        print(f"{path.name}: executed in {time.monotonic() - start:.1f} s", flush=True)


def _flakes(args):
    failed = 0
    for path in _chosen(args.numbers):
        keep = ROOT / "build" / "flakes" / f"{path.stem}.json"
        chosen = [way for way in ways(args.runs, not args.same_data)
                  if not args.ways or way.name in args.ways]
        runs = flakes(path, chosen, keep)
        print(f"\n{path.stem}: {len(runs)} runs kept in {keep.relative_to(ROOT)}\n{table(runs)}\n")
        failed += sum(bool(run["error"]) or not all(c["holds"] for c in run["claims"])
                      for run in runs)
    if failed:
        sys.exit(f"{failed} runs had a claim that does not hold, or an error.")


def _text(args):
    print(to_text(nbformat.read(args.notebook, as_version=4)), end="")


def _notebook(args):
    write_notebook(Path(args.text).read_text(encoding="utf-8"), args.notebook)
    print(f"wrote {args.notebook}; `make execute` stores its outputs")


def _assignment(args):
    folder = Path(args.to)
    points = write_assignment(args.lesson, folder, course_id=args.course_id,
                              seconds=args.seconds, replace=args.replace)
    name = f"lesson_{padded(args.lesson)}"
    print(f"{folder / 'release' / name} is what learners get: "
          + ", ".join(f"{exercise} {worth:g}" for exercise, worth in points.items())
          + f"; {sum(points.values()):g} points.")
    if args.students:
        print(f"{enrol(args.students, folder)} learners entered into {folder / 'gradebook.db'}")
    print(f"Collect into {folder / 'submitted'}/LEARNER/{name}/, then with .venv activated: "
          f"cd {folder}; nbgrader autograde {name}; nbgrader generate_feedback {name}")


def _mistakes(args):
    page = ROOT / "instructor" / "common_wrong_answers.md"
    page.write_text(mistakes_text(ROOT / "solutions"), encoding="utf-8", newline="\n")
    print(f"wrote {page.relative_to(ROOT)}")


def main():
    parser = argparse.ArgumentParser(prog="python -m utils.authoring", description=__doc__)
    commands = parser.add_subparsers(required=True)
    lessons = commands.add_parser("lessons", help="generate lessons/ and README's table")
    lessons.add_argument("--check", action="store_true", help="compare only; exit 1 when stale")
    lessons.set_defaults(run=_lessons)
    check = commands.add_parser("check", help="all checks that need no run")
    check.set_defaults(run=_check)
    unsolved = commands.add_parser("unsolved", help="run all stubs and their checks, strictly")
    unsolved.set_defaults(run=_unsolved)
    parts = commands.add_parser("run", help="run parts of the tests, and say what each took")
    parts.add_argument("parts", nargs="+", choices=PARTS)
    parts.add_argument("--shard", default="", help="notebooks of one part only, such as 1/2")
    parts.set_defaults(run=_run)
    run = commands.add_parser("verify", help="run notebooks and measure them")
    run.add_argument("numbers", nargs="*", help="such as 02 03; all when none is given")
    run.add_argument("--ways", nargs="+", choices=WAYS, default=["solved"],
                     help="solved, and what takes as long again each: unsolved, inverse")
    run.add_argument("--shard", default="", help="one part of the lessons only, such as 1/2")
    run.add_argument("--jobs", type=int, default=2, help="notebooks side by side (2)")
    run.add_argument("--record", action="store_true",
                     help="run solutions one at a time and store the figures")
    run.set_defaults(run=_verify)
    often = commands.add_parser("flakes", help="run solutions often, and measure their claims")
    often.add_argument("numbers", nargs="*", help="such as 11; all when none is given")
    often.add_argument("--runs", type=int, default=10,
                       help="5 kinds of machines, then shifted seeds (10)")
    often.add_argument("--ways", nargs="*", default=(), help="only these, such as '1 thread'")
    often.add_argument("--same-data", action="store_true",
                       help="shift the seeds of training alone")
    often.set_defaults(run=_flakes)
    execute = commands.add_parser("execute", help="run solutions and store their outputs")
    execute.add_argument("numbers", nargs="*", help="such as 02 03; all when none is given")
    execute.set_defaults(run=_execute)
    text = commands.add_parser("text", help="print a notebook as text")
    text.add_argument("notebook")
    text.set_defaults(run=_text)
    notebook = commands.add_parser("notebook", help="write a notebook from text")
    notebook.add_argument("text")
    notebook.add_argument("notebook")
    notebook.set_defaults(run=_notebook)
    assignment = commands.add_parser("assignment", help="lay out an nbgrader course folder")
    assignment.add_argument("--lesson", required=True, help="such as 02")
    assignment.add_argument("--to", default="assignment", help="the folder (assignment)")
    assignment.add_argument("--students", help="CSV file with a column id: the learners")
    assignment.add_argument("--course-id", default="recurrent-networks",
                            help="of a new course folder (recurrent-networks)")
    assignment.add_argument("--seconds", type=int, default=120,
                            help="time limit per cell of a new course folder (120)")
    assignment.add_argument("--replace", action="store_true",
                            help="build a lesson again; refused once somebody has handed in")
    assignment.set_defaults(run=_assignment)
    mistakes = commands.add_parser("mistakes", help="write instructor/common_wrong_answers.md")
    mistakes.set_defaults(run=_mistakes)
    args = parser.parse_args()
    try:
        args.run(args)
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
