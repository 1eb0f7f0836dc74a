"""From text to solutions to lessons, and what may not be stored on the way."""

import json

import nbformat
import pytest

from utils.authoring import hygiene, notebook_records, verify
from utils.authoring.execute import execute_notebook
from utils.authoring.lessons import lesson_text, notebooks_in, write_lessons
from utils.authoring.readme import END, START, readme_text
from utils.authoring.text import from_text, number_of, padded, to_text
from utils.exercises.engine import Exercise
from utils.exercises.expect import expect_number
from utils.studies import records

TEXT = """\
%% md title
# 97 · A sample

%% code setup
import os
answer = 6 * 7

%% code worked tags=nbval-check-output
print(answer)

%% solution triple
def triple(x):
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION

%% check triple
print("checked" if os.environ["COURSE_STRICT"] == "1" else "tried")

%% solution model
model = None
### BEGIN SOLUTION
model = 1.0
### END SOLUTION

%% check model
"fine"
"""


def sample_exercises():
    triple, model = Exercise("triple"), Exercise("model", kind="value")

    @triple.part("value", points=2)
    def _(rng, function):
        expect_number(function(1.0), "3x")

    @model.part("value")
    def _(rng, value):
        expect_number(value, "model")

    return {"triple": triple, "model": model}


@pytest.fixture(autouse=True)
def known_machine(monkeypatch):
    """Records are written in no time: measuring the machine needs Keras."""
    monkeypatch.setattr(records, "calibration", lambda: {"processor": "x", "lstm_step_ms": 2.0})


@pytest.fixture
def solutions(tmp_path):
    folder = tmp_path / "solutions"
    folder.mkdir()
    nbformat.write(from_text(TEXT, sample_exercises()), folder / "97_sample.ipynb")
    return folder


def cells_of(text):
    return {cell["id"]: cell for cell in json.loads(text)["cells"]}


def test_text_and_notebook_turn_into_each_other():
    notebook = from_text(TEXT, sample_exercises())
    assert to_text(notebook).split() == TEXT.split()
    assert to_text(from_text(to_text(notebook), sample_exercises())) == to_text(notebook)


def test_a_check_cell_gets_its_points_from_its_exercise():
    cells = {c.id: c for c in from_text(TEXT, sample_exercises()).cells}
    assert cells["check-triple"].metadata.nbgrader.points == 2
    assert cells["check-triple"].metadata.nbgrader.grade
    assert cells["triple"].metadata.nbgrader.solution


@pytest.mark.parametrize(("text", "message"), [
    ("%% cell x\n1", "line 1"),
    ("%% code\n1", "line 1"),
    ("print(1)\n%% code x\n1", "before the first"),
    ("%% code x\n1\n%% code x\n2", "repeated: x"),
    ("%% check unknown\n1", "known: triple, model"),
])
def test_malformed_text_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        from_text(text, sample_exercises())


@pytest.mark.parametrize("name", ["2_x.ipynb", "02.ipynb", "lesson.ipynb"])
def test_a_lesson_is_named_by_its_number(name):
    assert number_of("solutions/02_simple_rnn_by_hand.ipynb") == "02"
    assert number_of("solutions/08b_tables_to_sequences.ipynb") == "08b"
    with pytest.raises(ValueError, match="named like"):
        number_of(name)


