"""The course's environment variables, read in one place and never at import time."""

import os
from pathlib import Path

import platformdirs

__all__ = ["cache_path", "course_mode", "data_folder", "grading", "is_full", "is_strict"]


def course_mode():
    """Return "quick" (the default) or "full", from `COURSE_MODE`.

    Raises:
        ValueError: if `COURSE_MODE` is set to anything else.
    """
    mode = os.environ.get("COURSE_MODE", "").strip().lower() or "quick"
    if mode not in ("quick", "full"):
        raise ValueError(f"COURSE_MODE is {mode!r}: set it to 'quick' or 'full', or unset it.")
    return mode


def is_full():
    """Return True in full mode: real public data sets and longer training."""
    return course_mode() == "full"


def data_folder():
    """Return the folder of downloaded data: `COURSE_DATA`, else the user's cache folder.

    The folder need not exist; whoever writes into it creates it.
    """
    chosen = os.environ.get("COURSE_DATA", "").strip()
    if chosen:
        return Path(chosen).expanduser().resolve()
    return cache_path()


def cache_path(*parts):
    """Return a place below the user's cache folder of this course; nothing is made there."""
    return Path(platformdirs.user_cache_dir("recurrent-networks-course"), *parts)


def grading():
    """Return how nbgrader runs this notebook: "autograde", "validate" or None."""
    return os.environ.get("NBGRADER_EXECUTION") or None


def is_strict():
    """Return True where a wrong answer must raise: under nbgrader or with `COURSE_STRICT=1`."""
    return grading() is not None or os.environ.get("COURSE_STRICT", "") == "1"
