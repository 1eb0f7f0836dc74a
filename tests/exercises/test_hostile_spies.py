"""No answer can read what is right: it lies in no frame while the answer runs.

For every exercise a spy computes the right value as an honest answer would, then looks for it in
the local variables of everything outside itself, in every thread.
"""

import collections
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from tests.answers import Several
from tests.exercises.test_answers import EXERCISES, answers_of
from utils.authoring.text import checks_of
from utils.exercises import engine

COURSE = str(Path(engine.__file__).parents[1])
SEEDS = range(3)
ARRAYS = (np.ndarray, np.generic)


def same(found, value):
    """Return True if a value that was found tells the right one."""
    if isinstance(value, (str, dict, list, set)):
        try:
            return type(found) is type(value) and bool(found == value)
        except ValueError:                  # it holds arrays
            return False
    value = np.asarray(value)
    if isinstance(found, (list, tuple)) and value.ndim and len(found) == len(value):
        try:
            found = np.asarray(found)
        except ValueError:                  # ragged
            return False
    return (isinstance(found, (*ARRAYS, int, float)) and np.shape(found) == value.shape
            and np.asarray(found).dtype.kind in "fiub"
            and np.allclose(found, value, rtol=1e-7, atol=1e-9, equal_nan=True))


def pieces(value, depth=3):
    """Yield `value` and what is inside of it."""
    yield value
    if depth and isinstance(value, (list, tuple, dict)):
        for each in list(value.values() if isinstance(value, dict) else value)[:200]:
            yield from pieces(each, depth - 1)
    elif depth and isinstance(value, types.FunctionType):
        for cell in value.__closure__ or ():
            try:
                yield from pieces(cell.cell_contents, depth - 1)
            except ValueError:
                pass


def is_weak(value):
    """Return True for a value that other variables often have by accident."""
    if isinstance(value, (str, dict, list, set)):
        return len(value) < 2
    array = np.asarray(value)
    return array.size < 4 and np.allclose(array, np.round(array))


def is_empty(value):
    """Return True if `value` holds nothing, or nothing but zeros."""
    return not np.any(value) if isinstance(value, ARRAYS) else not value


def secrets_of(value, arguments):
    """Return the parts of a right value that an answer could not simply hand back."""
    given = [piece for each in arguments for piece in pieces(each)]
    kinds = (*ARRAYS, int, float, str, dict, list, set)
    return [part for part in (value if isinstance(value, tuple) else (value,))
            if isinstance(part, kinds) and not isinstance(part, bool) and not is_empty(part)
            and not any(same(each, part) for each in given)]


class Spy:
    """An honest answer that looks round; `seen` counts {(code, local): [calls, matches]}."""

    def __init__(self, answer):
        self.answer, self.seen, self.strong, self.given = answer, {}, set(), []

    def function(self):
        def spy(*args, **kwargs):
            value = self.answer(*args, **kwargs)
            secret = secrets_of(value, [*args, *kwargs.values(), *self.given])
            self.given.append(value)        # it may know what it said itself
            if secret:
                for frame in self.frames(sys._getframe(1)):
                    self.look(frame, secret)
            return value

        return spy

    @staticmethod
    def frames(frame):
        tops = [frame, *(f for f in sys._current_frames().values() if f is not sys._getframe())]
        known = set()
        for top in tops:
            while top is not None:
                if top.f_code.co_filename.startswith(COURSE) and id(top) not in known:
                    known.add(id(top))
                    yield top
                top = top.f_back

    def look(self, frame, secret):
        for name, local in list(frame.f_locals.items()):
            key = f"{frame.f_code.co_name} in {Path(frame.f_code.co_filename).name}, line " \
                  f"{frame.f_code.co_firstlineno}: {name}"
            counts = self.seen.setdefault(key, [0, 0])
            counts[0] += 1
            found = [s for s in secret for piece in pieces(local) if same(piece, s)]
            counts[1] += bool(found)
            if any(not is_weak(each) for each in found):
                self.strong.add(key)

    def leaks(self):
        """Return where the right value lay: every time, if it may be there by accident."""
        always = {key for key, (calls, matches) in self.seen.items()
                  if matches >= 3 and matches == calls}
        return sorted(self.strong | always)


FUNCTIONS = [(number, name) for number, name in EXERCISES
             if checks_of(number)[name].kind == "function"]


@pytest.mark.parametrize(("number", "name"), FUNCTIONS)
def test_what_is_right_lies_in_no_frame_that_the_answer_can_read(number, name):
    exercise = checks_of(number)[name]
    answers = next(iter(answers_of(number, "RIGHT", name).values()))
    spies = [Spy(a) for a in (answers if isinstance(answers, Several) else (answers,))]
    for seed in SEEDS:
        verdict = exercise.examine(*[spy.function() for spy in spies], seed=seed)
        assert verdict.outcome == "correct", exercise.report(verdict)
    leaks = [leak for spy in spies for leak in spy.leaks()]
    assert not leaks, "call the answer first: " + "; ".join(leaks)


def test_a_spy_finds_what_lies_open():
    exercise = engine.Exercise("open")

    @exercise.part("all")
    def _(rng, answer):
        x = rng.normal(size=5)
        Right = collections.namedtuple("Right", "value")
        hidden = {"deep": [Right(2 * x)]}
        assert np.allclose(answer(x), hidden["deep"][0].value)

    global COURSE
    course, COURSE = COURSE, str(Path(__file__).parent)
    try:
        spy = Spy(lambda x: 2 * x)
        assert exercise.examine(spy.function(), seed=0).outcome == "correct"
    finally:
        COURSE = course
    assert any("hidden" in leak for leak in spy.leaks())
