"""Without a browser there is one skipped test that says so, instead of many."""

import importlib.util

import pytest

from .jupyterlab import chromium

MISSING = ("the browser tests need Chromium and Playwright: "
           "`apt-get install chromium` and `pip install -r requirements-dev.txt`")


def pytest_collection_modifyitems(config, items):
    if chromium() and importlib.util.find_spec("playwright"):
        return
    ours = [item for item in items if item.get_closest_marker("browser")]
    for item in ours[:1]:
        item.add_marker(pytest.mark.skip(reason=MISSING))
    config.hook.pytest_deselected(items=ours[1:])
    items[:] = [item for item in items if item not in ours[1:]]
