"""Say what is wrong with this installation and what to do: `python -m utils.doctor`.

In a notebook: `from utils import doctor; doctor.report()`. What a check needs is imported by
that check, so that the report goes as far as it can where packages are missing, or hidden.
"""

import os
import sys

from . import shadows

__all__ = ["Finding", "diagnose", "report"]

NEEDED_GB = 1.5     # peak memory that a notebook may use
NEEDED_DISK_GB = 0.5    # what all lessons together keep in quick mode
FONTS = ("Debian or Ubuntu: `sudo apt install fonts-noto-cjk`; Fedora: `sudo dnf install "
         "google-noto-sans-cjk-fonts`; Windows and macOS bring one")
ANEW = "and start JupyterLab again from there"


class Finding:
    """One line of the report: `state` is "ok", "note" (works, with a loss) or "fail"."""

    def __init__(self, state, subject, text, advice=""):
        self.state, self.subject, self.text, self.advice = state, subject, text, advice

    def __str__(self):
        line = f"{self.state:>4}  {self.subject}: {self.text}"
        return line + (f"\n      -> {self.advice}." if self.advice else "")


def _install():
    """Return how to install the course's packages here, as a command."""
    import shutil

    by_pip = f'`"{sys.executable}" -m pip install -r requirements.txt`'
    if os.name == "nt" or not shutil.which("make"):
        return f"type {by_pip} in the course's folder"
    return f"type `make lab` in the course's folder, or {by_pip}"


def _unset(name):
    command = f"set {name}=" if os.name == "nt" else f"unset {name}"
    return f"type `{command}` in the terminal, {ANEW}"


def _set(name, value):
    command = f"set {name}={value}" if os.name == "nt" else f"export {name}={value}"
    return f"type `{command}` in the terminal, {ANEW}"


def _python():
    from . import environment

    version = sys.version.split()[0]
    if not environment.is_supported(sys.version_info):
        return Finding("fail", "Python", f"{version} is not supported",
                       "install Python 3.11, 3.12 or 3.13 and run `make lab` again")
    if sys.maxsize < 2**32:
        return Finding("fail", "Python", f"{version} is a 32-bit program, TensorFlow is not",
                       "install the 64-bit Python of https://www.python.org/downloads")
    return Finding("ok", "Python", version)


def _names(found=None):
    """Look for files that are imported in place of the course's own package or what it needs."""
    wrong = shadows.find_shadows() if found is None else found
    if not wrong:
        return Finding("ok", "Names", "no file hides a package")
    text, advice = zip(*shadows.sentences(sorted(wrong, key=lambda shadow: not shadow.harmful)),
                       strict=True)
    state = "fail" if any(shadow.harmful for shadow in wrong) else "note"
    return Finding(state, "Names", "; ".join(text), "; ".join(advice))


def _course(folder=None):
    """Compare the course that is imported with the one whose lessons are open.

    Args:
        folder: that the notebook lies in; None for the working folder.
    """
    from pathlib import Path

    from . import environment

    open_here = Path(folder or Path.cwd()).resolve()
    for place in (open_here, open_here.parent):
        if (place / "utils" / "doctor.py").is_file() and place != environment.ROOT:
            return Finding("fail", "Course", f"the lessons are those of {place}, and utils is "
                           f"that of {environment.ROOT}",
                           f'type `cd "{place}"` and `make lab` in the terminal')
    return Finding("ok", "Course", str(environment.ROOT))


def _kernel(folder=None, prefix=None):
    """Compare the running Python with the course's own environment, if there is one."""
    from pathlib import Path

    from . import environment

    folder = Path(folder or environment.ROOT / ".venv")
    prefix = Path(prefix or sys.prefix)
    if not environment.environment_python(folder).exists():
        return Finding("ok", "Kernel", f"{sys.executable} (the course's .venv is not in use)")
    if prefix.resolve() == folder.resolve():
        return Finding("ok", "Kernel", "the course's own environment (.venv)")
    return Finding(
        "note", "Kernel", f"this runs on {sys.executable}, not on the course's .venv",
        "in JupyterLab choose Kernel > Change Kernel > Python 3 (ipykernel), or close it and "
        "start it with `make lab`")


