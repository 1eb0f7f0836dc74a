"""Where the course keeps what it has computed itself: never in COURSE_DATA."""

from utils.settings import cache_path

__all__ = ["cache_folder"]


def cache_folder(*parts):
    """Return a folder below the user's cache folder of this course, made if need be.

    Raises:
        OSError: if it cannot be made.
    """
    folder = cache_path(*parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
