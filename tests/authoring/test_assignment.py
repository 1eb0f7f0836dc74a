"""nbgrader end to end: submissions of known worth get exactly the points they deserve."""

import ast
import copy
import html
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.answers import Several
from utils.authoring import assignment
from utils.authoring.text import checks_of

LESSON = "02"
ROOT = Path(__file__).resolve().parents[2]
NAME = f"lesson_{LESSON}"
LOOP_LIMIT = 20     # seconds, for the learner whose endless loop is outside a function
FAKE = "def __getattr__(*args):\n    return lambda *answers: 1\n"      # gives a point for anything
SHADOW = FAKE + 'check = type("Fake", (), {"__getattr__": __getattr__})()\n'

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")       # some answers divide by 0


def _only(folder):
    found = sorted(folder.glob(f"{LESSON}_*.ipynb"))
    if not found:
        pytest.skip(f"lesson {LESSON} is not there yet")
    return found[0]


def _read(path):
    return nbformat.read(path, as_version=4)


def _nbgrader(course, *args):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {k: v for k, v in os.environ.items() if k not in ("COURSE_STRICT", "NBGRADER_EXECUTION")}
    done = subprocess.run([sys.executable, "-m", "nbgrader", *args], cwd=course, text=True,
                          capture_output=True, check=False, env={**env, "PATH": path})
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


# --- what learners hand in ---------------------------------------------------------------------


def _kind(cell):
    grading = cell.metadata.get("nbgrader", {})
    return "solution" if grading.get("solution") else "check" if grading.get("grade") else None


def _name(cell):
    return cell.metadata.nbgrader["grade_id"].removeprefix("check-")


def _exercise_cells(notebook, kind):
    return {_name(c): c for c in notebook.cells if _kind(c) == kind}


def _arguments(notebook):
    """{exercise: names that its check is given}, read from the check cells."""
    calls = {}
    for name, cell in _exercise_cells(notebook, "check").items():
        call = ast.parse(cell.source).body[-1].value
        calls[name] = [ast.unparse(a) for a in call.args]
    return calls


