"""Modules, classes and exercises that cannot be changed by assignment once they are complete.

Nothing here keeps out somebody who is determined: it keeps a line such as
`check.last_step.parts = ()` from making every later answer right, by accident or not.
"""

import sys
import types

__all__ = ["SealedType", "is_sealed", "seal_module"]


class _SealedModule(types.ModuleType):
    def __setattr__(self, name, value):
        raise AttributeError(
            f"check.{name} cannot be replaced: give your own code another name."
        )

    def __delattr__(self, name):
        raise AttributeError(f"check.{name} cannot be removed.")


def seal_module(module_name):
    """Make a module read-only from now on."""
    sys.modules[module_name].__class__ = _SealedModule


def is_sealed(module_name):
    """Return True if the module of this name was sealed."""
    return isinstance(sys.modules.get(module_name), _SealedModule)


class SealedType(type):
    """A class whose methods cannot be replaced once its module is sealed."""

    def __setattr__(cls, name, value):
        if is_sealed(cls.__module__):
            raise AttributeError(f"{cls.__name__}.{name} cannot be replaced.")
        super().__setattr__(name, value)

    def __delattr__(cls, name):
        if is_sealed(cls.__module__):
            raise AttributeError(f"{cls.__name__}.{name} cannot be removed.")
        super().__delattr__(name)