def _requirements(path):
    from pathlib import Path

    from packaging.requirements import Requirement

    for line in Path(path).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line and not line.startswith("-"):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def _packages(path=None):
    from . import environment

    try:
        requirements = list(_requirements(path or environment.ROOT / "requirements.txt"))
    except ImportError:
        return Finding("fail", "Packages", "none of the course's packages is installed",
                       _install())
    missing, other = [], []
    for requirement in requirements:
        version = _version(requirement.name)
        if version is None:
            missing.append(requirement.name)
        elif not requirement.specifier.contains(version, prereleases=True):
            other.append(f"{requirement.name} {version} (tested: {requirement.specifier})")
    if missing:
        return Finding("fail", "Packages", f"missing: {', '.join(missing)}", _install())
    if other:
        return Finding("note", "Packages", "other versions than tested: " + "; ".join(other),
                       _install())
    return Finding("ok", "Packages", f"{len(requirements)} found, in the tested versions")


def _version(name):
    import importlib.metadata

    names = [name]
    if name.startswith("tensorflow"):       # either build trains and predicts the same
        names += ["tensorflow", "tensorflow-cpu"]
    for candidate in names:
        try:
            return importlib.metadata.version(candidate)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def _variables():
    """Look for variables that change what Python, Keras or the course do."""
    from . import settings

    try:
        settings.course_mode()
    except ValueError as error:
        return Finding("fail", "Variables", str(error).rstrip("."), _unset("COURSE_MODE"))
    if sys.flags.optimize:
        return Finding("note", "Variables", "PYTHONOPTIMIZE or -O makes Python skip `assert`, so "
                       "the claims of the lessons are not tested", _unset("PYTHONOPTIMIZE"))
    if any(each.partition(":")[0].startswith("e") for each in sys.warnoptions):
        return Finding("note", "Variables", "PYTHONWARNINGS or -W turns warnings into errors, "
                       "which may stop a lesson", _unset("PYTHONWARNINGS"))
    for name in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
        if os.environ.get(name):
            return Finding("note", "Variables", f"{name} is {os.environ[name]}, so training ends "
                           "early and lessons give other numbers", _unset(name))
    return Finding("ok", "Variables", f"COURSE_MODE is {settings.course_mode()}")


def _backend():
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend not in ("tensorflow", "jax", "torch"):
        return Finding("fail", "Keras backend", f"KERAS_BACKEND is {backend!r}, and no backend "
                       "that trains has that name", _unset("KERAS_BACKEND"))
    if _version(backend) is None:
        return Finding("fail", "Keras backend", f"KERAS_BACKEND is {backend!r}, not installed",
                       _unset("KERAS_BACKEND"))
    if backend != "tensorflow":
        return Finding("note", "Keras backend", f"{backend}: NumPy lessons and Keras models run; "
                       "cells that compare with TensorFlow's own gradients stop, and numbers "
                       "differ from those in the text", _unset("KERAS_BACKEND"))
    return Finding("ok", "Keras backend", backend)


def _keras():
    """Import what most lessons import, and let Keras compute something."""
    import importlib

    for name in ("numpy", "pandas", "matplotlib.pyplot"):
        importlib.import_module(name)
    from .training import keras

    product = float(keras.ops.sum(keras.ops.matmul([[2.0, 3.0]], [[4.0], [5.0]])))
    if product != 23.0:
        return Finding("fail", "Keras", f"2·4 + 3·5 is {product} here", _install())
    wanted = {"floatx": "float32", "image_data_format": "channels_last"}
    found = {name: getattr(keras.config, name)() for name in wanted}
    other = [f"{name} {found[name]!r}" for name in wanted if found[name] != wanted[name]]
    if other:
        path = os.path.join(os.environ.get("KERAS_HOME") or os.path.expanduser("~/.keras"),
                            "keras.json")
        move = "move" if os.name == "nt" else "mv"
        return Finding("fail", "Keras", f"{path} says {' and '.join(other)}, and the lessons are "
                       f"written for {' and '.join(wanted.values())}",
                       f'put it aside, `{move} "{path}" "{path}.old"`, and choose Kernel > '
                       "Restart")
    return Finding("ok", "Keras", f"{keras.__version__} computes on {keras.backend.backend()}")


def _font():
    from . import plots

    font = plots.cjk_font()
    if font:
        return Finding("ok", "Chinese font", f"{font}: figures are labelled in both languages")
    return Finding("note", "Chinese font", "none found: figures are labelled in English only",
                   f"install one ({FONTS})")


def _memory(available=None):
    """Args: available: bytes of free memory, measured if None."""
    if available is None:
        import psutil

        available = psutil.virtual_memory().available
    free = available / 2**30
    if free < NEEDED_GB:
        return Finding("note", "Memory", f"{free:.1f} GB free; a lesson may need {NEEDED_GB} GB",
                       "close other programs, and other notebooks' kernels (Kernel > Shut Down)")
    return Finding("ok", "Memory", f"{free:.1f} GB free")


