"""Quizzes inside a notebook, from JSON files, without a server."""

import json
import random
from pathlib import Path

__all__ = ["questions", "show_quiz"]

FOLDER = Path(__file__).parent / "quizzes"


def questions(lesson):
    """Return the questions of a lesson as jupyterquiz reads them.

    Args:
        lesson: two digits, such as "02".

    Raises:
        ValueError: if the lesson has no quiz.
    """
    path = FOLDER / f"lesson_{lesson}.json"
    if not path.exists():
        known = ", ".join(sorted(p.stem.removeprefix("lesson_")
                                 for p in FOLDER.glob("lesson_*.json")))
        raise ValueError(f"There is no quiz for lesson {lesson!r}; there is one for {known}.")
    return json.loads(path.read_text(encoding="utf-8"))


def show_quiz(lesson):
    """Show the quiz of a lesson below the cell; each answer says why it is right or wrong."""
    from IPython.display import display
    from IPython.utils.capture import capture_output
    from jupyterquiz import display_quiz

    state = random.getstate()       # jupyterquiz draws an id for its HTML; a lesson's seed stays
    with capture_output(stdout=False, stderr=False) as shown:
        display_quiz(questions(lesson), border_radius=4, max_width=720)
    random.setstate(state)
    for output in shown.outputs:
        data = dict(output.data)
        if "application/javascript" in data:
            # Where MathJax has no `typeset`, as in JupyterLab, jupyterquiz fetches another one
            # from the network and puts it in its place: hide the name from its script.
            data["application/javascript"] = (
                f"(function (MathJax) {{\n{data['application/javascript']}\n}})();"
            )
        display(data, raw=True)
