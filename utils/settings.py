"""The course's environment variables and folders, read in one place, never at import time."""

import os
import stat
import tempfile
from pathlib import Path

from .environment import ROOT, why_not_writable

__all__ = ["cache_path", "course_mode", "data_folder", "grading", "is_full", "is_strict",
           "kept_in_cache", "why_not_writable", "writable_cache"]


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
        return Path(os.path.expanduser(chosen)).resolve()   # ~name of nobody stays as it is
    return cache_path()


def cache_path(*parts):
    """Return a place below the user's cache folder of this course; nothing is made there.

    Whoever writes asks `writable_cache`, which knows what to do where that cannot be written.
    """
    import platformdirs  # here, so that the doctor can name it where it is missing

    return Path(platformdirs.user_cache_dir("recurrent-networks-course"), *parts)


def writable_cache(*parts):
    """Return a folder that can be written and is kept, made if need be.

    It lies below the user's cache folder; where that cannot be written, below .cache of the
    course, and where that cannot be either, below the system's temporary folder.

    Raises:
        OSError: if none of them can be written; its text says why and what to do.
    """
    reasons = []
    for place in _cache_places():
        folder = place.joinpath(*parts)
        reason = why_not_writable(folder)
        if reason is None:
            return folder
        reasons.append(f"{folder} ({reason})")
    raise OSError(f"No folder can be written to keep files in: {', '.join(reasons) or 'none'}. "
                  "Free some space, or set TMPDIR to a folder that you may write to.")


def kept_in_cache(*parts):
    """Return the path of what was kept before under that name, or None if there is nothing."""
    found = [place.joinpath(*parts) for place in _cache_places()]
    try:
        found.insert(0, writable_cache().joinpath(*parts))      # where the newest would be
    except OSError:
        pass
    return next((path for path in found if os.path.exists(path)), None)


def _cache_places():
    user = cache_path()
    if user.is_absolute():                      # it begins with ~ where there is no home
        yield user
    if (ROOT / "lessons").is_dir():
        yield ROOT / ".cache"
    owner = os.getuid() if hasattr(os, "getuid") else None
    try:
        temporary = Path(tempfile.gettempdir(), f"recurrent-networks-course-{owner or 0}")
        found = temporary.lstat() if os.path.lexists(temporary) else None
    except OSError:                             # no temporary folder at all
        return
    if found is None or (stat.S_ISDIR(found.st_mode) and owner in (None, found.st_uid)):
        yield temporary                         # not what another user has laid there


def grading():
    """Return how nbgrader runs this notebook: "autograde", "validate" or None."""
    return os.environ.get("NBGRADER_EXECUTION") or None


def is_strict():
    """Return True where a wrong answer must raise: under nbgrader or with `COURSE_STRICT=1`."""
    return grading() is not None or os.environ.get("COURSE_STRICT", "") == "1"
