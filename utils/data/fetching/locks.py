"""A lock between processes that the operating system lets go when its holder dies."""

import contextlib
import errno
import os
import sys
import time

__all__ = ["exclusive"]

try:
    import fcntl

    def _try_lock(handle):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
except ImportError:                             # Windows
    import msvcrt

    def _try_lock(handle):
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)


@contextlib.contextmanager
def exclusive(path, pause=0.1):
    """Hold `path` + ".lock" while the block runs; wait for whoever holds it now.

    Args:
        path: what is to be written by one process at a time; it need not exist.
        pause: seconds between two tries.

    Raises:
        OSError: if the folder cannot be written.
    """
    lock = path.with_name(path.name + ".lock")
    handle, said = None, False
    while handle is None:
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _try_lock(handle)
            # Its last holder may have removed the file between our open and our lock.
            current = os.path.samestat(os.fstat(handle), os.stat(lock))
        except (BlockingIOError, PermissionError, FileNotFoundError):
            current = False
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP):
                os.close(handle)
                raise
            current = True                      # a file system without locks: go on without
        if not current:
            os.close(handle)
            handle = None
            if not said:
                print(f"{path.name}: waiting for another process to finish", file=sys.stdout)
                said = True
            time.sleep(pause)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):      # Windows cannot remove an open file …
            os.unlink(lock)
        os.close(handle)
        if os.name == "nt":
            with contextlib.suppress(OSError):  # … so here, unless another waits for it
                os.unlink(lock)
