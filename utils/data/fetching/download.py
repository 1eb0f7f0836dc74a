"""Fetch one file over HTTP: resumed after a break, verified, and never left half done.

Hand-written, since no library at hand does all of it: go on after a break with the very file
that was begun (Range, and the validator), try further addresses, and say each cause in a sentence.
"""

import errno
import hashlib
import json
import shutil
import sys
from pathlib import Path

from tqdm import tqdm

from ..errors import DataError
from ._http import Broken, Refused, open_url
from .locks import exclusive

__all__ = ["disk_error", "fetch", "sha256_of"]

_BLOCK = 1 << 16
_TRIES = 3              # per address, after the connection broke while bytes were arriving


def sha256_of(path):
    """Return the hexadecimal SHA-256 of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(urls, target, sha256=None, size=None, timeout=30, home=None):
    """Download to `target` unless it is there; return its path.

    Bytes go to `target` + ".part". When the connection breaks, that file stays, and the next
    attempt goes on where it ended if the server still has the same file. Addresses are tried
    in order. Two processes that fetch the same target take turns.

    Args:
        urls: an address, or several of the same file, http or https.
        target: path of the file.
        sha256: its hexadecimal hash, or None to check the length only.
        size: its exact size in bytes, or None to believe the server.
        timeout: seconds without an answer, or without another byte, before giving up.
        home: a page for people, named in the message when every address fails.

    Raises:
        DataError: whatever goes wrong, in one sentence that says what to do.
        ValueError: if no address is given.
    """
    urls = (urls,) if isinstance(urls, str) else tuple(urls)
    if not urls:
        raise ValueError(f"fetch needs at least one address, got {urls!r}.")
    target = Path(target)
    if target.exists():                 # asks for no lock: the folder may be read-only
        _check_existing(target, sha256)
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(target):
            if not target.exists():     # another process may have brought it meanwhile
                _fetch_from_any(urls, target, sha256, size, timeout, home)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            _forget(target)
        raise disk_error(target, error) from None
    return target


def _part(target):
    return target.with_name(target.name + ".part")


def _notes(target):
    """Return the path of what must be remembered to resume: address, length, validator."""
    return target.with_name(target.name + ".part.json")


def _forget(target):
    _part(target).unlink(missing_ok=True)
    _notes(target).unlink(missing_ok=True)


def _check_existing(target, sha256):
    if sha256 and sha256_of(target) != sha256:
        raise DataError(f"{target} is not the official file (its SHA-256 differs): delete it "
                        "and fetch it again.")


def disk_error(target, error):
    """Return the `DataError` that tells why the operating system did not let us write."""
    if error.errno == errno.ENOSPC:
        return DataError(f"The disk is full, so {target.name} was not saved: free some space for "
                         f"{target.parent}, or set COURSE_DATA to a folder on another disk.")
    reason = error.strerror or type(error).__name__
    return DataError(f"{target.parent} cannot be written ({reason}): set COURSE_DATA to a folder "
                     "that you may write to.")


def _fetch_from_any(urls, target, sha256, size, timeout, home):
    source = f" from {home}" if home else ""
    reasons, advice = [], f"download it in a browser{source} and put it at {target}"
    for url in urls:
        for attempt in range(1, _TRIES + 1):
            resumed = _part(target).exists()
            try:
                _receive(url, target, sha256, size, timeout)
                _verify(url, target, sha256, size)
            except Broken as failure:
                # Worth another try at once only if this one brought bytes.
                if failure.progress and attempt < _TRIES:
                    continue
                reasons.append(str(failure))
                advice = "run the same command again, which goes on where it stopped"
                break
            except Refused as failure:
                if failure.wrong_content and resumed and attempt < _TRIES:
                    continue            # the old part may be to blame: start over
                reasons.append(str(failure))
                if failure.offline:
                    advice = "check the network connection and run the same command again"
                break
            else:
                _part(target).replace(target)
                _notes(target).unlink(missing_ok=True)
                return
    if "browser" not in advice:
        advice += f", or put the file at {target} yourself"
    raise DataError(f"{target.name} could not be downloaded ({'; '.join(reasons)}): {advice}, "
                    f"or set COURSE_DATA to a folder that has {target.parent.name}/{target.name}.")


def _receive(url, target, sha256, size, timeout):
    """Append what is missing to the part file, or raise Refused or Broken."""
    part, notes = _part(target), _read_notes(target)
    have = part.stat().st_size if part.exists() else 0
    if sha256 and have and have == notes.get("total"):
        return                          # all arrived, but the process died before it checked
    # Without a hash to check the whole, parts of two addresses are never joined.
    if have and notes.get("url") != url and not sha256:
        have = 0
    validator = notes.get("validator") if notes.get("url") == url else None
    response, start, total = open_url(url, have, validator, notes.get("total"), timeout)
    with response:
        total = size if total is None else total    # whoever says nothing is measured by it
        if size not in (None, total):
            raise Refused(url, f"sends {total:,} bytes and not {size:,}", wrong_content=True)
        if total is not None and total - start > shutil.disk_usage(target.parent).free:
            raise OSError(errno.ENOSPC, "No space left on device")
        found = {"url": url, "total": total, "validator": response.validator}
        _notes(target).write_text(json.dumps(found), encoding="utf-8")
        with open(part, "ab") as file, _progress(target.name, start, total) as bar:
            file.truncate(start)
            for block in response.blocks(_BLOCK):
                file.write(block)
                bar.update(len(block))
    got = part.stat().st_size
    if total is not None and got < total:
        raise Broken(url, f"stopped after {got:,} of {total:,} bytes", progress=got > start)


def _read_notes(target):
    try:
        notes = json.loads(_notes(target).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def _verify(url, target, sha256, size):
    part = _part(target)
    if size is not None and part.stat().st_size != size:
        got = part.stat().st_size
        _forget(target)
        raise Refused(url, f"sent {got:,} bytes and not {size:,}", wrong_content=True)
    if sha256 and sha256_of(part) != sha256:
        _forget(target)
        raise Refused(url, "sent another file than the official one (its SHA-256 differs)",
                      wrong_content=True)


def _progress(name, start, total):
    """Return one live line on stdout in a terminal or notebook, else a silent bar."""
    stream = sys.stdout
    live = stream.isatty() or type(stream).__module__.startswith("ipykernel")
    return tqdm(total=total, initial=start, desc=name, unit="B", unit_scale=True,
                unit_divisor=1024, file=stream, mininterval=0.3, disable=not live)
