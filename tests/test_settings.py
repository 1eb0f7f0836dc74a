import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import platformdirs
import pytest

from utils import settings
from utils.data import DataError, cache_folder


def test_quick_is_the_default_and_full_is_asked_for(monkeypatch):
    monkeypatch.delenv("COURSE_MODE", raising=False)
    assert settings.course_mode() == "quick"
    monkeypatch.setenv("COURSE_MODE", " Full ")
    assert settings.is_full()


def test_an_unknown_mode_is_named(monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "fast")
    with pytest.raises(ValueError, match=r"'fast'.*'quick' or 'full'"):
        settings.course_mode()


def test_the_data_folder_is_the_one_chosen_else_a_cache_of_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert settings.data_folder() == tmp_path.resolve()
    monkeypatch.setenv("COURSE_DATA", "")
    assert settings.data_folder() != Path.cwd()
    assert settings.data_folder().name == "recurrent-networks-course"


@pytest.mark.parametrize(("variables", "strict"), [
    ({}, False), ({"COURSE_STRICT": "0"}, False), ({"COURSE_STRICT": "1"}, True),
    ({"NBGRADER_EXECUTION": "autograde"}, True), ({"NBGRADER_EXECUTION": ""}, False),
])
def test_strict_is_for_graders_and_on_request(monkeypatch, variables, strict):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settings.is_strict() is strict


# --- where things are kept -----------------------------------------------------------------


@pytest.fixture
def blocked(monkeypatch, tmp_path):
    """A place below a file, where not even root can write; it is the user's cache folder."""
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "cache"
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(place))
    return place


def test_things_are_kept_in_the_users_cache_if_it_can_be_written(monkeypatch, tmp_path):
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda name: str(tmp_path / name))
    folder = settings.writable_cache("a", "b")
    assert folder == settings.cache_path("a", "b") and list(folder.iterdir()) == []


def test_else_in_the_course_and_else_in_the_temporary_folder(monkeypatch, tmp_path, blocked):
    monkeypatch.setattr(settings, "ROOT", tmp_path / "course")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "course" / "lessons").mkdir(parents=True)
    assert settings.writable_cache("a") == tmp_path / "course" / ".cache" / "a"
    (tmp_path / "course" / ".cache" / "a").rmdir()
    (tmp_path / "course" / ".cache").rmdir()
    (tmp_path / "course" / ".cache").touch()
    folder = settings.writable_cache("a")
    assert folder.parents[1] == tmp_path and folder.is_dir()
    assert settings.writable_cache("a") == folder


def test_where_nothing_can_be_written_all_places_are_named(monkeypatch, tmp_path, blocked):
    def no_folder():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(settings, "ROOT", tmp_path / "none")
    monkeypatch.setattr(tempfile, "gettempdir", no_folder)
    with pytest.raises(OSError, match="set TMPDIR to a folder") as told:
        settings.writable_cache("a")
    assert str(blocked / "a") in str(told.value)
    with pytest.raises(DataError, match="set TMPDIR to a folder"):
        cache_folder("a")
    assert settings.kept_in_cache("a") is None


def test_a_folder_that_somebody_else_has_laid_is_not_used(monkeypatch, tmp_path, blocked):
    monkeypatch.setattr(settings, "ROOT", tmp_path / "none")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = settings.writable_cache()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="No folder can be written"):
        settings.writable_cache()


def test_a_full_disk_is_no_folder_to_write_to(monkeypatch, tmp_path):
    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda dir: Full())
    assert settings.why_not_writable(tmp_path) == "No space left on device"


def test_what_was_kept_is_found_where_it_can_no_longer_be_written(monkeypatch, tmp_path):
    places = [tmp_path / "one", tmp_path / "two"]
    monkeypatch.setattr(settings, "_cache_places", lambda: places)
    assert settings.kept_in_cache("model") is None
    (places[1] / "model").mkdir(parents=True)
    assert settings.kept_in_cache("model") == places[1] / "model"
    (places[0] / "model").mkdir()
    assert settings.kept_in_cache("model") == places[0] / "model"
    usual = settings.why_not_writable
    monkeypatch.setattr(settings, "why_not_writable",
                        lambda folder: "full" if places[0] in (folder, folder.parent)
                        else usual(folder))
    assert settings.kept_in_cache("model") == places[1] / "model"   # the newer one


def test_matplotlib_gets_a_folder_and_says_nothing_where_the_home_cannot_be_written(tmp_path):
    (tmp_path / "home").touch()
    code = "import utils, matplotlib; print(matplotlib.get_configdir())"
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("XDG", "MPL"))} | {"HOME": str(tmp_path / "home" / "x")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env,
                          cwd=Path(__file__).parents[1], timeout=120)
    assert done.stderr == "" and done.stdout.strip().endswith("matplotlib")
    assert not done.stdout.startswith(str(tmp_path))


def test_an_empty_backend_variable_is_none_at_all():
    code = "import utils, os; print(os.environ['KERAS_BACKEND'])"
    for given, found in (("", "tensorflow"), ("jax", "jax")):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                              env={**os.environ, "KERAS_BACKEND": given}, timeout=60,
                              cwd=Path(__file__).parents[1])
        assert done.stdout.strip() == found
