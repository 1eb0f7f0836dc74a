"""What an answer gave back, read and named without running code of the answer's own.

A class of the learner's can say that it equals everything, or take for ever to be read. So a
check sees plain values only: `plain` strips subclasses down to what they are built on, and puts
an inert object in the place of anything else that only the learner's own classes make up.
"""

import copy
import inspect
import itertools
import sys
import types

import numpy as np

__all__ = ["copied", "described", "equal", "odd_return", "plain", "stand_in", "type_name"]

MANY = 10_000                   # a longer list is not looked through, entry by entry
DEPTH = 6
ROOM = 40
SCALARS = frozenset(np.sctypeDict.values())
ATOMS = frozenset({type(None), type(...), bool, int, float, complex, str, bytes}) | SCALARS
NEUTRAL = {"abc", "builtins", "collections.abc", "typing", "numpy.lib.mixins"}
BUILT_ON = [                    # a subclass of the first is stripped by the second
    (int, int.__pos__), (float, float.__pos__), (complex, complex.__pos__), (str, str.__str__),
    (bytes, lambda value: bytes.__getitem__(value, slice(None))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
]
ITERATORS = (map, filter, zip, enumerate, reversed)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType,
             types.MethodWrapperType, np.ufunc)


class Foreign:
    """Stands for an object of a class of the learner's own; it has its name and no more."""


def type_name(value):
    """Return the name of `value`'s type, whatever its class says about itself."""
    return type.__dict__["__name__"].__get__(type(value))


# --- plain values --------------------------------------------------------------------------------


def plain(value, home=(), depth=DEPTH):
    """Return `value` with nothing in it that could run code of the answer's own.

    Args:
        value: what the answer gave; it is returned itself if it is plain already.
        home: names of the modules where the answer's own classes are defined.
        depth: how many containers deep to look.
    """
    kind = type(value)
    if kind in ATOMS or kind is np.ndarray:
        return value
    if isinstance(value, np.ndarray):
        return np.ndarray.view(value, np.ndarray)
    if isinstance(value, np.generic):
        base = next(each for each in kind.__mro__ if each in SCALARS)
        return np.asarray(value).astype(base)[()]
    if isinstance(value, (list, tuple, dict)):
        return _plain_container(value, home, depth)
    for base, strip in BUILT_ON:
        if isinstance(value, base):
            return value if kind is base else strip(value)
    if _is_own(kind, home):
        return _plain_own(value)
    return value


def _plain_container(value, home, depth):
    base = next(each for each in (list, tuple, dict) if isinstance(value, each))
    items = base.items(value) if base is dict else base.__iter__(value)
    if depth == 0 or base.__len__(value) > MANY:
        return value if type(value) is base else base(items)
    if base is dict:
        new = {plain(k, home, depth - 1): plain(v, home, depth - 1) for k, v in items}
        changed = any(a is not b for pair in zip(new.items(), base.items(value), strict=False)
                      for a, b in zip(*pair, strict=True))
    else:
        new = base([plain(each, home, depth - 1) for each in items])
        changed = any(a is not b for a, b in zip(new, base.__iter__(value), strict=True))
    trusted = type(value) is base or type(value).__module__ == "collections"
    return new if changed or not trusted else value


def _is_own(kind, home):
    """Return True if nothing but classes of the answer's own makes up `kind`."""
    modules = {each.__module__ for each in kind.__mro__} - NEUTRAL
    own = {m for m in modules if m == "__main__" or m in home or m not in sys.modules}
    return bool(own) and own == modules


def _plain_own(value):
    if hasattr(type(value), "__array__"):
        try:
            array = np.array(value, subok=False)
        except Exception:
            array = None
        if array is not None and array.dtype != object:
            return array
    return stand_in(value)


def stand_in(value):
    """Return an object that has the name of `value`'s class, and nothing else of it."""
    return type(type_name(value), (Foreign,), {})()


# --- odd values ----------------------------------------------------------------------------------


def odd_return(value, name):
    """Return (sentence, mistake) if `value` can be no answer to anything, else None."""
    if inspect.iscoroutine(value):
        value.close()
        return f"`{name}` is `async def`, so a call only makes a coroutine: write `def`.", "async"
    if inspect.isasyncgen(value):
        return f"`{name}` is `async def` with a `yield`: write `def` and `return`.", "async"
    if inspect.isgenerator(value):
        why = ("it returns `(... for ...)`: put [ ] around it"
               if value.gi_code.co_name == "<genexpr>"
               else "it has a `yield`: collect the values, then `return` them")
        return f"`{name}` gives a generator, not its values: {why}.", "generator"
    if isinstance(value, ITERATORS):
        return (f"`{name}` gives a {type_name(value)} object, not its values: put list(...) "
                "around it, or np.array(list(...))."), "generator"
    if isinstance(value, type):
        return f"`{name}` gives a class ({_name(value)}), not a value.", "gives_function"
    if isinstance(value, FUNCTIONS):
        return (f"`{name}` gives the function `{_name(value)}` itself, not what it computes: "
                f"call it, `{_name(value)}(...)`."), "gives_function"
    return None


def _name(value):
    name = getattr(value, "__name__", None)
    return name if type(name) is str else type_name(value)


# --- in words ------------------------------------------------------------------------------------


def described(value):
    """Return `value` in a few words; the size of `value` costs nothing."""
    if type(value) is np.ndarray:
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    text = _short(value)
    return type_name(value) + (f" {text}" if text else "")


def _short(value, depth=2):
    kind = type(value)
    if kind is int and value.bit_length() > 128:
        return "with very many digits"
    if kind in (str, bytes, np.str_, np.bytes_):
        return _cut(repr(value[:ROOM]))
    if kind in ATOMS:
        return _cut(repr(value))
    if kind in (list, tuple, set, frozenset, dict) and depth:
        first = list(itertools.islice(value.items() if kind is dict else value, 5))
        if kind is dict:
            parts = [f"{_short(k, 1)}: {_short(v, depth - 1)}" for k, v in first]
        else:
            parts = [_short(each, depth - 1) or type_name(each) for each in first]
        comma = "," if kind is tuple and len(parts) == 1 else ""
        ends = "[]" if kind is list else "()" if kind is tuple else "{}"
        more = ", ..." if len(value) > len(first) else comma
        return _cut(ends[0] + ", ".join(parts) + more + ends[1])
    return ""


def _cut(text):
    text = " ".join(text.split())
    return text if len(text) <= ROOM else text[:ROOM - 3] + "..."


# --- copies --------------------------------------------------------------------------------------


def copied(value):
    """Return `value`, with arrays and tables in it, and in lists and dicts, copied."""
    if isinstance(value, dict):
        return {key: copied(v) for key, v in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(copied(v) for v in value) if type(value) in (tuple, list) else value
    return copy.deepcopy(value) if isinstance(value, np.ndarray) or _is_frame(value) else value


def _is_frame(value):
    return type(value).__module__.startswith("pandas")


def equal(before, after):
    """Return whether an argument is after a call what it was before."""
    if isinstance(before, np.ndarray):
        same = before.shape == after.shape and before.dtype == after.dtype
        return same and np.array_equal(before, after, equal_nan=before.dtype.kind in "fc")
    if _is_frame(before) and hasattr(before, "equals"):
        return before.equals(after)
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(equal(before[k], after[k]) for k in before)
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(equal, before, after))
    return True
