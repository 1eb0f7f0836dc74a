"""One line of the doctor's report, and how to say what to type."""

import os
import sys

__all__ = ["Finding", "how_to_install", "how_to_set", "how_to_unset"]

ANEW = "and start JupyterLab again from there"


class Finding:
    """One line of the report: `state` is "ok", "note" (works, with a loss) or "fail"."""

    def __init__(self, state, subject, text, advice=""):
        self.state, self.subject, self.text, self.advice = state, subject, text, advice

    def __str__(self):
        line = f"{self.state:>4}  {self.subject}: {self.text}"
        return line + (f"\n      -> {self.advice}." if self.advice else "")


def how_to_install():
    """Return how to install the course's packages here, as a command."""
    import shutil

    by_pip = f'`"{sys.executable}" -m pip install -r requirements.txt`'
    if os.name == "nt" or not shutil.which("make"):
        return f"type {by_pip} in the course's folder"
    return f"type `make lab` in the course's folder, or {by_pip}"


def how_to_unset(name):
    command = f"set {name}=" if os.name == "nt" else f"unset {name}"
    return f"type `{command}` in the terminal, {ANEW}"


def how_to_set(name, value):
    command = f"set {name}={value}" if os.name == "nt" else f"export {name}={value}"
    return f"type `{command}` in the terminal, {ANEW}"
