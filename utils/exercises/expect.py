"""What a check may expect of an answer; each failure is one sentence that names the part.

`mistakes` maps the name of a known mistake to the value that this mistake would have
produced on the same inputs: an answer that equals it is recognised, and the exercise
gives the hint meant for it.
"""

import numpy as np

# Bound now: a notebook that replaces np.allclose does not change what is right.
from numpy import allclose, asarray, isclose, isfinite

from .endings import Wrong
from .sealed import seal_module
from .values import described

__all__ = [
    "Wrong",
    "equals",
    "expect",
    "expect_array",
    "expect_close",
    "expect_error",
    "expect_number",
    "expect_tuple",
]

NO_NUMBERS = (list, tuple, dict, set, frozenset, str, bytes, range,
              type({}.keys()), type({}.values()), type({}.items()))


def expect(condition, message, mistake=None):
    """Raise `Wrong(message)` unless `condition` holds."""
    if not condition:
        raise Wrong(message, mistake)


def _shape_text(shape, axes):
    shape = str(tuple(int(n) for n in shape))
    return f"{axes} = {shape}" if axes else shape


def _numbers(value, name, whole=False, integers=False, wanted="one array"):
    """Return `value` as a NumPy array of finite numbers, or say why it is not one."""
    kind = "not_an_array" if wanted == "one array" else "not_a_number"
    expect(value is not None, f"{name} is None: is a `return` missing?", "returns_none")
    expect(not isinstance(value, NO_NUMBERS),
           f"{name} is {described(value)}: give {wanted} instead.", kind)
    try:
        array = asarray(value)
    except Exception:
        array = None
    expect(array is not None and (array.dtype != object or type(value) is np.ndarray),
           f"{name} is {described(value)}: give {wanted}.", kind)
    expect(
        array.dtype.kind in "fiu",
        f"{name} has dtype {array.dtype}: real numbers are expected.",
        "wrong_dtype",
    )
    expect(
        not integers or array.dtype.kind in "iu",
        f"{name} has dtype {array.dtype}: integers are expected.",
        "not_integers",
    )
    expect(
        whole or integers or array.dtype.kind == "f",
        f"{name} has dtype {array.dtype}: its decimals are cut off; floats are expected.",
        "wrong_dtype",
    )
    bad = int(np.sum(~isfinite(array)))
    expect(
        bad == 0,
        f"{name} holds {bad} value(s) that are NaN or infinite.",
        "not_finite",
    )
    return array


def expect_array(value, name, shape=None, axes="", whole=False, integers=False):
    """Return `value` as an array of finite numbers, of `shape` where one is given.

    Args:
        value: the learner's value: a NumPy array or anything NumPy can read as one
            (a tensor of any backend), but no list.
        name: how the lesson calls it, for the message.
        shape: expected shape, or None for any.
        axes: names of the axes, such as "(batch, units)", for the message.
        whole: allow integers beside floats.
        integers: allow integers only, for counts and indices.

    Raises:
        Wrong: with the part that is wrong.
    """
    array = _numbers(value, name, whole, integers, "one number" if shape == () else "one array")
    if shape is not None and array.shape != tuple(shape):
        turned = array.ndim > 1 and array.shape == tuple(shape)[::-1]
        raise Wrong(
            f"{name} has the wrong shape: expected {_shape_text(shape, axes)}, "
            f"got {array.shape}" + (": is it transposed?" if turned else "."),
            "transposed" if turned else "wrong_shape",
        )
    return array


def _as_numpy(value):
    """Return a Python number as a NumPy one of its kind, anything else as it is."""
    if isinstance(value, (int, float)) and not isinstance(value, (bool, np.generic)):
        if isinstance(value, int) and abs(value) >= 2**63:
            return np.float64(value if abs(value) < 2**1000 else np.inf)
        return np.int64(value) if isinstance(value, int) else np.float64(value)
    return value


def expect_number(value, name, whole=False, integers=False):
    """Return `value`, a Python or NumPy number or an array of shape (), as a float.

    A Python integer passes as a float does, unless `integers` are asked for.
    """
    value = _as_numpy(value)
    whole = whole or isinstance(value, np.int64)
    return float(expect_array(value, name, shape=(), whole=whole, integers=integers))


