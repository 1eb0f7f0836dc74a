"""Checks of what is installed: Python, packages, Keras, and what is imported in their place."""

import os
import sys

from . import shadows
from .findings import Finding, how_to_install, how_to_unset


def check_python():
    from .. import environment

    version = sys.version.split()[0]
    if not environment.is_supported(sys.version_info):
        return Finding("fail", "Python", f"{version} is not supported",
                       "install Python 3.11, 3.12 or 3.13 and run `make lab` again")
    if sys.maxsize < 2**32:
        return Finding("fail", "Python", f"{version} is a 32-bit program, TensorFlow is not",
                       "install the 64-bit Python of https://www.python.org/downloads")
    return Finding("ok", "Python", version)


def check_names(found=None):
    """Look for files that are imported in place of the course's own package or what it needs."""
    wrong = shadows.find_shadows() if found is None else found
    if not wrong:
        return Finding("ok", "Names", "no file hides a package")
    text, advice = zip(*shadows.sentences(sorted(wrong, key=lambda shadow: not shadow.harmful)),
                       strict=True)
    state = "fail" if any(shadow.harmful for shadow in wrong) else "note"
    return Finding(state, "Names", "; ".join(text), "; ".join(advice))


def check_course(folder=None):
    """Compare the course that is imported with the one whose lessons are open.

    Args:
        folder: that the notebook lies in; None for the working folder.
    """
    from pathlib import Path

    from .. import environment

    open_here = Path(folder or Path.cwd()).resolve()
    for place in (open_here, open_here.parent):
        if (place / "utils" / "doctor").is_dir() and place != environment.ROOT:
            return Finding("fail", "Course", f"the lessons are those of {place}, and utils is "
                           f"that of {environment.ROOT}",
                           f'type `cd "{place}"` and `make lab` in the terminal')
    return Finding("ok", "Course", str(environment.ROOT))


def check_kernel(folder=None, prefix=None):
    """Compare the running Python with the course's own environment, if there is one."""
    from pathlib import Path

    from .. import environment

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


def check_packages(path=None):
    from .. import environment

    try:
        requirements = list(_requirements(path or environment.ROOT / "requirements.txt"))
    except ImportError:
        return Finding("fail", "Packages", "none of the course's packages is installed",
                       how_to_install())
    missing, other = [], []
    for requirement in requirements:
        version = _version(requirement.name)
        if version is None:
            missing.append(requirement.name)
        elif not requirement.specifier.contains(version, prereleases=True):
            other.append(f"{requirement.name} {version} (tested: {requirement.specifier})")
    if missing:
        return Finding("fail", "Packages", f"missing: {', '.join(missing)}", how_to_install())
    if other:
        return Finding("note", "Packages", "other versions than tested: " + "; ".join(other),
                       how_to_install())
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


def check_variables():
    """Look for variables that change what Python, Keras or the course do."""
    from .. import settings

    try:
        settings.course_mode()
    except ValueError as error:
        return Finding("fail", "Variables", str(error).rstrip("."), how_to_unset("COURSE_MODE"))
    if sys.flags.optimize:
        return Finding("note", "Variables", "PYTHONOPTIMIZE or -O makes Python skip `assert`, so "
                       "the claims of the lessons are not tested", how_to_unset("PYTHONOPTIMIZE"))
    if any(each.partition(":")[0].startswith("e") for each in sys.warnoptions):
        return Finding("note", "Variables", "PYTHONWARNINGS or -W turns warnings into errors, "
                       "which may stop a lesson", how_to_unset("PYTHONWARNINGS"))
    for name in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
        if os.environ.get(name):
            return Finding("note", "Variables", f"{name} is {os.environ[name]}, so training ends "
                           "early and lessons give other numbers", how_to_unset(name))
    return Finding("ok", "Variables", f"COURSE_MODE is {settings.course_mode()}")


def check_backend():
    backend = os.environ.get("KERAS_BACKEND") or "tensorflow"
    if backend not in ("tensorflow", "jax", "torch"):
        return Finding("fail", "Keras backend", f"KERAS_BACKEND is {backend!r}, and no backend "
                       "that trains has that name", how_to_unset("KERAS_BACKEND"))
    if _version(backend) is None:
        return Finding("fail", "Keras backend", f"KERAS_BACKEND is {backend!r}, not installed",
                       how_to_unset("KERAS_BACKEND"))
    if backend != "tensorflow":
        return Finding("note", "Keras backend", f"{backend}: NumPy lessons and Keras models run; "
                       "cells that compare with TensorFlow's own gradients stop, and numbers "
                       "differ from those in the text", how_to_unset("KERAS_BACKEND"))
    return Finding("ok", "Keras backend", backend)


def check_keras():
    """Import what most lessons import, and let Keras compute something."""
    import importlib

    for name in ("numpy", "pandas", "matplotlib.pyplot"):
        importlib.import_module(name)
    from ..training import keras

    product = float(keras.ops.sum(keras.ops.matmul([[2.0, 3.0]], [[4.0], [5.0]])))
    if product != 23.0:
        return Finding("fail", "Keras", f"2·4 + 3·5 is {product} here", how_to_install())
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
