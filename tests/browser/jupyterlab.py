"""JupyterLab in a real Chromium: open a notebook, run it, read its model, click in its page.

    with serve(folder) as address, browse(address) as lab:
        notebook = lab.open("02_simple_rnn_by_hand.ipynb")
        notebook.run_all(seconds=300)
        notebook.cells()                # from the model: off-screen cells are not in the page

What is typed goes into the notebook's model, as the editor would write it.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

__all__ = ["browse", "chromium", "serve"]

LOCAL = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")
FLAGS = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --no-proxy-server "
         "--disable-background-networking --disable-component-update --disable-sync").split()
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
READY = """async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
}"""
RUN = """async ([command, milliseconds]) => Promise.race([
    jupyterapp.commands.execute(command).then(() => 'done'),
    new Promise(resolve => setTimeout(() => resolve('timeout'), milliseconds)),
])"""

# Scroll to `top`, let the cells that come into sight be drawn, and return where to go on.
SCROLL = """async ([outer, top]) => {
    const box = document.querySelector(outer);
    box.scrollTop = top;
    await new Promise(resolve => setTimeout(resolve, 400));
    const cells = box.querySelectorAll('.jp-Cell');
    const end = cells[cells.length - 1].getBoundingClientRect().bottom;
    const below = end > box.getBoundingClientRect().bottom;
    return below && box.scrollTop >= top ? top + box.clientHeight - 60 : null;
}"""


def chromium():
    """Return the path of a Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def _free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def serve(folder, log=None):
    """Run a JupyterLab server on `folder`; yields the address of its Lab, token included.

    It uses settings, workspaces and a configuration of its own, so that neither the user's
    set-up changes the test nor the test the user's set-up.

    Raises:
        RuntimeError: if the server does not come up within a minute; says what it logged.
    """
    port, token = _free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as own, contextlib.ExitStack() as stack:
        log = Path(log or Path(own) / "jupyterlab.log")
        _ask_nothing(Path(own) / "settings")
        out = stack.enter_context(open(log, "w", encoding="utf-8"))
        names = {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
                 "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data",
                 "JUPYTER_RUNTIME_DIR": "runtime", "IPYTHONDIR": "ipython"}
        env = {**os.environ, **{key: str(Path(own) / name) for key, name in names.items()}}
        env.pop("COURSE_STRICT", None)          # the learner's face
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
             "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
             f"--ServerApp.root_dir={Path(folder).resolve()}", f"--IdentityProvider.token={token}",
             "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
             "--LabApp.extension_manager=readonly",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
            stdout=out, stderr=subprocess.STDOUT, env=env,
        )
        try:
            _wait(server, f"http://127.0.0.1:{port}/api/status?token={token}", log)
            yield f"http://127.0.0.1:{port}/lab", token
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _ask_nothing(settings):
    folder = settings / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}
    (folder / "notification.jupyterlab-settings").write_text(json.dumps(quiet), encoding="utf-8")


def _wait(server, url, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


@contextlib.contextmanager
def browse(address, width=1280, height=1500):
    """Open a Chromium for the (url, token) of `serve`; yields a `Lab`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium(), headless=True, args=FLAGS,
            viewport={"width": width, "height": height},
        )
        context.set_default_timeout(90_000)
        try:
            yield Lab(context, *address)
        finally:
            context.close()


class Lab:
    """A JupyterLab in a browser; `outside` collects addresses that are not this machine."""

    def __init__(self, context, url, token):
        self.context, self.url, self.token = context, url, token
        self.outside, self.script_errors = set(), []

    def _seen(self, address):
        if not address.startswith(LOCAL):
            self.outside.add(address[:120])

    def open(self, path):
        """Open the notebook `path` of the served folder; returns it with its kernel ready."""
        page = self.context.new_page()
        page.on("request", lambda request: self._seen(request.url))
        page.on("websocket", lambda socket: self._seen(socket.url))
        page.on("pageerror", lambda error: self.script_errors.append(f"{path}: {error}"[:300]))
        page.goto(f"{self.url}/tree/{path}?token={self.token}&reset")
        page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell")
        page.evaluate(READY)
        with contextlib.suppress(Exception):    # the file browser only narrows the notebook
            page.evaluate("jupyterapp.shell.collapseLeft()")
        return Notebook(page)


class Notebook:
    """One open notebook. Cells are named by their id."""

    def __init__(self, page):
        self.page = page

    def cells(self):
        """Return the cells as the notebook format has them."""
        return self.page.evaluate("jupyterapp.shell.currentWidget.content.model.toJSON().cells")

    def _index(self, cell_id):
        ids = [cell["id"] for cell in self.cells()]
        if cell_id not in ids:
            raise ValueError(f"no cell {cell_id!r}; there are {', '.join(ids)}.")
        return ids.index(cell_id)

    def run_all(self, seconds):
        """Run every cell; returns False if that takes longer than `seconds`."""
        command = ["notebook:run-all-cells", int(seconds * 1000)]
        return self.page.evaluate(RUN, command) == "done"

    def type(self, cell_id, source):
        """Replace what a cell says."""
        self.page.evaluate(
            "([index, source]) => jupyterapp.shell.currentWidget.content.model.sharedModel"
            ".getCell(index).setSource(source)", [self._index(cell_id), source])

    def run(self, cell_id, seconds=60):
        """Run one cell; returns the text of its outputs.

        Raises:
            TimeoutError: after `seconds`.
        """
        self.show(cell_id)
        if self.page.evaluate(RUN, ["notebook:run-cell", int(seconds * 1000)]) != "done":
            raise TimeoutError(f"cell {cell_id} ran longer than {seconds} s")
        return text_of(self.cells()[self._index(cell_id)])

    def show(self, cell_id):
        """Scroll to a cell, make it the active one, and return its element of the page."""
        index = self._index(cell_id)
        self.page.bring_to_front()          # a browser draws no page that is behind another
        self.page.evaluate("""async index => {
            const notebook = jupyterapp.shell.currentWidget.content;
            notebook.deselectAll();
            notebook.activeCellIndex = index;
            await notebook.scrollToItem(index, 'start');
            await notebook.widgets[index].ready;
        }""", index)
        cell = self.page.evaluate_handle(
            "index => jupyterapp.shell.currentWidget.content.widgets[index].node", index)
        return cell.as_element()

    def screenshots(self, folder, name):
        """Save the whole notebook as PNGs, one per window height; returns their paths."""
        self.page.bring_to_front()
        self.page.evaluate("jupyterapp.shell.currentWidget.content.deselectAll()")
        paths, panel, start = [], self.page.locator(PANEL), 0
        while start is not None and len(paths) < 60:
            start = self.page.evaluate(SCROLL, [f"{PANEL} .jp-WindowedPanel-outer", start])
            paths.append(Path(folder) / f"{name}-{len(paths) + 1:02d}.png")
            panel.screenshot(path=paths[-1])
        return paths

    def close(self):
        """Shut down the kernel and close the page; nothing is saved."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close(run_before_unload=False)


def text_of(cell):
    """Return what a code cell printed or showed as text."""
    parts = []
    for output in cell["outputs"]:
        text = output.get("text") or output.get("data", {}).get("text/plain") or ""
        parts.append(text if isinstance(text, str) else "".join(text))
    return "".join(parts)
