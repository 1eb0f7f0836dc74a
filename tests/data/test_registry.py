"""The registry, where files lie, and the command line."""

import dataclasses
import hashlib
import io
import re
import subprocess
import sys
import urllib.parse
import zipfile
from pathlib import Path

import pytest

from tests.local_site import BODY, error, page, serving
from utils.data import REGISTRY, DataError, data_set
from utils.data.command import main
from utils.data.fetching import registry, store
from utils.data.fetching.registry import DataSet, RemoteFile

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("COURSE_MODE", raising=False)
    return tmp_path / "data"


@pytest.fixture
def site(folder, monkeypatch):
    """A local server, and a registry of two data sets that it serves."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as whole:
        whole.writestr("pairs.txt", "Hi.\t嗨。")
    with serving() as server:
        text = RemoteFile("text.bin", (server.url("/text", page()),), len(BODY),
                          hashlib.sha256(BODY).hexdigest())
        other = RemoteFile("other.bin", (server.url("/other", page(body=b"other")),))
        pairs = RemoteFile("pairs.zip", (server.url("/zip", page(body=archive.getvalue())),),
                           archive=True, ready=("pairs.txt", "pairs/pairs.txt"))
        for each in (DataSet("two", "two files", "none", "download", "home", (text, other)),
                     DataSet("zipped", "pairs", "none", "download", "home", (pairs,)),
                     DataSet("asked", "on request", "agreement", "by hand", "https://owner.org",
                             (RemoteFile("a.txt"),))):
            monkeypatch.setitem(registry.REGISTRY, each.name, each)
        yield server


# --- the registry --------------------------------------------------------------------------


def test_every_entry_says_what_terms_and_where():
    for name, each in REGISTRY.items():
        assert name == each.name and re.fullmatch(r"[a-z0-9_-]+", name)
        assert each.what and each.licence and each.home
        assert each.where in ("download", "inside", "by hand")
        assert bool(each.files) == (each.where != "inside")
        for file in each.files:
            assert bool(file.addresses) == (each.where == "download")
            assert file.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", file.sha256)
            assert file.sha256 is None or file.size
            for address in file.addresses:
                parts = urllib.parse.urlsplit(address)
                assert parts.scheme == "https" and parts.netloc and parts.path
            for ready in (file.name, *file.ready):
                assert not Path(ready).is_absolute() and ".." not in Path(ready).parts


def test_entries_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        REGISTRY["imdb"].name = "other"


def test_our_own_data_are_inside_and_their_card_exists():
    ours = {path.parent.name for path in (ROOT / "datasets").glob("*/README.md")}
    inside = {each.name: each for each in REGISTRY.values() if each.where == "inside"}
    assert len(ours) > 5 and set(inside) == ours | {"sunspots", "co2", "elnino"}
    assert all(inside[name].home == f"datasets/{name}/README.md" for name in ours)


@pytest.mark.parametrize("typed, meant", [
    ("shakespeare", "tinyshakespeare"), ("flicker8k", "flickr8k"), ("IMDB", "imdb"),
    ("sunspot", "sunspots"), ("cmn_eng", "cmn-eng")])
def test_an_unknown_name_suggests_a_near_one(typed, meant):
    with pytest.raises(DataError, match=f"There is no data set '{typed}': did you mean .*{meant}"):
        data_set(typed)


def test_a_name_like_no_other_gets_the_list():
    with pytest.raises(DataError, match="choose from sales, sunspots, co2"):
        data_set("qqqqqq")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real data sets are not beside this clone")
def test_every_data_set_is_found_in_the_real_folder(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(SHARED))
    for each in REGISTRY.values():
        for file in each.files:
            assert store.find_file(each.name, file.name) is not None, (each.name, file.name)
    assert store.verify_data_set("tinyshakespeare") == [("input.txt", "ok")]


# --- where files lie -----------------------------------------------------------------------


def test_a_data_set_is_fetched_once(site, folder):
    paths = store.fetch_data_set("two")
    assert paths == [folder / "two" / "text.bin", folder / "two" / "other.bin"]
    assert [path.read_bytes() for path in paths] == [BODY, b"other"]
    assert store.fetch_data_set("two") == paths
    assert len(site.asked) == 2
    assert store.need_file("two", "text.bin") == paths[0]
    assert store.verify_data_set("two") == [("text.bin", "ok"), ("other.bin", "present")]


@pytest.mark.parametrize("place", ["x" * 300, "~nobody-of-that-name/x"])
def test_a_folder_that_cannot_be_looked_at_has_no_files(site, monkeypatch, place):
    monkeypatch.setenv("COURSE_DATA", place)
    assert store.find_file("two", "text.bin") is None
    with pytest.raises(DataError, match="set COURSE_DATA to a folder"):
        store.need_file("two", "text.bin")


def test_an_archive_is_unpacked_beside_itself(site, folder):
    assert store.find_file("zipped", "pairs.zip") is None
    path, = store.fetch_data_set("zipped")
    assert path == folder / "zipped" / "pairs" / "pairs.txt"
    assert path.read_text(encoding="utf-8") == "Hi.\t嗨。"
    assert store.need_file("zipped", "pairs.zip") == path


def test_a_file_put_there_by_hand_is_used_and_no_network(site, folder):
    (folder / "zipped").mkdir(parents=True)
    (folder / "zipped" / "pairs.txt").write_text("mine")
    assert store.fetch_data_set("zipped") == [folder / "zipped" / "pairs.txt"]
    assert site.asked == []


def test_a_broken_archive_is_thrown_away_so_that_the_next_fetch_is_fresh(site, folder):
    good = site.pages["/zip"]
    site.pages["/zip"] = page(body=b"<html>")
    with pytest.raises(DataError, match="is broken or not an archive"):
        store.fetch_data_set("zipped")
    assert list((folder / "zipped").iterdir()) == []
    site.pages["/zip"] = good
    assert store.fetch_data_set("zipped")[0].is_file()


def test_quick_mode_names_the_command_and_asks_no_network(site, folder):
    with pytest.raises(DataError) as caught:
        store.need_file("two", "text.bin")
    message = str(caught.value)
    assert "run `python -m utils data fetch two`" in message
    assert f"put it at {folder / 'two' / 'text.bin'}" in message and "COURSE_DATA" in message
    assert site.asked == [] and not folder.exists()


def test_full_mode_fetches_what_is_missing(site, folder, monkeypatch):
    monkeypatch.setenv("COURSE_MODE", "full")
    assert store.need_file("two", "other.bin").read_bytes() == b"other"
    assert [path for path, _ in site.asked] == ["/other"]


@pytest.mark.parametrize("mode", ["quick", "full"])
def test_what_is_had_by_hand_says_from_where_and_on_what_terms(site, folder, monkeypatch, mode):
    monkeypatch.setenv("COURSE_MODE", mode)
    for get in (lambda: store.need_file("asked", "a.txt"), lambda: store.fetch_data_set("asked")):
        with pytest.raises(DataError, match=r"by hand: see https://owner\.org .terms: agreement"):
            get()


def test_an_unknown_file_is_told_with_the_known_ones(site, folder):
    with pytest.raises(DataError, match=r"no file 'b': it has text\.bin, other\.bin"):
        store.find_file("two", "b")


def test_verify_finds_a_file_that_is_not_the_official_one(site, folder):
    store.fetch_data_set("two")
    (folder / "two" / "text.bin").write_bytes(b"spoilt")
    (folder / "two" / "other.bin").unlink()
    assert store.verify_data_set("two") == [("text.bin", "wrong"), ("other.bin", "missing")]


# --- the command line ----------------------------------------------------------------------


def test_list_shows_every_data_set_and_its_state(site, folder, capsys):
    (folder / "two").mkdir(parents=True)
    (folder / "two" / "other.bin").write_bytes(b"")
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for each in REGISTRY.values():
        assert re.search(rf"^{each.name} ", out, re.MULTILINE) and each.licence in out
    assert re.search(r"^two +1 of 2 here ", out, re.MULTILINE)
    assert re.search(r"^asked +by hand ", out, re.MULTILINE)
    assert str(folder) in out


def test_fetch_tells_the_terms_and_the_paths(site, folder, capsys):
    assert main(["fetch", "two", "sales"]) == 0
    out = capsys.readouterr().out
    assert "two: two files; terms: none" in out and str(folder / "two" / "text.bin") in out
    assert "sales: nothing to fetch, it is inside" in out


def test_a_failed_fetch_exits_1_and_goes_on_with_the_others(site, folder, capsys):
    site.pages["/text"] = error(404)
    assert main(["fetch", "two", "zipped"]) == 1
    streams = capsys.readouterr()
    assert "text.bin could not be downloaded" in streams.err
    assert "pairs.txt" in streams.out


def test_an_unknown_name_exits_1_before_anything_is_fetched(site, folder, capsys):
    for command in ("fetch", "where", "verify"):
        assert main([command, "two", "twoo"]) == 1
        assert "did you mean two" in capsys.readouterr().err
    assert site.asked == []


def test_where_shows_the_folder_and_the_files(site, folder, capsys):
    assert main(["where"]) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    assert main(["where", "two"]) == 1
    assert f"{folder / 'two' / 'text.bin'} (not there)" in capsys.readouterr().out
    store.fetch_data_set("two")
    assert main(["where", "two", "co2"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(folder / "two" / "text.bin"), str(folder / "two" / "other.bin"),
        f"co2: inside ({REGISTRY['co2'].home})"]


def test_verify_exits_1_if_something_is_wrong_or_a_named_set_is_missing(site, folder, capsys):
    assert main(["verify", "two"]) == 1
    assert main(["verify"]) == 0                       # nothing fetched, nothing wrong
    store.fetch_data_set("two")
    assert main(["verify", "two", "sales"]) == 0
    capsys.readouterr()
    (folder / "two" / "text.bin").write_bytes(b"spoilt")
    assert main(["verify"]) == 1
    assert "two/text.bin: WRONG" in capsys.readouterr().out


def test_a_command_that_is_not_understood_exits_2(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["get"])
    assert caught.value.code == 2
    assert "invalid choice: 'get'" in capsys.readouterr().err


def test_an_import_loads_no_tensorflow_and_makes_no_folder(tmp_path):
    code = ("import sys, utils.data, utils.data.command;"
            "sys.exit(any(m in sys.modules for m in ('tensorflow', 'keras', 'matplotlib')))")
    environment = {"COURSE_DATA": str(tmp_path / "none"), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_the_module_runs_as_a_command():
    done = subprocess.run([sys.executable, "-m", "utils", "data", "where", "salse"], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "There is no data set 'salse': did you mean sales?\n"
