"""Which lessons a push opens in the browser again."""

import nbformat

from tests.browser import fingerprints


def write(folder, name, source):
    cells = [nbformat.v4.new_code_cell(source, id="setup")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")


def numbers(paths):
    return [path.name[:2] for path in paths]


def test_the_first_lessons_and_what_changed_since_are_opened(tmp_path, monkeypatch):
    kept = tmp_path / "kept.json"
    for name in ("00_a", "01_b", "02_c", "03_d", "04_e"):
        write(tmp_path, name, "x = 1")
    assert numbers(fingerprints.changed(tmp_path, kept)) == ["00", "01", "02", "03", "04"]
    fingerprints.keep(tmp_path, kept)
    assert numbers(fingerprints.changed(tmp_path, kept)) == ["00", "01", "02"]
    write(tmp_path, "04_e", "x = 2")
    assert numbers(fingerprints.changed(tmp_path, kept)) == ["00", "01", "02", "04"]


def test_a_module_that_a_lesson_imports_is_part_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprints, "ROOT", tmp_path)
    package = tmp_path / "utils" / "by_hand"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("a = 1")
    (package / "gru.py").write_text("b = 1")
    write(tmp_path, "05_x", "from utils import by_hand")
    write(tmp_path, "06_y", "%matplotlib inline\nimport utils.by_hand.gru")
    first = [fingerprints.fingerprint(tmp_path / f"{n}.ipynb") for n in ("05_x", "06_y")]
    (package / "gru.py").write_text("b = 2")
    second = [fingerprints.fingerprint(tmp_path / f"{n}.ipynb") for n in ("05_x", "06_y")]
    assert first[0] == second[0] and first[1] != second[1]
    (package / "__init__.py").write_text("a = 2")
    assert fingerprints.fingerprint(tmp_path / "05_x.ipynb") != first[0]
