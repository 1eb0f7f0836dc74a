"""The doctor names what is wrong and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest

from utils import doctor, environment, plots, settings
from utils.doctor import findings, machine, software
from utils.doctor.shadows import Shadow

ROOT = Path(__file__).parents[2]


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
    assert software.check_python().state == state


def test_a_missing_and_a_mismatched_package_are_named(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("numpy>=1\nno-such-package-here>=1\n-e .\n", encoding="utf-8")
    finding = software.check_packages(path)
    assert finding.state == "fail"
    assert finding.text == "missing: no-such-package-here"
    path.write_text("numpy<1  # old\nwin-only>1; sys_platform == 'nowhere'\n", encoding="utf-8")
    finding = software.check_packages(path)
    assert finding.state == "note"
    assert "numpy" in finding.text and "tested: <1" in finding.text
    assert "pip install -r requirements.txt" in finding.advice


def test_either_build_of_tensorflow_will_do():
    assert software._version("tensorflow") == software._version("tensorflow-cpu") is not None


def test_a_wrong_kernel_is_told_how_to_change(tmp_path):
    python = environment.environment_python(tmp_path / ".venv")
    assert software.check_kernel(tmp_path / ".venv", "/usr").state == "ok"   # none made
    python.parent.mkdir(parents=True)
    python.touch()
    finding = software.check_kernel(tmp_path / ".venv", "/usr")
    assert finding.state == "note"
    assert "Change Kernel" in finding.advice
    assert software.check_kernel(tmp_path / ".venv", tmp_path / ".venv").state == "ok"


@pytest.mark.parametrize(("backend", "installed", "state", "words"), [
    ("tensorflow", True, "ok", "tensorflow"), ("", True, "ok", "tensorflow"),
    ("torch", False, "fail", "not installed"), ("jax", False, "fail", "not installed"),
    ("jax", True, "note", "gradients"), ("torch", True, "note", "gradients"),
    ("tensorflw", True, "fail", "tensorflw"), ("TensorFlow", True, "fail", "TensorFlow"),
    ("numpy", True, "fail", "no backend that trains"),
])
def test_a_backend_is_installed_and_spelt_right(monkeypatch, backend, installed, state, words):
    monkeypatch.setenv("KERAS_BACKEND", backend)
    monkeypatch.setattr(software, "_version", lambda name: "1.0" if installed else None)
    finding = software.check_backend()
    assert finding.state == state and words in finding.text
    assert ("KERAS_BACKEND" in finding.advice) == (state != "ok")


@pytest.mark.parametrize(("setting", "value"), [
    ("floatx", "float16"), ("image_data_format", "channels_first")])
def test_settings_of_keras_that_spoil_the_lessons_are_named(monkeypatch, setting, value):
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    before = getattr(keras.config, setting)()
    assert software.check_keras().state == "ok"
    try:
        getattr(keras.config, f"set_{setting}")(value)
        finding = software.check_keras()
    finally:
        getattr(keras.config, f"set_{setting}")(before)
    assert finding.state == "fail" and f"{setting} {value!r}" in finding.text
    assert os.path.join("/somewhere", "keras.json") in finding.advice


@pytest.mark.parametrize(("variable", "value", "options", "state"), [
    ("COURSE_MODE", "fast", [], "fail"), ("COURSE_MODE", "full", [], "ok"),
    ("KERAS_MAX_EPOCHS", "1", [], "note"), ("KERAS_MAX_STEPS_PER_EPOCH", "5", [], "note"),
    ("PYTHONOPTIMIZE", "2", [], "note"), ("PYTHONOPTIMIZE", "", ["-O"], "note"),
    ("PYTHONWARNINGS", "error", [], "note"), ("PYTHONWARNINGS", "error::UserWarning", [], "note"),
    ("PYTHONWARNINGS", "ignore", [], "ok"), ("PYTHONWARNINGS", "default", [], "ok"),
])
def test_variables_that_change_what_lessons_do_are_named(variable, value, options, state):
    code = "from utils.doctor import software; print(software.check_variables())"
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True,
                          cwd=ROOT, timeout=120, env={**plain_environment(), variable: value})
    assert done.stdout.split()[0] == state, done.stderr
    assert (f"unset {variable}" in done.stdout or f"set {variable}=" in done.stdout) == (
        state != "ok")


def plain_environment():
    changing = ("PYTHON", "KERAS", "COURSE", "XDG", "PIP", "UV")
    return {k: v for k, v in os.environ.items() if not k.startswith(changing)} | {
        "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.mark.parametrize("names", [["numpy.py"], ["random.py", "json.py"], ["tempfile.py"],
                                   ["keras/__init__.py"], ["csv.py", "utils.py"]])
def test_hidden_packages_end_the_report_without_a_traceback(tmp_path, names):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    done = subprocess.run([sys.executable, "-m", "utils", "doctor"], cwd=ROOT, text=True,
                          capture_output=True, timeout=120,
                          env={**plain_environment(), "PYTHONPATH": str(tmp_path)})
    assert done.stderr == "" and done.returncode == 1
    assert str(tmp_path) in done.stdout and "unset PYTHONPATH" in done.stdout
    assert done.stdout.rstrip().endswith("Mend this first: Names.")


def test_the_report_names_what_hides_and_how_to_mend_it():
    here = os.path.join(os.sep, "course", "lessons")
    finding = software.check_names([Shadow(here, "utils.py", "utils", True),
                             Shadow(here, "random.py", "random", False)])
    assert finding.state == "fail"
    assert "utils.py" in finding.text and here in finding.text
    assert os.path.join(here, "my_utils.py") in finding.advice and "Restart" in finding.advice
    assert software.check_names([Shadow(here, "random.py", "random", False)]).state == "note"
    assert software.check_names([]).state == "ok"


def test_lessons_of_another_copy_of_the_course_are_noticed(tmp_path):
    for name in ("lessons", "utils"):
        (tmp_path / name).mkdir()
    assert software.check_course(tmp_path / "lessons").state == "ok"
    (tmp_path / "utils" / "doctor").mkdir()
    for folder in (tmp_path, tmp_path / "lessons"):
        finding = software.check_course(folder)
        assert finding.state == "fail" and f'cd "{tmp_path}"' in finding.advice
    assert software.check_course(ROOT / "lessons").state == "ok"


def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(monkeypatch, capsys):
    def broken():
        raise ImportError("libfreetype.so.6:\ncannot open")

    monkeypatch.setattr(machine, "check_font", broken)
    monkeypatch.setattr(software, "check_keras", lambda: findings.Finding("ok", "Keras", ""))
    assert not doctor.report()
    out = capsys.readouterr().out
    assert "fail  Chinese font: stops with ImportError: libfreetype.so.6: cannot open" in out
    assert "ok  Lessons" in out and "Mend this first: Chinese font." in out


def test_a_32_bit_python_is_told_so(monkeypatch):
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert "64-bit" in software.check_python().advice


def test_a_missing_chinese_font_costs_labels_only(monkeypatch):
    monkeypatch.setattr(plots, "cjk_font", lambda: None)
    finding = machine.check_font()
    assert finding.state == "note"
    assert "fonts-noto-cjk" in finding.advice


def test_little_memory_is_noted():
    assert machine.check_memory(2**30).state == "note"
    assert machine.check_memory(4 * 2**30).state == "ok"


def test_a_data_folder_that_cannot_be_written_is_noted(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    finding = machine.check_data()
    assert finding.state == "note"
    assert "COURSE_DATA" in finding.advice
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "new"))
    assert machine.check_data().state == "ok"


def test_a_cache_that_cannot_be_written_is_noted_with_what_stands_in(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    places = [tmp_path / "file" / "cache", tmp_path / "second"]
    monkeypatch.setattr(settings, "cache_path", places[0].joinpath)
    monkeypatch.setattr(settings, "_cache_places", lambda: places)
    finding = machine.check_cache()
    assert finding.state == "note" and str(places[1]) in finding.text
    assert "XDG_CACHE_HOME" in finding.advice
    del places[1]
    assert machine.check_cache().state == "fail"
    places.append(tmp_path / "third")
    monkeypatch.setattr(settings, "cache_path", places[1].joinpath)
    assert machine.check_cache().state == "ok"
    monkeypatch.setattr(machine, "NEEDED_DISK_GB", 1e9)
    assert "GB free" in machine.check_cache().text and machine.check_cache().state == "note"


def test_lessons_that_cannot_be_saved_are_noted(monkeypatch, tmp_path):
    assert machine.check_lessons(tmp_path).state == "ok"
    assert "not there" in machine.check_lessons(tmp_path / "none").text
    monkeypatch.setattr(settings, "why_not_writable", lambda folder: "Read-only file system")
    finding = machine.check_lessons(tmp_path)
    assert finding.state == "note" and "Read-only file system" in finding.text
    assert "cp -r" in finding.advice


def test_the_temporary_folder_is_tried(monkeypatch, tmp_path):
    import tempfile

    def none():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    finding = machine.check_temporary()
    assert finding.state == "note" and "missing" in finding.text and "TMPDIR" in finding.advice
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert machine.check_temporary().state == "ok"
    monkeypatch.setattr(tempfile, "gettempdir", os.getcwd)
    found = machine.check_temporary()
    assert found.state == "note" and "TMPDIR" in found.advice
    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert machine.check_temporary().state == "fail"


def test_every_note_and_failure_says_what_to_do_next(monkeypatch):
    for subject, check in doctor._checks().items():
        finding = check()
        assert finding.subject == subject
        assert bool(finding.advice) == (finding.state != "ok")


@pytest.mark.parametrize("make", [True, False])
def test_advice_to_install_is_a_command_that_is_there(monkeypatch, make):
    import shutil

    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/make" if make else None)
    assert ("make lab" in findings.how_to_install()) == (make and os.name != "nt")
    assert f'"{sys.executable}" -m pip install -r requirements.txt' in findings.how_to_install()


def test_missing_packages_end_the_report_before_checks_that_need_them(monkeypatch, capsys):
    gone = doctor.Finding("fail", "Packages", "missing: keras", "install")
    monkeypatch.setattr(software, "check_packages", lambda: gone)
    assert not doctor.report()
    assert "Mend this first: Packages." in capsys.readouterr().out
