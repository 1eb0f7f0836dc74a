"""Odd and dishonest answers, without a notebook: what is read, what is named, what is sealed."""

import builtins
import functools
import importlib
import time
import types
import warnings

import numpy as np
import pytest

from utils.exercises import engine, expect, judging, lesson_00, sandbox, verdict
from utils.exercises.engine import Exercise
from utils.exercises.expect import Wrong, expect_close, expect_error, expect_number, expect_tuple
from utils.exercises.values import described, plain


def exercise_of(judge, **options):
    exercise = Exercise("answer", **options)
    exercise.part("all")(judge)
    return exercise


def judge_double(rng, answer):
    x = rng.normal(size=4)
    expect_close(answer(x), 2 * x, "y", axes="(batch,)")


def judge_half(rng, answer):
    x = float(rng.uniform(1, 2))
    expect_number(answer(x), "half")
    expect_close(answer(x), x / 2, "half")


def judge_pair(rng, answer):
    x = rng.normal(size=4)
    low, high = expect_tuple(answer(x), ("low", "high"))
    expect_close(low, x.min(), "low")
    expect_close(high, x.max(), "high")


def judge_equal(rng, answer):
    """As a lesson that compares without expect_close."""
    x = float(rng.normal())
    value = answer(x)
    expect.expect(value == {"x": (x, [x])}, "the dictionary is wrong")


def verdict_on(answer, judge=judge_double, **options):
    return exercise_of(judge, **options).examine(answer)


# --- plain values --------------------------------------------------------------------------------


class EqualsAll(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *args, **options):
        return np.zeros(self.shape)

    def __array_function__(self, *args, **options):
        return True


class EqualFloat(float):
    __hash__ = float.__hash__

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


class EqualDict(dict):
    def __eq__(self, other):
        return True


class EqualTuple(tuple):
    __hash__ = tuple.__hash__

    def __eq__(self, other):
        return True


class EqualObject:
    __hash__ = object.__hash__

    def __eq__(self, other):
        return True

    def __array__(self, *args, **options):
        raise ValueError


class EqualScalar(np.float64):
    __hash__ = np.float64.__hash__

    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0


def test_a_subclass_that_equals_everything_is_judged_by_its_values():
    assert verdict_on(lambda x: x.view(EqualsAll)).outcome == "not yet"
    assert verdict_on(lambda x: (2 * x).view(EqualsAll)).outcome == "correct"
    for kind in (EqualFloat, EqualScalar):
        assert verdict_on(lambda x, kind=kind: kind(x), judge_half).outcome == "not yet"
        assert verdict_on(lambda x, kind=kind: kind(x / 2), judge_half).outcome == "correct"
    for value in (EqualDict(), EqualObject(), EqualFloat(1), {"x": EqualTuple((1,))},
                  {"x": EqualObject()}):
        assert verdict_on(lambda x, value=value: value, judge_equal).outcome == "not yet"
    assert verdict_on(lambda x: EqualDict(x=EqualTuple((EqualFloat(x), [x]))),
                      judge_equal).outcome == "correct"


def test_plain_values_pass_as_they_are():
    value = (1.0, {"a": [np.zeros(2), None]}, "text", np.float32(2), range(3))
    assert plain(value) is value


def test_a_long_list_is_described_in_no_time_and_no_memory():
    start = time.process_time()
    text = described([0.5] * 10**7)
    assert time.process_time() - start < 1
    assert text.startswith("list [0.5, 0.5")
    assert len(text) < 60


@pytest.mark.parametrize("value", [10**5000, "x" * 10**6, b"x" * 10**6, {k: k for k in range(999)},
                                   {"a": [1] * 999}, np.zeros((3, 2)), (1.0,), set(range(99))],
                         ids=lambda value: type(value).__name__)
def test_any_value_is_described_in_a_few_words(value):
    assert type(value).__name__ in described(value) or "array" in described(value)
    assert len(described(value)) < 60


# --- odd returns ---------------------------------------------------------------------------------


def generates(x):
    yield 2 * x


async def waits(x):
    return 2 * x


async def waits_and_yields(x):
    yield 2 * x


class Doubles:
    def __init__(self, x=None):
        self.x = x


