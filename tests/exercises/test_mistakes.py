"""The instructor's page of mistakes says what the checks say."""

from pathlib import Path

from utils.authoring.mistakes import mistakes_text
from utils.authoring.text import checks_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "instructor" / "common_wrong_answers.md"


def test_the_page_is_what_the_command_writes():
    assert PAGE.read_text(encoding="utf-8") == mistakes_text(ROOT / "solutions"), (
        "run `python -m utils.authoring mistakes` and commit what it writes"
    )


def test_every_exercise_and_every_hint_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8").replace(r"\|", "|")
    exercise = checks_of("02")["rnn_step"]
    assert f"### rnn_step ({exercise.points} point" in page
    for mistake in exercise.own_mistakes:
        assert all(hint in page for hint in exercise.hints[mistake])
