"""The one exception of this package."""

__all__ = ["DataError"]


class DataError(Exception):
    """A data set cannot be had; the message is one sentence that says what to do."""
