from pathlib import Path

import pytest

from utils import settings


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
