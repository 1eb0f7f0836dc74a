"""The exercise engine: its three faces, its limits on a learner's code, and its manners."""

import random
import subprocess
import sys
import threading
import time
import types

import numpy as np
import pytest

from utils.exercises import clock
from utils.exercises.engine import CheckFailed, Exercise, exercises_of, seal
from utils.exercises.expect import Wrong, expect_close, expect_number, expect_tuple
from utils.exercises.worker import Worker


def make_exercise(**options):
    """y = 2x + 1, in two parts worth 1 and 2 points."""
    exercise = Exercise("double", hints={
        "no_one": ("What is added?", "Add 1 after doubling."),
        None: "Compare with y = 2x + 1.",
    }, **options)

    @exercise.part("matrix", points=1)
    def _(rng, double):
        x = rng.normal(size=(2, 3))
        expect_close(double(x), 2 * x + 1, "y", axes="(batch, features)",
                     mistakes={"no_one": 2 * x})

    @exercise.part("vector", points=2)
    def _(rng, double):
        x = rng.normal(size=4)
        expect_close(double(x), 2 * x + 1, "y", mistakes={"no_one": lambda: 2 * x})

    return exercise


def right(x):
    return 2 * x + 1


def only_matrix(x):
    return 2 * x + (1 if x.ndim == 2 else 0)


@pytest.fixture
def friendly(monkeypatch):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("COURSE_STRICT", raising=False)


def test_a_right_answer_is_correct_and_nothing_is_returned(friendly, capsys):
    assert make_exercise()(right) is None
    assert capsys.readouterr().out == "✓ double: correct.\n"


def test_a_wrong_part_is_named_with_a_hint_and_the_next_try_gives_the_next(friendly, capsys):
    exercise = make_exercise()
    exercise(only_matrix)
    first = capsys.readouterr().out
    exercise(only_matrix)
    second = capsys.readouterr().out
    exercise(only_matrix)
    third = capsys.readouterr().out
    assert "✓ matrix   ✗ vector" in first
    assert "[vector] y is wrong: 4 of 4 values differ, the largest by 1." in first
    assert "What is added?" in first
    assert "Add 1 after doubling." in second
    assert "Add 1 after doubling." in third


def test_an_unknown_mistake_gets_the_general_hint(friendly, capsys):
    make_exercise()(lambda x: x - 7)
    assert "Compare with y = 2x + 1." in capsys.readouterr().out


def test_a_named_mistake_without_a_hint_does_not_get_the_general_one(friendly, capsys):
    make_exercise()(lambda x: 1 / 0)
    out = capsys.readouterr().out
    assert "ZeroDivisionError" in out
    assert "Hint" not in out


def first_input(exercise, seed=None):
    """Return the seed of a check and the first input that it gave."""
    seen = []
    verdict = exercise.examine(lambda x: seen.append(x) or x, seed=seed)
    return verdict.seed, seen[0]


def test_the_quoted_seed_repeats_the_inputs():
    exercise = make_exercise()
    seed, first = first_input(exercise)
    np.testing.assert_array_equal(first, first_input(exercise, seed)[1])
    assert not np.array_equal(first, first_input(exercise, seed + 1)[1])


def test_fresh_inputs_are_drawn_without_a_seed():
    exercise = make_exercise()
    assert exercise.examine(right).seed != exercise.examine(right).seed


@pytest.mark.parametrize("variable", [("COURSE_STRICT", "1"), ("NBGRADER_EXECUTION", "validate")])
@pytest.mark.parametrize("answer", [None, lambda x: x, only_matrix])
def test_strict_raises_unless_all_is_right(monkeypatch, friendly, variable, answer):
    monkeypatch.setenv(*variable)
    make_exercise()(right)
    with pytest.raises(CheckFailed):
        make_exercise()(answer)


def test_autograding_gives_the_points_of_the_right_parts(monkeypatch, friendly):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert make_exercise()(only_matrix) == 1
    assert make_exercise()(right) is None
    with pytest.raises(CheckFailed, match="not yet"):
        make_exercise()(lambda x: x)
    with pytest.raises(CheckFailed, match="not attempted"):
        make_exercise()(None)


