"""Where the course keeps what it has computed itself: never in COURSE_DATA."""

from pathlib import Path

import platformdirs

__all__ = ["cache_folder"]


def cache_folder(*parts):
    """Return a folder below the user's cache folder of this course, made if need be.

    Raises:
        OSError: if it cannot be made.
    """
    folder = Path(platformdirs.user_cache_dir("recurrent-networks-course"), *parts)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
