"""What a check finds in the process it leaves there, and it judges by Python's own functions.

An answer may change the working folder, the warnings, even `np.allclose`. What the check itself
needs is put back after each call of the answer, and everything at the end.
"""

import builtins
import contextlib
import copy
import gc
import math
import operator
import os
import random
import sys
import threading
import time
import types
import warnings

import numpy as np

__all__ = ["Guard"]

MODULES = (builtins, copy, math, random, time, np, np.linalg, np.random, np.fft, np.ma)
UNKNOWN = object()
BUILT_IN = (types.BuiltinFunctionType, type)


def _functions(module):
    """Return {name: function} of a module; of builtins those that no notebook replaces."""
    return {name: value for name, value in vars(module).items()
            if callable(value) and not name.startswith("__") and name not in ("input", "open")
            and (module is not builtins or isinstance(value, BUILT_IN))}


# Taken now, when nothing of the notebook has touched them yet: (namespace, names, functions).
ORIGINALS = [(vars(module), *zip(*_functions(module).items(), strict=True)) for module in MODULES]


def _set_environment(wanted):
    for name in set(os.environ) - set(wanted):
        del os.environ[name]
    os.environ.update(wanted)


def _warnings():
    return list(warnings.filters), warnings.showwarning


def _set_warnings(wanted):
    filters, show = wanted
    warnings.showwarning = show
    warnings.resetwarnings()                # tells the C part that the list is another one
    warnings.filters[:] = filters


def _set_path(wanted):
    sys.path[:] = wanted


def _set_gc(wanted):
    (gc.enable if wanted else gc.disable)()


def _hooks():
    return sys.excepthook, sys.unraisablehook, threading.excepthook


def _set_hooks(wanted):
    sys.excepthook, sys.unraisablehook, threading.excepthook = wanted


STATES = [                                  # (how to read it, how to set it)
    (os.getcwd, os.chdir),
    (lambda: dict(os.environ), _set_environment),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (lambda: list(sys.path), _set_path),
    (gc.isenabled, _set_gc),
    (_hooks, _set_hooks),
    (threading.gettrace, threading.settrace),
    (threading.getprofile, threading.setprofile),
]


class Guard:
    """The state of the process when a check begins, and the way back to it."""

    def __init__(self):
        self._states = [(_read(get), get, put) for get, put in STATES]
        self._warnings = _warnings()
        self._random = np.random.get_state(), random.getstate()
        self._stack_size = threading.stack_size()
        self._replaced = _put_originals()

    def put_back(self):
        """Undo what would change how the check judges; called after each call of the answer."""
        if _warnings() != self._warnings:
            _set_warnings(self._warnings)
        _put_originals()

    def end(self):
        """Leave everything as it was when the check began."""
        self.put_back()
        for before, get, put in self._states:
            if before is not UNKNOWN and _read(get) != before:
                with contextlib.suppress(Exception):
                    put(before)
        threading.stack_size(self._stack_size)
        np.random.set_state(self._random[0])
        random.setstate(self._random[1])
        for namespace, name, value in self._replaced:
            namespace[name] = value


def _read(get):
    try:
        return get()
    except OSError:                         # a working folder that was removed
        return UNKNOWN


def _put_originals():
    """Put functions that were replaced back; returns [(namespace, name, what was there)]."""
    replaced = []
    for space, names, functions in ORIGINALS:
        if all(map(operator.is_, map(space.get, names), functions)):
            continue
        for name, function in zip(names, functions, strict=True):
            if space.get(name) is not function:
                replaced.append((space, name, space.get(name)))
                space[name] = function
    return replaced
