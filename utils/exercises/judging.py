"""The work of one check: each part on random inputs, and right answers on a second draw.

An answer that keeps something from one call to the next is found in two ways: one that was right
fails on a second draw, and then on the first one again; or, where a part fails at once, its first
call gives another value when it is made again.
"""

import numpy as np

from .endings import NotAttempted, Wrong
from .learner import Learner
from .values import copied, plain, stand_in, type_name
from .worker import Overtime

__all__ = ["Judging", "stopped"]

KEEPS_STATE = (
    "the same call gives something else the second time: `{}` keeps something from one call to "
    "the next. Is it a default value such as `states=[]`, a global list, or a random number?"
)
WHY_STOPPED = {
    "endless": ("your code was still running after {seconds:g} seconds of computing and was "
                "stopped: does a loop never end?"),
    "waiting": ("your code waits and computes nothing, so it was stopped: is there a sleep, a "
                "lock, or a question that nobody answers?"),
    "late": ("your code had not come back after two minutes and was stopped: can it be made "
             "faster?"),
    "importing": ("an import in your code has not ended for a quarter of an hour: import what you "
                  "need in a cell of its own first."),
}
NO_RELEASE = " It did not let go, so restart the kernel before you go on."


class Judging:
    """The parts of an exercise and what was found; `run_parts` is called in the guarded thread.

    Attributes:
        wrongs: for each part None if it is right, else why not; "unknown" if it was not reached.
        at: the index of the part under way.
        broken: whether a check failed itself.
    """

    def __init__(self, exercise, answers, seed, run):
        self.exercise, self.answers, self.seed, self.run = exercise, answers, seed, run
        self.wrongs = ["unknown"] * len(exercise.parts)
        self.at, self.broken, self._given = 0, False, ()

    def run_parts(self):
        """Judge each part; if all are right, each once more, which finds what is kept."""
        self._given = [self._wrapped(answer) for answer in self.answers]
        self._judge_all(self._judge)
        if self.exercise.kind == "function" and not any(self.wrongs):
            self.run.clock.restart()
            self._judge_all(self._judge_again)

    def _judge_all(self, judge):
        for index in range(len(self.wrongs)):
            self.at = index
            self.wrongs[index] = judge(index)

    def _judge_again(self, index):
        second = self._judge(index, draw=1)
        return second if second is None or self._judge(index) is None else self._keeps_state()

    def _judge(self, index, draw=0):
        """Return why part `index` is wrong on one draw of its inputs, or None."""
        _, _, function = self.exercise.parts[index]
        rng = np.random.default_rng([self.seed, index, draw] if draw else [self.seed, index])
        learners = [each for each in self._given if isinstance(each, Learner)]
        for each in learners:
            each.forget()
        wrong = None
        try:
            function(rng, *self._given)
        except (Wrong, NotAttempted) as failure:
            wrong = failure.with_traceback(None)    # its frames hold what is right
        except Overtime:
            raise
        except BaseException as defect:
            self.broken = True
            return Wrong(f"this answer could not be judged ({type_name(defect)}: {defect}).")
        if isinstance(wrong, Wrong) and any(each.has_changed() for each in learners):
            return self._keeps_state()
        return wrong

    def _keeps_state(self):
        return Wrong(KEEPS_STATE.format(self.exercise.name), "keeps_state")

    def _wrapped(self, answer):
        name = self.exercise.name
        if self.exercise.kind == "value":
            with self.run.clock.learning():
                return self._read(answer)
        if isinstance(answer, type) or not callable(answer):
            kind = "a class" if isinstance(answer, type) else type_name(answer)
            return _Raiser(Wrong(
                f"`{name}` is {kind}, not a function: give the check the function itself, "
                f"check.{name}({name}).", "not_a_function"))
        return Learner(answer, self.run)

    def _read(self, answer):
        try:
            return plain(copied(answer), self.run.homes)
        except Overtime:
            raise
        except BaseException:               # it cannot even be copied
            return stand_in(answer)


class _Raiser:
    """Stands in for an answer that cannot be called."""

    def __init__(self, wrong):
        self.wrong = wrong

    def __call__(self, *args, **kwargs):
        raise self.wrong


def stopped(judging, reason, let_go):
    """Return why each part is wrong after the work was stopped for `reason`."""
    seconds = judging.exercise.seconds
    text = WHY_STOPPED[reason].format(seconds=seconds) + ("" if let_go else NO_RELEASE)
    wrongs = list(judging.wrongs)
    wrongs[judging.at] = judging.run.own_check or Wrong(text, reason)
    return [Wrong("not reached.") if w == "unknown" else w for w in wrongs]
