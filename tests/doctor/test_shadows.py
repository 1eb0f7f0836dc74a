"""Files that hide a package are found by where Python and a kernel look first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from utils.doctor import shadows

ROOT = Path(__file__).parents[2]
OWN = str(Path(os.__file__).parent)


@pytest.fixture
def installed(tmp_path):
    """A folder of packages with numpy and keras in it."""
    folder = tmp_path / "site-packages"
    for name in ("numpy", "keras"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").touch()
    (folder / "six.py").touch()
    return str(folder)


def place(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return str(folder)


def names_of(found):
    return [(shadow.name, shadow.harmful) for shadow in found]


def test_a_file_or_package_hides_what_is_installed_and_what_python_has(tmp_path, installed):
    mine = place(tmp_path / "mine", "numpy.py", "keras/__init__.py", "random.py", "six.so",
                 "my.py", "utils.py", "text.txt", "numpy.pyi")
    found = shadows.find_shadows([mine, OWN, installed], notebooks=())
    assert names_of(found) == [("keras", True), ("numpy", True), ("random", True), ("six", True),
                               ("utils", True)]


def test_beside_a_notebook_only_packages_are_hidden_from_it(tmp_path, installed):
    mine = place(tmp_path / "lessons", "numpy.py", "random.py", "01_lesson.ipynb")
    for path, notebooks in (([OWN, mine, installed], ()), ([OWN, installed], (mine,))):
        found = shadows.find_shadows(path, notebooks)
        assert names_of(found) == [("numpy", True), ("random", False)]


def test_modules_that_no_file_can_replace_are_left_alone(tmp_path, installed):
    mine = place(tmp_path / "mine", "sys.py", "os.py", "time.py")
    assert shadows.find_shadows([mine, OWN, installed], notebooks=()) == []


def test_a_plain_folder_hides_nothing_but_utils(tmp_path, installed):
    mine = place(tmp_path / "mine", "numpy/notes.txt", "utils/helpers.py")
    assert names_of(shadows.find_shadows([mine, OWN, installed], ())) == [("utils", True)]


def test_another_checkout_on_the_path_is_no_shadow_but_files_in_it_are(tmp_path, installed):
    mine = place(tmp_path / "course", "utils/doctor/shadows.py", "tests/__init__.py")
    assert shadows.find_shadows([mine, OWN, installed], ()) == []
    place(tmp_path / "course", "numpy.py")
    assert names_of(shadows.find_shadows([mine, OWN, installed], ())) == [("numpy", True)]


def test_this_checkout_hides_nothing():
    assert shadows.find_shadows() == []


@pytest.mark.parametrize("on_path", [True, False])
def test_the_advice_is_to_rename_a_file_or_to_unset_pythonpath(monkeypatch, tmp_path, installed,
                                                               on_path):
    mine = place(tmp_path / "mine", "utils.py")
    monkeypatch.setenv("PYTHONPATH", mine if on_path else "")
    (text, advice), = shadows.sentences(shadows.find_shadows([mine, OWN, installed], ()))
    assert "utils.py" in text and mine in text
    assert ("PYTHONPATH" in advice) == on_path
    assert (os.path.join(mine, "my_utils.py") in advice) != on_path


def test_many_files_of_one_folder_are_one_sentence(tmp_path, installed):
    mine = place(tmp_path / "mine", "numpy.py", "keras.py", "random.py", "json.py", "csv.py")
    (text, _), = shadows.sentences(shadows.find_shadows([mine, OWN, installed], ()))
    assert "and 1 more" in text


@pytest.mark.parametrize("names", [(), ("utils.py", "random.py", "json.py", "pathlib.py")])
def test_the_command_tells_even_where_python_itself_is_hidden(tmp_path, names):
    mine = place(tmp_path / "mine", *names, "harmless.py")
    done = subprocess.run([sys.executable, "-S", "-m", "utils", "doctor", "names"], cwd=ROOT,
                          capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PYTHONPATH": mine})
    assert done.returncode == bool(names)
    assert ("hide what the lessons need" in done.stdout) == bool(names)
    assert "Traceback" not in done.stderr
