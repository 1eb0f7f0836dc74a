"""The doctor names what is wrong and what to do."""

import sys

import pytest

from utils import doctor, environment, plots


def test_this_installation_is_found_well(capsys):
    assert doctor.report()
    out = capsys.readouterr().out
    assert "Ready: the lessons can run here." in out
    assert "fail" not in out


@pytest.mark.parametrize(("version", "state"), [
    ((3, 10, 13), "fail"), ((3, 11, 0), "ok"), ((3, 13, 9), "ok"), ((3, 14, 0), "fail"),
])
def test_only_supported_pythons_pass(monkeypatch, version, state):
    monkeypatch.setattr(sys, "version_info", version)
    assert doctor._python().state == state


def test_a_missing_and_a_mismatched_package_are_named(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("numpy>=1\nno-such-package-here>=1\n-e .\n", encoding="utf-8")
    finding = doctor._packages(path)
    assert finding.state == "fail"
    assert finding.text == "missing: no-such-package-here"
    path.write_text("numpy<1  # old\nwin-only>1; sys_platform == 'nowhere'\n", encoding="utf-8")
    finding = doctor._packages(path)
    assert finding.state == "note"
    assert "numpy" in finding.text and "tested: <1" in finding.text
    assert "pip install -r requirements.txt" in finding.advice


def test_either_build_of_tensorflow_will_do():
    assert doctor._version("tensorflow") == doctor._version("tensorflow-cpu") is not None


def test_a_wrong_kernel_is_told_how_to_change(tmp_path):
    python = environment.environment_python(tmp_path / ".venv")
    assert doctor._kernel(tmp_path / ".venv", "/usr").state == "ok"       # no environment made
    python.parent.mkdir(parents=True)
    python.touch()
    finding = doctor._kernel(tmp_path / ".venv", "/usr")
    assert finding.state == "note"
    assert "Change Kernel" in finding.advice
    assert doctor._kernel(tmp_path / ".venv", tmp_path / ".venv").state == "ok"


def test_a_backend_that_is_not_installed_fails(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert doctor._backend().state == "fail"


def test_a_missing_chinese_font_costs_labels_only(monkeypatch):
    monkeypatch.setattr(plots, "cjk_font", lambda: None)
    finding = doctor._font()
    assert finding.state == "note"
    assert "fonts-noto-cjk" in finding.advice


def test_little_memory_is_noted():
    assert doctor._memory(2**30).state == "note"
    assert doctor._memory(4 * 2**30).state == "ok"


def test_a_data_folder_that_cannot_be_written_is_noted(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    finding = doctor._data()
    assert finding.state == "note"
    assert "COURSE_DATA" in finding.advice
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "new"))
    assert doctor._data().state == "ok"


def test_missing_packages_end_the_report_before_checks_that_need_them(monkeypatch, capsys):
    gone = doctor.Finding("fail", "Packages", "missing: keras", "install")
    monkeypatch.setattr(doctor, "_packages", lambda: gone)
    assert not doctor.report()
    assert "Mend this first: Packages." in capsys.readouterr().out
