"""Run a learner's code so that it can neither hang, nor flood, nor change the notebook.

The check runs in a second thread, because that can be stopped on every system and inside
every runner (a signal works only in a main thread and not on Windows). Code stuck inside
one call of a C function that never hands control back cannot be stopped by anyone; the
grader's own time limit is there for that.
"""

import contextlib
import copy
import ctypes
import inspect
import io
import linecache
import random
import sys
import threading
import time

import numpy as np

from .expect import NotAttempted, Wrong

__all__ = ["Learner", "Overtime", "Run", "copied", "run_guarded"]

HARD_LIMIT = 120.0          # seconds for a whole check, the course's own part included
STACK_BYTES = 16 * 2**20    # macOS gives a thread 512 kB: too little to trace a model


class Overtime(SystemExit):
    """Thrown into the learner's thread when its time is up; a thread ends silently on it.

    A bare `except:` in a loop would swallow it. So its instance, which is made inside that
    thread, sets a trace that raises it once more on the next line, inside the handler.
    """

    def __init__(self):
        super().__init__()
        frame = sys._getframe(1)
        learners = []
        while frame is not None and frame.f_code is not Learner.__call__.__code__:
            learners.append(frame)
            frame = frame.f_back
        if frame is not None:               # else nothing of the learner's is running
            for each in learners:
                each.f_trace = _raise_again
            sys.settrace(_trace_nothing_new)


def _trace_nothing_new(frame, event, argument):
    return None


def _raise_again(frame, event, argument):
    if event == "line":
        sys.settrace(None)
        raise Overtime
    return _raise_again


class _Capture(io.TextIOBase):
    """Keeps the first characters that the learner's code prints and drops the rest."""

    def __init__(self, limit=2000):
        self.text, self.limit = "", limit

    def write(self, text):
        self.text += text[: max(0, self.limit - len(self.text))]
        return len(text)

    def isatty(self):
        return False


class Run:
    """The clock of one check: only time spent inside the learner's code counts."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.spent = 0.0
        self.since = None

    @contextlib.contextmanager
    def clock(self):
        """Count the time of the block as the learner's."""
        outer, self.since = self.since, self.since or time.monotonic()
        try:
            yield
        finally:
            if outer is None:
                self.spent += time.monotonic() - self.since
            self.since = outer

    def is_over(self):
        since = self.since
        running = time.monotonic() - since if since is not None else 0.0
        return self.spent + running > self.seconds


class Learner:
    """The learner's function: called on copies, timed, and with its errors explained."""

    def __init__(self, function, name, run):
        self.function, self.name, self.run = function, name, run

    def __call__(self, *args, **kwargs):
        given_args, given_kwargs = copied(args), copied(kwargs)
        try:
            with self.run.clock():
                value = self.function(*given_args, **given_kwargs)
        except NotImplementedError:
            raise NotAttempted from None
        except Overtime:
            sys.settrace(None)
            raise
        except (Exception, SystemExit) as error:
            raise Wrong(self._explain(error), "raises") from None
        names = self._argument_names(len(args))
        for name, before, after in [
            *zip(names, args, given_args, strict=False),
            *((key, kwargs[key], given_kwargs[key]) for key in kwargs),
        ]:
            if not _equal(before, after):
                raise Wrong(
                    f"`{self.name}` changes its argument `{name}` in place: whoever calls it "
                    "still needs the old value. Work on a new array (`a = a + b`, not `a += b`).",
                    "mutates_input",
                )
        return value

    def _argument_names(self, count):
        try:
            names = list(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            names = []
        return names + [f"number {k + 1}" for k in range(len(names), count)]

    def _explain(self, error):
        code = getattr(inspect.unwrap(self.function), "__code__", None)
        here, frame = "", error.__traceback__
        while frame is not None:
            if code is not None and frame.tb_frame.f_code.co_filename == code.co_filename:
                line = linecache.getline(code.co_filename, frame.tb_lineno).strip()
                here = f" in line {frame.tb_lineno} of its cell" + (f", `{line}`" if line else "")
            frame = frame.tb_next
        text = " ".join(str(error).split())
        text = text if len(text) <= 300 else text[:297] + "..."
        return f"`{self.name}` stops with {type(error).__name__}{here}: {text or '(no message)'}"


def copied(value):
    """Return `value`, with arrays and tables in it, and in lists and dicts, copied."""
    if isinstance(value, dict):
        return {key: copied(v) for key, v in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(copied(v) for v in value) if type(value) in (tuple, list) else value
    return copy.deepcopy(value) if isinstance(value, np.ndarray) or _is_frame(value) else value


def _is_frame(value):
    return type(value).__module__.startswith("pandas")


def _equal(before, after):
    if isinstance(before, np.ndarray):
        same = before.shape == after.shape and before.dtype == after.dtype
        return same and np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if _is_frame(before) and hasattr(before, "equals"):
        return before.equals(after)
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(_equal(before[k], after[k]) for k in before)
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(_equal, before, after))
    return True


def _throw(thread, exception):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(exception)
    )


