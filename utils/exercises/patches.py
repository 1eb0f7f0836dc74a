"""Attributes replaced for as long as a check runs, and what must not be called meanwhile.

An answer that ends the process would take every variable of the notebook with it. Threads that
were there before the check, such as the one that brings Jupyter's interrupts, call what they
always call.
"""

import _thread
import builtins
import importlib
import os
import signal
import sys
import threading

__all__ = ["Patches", "no_exits", "no_output"]

ABSENT = object()
ENDINGS = (*(name for name in vars(os) if name.startswith("exec")), "_exit", "abort")


class Patches:
    """Replaces attributes, and puts back what was there."""

    def __init__(self):
        self._old = []

    def replace(self, owner, name, new):
        """Replace `owner.name`; an attribute of the class comes to light again afterwards."""
        self._old.append((owner, name, vars(owner).get(name, ABSENT)))
        setattr(owner, name, new)

    def undo(self):
        while self._old:
            owner, name, old = self._old.pop()
            if old is not ABSENT:
                setattr(owner, name, old)
            elif name in vars(owner):
                delattr(owner, name)


def _shell():
    """Return IPython's shell, or None outside of it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _nothing(*args, **options):
    return None


# --- ways to end the kernel ----------------------------------------------------------------------


def _refuse(name, real, others, error=SystemExit, concerns_us=lambda *args: True):
    """Return a function that raises instead of `real`, but in a child process calls it."""
    ours = os.getpid()

    def refused(*args, **options):
        if os.getpid() != ours or threading.current_thread() in others or not concerns_us(*args):
            return real(*args, **options)
        raise error(f"{name}() would end the kernel, and all variables with it.")

    return refused


def _is_us(pid, number, *_):
    groups = {os.getpgrp()} if hasattr(os, "getpgrp") else set()
    return number != 0 and (pid == os.getpid() or (pid <= 0 and abs(pid) in {0, 1} | groups))


def _is_our_group(group, number):
    return number != 0 and group in (0, os.getpgrp())


def no_exits(patches, others):
    """Replace whatever ends or interrupts this process by a function that raises.

    Args:
        patches: the `Patches` that will undo it.
        others: threads that may do what they do.
    """

    def refuse(module, name, shown, *rules):
        real = getattr(module, name, None)
        if callable(real):
            patches.replace(module, name, _refuse(shown, real, others, *rules))

    for module in (os, importlib.import_module(os.name)):   # posix or nt, where os has them from
        for name in ENDINGS:
            refuse(module, name, f"os.{name}")
        refuse(module, "kill", "os.kill", SystemExit, _is_us)
        refuse(module, "killpg", "os.killpg", SystemExit, _is_our_group)
    for name in ("raise_signal", "alarm", "setitimer", "pthread_kill"):
        refuse(signal, name, f"signal.{name}")
    refuse(_thread, "interrupt_main", "interrupt_main", KeyboardInterrupt)
    patches.replace(sys, "setrecursionlimit", _nothing)
    if _shell() is not None:
        refuse(_shell(), "ask_exit", "exit")


# --- ways to write past the streams --------------------------------------------------------------


def _nobody(prompt=""):
    raise EOFError("input() has nobody to ask while a check runs.")


def no_output(patches, others):
    """Replace whatever shows something, or asks for it, beside the streams.

    Args:
        patches: the `Patches` that will undo it.
        others: threads that may show what they show.
    """
    patches.replace(sys, "displayhook", _nothing)
    patches.replace(sys, "breakpointhook", _nothing)
    patches.replace(builtins, "input", _nobody)
    display = getattr(_shell(), "display_pub", None)
    for name in ("publish", "clear_output") if display is not None else ():
        patches.replace(display, name, _dropped(getattr(display, name), others))


def _dropped(real, others):
    def show(*args, **options):
        if threading.current_thread() in others:
            real(*args, **options)

    return show
