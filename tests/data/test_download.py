"""Downloads and archives against a local server that fails in every way we know of."""

import contextlib
import errno
import gzip
import hashlib
import io
import multiprocessing
import os
import socket
import stat
import struct
import tarfile
import threading
import time
import zipfile
from types import SimpleNamespace

import pytest

from tests.local_site import BODY, error, page, serving
from utils.data import BadArchive, DataError
from utils.data.fetching import download, locks
from utils.data.fetching.download import fetch, sha256_of
from utils.data.fetching.locks import exclusive
from utils.data.fetching.unpack import unpack

SHA = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def site():
    with serving() as server:
        yield server


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def fails(*arguments, **options):
    """Return the message of a fetch that has to fail, checked to be one sentence."""
    with pytest.raises(DataError) as caught:
        fetch(*arguments, **options)
    return one_sentence(caught.value)


def one_sentence(failure):
    message = str(failure)
    assert "\n" not in message and message.endswith(".") and ". " not in message
    return message


# --- success -------------------------------------------------------------------------------


def test_a_file_arrives_whole_and_alone(site, tmp_path):
    target = tmp_path / "new" / "file.bin"
    assert fetch(site.url("/f", page()), target, SHA, len(BODY)) == target
    assert target.read_bytes() == BODY
    assert names(target.parent) == ["file.bin"]


def test_a_file_that_is_there_is_not_asked_for(site, tmp_path):
    target = tmp_path / "file.bin"
    target.write_bytes(BODY)
    fetch(site.url("/f", page()), target, SHA)
    assert site.asked == []


def test_a_file_without_a_stated_length_or_hash_arrives(site, tmp_path):
    target = fetch(site.url("/f", page(length=False, etag=None)), tmp_path / "f")
    assert target.read_bytes() == BODY


def test_an_empty_file_arrives(site, tmp_path):
    assert fetch(site.url("/f", page(body=b"")), tmp_path / "f").read_bytes() == b""


def test_a_redirect_is_followed(site, tmp_path):
    def moved(handler):
        handler.send_response(302)
        handler.send_header("Location", "/new")
        handler.end_headers()
    site.url("/new", page())
    assert fetch(site.url("/old", moved), tmp_path / "f", SHA).read_bytes() == BODY


def test_nothing_is_printed_where_no_line_can_be_live(site, tmp_path, capfd):
    fetch(site.url("/f", page()), tmp_path / "f")
    assert capfd.readouterr() == ("", "")


