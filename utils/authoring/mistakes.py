"""What learners get wrong and what the course tells them: one page for the instructor."""

import importlib
from pathlib import Path

from ..exercises.engine import COMMON_HINTS, exercises_of
from .lessons import notebooks_in
from .text import number_of

__all__ = ["mistakes_text"]

HEAD = """\
# Common wrong answers

Generated from the hints in `utils/exercises/`: change them there, then run
`python -m utils.authoring mistakes`. Each exercise lists the mistakes that its check knows by
name, and what a learner is told: the first hint on the first wrong try, the next hint on the next.
For every mistake that an exercise names, `tests/answers/` holds an answer that makes it.
"""
ANYWHERE = "## In any exercise"
UNKNOWN = "(nothing recognised)"


def _modules():
    folder = Path(__file__).resolve().parents[1] / "exercises"
    return {p.stem.removeprefix("lesson_"): importlib.import_module(f"utils.exercises.{p.stem}")
            for p in sorted(folder.glob("lesson_*.py"))}


def _cell(text):
    return " ".join(text.split()).replace("|", r"\|")


def _rows(hints):
    yield "| mistake | hints |"
    yield "| --- | --- |"
    for mistake, steps in hints.items():
        name = UNKNOWN if mistake is None else mistake.replace("_", " ")
        yield f"| {name} | {' → '.join(map(_cell, steps))} |"


def _exercise(exercise):
    parts = ", ".join(f"{title} {points:g}" for title, points, _ in exercise.parts)
    yield ""
    yield f"### {exercise.name} ({exercise.points:g} point{'s' * (exercise.points != 1)})"
    yield ""
    if len(exercise.parts) > 1:
        yield f"Parts: {parts}."
        yield ""
    own = {m: h for m, h in exercise.hints.items() if COMMON_HINTS.get(m) != h}
    yield from _rows(own) if own else ["It has no hints of its own."]


def mistakes_text(solutions):
    """Return the page as Markdown.

    Args:
        solutions: folder of the solution notebooks, for the lessons' names.
    """
    titles = {number_of(p): p.stem.partition("_")[2].replace("_", " ")
              for p in notebooks_in(solutions)}
    lines = [HEAD, ANYWHERE, "", *_rows(COMMON_HINTS)]
    for number, module in _modules().items():
        lines += ["", f"## Lesson {number}: {titles.get(number, 'not written yet')}"]
        for exercise in exercises_of(module).values():
            lines += _exercise(exercise)
    return "\n".join(lines) + "\n"
