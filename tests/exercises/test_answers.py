"""Every exercise against its solution, the library of wrong answers and of right variants.

Each wrong answer is judged with 30 seeds, each right one with 15, which are 30 draws: what is
right is judged on two. Of the exercises that cost most, FEW says how many seeds a push takes;
`COURSE_SEEDS=30`, which `make test-all` sets, takes 30 everywhere.
"""

import ast
import importlib
import os
from pathlib import Path

import nbformat
import numpy as np
import pytest

from tests.answers import Several
from utils.authoring.text import checks_of
from utils.exercises.engine import COMMON_HINTS

ROOT = Path(__file__).parents[2]
NUMBERS = sorted(p.stem.removeprefix("lesson_")
                 for p in (ROOT / "utils/exercises").glob("lesson_*.py"))
WHOLE = int(os.environ.get("COURSE_SEEDS") or 0)     # seeds everywhere; 0: as a push takes them
SEEDS = 30
FEW = {
    ("01", "make_tagger"): 2, ("01", "in_chunks"): 2, ("07", "is_causal"): 2,
    ("01", "order_twin"): 5, ("02", "cross_entropy"): 8, ("02", "rnn_step_backward"): 8,
    ("02", "rnn_backward"): 8, ("03", "paired_difference"): 8, ("05", "lstm_gates"): 8,
    ("06", "gru_step_reset_after"): 8, ("08", "honest_inputs"): 8, ("08", "past_zscore"): 8,
    ("08b", "hit_rate"): 8,
}
EXERCISES = [(number, name) for number in NUMBERS for name in checks_of(number)]


def answers_of(number, kind, name):
    module = importlib.import_module(f"tests.answers.lesson_{number}")
    return getattr(module, kind).get(name, {})


def seeds_of(number, name, draws=1):
    """Return the seeds for an exercise, where each of them makes so many draws."""
    return range(WHOLE or FEW.get((number, name), SEEDS // draws))


def examine(exercise, answer, seed):
    answers = answer if isinstance(answer, Several) else (answer,)
    return exercise.examine(*answers, seed=seed)


def library(kind):
    return [pytest.param(number, name, variant, id=f"{number}-{name}-{variant}")
            for number, name in EXERCISES for variant in answers_of(number, kind, name)]


@pytest.mark.parametrize(("number", "name", "variant"), library("RIGHT"))
def test_a_right_variant_is_accepted(number, name, variant, counts):
    exercise, answer = checks_of(number)[name], answers_of(number, "RIGHT", name)[variant]
    counts["right"] += 1
    for seed in seeds_of(number, name, draws=2):
        verdict = examine(exercise, answer, seed)
        assert verdict.outcome == "correct", exercise.report(verdict)
    counts["accepted"] += 1


@pytest.mark.parametrize(("number", "name", "variant"), library("WRONG"))
def test_a_wrong_answer_is_rejected_with_its_hint(number, name, variant, counts):
    exercise = checks_of(number)[name]
    answer, mistake = answers_of(number, "WRONG", name)[variant]
    counts["wrong"] += 1
    counts["hints expected"] += mistake is not None
    found = {}
    for seed in seeds_of(number, name):
        verdict = examine(exercise, answer, seed)
        assert verdict.outcome == "not yet", f"seed {seed}: {exercise.report(verdict)}"
        found.setdefault(verdict.mistake, verdict)
    counts["rejected"] += 1
    if mistake is not None:
        assert mistake in exercise.hints, f"no hint is written for {mistake!r}"
        other = next((v for m, v in found.items() if m != mistake), None)
        assert other is None, exercise.report(other)
        counts["hints right"] += 1


@pytest.mark.parametrize(("number", "name"), EXERCISES)
def test_the_library_is_large_enough_and_every_hint_is_meant_for_someone(number, name, counts):
    right, wrong = answers_of(number, "RIGHT", name), answers_of(number, "WRONG", name)
    meant = {mistake for _, mistake in wrong.values()}
    counts["exercises"] += 1
    assert len(right) >= 2
    assert len(wrong) >= 4
    assert sum(m is not None for _, m in wrong.values()) >= 0.75 * len(wrong)
    assert set(checks_of(number)[name].own_mistakes) <= meant


@pytest.mark.parametrize("number", NUMBERS)
def test_the_library_holds_nothing_for_unknown_exercises(number):
    module = importlib.import_module(f"tests.answers.lesson_{number}")
    assert set(module.RIGHT) == set(module.WRONG) == set(checks_of(number))


def solution_namespace(number):
    """Run the imports and the solution cells of a lesson, and nothing else of it."""
    [path] = (ROOT / "solutions").glob(f"{number}_*.ipynb")
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    namespace, calls = {}, {}
    for cell in cells:
        grading = cell.metadata.get("nbgrader", {})
        tree = ast.parse("\n".join(x for x in cell.source.split("\n") if not x.startswith("%")))
        if grading.get("grade"):
            calls[cell.id.removeprefix("check-")] = tree.body[-1].value
        elif not grading.get("solution"):
            tree.body = [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))]
        if not grading.get("grade"):
            exec(compile(tree, f"{path.name}:{cell.id}", "exec"), namespace)
    return namespace, calls


