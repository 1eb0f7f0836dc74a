"""Lessons in a real browser: they run, a quiz answers, a slider moves, a check judges.

`make test-browser` opens lessons 00 to 02 and what changed since the last full run, and
`make test-browser ALL=1` all of them; pictures are left in build/screenshots/.
"""

import os
import shutil
import time
from pathlib import Path

import nbformat
import pytest

from .fingerprints import changed
from .jupyterlab import browse, serve, text_of

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb")) if os.environ.get("ALL") else changed()
PICTURES = Path(os.environ.get("COURSE_SCREENSHOTS", ROOT / "build" / "screenshots"))
SECONDS = 900                   # for a whole lesson; it has 60 to 120 on an idle machine

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of lessons/: what runs here changes nothing."""
    copy = shutil.copytree(ROOT / "lessons", tmp_path_factory.mktemp("lab") / "lessons")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with serve(copy) as address, browse(address) as lab:
        yield lab


@pytest.fixture(scope="module")
def ran(lab):
    """A function that opens a lesson and runs all of it, once; the one before is closed.

    A kernel holds up to 1.4 GB. `pytest_collection_modifyitems` beside this file puts the tests
    of a lesson next to each other.
    """
    held = {}

    def close():
        for notebook, _ in held.values():
            notebook.close()
        held.clear()

    def run(path):
        if path not in held:
            close()
            start = time.monotonic()
            notebook = lab.open(path.name)
            done = notebook.run_all(SECONDS)
            cells = [c for c in notebook.cells() if c["cell_type"] == "code"]
            print(f"\n{path.name}: {len(cells)} code cells in {time.monotonic() - start:.1f} s",
                  flush=True)
            held[path] = notebook, done
        return held[path]

    yield run
    close()


def of_lesson(number):
    """Mark a test with the one lesson that it needs; `fingerprints.ALWAYS` has it."""
    [path] = [p for p in LESSONS if p.name.startswith(f"{number}_")]
    return pytest.mark.parametrize("path", [path], ids=[path.stem])


def _find(notebook, word):
    """Id of the first code cell that holds `word`, or None."""
    return next((c["id"] for c in notebook.cells()
                 if c["cell_type"] == "code" and word in "".join(c["source"])), None)


def _solution(number, exercise):
    path = next((ROOT / "solutions").glob(f"{number}_*.ipynb"))
    cell = next(c for c in nbformat.read(path, as_version=4).cells if c.id == exercise)
    return "\n".join(x for x in cell.source.splitlines() if not x.strip().startswith("### "))


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_cell_of_a_lesson_runs_without_an_error(ran, path):
    notebook, done = ran(path)
    assert notebook.screenshots(PICTURES, path.stem)
    assert done, f"still running after {SECONDS} s"
    code = [c for c in notebook.cells() if c["cell_type"] == "code" and "".join(c["source"])]
    failed = {c["id"]: o["evalue"] for c in code for o in c["outputs"]
              if o["output_type"] == "error"}
    assert not failed
    assert not [c["id"] for c in code if c["execution_count"] is None]
    noise = {c["id"]: text_of(c)[:300] for c in code for o in c["outputs"]
             if o.get("name") == "stderr"}
    assert not noise
    checks = [c for c in code if c["metadata"].get("nbgrader", {}).get("grade")]
    assert [c["id"] for c in checks if "not attempted yet" not in text_of(c)] == []


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_quiz_answer_is_explained(ran, path):
    notebook, _ = ran(path)
    quiz = notebook.show(_find(notebook, "quiz.show_quiz("))
    question = quiz.wait_for_selector(".Quiz:has(.MCButton)")       # some are asked in numbers
    answer = question.wait_for_selector(".MCButton")
    expected = answer.get_attribute("data-feedback")
    feedback = question.query_selector(".Feedback")
    assert feedback.inner_text() == ""
    answer.click()
    notebook.page.wait_for_timeout(300)
    assert expected[:40] in feedback.inner_text()
    question.screenshot(path=PICTURES / f"{path.stem}-quiz.png")


@of_lesson("01")
def test_moving_a_slider_redraws_its_figure(ran, path):
    notebook, _ = ran(path)
    cell = notebook.show(_find(notebook, "Slider("))
    handle = cell.wait_for_selector(".widget-hslider .noUi-handle")
    before = _settled(notebook, cell)
    handle.focus()
    for _ in range(3):
        handle.press("ArrowRight")
    assert _settled(notebook, cell, unlike=before) != before
    cell.screenshot(path=PICTURES / f"{path.stem}-slider.png")


def _settled(notebook, cell, unlike=None, seconds=20):
    """Return the figure of a cell once it is no longer `unlike` and stays for a second."""
    end, seen, since = time.monotonic() + seconds, unlike, time.monotonic()
    while time.monotonic() < end:
        now = cell.wait_for_selector("img").get_attribute("src")
        if now != seen:
            seen, since = now, time.monotonic()
        if now != unlike and time.monotonic() - since > 1:
            break
        notebook.page.wait_for_timeout(100)
    return seen


@of_lesson("02")
def test_an_exercise_tells_right_from_wrong(ran, path):
    """Type a wrong answer twice, then the right one, as a learner would."""
    notebook, _ = ran(path)
    notebook.type("rnn_step", "def rnn_step(x_t, h_prev, W, U, b):\n"
                              "    return np.tanh(x_t @ W + h_prev @ U)")
    notebook.run("rnn_step")
    said = notebook.run("check-rnn_step")
    assert "not yet" in said and "Hint:" in said
    notebook.show("check-rnn_step").screenshot(path=PICTURES / "exercise-not-yet.png")
    again = notebook.run("check-rnn_step")
    assert again.split("Hint:")[1] != said.split("Hint:")[1]
    notebook.type("rnn_step", _solution("02", "rnn_step"))
    notebook.run("rnn_step")
    assert "rnn_step: correct" in notebook.run("check-rnn_step")
    notebook.show("check-rnn_step").screenshot(path=PICTURES / "exercise-correct.png")


def test_nothing_left_this_machine_and_no_script_failed(lab):
    assert not lab.outside
    assert not lab.script_errors
