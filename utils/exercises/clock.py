"""The clock of one check: how much the learner's code has computed, and whether it waits.

Seconds on the wall say nothing on a machine that twenty students share, so only processor time of
the learner's thread counts, and none of it while a module is being imported: a first `import
pandas` is slow and right, and TensorFlow cut off in the middle is broken for good. Code that
sleeps or waits for a lock uses no processor: it is found by that.
"""

import contextlib
import os
import sys
import time
from pathlib import Path
from threading import get_native_id
from time import monotonic, process_time, thread_time

import psutil

__all__ = ["Clock", "Watch", "is_importing", "stack_of"]

HARD_LIMIT = 120.0      # seconds for a whole check, the course's own part included
IMPORT_LIMIT = 900.0    # seconds of imports
WAIT_LIMIT = 6.0        # seconds of doing nothing
GLANCE = 0.5            # seconds over which the share of the processor is taken
TASKS = Path("/proc/self/task")


def stack_of(thread):
    """Return the frames of a thread, innermost first."""
    frame, frames = sys._current_frames().get(thread.ident), []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames


def is_importing(frames):
    """Return True if a module is being imported, by whatever means."""
    return any(f.f_code.co_filename.startswith("<frozen importlib._bootstrap") for f in frames)


# --- processor time ------------------------------------------------------------------------------


def _cpu_clock(thread):
    """Return a function that gives the processor seconds of `thread`."""
    if hasattr(time, "pthread_getcpuclockid"):
        clock = time.pthread_getcpuclockid(thread.ident)
        return lambda: time.clock_gettime(clock)
    start = monotonic()
    if sys.platform == "win32":
        process = psutil.Process()

        def seconds():
            mine = [t for t in process.threads() if t.id == thread.native_id]
            return sum(t.user_time + t.system_time for t in mine)

        return seconds
    return lambda: min(process_time(), monotonic() - start)     # all threads; never more than this


def _queued(task):
    """Return the seconds that a thread ran and stood in the queue: (ran, queued)."""
    try:
        ran, queued, _ = (TASKS / str(task) / "schedstat").read_text().split()
    except (OSError, ValueError):           # it has just ended
        return 0.0, 0.0
    return int(ran) / 1e9, int(queued) / 1e9


# Linux says how long a thread stood in the queue. Elsewhere code on a full machine looks idle.
EXACT = _queued(get_native_id())[0] > 0
IDLE = 0.2 if EXACT else 0.02   # share of the processor


def _wanted():
    """Return the processor seconds that all threads but the caller's have used or asked for."""
    if not EXACT:
        return process_time() - thread_time()
    return sum(sum(_queued(task)) for task in os.listdir(TASKS) if int(task) != get_native_id())


def _children():
    """Return the processor seconds of the processes that this one has started."""
    seconds = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            used = child.cpu_times()
            seconds += used.user + used.system
    return seconds


# --- the clock -----------------------------------------------------------------------------------


class Clock:
    """Processor seconds of the learner's code in one check; `seconds` is how many it has."""

    def __init__(self, seconds):
        self.seconds, self.spent, self.depth = seconds, 0.0, 0

    @contextlib.contextmanager
    def learning(self):
        """Count the processor time of the block as the learner's."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def restart(self):
        """Give the learner's code its seconds once more."""
        self.spent = 0.0


class Watch:
    """Looks at the learner's thread from outside, again and again.

    Args:
        clock: the `Clock` to keep.
        thread: the thread, which has started.
        files: names of the learner's source files: what runs there is the learner's, even
            where the check and not `learning` has called it.
    """

    def __init__(self, clock, thread, files):
        self.clock, self.thread, self.files = clock, thread, files
        self._cpu = _cpu_clock(thread)
        self._last = monotonic(), self._cpu()
        self._counting = False
        self._elapsed = self._imported = self._idle = 0.0
        self._glance = None                 # (time, processor seconds) where a glance began
        self._born = 0.0                    # processor seconds of children

    def look(self):
        """Return why the code has to be stopped, or None.

        Returns:
            "endless" (it has used its seconds), "waiting", "late" (`HARD_LIMIT`) or "importing".
        """
        frames = stack_of(self.thread)
        importing = is_importing(frames)
        learning = self.clock.depth > 0 or any(f.f_code.co_filename in self.files for f in frames)
        del frames
        (before, used), now, cpu = self._last, monotonic(), self._cpu()
        self._last = now, cpu
        counting = learning and not importing
        if counting and self._counting:
            self.clock.spent += cpu - used
        if importing:
            self._imported += now - before
        else:
            self._elapsed += now - before
        self._counting = counting
        self._look_for_waiting(now, counting)
        if importing:
            return "importing" if self._imported > IMPORT_LIMIT else None
        if counting and self.clock.spent > self.clock.seconds:
            return "endless"
        if self._idle >= WAIT_LIMIT:
            return "waiting"
        return "late" if self._elapsed - self._stood() > HARD_LIMIT else None

    def _stood(self):
        """Return how long the thread stood in the queue of a machine that is busy."""
        return _queued(self.thread.native_id)[1] if EXACT and self._elapsed > HARD_LIMIT else 0.0

    def _look_for_waiting(self, now, counting):
        if not counting:
            self._glance = None
        elif self._glance is None:
            self._glance = now, _wanted()
        elif now - self._glance[0] >= GLANCE:
            (start, wanted), new = self._glance, _wanted()
            self._glance, share = (now, new), (new - wanted) / (now - start)
            if share < IDLE:
                born, self._born = self._born, _children()
                share = share if self._born == born else 1.0    # one of them is at work
            self._idle = self._idle + now - start if share < IDLE else 0.0
