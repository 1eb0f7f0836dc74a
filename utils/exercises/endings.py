"""How a check ends without a ✓: the answer is wrong, or the stub is still there."""

import re

from .sealed import seal_module

__all__ = ["NotAttempted", "Wrong", "is_blank"]

LONGEST = 800                       # characters of a message


class Wrong(Exception):
    """An answer, or a part of it, is wrong.

    Args:
        message: one sentence for the learner; control codes are taken out.
        mistake: name of the known mistake, if any.
        error: the exception that stopped the answer, if one did.
    """

    def __init__(self, message, mistake=None, error=None):
        message = re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x09\x0b-\x1f\x7f]", "", message)
        super().__init__(message if len(message) <= LONGEST else message[:LONGEST - 3] + "...")
        self.mistake, self.error = mistake, error


class NotAttempted(Exception):
    """The stub is still there."""


def is_blank(value):
    """Return True for what a stub leaves behind: None or `...`."""
    return value is None or value is Ellipsis


seal_module(__name__)
