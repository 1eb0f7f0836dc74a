"""NumPy's products by hand run on one thread, and on more where somebody asks for it."""

import os
import subprocess
import sys

import pytest
import threadpoolctl

from utils.by_hand import blas_threads


def threads():
    return {pool["num_threads"] for pool in threadpoolctl.threadpool_info()
            if pool["user_api"] == "blas"}


def test_importing_the_cells_leaves_one_thread_even_to_libraries_loaded_later():
    code = ("import numpy, threadpoolctl; from utils import by_hand; import scipy.linalg; "
            "print({p['num_threads'] for p in threadpoolctl.threadpool_info() "
            "if p['user_api'] == 'blas'})")
    env = {name: value for name, value in os.environ.items() if "THREADS" not in name}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert said.stdout.strip() in ("{1}", "set()"), said.stderr     # Accelerate has no such pool


def test_a_block_may_have_more_and_leaves_what_was_there():
    before = threads()
    with blas_threads(2):
        assert threads() in ({2}, set())
        with blas_threads(1):
            assert threads() in ({1}, set())
        assert threads() in ({2}, set())
    assert threads() == before


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "2", True])
def test_a_number_of_threads_is_a_positive_integer(wrong):
    with pytest.raises(ValueError, match="positive"), blas_threads(wrong):
        pass
