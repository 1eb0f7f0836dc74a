"""A web server on this machine whose pages fail in the way a test asks for."""

import contextlib
import http.server
import re
import threading

import numpy as np

__all__ = ["BODY", "Site", "error", "page", "serving"]

BODY = np.random.default_rng(0).bytes(300_000)


class Site(http.server.ThreadingHTTPServer):
    """A server whose pages are functions of the request; it notes what was asked and sent."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages, self.asked, self.sent = {}, [], 0
        self.release = threading.Event()

    def handle_error(self, request, client_address):
        pass                                    # a client that hangs up is part of the tests

    def url(self, path, page):
        self.pages[path] = page
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range")))
        self.server.pages[self.path](self)

    def log_message(self, *arguments):
        pass

    def send(self, data):
        self.server.sent += len(data)           # first: a reader may have it all before we go on
        self.wfile.write(data)


@contextlib.contextmanager
def serving():
    """Serve on a free port of 127.0.0.1 while the block runs."""
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        server.server_close()


def page(body=BODY, ranges=True, etag='"one"', at_most=None, length=True, status=200):
    """Return a page that serves `body`, hanging up after `at_most` bytes per request."""
    def answer(handler):
        asked = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        expected = handler.headers.get("If-Range")
        start = int(asked[1]) if asked and ranges and expected in (None, etag) else 0
        if asked and ranges and start >= len(body):
            handler.send_error(416)
            return
        handler.send_response(206 if start else status)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if etag:
            handler.send_header("ETag", etag)
        if length:
            handler.send_header("Content-Length", str(len(body) - start))
        handler.end_headers()
        handler.send(body[start:][:at_most])
    return answer


def error(code):
    return lambda handler: handler.send_error(code)
