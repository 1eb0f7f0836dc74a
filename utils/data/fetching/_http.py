"""One HTTP request with a byte range, and every failure of it in a few words."""

import http.client
import re
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request

__all__ = ["Broken", "Refused", "open_url"]

_AGENT = "recurrent-networks-course/0.1 (+python)"
_MEANING = {403: "access is forbidden", 404: "the file is not there any more",
            410: "the file is not there any more", 429: "too many requests, try later"}


class Refused(Exception):
    """An address gives no (right) file; another one may."""

    def __init__(self, url, reason, offline=False, wrong_content=False):
        super().__init__(f"{_host(url)}: {reason}")
        self.offline, self.wrong_content = offline, wrong_content


class Broken(Exception):
    """The connection broke while the file was arriving; a resumed attempt may succeed."""

    def __init__(self, url, reason, progress):
        super().__init__(f"{_host(url)}: {reason}")
        self.progress = progress


class _Response:
    """An answer whose body can be read in blocks; failures become `Broken`."""

    def __init__(self, url, raw):
        self._url, self._raw, self._got = url, raw, 0
        tag = raw.headers.get("ETag", "")
        # A weak tag (W/"…") says "equivalent", which is not enough to join bytes.
        self.validator = tag if tag.startswith('"') else raw.headers.get("Last-Modified")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._raw.close()

    def blocks(self, n_bytes):
        while True:
            try:
                block = self._raw.read1(n_bytes)    # what is there, without waiting for more
            except TimeoutError:
                reason = f"sent no more data after {self._got:,} bytes"
                raise Broken(self._url, reason, self._got > 0) from None
            except (OSError, http.client.HTTPException):
                reason = f"the connection broke after {self._got:,} bytes"
                raise Broken(self._url, reason, self._got > 0) from None
            if not block:
                return
            self._got += len(block)
            yield block


def open_url(url, have=0, validator=None, total=None, timeout=30):
    """Ask for a file, from byte `have` on where that is safe.

    Args:
        url: http or https address.
        have: bytes held already.
        validator: ETag or Last-Modified of those bytes, or None.
        total: length of the whole file as noted with those bytes, or None.
        timeout: seconds.

    Returns:
        (response, start, total): a context manager with `blocks` and `validator`, the offset
        of its first byte (0 where the server starts over), the whole length or None.

    Raises:
        Refused: if there is no answer or it is an error.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise Refused(url, f"{url} is not an http or https address")
    headers = {"User-Agent": _AGENT, "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
        if validator:
            headers["If-Range"] = validator
    try:
        raw = urllib.request.urlopen(urllib.request.Request(url, headers=headers),
                                     timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and have:          # the file is shorter than what we hold
            return open_url(url, timeout=timeout)
        raise Refused(url, _http_reason(error.code)) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _no_answer(url, error, timeout) from None
    length = raw.headers.get("Content-Length", "")
    whole = int(length) if length.isdigit() else None
    if raw.status == 200:
        return _Response(url, raw), 0, whole
    span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", raw.headers.get("Content-Range", ""))
    same = (raw.status == 206 and span and int(span[1]) == have
            and total in (None, int(span[2])) and (validator or total is not None))
    response = _Response(url, raw)
    if same and validator in (None, response.validator):
        return response, have, int(span[2])
    raw.close()
    if have:                                    # not the rest of the same file: start over
        return open_url(url, timeout=timeout)
    raise Refused(url, f"answers with HTTP {raw.status} and no file")


def _http_reason(code):
    meaning = _MEANING.get(code, "the server is in trouble" if code >= 500 else "it was refused")
    return f"HTTP {code}, {meaning}"


def _no_answer(url, error, timeout):
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return Refused(url, f"no answer within {timeout:g} seconds", offline=True)
    if isinstance(cause, socket.gaierror):
        return Refused(url, "this name cannot be looked up, as without a network", offline=True)
    if isinstance(cause, ConnectionRefusedError):
        return Refused(url, "the connection was refused", offline=True)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Refused(url, "its certificate is not trusted on this machine")
    if isinstance(cause, ConnectionError | http.client.HTTPException):
        return Refused(url, "the connection was closed without an answer", offline=True)
    return Refused(url, f"no connection ({cause})", offline=True)


def _host(url):
    return urllib.parse.urlsplit(url).netloc.rpartition("@")[2] or url
