"""Where the course keeps what it has computed itself: never in COURSE_DATA."""

import errno

from .. import settings
from .errors import DataError

__all__ = ["cache_error", "cache_folder"]


def cache_folder(*parts):
    """Return a folder that can be written, made if need be; see `settings.writable_cache`.

    Raises:
        DataError: if there is none.
    """
    try:
        return settings.writable_cache(*parts)
    except OSError as error:
        raise DataError(str(error)) from None


def cache_error(what, folder, error):
    """Return the `DataError` that tells why something could not be kept, and what to do.

    Args:
        what: that could not be kept, such as "The model".
        folder: in which it was to lie.
        error: the `OSError` that came.
    """
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return DataError(f"{what} could not be kept in {folder}, since the disk is full: free "
                         "some space there and run it again.")
    reason = error.strerror or str(error) or type(error).__name__
    return DataError(f"{what} could not be kept in {folder} ({reason}): make it a folder that "
                     "you may write to, or set XDG_CACHE_HOME to one.")
