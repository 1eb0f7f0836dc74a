"""Say what is wrong with this installation and what to do: `python -m utils.doctor`.

In a notebook: `from utils import doctor; doctor.report()`. Only the standard library is
imported until a check needs more, so that it runs where packages are missing.
"""

import importlib.metadata
import os
import sys
import tempfile
from pathlib import Path

from . import environment

__all__ = ["Finding", "diagnose", "report"]

NEEDED_GB = 1.5     # peak memory that a notebook may use
INSTALL = "run `make lab` again, or `pip install -r requirements.txt` in this environment"
FONTS = ("Debian or Ubuntu: `sudo apt install fonts-noto-cjk`; Fedora: `sudo dnf install "
         "google-noto-sans-cjk-fonts`; Windows and macOS bring one")


class Finding:
    """One line of the report: `state` is "ok", "note" (works, with a loss) or "fail"."""

    def __init__(self, state, subject, text, advice=""):
        self.state, self.subject, self.text, self.advice = state, subject, text, advice

    def __str__(self):
        line = f"{self.state:>4}  {self.subject}: {self.text}"
        return line + (f"\n      -> {self.advice}." if self.advice else "")


def _python():
    version = sys.version.split()[0]
    if environment.is_supported(sys.version_info):
        return Finding("ok", "Python", version)
    return Finding("fail", "Python", f"{version} is not supported",
                   "install Python 3.11, 3.12 or 3.13 and run `make lab` again")


def _kernel(folder=None, prefix=None):
    """Compare the running Python with the course's own environment, if there is one."""
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
    from packaging.requirements import Requirement

    for line in Path(path).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line and not line.startswith("-"):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def _packages(path=None):
    path = Path(path or environment.ROOT / "requirements.txt")
    try:
        requirements = list(_requirements(path))
    except ImportError:
        return Finding("fail", "Packages", "none of the course's packages is installed", INSTALL)
    missing, other = [], []
    for requirement in requirements:
        version = _version(requirement.name)
        if version is None:
            missing.append(requirement.name)
        elif not requirement.specifier.contains(version, prereleases=True):
            other.append(f"{requirement.name} {version} (tested: {requirement.specifier})")
    if missing:
        return Finding("fail", "Packages", f"missing: {', '.join(missing)}", INSTALL)
    if other:
        return Finding("note", "Packages", "other versions than tested: " + "; ".join(other),
                       INSTALL)
    return Finding("ok", "Packages", f"{len(requirements)} found, in the tested versions")


def _version(name):
    names = [name]
    if name.startswith("tensorflow"):       # either build trains and predicts the same
        names += ["tensorflow", "tensorflow-cpu"]
    for candidate in names:
        try:
            return importlib.metadata.version(candidate)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def _backend():
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if _version({"torch": "torch", "jax": "jax"}.get(backend, "tensorflow")) is None:
        return Finding("fail", "Keras backend", f"KERAS_BACKEND is {backend!r}, not installed",
                       "unset KERAS_BACKEND: the course's default is tensorflow")
    return Finding("ok", "Keras backend", backend)


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


def _data():
    from . import settings

    folder = settings.data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return Finding("note", "Data folder", f"{folder} cannot be written ({error.strerror})",
                       "set COURSE_DATA to a folder of yours; quick mode works without one")
    return Finding("ok", "Data folder", str(folder))


def diagnose():
    """Return a list of `Finding`, one per check; where packages are missing, it ends there."""
    findings = [_python(), _kernel(), _packages()]
    if findings[-1].state != "fail":
        findings += [_backend(), _font(), _memory(), _data()]
    return findings


def report():
    """Print the findings and one closing sentence; returns True if the lessons can run."""
    findings = diagnose()
    for finding in findings:
        print(finding)
    failed = [finding.subject for finding in findings if finding.state == "fail"]
    if failed:
        print(f"\nMend this first: {', '.join(failed)}.")
    else:
        print("\nReady: the lessons can run here.")
    return not failed


if __name__ == "__main__":
    sys.exit(0 if report() else 1)
