"""A lesson goes through unsolved: what is proved without running its training."""

import nbformat
import pytest

from utils.authoring.lessons import write_lessons
from utils.authoring.text import from_text
from utils.authoring.unsolved import answers_read, unattempted_all

from .test_lessons import TEXT, sample_exercises


def with_cell(source, after="triple"):
    """The sample with one more teaching cell, right after the exercise or in front of it."""
    notebook = nbformat.from_dict(from_text(TEXT, sample_exercises()))
    place = [cell.id for cell in notebook.cells].index("triple") + (after == "triple")
    notebook.cells.insert(place, nbformat.v4.new_code_cell(source, id="more"))
    return notebook


@pytest.mark.parametrize("source", [
    "print(triple(2))",
    "def six(): return triple(2)",
    "[triple(k) for k in range(3)]",
    "x = lambda: triple",
    "f'{triple(1)}'",
    "class A:\n    value = triple(1)",
    "triple.__doc__",
])
def test_a_cell_that_reads_an_answer_is_found(source):
    assert list(answers_read(with_cell(source))) == [("more", "triple")]


@pytest.mark.parametrize("source", [
    "def f(triple): return triple(2)",              # a parameter of that name
    "def triple(x): return 3 * x\nprint(triple(1))",  # the lesson's own from here on
    "answer.triple",
    "'triple'",
    "%timeit triple(1)",
])
def test_a_cell_that_only_looks_like_it_is_not(source):
    assert list(answers_read(with_cell(source))) == []


def test_a_name_is_the_lessons_until_an_exercise_binds_it():
    assert list(answers_read(with_cell("triple = len\ntriple('ab')", after="setup"))) == []


def lesson(tmp_path, check):
    """The sample as a lesson whose first check says `check`."""
    old = 'print("checked" if os.environ["COURSE_STRICT"] == "1" else "tried")'
    text = TEXT.replace(old, check).replace("import os", "from utils.exercises.engine import *")
    text = text.replace('"fine"', "raise CheckFailed('not attempted')")
    folder = tmp_path / "solutions"
    folder.mkdir()
    nbformat.write(from_text(text, sample_exercises()), folder / "97_sample.ipynb")
    write_lessons(folder, tmp_path / "lessons")
    return [tmp_path / "lessons" / "97_sample.ipynb"]


@pytest.mark.parametrize(("check", "fault"), [
    ("raise CheckFailed('triple: not attempted yet')", None),
    ("triple(1.0)", "NotImplementedError"),
    ("print('nothing is checked')", "must fail as not attempted"),
    ("raise CheckFailed('not yet')", "CheckFailed: not yet"),
])
def test_every_check_of_an_unsolved_lesson_fails_as_not_attempted(tmp_path, check, fault):
    found = unattempted_all(lesson(tmp_path, check))
    if fault is None:
        assert found == []
    else:
        assert len(found) == 1 and "check-triple" in found[0] and fault in found[0]
