"""Exercises that check themselves: one check with a face for the learner, the grader and CI.

A lesson's module declares its exercises and what is expected of each part:

    rnn_step = Exercise("rnn_step", hints={"no_bias": ("Which term of the sum is missing?",)})

    @rnn_step.part("h_t")
    def _(rng, step):
        x_t, h_prev, W, U, b = _step_inputs(rng)
        right = np.tanh(x_t @ W + h_prev @ U + b)
        expect_close(step(x_t, h_prev, W, U, b), right, "h_t", axes="(batch, units)",
                     mistakes={"no_bias": np.tanh(x_t @ W + h_prev @ U)})

In a notebook `check.rnn_step(rnn_step)` prints "correct", "not attempted yet" or "not yet" with
the part that is wrong and a hint, the next hint on the next try. Where a wrong answer must stop
the notebook (nbgrader, `COURSE_STRICT=1`) it raises `CheckFailed`; nbgrader's autograding gives
the points of the parts that are right. `examine` returns the verdict without printing, for CI.
"""

import collections
import dataclasses
import secrets
import sys
import types

import numpy as np

from .. import settings
from .expect import NotAttempted, Wrong, is_blank
from .sandbox import Learner, Overtime, Run, copied, run_guarded

__all__ = ["CheckFailed", "Exercise", "Verdict", "exercises_of", "seal"]

COMMON_HINTS = {
    "returns_none": ("A function without a `return` gives None.",),
    "not_an_array": ("Turn it into one array with np.array(...) or np.stack(...).",),
    "not_a_number": ("Return the number itself, such as 3 or 0.5, not something that holds it.",),
    "not_integers": ("Places and counts are integers: astype(int), or // instead of /.",),
    "transposed": ("The course is batch-major: the batch axis comes first.",),
    "not_finite": ("Look for a division by zero, a log of zero or an overflowing exp.",),
    "endless": ("Which line makes the loop end, and is it ever reached?",),
}


class CheckFailed(AssertionError):
    """A wrong or missing answer where the check is strict; shown without a traceback."""

    def _render_traceback_(self):       # IPython's hook: the message is all a reader needs
        return [f"CheckFailed: {self}"]