ODD = {
    "generator": (generates, ["yield"]),
    "generator expression": (lambda x: (2 * v for v in x), ["generator", "[ ]"]),
    "coroutine": (waits, ["async def"]),
    "asynchronous generator": (waits_and_yields, ["async def"]),
    "inner function": (lambda x: generates, ["function `generates` itself"]),
    "method": (lambda x: x.mean, ["function `mean` itself"]),
    "a ufunc": (lambda x: np.tanh, ["function `tanh` itself"]),
    "partial class": (lambda x: Doubles, ["class", "Doubles"]),
    "object": (lambda x: Doubles(), ["Doubles"]),
    "class given": (Doubles, ["a class, not a function"]),
    "map": (lambda x: map(float, x), ["map", "list(...)"]),
    "filter": (lambda x: filter(None, x), ["filter", "list(...)"]),
    "zip": (lambda x: zip(x, x, strict=True), ["zip", "list(...)"]),
    "range": (lambda x: range(4), ["range", "one array"]),
    "set": (lambda x: set(x.tolist()), ["set", "one array"]),
    "keys": (lambda x: dict.fromkeys(x.tolist()).keys(), ["dict_keys", "one array"]),
    "ragged": (lambda x: [[1.0], [1.0, 2.0]], ["list [[1.0], [1.0, 2.0]]"]),
    "text": (lambda x: "2x", ["str '2x'"]),
    "complex": (lambda x: 2j * x, ["complex"]),
    "dates": (lambda x: np.array(["2020-01-01"], "M8[D]"), ["datetime64"]),
    "objects": (lambda x: np.array([None, "x"], object), ["dtype object"]),
    "a huge number": (lambda x: 10**400, ["infinite"]),
    "no function": (3.0, ["float, not a function"]),
}


@pytest.mark.parametrize("judge", [judge_double, judge_half, judge_pair])
@pytest.mark.parametrize("what", ODD)
def test_an_odd_value_is_named_and_can_always_be_judged(what, judge, recwarn):
    answer, words = ODD[what]
    found = verdict_on(answer, judge)
    assert found.outcome == "not yet"
    assert found.message
    if judge is judge_double and what != "a huge number":
        for word in words:
            assert word in found.message
    assert not [w for w in recwarn if "never awaited" in str(w.message)]


@pytest.mark.parametrize("value", ["2", [2.0], (2.0,), {"a": 2.0}, {2.0}, range(2), b"2", None,
                                   np.array([2.0]), np.array("2"), 10**400, 2j, Doubles()],
                         ids=lambda value: type(value).__name__)
def test_where_a_number_is_asked_for_message_and_hint_agree(value):
    found = verdict_on(lambda x: value, judge_half)
    assert found.outcome == "not yet"
    assert found.mistake != "not_an_array"
    assert "array instead" not in found.message
    if found.mistake == "not_a_number":
        assert "one number" in found.message


def test_the_number_of_answers_is_told():
    exercise = exercise_of(judge_double)
    assert "wants 1 answer, got 2" in exercise.examine(generates, generates).message
    assert "wants 1 answer, got 0" in exercise.examine().message


# --- errors --------------------------------------------------------------------------------------


def stub_with_a_docstring(x):
    """Double x."""
    raise NotImplementedError  # your code here


def stub_with_a_message(x):
    raise NotImplementedError("your code here")


def unfinished(x):
    if len(x) > 2:
        raise NotImplementedError("more than two")
    return 2 * x


def calls_a_stub(x):
    return stub_with_a_docstring(x)


@pytest.mark.parametrize("stub", [stub_with_a_docstring, stub_with_a_message])
def test_a_stub_is_not_attempted(stub):
    assert verdict_on(stub).outcome == "not attempted"


@pytest.mark.parametrize("answer", [unfinished, calls_a_stub])
def test_an_unfinished_branch_is_told_with_its_line(answer):
    found = verdict_on(answer)
    assert found.outcome == "not yet"
    assert "NotImplementedError in line" in found.message


class Fails:
    def __call__(self, x):
        return x / "two"

    def method(self, x):
        return x / "two"


def fails(x, power=1):
    return x / "two"


def decorated(function):
    @functools.wraps(function)
    def inner(*args):
        return function(*args)
    return inner


def plainly_decorated(function):
    return lambda *args: function(*args)


@pytest.mark.parametrize("answer", [
    Fails(), Fails().method, functools.partial(fails, power=2), decorated(fails),
    plainly_decorated(fails), lambda x: x / "two",
])
def test_an_error_has_its_line_however_the_code_is_called(answer):
    message = verdict_on(answer).message
    assert "in line" in message
    assert '/ "two"' in message


