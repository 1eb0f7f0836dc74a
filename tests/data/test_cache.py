"""What is kept in the cache is whole, or one sentence says why it is not."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from utils import settings
from utils.data import DataError, cache_error
from utils.scenes import dataset as module
from utils.scenes import load_scenes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def few(monkeypatch):
    """Few scenes are a world."""
    monkeypatch.setattr(module, "SCENE_SIZES", {"train": 6, "dev": 4, "test": 6})


def test_scenes_are_kept_where_something_can_be_written(few, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    places = [tmp_path / "file" / "cache", tmp_path / "second"]
    monkeypatch.setattr(settings, "_cache_places", lambda: places)
    assert len(load_scenes().names) == 16
    kept, = [path for path in places[1].glob("scenes-*") if path.is_dir()]
    before = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    load_scenes()
    assert before == {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    del places[1]
    with pytest.raises(DataError, match="No folder can be written"):
        load_scenes()


@pytest.mark.parametrize("number, words", [(errno.ENOSPC, "free some space"),
                                           (errno.EACCES, "XDG_CACHE_HOME")])
def test_a_disk_that_fails_leaves_nothing_half_done(few, monkeypatch, tmp_path, number, words):
    def fail(*arguments, **options):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(module.np, "savez", fail)
        with pytest.raises(DataError, match="The scenes could not be kept in") as told:
            load_scenes(tmp_path / "kept")
    assert words in str(told.value) and str(tmp_path) in str(told.value)
    assert list(tmp_path.iterdir()) == []
    assert len(load_scenes(tmp_path / "kept").names) == 16


def test_what_a_killed_process_left_is_removed_and_never_taken_for_scenes(few, tmp_path):
    (tmp_path / ".kept.abc").mkdir()
    load_scenes(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_scenes_in_a_folder_that_cannot_be_written_are_read(few, monkeypatch, tmp_path):
    load_scenes(tmp_path / "kept")
    monkeypatch.setattr(module, "exclusive", lambda path: pytest.fail("it asked for a lock"))
    assert len(load_scenes(tmp_path / "kept").names) == 16


def test_every_error_of_the_disk_becomes_a_sentence_with_advice(tmp_path):
    for error in (OSError(errno.ENOSPC, "No space left on device"), OSError("Unable to write"),
                  OSError(), PermissionError(errno.EACCES, "Permission denied")):
        text = str(cache_error("The model", tmp_path, error))
        assert str(tmp_path) in text and text.endswith(".") and "\n" not in text
        assert "free some space" in text or "XDG_CACHE_HOME" in text


CUT = "from utils.text import jieba_words; print('/'.join(jieba_words('酒店的服务很好')))"


@pytest.mark.parametrize("home", ["cache", "file/below/it"])
@pytest.mark.parametrize("warnings", ["", "error"])
def test_jieba_keeps_its_dictionary_in_our_cache_and_says_nothing(tmp_path, home, warnings):
    shared = tmp_path / "tmp"
    (shared / "jieba.cache").mkdir(parents=True)        # another user's, which we cannot replace
    (tmp_path / "file").touch()
    env = {**os.environ, "TMPDIR": str(shared), "XDG_CACHE_HOME": str(tmp_path / home),
           "PYTHONWARNINGS": warnings, "PYTHONUTF8": "1"}
    code = f"from utils import settings; settings.ROOT = settings.Path('none')\n{CUT}"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", env=env, timeout=120)
    assert done.stdout == "酒店/的/服务/很/好\n" and done.stderr == ""
    kept = [path for path in tmp_path.rglob("jieba.cache") if path.is_file()]
    assert len(kept) == 1 and "recurrent-networks-course" in str(kept[0])


def test_jieba_works_where_nothing_can_be_kept():
    code = ("from utils import settings\n"
            "settings._cache_places = lambda: []\n"
            "settings.cache_path = lambda *parts: settings.Path('/dev/null', *parts)\n" + CUT)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
                          encoding="utf-8", timeout=120,
                          env={**os.environ, "PYTHONUTF8": "1"})
    assert done.stdout == "酒店/的/服务/很/好\n" and done.stderr == ""