def _trimmed(notebook):
    """The exercises and their checks, and no more of the set-up than the answers need."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [c for c in notebook.cells if _kind(c) or c.id == "setup"]
    notebook.cells[0].source = "import numpy as np"         # a kernel without Matplotlib
    return notebook


def _to_the_last_check(notebook):
    """All cells as they are, but those after the last exercise, which cost most of a whole run."""
    notebook = copy.deepcopy(notebook)
    last = max(k for k, cell in enumerate(notebook.cells) if _kind(cell))
    notebook.cells = notebook.cells[:last + 1]
    return notebook


def _fetch(names, where):
    """Code that takes an answer out of the answer library."""
    target = ", ".join(names)
    return (f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
            f"from tests.answers import {NAME} as library\n{target} = library.{where}")


def _pick(exercise, wrong, wanted):
    """Name of the first wrong answer whose earned points satisfy `wanted`, and these points."""
    for name, (answer, mistake) in wrong.items():
        answers = answer if isinstance(answer, Several) else (answer,)
        earned = exercise.examine(*answers, seed=7).earned
        if wanted(earned) and mistake != "endless":
            return name, earned
    return None


class Class:
    """The learners: {who: (notebook, {exercise: points}, extra files)}."""

    def __init__(self):
        self.checks = checks_of(LESSON)
        self.points = {name: e.points for name, e in self.checks.items()}
        self.library = importlib.import_module(f"tests.answers.{NAME}")
        self.solution = _read(_only(ROOT / "solutions"))
        self.lesson = _read(_only(ROOT / "lessons"))
        self.arguments = _arguments(self.solution)
        self.none = dict.fromkeys(self.points, 0.0)
        self.work = {
            "right": self.right(), "untouched": (_trimmed(self.lesson), self.none, {}),
            "mixed": self.mixed(), "loop": self.loop(), "tampered": self.tampered(),
            "deleted": self.deleted(),
        }

    def right(self):
        """The lesson with the solutions typed in, handed in from lessons/."""
        notebook = _to_the_last_check(self.lesson)
        solved = _exercise_cells(self.solution, "solution")
        for name, cell in _exercise_cells(notebook, "solution").items():
            cell.source = "\n".join(line for line in solved[name].source.splitlines()
                                    if not line.strip().startswith("### "))
        return notebook, self.points, {}

    def mixed(self):
        """First an endless function, then a partly right answer, then wrong ones."""
        notebook, grades = _trimmed(self.lesson), {}
        todo = ["endless", "partly"]
        for name, cell in _exercise_cells(notebook, "solution").items():
            exercise, names = self.checks[name], self.arguments[name]
            known = self.library.WRONG[name]
            partly = _pick(exercise, known, lambda points: points > 0)
            if todo[0:1] == ["endless"] and exercise.kind == "function" and len(names) == 1:
                cell.source = f"def {names[0]}(*args, **kwargs):\n    while True:\n        pass"
                grades[name] = 0.0
                todo.pop(0)
            elif todo[0:1] == ["partly"] and partly:
                cell.source = _fetch(names, f"WRONG[{name!r}][{partly[0]!r}][0]")
                grades[name] = float(partly[1])
                todo.pop(0)
            else:
                wrong, _ = _pick(exercise, known, lambda points: points == 0)
                cell.source = _fetch(names, f"WRONG[{name!r}][{wrong!r}][0]")
                grades[name] = 0.0
        assert not todo, f"lesson {LESSON} has no exercise for {todo}"
        return notebook, grades, {}

    def loop(self):
        """Another right answer each, but one exercise's cell itself never ends."""
        notebook, grades = _trimmed(self.lesson), dict(self.points)
        cells = _exercise_cells(notebook, "solution")
        for name, cell in cells.items():
            right = next(iter(self.library.RIGHT[name]))
            cell.source = _fetch(self.arguments[name], f"RIGHT[{name!r}][{right!r}]")
        last = list(cells)[-1]
        cells[last].source, grades[last] = (
            "import time\nwhile True:\n    time.sleep(0.1)", 0.0)      # busy for no CPU
        return notebook, grades, {}

    def tampered(self):
        """No right answer, and every trick with names, cells, metadata, environment and files."""
        notebook = _trimmed(self.lesson)
        hidden = 'import os\nos.environ["NBGRADER_EXECUTION"] = os.environ["COURSE_STRICT"] = ""\n'
        for cell in _exercise_cells(notebook, "solution").values():
            cell.source = SHADOW + hidden + cell.source
        checks = list(_exercise_cells(notebook, "check").values())
        for cell in checks:
            cell.source = "99"
        checks[0].metadata.nbgrader.update(grade=False, solution=True, locked=False)
        checks[1].metadata.nbgrader["points"] = 1000
        notebook.cells = [c for c in notebook.cells if c is not checks[2]]
        notebook.cells[0].source = SHADOW + notebook.cells[0].source
        files = {"utils/__init__.py": "", "utils/exercises/__init__.py": "",
                 f"utils/exercises/{NAME}.py": FAKE}
        return notebook, self.none, files

    def deleted(self):
        """Right answers, but no test cells, one exercise gone as well, and `check` lost."""
        notebook, grades = self.right()[0], dict(self.points)
        first = next(iter(grades))
        notebook.cells = [c for c in _trimmed(notebook).cells
                          if _kind(c) != "check" and not (_kind(c) and _name(c) == first)]
        notebook.cells.append(nbformat.v4.new_code_cell("check = None"))
        return notebook, {**grades, first: 0.0}, {}


@pytest.fixture(scope="module")
def learners():
    return Class()


@pytest.fixture(scope="module")
def course(learners, tmp_path_factory):
    """A course folder in which everybody has handed in, been graded and got feedback."""
    folder = tmp_path_factory.mktemp("nbgrader") / "course"
    assert assignment.write_assignment(LESSON, folder) == learners.points
    for who, (notebook, _, files) in learners.work.items():
        home = folder / "submitted" / who / NAME
        files = {**files, _only(ROOT / "lessons").name: nbformat.writes(notebook)}
        for path, text in files.items():
            (home / path).parent.mkdir(parents=True, exist_ok=True)
            (home / path).write_text(text, encoding="utf-8")
    _nbgrader(folder, "autograde", NAME, "--CourseDirectory.student_id_exclude=loop")
    _nbgrader(folder, "autograde", NAME, "--student=loop", f"--Execute.timeout={LOOP_LIMIT}")
    _nbgrader(folder, "generate_feedback", NAME)
    return folder


def _grades(course, who):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(NAME, who)
        assert not submission.needs_manual_grade
        return {g.name.removeprefix("check-"): g.score
                for notebook in submission.notebooks for g in notebook.grades}


