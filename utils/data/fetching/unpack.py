"""Unpack an archive that may be broken or hostile: all of it into a new folder, or nothing."""

import contextlib
import gzip
import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..errors import BadArchive, DataError
from .download import disk_error
from .locks import exclusive

__all__ = ["unpack"]

_BLOCK = 1 << 20
_GIB = 1 << 30
_MOST_MEMBERS = 500_000
_ADVICE = "replace it by a fresh download from its official address"
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, gzip.BadGzipFile, lzma.LZMAError,
           EOFError, NotImplementedError, RuntimeError, UnicodeError)


class _Hostile(Exception):
    """A member that no honest archive has."""


def unpack(archive, folder, limit=8 * _GIB):
    """Unpack a .zip, .tar, .tar.gz, .tgz or .gz file into a new folder; return its path.

    Only plain files and folders below `folder` are made; permissions, owners and links are
    not taken over. The folder appears under its name when everything is in it, so an
    existing one is complete and is returned as it is.

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
                    _write_members(archive, half, limit)
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


def _write_members(archive, half, limit):
    left = limit
    for count, (name, open_member) in enumerate(_members(archive), 1):
        if count > _MOST_MEMBERS:
            raise _Hostile(f"it holds more than {_MOST_MEMBERS:,} members")
        path = half.joinpath(*_safe_parts(name))
        if open_member is None:
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_member() as source, open(path, "xb") as sink:
            while block := source.read(_BLOCK):
                left -= len(block)          # counted, not believed: headers can lie
                if left < 0:
                    raise _Hostile(f"it unpacks to more than {limit:,} bytes")
                sink.write(block)


def _safe_parts(name):
    """Return the parts of a member's path, or raise if they lead out of the folder."""
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if (name.startswith("/") or PureWindowsPath(name).drive or ".." in parts
            or any(ord(letter) < 32 for letter in name)):
        raise _Hostile(f"its member {name!r} would be written outside its folder")
    return parts


def _members(archive):
    """Yield (path in the archive, function that opens it or None for a folder)."""
    name = archive.name.lower()
    if name.endswith(".zip"):
        with zipfile.ZipFile(archive) as whole:
            for info in whole.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise _Hostile(f"its member {info.filename!r} is a link or a device")
                opener = None if info.is_dir() else _late(whole.open, info)
                yield info.filename, opener
    elif name.endswith((".tar", ".tar.gz", ".tgz")):
        with contextlib.closing(tarfile.open(archive)) as whole:
            for info in whole:
                if not (info.isfile() or info.isdir()):
                    raise _Hostile(f"its member {info.name!r} is a link or a device")
                yield info.name, None if info.isdir() else _late(whole.extractfile, info)
            _check_tar_end(whole)
    elif name.endswith(".gz"):
        yield archive.name[:-3], _late(gzip.open, archive)
    else:
        raise DataError(f"{archive} is of no kind that can be unpacked: expected .zip, .tar, "
                        ".tar.gz, .tgz or .gz.")


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


def _late(function, argument):
    return lambda: function(argument)
