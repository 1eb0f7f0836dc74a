"""Where the files of the registered data sets lie, and how they get there."""

import os

from ... import settings
from ..errors import BadArchive, DataError
from .download import fetch, sha256_of
from .registry import data_set
from .unpack import unpack

__all__ = ["fetch_data_set", "find_file", "folder_of", "need_file", "verify_data_set"]


def folder_of(name):
    """Return the folder of a data set, whether or not it exists."""
    return settings.data_folder() / data_set(name).name


def find_file(name, file_name):
    """Return the path of a data set's file, or of what will do instead; None if it is not there.

    Args:
        name: of a registered data set.
        file_name: of one of its files.

    Raises:
        DataError: if either is unknown.
    """
    folder, file = folder_of(name), _file(name, file_name)
    for ready in file.ready:
        if os.path.exists(folder / ready):      # False, too, where the folder cannot be looked at
            return folder / ready
    return None


def need_file(name, file_name):
    """Return the path of a data set's file; in full mode fetch it if it is not there.

    Raises:
        DataError: if it is unknown, or not there in quick mode, or cannot be fetched.
    """
    path = find_file(name, file_name)
    if path is None and settings.is_full() and _file(name, file_name).addresses:
        path = _fetch_file(name, _file(name, file_name))
    if path is None:
        raise DataError(_how_to_get(name, file_name))
    return path


def fetch_data_set(name):
    """Download what is missing of a data set; return the paths of all its files.

    Raises:
        DataError: if it is unknown, has to be had by hand, or cannot be fetched.
    """
    found, chosen = [], data_set(name)
    for file in chosen.files:
        path = find_file(name, file.name)
        if path is None and not file.addresses:
            raise DataError(_how_to_get(name, file.name))
        found.append(path or _fetch_file(name, file))
    return found


def verify_data_set(name):
    """Compare a data set's files with what is known of the official ones.

    Returns:
        A list of (file name, state), where state is "ok", "missing", "wrong" (another
        SHA-256 than the official file's) or "present" (no official hash to compare with).

    Raises:
        DataError: if the data set is unknown.
    """
    states = []
    for file in data_set(name).files:
        path = find_file(name, file.name)
        if path is None:
            state = "missing"
        elif path.name != file.name or not file.sha256:
            state = "present"
        else:
            state = "ok" if sha256_of(path) == file.sha256 else "wrong"
        states.append((file.name if path is None else path.name, state))
    return states


def _file(name, file_name):
    for file in data_set(name).files:
        if file.name == file_name:
            return file
    names = ", ".join(file.name for file in data_set(name).files) or "none"
    raise DataError(f"Data set {name!r} has no file {file_name!r}: it has {names}.")


def _fetch_file(name, file):
    folder = folder_of(name)
    exact_size = file.size if file.sha256 else None
    path = fetch(file.addresses, folder / file.name, file.sha256, exact_size,
                 home=data_set(name).home)
    if file.archive:
        try:
            unpack(path, folder / path.name.partition(".")[0])
        except BadArchive:
            path.unlink(missing_ok=True)    # so that the next fetch brings a fresh one
            raise
    ready = find_file(name, file.name)
    if ready is None:
        raise DataError(f"{path} does not hold {' or '.join(file.ready)}, so its owners have "
                        f"changed it: look at {data_set(name).home}.")
    return ready


def _how_to_get(name, file_name):
    chosen, path = data_set(name), folder_of(name) / file_name
    if not _file(name, file_name).addresses:
        return (f"{file_name} of data set {name!r} has to be had by hand: see {chosen.home} "
                f"(terms: {chosen.licence}), and put it at {path}.")
    return (f"{file_name} of data set {name!r} is not there: run `python -m utils data fetch "
            f"{name}`, put it at {path}, or set COURSE_DATA to a folder that has "
            f"{name}/{file_name}.")
