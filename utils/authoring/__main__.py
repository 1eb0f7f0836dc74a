"""The author's commands: `python -m utils.authoring COMMAND`; `--help` lists them."""

import argparse
import sys
import time
from pathlib import Path

import nbformat

from .execute import execute_notebook
from .lessons import notebooks_in, write_lessons
from .text import to_text, write_notebook

ROOT = Path(__file__).resolve().parents[2]


def _chosen(numbers):
    paths = notebooks_in(ROOT / "solutions")
    if not numbers:
        return paths
    chosen = [p for p in paths if p.name[:2] in numbers]
    if len(chosen) != len(set(numbers)):
        sys.exit(f"No solution for {', '.join(numbers)}; known: "
                 f"{', '.join(p.name[:2] for p in paths) or 'none'}.")
    return chosen


def _lessons(args):
    stale = write_lessons(ROOT / "solutions", ROOT / "lessons", check=args.check)
    for line in stale:
        print("stale:" if args.check else "wrote:", line.splitlines()[0])
        if args.check:
            print("\n".join(line.splitlines()[1:]))
    if args.check and stale:
        sys.exit("lessons/ is stale: run `make lessons` and commit what it writes.")
    print(f"lessons/ is in step with solutions/ ({len(notebooks_in(ROOT / 'lessons'))} notebooks)")


def _execute(args):
    for path in _chosen(args.numbers):
        start = time.monotonic()
        execute_notebook(path)
        print(f"{path.name}: executed in {time.monotonic() - start:.1f} s", flush=True)


def _text(args):
    print(to_text(nbformat.read(args.notebook, as_version=4)), end="")


def _notebook(args):
    write_notebook(Path(args.text).read_text(encoding="utf-8"), args.notebook)
    print(f"wrote {args.notebook}; `make execute` stores its outputs")


def main():
    parser = argparse.ArgumentParser(prog="python -m utils.authoring", description=__doc__)
    commands = parser.add_subparsers(required=True)
    lessons = commands.add_parser("lessons", help="generate lessons/ from solutions/")
    lessons.add_argument("--check", action="store_true", help="compare only; exit 1 when stale")
    lessons.set_defaults(run=_lessons)
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
    args = parser.parse_args()
    try:
        args.run(args)
    except ValueError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
