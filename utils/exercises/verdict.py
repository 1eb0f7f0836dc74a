"""What a check found, and how it is told."""

import dataclasses

from .endings import NotAttempted
from .sealed import SealedType, seal_module

__all__ = ["CheckFailed", "PartResult", "Verdict", "outcome_of", "printed_text"]


class CheckFailed(AssertionError):
    """A wrong or missing answer where the check is strict; shown without a traceback."""

    def _render_traceback_(self):       # IPython's hook: the message is all a reader needs
        return [f"CheckFailed: {self}"]


@dataclasses.dataclass(frozen=True)
class PartResult:
    """One part of a verdict; `wrong` is None when the part is right."""

    title: str
    points: float
    wrong: Exception | None


@dataclasses.dataclass(frozen=True)
class Verdict(metaclass=SealedType):
    """What a check found.

    Attributes:
        outcome: "correct", "not attempted", "not yet", or "broken" if the check itself failed.
        results: one `PartResult` per part.
        seed: the seed of the random inputs.
        printed: what the learner's code printed while it was checked.
    """

    outcome: str
    results: tuple
    seed: int
    printed: str = ""

    @property
    def earned(self):
        return sum(r.points for r in self.results if r.wrong is None)

    @property
    def first_wrong(self):
        """The first failure with a cause to tell, else the first of any kind."""
        failures = [r for r in self.results if r.wrong is not None]
        told = [r for r in failures if not isinstance(r.wrong, NotAttempted)]
        return (told or failures or [None])[0]

    @property
    def mistake(self):
        """Name of the known mistake that was recognised, or None."""
        return getattr(self.first_wrong.wrong, "mistake", None) if self.first_wrong else None

    @property
    def message(self):
        return str(self.first_wrong.wrong) if self.first_wrong else ""


def outcome_of(results, broken):
    """Return the outcome of `results`; `broken` says whether the check itself failed."""
    if broken:
        return "broken"
    wrongs = [r.wrong for r in results if r.wrong is not None]
    if not wrongs:
        return "correct"
    return "not attempted" if all(isinstance(w, NotAttempted) for w in wrongs) else "not yet"


def printed_text(verdict):
    """Return what the learner's code printed, in three short lines, or nothing."""
    lines = verdict.printed.strip().splitlines()
    if not lines:
        return ""
    shown = "".join(f"\n    {line[:90]}" for line in lines[:3])
    return "\n  Your code printed:" + shown + ("\n    ..." if len(lines) > 3 else "")


seal_module(__name__)
