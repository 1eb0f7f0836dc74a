"""The tests of one lesson stand together, so that its notebook is opened once and then closed."""


def pytest_collection_modifyitems(items):
    here = [item for item in items if item.path.parent.name == "browser"]
    if len(here) == len(items):         # run for themselves: `pytest tests/browser`
        paths = {item: getattr(item, "callspec", None) for item in here}
        items.sort(key=lambda item: paths[item].params["path"].name if paths[item] else "~")
