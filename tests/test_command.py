"""`python -m utils VERB`, and `course VERB` where the course is installed."""

import importlib
import os
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from utils import __main__ as command

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COURSE = EntryPoint("course", PROJECT["scripts"]["course"], "console_scripts")
# What pip writes into bin/course.
INSTALLED = f"import sys; from {COURSE.module} import {COURSE.attr} as run; sys.exit(run())"


def started(*words, way=("-m", "utils"), **variables):
    return subprocess.run([sys.executable, *way, *words], cwd=ROOT, text=True,
                          capture_output=True, encoding="utf-8",
                          env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables})


@pytest.mark.parametrize("verb", command.VERBS)
def test_each_verb_has_a_module_with_a_main_and_says_what_it_does(verb):
    module, about = command.VERBS[verb]
    assert callable(importlib.import_module(module).main)
    assert about


@pytest.mark.parametrize("verb", command.VERBS)
def test_a_verb_gets_the_words_after_it_and_its_status_comes_back(verb, monkeypatch):
    got = []
    module = importlib.import_module(command.VERBS[verb][0])
    monkeypatch.setattr(module, "main", lambda words: got.append(words) or 7)
    assert command.main([verb, "--n", "2"]) == 7
    monkeypatch.setattr(sys, "argv", ["course", verb])
    assert command.main() == 7
    assert got == [["--n", "2"], []]


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"], ["help"]])
def test_help_names_every_verb(words, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["utils", *words])
    assert command.main() == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()[1:]] == list(command.VERBS)
    assert not err


def test_an_unknown_verb_is_named_beside_those_there_are(capsys):
    assert command.main(["forecst"]) == 2
    out, err = capsys.readouterr()
    assert "'forecst'" in err and all(verb in err for verb in command.VERBS)
    assert not out


@pytest.mark.parametrize("way", [("-m", "utils"), ("-c", INSTALLED)], ids=["module", "course"])
@pytest.mark.parametrize(("words", "status"), [
    (["help"], 0), (["nothing"], 2), (["data", "list"], 0), (["doctor", "nonsense"], 2),
    (["data", "nothing"], 2)], ids=str)
def test_the_process_ends_with_the_verbs_status(way, words, status, tmp_path):
    done = started(*words, way=way, COURSE_DATA=str(tmp_path))
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr


def test_course_is_this_command():
    assert COURSE.load() is command.main