def test_the_progress_line_goes_to_stdout_only(site, tmp_path, capfd, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    fetch(site.url("/f", page()), tmp_path / "f")
    assert "293k/293k" in terminal.getvalue()
    assert terminal.getvalue().count("\n") == 1
    assert capfd.readouterr().err == ""


# --- resuming ------------------------------------------------------------------------------


def test_a_broken_download_goes_on_where_it_stopped(site, tmp_path):
    target = tmp_path / "f"
    cut = 100_000
    url = site.url("/f", page(at_most=cut))
    fetch(url, target, SHA)
    assert target.read_bytes() == BODY
    assert site.asked == [("/f", None), ("/f", f"bytes={cut}-"), ("/f", f"bytes={2 * cut}-")]
    assert site.sent == len(BODY)                        # no byte twice


def test_a_truncated_download_keeps_its_part_and_the_next_run_resumes(site, tmp_path):
    target, cut = tmp_path / "f", 20_000
    url = site.url("/f", page(at_most=cut))
    message = fails(url, target)
    assert "60,000 of 300,000 bytes" in message
    assert "again" in message and "COURSE_DATA" in message
    assert names(tmp_path) == ["f.part", "f.part.json"]
    assert (tmp_path / "f.part").read_bytes() == BODY[:3 * cut]
    site.sent = 0
    fetch(site.url("/f", page()), target)
    assert target.read_bytes() == BODY
    assert site.sent == len(BODY) - 3 * cut
    assert names(tmp_path) == ["f"]


def half_done(site, tmp_path, **options):
    """Leave a part file of 150,000 bytes behind; return its target and address."""
    target = tmp_path / "f"
    fails(site.url("/f", page(at_most=50_000, **options)), target)
    site.sent = 0
    return target, site.url("/f", page(**options))


def test_a_server_that_ignores_ranges_is_read_from_the_start(site, tmp_path):
    target, _ = half_done(site, tmp_path)
    fetch(site.url("/f", page(ranges=False)), target, SHA)
    assert target.read_bytes() == BODY
    assert site.sent == len(BODY)


@pytest.mark.parametrize("respects_if_range", [True, False])
def test_a_changed_file_is_read_from_the_start(site, tmp_path, respects_if_range):
    target, _ = half_done(site, tmp_path)
    other = BODY[::-1]
    changed = page(body=other, etag='"two"')
    if not respects_if_range:
        def changed(handler):
            del handler.headers["If-Range"]
            page(body=other, etag='"two"')(handler)
    fetch(site.url("/f", changed), target)
    assert target.read_bytes() == other


def test_a_file_of_another_length_is_read_from_the_start(site, tmp_path):
    target, _ = half_done(site, tmp_path, etag=None)
    longer = BODY[::-1] + b"more"
    fetch(site.url("/f", page(body=longer, etag=None)), target)
    assert target.read_bytes() == longer


def test_a_file_that_became_shorter_than_the_part_is_read_from_the_start(site, tmp_path):
    target, _ = half_done(site, tmp_path)
    fetch(site.url("/f", page(body=b"short")), target)
    assert target.read_bytes() == b"short"


def test_a_part_without_its_notes_is_not_trusted(site, tmp_path):
    target, url = half_done(site, tmp_path)
    (tmp_path / "f.part.json").write_text("not json")
    (tmp_path / "f.part").write_bytes(b"x" * 150_000)
    fetch(url, target)
    assert target.read_bytes() == BODY


def test_a_spoilt_part_is_found_out_by_the_hash_and_fetched_anew(site, tmp_path):
    target, url = half_done(site, tmp_path)
    (tmp_path / "f.part").write_bytes(b"x" * 150_000)
    fetch(url, target, SHA)
    assert target.read_bytes() == BODY


def test_parts_of_two_addresses_are_joined_only_under_a_hash(site, tmp_path):
    target, _ = half_done(site, tmp_path)
    mirror = site.url("/mirror", page(etag='"other"'))
    fetch(mirror, target, SHA)
    assert target.read_bytes() == BODY and site.sent == len(BODY) // 2
    target.unlink()
    half_done(site, tmp_path)
    fetch(mirror, target)
    assert target.read_bytes() == BODY and site.sent == len(BODY)


def test_a_part_that_is_complete_is_checked_and_not_fetched_again(site, tmp_path):
    target, url = half_done(site, tmp_path)
    (tmp_path / "f.part").write_bytes(BODY)              # as if killed before the last step
    fetch(url, target, SHA)
    assert target.read_bytes() == BODY and site.sent == 0


# --- failures ------------------------------------------------------------------------------


@pytest.mark.parametrize("code, reason", [
    (404, "HTTP 404"), (403, "HTTP 403"),
    (500, "HTTP 500"), (503, "HTTP 503")])
def test_an_http_error_leaves_nothing(site, tmp_path, code, reason):
    target = tmp_path / "set" / "f"
    message = fails(site.url("/f", error(code)), target, home="https://example.org/data")
    assert reason in message and "127.0.0.1" in message
    assert f"download it in a browser from https://example.org/data and put it at {target}" \
        in message
    assert "set COURSE_DATA to a folder that has set/f." in message
    assert names(target.parent) == []


def test_mirrors_are_tried_in_order_and_all_reasons_told(site, tmp_path):
    urls = [site.url("/a", error(404)), site.url("/b", page()), site.url("/c", page())]
    fetch(urls, tmp_path / "f", SHA)
    assert [path for path, _ in site.asked] == ["/a", "/b"]
    message = fails([site.url("/a", error(404)), site.url("/b", error(500))], tmp_path / "g")
    assert "HTTP 404" in message and "HTTP 500" in message


def test_a_refused_connection_says_to_check_the_network(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    message = fails(f"http://127.0.0.1:{port}/f", tmp_path / "f")
    assert "refused" in message and "network" in message
    assert names(tmp_path) == []


def test_no_network_says_that_the_name_cannot_be_looked_up(tmp_path, monkeypatch):
    def no_lookup(*arguments, **options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)
    message = fails("http://data.example/f", tmp_path / "f")
    assert "data.example" in message and "looked up" in message
    assert "network" in message
    assert names(tmp_path) == []


def test_an_unreachable_network_is_one_sentence(tmp_path, monkeypatch):
    def unreachable(*arguments, **options):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")
    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert "Network is unreachable" in fails("http://127.0.0.1:9/f", tmp_path / "f")


def test_a_silent_server_is_given_up_after_the_timeout(site, tmp_path):
    url = site.url("/f", lambda handler: handler.server.release.wait())     # until the test ends
    message = fails(url, tmp_path / "f", timeout=0.2)
    assert "0.2 seconds" in message
    assert names(tmp_path) == []


def test_a_server_that_falls_silent_midway_leaves_a_part_to_resume(site, tmp_path):
    def stalls(handler):
        page(at_most=70_000)(handler)
        handler.wfile.flush()
        handler.server.release.wait()
    target = tmp_path / "f"
    message = fails(site.url("/f", stalls), target, timeout=3)      # a busy machine sends late
    assert "no more data" in message and "goes on" in message
    fetch(site.url("/f", page()), target, SHA)
    assert target.read_bytes() == BODY and site.sent == len(BODY)


def test_a_connection_closed_without_an_answer_is_told(site, tmp_path):
    message = fails(site.url("/f", lambda handler: handler.connection.close()), tmp_path / "f")
    assert "closed" in message
    assert names(tmp_path) == []


def test_a_broken_chunked_answer_is_not_taken_for_whole(site, tmp_path):
    def chunked(handler):
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.send(b"2710\r\n" + BODY[:5000])          # 10,000 promised, 5,000 sent
    message = fails(site.url("/f", chunked), tmp_path / "f")
    assert "connection broke" in message
    assert not (tmp_path / "f").exists()


def test_a_wrong_hash_leaves_nothing(site, tmp_path):
    message = fails(site.url("/f", page(body=b"someone else's")), tmp_path / "f", SHA)
    assert "SHA-256" in message
    assert names(tmp_path) == []


def test_a_mirror_helps_against_a_wrong_hash(site, tmp_path):
    urls = [site.url("/bad", page(body=b"x" * len(BODY))), site.url("/good", page())]
    assert fetch(urls, tmp_path / "f", SHA).read_bytes() == BODY


@pytest.mark.parametrize("length", [True, False])
def test_a_wrong_size_leaves_nothing(site, tmp_path, length):
    url = site.url("/f", page(body=b"12345", length=length))
    assert "5 bytes and not 4" in fails(url, tmp_path / "f", size=4)
    assert names(tmp_path) == []


def test_a_wrong_file_that_is_there_is_not_overwritten_silently(site, tmp_path):
    target = tmp_path / "f"
    target.write_bytes(b"mine")
    message = fails(site.url("/f", page()), target, SHA)
    assert "official" in message and "delete" in message
    assert target.read_bytes() == b"mine"


def test_a_disk_that_fills_up_leaves_nothing(site, tmp_path, monkeypatch):
    class Full(io.FileIO):
        def write(self, data):
            if self.tell() > 100_000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(data)
    monkeypatch.setattr(download, "open", Full, raising=False)
    message = fails(site.url("/f", page()), tmp_path / "f")
    assert "disk is full" in message and "free" in message
    assert "COURSE_DATA" in message
    assert names(tmp_path) == []


def test_a_disk_without_room_is_noticed_before_the_download(site, tmp_path, monkeypatch):
    usage = SimpleNamespace(free=1000)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda folder: usage)
    assert "The disk is full" in fails(site.url("/f", page()), tmp_path / "f")
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_told(site, tmp_path):
    (tmp_path / "file").write_text("in the way")
    message = fails(site.url("/f", page()), tmp_path / "file" / "f")
    assert "written" in message and "COURSE_DATA" in message
    assert site.asked == []


def test_a_folder_without_permission_is_told(site, tmp_path, monkeypatch):
    def denied(*arguments):
        raise PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(os, "open", denied)
    message = fails(site.url("/f", page()), tmp_path / "f")
    assert str(tmp_path) in message and "Permission denied" in message
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(site, tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert "written" in fails(site.url("/f", page()), tmp_path / "f")
    tmp_path.chmod(stat.S_IRWXU)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://example.org/f", "f"])
def test_only_http_addresses_are_opened(tmp_path, url):
    assert "http" in fails(url, tmp_path / "f")


def test_no_address_is_a_mistake_of_the_caller(tmp_path):
    with pytest.raises(ValueError, match=r"address.*got \(\)"):
        fetch((), tmp_path / "f")


def test_an_interrupt_keeps_the_part_and_frees_the_lock(site, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_verify", _interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch(site.url("/f", page()), tmp_path / "f")
    assert names(tmp_path) == ["f.part", "f.part.json"]


def _interrupt(*arguments):
    raise KeyboardInterrupt


# --- two at once ---------------------------------------------------------------------------


def _fetch_in_child(url, target, barrier):
    barrier.wait()
    with contextlib.redirect_stdout(io.StringIO()):
        fetch(url, target, SHA)


def test_two_processes_take_turns_and_one_download_serves_both(site, tmp_path):
    def slow(handler):
        time.sleep(0.2)
        page()(handler)
    url, target = site.url("/f", slow), tmp_path / "f"
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    barrier = context.Barrier(3)
    children = [context.Process(target=_fetch_in_child, args=(url, target, barrier))
                for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert target.read_bytes() == BODY and site.sent == len(BODY)
    assert names(tmp_path) == ["f"]


def test_a_waiter_says_once_that_it_waits(tmp_path, capsys, monkeypatch):
    path, done, waiting = tmp_path / "f", [], threading.Event()

    def say(sentence):
        print(sentence)
        waiting.set()

    def second():
        with exclusive(path, pause=0.01):
            done.append(True)
    monkeypatch.setattr(locks, "print", say, raising=False)
    with exclusive(path):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(120)
        assert not done
    thread.join(120)
    assert done
    assert capsys.readouterr().out == "f: waiting for another process to finish\n"
    assert names(tmp_path) == []


def test_turns_are_taken_although_the_lock_file_is_removed_each_time(tmp_path):
    path, inside, most = tmp_path / "f", [], []

    def work():
        for _ in range(20):
            with exclusive(path, pause=0.001):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert most == [1] * 80
    assert names(tmp_path) == []


def test_a_file_system_without_locks_holds_nobody_up(tmp_path, monkeypatch):
    def none_left(self, **options):
        raise OSError(errno.ENOLCK, "No locks available")
    monkeypatch.setattr(locks.FileLock, "acquire", none_left)
    with exclusive(tmp_path / "f"):
        (tmp_path / "f").write_text("here")
    assert names(tmp_path) == ["f"]


def test_a_lock_file_left_by_a_dead_process_holds_nobody_up(site, tmp_path):
    (tmp_path / "f.lock").write_text("")
    fetch(site.url("/f", page()), tmp_path / "f", SHA)
    assert names(tmp_path) == ["f"]


# --- archives ------------------------------------------------------------------------------


def make_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in members:
            whole.writestr(name, data)
    return path


def make_tar(path, members):
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as whole:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            whole.addfile(info, io.BytesIO(data))
    return path


HONEST = [("top.txt", b"one"), ("a/b/deep.txt", b"two"), ("a/empty", b"")]
MAKERS = {"x.zip": make_zip, "x.tar.gz": make_tar, "x.tgz": make_tar, "x.tar": make_tar}


def spoils(archive, folder, **options):
    """Return the message of an unpacking that has to fail and to leave nothing."""
    before = sorted(archive.parent.rglob("*"))
    with pytest.raises(BadArchive) as caught:
        unpack(archive, folder, **options)
    assert sorted(archive.parent.rglob("*")) == before
    assert archive.name in str(caught.value)
    assert "fresh download" in str(caught.value)
    return one_sentence(caught.value)


@pytest.mark.parametrize("name", MAKERS)
def test_an_honest_archive_is_unpacked_whole(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, HONEST)
    folder = unpack(archive, tmp_path / "out")
    found = {path.relative_to(folder).as_posix(): path.read_bytes()
             for path in folder.rglob("*") if path.is_file()}
    assert found == dict(HONEST)
    assert names(tmp_path) == ["out", name]


def test_a_single_compressed_file_is_unpacked(tmp_path):
    (tmp_path / "text.txt.gz").write_bytes(gzip.compress(b"hello"))
    folder = unpack(tmp_path / "text.txt.gz", tmp_path / "out")
    assert (folder / "text.txt").read_bytes() == b"hello"


def test_an_unpacked_folder_is_taken_as_it_is(tmp_path):
    (tmp_path / "out").mkdir()
    assert unpack(tmp_path / "never-there.zip", tmp_path / "out") == tmp_path / "out"


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
@pytest.mark.parametrize("member", [
    "../escape", "a/../../escape", "/tmp/escape", "..\\escape", "C:\\escape", "C:escape",
    "\\\\host\\share\\escape", "a/..", "line\nbreak"])
def test_a_member_cannot_escape_its_folder(tmp_path, name, member):
    (tmp_path / "deep").mkdir()
    archive = MAKERS[name](tmp_path / name, [("first", b"fine"), (member, b"bad")])
    assert "outside" in spoils(archive, tmp_path / "deep" / "out")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE,
                                  tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_in_a_tar_are_refused(tmp_path, kind):
    info = tarfile.TarInfo("innocent")
    info.type, info.linkname = kind, "../../etc/passwd"
    archive = make_tar(tmp_path / "x.tar.gz", [("first", b"fine"), (info, b"")])
    (tmp_path / "deep").mkdir()
    assert "link" in spoils(archive, tmp_path / "deep" / "out")


def test_a_link_in_a_zip_is_refused(tmp_path):
    info = zipfile.ZipInfo("innocent")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = make_zip(tmp_path / "x.zip", [(info, "../../etc/passwd")])
    assert "link" in spoils(archive, tmp_path / "out")


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
def test_a_bomb_is_stopped_at_the_limit(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, [("a", b"\0" * 600_000), ("b", b"\0" * 600_000)])
    assert archive.stat().st_size < 10_000
    message = spoils(archive, tmp_path / "out", limit=1_000_000)
    assert "1,000,000 bytes" in message


def test_a_gzip_bomb_is_stopped_at_the_limit(tmp_path):
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"\0" * 1_000_001))
    assert "1,000,000" in spoils(tmp_path / "x.gz", tmp_path / "out", limit=1_000_000)


def test_a_zip_that_belittles_its_size_writes_no_more_than_it_says(tmp_path):
    archive = make_zip(tmp_path / "x.zip", [("a", b"\0" * 600_000)])
    data = archive.read_bytes()
    assert data.count(struct.pack("<I", 600_000)) == 2      # beside the member and in the list
    archive.write_bytes(data.replace(struct.pack("<I", 600_000), struct.pack("<I", 10)))
    assert "broken" in spoils(archive, tmp_path / "out", limit=1_000)


def test_a_link_inside_the_folder_is_refused_too(tmp_path):
    info = tarfile.TarInfo("innocent")
    info.type, info.linkname = tarfile.SYMTYPE, "first"
    archive = make_tar(tmp_path / "x.tar.gz", [("first", b"fine"), (info, b"")])
    assert "link" in spoils(archive, tmp_path / "out")


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.tar", "x.gz"])
def test_a_file_that_is_no_archive_leaves_nothing(tmp_path, name):
    (tmp_path / name).write_bytes(b"<html>Please log in</html>" * 100)
    assert "not an archive" in spoils(tmp_path / name, tmp_path / "out")


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.gz"])
@pytest.mark.parametrize("keep", [0.02, 0.5, 0.999])
def test_a_truncated_archive_leaves_nothing(tmp_path, name, keep):
    archive = tmp_path / name
    if name == "x.gz":
        archive.write_bytes(gzip.compress(BODY))
    else:
        MAKERS[name](archive, [("a", BODY[:100_000]), ("b", BODY[100_000:])])
    data = archive.read_bytes()
    archive.write_bytes(data[:int(len(data) * keep)])
    assert "broken" in spoils(archive, tmp_path / "out")


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
def test_a_flipped_byte_is_found_by_the_checksum(tmp_path, name):
    archive = MAKERS[name](tmp_path / name, [("a", BODY[:100_000]), ("b", BODY[100_000:])])
    data = bytearray(archive.read_bytes())
    data[50_000] ^= 0xFF
    archive.write_bytes(data)
    assert "broken" in spoils(archive, tmp_path / "out")


def test_a_damaged_header_in_a_tar_is_not_taken_for_its_end(tmp_path):
    archive = make_tar(tmp_path / "x.tar", [("a", b"1" * 512), ("b", b"2" * 512)])
    data = bytearray(archive.read_bytes())
    data[1024 + 148] ^= 0xFF                    # the checksum field of the second header
    archive.write_bytes(data)
    assert "broken" in spoils(archive, tmp_path / "out")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("members", [
    [("a", b"1"), ("a", b"2")], [("a", b"1"), ("a/b", b"2")], [("a/b", b"1"), ("a", b"2")]])
@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
def test_two_members_of_one_path_are_refused(tmp_path, name, members):
    archive = MAKERS[name](tmp_path / name, members)
    assert "same path" in spoils(archive, tmp_path / "out")


def test_an_unknown_kind_of_archive_is_told(tmp_path):
    (tmp_path / "x.rar").write_bytes(b"Rar!")
    with pytest.raises(DataError, match=r"\.zip, \.tar, \.tar\.gz"):
        unpack(tmp_path / "x.rar", tmp_path / "out")
    assert names(tmp_path) == ["x.rar"]


def test_an_absent_archive_is_told(tmp_path):
    with pytest.raises(DataError, match="fetch"):
        unpack(tmp_path / "x.zip", tmp_path / "out")
    assert names(tmp_path) == []


def test_a_disk_that_fills_up_while_unpacking_leaves_nothing(tmp_path, monkeypatch):
    archive = make_zip(tmp_path / "x.zip", HONEST)

    def full(source, sink, *size):
        raise OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(zipfile.shutil, "copyfileobj", full)
    with pytest.raises(DataError, match="disk is full") as caught:
        unpack(archive, tmp_path / "out")
    one_sentence(caught.value)
    assert not isinstance(caught.value, BadArchive)
    assert names(tmp_path) == ["x.zip"]


def test_a_half_unpacked_folder_of_a_killed_process_is_replaced(tmp_path):
    (tmp_path / ".out.unpacking").mkdir()
    (tmp_path / ".out.unpacking" / "half").write_text("half")
    folder = unpack(make_zip(tmp_path / "x.zip", HONEST), tmp_path / "out")
    assert names(folder) == ["a", "top.txt"]
    assert names(tmp_path) == ["out", "x.zip"]


def test_the_hash_is_that_of_the_content(tmp_path):
    (tmp_path / "f").write_bytes(b"abc")        # the example of FIPS 180-2
    assert sha256_of(tmp_path / "f") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
