"""Say what is wrong with this installation and what to do: `python -m utils doctor`.

In a notebook: `from utils import doctor; doctor.report()`. What a check needs is imported by
that check, so that the report goes as far as it can where packages are missing, or hidden.
"""

import sys

from . import machine, shadows, software
from .findings import Finding, how_to_install

__all__ = ["Finding", "diagnose", "main", "report"]


def _checks():
    """Return the checks by subject, in order; the slow one comes last."""
    return {
        "Names": software.check_names,
        "Python": software.check_python,
        "Course": software.check_course,
        "Kernel": software.check_kernel,
        "Packages": software.check_packages,
        "Variables": software.check_variables,
        "Chinese font": machine.check_font,
        "Memory": machine.check_memory,
        "Temporary folder": machine.check_temporary,
        "Data folder": machine.check_data,
        "Cache folder": machine.check_cache,
        "Lessons": machine.check_lessons,
        "Keras backend": software.check_backend,
        "Keras": software.check_keras,
    }


DECISIVE = ("Names", "Packages", "Keras backend")   # what comes after would fail for that reason


def _findings():
    for subject, check in _checks().items():
        try:
            finding = check()
        except Exception as error:          # a report that stops half-way helps nobody
            cause = " ".join(str(error).split())[:200]
            finding = Finding("fail", subject, f"stops with {type(error).__name__}: {cause}",
                              how_to_install())
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


def main(arguments=()):
    """Print the report, or of "names" that part alone; return 0 if the lessons can run, else 1."""
    if list(arguments) not in ([], ["names"]):
        print("usage: python -m utils doctor [names]", file=sys.stderr)
        return 2
    chosen = shadows.report if arguments else report
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")        # a path in a console that lacks its signs
    return 0 if chosen() else 1
