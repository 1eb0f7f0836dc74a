"""The thread that a check runs in, how it is stopped, and what becomes of threads left behind.

A second thread can be stopped on every system and inside every runner (a signal works only in a
main thread and not on Windows): an exception is thrown into it, which lands at its next line.
Code inside one call of a C function is out of reach until that call ends.
"""

import ctypes
import functools
import os
import site
import sys
import sysconfig
import threading
import types
import weakref
from _thread import start_new_thread
from os import _exit
from pathlib import Path
from time import monotonic, sleep

from .clock import Watch, is_importing, stack_of

__all__ = ["UNBROKEN", "Overtime", "Worker", "anyone_left", "is_banned", "leave_behind",
           "started_by_learner", "theirs"]

COURSE = str(Path(__file__).resolve().parents[1])
LIBRARIES = tuple({*sysconfig.get_paths().values(), site.getusersitepackages(), COURSE})


@functools.lru_cache(maxsize=10_000)
def theirs(filename):
    """Return True if a file of this name is neither Python's, nor a package's, nor the course's.

    A cell of a notebook has a file name of its own, in a temporary folder.
    """
    if filename.startswith("<"):
        return filename.startswith("<ipython-input")
    return not (filename.startswith(LIBRARIES) or "site-packages" in filename
                or "dist-packages" in filename)


class Overtime(SystemExit):
    """Thrown into the learner's thread when its time is up; a thread ends silently on it.

    A bare `except:` in a loop would swallow it. So its instance, which is made inside that
    thread, sets a trace that raises it once more on the next line, inside the handler.
    """

    def __init__(self):
        super().__init__()
        learners = [f for f in _stack(sys._getframe(1)) if theirs(f.f_code.co_filename)]
        for each in learners:
            each.f_trace = _raise_again
        if learners:                        # else nothing of the learner's is running
            sys.settrace(_trace_nothing_new)


def _stack(frame):
    """Yield frames from `frame` outwards, as far as the learner's function."""
    while frame is not None and frame.f_code.co_qualname != "Learner.__call__":
        yield frame
        frame = frame.f_back


def _trace_nothing_new(frame, event, argument):
    return None


def _raise_again(frame, event, argument):
    if event == "line":
        sys.settrace(None)
        raise Overtime
    return _raise_again


# Functions that nothing is thrown into. One is that which starts a thread: the new one bears its
# parent's identity for a moment, so it may be hit instead, and its parent then waits for ever.
UNBROKEN = {threading.Thread.start.__code__}


def _may_be_hit(frames):
    """Return True if the thread neither imports (a module is never cut off) nor is `UNBROKEN`."""
    return not is_importing(frames) and not any(f.f_code in UNBROKEN for f in frames)


def _throw(thread):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(Overtime)
    )


class Worker:
    """The second thread: it does `work`, says so, and ends when nothing is thrown any more.

    An exception thrown into a thread lands at its next bytecode, wherever that is. So throws
    stop as soon as the work is left, and one that was under way lands where it is caught.
    """

    def __init__(self, work, run):
        self.begun = self.finished = self.released = False
        self.error = None
        self._work, self._run, self._process = work, run, os.getpid()
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
        except BaseException as error:
            self.error = error
        if os.getpid() != self._process:    # a copy of the process, which the answer has made
            _exit(0)
        self.finished = True
        while not self.released:
            sleep(5e-4)
        for _ in range(100):                # what was thrown last lands here
            pass

    def can_be_stopped(self):
        """Return True if the thread is at work, and in nothing that must come to its end."""
        frames = stack_of(self.thread)
        return any(f.f_code is self._work.__code__ for f in frames) and _may_be_hit(frames)

    def wait(self, meanwhile):
        """Return None when the work is done, or why it must be stopped, as `Watch.look` says it.

        Args:
            meanwhile: called again and again while the work goes on.
        """
        watch, pause = Watch(self._run.clock, self.thread, self._run.files), 5e-4
        while not self.finished:
            reason = watch.look()
            if reason is not None:
                return reason
            meanwhile()
            sleep(pause)
            pause = min(2 * pause, 0.02)
        return None

    def stop(self, patience=2.0):
        """Throw `Overtime` until the work ends; returns whether it did.

        A loop with a bare `except:` swallows what hits it inside the `try`, so throw often:
        one of many lands between two rounds.
        """
        interval, end = sys.getswitchinterval(), monotonic() + patience
        sys.setswitchinterval(1e-5)
        try:
            while not self.finished and monotonic() < end:
                if self.can_be_stopped():
                    _throw(self.thread)
                sleep(1e-3)
        finally:
            sys.setswitchinterval(interval)
        return self.finished


# --- threads left behind -------------------------------------------------------------------------

_left = {}                                  # thread: the worker it is, or None
_banned = weakref.WeakSet()
_lock = threading.Lock()
_reaping = False                            # whether a thread stops those that are left


def is_banned():
    """Return True in a thread that an answer left behind; without a thread, whether there is one.

    What such a thread prints is nobody's output any more.
    """
    return bool(_banned) and threading.current_thread() in _banned


def started_by_learner(before, worker, files):
    """Return the threads that are not in `before` and still run the learner's code, or will."""
    new = [t for t in threading.enumerate() if t not in before and t is not worker.thread]
    return [t for t in new if _runs(t, files)]


def _runs(thread, files):
    if any(theirs(f.f_code.co_filename) for f in stack_of(thread)):
        return True
    functions = [v for v in vars(thread).values() if isinstance(v, types.FunctionType)]
    return any(f.__code__.co_filename in files for f in functions)      # a timer that waits


def leave_behind(threads, worker=None):
    """Drop what `threads` print from now on, and stop each as soon as it can be stopped."""
    if not threads:
        return
    _banned.update(threads)
    if _lock.acquire(timeout=1):            # else they go on, unheard: no check waits for ever
        try:
            for thread in threads:
                _left[thread] = worker if worker is not None and thread is worker.thread else None
        finally:
            _lock.release()
    if not _reaping:
        start_new_thread(_reap, ())         # Thread.start would wait for a thread that was hit


def anyone_left():
    """Return True while a thread that an answer left behind is alive."""
    return any(t.is_alive() for t in list(_left))


def _reap():
    global _reaping
    with _lock:
        if _reaping:
            return
        _reaping = True
    pause = 1e-3
    while True:
        with _lock:
            for thread, worker in list(_left.items()):
                if not _stop_once(thread, worker):
                    del _left[thread]
                    _banned.discard(thread)
            if not _left:
                _reaping = False
                return
        sleep(pause)
        pause = min(1.05 * pause, 0.5)


def _stop_once(thread, worker):
    """Throw into a thread where that helps; returns False once it is done."""
    if not thread.is_alive() or (worker is not None and worker.finished):
        return False
    if worker is not None:
        if worker.can_be_stopped():
            _throw(thread)
        return True
    if _may_be_hit(stack_of(thread)):
        _throw(thread)
    return True