def test_an_error_of_a_library_is_one_short_plain_sentence():
    def stops(x):
        raise RuntimeError("\x1b[1m{{function_node x}} Matrix size-incompatible\x1b[0m\n\n"
                           "Arguments received by f():\n  x=1\n" + "trace\n" * 500)

    message = verdict_on(stops).message
    assert message.endswith("Matrix size-incompatible")
    assert "\x1b" not in Wrong("\x1b[1mbold\x1b[0m\x07").args[0]
    assert len(str(Wrong("x" * 10**5))) < 1000


class NoTab(ValueError):
    pass


def judge_error(rng, answer):
    error = expect_error(lambda: answer("a line"), ValueError, "Line 1 has no tab")
    expect.expect("1" in str(error), "Which line?", "no_line")


def stops_with(error):
    def answer(line):
        raise error
    return answer


def test_an_error_that_is_asked_for_is_judged_by_its_class():
    exercise = exercise_of(judge_error)
    assert exercise.examine(stops_with(ValueError("line 1"))).outcome == "correct"
    assert exercise.examine(stops_with(NoTab("line 1"))).outcome == "correct"
    assert exercise.examine(stops_with(NoTab("a line"))).mistake == "no_line"
    assert exercise.examine(stops_with(KeyError("line 1"))).mistake == "no_error"
    assert exercise.examine(lambda line: None).mistake == "no_error"
    assert "nothing came back" in exercise.examine(lambda line: None).message


# --- state ---------------------------------------------------------------------------------------


def judge_sums(rng, answer):
    x = rng.normal(size=int(rng.integers(3, 9)))
    expect_close(answer(x), np.cumsum(x), "sums")


def keeps_a_list(x, sums=[]):  # noqa: B006
    for v in x:
        sums.append(v + (sums[-1] if sums else 0))
    return np.array(sums)


def test_state_between_calls_is_found_and_the_seed_repeats_it():
    exercise, calls = exercise_of(judge_sums), []

    def first_calls_only(x):
        calls.append(1)
        return np.cumsum(x) * (len(calls) == 1)

    found = exercise.examine(first_calls_only)
    assert found.mistake == "keeps_state"
    assert "keeps_state" in exercise.hints
    calls.clear()
    assert exercise.examine(first_calls_only, seed=found.seed).mistake == "keeps_state"
    assert exercise.examine(keeps_a_list).mistake == "keeps_state"


def judge_many_sums(rng, answer):
    """As a lesson that judges several cases in one part."""
    for size in (3, 5, 1):
        x = rng.normal(size=size)
        expect_close(answer(x), np.cumsum(x), "sums", mistakes={"no_sum": x})


def grows(x, seen={}):  # noqa: B006
    seen[len(seen)] = None
    return np.cumsum(x) * len(seen)


def works_once(x, started=[]):  # noqa: B006
    if started:
        raise RuntimeError("started already")
    started.append(x)
    return np.cumsum(x)


def appends_to_its_result(x, sums=[]):  # noqa: B006
    sums.append(float(x.sum()))
    return sums


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("answer", [keeps_a_list, grows, works_once])
def test_state_that_spoils_the_first_draw_is_found(answer, seed):
    fresh = types.FunctionType(answer.__code__, globals(), answer.__name__,
                               tuple(type(each)() for each in answer.__defaults__))
    found = exercise_of(judge_many_sums).examine(fresh, seed=seed)
    assert found.mistake == "keeps_state", found.message
    assert "`answer` keeps something" in found.message


def test_a_list_that_is_given_back_is_compared_as_it_was():
    def judge(rng, answer):
        for _ in range(3):
            x = rng.normal(size=2)
            expect.expect(answer(x) == [float(x.sum())], "the list is wrong")

    assert verdict_on(appends_to_its_result, judge).mistake == "keeps_state"


def test_a_wrong_answer_without_state_keeps_its_hint_and_is_called_once_more():
    calls = []

    def copies(x):
        calls.append(x)
        return x.copy()

    def noisy(x):
        return x + np.random.normal(size=len(x))

    assert verdict_on(copies, judge_many_sums).mistake == "no_sum"
    assert len(calls) == 2
    assert verdict_on(noisy, judge_many_sums).mistake is None
    assert verdict_on(lambda x: 1 / 0, judge_many_sums).mistake == "raises"


def test_a_right_answer_is_called_no_more_often_for_it():
    calls = []

    def counted(x):
        calls.append(x)
        return np.cumsum(x)

    assert verdict_on(counted, judge_many_sums).outcome == "correct"
    assert len(calls) == 2 * 3


