"""Texts for a model that writes: encodings, files that are no text, and the official file."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from utils.data import DataError, load_corpus, load_shakespeare, python_sources
from utils.data.fetching import registry

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
TEXT = "房间很干净，服务也很周到，下次还会来。\n早餐太差了，晚上根本睡不着！\n"


# --- the reader's own files ----------------------------------------------------------------


@pytest.mark.parametrize(("encoding", "said"), [
    ("utf-8", None), ("utf-8-sig", None), ("utf-16", "mine.txt is in UTF-16"),
    ("utf-32", "mine.txt is in UTF-32"),
    ("gbk", "mine.txt is in GBK"), ("gb18030", "mine.txt is in GBK")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_common_encoding_gives_the_same_text(tmp_path, encoding, said, end):
    path = tmp_path / "mine.txt"
    path.write_bytes(TEXT.replace("\n", end).encode(encoding))
    for corpus in (load_corpus(path), load_corpus(str(tmp_path))):
        assert (corpus.names, corpus.texts, corpus.text) == (["mine.txt"], [TEXT], TEXT)
        assert corpus.notes == [] if said is None else len(corpus.notes) == 1
        assert said is None or said in corpus.notes[0]


def test_a_folder_is_read_by_name_with_the_folders_in_it(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/c.txt", "d.md", "e.txt/f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"of {name}", encoding="utf-8")
    corpus = load_corpus(tmp_path)
    assert corpus.names == ["a/z.txt", "b.txt", "e.txt/f.txt"]
    assert corpus.text == "of a/z.txt\nof b.txt\nof e.txt/f.txt\n"
    assert load_corpus(tmp_path, "*.md").texts == ["of d.md"]


@pytest.mark.parametrize("content", [
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"PK\x03\x04\x14\x00\x06\x00", b"text\x00text",
    bytes(range(256)), "a text without its mark".encode("utf-16-le")])
def test_a_file_that_is_no_text_is_named(tmp_path, content):
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "image.txt").write_bytes(content)
    for path in (tmp_path, tmp_path / "image.txt"):
        with pytest.raises(DataError, match=r"image\.txt is (no text|neither UTF-8)") as caught:
            load_corpus(path)
        assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize("encoding", ["big5", "cp949", "johab", "euc-jp", "shift_jis", "latin-1"])
def test_another_encoding_is_refused_and_not_garbled(tmp_path, encoding):
    said = {"big5": "房間很乾淨，服務也很周到", "cp949": "배송이 빠르고 제품도 마음에 들어요",
            "johab": "배송이 빠르고 제품도 마음에 들어요", "shift_jis": "部屋はとてもきれいで",
            "euc-jp": "日本国憲法前文", "latin-1": "très déçu, la chambre était sale"}[encoding]
    (tmp_path / "mine.txt").write_bytes(said.encode(encoding))
    with pytest.raises(DataError, match=r"mine\.txt is neither UTF-8 nor GBK"):
        load_corpus(tmp_path / "mine.txt")


def test_nothing_to_read_is_told(tmp_path):
    with pytest.raises(DataError, match=r"has no file that fits '\*\.txt': put text files there"):
        load_corpus(tmp_path)
    with pytest.raises(DataError, match=r"none\.txt cannot be read .*: is the path right\?"):
        load_corpus(tmp_path / "none.txt")
    (tmp_path / "a.txt").write_text(" \n\u200b\u3164\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"holds no text, its file is empty"):
        load_corpus(tmp_path / "a.txt")
    (tmp_path / "b.txt").touch()
    with pytest.raises(DataError, match=r"holds no text, all of its 2 files are empty"):
        load_corpus(tmp_path)


# --- Python's own sources ------------------------------------------------------------------


def test_sources_are_read_as_they_declare_and_tests_are_left_out(tmp_path):
    files = {"b.py": b"x = 1\r\n", "a/__init__.py": "# é".encode(), "a/data.txt": b"no",
             "c.py": "# coding: latin-1\n# é\n".encode("latin-1"), "test/d.py": b"no",
             "a/tests/e.py": b"no", "site-packages/f.py": b"no", "broken.py": b"# \xff\xfe\n"}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    corpus = python_sources(tmp_path)
    assert corpus.names == ["a/__init__.py", "b.py", "c.py"]
    assert corpus.texts == ["# é", "x = 1\n", "# coding: latin-1\n# é\n"]
    assert corpus.notes == ["broken.py was left out (SyntaxError)."]


def test_the_running_python_has_sources_that_compile():
    corpus = python_sources()
    assert len(corpus.text) > 5_000_000
    sample = dict(zip(corpus.names, corpus.texts, strict=True))
    for name in ("random.py", "json/decoder.py"):
        compile(sample[name], name, "exec")
    folders = {part for name in corpus.names for part in name.split("/")[:-1]}
    assert "json" in folders and not folders & {"site-packages", "test", "tests"}


def test_a_python_without_sources_is_told(tmp_path):
    with pytest.raises(DataError, match="holds no Python sources: use another installation"):
        python_sources(tmp_path)


# --- Shakespeare ---------------------------------------------------------------------------


def test_shakespeare_is_the_official_file_or_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_MODE", raising=False)
    with pytest.raises(DataError, match=r"run `python -m utils data fetch tinyshakespeare`"):
        load_shakespeare()
    content = b"First Citizen:\nSpeak.\n"
    (tmp_path / "tinyshakespeare").mkdir()
    (tmp_path / "tinyshakespeare" / "input.txt").write_bytes(content)
    with pytest.raises(DataError, match=r"input\.txt is not the official file"):
        load_shakespeare()
    entry = registry.REGISTRY["tinyshakespeare"]
    file = dataclasses.replace(entry.files[0], sha256=hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(registry.REGISTRY, "tinyshakespeare",
                        dataclasses.replace(entry, files=(file,)))
    assert load_shakespeare() == content.decode()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data are not beside this clone")
def test_the_real_shakespeare_has_as_many_characters_as_the_registry_says(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(SHARED))
    text = load_shakespeare()
    assert len(text) == 1_115_394 and len(set(text)) == 65
    assert text.startswith("First Citizen:\n") and "\r" not in text