def test_a_second_half_of_a_lesson_is_found_right_after_the_first(tmp_path):
    for name in ("09_c", "08b_tables", "08_mining", "notes", "8_x"):
        (tmp_path / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    found = [number_of(path) for path in notebooks_in(tmp_path)]
    assert found == ["08", "08b", "09"] == [padded(n) for n in ("8", "8b", 9)]
    assert verify.budget_seconds("08b_tables") == verify.budget_seconds("08_mining") == 120


def test_a_lesson_has_stubs_and_keeps_the_outputs_of_worked_examples(solutions):
    path = solutions / "97_sample.ipynb"
    execute_notebook(path)
    cells = cells_of(lesson_text(path))
    assert "raise NotImplementedError" in "".join(cells["triple"]["source"])
    assert "3 * x" not in "".join(cells["triple"]["source"])
    assert "".join(cells["model"]["source"]) == "model = None\n# your code here"
    assert cells["worked"]["outputs"][0]["text"] == ["42\n"]
    for exercise in ("triple", "check-triple", "model", "check-model"):
        assert cells[exercise]["outputs"] == []
        assert cells[exercise]["execution_count"] is None
    assert cells["check-triple"]["metadata"]["editable"] is False


def test_execution_is_strict_and_stores_the_same_bytes_again(solutions):
    path = solutions / "97_sample.ipynb"
    execute_notebook(path)
    first = path.read_bytes()
    execute_notebook(path)
    assert path.read_bytes() == first
    assert b"checked" in first


def test_a_stale_a_missing_and_a_left_over_lesson_are_found(solutions, tmp_path):
    lessons = tmp_path / "lessons"
    assert len(write_lessons(solutions, lessons, check=True)) == 1
    assert not list(lessons.iterdir())
    write_lessons(solutions, lessons)
    assert write_lessons(solutions, lessons, check=True) == []
    path = lessons / "97_sample.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("42", "43"), encoding="utf-8")
    path.with_name("98_gone.ipynb").write_text("{}", encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("A sample", "An edit"),
                    encoding="utf-8")
    stale = write_lessons(solutions, lessons, check=True)
    assert len(stale) == 2
    assert "98_gone" in stale[0]
    assert "An edit" in stale[1]


@pytest.mark.parametrize("source", [
    "def f():\n    ### BEGIN SOLUTION\n    return 1",
    "def f():\n    return 1\n    ### END SOLUTION",
    "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    ### END SOLUTION",
    "def f():\n    return 1",
])
def test_misplaced_markers_stop_the_generation(solutions, source):
    path = solutions / "97_sample.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(c for c in notebook.cells if c.id == "triple").source = source
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match="triple"):
        lesson_text(path)


def test_a_marker_that_would_leak_stops_the_generation(solutions):
    path = solutions / "97_sample.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\nwrite it between BEGIN SOLUTION and the end"
    nbformat.write(notebook, path)
    with pytest.raises(ValueError, match=r"leak|BEGIN"):
        lesson_text(path)