def test_a_strict_failure_shows_its_message_and_no_traceback():
    assert CheckFailed("✗ double")._render_traceback_() == ["CheckFailed: ✗ double"]


def loops(x):
    while True:
        pass


def loops_and_swallows(x):
    while True:
        try:
            while True:
                x = x + 1
        except:  # noqa: E722
            pass


def loops_and_prints(x):
    while True:
        print("again")


@pytest.mark.parametrize("answer", [loops, loops_and_swallows, loops_and_prints])
def test_an_endless_loop_is_stopped_with_a_sentence(answer):
    exercise, start = make_exercise(seconds=0.3), time.monotonic()
    verdict = exercise.examine(answer)
    assert time.monotonic() - start < 60
    assert verdict.outcome == "not yet"
    assert verdict.mistake == "endless"
    assert "still running after 0.3 seconds" in verdict.message
    assert "restart the kernel" not in verdict.message
    assert len(verdict.results) == 2
    assert len(verdict.printed) <= 2000


def test_a_stop_leaves_no_exception_behind_in_the_thread(monkeypatch):
    left = []
    monkeypatch.setattr(threading, "excepthook", left.append)
    exercise = make_exercise(seconds=0.01)
    for _ in range(100):
        assert exercise.examine(loops).mistake == "endless"
    assert left == []


def test_code_that_cannot_be_stopped_is_left_behind_and_said_so():
    verdict = make_exercise(seconds=0.2).examine(lambda x: time.sleep(30))
    assert "restart the kernel" in verdict.message


def test_parts_that_were_right_before_an_endless_loop_keep_their_points():
    exercise = make_exercise(seconds=0.3)
    verdict = exercise.examine(lambda x: right(x) if x.ndim == 2 else loops(x))
    assert verdict.earned == 1
    assert verdict.mistake == "endless"


def test_only_the_learners_time_counts():
    exercise = Exercise("slow_check", seconds=0.2)

    @exercise.part("all")
    def _(rng, answer):
        time.sleep(0.5)
        expect_number(answer(), "value")

    assert exercise.examine(lambda: 1.0).outcome == "correct"


def test_an_error_of_the_learner_is_told_with_its_line_and_without_a_traceback():
    def divides(x):
        return x / [0, 1, 2, 3, 4]

    verdict = make_exercise().examine(divides)
    assert verdict.mistake == "raises"
    assert "`divides` stops with ValueError in line" in verdict.message
    assert "return x / [0, 1, 2, 3, 4]" in verdict.message
    assert "Traceback" not in make_exercise().report(verdict)


def test_changing_an_argument_is_told_by_its_name():
    def in_place(x):
        x *= 2
        x += 1
        return x

    verdict = make_exercise().examine(in_place)
    assert verdict.mistake == "mutates_input"
    assert "`x` in place" in verdict.message


def test_a_result_instead_of_a_function_is_told():
    verdict = make_exercise().examine(3.0)
    assert "check.double(double)" in verdict.message


def test_a_check_leaves_the_random_state_alone():
    def reseeds(x):
        np.random.seed(0)
        random.seed(0)
        np.random.rand()
        return 2 * x + 1

    np.random.seed(7)
    random.seed(7)
    expected = np.random.rand(), random.random()
    np.random.seed(7)
    random.seed(7)
    make_exercise().examine(reseeds)
    assert (np.random.rand(), random.random()) == expected


def test_a_value_is_examined_on_a_copy():
    exercise = Exercise("values", kind="value")

    @exercise.part("all")
    def _(rng, values):
        values["a"][0] = 99.0

    mine = {"a": np.zeros(3)}
    exercise.examine(mine)
    assert mine["a"][0] == 0.0