def equals(value, other, rtol=1e-4, atol=1e-6, equal_nan=False):
    """Return True for numbers that are `other` and have its shape, whatever `value` may be."""
    if isinstance(value, NO_NUMBERS):
        return False
    array, other = asarray(value), asarray(other)
    numbers = array.dtype.kind in "fiu" and array.shape == other.shape
    return numbers and allclose(array, other, rtol, atol, equal_nan)


def _is_any_of(array, others, rtol, atol):
    return any(equals(array, other() if callable(other) else other, rtol, atol)
               for other in (others if isinstance(others, tuple) else (others,)))


def expect_close(value, expected, name, mistakes=None, axes="", rtol=1e-4, atol=1e-6, whole=False,
                 integers=False):
    """Return `value` as an array if it equals `expected`, else say how it differs.

    Args:
        value: the learner's value.
        expected: the right value: an array or a number.
        name: how the lesson calls it.
        mistakes: {mistake: value it would give, a function returning that value, or a tuple of
            several}.
        axes: names of the axes, for the message.
        rtol, atol: tolerances as in `np.allclose`.
        whole: allow integers beside floats (they are allowed where `expected` holds integers).
        integers: allow integers only.

    Raises:
        Wrong: naming the part and, where recognised, the mistake.
    """
    expected = asarray(expected)
    if expected.ndim == 0:
        value = _as_numpy(value)
        whole = whole or isinstance(value, np.int64)
    array = _numbers(value, name, whole or expected.dtype.kind in "iu", integers,
                     "one array" if expected.ndim else "one number")
    if equals(array, expected, rtol, atol):
        return array
    found = next((m for m, others in (mistakes or {}).items()
                  if _is_any_of(array, others, rtol, atol)), None)
    if array.shape != expected.shape:
        try:
            expect_array(array, name, expected.shape, axes, whole=True)
        except Wrong as wrong:
            raise Wrong(str(wrong), wrong.mistake if found is None else found) from None
    if array.ndim == 0:
        message = f"{name} is {float(array):.6g}, expected {float(expected):.6g}."
    else:
        gap = np.abs(array - expected)
        wrong = int(np.sum(~isclose(array, expected, rtol=rtol, atol=atol)))
        message = (
            f"{name} is wrong: {wrong} of {array.size} values differ, "
            f"the largest by {gap.max():.3g}."
        )
    raise Wrong(message, found)


def expect_tuple(value, names):
    """Return `value` as a tuple with one entry per name in `names`; an array unpacks, too."""
    wanted = ", ".join(names)
    if len(getattr(value, "shape", ())) and value.shape[0] == len(names):
        value = tuple(value)
    expect(value is not None, f"Nothing came back: return {wanted}.", "returns_none")
    ok = isinstance(value, (tuple, list)) and len(value) == len(names)
    got = f"{len(value)} values" if isinstance(value, (tuple, list)) else described(value)
    expect(ok, f"Expected {len(names)} values ({wanted}), got {got}.", "wrong_count")
    return tuple(value)


def expect_error(call, kinds=ValueError, when="", mistake="no_error"):
    """Return the error with which `call()` stops, of one of `kinds` or a class built on it.

    Args:
        call: function without arguments that calls the answer.
        kinds: an exception class, or a tuple of them.
        when: what the input is, as a sentence without its full stop, for the message.
        mistake: name of the mistake of an answer that does not stop, or stops with another error.

    Raises:
        Wrong: if it does not stop so.

    What the error says is `str(error)`.
    """
    wanted = " or ".join(k.__name__ for k in (kinds if isinstance(kinds, tuple) else (kinds,)))
    before = f"{when}: " if when else ""
    try:
        value = call()
    except Wrong as wrong:
        if isinstance(wrong.error, kinds):
            return wrong.error
        if wrong.error is None:
            raise
        raise Wrong(f"{before}a {wanted} of yours is expected, and {wrong}", mistake,
                    wrong.error) from None
    got = "nothing" if value is None else described(value)
    raise Wrong(f"{before}a {wanted} is expected, and {got} came back.", mistake)


seal_module(__name__)
