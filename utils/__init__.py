"""What every notebook of the course imports; see README.md for the map of its modules."""

import os
import sys


def _can_be_written(folder):
    """Return whether a folder can be written, or made; nothing is left there."""
    missing = None
    while not os.path.isdir(folder):
        missing, folder = folder, os.path.dirname(folder)
        if missing == folder:       # a drive that is not there
            return False
    if missing:
        try:
            os.mkdir(missing)       # rights alone do not tell
            os.rmdir(missing)
        except FileExistsError:     # a file in its place, or another process is as far as this
            return os.path.isdir(missing)
        except OSError:
            return False
    return os.access(folder, os.W_OK)


def _give_matplotlib_a_folder():
    """Where matplotlib could not write its settings or fonts, it would complain on stderr."""
    home = os.path.abspath(os.path.expanduser("~"))
    folders = [os.path.join(home, ".matplotlib")]
    if sys.platform.startswith(("linux", "freebsd")):
        usual = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache"}
        folders = [os.path.join(home, os.environ.get(name) or place, "matplotlib")
                   for name, place in usual.items()]
    if os.environ.get("MPLCONFIGDIR"):
        folders = [os.path.abspath(os.environ["MPLCONFIGDIR"])]
    if not all(map(_can_be_written, folders)):
        from . import settings

        try:
            os.environ["MPLCONFIGDIR"] = str(settings.writable_cache("matplotlib"))
        except (ImportError, OSError):      # the doctor tells
            pass


# TensorFlow reads these when it is first imported; utils.training silences what is left.
os.environ["KERAS_BACKEND"] = os.environ.get("KERAS_BACKEND") or "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
_give_matplotlib_a_folder()
