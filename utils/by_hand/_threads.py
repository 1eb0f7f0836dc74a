"""How many threads NumPy's matrix products use.

A step of a small cell multiplies matrices that one thread finishes in microseconds. Handing a
part of them to a second thread costs more than it saves, and beside a busy program, where that
thread has to wait for its turn at every product, ten times the seconds. So importing
`utils.by_hand` leaves NumPy with one thread; products of thousands of rows and columns may ask for
more.
"""

import contextlib
import os

from threadpoolctl import ThreadpoolController

__all__ = ["blas_threads"]


def _limit(threads):
    return ThreadpoolController().limit(limits=threads, user_api="blas")


@contextlib.contextmanager
def blas_threads(threads=None):
    """Let NumPy's products inside the block use `threads` threads; None means one per core.

    >>> import numpy as np
    >>> with blas_threads(2):
    ...     product = np.ones((600, 600)) @ np.ones((600, 600))

    Raises:
        ValueError: if `threads` is not a positive integer.
    """
    threads = (os.cpu_count() or 1) if threads is None else threads
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ValueError(f"threads must be a positive integer or None, got {threads!r}.")
    with _limit(threads):
        yield


os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")      # for libraries that are loaded later
_limit(1)
