"""Which known mistake an answer made, where one value alone does not tell."""

import contextlib

import numpy as np

from .endings import Wrong
from .sealed import seal_module

__all__ = ["common_mistakes", "known_as"]


@contextlib.contextmanager
def known_as(**names):
    """Give what is wrong in the block the mistake that it means here.

    Args:
        **names: {mistake as it was recognised: mistake that has the hint}. What stands behind
            a comma in a mistake's name is dropped: "ratio, turned" is a second value of "ratio".
    """
    try:
        yield
    except Wrong as wrong:
        mistake = wrong.mistake and wrong.mistake.split(",")[0]
        raise Wrong(str(wrong), names.get(mistake, mistake)) from wrong


def common_mistakes(values, mistakes):
    """Return `mistakes`, one dictionary a value, without those that do not give all of `values`.

    Different mistakes may happen to give one number, but hardly two.
    """
    same = [mistake for mistake in mistakes[0] if all(
        np.isclose(value, each[mistake]) for value, each in zip(values, mistakes, strict=True))]
    return [{mistake: each[mistake] for mistake in same} for each in mistakes]


seal_module(__name__)