def _temporary():
    """TensorFlow and Jupyter write small files to the system's temporary folder."""
    import tempfile

    try:
        folder = tempfile.gettempdir()
    except OSError:
        return Finding("fail", "Temporary folder", "none can be written",
                       _set("TMPDIR", "FOLDER") + ", FOLDER being one that you may write to")
    if os.path.abspath(folder) == os.getcwd():          # Python's last resort
        return Finding("note", "Temporary folder", "none can be written, so files of that kind "
                       f"go to {folder}",
                       _set("TMPDIR", "FOLDER") + ", FOLDER being one that you may write to")
    asked = os.environ.get("TMPDIR")
    if asked and os.path.abspath(asked) != os.path.abspath(folder):
        return Finding("note", "Temporary folder", f"TMPDIR is {asked}, which cannot be written; "
                       f"Python takes {folder}", _unset("TMPDIR"))
    return Finding("ok", "Temporary folder", folder)


def _data():
    from . import settings

    folder = settings.data_folder()
    reason = settings.why_not_writable(folder)
    if reason:
        return Finding("note", "Data folder", f"{folder} cannot be written ({reason})",
                       _set("COURSE_DATA", "FOLDER") + ", FOLDER being one that you may write to; "
                       "quick mode works without one")
    return Finding("ok", "Data folder", str(folder))


def _cache():
    """Lessons 09, 11, 12 and 13 keep what they have computed."""
    import shutil

    from . import settings

    wanted = settings.cache_path()
    another = _set("XDG_CACHE_HOME", "FOLDER") + ", FOLDER being one that you may write to"
    try:
        folder = settings.writable_cache()
    except OSError as error:
        return Finding("fail", "Cache folder", str(error).rstrip("."), another)
    free = shutil.disk_usage(folder).free / 2**30
    if free < NEEDED_DISK_GB:
        return Finding("note", "Cache folder", f"{free:.1f} GB free for {folder}; lessons may "
                       f"need {NEEDED_DISK_GB} GB", "empty the waste bin, or delete files there")
    if folder != wanted:
        return Finding("note", "Cache folder", f"{wanted} cannot be written "
                       f"({settings.why_not_writable(wanted)}), so {folder} stands in for it",
                       another)
    return Finding("ok", "Cache folder", str(folder))


def _lessons(folder=None):
    from pathlib import Path

    from . import environment, settings

    folder = Path(folder or environment.ROOT / "lessons")
    reason = settings.why_not_writable(folder) if folder.is_dir() else "it is not there"
    if reason:
        return Finding("note", "Lessons", f"{folder} cannot be written ({reason}), so your work "
                       "cannot be saved there",
                       f'copy the course, `cp -r "{environment.ROOT}" FOLDER`, and open that')
    return Finding("ok", "Lessons", f"{folder} can be written")


def _checks():
    """Return the checks by subject, in order; the slow one comes last."""
    return {
        "Names": _names, "Python": _python, "Course": _course, "Kernel": _kernel,
        "Packages": _packages, "Variables": _variables, "Chinese font": _font,
        "Memory": _memory, "Temporary folder": _temporary, "Data folder": _data,
        "Cache folder": _cache, "Lessons": _lessons, "Keras backend": _backend, "Keras": _keras,
    }


DECISIVE = ("Names", "Packages", "Keras backend")   # what comes after would fail for that reason


def _findings():
    for subject, check in _checks().items():
        try:
            finding = check()
        except Exception as error:          # a report that stops half-way helps nobody
            cause = " ".join(str(error).split())[:200]
            finding = Finding("fail", subject, f"stops with {type(error).__name__}: {cause}",
                              _install())
        yield finding
        if finding.state == "fail" and subject in DECISIVE:
            return


def diagnose():
    """Return a list of `Finding`, one per check.

    Where packages are missing, or hidden by other files, it ends there.
    """
    return list(_findings())


def report():
    """Print the findings and one closing sentence; returns True if the lessons can run."""
    failed = []
    for finding in _findings():
        print(finding, flush=True)          # at once: Keras takes some seconds to import
        if finding.state == "fail":
            failed.append(finding.subject)
    if failed:
        print(f"\nMend this first: {', '.join(failed)}.")
    else:
        print("\nReady: the lessons can run here.")
    return not failed


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")        # a path in a console that lacks its signs
    sys.exit(0 if report() else 1)
