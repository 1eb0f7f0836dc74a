"""What the learner's code writes while a check runs: the first lines are kept, the rest dropped.

Three ways lead into a notebook: Python's streams, the file descriptors below them (`os.write`,
programs that were started) and IPython's displays. And the streams are one for the whole process:
whoever puts them back must not put back those of a check that is over.
"""

import contextlib
import io
import os
import sys
import threading

from .patches import Patches, no_exits, no_output
from .worker import anyone_left, is_banned

__all__ = ["Output"]

LIMIT = 2000
STREAMS = {"stdout": 1, "stderr": 2, "__stdout__": 1, "__stderr__": 2}


class _Stream(io.TextIOBase):
    """Stands in for a stream of `sys`: keeps the first characters and drops the rest.

    Other people's threads write to `behind`, the stream that was there, and so does everybody
    once the check is over: whoever still holds this object loses nothing. Only what a thread says
    that an answer left behind is dropped.
    """

    encoding, errors = "utf-8", "replace"

    def __init__(self, behind, number, others):
        self.text, self.over = "", False
        self.behind, self.number, self._others = behind, number, others

    def write(self, text):
        if not self.over and threading.current_thread() not in self._others:
            self.text += text[: max(0, LIMIT - len(self.text))]
        elif self.behind is not None and not is_banned():
            self.behind.write(text)
        return len(text)

    def flush(self):
        if self.over and self.behind is not None and not is_banned():
            self.behind.flush()

    def fileno(self):
        return self.number

    def isatty(self):
        return False

    def close(self):
        pass

    def reconfigure(self, **options):
        pass

    @property
    def buffer(self):
        return _Bytes(self)

    def __getattr__(self, name):            # what Jupyter asks of its own streams
        if name.startswith("__") or not self.__dict__.get("over"):
            raise AttributeError(name)
        return getattr(self.behind, name)


class _Bytes(io.RawIOBase):
    """The bytes below a `_Stream`."""

    def __init__(self, stream):
        self._stream = stream

    def writable(self):
        return True

    def write(self, data):
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


class _Descriptors:
    """File descriptors 1 and 2, turned to nowhere; not every process has them."""

    def __init__(self):
        self._kept = {}
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            for number in (1, 2):
                with contextlib.suppress(OSError):
                    self._kept[number] = os.dup(number)
                    os.dup2(nowhere, number)
            os.close(nowhere)

    def put_back(self):
        for number, kept in self._kept.items():
            with contextlib.suppress(OSError):
                os.dup2(kept, number)

    def close(self):
        for kept in self._kept.values():
            with contextlib.suppress(OSError):
                os.close(kept)


class Output:
    """All output of the process while a check runs.

    Args:
        others: the threads that run already: what they print is not the answer's.
    """

    def __init__(self, others):
        self._before = {name: _real(getattr(sys, name)) for name in (*STREAMS, "stdin")}
        _flush(self._before.values())
        self._descriptors, self._patches = _Descriptors(), Patches()
        self._mine = {name: _Stream(self._before[name], number, others)
                      for name, number in STREAMS.items()}
        for name, stream in self._mine.items():
            setattr(sys, name, stream)
        sys.stdin = io.StringIO()           # nobody answers; and exit() closes it
        no_output(self._patches, others)
        no_exits(self._patches, others)
        self._figures = _figures()

    @property
    def text(self):
        """What was printed, as far as it is kept."""
        return self._mine["stdout"].text or self._mine["__stdout__"].text

    def end(self, restore):
        """Let output through again.

        Args:
            restore: put back what was there; False if the check around this one is over, which
                then has put back everything already.
        """
        if restore:
            _flush(self._before.values())   # what is still in a buffer goes nowhere, too
            self._patches.undo()
            self._descriptors.put_back()
        self._descriptors.close()
        for stream in self._mine.values():
            stream.over = True
        if not restore:
            return
        _close(_figures() - self._figures)
        for name, stream in self._before.items():
            guarded = name in ("stdout", "stderr") and anyone_left()
            setattr(sys, name, self._mine[name] if guarded else stream)


def _real(stream):
    """Return the stream behind those of checks that are over."""
    while isinstance(stream, _Stream) and stream.over:
        stream = stream.behind
    return stream


def _flush(streams):
    for stream in streams:
        with contextlib.suppress(Exception):
            if not isinstance(stream, _Stream):
                stream.flush()


def _figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if hasattr(pyplot, "get_fignums") else set()


def _close(figures):
    for number in figures:                  # else the notebook shows them below the cell
        with contextlib.suppress(Exception):
            sys.modules["matplotlib.pyplot"].close(number)