def _feedback(course, who):
    path, = (course / "feedback" / who / NAME).glob("*.html")
    body = path.read_text(encoding="utf-8").split("<body", 1)[1]
    return html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", "", body, flags=re.S))


@pytest.mark.parametrize(
    "who", ["right", "untouched", "mixed", "loop", "tampered", "deleted"]
)
def test_a_submission_gets_exactly_the_points_it_deserves(course, learners, who):
    assert _grades(course, who) == learners.work[who][1]


def test_the_gradebook_knows_the_declared_points(course, learners):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_assignment(NAME).max_score == sum(learners.points.values())


def test_the_release_is_the_lesson_with_an_import_in_each_test_cell(course):
    released = _read(next((course / "release" / NAME).glob("*.ipynb")))
    lesson = _read(_only(ROOT / "lessons"))
    line = f"from utils.exercises import {NAME} as check\n"
    for cell in released.cells:
        if _kind(cell) == "check":
            assert cell.source.startswith(line)
            cell.source = cell.source.removeprefix(line)
    assert [(c.id, c.cell_type, c.source, c.get("outputs")) for c in released.cells] == [
        (c.id, c.cell_type, c.source, c.get("outputs")) for c in lesson.cells]


def test_feedback_tells_what_is_wrong(course):
    said = _feedback(course, "mixed")
    assert "not yet" in said
    assert "still running after" in said
    assert "✓ " in said and "✗ " in said             # the parts of the partly right answer
    assert "not attempted yet" in _feedback(course, "untouched")
    assert "CellTimeoutError" in _feedback(course, "loop")
    assert "not yet" not in _feedback(course, "right")


@pytest.mark.parametrize("who", ["untouched", "mixed", "loop", "tampered"])
def test_feedback_shows_neither_solutions_nor_the_inside_of_a_check(course, learners, who):
    said = _feedback(course, who)
    public = "\n".join(c.source for c in learners.lesson.cells)
    secret = {
        line.strip()
        for cell in _exercise_cells(learners.solution, "solution").values()
        for line in cell.source.splitlines()
        if len(line.strip()) > 12 and line.strip() not in public and "###" not in line
    }
    assert secret
    leaked = [line for line in secret if line in said]
    assert not leaked
    for inside in ("engine.py", "endings.py", "expect.py", "sandbox.py", "run_guarded",
                   "expect_close"):
        assert inside not in said


# --- the course folder -------------------------------------------------------------------------


def test_a_lesson_is_not_laid_out_twice_nor_over_submissions(course):
    before = {p: p.read_bytes() for p in course.rglob("*") if p.is_file()}
    with pytest.raises(ValueError, match=f"{NAME}.*--replace"):
        assignment.write_assignment(LESSON, course)
    with pytest.raises(ValueError, match=r"\b6\b.*learner.*--to"):
        assignment.write_assignment(LESSON, course, replace=True)
    assert {p: p.read_bytes() for p in course.rglob("*") if p.is_file()} == before


def test_a_foreign_folder_is_left_alone(tmp_path):
    _only(ROOT / "solutions")
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match=r"course folder.*--to"):
        assignment.write_assignment(LESSON, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_unknown_lesson_is_named_with_the_known_ones(tmp_path):
    with pytest.raises(ValueError, match=f"'77'.*{LESSON}"):
        assignment.write_assignment("77", tmp_path / "course")
    assert not (tmp_path / "course").exists()


def test_points_out_of_date_are_refused(tmp_path):
    path = tmp_path / _only(ROOT / "solutions").name
    notebook = _read(_only(ROOT / "solutions"))
    cell = next(c for c in notebook.cells if _kind(c) == "check")
    cell.metadata.nbgrader["points"] += 1
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match=f"{cell.id}.*{cell.metadata.nbgrader['points']}"):
        assignment.stage(path)


def test_learners_of_a_table_are_entered_and_bad_tables_refused(course, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,note\nwang-wei,伟,x\nzoe,Zoé,\n", encoding="utf-8")
    assert assignment.enrol(roster, course) == 2
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        assert gradebook.find_student("wang-wei").first_name == "伟"
    for text, message in (("name\nzoe\n", "'id'"), ("id\n../up\n", r"\b2\b.*'\.\./up'")):
        roster.write_text(text)
        with pytest.raises(ValueError, match=message):
            assignment.enrol(roster, course)
