"""The exceptions of this package: every failure ends in one of them."""

__all__ = ["BadArchive", "DataError"]


class DataError(Exception):
    """A data set cannot be had; the message is one sentence that says what to do."""


class BadArchive(DataError):
    """An archive is broken or hostile, so nothing of it was kept."""
