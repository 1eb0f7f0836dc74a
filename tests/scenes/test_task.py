"""Scenes ready for a caption model: numbers lead back to words, and truth is worth most."""

import pytest

from utils.scenes import SceneTask, write_scenes
from utils.text.captions import END, START


@pytest.fixture(scope="module")
def task(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenes")
    write_scenes(folder, {"train": 30, "dev": 4, "test": 5})
    return SceneTask(folder)


def test_numbers_are_the_clean_captions_without_signs(task):
    for five, texts in zip(task.numbers["train"], task.clean["train"], strict=True):
        assert [" ".join(task.vocabulary.decode(row)) for row in five] == texts
    assert [task.vocabulary.tokens[k] for k in (task.signs.start, task.signs.end)] == [START, END]


def test_a_reference_is_true_and_agrees_with_itself(task):
    found = task.judged([five[0] for five in task.clean["dev"]], "dev")
    assert found["captions true"] == found["statements right"] == 1
    assert found["BLEU-1"] == pytest.approx(100)
