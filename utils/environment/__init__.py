"""The course's own environment: where it is, which Python it takes, what can be written.

Standard library only, since it runs before anything is installed. `installing` makes it.
"""

import os
import tempfile
from pathlib import Path

__all__ = ["ROOT", "SUPPORTED", "environment_python", "is_supported", "why_not_writable",
           "writable_home"]

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = ((3, 11), (3, 13))      # oldest and newest minor version that CI tries


def is_supported(version):
    return SUPPORTED[0] <= tuple(version[:2]) <= SUPPORTED[1]


def environment_python(folder=None):
    """Return the path of the Python inside the course's environment, there or not."""
    folder = Path(folder or ROOT / ".venv")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def why_not_writable(folder):
    """Keep a small file in a folder for a moment; return None if it went, else why not.

    The folder is made if need be. It is tried, since rights alone do not tell: the disk may
    be full, its file system read-only, or the name a file's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def writable_home():
    """Return the user's home folder, or one below .cache of the course if it cannot be written.

    JupyterLab does not start without one, nor is its kernel installed.
    """
    home = Path(os.path.expanduser("~"))
    if home.is_absolute() and home.is_dir() and why_not_writable(home) is None:
        return home
    other = ROOT / ".cache" / "home"
    return other if why_not_writable(other) is None else home
