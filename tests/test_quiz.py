"""Every quiz can be shown and explains every answer."""

import random

import pytest

from utils import quiz

LESSONS = sorted(path.stem.removeprefix("lesson_") for path in quiz.FOLDER.glob("lesson_*.json"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_five_questions_each_with_one_way_to_be_right_and_feedback_on_all(lesson):
    questions = quiz.questions(lesson)
    assert len(questions) == 5
    assert len({q["question"] for q in questions}) == 5
    for question in questions:
        right = [a for a in question["answers"] if a.get("correct")]
        assert question["type"] in ("multiple_choice", "numeric", "many_choice")
        if question["type"] == "multiple_choice":
            assert len(right) == 1
            assert len(question["answers"]) >= 3
            texts = [a.get("answer", a.get("code")) for a in question["answers"]]
            assert len(set(texts)) == len(texts)
        else:
            assert right
        for answer in question["answers"]:
            assert len(answer["feedback"]) > 15


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_answer_is_not_always_the_longest(lesson):
    choices = [q for q in quiz.questions(lesson) if q["type"] == "multiple_choice"]
    longest = [max(q["answers"], key=lambda a: len(a.get("answer", a.get("code", ""))))
               for q in choices]
    assert sum(a["correct"] for a in longest) < len(choices)


def test_showing_a_quiz_leaves_the_random_state_alone(monkeypatch):
    shown = []
    monkeypatch.setattr("jupyterquiz.display_quiz", lambda q, **options: shown.append(q))
    random.seed(3)
    expected = random.random()
    random.seed(3)
    quiz.show_quiz(LESSONS[0])
    assert random.random() == expected
    assert shown == [quiz.questions(LESSONS[0])]


def test_an_unknown_lesson_is_named():
    with pytest.raises(ValueError, match="'99'"):
        quiz.questions("99")
