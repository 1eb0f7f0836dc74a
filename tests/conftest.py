"""For all tests: one BLAS thread, the data sets' scripts by name, and counts printed at the end.

The tests may run in several processes at once (`pytest -n 2 --dist loadfile`): what one of
them writes lies in `tmp_path`, servers listen on a free port, and counts are summed.
"""

import collections
import functools
import importlib.util
import os
from pathlib import Path

import pytest

# NumPy's library of matrix products starts a thread per core and lets the idle ones spin. Our
# matrices are tiny, so threads gain nothing, and beside other processes they cost minutes: a
# SARIMA fit took half a CPU second with one thread and 30 with two. Read when NumPy is first
# imported; kernels and commands that a test starts inherit it.
for _library in ("OPENBLAS", "MKL", "OMP", "VECLIB"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

COUNTS = pytest.StashKey()
DATASETS = Path(__file__).resolve().parents[1] / "datasets"


@functools.cache
def _script(folder):
    [path] = (DATASETS / folder).glob("make_*.py")
    spec = importlib.util.spec_from_file_location(f"{path.stem}_of_{folder}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def dataset_script():
    """A function that returns the script of `datasets/<folder>`, `make_....py`, as a module."""
    return _script


def pytest_configure(config):
    config.stash[COUNTS] = collections.Counter()


@pytest.fixture
def counts(request):
    """A Counter shared by all tests and printed at the end of the run."""
    return request.config.stash[COUNTS]


def pytest_sessionfinish(session):
    """In a worker of xdist: hand the counts to the process that prints them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counts"] = dict(session.config.stash[COUNTS])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """In the process that started the workers: add what a worker counted."""
    node.config.stash[COUNTS].update(getattr(node, "workeroutput", {}).get("counts", {}))


def pytest_terminal_summary(terminalreporter, config):
    c = config.stash[COUNTS]
    if not c["exercises"]:
        return
    terminalreporter.section("exercise library")
    terminalreporter.line(f"exercises: {c['exercises']}")
    terminalreporter.line(f"wrong answers rejected / tried: {c['rejected']} / {c['wrong']}")
    terminalreporter.line(
        f"hints right / expected: {c['hints right']} / {c['hints expected']}"
        f" (for {c['wrong']} wrong answers)")
    terminalreporter.line(f"right variants accepted / tried: {c['accepted']} / {c['right']}")