@dataclasses.dataclass(frozen=True)
class PartResult:
    """One part of a verdict; `wrong` is None when the part is right."""

    title: str
    points: float
    wrong: Exception | None


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a check found.

    Attributes:
        outcome: "correct", "not attempted", "not yet", or "broken" if the check itself failed.
        results: one `PartResult` per part.
        seed: the seed of the random inputs.
        printed: what the learner's code printed while it was checked.
    """

    outcome: str
    results: tuple
    seed: int
    printed: str = ""

    @property
    def earned(self):
        return sum(r.points for r in self.results if r.wrong is None)

    @property
    def first_wrong(self):
        """The first failure with a cause to tell, else the first of any kind."""
        failures = [r for r in self.results if r.wrong is not None]
        told = [r for r in failures if not isinstance(r.wrong, NotAttempted)]
        return (told or failures or [None])[0]

    @property
    def mistake(self):
        """Name of the known mistake that was recognised, or None."""
        return getattr(self.first_wrong.wrong, "mistake", None) if self.first_wrong else None

    @property
    def message(self):
        return str(self.first_wrong.wrong) if self.first_wrong else ""


class Exercise:
    """An exercise: parts checked on fresh random inputs, and hints for known mistakes.

    Args:
        name: the name of the function or value that the learner writes.
        hints: {mistake: hint or tuple of hints, mildest first}; the key None is for a wrong
            value that no mistake explains.
        kind: "function" if the answer is called by the check, else "value".
        seconds: how long the learner's code may run in one check.
    """

    def __init__(self, name, hints=None, kind="function", seconds=5.0):
        if kind not in ("function", "value"):
            raise ValueError(f"kind must be 'function' or 'value', got {kind!r}.")
        self.name, self.kind, self.seconds = name, kind, seconds
        hints = {m: (h,) if isinstance(h, str) else tuple(h) for m, h in (hints or {}).items()}
        self.own_mistakes = tuple(m for m in hints if m is not None)
        self.hints = {**COMMON_HINTS, **hints}
        self.parts = []
        self._tries = collections.Counter()

    @property
    def points(self):
        return sum(points for _, points, _ in self.parts)

    def part(self, title, points=1):
        """Register `function(rng, *answers)`, which raises `Wrong` if this part is wrong."""

        def register(function):
            self.parts.append((title, points, function))
            return function

        return register

    # --- judging -----------------------------------------------------------------------------

    def examine(self, *answers, seed=None):
        """Check `answers` without printing or raising; returns a `Verdict`."""
        seed = secrets.randbits(32) if seed is None else int(seed)
        if all(is_blank(a) for a in answers):
            blank = tuple(PartResult(t, p, NotAttempted()) for t, p, _ in self.parts)
            return Verdict("not attempted", blank, seed)
        run, results, defects = Run(self.seconds), [], []
        kept = [(a, [w.copy() for w in a.get_weights()]) for a in answers if _has_weights(a)]

        def work():
            given = [self._wrapped(a, run) for a in answers]
            for index, (title, points, function) in enumerate(self.parts):
                wrong = None
                try:
                    function(np.random.default_rng([seed, index]), *given)
                except (Wrong, NotAttempted) as failure:
                    wrong = failure
                except Overtime:
                    raise
                except Exception as defect:
                    defects.append(defect)
                    wrong = Wrong(
                        f"this answer could not be judged ({type(defect).__name__}: {defect})."
                    )
                results.append(PartResult(title, points, wrong))

        ended, printed = run_guarded(work, run)
        results = results[: len(self.parts)]
        if ended != "done":
            results += self._overtime(ended, len(results))
        for model, weights in kept:
            model.set_weights(weights)
        return Verdict(_outcome(results, defects), tuple(results), seed, printed)

    def _wrapped(self, answer, run):
        if self.kind == "value":
            return copied(answer)
        if not callable(answer):
            raise_later = Wrong(
                f"`{self.name}` is {type(answer).__name__}, not a function: give the check the "
                f"function itself, check.{self.name}({self.name}).",
                "not_a_function",
            )
            return _Raiser(raise_later)
        return Learner(answer, getattr(answer, "__name__", self.name), run)

    def _overtime(self, ended, done):
        text = f"your code was still running after {self.seconds:g} seconds and was stopped"
        if ended == "abandoned":
            text += "; it did not let go, so restart the kernel before you go on"
        wrongs = [Wrong(text + ": does a loop never end?", "endless")]
        wrongs += [Wrong("not reached.", None)] * (len(self.parts) - done - 1)
        return [
            PartResult(t, p, w)
            for (t, p, _), w in zip(self.parts[done:], wrongs, strict=False)
        ]

    # --- faces -------------------------------------------------------------------------------

    def __call__(self, *answers, seed=None):
        """Check `answers` and tell the learner, or raise where the check is strict.

        Args:
            *answers: what the exercise asks for, usually one function.
            seed: repeat a check on the inputs of the seed that its message quoted.

        Raises:
            CheckFailed: in strict mode, unless all is right (in nbgrader's autograding:
                unless at least one part is right, whose points are returned).
        """
        verdict = self.examine(*answers, seed=seed)
        text = self.report(verdict)
        if not settings.is_strict():
            print(text)
            return None
        if verdict.outcome == "correct":
            print(text)
            return None
        if settings.grading() == "autograde" and verdict.earned > 0:
            print(text)
            return verdict.earned
        raise CheckFailed(text)

    def report(self, verdict):
        """Return the text for a learner, and step on to the next hint."""
        if verdict.outcome == "correct":
            return f"✓ {self.name}: correct." + _printed(verdict)
        if verdict.outcome == "not attempted":
            return f"· {self.name}: not attempted yet."
        first = verdict.first_wrong
        lines = [f"✗ {self.name}: not yet: {verdict.message}"]
        if len(self.parts) > 1:
            marks = [f"{'✓' if r.wrong is None else '✗'} {r.title}" for r in verdict.results]
            lines[0] = f"✗ {self.name}: not yet: [{first.title}] {verdict.message}"
            lines.append("  Parts: " + "   ".join(marks))
        hints = self.hints.get(verdict.mistake, ())
        if hints:
            level = min(self._tries[verdict.mistake], len(hints) - 1)
            self._tries[verdict.mistake] += 1
            more = " (the next try gives another hint)" if level + 1 < len(hints) else ""
            lines.append(f"  Hint: {hints[level]}{more}")
        lines.append(f"  Same inputs again: check.{self.name}({self.name}, seed={verdict.seed})")
        return "\n".join(lines) + _printed(verdict)


class _Raiser:
    """Stands in for an answer that cannot be called."""

    def __init__(self, wrong):
        self.wrong = wrong

    def __call__(self, *args, **kwargs):
        raise self.wrong


def _has_weights(answer):
    return hasattr(answer, "get_weights") and hasattr(answer, "set_weights")


def _outcome(results, defects):
    if defects:
        return "broken"
    wrongs = [r.wrong for r in results if r.wrong is not None]
    if not wrongs:
        return "correct"
    return "not attempted" if all(isinstance(w, NotAttempted) for w in wrongs) else "not yet"


def _printed(verdict):
    lines = verdict.printed.strip().splitlines()
    if not lines:
        return ""
    shown = "".join(f"\n    {line[:90]}" for line in lines[:3])
    return "\n  Your code printed:" + shown + ("\n    ..." if len(lines) > 3 else "")


def exercises_of(module):
    """Return {name: Exercise} of a lesson's module, in the order of its source."""
    return {e.name: e for e in vars(module).values() if isinstance(e, Exercise)}


class _Sealed(types.ModuleType):
    def __setattr__(self, name, value):
        raise AttributeError(
            f"check.{name} cannot be replaced: give your own code another name."
        )


def seal(module_name):
    """Make a lesson's module read-only: a notebook cannot overwrite a check by accident."""
    module = sys.modules[module_name]
    for name, exercise in vars(module).items():
        if isinstance(exercise, Exercise) and (name != exercise.name or not exercise.parts):
            raise ValueError(f"exercise {exercise.name!r} is bound to {name!r} or has no parts.")
        if isinstance(exercise, Exercise):
            exercise.parts = tuple(exercise.parts)
    module.__class__ = _Sealed