def test_an_answer_that_takes_functions_is_not_called_again():
    calls = []

    def judge(rng, answer):
        expect_number(answer(lambda: 1.0), "y")
        raise Wrong("it is wrong")

    def answer(f):
        calls.append(f)
        return len(calls)

    assert verdict_on(answer, judge).message == "it is wrong"
    assert len(calls) == 1


def test_a_call_that_ends_only_the_first_time_is_stopped():
    calls = []

    def hangs(x):
        calls.append(x)
        while len(calls) > 1:
            pass
        return x

    assert verdict_on(hangs, judge_sums, seconds=0.3).mistake == "endless"


def test_an_answer_for_one_draw_only_fails_as_usual():
    seen = []

    def one_size(x):
        seen.append(len(x))
        return np.cumsum(x) if len(x) == seen[0] else x

    exercise = exercise_of(judge_sums)
    mistakes = set()
    for seed in range(10):
        seen.clear()
        mistakes.add(exercise.examine(one_size, seed=seed).mistake)
    assert "keeps_state" not in mistakes


def test_a_second_round_has_its_own_seconds():
    def slow(x):
        start = time.thread_time()
        while time.thread_time() - start < 0.3:
            pass
        return 2 * x

    assert verdict_on(slow, seconds=0.5).outcome == "correct"


def judge_with_numpy(rng, answer):
    x = rng.normal(size=4)
    value = answer(x)
    expect.expect(np.allclose(value, 2 * x) and len(value) == 4, "other values are expected")


def test_functions_that_the_answer_replaces_judge_nothing(monkeypatch):
    def replaces(x):
        np.allclose = lambda *args, **options: True
        builtins.len = lambda value: 4
        warnings.simplefilter("error")
        np.seterr(all="raise")
        return x

    before = np.allclose, len, list(warnings.filters), np.geterr()
    assert verdict_on(replaces, judge_with_numpy).message == "other values are expected"
    assert (np.allclose, len, list(warnings.filters), np.geterr()) == before
    monkeypatch.setattr(np, "allclose", lambda *args, **options: True)
    replaced = np.allclose
    assert verdict_on(lambda x: x, judge_with_numpy).outcome == "not yet"
    assert np.allclose is replaced


# --- the machine ---------------------------------------------------------------------------------


def test_a_slow_machine_makes_no_loop_endless(monkeypatch):
    """A thread that stands in the queue uses no processor time, and does not wait either."""
    def slow(x):
        time.sleep(1.5)
        return 2 * x

    assert verdict_on(slow, seconds=0.2).outcome == "correct"


# --- sealed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [engine, expect, sandbox, judging, verdict, lesson_00],
                         ids=lambda module: module.__name__)
def test_a_module_of_the_checks_is_read_only(module):
    name = next(name for name in vars(module) if not name.startswith("_"))
    with pytest.raises(AttributeError):
        setattr(module, name, None)
    with pytest.raises(AttributeError):
        delattr(module, name)
    with pytest.raises(AttributeError):
        module.brand_new = 1


@pytest.mark.parametrize("name", ["parts", "hints", "name", "kind", "seconds", "examine", "report",
                                  "_tries", "own_mistakes"])
def test_an_exercise_is_read_only(name):
    with pytest.raises(AttributeError):
        setattr(lesson_00.last_step, name, ())
    with pytest.raises(AttributeError):
        delattr(lesson_00.last_step, name)


def test_classes_of_the_checks_are_read_only():
    for owner, name in ((Exercise, "examine"), (Exercise, "_miscounted"),
                        (verdict.Verdict, "first_wrong")):
        with pytest.raises(AttributeError):
            setattr(owner, name, None)
        with pytest.raises(AttributeError):
            delattr(owner, name)


def test_hints_are_read_only_and_the_next_one_still_comes():
    with pytest.raises(TypeError):
        lesson_00.last_step.hints["last_sequence"] = ()
    with pytest.raises(AttributeError):
        lesson_00.last_step.parts.append(None)
    before = lesson_00.last_step._tries.copy()
    reports = [lesson_00.last_step.report(lesson_00.last_step.examine(lambda x: x[-1], seed=1))
               for _ in range(2)]
    lesson_00.last_step._tries.clear()
    lesson_00.last_step._tries.update(before)
    assert "Hint:" in reports[1]


def test_what_the_learner_puts_into_the_checks_module_is_refused():
    check = importlib.import_module("utils.exercises.lesson_00")
    assert isinstance(check, types.ModuleType)
    with pytest.raises(AttributeError, match="cannot be replaced"):
        check.last_step = print