class _Worker:
    """The second thread: it does `work`, says so, and ends when nothing is thrown any more.

    An exception thrown into a thread lands at its next bytecode, wherever that is. So throws
    stop as soon as the work is left, and one that was under way lands where it is caught.
    """

    def __init__(self, work):
        self.begun = self.finished = self.released = False
        self.error = None
        self._work = work
        self.thread = threading.Thread(target=self._body, daemon=True, name="exercise-check")

    def _body(self):
        while not self.released:
            try:
                self._do()
            except Overtime:                # one that landed while another was handled
                pass

    def _do(self):
        try:
            if not self.begun:
                self.begun = True
                self._work()
        except Overtime:
            pass
        except Exception as error:
            self.error = error
        self.finished = True
        while not self.released:
            time.sleep(5e-4)
        for _ in range(100):                # what was thrown last lands here
            pass

    def _is_at_work(self):
        frame = sys._current_frames().get(self.thread.ident)
        while frame is not None and frame.f_code is not self._work.__code__:
            frame = frame.f_back
        return frame is not None

    def wait(self, run):
        """Return True when the work is done, False when its time is up."""
        start, pause = time.monotonic(), 5e-4
        while not self.finished:
            if run.is_over() or time.monotonic() - start > HARD_LIMIT:
                return False
            time.sleep(pause)
            pause = min(2 * pause, 0.02)
        return True

    def stop(self, patience=2.0):
        """Throw `Overtime` until the work ends; returns whether it did.

        A loop with a bare `except:` swallows what hits it inside the `try`, so throw often:
        one of many lands between two rounds.
        """
        interval, end = sys.getswitchinterval(), time.monotonic() + patience
        sys.setswitchinterval(1e-5)
        try:
            while not self.finished and time.monotonic() < end:
                if self._is_at_work():
                    _throw(self.thread, Overtime)
                time.sleep(1e-3)
        finally:
            sys.setswitchinterval(interval)
        return self.finished


def run_guarded(work, run):
    """Call `work()` in a second thread, with its output captured and the random state kept.

    Args:
        work: function without arguments; only `Overtime` may leave it.
        run: the `Run` whose clock says when the learner's time is up.

    Returns:
        (ended, printed): ended is "done", "stopped" (time was up) or "abandoned" (time was
        up and the code could not be stopped); printed is what it wrote to stdout.
    """
    out, err, worker = _Capture(), _Capture(), _Worker(work)
    numpy_state, python_state = np.random.get_state(), random.getstate()
    stack_size = threading.stack_size(STACK_BYTES)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            worker.thread.start()
            try:
                ended = "done" if worker.wait(run) else "stopped" if worker.stop() else "abandoned"
            except KeyboardInterrupt:
                worker.stop()
                raise
            finally:
                worker.released = True
            if ended != "abandoned":
                worker.thread.join()
    finally:
        threading.stack_size(stack_size)
        np.random.set_state(numpy_state)
        random.setstate(python_state)
    if worker.error is not None:
        raise worker.error
    return ended, out.text