@pytest.mark.parametrize("number", NUMBERS)
def test_the_solutions_are_accepted_for_every_seed(number):
    namespace, calls = solution_namespace(number)
    assert set(calls) == set(checks_of(number))
    for name, call in calls.items():
        exercise = checks_of(number)[name]
        answers = [eval(compile(ast.Expression(a), name, "eval"), namespace) for a in call.args]
        for seed in seeds_of(number, name, draws=2):
            verdict = exercise.examine(*answers, seed=seed)
            assert verdict.outcome == "correct", exercise.report(verdict)


def stub(*args, **kwargs):
    raise NotImplementedError


def returns(value):
    return lambda *args, **kwargs: value


BAD_INPUT = {
    "returns None": returns(None),
    "returns a list": returns([1.0, 2.0]),
    "returns text": returns("h_t"),
    "returns a dict": returns({}),
    "returns an empty tuple": returns(()),
    "returns itself": returns(stub),
    "returns NaN": returns(np.float64("nan")),
    "returns NaNs": returns(np.full((4, 3), np.nan)),
    "returns integers": returns(np.arange(6).reshape(2, 3)),
    "returns objects": returns(np.array([None, "x"], dtype=object)),
    "returns True": returns(True),
    "raises": lambda *args, **kwargs: 1 / 0,
    "exits": lambda *args, **kwargs: exit(),
    "takes no argument": lambda: 1.0,
    "is a number": 3.0,
}


def first_right(number, name):
    """Return the first right answer to an exercise, and how many answers its check takes."""
    answer = next(iter(answers_of(number, "RIGHT", name).values()))
    return answer, len(answer) if isinstance(answer, Several) else 1


@pytest.mark.parametrize(("number", "name"), EXERCISES)
def test_bad_input_gets_a_verdict_and_one_sentence(number, name):
    exercise, (_, count) = checks_of(number)[name], first_right(number, name)
    for what, bad in BAD_INPUT.items():
        if exercise.kind == "value" and callable(bad):
            continue
        verdict = exercise.examine(*[bad] * count, seed=0)
        report = f"an answer that {what}: {exercise.report(verdict)}"
        assert verdict.outcome == "not yet", report
        assert verdict.message, report
        assert "Traceback" not in report


@pytest.mark.parametrize(("number", "name"), EXERCISES)
def test_manners_of_a_check(number, name):
    """A stub is not attempted; what is printed is quoted; a changed argument is told."""
    exercise, (_, count) = checks_of(number)[name], first_right(number, name)
    assert exercise.examine(*[None] * count).outcome == "not attempted"
    if exercise.kind == "value":
        return
    assert exercise.examine(*[stub] * count).outcome == "not attempted"
    right = next((a for a in answers_of(number, "RIGHT", name).values() if callable(a)), None)
    if right is None:
        return
    touched = []

    def noisy(*args, **kwargs):
        print("looking at", len(args), "arguments")
        return right(*args, **kwargs)

    def careless(*args, **kwargs):
        value = right(*args, **kwargs)
        for array in args:
            if isinstance(array, np.ndarray) and array.size and array.dtype.kind == "f":
                array += 1.0
                touched.append(array)
        return value

    verdict = exercise.examine(noisy, seed=0)
    assert verdict.outcome == "correct", exercise.report(verdict)
    assert "looking at" in exercise.report(verdict)
    verdict = exercise.examine(careless, seed=0)
    if touched:
        assert verdict.mistake == "mutates_input"
        assert "in place" in verdict.message


def test_the_common_hints_are_for_mistakes_that_the_engine_names():
    assert set(COMMON_HINTS) == {"returns_none", "not_an_array", "not_a_number", "not_integers",
                                 "transposed", "not_finite", "endless", "keeps_state"}
