"""The tests can run in two processes at once: nothing counted is lost, and each takes one core."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_matrix_products_use_one_thread():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    import numpy as np
    np.ones((2, 2)) @ np.ones((2, 2))
    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    assert all(pool["num_threads"] == 1 for pool in pools), pools


def test_counts_of_all_processes_are_summed(tmp_path):
    pytest.importorskip("xdist")
    (tmp_path / "conftest.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.conftest import *\n")
    for number in (1, 2):
        (tmp_path / f"test_{number}.py").write_text(
            f"def test(counts):\n    counts['exercises'] += {number}\n    counts['wrong'] += 10\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-n", "2", "--dist", "loadfile",
         "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "exercises: 3\n" in done.stdout and "tried: 0 / 20\n" in done.stdout
