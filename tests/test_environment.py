"""Set-up: the right Python or one sentence, locks that fit, and no work twice."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from utils import doctor, environment

ROOT = Path(__file__).parents[1]


OF_OUTER_MAKE = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON"}  # its choice


def make(*words, **variables):
    return subprocess.run(["make", *words], cwd=ROOT, capture_output=True, text=True, timeout=120,
                          env={name: value for name, value in os.environ.items()
                               if name not in OF_OUTER_MAKE} | variables)


def test_make_without_python_says_one_sentence(tmp_path):
    for tool in ("make", "sh", "id", "sed", "sort", "uname"):
        if shutil.which(tool):
            (tmp_path / tool).symlink_to(shutil.which(tool))
    done = make("lab", PATH=str(tmp_path), SHELL=shutil.which("sh"))
    assert done.returncode != 0
    assert "This course needs Python 3.11, 3.12 or 3.13, but none was found." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_make_with_an_old_python_says_one_sentence(tmp_path):
    old = tmp_path / "python3"
    old.write_text(f"""#!/bin/sh
exec {sys.executable} -c "
import sys
sys.version, sys.version_info = '3.9.18 (main)', (3, 9, 18)
exec(sys.argv[1])
" "$2"
""", encoding="utf-8")
    old.chmod(0o755)
    done = make("test", PYTHON=str(old))
    assert done.returncode != 0
    assert "but this is 3.9.18." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_set_up_under_an_old_python_says_one_sentence(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        environment.set_up("lab")


def test_set_up_again_does_nothing(monkeypatch):
    monkeypatch.setattr(environment, "_run", lambda *a, **k: pytest.fail("it did something"))
    python = environment.environment_python()
    if not (python.parents[1] / "course-dev").exists():
        pytest.skip("this environment was not made by make test")
    assert environment.set_up("dev") == python
    assert environment.set_up("lab") == python


def test_a_changed_lock_is_noticed(monkeypatch, tmp_path):
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    before = environment._state("lab", "3.11")
    (tmp_path / "requirements.lock").write_text("two", encoding="utf-8")
    assert environment._state("lab", "3.11") != before
    assert environment._state("lab", "3.12") != environment._state("lab", "3.11")


def test_a_failed_step_ends_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as stopped:
        command = [sys.executable, "-c", "raise SystemExit('no route')"]
        environment._run("trying", command, "do it.")
    assert str(stopped.value).endswith("Stopped while trying: do it.")
    assert "no route" in str(stopped.value)


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="'all'"):
        environment.set_up("all")


def pins(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    found = {}
    for line in re.findall(r"(?m)^([a-z0-9][^\s;]*==\S+)", text):
        package, version = line.rstrip("\\ ").split("==")
        found.setdefault(package, []).append(Version(version))
    return found, text


@pytest.mark.parametrize(("requirements", "lock"), [
    ("requirements.txt", "requirements.lock"), ("requirements.txt", "requirements-dev.lock"),
    ("requirements-dev.txt", "requirements-dev.lock"),
])
def test_the_lock_satisfies_the_ranges(requirements, lock):
    pinned, _ = pins(lock)
    for line in (ROOT / requirements).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line and not line.startswith("-"):
            requirement = Requirement(line)
            assert requirement.name in pinned, f"{requirement.name} is not locked: make lock"
            for version in pinned[requirement.name]:
                assert requirement.specifier.contains(version), f"{line}: locked {version}"


@pytest.mark.parametrize(("package", "version"), [
    ("pandas", "2.3.3"),            # writing booleans into a mask makes it a column of objects
    ("pandas", "3.0.6"),            # bins of three days begin elsewhere
    ("statsmodels", "0.14.5"),      # calls pandas in a way that 3 no longer has
    ("packaging", "24.1"),          # lacks what setuptools needs to read a licence
])
def test_versions_that_were_seen_to_fail_are_outside_the_ranges(package, version):
    allowed = doctor._requirements(ROOT / "requirements.txt")
    ranges = {each.name: each.specifier for each in allowed}
    assert not ranges[package].contains(version)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_names_no_registry(lock):
    pinned, text = pins(lock)
    assert len(pinned) > 50
    assert text.count("--hash=sha256:") > len(pinned)
    assert "://" not in text and "--index" not in text


def test_the_two_locks_agree():
    lab, _ = pins("requirements.lock")
    dev, _ = pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in lab} == lab


def test_checkouts_have_line_ends_of_the_repositorys_own():
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run([git, "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.splitlines()
    assert len(listed) > 100
    for line in listed:
        stored, _, *attributes = line.partition("\t")[0].split()
        as_text = attributes == ["attr/text=auto", "eol=lf"]
        assert as_text if stored in ("i/lf", "i/none") else attributes == ["attr/-text"], line
