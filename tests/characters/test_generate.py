"""The command writes threads, or says in one line what it needs."""

import errno
import os

import pytest

from utils import settings
from utils.characters import CharModel, generate, render_thread
from utils.data import DataError
from utils.text import Alphabet
from utils.training import keras

THREAD = render_thread("显卡吧", "求助", ["卡响了", "先断电"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a saved model."""
    keras.utils.set_random_seed(0)
    model = CharModel(Alphabet.fit(THREAD), units=8, embedding=4)
    boards = ["显卡吧", "猫咪吧", "显卡吧"]
    return generate.save_generator(model, boards, tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def loaded(folder):
    return generate.load_generator(folder)


@pytest.fixture
def saved(folder, monkeypatch):
    """The command finds the model in its folder."""
    monkeypatch.setattr(generate, "model_folder", lambda: folder)


@pytest.fixture
def ready(loaded, monkeypatch):
    """The command has the model at hand and need not read it again."""
    monkeypatch.setattr(generate, "load_generator", lambda: loaded)


def _run(*arguments, board="显卡吧", title="求助"):
    return generate.main(["--board", board, "--title", title, *arguments])


def test_threads_begin_with_board_and_title_and_the_seed_decides(saved, capsys):
    printed = []
    for seed in ("1", "1", "2"):
        assert _run("--seed", seed, "--n", "2", "--top-k", "5", "--top-p", "0.9") == 0
        printed.append(capsys.readouterr().out)
    assert printed[0].count("【显卡吧】求助\n1楼 ") >= 2
    assert printed[0] == printed[1] != printed[2]


def test_temperature_0_writes_the_same_thread_for_any_seed(ready, capsys):
    printed = []
    for seed in ("1", "2"):
        assert _run("--seed", seed, "--temperature", "0") == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]


def test_single_unknown_characters_of_a_title_are_named_and_kept(ready, capsys):
    assert _run(title="求助Q") == 0
    out, err = capsys.readouterr()
    assert "【显卡吧】求助Q\n" in out and "does not know Q" in err


@pytest.mark.parametrize("arguments, options, message", [
    ((), {"board": "无此吧"}, "must be one of 显卡吧, 猫咪吧; got '无此吧'"),
    ((), {"title": "xyz"}, "never seen a character of the title 'xyz'"),
    ((), {"title": " "}, "title is empty"),
    ((), {"title": "求\n助"}, "a sign of the form"),
    (("--temperature", "-1"), {}, "temperature must be 0"),
    (("--top-k", "9999"), {}, "tokens of the vocabulary, got 9999"),
    (("--top-p", "0"), {}, "top_p must be greater than 0"),
    (("--n", "0"), {}, "at least 1"), (("--seed", "-1"), {}, "seed must be 0 or greater"),
])
def test_bad_input_ends_in_one_clear_line(ready, capsys, arguments, options, message):
    assert _run(*arguments, **options) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err and "Traceback" not in err and err.count("\n") == 1


def test_what_is_saved_is_found_again_also_where_the_cache_cannot_be_written(
        loaded, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    places = [tmp_path / "file" / "cache", tmp_path / "second"]
    monkeypatch.setattr(settings, "cache_path", places[0].joinpath)
    monkeypatch.setattr(settings, "_cache_places", lambda: places)
    assert generate.model_folder() == places[0] / "models" / "tieba"
    saved = generate.save_generator(loaded.model, loaded.boards)
    assert saved == generate.model_folder() == places[1] / "models" / "tieba"
    assert generate.load_generator().boards == loaded.boards
    del places[1]
    with pytest.raises(DataError, match="No folder can be written"):
        generate.save_generator(loaded.model, loaded.boards)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_model_that_cannot_be_saved_is_one_sentence(loaded, monkeypatch, tmp_path, number):
    def fail(*arguments, **options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(generate.Path, "write_text", fail)
    with pytest.raises(DataError, match="The model could not be kept in") as told:
        generate.save_generator(loaded.model, loaded.boards, tmp_path)
    assert ("free some space" in str(told.value)) == (number == errno.ENOSPC)


def test_a_broken_list_of_boards_names_the_lesson(loaded, tmp_path):
    generate.save_generator(loaded.model, loaded.boards, tmp_path)
    (tmp_path / "boards.json").write_text("[", encoding="utf-8")
    with pytest.raises(ValueError, match="run lesson 13 again"):
        generate.load_generator(tmp_path)


def test_without_a_model_the_lesson_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(generate, "model_folder", lambda: tmp_path / "model")
    assert _run() == 2
    assert "run lesson 13" in capsys.readouterr().err
