"""Files that are imported in place of what the course needs: `python -m utils doctor names`.

A `utils.py` or `numpy.py` beside a lesson, or on PYTHONPATH, is found before the package of
that name. This module imports only what no such file can replace, so that it can tell.
"""

import importlib.machinery
import os
import sys

__all__ = ["Shadow", "find_shadows", "report", "sentences"]

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_NOTEBOOKS = tuple(os.path.join(_ROOT, name) for name in ("lessons", "solutions"))
_ENDS = sorted(importlib.machinery.all_suffixes(), key=len, reverse=True)


class Shadow:
    """`entry` of `folder`, which is imported for `name`.

    It is not `harmful` where it hides a module of Python's own from programs that are started
    in that folder alone: a notebook looks there after Python's own.
    """

    def __init__(self, folder, entry, name, harmful):
        self.folder, self.entry, self.name, self.harmful = folder, entry, name, harmful


def find_shadows(path=None, notebooks=_NOTEBOOKS):
    """Return a list of `Shadow`.

    Args:
        path: folders that modules are looked for in, in order; None for `sys.path`.
        notebooks: folders of notebooks: a kernel looks there before it looks for packages.
    """
    path = [os.path.abspath(folder or os.getcwd()) for folder in (path or sys.path)]
    own = os.path.dirname(os.path.abspath(os.__file__))         # where Python's own modules lie
    # A package may put a folder of its own on the path, as setuptools does: it knows why.
    path = [folder for folder in path if f"-packages{os.sep}" not in folder]
    at = path.index(own) if own in path else len(path)
    packages = [folder for folder in path[at:] if folder.endswith("-packages")]
    first = [folder for folder in path[:at] if not folder.endswith(".zip")]
    second = [folder for folder in path[at:]
              if folder not in packages and not folder.startswith(own)]
    found = []
    for folder in dict.fromkeys([*first, *second, *notebooks]):
        for name, entry in _modules_of(folder):
            if name == "utils" or importlib.machinery.PathFinder.find_spec(name, packages):
                found.append(Shadow(folder, entry, name, True))
            elif _replaceable(name):
                found.append(Shadow(folder, entry, name, folder in first))
    return found


def sentences(shadows):
    """Return a list of (what is wrong, what to do), one for each folder."""
    folders = {}
    for shadow in shadows:
        folders.setdefault(shadow.folder, []).append(shadow)
    return [(_wrong(folder, each), _advice(folder, each)) for folder, each in folders.items()]


def report():
    """Print what hides something that lessons need; return True if nothing does."""
    wrong = sentences([shadow for shadow in find_shadows() if shadow.harmful])
    for text, advice in wrong:
        print(f"{text}: {advice}.", flush=True)
    return not wrong


def _modules_of(folder):
    """Yield (name, entry of the folder) of what can be imported from it."""
    try:
        entries = sorted(os.listdir(folder))
    except OSError:                             # not there, or no folder
        return
    is_checkout = os.path.isfile(os.path.join(folder, "utils", "doctor", "shadows.py"))
    for entry in entries:
        path = os.path.join(folder, entry)
        end = next((end for end in _ENDS if entry.endswith(end)), None)
        if end and os.path.isfile(path):
            yield entry[:-len(end)], entry
        elif not is_checkout and (os.path.isfile(os.path.join(path, "__init__.py"))
                                  or (entry == "utils" and os.path.isdir(path))):
            yield entry, entry


def _replaceable(name):
    """Return whether it is a module of Python's own that a file can be imported for."""
    return (name in sys.stdlib_module_names and name not in sys.builtin_module_names
            and importlib.machinery.FrozenImporter.find_spec(name) is None)


def _wrong(folder, shadows):
    names = ", ".join(shadow.entry for shadow in shadows[:4])
    more = f" and {len(shadows) - 4} more" if len(shadows) > 4 else ""
    what = "the course's utils" if shadows[0].name == "utils" else f"the {shadows[0].name}"
    what = f"{what} that the lessons need" if len(shadows) == 1 else "what the lessons need"
    if not any(shadow.harmful for shadow in shadows):
        what = "Python's own from programs that are started there"
    return f"{names}{more} in {folder} {'hides' if len(shadows) == 1 else 'hide'} {what}"


def _advice(folder, shadows):
    windows = os.name == "nt"
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if folder in [os.path.abspath(each) for each in given if each]:
        return (f"`{'set PYTHONPATH=' if windows else 'unset PYTHONPATH'}` in the terminal, and "
                "start JupyterLab again from there")
    path, new = (os.path.join(folder, start + shadows[0].entry) for start in ("", "my_"))
    others = "" if len(shadows) == 1 else " and the others likewise"
    return f'rename it, `{"move" if windows else "mv"} "{path}" "{new}"`{others}, then choose ' \
           "Kernel > Restart"
