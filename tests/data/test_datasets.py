"""Every folder of datasets/: a card with all headings, true sizes, and a script that repeats."""

import re
import subprocess
import sys

import pytest

from tests.conftest import DATASETS

HEADINGS = {"How it was made", "By whom, licence", "Size", "Columns and units", "Splits",
            "Known faults and limits"}
FOLDERS = sorted(path.name for path in DATASETS.iterdir()
                 if path.is_dir() and path.name != "__pycache__")
SCRIPTS = {path.parent.name: path.name for path in sorted(DATASETS.glob("*/make_*.py"))}
INDEX = (DATASETS / "README.md").read_text(encoding="utf-8")


def card(folder):
    return (DATASETS / folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_has_a_card_with_all_headings(folder):
    assert card(folder).startswith(f"# {folder}") and "**What.**" in card(folder)
    assert set(re.findall(r"^## (.*)$", card(folder), re.MULTILINE)) >= HEADINGS
    assert re.search(r"CC0 1\.0|CC BY|public domain", card(folder), re.IGNORECASE)


def test_the_index_names_every_folder_and_nothing_else():
    assert sorted(re.findall(r"\]\((\w+)/README\.md\)", INDEX)) == FOLDERS
    assert all((DATASETS / target).is_file() for target in re.findall(r"\]\(([^)]+)\)", INDEX))


@pytest.mark.parametrize("folder", [name for name in FOLDERS
                                    if any(DATASETS.glob(f"{name}/*.csv"))])
def test_sizes_are_those_of_the_card(folder):
    """Its table names each file with its rows and, in most cards, its bytes."""
    stated = re.findall(r"^\| `(\w+\.csv)` \| ([\d,]+) \| (?:([\d,]+) \|)?", card(folder),
                        re.MULTILINE)
    files = {path.name: path.read_bytes() for path in DATASETS.glob(f"{folder}/*.csv")}
    for name, rows, size in stated:
        data = files.pop(name)
        assert f"{data.count(10) - 1:,}" == rows, name
        assert size in ("", f"{len(data):,}"), name
    assert files.keys() <= {"split.csv"}                    # derived, and not always in the table


def test_folders_are_small():
    for folder in FOLDERS:
        assert sum(p.stat().st_size for p in (DATASETS / folder).iterdir()) < 2_500_000, folder


@pytest.mark.parametrize("folder", SCRIPTS)
def test_the_script_writes_the_same_bytes_again(folder, dataset_script):
    for name, text in dataset_script(folder).make_files().items():
        assert (DATASETS / folder / name).read_bytes() == text.encode(), name
        assert "\r" not in text, name                       # lines end alike on every system


@pytest.mark.parametrize("folder", SCRIPTS)
def test_check_finds_a_file_that_was_edited(folder, dataset_script, monkeypatch, tmp_path, capsys):
    script = dataset_script(folder)
    monkeypatch.setattr(script, "make_files", lambda: {"a.csv": "a\n", "b.csv": "b\n"})
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    assert script.main([]) == 0 and script.main(["--check"]) == 0
    (tmp_path / "b.csv").write_text("c\n")
    assert script.main(["--check"]) == 1
    said = capsys.readouterr().out.splitlines()[-1]
    assert SCRIPTS[folder] in said and "b.csv" in said and "a.csv" not in said
    assert "without --check" in said


def test_a_script_runs_as_a_command_from_anywhere(tmp_path):
    script = DATASETS / "tieba" / SCRIPTS["tieba"]
    done = subprocess.run([sys.executable, str(script), "--check"], cwd=tmp_path, check=False)
    assert done.returncode == 0
