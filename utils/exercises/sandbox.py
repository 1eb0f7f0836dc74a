"""Run a learner's code so that it can neither hang, nor flood, nor change the notebook.

A check runs in a second thread (worker.py), by a clock of its own (clock.py); its output is kept
(capture.py), what would end the kernel is refused (patches.py), what it changed is put back
(guard.py), and a call that keeps the interpreter is written down for the next kernel
(watchdog.py).
"""

import contextlib
import signal
import threading

from .capture import Output
from .clock import Clock
from .endings import Wrong
from .guard import Guard
from .learner import homes_of, source_files
from .watchdog import Watchdog
from .worker import UNBROKEN, Overtime, Worker, is_banned, leave_behind, started_by_learner

__all__ = ["Run", "run_guarded"]

STACK_BYTES = 16 * 2**20    # macOS gives a thread 512 kB: too little to trace a model
_running = []               # the runs under way, outermost first


class Run:
    """One check of one exercise.

    Args:
        name: the exercise.
        seconds: how long the learner's code may compute.
        answers: what is checked.
    """

    def __init__(self, name, seconds, answers=()):
        if is_banned():                     # a check that is over and whose thread went on
            raise Overtime
        self.name, self.clock = name, Clock(seconds)
        self.files, self.homes = source_files(*answers), homes_of(*answers)
        self.others = set(threading.enumerate())        # threads that are not of this check
        self.around = next((r for r in reversed(_running)
                            if threading.current_thread() not in r.others), None)
        self.guard = self.own_check = None
        self.over = False

    def is_inside_itself(self):
        """Return True if the function that this check is for has called it, and note it there."""
        outer = self.around
        while outer is not None and outer.name != self.name:
            outer = outer.around
        if outer is not None:
            outer.own_check = Wrong(
                f"`{self.name}` calls its own check: move the line `check.{self.name}(...)` to "
                "the left margin, out of the function.", "own_check")
        return outer is not None

    def may_restore(self):
        """Return False if a check around this one is over, which has restored everything."""
        return self.around is None or (not self.around.over and self.around.may_restore())


def run_guarded(work, run):
    """Call `work()` in a second thread, with its output captured and the notebook's state kept.

    Args:
        work: function without arguments; only `Overtime` may leave it.
        run: the `Run` that it belongs to.

    Returns:
        (reason, let_go, printed): why the work was stopped, as `Watch.look` says it, or None;
        whether it ended; and what it wrote to stdout.
    """
    worker, stack_size = Worker(work, run), threading.stack_size(STACK_BYTES)
    with _uninterrupted():
        run.guard, output = Guard(), Output(run.others)
        _running.append(run)
    try:
        with Watchdog(run.name, run.files) as watchdog:     # set before the first line runs
            worker.thread.start()
            threading.stack_size(stack_size)
            reason = _wait(worker, watchdog)
    finally:
        with _uninterrupted():
            _leave(worker, run, output)
    if worker.error is not None:
        raise worker.error
    return reason, worker.finished, output.text


@contextlib.contextmanager
def _uninterrupted():
    """Let no Ctrl-C leave the streams half replaced; it lasts a millisecond."""
    mine = threading.current_thread() is threading.main_thread()
    if not mine or signal.getsignal(signal.SIGINT) is None:
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _leave(worker, run, output):
    """End a run: what still goes on is left behind, and everything else put back."""
    run.over = worker.released = True
    _running.remove(run)
    if worker.finished:
        worker.thread.join()
    else:
        leave_behind([worker.thread], worker)
    leave_behind(started_by_learner(run.others, worker, run.files))
    restore = run.may_restore()
    output.end(restore)
    if restore:
        run.guard.end()


UNBROKEN.add(_leave.__code__)                # of a check inside a check: it puts things back


def _wait(worker, watchdog):
    """Wait for the work, and stop it when its time is up or somebody interrupts."""
    try:
        reason = worker.wait(watchdog.put_off)
        if reason is not None:
            worker.stop()
        return reason
    except KeyboardInterrupt:
        worker.stop()
        raise
