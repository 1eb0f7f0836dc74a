"""The house is as it says: map, faces, sizes, floors, versions."""

import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import utils
from utils.authoring.suite import PARTS

ROOT = Path(__file__).resolve().parents[1]
UTILS = ROOT / "utils"
FOLDERS = sorted(path.name for path in UTILS.iterdir()
                 if path.is_dir() and path.name != "__pycache__")
MODULES = sorted(path.stem for path in UTILS.glob("*.py") if not path.stem.startswith("__"))
BESIDE = {"quizzes"}            # holds no module; the map names it with quiz
LONGEST = 250                   # lines of a module
FACES = sorted(name for name in FOLDERS if (UTILS / name / "__init__.py").is_file())


def test_the_map_names_every_folder_and_loose_module_and_nothing_else():
    named = re.findall(r"^    (\w+/?) +\S", utils.__doc__, re.MULTILINE)
    assert sorted(named) == sorted([*MODULES, *(f"{name}/" for name in {*FOLDERS} - BESIDE)])
    assert all(f"{name}/" in utils.__doc__ for name in BESIDE)


def test_few_modules_are_loose():
    assert len(MODULES) <= 7


def test_no_module_is_long_but_the_exercises_of_a_lesson():
    lines = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
             for folder in ("utils", "benchmarks") for path in (ROOT / folder).rglob("*.py")
             if not re.fullmatch(r"lesson_\w+", path.stem)}
    assert len(lines) > 100
    assert {str(path): n for path, n in lines.items() if n > LONGEST} == {}


@pytest.mark.parametrize("name", FACES)
def test_a_face_hands_on_what_it_says(name):
    face = importlib.import_module(f"utils.{name}")
    assert face.__doc__
    assert hasattr(face, "__all__") == (name not in ("authoring", "exercises"))   # no face: parts
    assert [each for each in getattr(face, "__all__", []) if not hasattr(face, each)] == []


def test_every_list_of_public_names_is_sorted():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--isolated", "--preview",
                           "--select", "RUF022", "utils"], cwd=ROOT, text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stdout


def test_an_import_that_runs_upwards_is_found(tmp_path):
    shutil.copytree(UTILS, tmp_path / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    settings = tmp_path / "utils" / "settings.py"
    settings.write_text(settings.read_text(encoding="utf-8") + "\nfrom . import studies\n",
                        encoding="utf-8")
    done = subprocess.run([sys.executable, *PARTS["floors"]], cwd=tmp_path, text=True,
                          capture_output=True, encoding="utf-8",
                          env={**os.environ, "PYTHONPATH": str(tmp_path),
                               "PYTHONIOENCODING": "utf-8"})
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"imports run downwards\W+BROKEN", done.stdout), done.stdout
    assert "utils.settings -> utils.studies" in done.stdout


def test_the_version_is_the_same_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    newest, day = re.search(r"^## (\S+) · (\S+):", (ROOT / "CHANGELOG.md").read_text("utf-8"),
                            re.MULTILINE).groups()
    citation = dict(re.findall(r'^([\w-]+): "?([^"\n]+)"?$',
                               (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE))
    assert (newest, newest, day) == (version, citation["version"], citation["date-released"])


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "benchmarks/README.md",
                                  "instructor/README.md"])
def test_a_page_names_only_places_that_there_are(page):
    """Links, and paths from the root in `code`; NN and NAME stand for something."""
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", text)
             if not (ROOT / page).parent.joinpath(link).exists()]
    tops = "|".join(re.escape(path.name) for path in ROOT.iterdir() if path.is_dir()
                    and path.name not in ("build", ".venv", ".cache"))
    paths = [path for path in re.findall(rf"`((?:{tops})/[\w./-]*)`", text)
             if not re.search(r"NN|NAME", path) and not (ROOT / path).exists()]
    assert (links, paths) == ([], [])