PLANTED = {
    "a stored error": ("worked", {"outputs": [nbformat.v4.new_output(
        "error", ename="KeyError", evalue="x", traceback=[])]}),
    "stored stderr": ("worked", {"outputs": [nbformat.v4.new_output(
        "stream", name="stderr", text="careful")]}),
    "machine path": ("worked", {"outputs": [nbformat.v4.new_output(
        "stream", name="stdout", text="/home/someone/file")]}),
    "lines long": ("worked", {"source": "x = 1\n" * 26}),
    "readable id": ("worked", {"id": "3f2a9c1e"}),
    "no execution count": ("worked", {"execution_count": None, "outputs": [
        nbformat.v4.new_output("stream", name="stdout", text="42\n")]}),
    "lacks its solution cell": ("check-triple", {"metadata": {}}),
    "stored without running": ("worked", {"execution_count": None, "outputs": []}),
    "imports utils.authoring": ("setup", {"source": "import utils.authoring.text"}),
    "backend-agnostic": ("setup", {"source": "import tensorflow as tf"}),
    "another value, which is imported": ("worked", {"source": "for os in 'ab':\n    pass"}),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(solutions, monkeypatch, fault):
    monkeypatch.setattr(hygiene, "checks_of", lambda number: sample_exercises())
    monkeypatch.setattr(hygiene, "number_of", lambda path: "02")
    path = solutions / "97_sample.ipynb"
    execute_notebook(path)
    assert hygiene.faults(path) == []
    notebook = nbformat.read(path, as_version=4)
    cell_id, changes = PLANTED[fault]
    cell = next(c for c in notebook.cells if c.id == cell_id)
    cell.update(nbformat.from_dict(changes))
    nbformat.write(notebook, path)
    assert any(fault in line for line in hygiene.faults(path)), hygiene.faults(path)


def test_points_that_differ_from_the_exercise_are_found(solutions, monkeypatch):
    exercises = sample_exercises()
    exercises["triple"].part("more", points=1)(lambda rng, f: None)
    monkeypatch.setattr(hygiene, "checks_of", lambda number: exercises)
    found = hygiene.faults(solutions / "97_sample.ipynb")
    assert any("says 2 points, its exercise 3" in line for line in found)


def test_verify_reports_a_cell_that_fails_and_a_check_that_cannot(solutions, tmp_path, capsys):
    execute_notebook(solutions / "97_sample.ipynb")
    write_lessons(solutions, tmp_path / "lessons")
    results = {r.way: r for r in verify.verify(tmp_path, jobs=2, ways=verify.WAYS)}
    assert results["solved"].error == ""
    assert results["solved"].cells == 6
    assert results["solved"].peak_mb > 20
    assert results["unsolved"].error == ""
    assert "an unsolved exercise must fail" in results["inverse"].error    # it checks nothing
    path = solutions / "97_sample.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = "answer = 41"
    nbformat.write(notebook, path)
    [result] = verify.verify(tmp_path)
    assert result.way == "solved"
    assert "42" in result.error and "41" in result.error


def test_shards_hold_each_lesson_once_and_about_equal_seconds(tmp_path):
    seconds = {"00_a": 90, "01_b": 10, "02_c": 20, "03_d": 60, "08b_e": 25}
    (tmp_path / "solutions").mkdir()
    for name in [*seconds, "09_new"]:
        (tmp_path / "solutions" / f"{name}.ipynb").touch()
    records.write_record(tmp_path / notebook_records.NOTEBOOKS, "make record", {
        name: {"seconds": each, "peak_mb": 1} for name, each in seconds.items()})
    first, second = verify.shard(tmp_path, "1/2"), verify.shard(tmp_path, "2/2")
    assert sorted(first + second) == ["00", "01", "02", "03", "08b", "09"]
    sums = [sum(s for name, s in seconds.items() if name[:2] in part[:1] or
                name.partition("_")[0] in part) for part in (first, second)]
    assert max(sums) < 2 * min(sums)
    for wrong in ("", "3/2", "0/2", "half"):
        with pytest.raises(ValueError, match="1/2"):
            verify.shard(tmp_path, wrong)


def test_measuring_one_notebook_keeps_the_figures_of_the_others(tmp_path):
    record = tmp_path / notebook_records.NOTEBOOKS
    records.write_record(record, "make record", {
        name: {"seconds": 1.0, "peak_mb": 2} for name in ("00_start", "01_next", "01_gone")})
    notebook_records.write_notebooks(tmp_path, ["00_start", "01_next", "02_new"],
                            {"01_next": {"seconds": 3.0, "peak_mb": 4}})
    figures = json.loads(record.read_text(encoding="utf-8"))["figures"]
    assert figures == {"00_start": {"seconds": 1.0, "peak_mb": 2},
                       "01_next": {"seconds": 3.0, "peak_mb": 4}}


def test_a_figure_added_to_a_record_keeps_all_others(tmp_path, capsys):
    path = tmp_path / "results/study.json"
    for figure in [("a", "吧", 1), ("b", "吧", 2), ("a", "other", 3), ("b", "吧", 4)]:
        records.Record(path, "make study", seeds=range(2)).put(*figure)
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["figures"] == {"a": {"吧": 1, "other": 3}, "b": {"吧": 4}}
    assert (written["command"], written["seeds"]) == ("make study", [0, 1])
    assert written["machine"] == {"processor": "x", "lstm_step_ms": 2.0}
    assert capsys.readouterr().out.splitlines()[-1] == "b 吧 4"


TITLES = {"02_by_hand": "# 02 · A simple RNN by hand\n\nabout 90 minutes to read\nand solve.",
          "02b_more": "# 02b · Much more 更多\n\nabout 25 minutes to read; a minute to run."}


@pytest.fixture
def readme(tmp_path):
    (tmp_path / "solutions").mkdir()
    for name, text in TITLES.items():
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]),
                       tmp_path / "solutions" / f"{name}.ipynb")
    path = tmp_path / "README.md"
    path.write_text("\n".join([
        "# A", START, "| a head | that goes | 1 |",
        "| 02 [an old name](lessons/02_by_hand.ipynb) | do it by hand | 5 |",
        "| 03 [gone](lessons/03_gone.ipynb) | be gone | 5 |", END, "B\n"]), encoding="utf-8")
    return path


def test_the_readme_table_has_headings_and_minutes_of_the_solutions_and_keeps_its_words(readme):
    text = readme_text(readme.parent)
    assert text.splitlines() == [
        "# A", START, "| lesson | what you will be able to do | minutes |",
        "| --- | --- | ---: |",
        "| 02 [A simple RNN by hand](lessons/02_by_hand.ipynb) | do it by hand | 90 |",
        "| 02b [Much more](lessons/02b_more.ipynb) | … | 25 |", END, "B"]
    readme.write_text(text, encoding="utf-8")
    assert readme_text(readme.parent) == text


def test_a_readme_without_marks_and_a_lesson_without_minutes_are_named(readme):
    path = readme.parent / "solutions" / "02b_more.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 02b · x")]),
                   path)
    with pytest.raises(ValueError, match=r"02b_more\.ipynb.*minutes to read"):
        readme_text(readme.parent)
    readme.write_text("# A\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md must hold"):
        readme_text(readme.parent)
