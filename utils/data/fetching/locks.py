"""A lock between processes that the operating system lets go when its holder dies."""

import contextlib
import errno

from filelock import FileLock, Timeout

__all__ = ["exclusive"]


@contextlib.contextmanager
def exclusive(path, pause=0.1):
    """Hold `path` + ".lock" while the block runs; wait for whoever holds it now.

    Args:
        path: what is to be written by one process at a time; it need not exist.
        pause: seconds between two tries.

    Raises:
        OSError: if the folder cannot be written.
    """
    file = path.with_name(path.name + ".lock")
    lock = FileLock(file)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            print(f"{path.name}: waiting for another process to finish")
            lock.acquire(poll_interval=pause)
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP):
            raise                               # else a file system without locks: go on without
    try:
        yield
    finally:
        # While it is held: filelock (from 3.30) sees that the file it waited for is gone, and
        # makes a new one. Windows cannot remove an open file: filelock does it there.
        with contextlib.suppress(OSError):
            file.unlink()
        lock.release()
