"""The learner's function as a check calls it: on copies, timed, and with its errors explained."""

import dis
import functools
import inspect
import linecache
import random
import re
import sys
import types

import numpy as np

from .endings import NotAttempted, Wrong
from .values import ATOMS, MANY, copied, equal, odd_return, plain, type_name
from .worker import Overtime, theirs

__all__ = ["Learner", "homes_of", "is_stub", "source_files"]

# What Python does before the first line's `raise NotImplementedError`, and nothing else.
OF_A_STUB = {"RESUME", "NOP", "CACHE", "PUSH_NULL", "PRECALL", "CALL", "EXTENDED_ARG",
             "COPY_FREE_VARS", "MAKE_CELL", "LOAD_GLOBAL", "LOAD_CONST", "LOAD_COMMON_CONSTANT"}


class Learner:
    """The learner's function; `run` is the `Run` of the check that calls it."""

    def __init__(self, function, run):
        name = getattr(function, "__name__", None)
        self.function, self.run = function, run
        self.name = name if type(name) is str else run.name
        self._first = None                  # the first call of a part, as `_remember` keeps it

    def forget(self):
        """Take the next call for the first one."""
        self._first = None

    def has_changed(self):
        """Return True if the first call, made once more, gives another value than it did."""
        if not self._first:
            return False
        (args, kwargs, value), states = self._first
        np.random.set_state(states[0])
        random.setstate(states[1])
        try:
            return not _is_alike(value, self(*args, **kwargs))
        except (Wrong, NotAttempted):
            return True

    def _remember(self, states, *call):
        """Keep copies of a call's arguments and value, where all of them can be compared."""
        self._first = (copied(call), states) if all(map(_is_data, call)) else ()

    def __call__(self, *args, **kwargs):
        states = (np.random.get_state(), random.getstate()) if self._first is None else None
        given_args, given_kwargs, wrong = copied(args), copied(kwargs), None
        trace, profile = sys.gettrace(), sys.getprofile()
        with self.run.clock.learning():
            try:
                with np.errstate(), np.printoptions():
                    value = self.function(*given_args, **given_kwargs)
                    odd = odd_return(value, self.name)
                    value = plain(value, self.run.homes)
                wrong = Wrong(*odd) if odd else None
            except Overtime:
                sys.settrace(None)
                raise
            except BaseException as error:
                wrong = self._failure(error)
            sys.settrace(trace)
            sys.setprofile(profile)
            self.run.guard.put_back()
            wrong = self.run.own_check or wrong or self._changed(args, given_args, kwargs,
                                                                given_kwargs)
        if wrong is not None:
            raise wrong
        if states:
            self._remember(states, args, kwargs, value)
        return value

    def _changed(self, args, given_args, kwargs, given_kwargs):
        changed = [k for k, pair in enumerate(zip(args, given_args, strict=True))
                   if not equal(*pair)]
        changed += [key for key in kwargs if not equal(kwargs[key], given_kwargs[key])]
        if not changed:
            return None
        name = changed[0] if isinstance(changed[0], str) else self._argument_name(changed[0])
        return Wrong(
            f"`{self.name}` changes its argument `{name}` in place: whoever calls it "
            "still needs the old value. Work on a new array (`a = a + b`, not `a += b`).",
            "mutates_input",
        )

    def _argument_name(self, position):
        try:
            names = list(inspect.signature(self.function).parameters)
        except (TypeError, ValueError):
            names = []
        return names[position] if position < len(names) else f"number {position + 1}"

    # --- errors ----------------------------------------------------------------------------------

    def _failure(self, error):
        if isinstance(error, NotImplementedError) and is_stub(self.function):
            return NotAttempted()
        told = f"`{self.name}` stops with {type_name(error)}{self._where(error)}: {_said(error)}"
        return Wrong(told, "raises", error)

    def _where(self, error):
        """Return the line that the learner has to look at: the last one of their own."""
        files, here = source_files(self.function), ""
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name in files or (not here and theirs(name)):
                line = linecache.getline(name, trace.tb_lineno).strip()[:80]
                here = f" in line {trace.tb_lineno} of its cell" + (f", `{line}`" if line else "")
            trace = trace.tb_next
        return here


def _said(error):
    """Return what `error` says, without control codes and without a trace of C++."""
    if isinstance(error, SystemExit) and not str(error).startswith(("os.", "signal.", "exit")):
        return "it ends the program; a function ends with `return`."
    try:
        text = str(error)
    except Exception:
        text = ""
    text = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\{\{.*?\}\}", "", text[:5000])
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    end = next((k for k, line in enumerate(lines) if k and re.match(
        r"(Arguments received|Call arguments|Detected at|Stack trace|Traceback|\[\[|\d+ root)",
        line)), len(lines))
    text = " ".join(" ".join(lines[:end]).split())
    return (text if len(text) <= 300 else text[:297] + "...") or "(no message)"


# --- what a call was given, and gave -------------------------------------------------------------


def _is_data(value, depth=4):
    """Return True for numbers, text and arrays, and lists and dicts of them."""
    if type(value) in (list, tuple, dict):
        each = value.values() if type(value) is dict else value
        return depth > 0 and len(value) <= MANY and all(_is_data(v, depth - 1) for v in each)
    return type(value) in ATOMS or (type(value) is np.ndarray and value.dtype != object)


def _is_alike(first, again):
    """Return True if two values are the same, but for rounding."""
    if type(first) is not type(again):
        return False
    if type(first) in (list, tuple):
        return len(first) == len(again) and all(map(_is_alike, first, again))
    if type(first) is dict:
        return first.keys() == again.keys() and all(_is_alike(first[k], again[k]) for k in first)
    a, b = np.asarray(first), np.asarray(again)
    if a.dtype.kind == b.dtype.kind == "f":
        return a.shape == b.shape and np.allclose(a, b, atol=1e-6, equal_nan=True)
    return np.array_equal(a, b)


# --- what a function is made of ------------------------------------------------------------------


def _codes(function, depth=4):
    """Yield the code of a function, of what it wraps, and of an object that can be called."""
    if isinstance(function, functools.partial):
        yield from _codes(function.func, depth)
    elif isinstance(function, types.MethodType):
        yield from _codes(function.__func__, depth)
    elif isinstance(function, types.FunctionType):
        yield function.__code__
        inside = [vars(function).get("__wrapped__")]
        for cell in function.__closure__ or ():
            try:
                inside.append(cell.cell_contents)
            except ValueError:              # not filled yet
                pass
        for each in inside if depth else ():
            if callable(each) and not isinstance(each, type):
                yield from _codes(each, depth - 1)
    elif not isinstance(function, type) and depth:
        call = vars(type(function)).get("__call__")
        if isinstance(call, types.FunctionType):
            yield from _codes(call, depth - 1)


def source_files(*functions):
    """Return the names of the files where the learner's functions stand."""
    return {code.co_filename for each in functions for code in _codes(each)}


def homes_of(*functions):
    """Return the names of the modules where the learner's own classes may be defined."""
    names = {getattr(each, "__module__", None) for each in functions}
    return {"__main__"} | {name for name in names if type(name) is str}


def is_stub(function):
    """Return True if the first thing that a function does is to raise."""
    code = next(_codes(function), None)
    for step in dis.get_instructions(code) if code is not None else ():
        if step.opname == "RAISE_VARARGS":
            return True
        if step.opname not in OF_A_STUB:
            return False
    return False
