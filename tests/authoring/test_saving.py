"""Opening a lesson in JupyterLab and saving it untouched changes no byte of it."""

import json
from pathlib import Path

import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from jupyter_server.services.contents.largefilemanager import LargeFileManager

from utils.authoring import hygiene
from utils.authoring.lessons import notebooks_in
from utils.authoring.text import METADATA

ROOT = Path(__file__).resolve().parents[2]
STORED = [path for folder in ("solutions", "lessons") for path in notebooks_in(ROOT / folder)]


def as_the_page_sends_it(model, version):
    """What JupyterLab's page gives back: JavaScript's JSON, with what its kernel says."""
    def numbers(text):          # JavaScript has one kind of number: 1.0 comes back as 1
        return int(float(text)) if float(text).is_integer() else float(text)

    content = json.loads(json.dumps(model["content"]), parse_float=numbers)
    content["metadata"]["language_info"] = {**IPythonKernel.language_info, "version": version}
    return {"type": "notebook", "format": "json", "content": content}


@pytest.mark.parametrize("path", STORED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_notebook_saved_untouched_is_the_same_file(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    nbformat.write(nbformat.read(copy, as_version=4), copy)
    assert copy.read_bytes() == path.read_bytes()

    server = LargeFileManager(root_dir=str(tmp_path))
    version = METADATA["language_info"]["version"]
    server.save(as_the_page_sends_it(server.get(path.name), version), path.name)
    assert copy.read_bytes() == path.read_bytes()


def test_another_python_changes_one_line(tmp_path):
    copy = tmp_path / STORED[0].name
    copy.write_bytes(STORED[0].read_bytes())
    server = LargeFileManager(root_dir=str(tmp_path))
    server.save(as_the_page_sends_it(server.get(copy.name), "3.13.99"), copy.name)
    lines = zip(STORED[0].read_text(encoding="utf-8").splitlines(),
                copy.read_text(encoding="utf-8").splitlines(), strict=True)
    assert [(old.strip(), new.strip()) for old, new in lines if old != new] == [
        (f'"version": "{METADATA["language_info"]["version"]}"', '"version": "3.13.99"')]


def test_other_metadata_than_jupyterlab_writes_is_a_fault(tmp_path):
    path = tmp_path / STORED[0].name
    notebook = nbformat.read(STORED[0], as_version=4)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    assert any("metadata" in fault for fault in hygiene.faults(path))
