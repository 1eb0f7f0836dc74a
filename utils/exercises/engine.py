"""Exercises that check themselves: one check with a face for the learner, the grader and CI.

A lesson's module declares its exercises and what is expected of each part:

    rnn_step = Exercise("rnn_step", hints={"no_bias": ("Which term of the sum is missing?",)})

    @rnn_step.part("h_t")
    def _(rng, step):
        x_t, h_prev, W, U, b = _step_inputs(rng)
        h_t = step(x_t, h_prev, W, U, b)        # first, so that it finds nothing to copy
        expect_close(h_t, np.tanh(x_t @ W + h_prev @ U + b), "h_t", axes="(batch, units)",
                     mistakes={"no_bias": np.tanh(x_t @ W + h_prev @ U)})

In a notebook `check.rnn_step(rnn_step)` prints "correct", "not attempted yet" or "not yet" with
the part that is wrong and a hint, the next hint on the next try. Where a wrong answer must stop
the notebook (nbgrader, `COURSE_STRICT=1`) it raises `CheckFailed`; nbgrader's autograding gives
the points of the parts that are right. `examine` returns the verdict without printing, for CI.
"""

import collections
import inspect
import secrets
import sys
import types

from .. import settings
from .endings import NotAttempted, Wrong, is_blank
from .judging import Judging, stopped
from .sandbox import Run, run_guarded
from .sealed import SealedType, is_sealed, seal_module
from .verdict import CheckFailed, PartResult, Verdict, outcome_of, printed_text
from .watchdog import last_words

__all__ = ["CheckFailed", "Exercise", "Verdict", "exercises_of", "seal"]

COMMON_HINTS = types.MappingProxyType({
    "returns_none": ("A function without a `return` gives None.",),
    "not_an_array": ("Turn it into one array with np.array(...) or np.stack(...).",),
    "not_a_number": ("Return the number itself, such as 3 or 0.5, not something that holds it.",),
    "not_integers": ("Places and counts are integers: astype(int), or // instead of /.",),
    "transposed": ("The course is batch-major: the batch axis comes first.",),
    "not_finite": ("If you put NaN there on purpose, the docstring says what belongs there. If "
                   "not, look for a division by zero, a log of zero or an overflowing exp.",),
    "endless": ("Which line makes the loop end, and is it ever reached?",),
    "keeps_state": ("Make the list or the counter inside the function, anew in each call: a "
                    "default value is made once, when `def` is read.",
                    "If you draw random numbers: one input has one right answer.",),
})


class Exercise(metaclass=SealedType):
    """An exercise: parts checked on fresh random inputs, and hints for known mistakes.

    Args:
        name: the name of the function or value that the learner writes.
        hints: {mistake: hint or tuple of hints, mildest first}; the key None is for a wrong
            value that no mistake explains.
        kind: "function" if the answer is called by the check, else "value".
        seconds: how long the learner's code may compute in one check.
    """

    def __init__(self, name, hints=None, kind="function", seconds=5.0):
        if kind not in ("function", "value"):
            raise ValueError(f"kind must be 'function' or 'value', got {kind!r}.")
        self.name, self.kind, self.seconds = name, kind, seconds
        hints = {m: (h,) if isinstance(h, str) else tuple(h) for m, h in (hints or {}).items()}
        self.own_mistakes = tuple(m for m in hints if m is not None)
        self.hints = types.MappingProxyType({**COMMON_HINTS, **hints})
        self.parts = []
        self._tries = collections.Counter()

    def __setattr__(self, name, value):
        if isinstance(self.__dict__.get("parts"), tuple):       # it is complete
            raise AttributeError(f"check.{self.name}.{name} cannot be replaced.")
        super().__setattr__(name, value)

    def __delattr__(self, name):
        raise AttributeError(f"check.{self.name}.{name} cannot be removed.")

    def seal(self):
        """Let nothing about the exercise be changed any more."""
        if not isinstance(self.parts, tuple):
            self.parts = tuple(self.parts)

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
        miscounted = self._miscounted(answers)
        if miscounted is not None:
            return self._verdict([miscounted] * len(self.parts), seed)
        if all(is_blank(a) for a in answers):
            return self._verdict([NotAttempted()] * len(self.parts), seed)
        run = Run(self.name, self.seconds, answers)
        if run.is_inside_itself():
            raise CheckFailed(f"✗ {self.name}: not yet: it is checked inside itself.")
        judging = Judging(self, answers, seed, run)
        kept = [(a, [w.copy() for w in a.get_weights()]) for a in answers if _has_weights(a)]
        reason, let_go, printed = run_guarded(judging.run_parts, run)
        wrongs = judging.wrongs if reason is None else stopped(judging, reason, let_go)
        for model, weights in kept:
            model.set_weights(weights)
        return self._verdict(wrongs, seed, printed, judging.broken)

    def _verdict(self, wrongs, seed, printed="", broken=False):
        results = tuple(PartResult(title, points, wrong) for (title, points, _), wrong
                        in zip(self.parts, wrongs, strict=True))
        return Verdict(outcome_of(results, broken), results, seed, printed)

    def _miscounted(self, answers):
        """Return what is wrong with the number of answers, or None."""
        wanted = list(inspect.signature(self.parts[0][2]).parameters.values())[1:]
        if any(p.kind is p.VAR_POSITIONAL for p in wanted) or len(wanted) == len(answers):
            return None
        count = f"{len(wanted)} answer{'s' * (len(wanted) != 1)}"
        return Wrong(f"check.{self.name} wants {count}, got {len(answers)}.", "wrong_count")

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
        if not settings.is_strict():
            for sentence in last_words():
                print(sentence)
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
            return f"✓ {self.name}: correct." + printed_text(verdict)
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
        return "\n".join(lines) + printed_text(verdict)


def _has_weights(answer):
    return hasattr(answer, "get_weights") and hasattr(answer, "set_weights")


def exercises_of(module):
    """Return {name: Exercise} of a lesson's module, in the order of its source."""
    return {e.name: e for e in vars(module).values() if isinstance(e, Exercise)}


def seal(module_name):
    """Make a lesson's module read-only: a notebook cannot overwrite a check by accident."""
    for name, exercise in vars(sys.modules[module_name]).items():
        if isinstance(exercise, Exercise) and (name != exercise.name or not exercise.parts):
            raise ValueError(f"exercise {exercise.name!r} is bound to {name!r} or has no parts.")
        if isinstance(exercise, Exercise):
            exercise.seal()
    seal_module(module_name)


for _module in ("values", "clock", "worker", "watchdog", "patches", "capture", "guard", "learner",
                "sandbox", "judging", "sealed", "engine"):
    if not is_sealed(f"{__package__}.{_module}"):
        seal_module(f"{__package__}.{_module}")