def test_a_models_weights_are_put_back():
    class Model:
        weights = (np.ones(3),)

        def get_weights(self):
            return [w.copy() for w in self.weights]

        def set_weights(self, weights):
            self.weights = tuple(weights)

    exercise = Exercise("model", kind="value")

    @exercise.part("all")
    def _(rng, model):
        model.set_weights([np.zeros(3)])

    model = Model()
    exercise.examine(model)
    np.testing.assert_array_equal(model.get_weights()[0], np.ones(3))


def test_a_defect_of_the_check_is_not_called_the_learners_mistake(friendly, capsys, monkeypatch):
    exercise = Exercise("broken")

    @exercise.part("all")
    def _(rng, answer):
        raise KeyError("h_t")

    assert exercise.examine(right).outcome == "broken"
    exercise(right)
    assert "could not be judged" in capsys.readouterr().out
    monkeypatch.setenv("COURSE_STRICT", "1")
    with pytest.raises(CheckFailed):
        exercise(right)


def test_output_is_kept_off_the_cell_and_quoted_in_short(capsys):
    def chatty(x):
        print("one\ntwo\nthree\nfour")
        print("error", file=sys.stderr)
        return 2 * x + 1

    exercise = make_exercise()
    report = exercise.report(exercise.examine(chatty))
    assert report.endswith("Your code printed:\n    one\n    two\n    three\n    ...")
    assert capsys.readouterr() == ("", "")


def test_a_sealed_module_cannot_lose_a_check(monkeypatch):
    module = types.ModuleType("sealed_lesson")
    module.double = make_exercise()
    monkeypatch.setitem(sys.modules, "sealed_lesson", module)
    seal("sealed_lesson")
    assert list(exercises_of(module)) == ["double"]
    with pytest.raises(AttributeError, match="cannot be replaced"):
        module.double = print
    with pytest.raises(AttributeError):
        module.double.parts.clear()


def test_a_replaced_numpy_function_does_not_make_a_wrong_answer_right(monkeypatch):
    monkeypatch.setattr(np, "allclose", lambda *args, **options: True)
    monkeypatch.setattr(np, "isclose", lambda a, b, **options: np.ones(np.shape(a), bool))
    assert make_exercise().examine(lambda x: x).outcome == "not yet"


def test_a_module_with_a_misnamed_or_empty_exercise_is_not_sealed(monkeypatch):
    for name, exercise in (("treble", make_exercise()), ("empty", Exercise("empty"))):
        module = types.ModuleType("bad_lesson")
        setattr(module, name, exercise)
        monkeypatch.setitem(sys.modules, "bad_lesson", module)
        with pytest.raises(ValueError, match=exercise.name):
            seal("bad_lesson")


@pytest.mark.parametrize(("value", "sentence"), [
    (None, "is None: is a `return` missing"),
    ([1.0, 2.0], "list"),
    ("text", "str 'text'"),
    (np.array(["a"]), "dtype"),
    (np.zeros((3, 2)), "expected (batch, units) = (2, 3), got (3, 2): is it transposed?"),
    (np.zeros((2, 1)), "expected (batch, units) = (2, 3), got (2, 1)."),
    (np.zeros((2, 3), int), "decimals are cut off"),
    (np.array([[np.nan] * 3, [np.inf] * 3]), "6 value(s) that are NaN or infinite"),
    (np.ones((2, 3)), "6 of 6 values differ, the largest by 1."),
    (1.0, "got ()"),
])
def test_expect_close_names_what_is_wrong(value, sentence):
    with pytest.raises(Wrong) as caught:
        expect_close(value, np.zeros((2, 3)), "h_t", axes="(batch, units)")
    assert sentence in str(caught.value)


@pytest.mark.parametrize("value", [2, 2.0, np.float32(2), np.array(2.0), np.int64(2)])
def test_a_number_may_come_in_any_type(value):
    assert expect_close(value, 2.0, "loss", whole=True) == 2


@pytest.mark.parametrize("value", [True, "2", None, [2.0], np.array([2.0])])
def test_what_is_not_a_number_is_none(value):
    with pytest.raises(Wrong):
        expect_number(value, "loss")


