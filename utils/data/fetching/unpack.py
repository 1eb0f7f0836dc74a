"""Unpack an archive that may be broken or hostile: all of it into a new folder, or nothing."""

import gzip
import lzma
import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ..errors import BadArchive, DataError
from .download import disk_error
from .locks import exclusive

__all__ = ["unpack"]

_BLOCK = 1 << 20
_GIB = 1 << 30
_MOST_MEMBERS = 500_000
_ADVICE = "replace it by a fresh download from its official address"
_LEADS_OUT = re.compile(r"/|[A-Za-z]:|.*[\\\x00-\x1f]|(.*/)?\.\.(/|$)", re.DOTALL)
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, gzip.BadGzipFile, lzma.LZMAError,
           EOFError, NotImplementedError, RuntimeError, UnicodeError)


class _Hostile(Exception):
    """A member that no honest archive has."""


def unpack(archive, folder, limit=8 * _GIB):
    """Unpack a .zip, .tar, .tar.gz, .tgz or .gz file into a new folder; return its path.

    Only plain files and folders below `folder` are made; owners and links are not taken over.
    The folder appears under its name when everything is in it, so an existing one is complete
    and is returned as it is.

    Args:
        archive: path of the archive; its ending decides how it is read.
        folder: path of the folder to make.
        limit: most bytes the members may have together.

    Raises:
        BadArchive: if it is broken, tries to write elsewhere, or holds a link, a device or
            too much. Nothing of it remains.
        DataError: if it is not there, or the folder cannot be written.
    """
    archive, folder = Path(archive), Path(folder)
    if folder.is_dir():
        return folder
    half = folder.with_name(f".{folder.name}.unpacking")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder):
            if not folder.is_dir():
                shutil.rmtree(half, ignore_errors=True)     # of a process that was killed
                half.mkdir()
                try:
                    _extract(archive, half, limit)
                    half.replace(folder)
                finally:
                    shutil.rmtree(half, ignore_errors=True)
    except _Hostile as reason:
        raise BadArchive(f"{archive} was not unpacked, because {reason}: {_ADVICE}.") from None
    except _BROKEN as error:
        raise BadArchive(f"{archive} is broken or not an archive of that kind "
                         f"({type(error).__name__}): {_ADVICE}.") from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError, ValueError):
        raise BadArchive(f"{archive} is broken, because two of its members have the same "
                         f"path: {_ADVICE}.") from None
    except FileNotFoundError:
        raise DataError(f"{archive} is not there: fetch it first.") from None
    except OSError as error:
        raise disk_error(folder, error) from None
    return folder


def _extract(archive, half, limit):
    name, members = archive.name.lower(), _Members(limit)
    if name.endswith(".zip"):
        with zipfile.ZipFile(archive) as whole:
            for info in whole.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)
                plain = kind in (0, stat.S_IFREG, stat.S_IFDIR)
                members.admit(info.filename, info.file_size, info.is_dir(), plain)
            whole.extractall(half)      # reads no more of a member than its size says
    elif name.endswith((".tar", ".tar.gz", ".tgz")):
        def admitted(info, folder):
            members.admit(info.name, info.size, info.isdir(), info.isfile() or info.isdir())
            return tarfile.data_filter(info, folder)
        with tarfile.open(archive) as whole:
            whole.extractall(half, filter=admitted)
            _check_tar_end(whole)
    elif name.endswith(".gz"):
        with gzip.open(archive) as source, open(half / archive.name[:-3], "xb") as sink:
            while block := source.read(_BLOCK):
                members.count(len(block))
                sink.write(block)
    else:
        raise DataError(f"{archive} is of no kind that can be unpacked: expected .zip, .tar, "
                        ".tar.gz, .tgz or .gz.")


class _Members:
    """What zipfile and tarfile's data filter let pass or mend in silence, and we refuse."""

    def __init__(self, limit):
        self.limit, self.left, self.paths = limit, limit, set()

    def admit(self, name, size, is_folder, plain):
        """Raise unless a member is new, plain, below its folder, and not too much."""
        if not plain:
            raise _Hostile(f"its member {name!r} is a link or a device")
        if _LEADS_OUT.match(name):
            raise _Hostile(f"its member {name!r} would be written outside its folder")
        path = PurePosixPath(name)
        if path in self.paths and not is_folder:
            raise FileExistsError(name)
        self.paths.add(path)
        if len(self.paths) > _MOST_MEMBERS:
            raise _Hostile(f"it holds more than {_MOST_MEMBERS:,} members")
        self.count(size)

    def count(self, size):
        """Raise if `size` more bytes are too much."""
        self.left -= size
        if self.left < 0:
            raise _Hostile(f"it unpacks to more than {self.limit:,} bytes")


def _check_tar_end(whole):
    """Raise unless the archive ends where its list of members does.

    tarfile takes a damaged header for the end, and a gzip checksum is compared only by who
    reads to the end.
    """
    whole.fileobj.seek(whole.offset)
    if any(whole.fileobj.read(tarfile.BLOCKSIZE)):
        raise tarfile.ReadError("a member's header is damaged")
    while whole.fileobj.read(_BLOCK):
        pass
