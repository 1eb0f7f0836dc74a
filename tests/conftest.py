"""Counts of the answer library, printed when the tests end."""

import collections

import pytest

COUNTS = pytest.StashKey()


def pytest_configure(config):
    config.stash[COUNTS] = collections.Counter()


@pytest.fixture
def counts(request):
    """A Counter shared by all tests and printed at the end of the run."""
    return request.config.stash[COUNTS]


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