def test_float32_results_are_accepted():
    x = np.random.default_rng(0).normal(size=(4, 5))
    expect_close(np.tanh(x).astype("float32"), np.tanh(x), "h_t")


@pytest.mark.parametrize("value", [None, 3.0, (1.0,), (1.0, 2.0, 3.0)])
def test_expect_tuple_tells_what_to_return(value):
    with pytest.raises(Wrong, match=r"loss.*d_logits|d_logits"):
        expect_tuple(value, ("loss", "d_logits"))


def spin(seconds):
    start = time.thread_time()
    while time.thread_time() - start < seconds:
        pass


@pytest.fixture(params=["as here", "without a clock a thread", "as on Windows"])
def machine(request, monkeypatch):
    """This system, and others as far as the clock can tell."""
    if request.param != "as here":
        monkeypatch.setitem(vars(clock), "EXACT", False)
        monkeypatch.setitem(vars(clock), "IDLE", 0.02)
        monkeypatch.delattr(time, "pthread_getcpuclockid", raising=False)
    if request.param == "as on Windows":
        monkeypatch.setattr(clock.sys, "platform", "win32")
    return request.param


def test_the_clock_counts_computing_and_finds_waiting_on_every_system(machine, monkeypatch):
    monkeypatch.setitem(vars(clock), "WAIT_LIMIT", 1.5)
    exercise = make_exercise(seconds=0.5)
    assert exercise.examine(right).outcome == "correct"
    assert exercise.examine(loops).mistake == "endless"
    assert exercise.examine(lambda x: spin(0.02) or right(x)).outcome == "correct"
    waits = exercise.examine(lambda x: [time.sleep(0.05) for _ in range(400)])
    assert waits.mistake == "waiting"
    assert "waits" in waits.message


def test_a_program_that_was_started_is_no_waiting(monkeypatch):
    monkeypatch.setitem(vars(clock), "WAIT_LIMIT", 0.6)
    busy = "import time\nwhile time.process_time() < 1: pass"
    exercise = Exercise("asks_another")
    exercise.part("all")(lambda rng, answer: expect_number(answer(), "code", whole=True))
    code = exercise.examine(lambda: subprocess.run([sys.executable, "-c", busy]).returncode)
    assert code.outcome == "correct"


def test_the_last_resort_ends_a_check_that_neither_computes_nor_waits(monkeypatch):
    monkeypatch.setitem(vars(clock), "HARD_LIMIT", 1.0)

    def course_is_slow(rng, answer):
        for _ in range(100):
            time.sleep(0.1)
        expect_number(answer(), "value")

    exercise = Exercise("late")
    exercise.part("all")(course_is_slow)
    verdict = exercise.examine(lambda: 1.0)
    assert verdict.mistake == "late"
    assert "loop" not in verdict.message


def test_nothing_is_thrown_into_a_thread_that_starts_another():
    begun, go_on = threading.Event(), threading.Event()

    class Started(threading.Event().__class__):
        def wait(self, timeout=None):       # the new thread has not yet said that it runs
            begun.set()
            go_on.wait(5)

    def work():
        other = threading.Thread(target=int)
        other._started = Started()
        other.start()
        begun.clear()
        while not begun.is_set():
            time.sleep(1e-3)

    worker = Worker(work, None)
    worker.thread.start()
    assert begun.wait(5) and not worker.can_be_stopped()
    go_on.set()
    while begun.is_set():
        time.sleep(1e-3)
    assert worker.can_be_stopped()
    begun.set()
    worker.released = True
    worker.thread.join(5)
    assert not worker.thread.is_alive()


def test_checks_that_are_stopped_while_they_start_threads_all_end():
    exercise = Exercise("starts", seconds=0.2)

    @exercise.part("all")
    def _(rng, answer):
        answer()

    def starts():
        while True:
            threading.Thread(target=time.sleep, args=(0,)).start()

    for _ in range(10):
        assert exercise.examine(starts, seed=0).outcome != "correct"
    assert exercise.examine(lambda: None, seed=0).outcome == "correct"
