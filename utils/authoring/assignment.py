"""Lay out an nbgrader course folder from solutions/, one assignment per lesson."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from .lessons import notebooks_in
from .text import checks_of, number_of, padded

__all__ = ["enrol", "stage", "write_assignment"]

ROOT = Path(__file__).resolve().parents[2]
CONFIG = "nbgrader_config.py"
STUDENT_FIELDS = ("id", "first_name", "last_name", "email")


def stage(path, exercises=None):
    """Return the solution notebook `path` as nbgrader's source: each test cell stands alone.

    A test cell starts with its own import of the checks, so that neither a damaged set-up
    cell nor a variable named `check` decides what is graded.

    Args:
        path: a notebook of solutions/.
        exercises: {name: Exercise}; those of the lesson if None.

    Raises:
        ValueError: if there is nothing to grade, or a cell's points are out of date.
    """
    number = number_of(path)
    exercises = checks_of(number) if exercises is None else exercises
    notebook, graded = nbformat.read(path, as_version=4), 0
    for cell in notebook.cells:
        grading = cell.metadata.get("nbgrader", {})
        if not grading.get("grade"):
            continue
        name = grading["grade_id"].removeprefix("check-")
        declared = exercises[name].points if name in exercises else "none"
        if grading["points"] != declared:
            raise ValueError(
                f"{Path(path).name}, cell {cell.id}: it says {grading['points']} points, the "
                f"exercise {declared}: write the notebook again from its text."
            )
        cell.source = f"from utils.exercises import lesson_{number} as check\n{cell.source}"
        graded += 1
    if not graded:
        raise ValueError(f"{Path(path).name} has no graded exercise: nothing to assign.")
    return notebook


def _solution(lesson, solutions):
    paths = {number_of(p): p for p in notebooks_in(solutions)}
    number = padded(lesson)
    if number not in paths:
        known = ", ".join(paths) or "none"
        raise ValueError(f"There is no lesson {lesson!r} to assign; there is: {known}.")
    return number, paths[number]


def _is_course(folder):
    return (folder / CONFIG).is_file()


def _handed_in(folder, name):
    steps = [p for step in ("submitted", "autograded", "feedback")
             for p in sorted((folder / step).glob(f"*/{name}"))]
    students = {p.parent.name for p in steps}
    if (folder / "gradebook.db").exists():
        with Gradebook(f"sqlite:///{(folder / 'gradebook.db').resolve()}") as gradebook:
            students |= {s.student.id for s in gradebook.assignment_submissions(name)}
    return len(students)


def _make_room(folder, name, replace):
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file; name a folder with --to.")
    if folder.is_dir() and any(folder.iterdir()) and not _is_course(folder):
        raise ValueError(f"{folder} is not empty and has no {CONFIG}: not a course folder; "
                         "nothing was written. Name another folder with --to.")
    if not (folder / "source" / name).exists():
        return
    if not replace:
        raise ValueError(f"{folder} already holds {name}; nothing was changed. To build it "
                         "again, add --replace (possible until somebody has handed in).")
    count = _handed_in(folder, name)
    if count:
        raise ValueError(f"{folder} holds work of {count} learner(s) for {name}: it is not "
                         "replaced. Build a new course folder with --to.")
    for step in ("source", "release"):
        shutil.rmtree(folder / step / name, ignore_errors=True)


def _write_config(folder, course_id, seconds):
    if _is_course(folder):
        return                                  # the instructor's own by now
    text = (ROOT / "instructor" / CONFIG).read_text(encoding="utf-8")
    for key, value in (("COURSE_ID", repr(course_id)), ("SECONDS_PER_CELL", str(seconds))):
        text, found = re.subn(rf"^{key} = \S+", f"{key} = {value}", text, flags=re.M)
        if found != 1:
            raise ValueError(f"instructor/{CONFIG} must have one line '{key} = ...'.")
    (folder / CONFIG).write_text(text, encoding="utf-8")


def _generate(folder, name):
    # a new gradebook makes nbgrader call `alembic`, which lies beside this Python
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force"],
        cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )
    if done.returncode:
        causes = re.findall(r"^\s*(\w*(?:Error|Exception)\w*: .*)$", done.stderr, re.M)
        raise ValueError(f"nbgrader could not generate {name}: "
                         f"{causes[-1] if causes else done.stderr.strip()[-300:]}")


def write_assignment(lesson, folder, solutions=None, course_id="recurrent-networks",
                     seconds=120, replace=False):
    """Stage a lesson in the course folder `folder` and generate its release with nbgrader.

    Args:
        lesson: number, such as "02".
        folder: made if missing; another lesson may be in it already.
        solutions: folder of the solution notebooks; the course's if None.
        course_id: of a new course folder.
        seconds: time limit per cell, of a new course folder.
        replace: build the lesson again although it is there; never with submissions.

    Returns:
        {exercise: points}

    Raises:
        ValueError: on an unknown lesson or a folder that must not be written to.
    """
    folder = Path(folder)
    number, path = _solution(lesson, solutions or ROOT / "solutions")
    name, notebook = f"lesson_{number}", stage(path)
    _make_room(folder, name, replace)
    source = folder / "source" / name
    source.mkdir(parents=True)
    try:
        _write_config(folder, course_id, seconds)
        nbformat.write(notebook, source / path.name)
        _generate(folder, name)
    except BaseException:
        shutil.rmtree(source, ignore_errors=True)
        raise
    gradings = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    return {g["grade_id"].removeprefix("check-"): g["points"] for g in gradings if g.get("grade")}


def enrol(roster, folder):
    """Enter the learners of the CSV file `roster` into the gradebook; returns how many.

    Args:
        roster: a table with a column `id` and, if known, first_name, last_name, email.
        folder: a course folder.

    Raises:
        ValueError: if the table cannot be read, has no `id` column, or an id is no folder name.
    """
    try:
        with open(roster, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot read the list of learners {roster}: {error}") from None
    if not rows or "id" not in rows[0]:
        raise ValueError(f"{roster} needs a first line with a column 'id' and a line per learner.")
    for line, row in enumerate(rows, 2):
        if not re.fullmatch(r"[\w.@-]+", row["id"] or "") or row["id"].startswith("."):
            raise ValueError(f"{roster}, line {line}: {row['id']!r} cannot be a folder's name.")
    with Gradebook(f"sqlite:///{(Path(folder) / 'gradebook.db').resolve()}") as gradebook:
        for row in rows:
            known = {key: row[key] for key in STUDENT_FIELDS[1:] if row.get(key)}
            gradebook.update_or_create_student(row["id"], **known)
    return len(rows)
