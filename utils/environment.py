"""Set up the course's own environment: `python utils/environment.py lab` (or `dev`).

Standard library only, since nothing is installed yet. It makes `.venv`, installs the locked
packages with their hashes, the `utils` package (editable) and a Jupyter kernel, and writes
down what it did: run again with nothing changed, it does nothing and needs no network.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "SUPPORTED", "UNSUPPORTED", "environment_python", "set_up"]

ROOT = Path(__file__).resolve().parents[1]
SUPPORTED = ((3, 11), (3, 13))      # oldest and newest minor version that CI tries
UNSUPPORTED = (
    "This course needs Python 3.11, 3.12 or 3.13, but {found}. Install one of them "
    "(https://www.python.org/downloads) and try again; PYTHON=/path/to/python picks one."
)
LOCKS = {"lab": "requirements.lock", "dev": "requirements-dev.lock"}
UV = "uv>=0.5,<1"


def is_supported(version):
    return SUPPORTED[0] <= tuple(version[:2]) <= SUPPORTED[1]


def environment_python(folder=None):
    """Return the path of the Python inside the course's environment, there or not."""
    folder = Path(folder or ROOT / ".venv")
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _state(kind, version):
    """Return what the environment was made from, as one line."""
    parts = [Path(ROOT, name).read_bytes() for name in (LOCKS[kind], "pyproject.toml")]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    return f"{version} {digest} {ROOT}\n"


def _version_of(python):
    try:
        done = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
            capture_output=True, text=True, timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _run(doing, command, advice, env=None):
    print(f"- {doing}", flush=True)
    done = subprocess.run(
        [str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", env={**os.environ, **(env or {})},
    )
    if done.returncode:
        lines = [x for x in done.stdout.strip().splitlines() if "WARNING: Retrying" not in x]
        tail = "\n".join(lines[-4:])
        sys.exit(f"{tail}\n\nStopped while {doing}: {advice}")
    return done.stdout


def _index_settings(python):
    """Return pip's own choice of package index, as uv's variables: uv does not read pip's."""
    done = subprocess.run(
        [str(python), "-m", "pip", "config", "list"], capture_output=True, text=True,
    )
    lines = (line.partition("=") for line in done.stdout.splitlines())
    found = {key.split(".")[-1]: value.strip("'\"") for key, _, value in lines}
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
    return {names[k]: v for k, v in found.items() if k in names and names[k] not in os.environ}


def _ask_nothing(folder):
    """Keep JupyterLab from asking whether to fetch news: a first start is quiet, and offline."""
    settings = folder / "share/jupyter/lab/settings/overrides.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    settings.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": quiet}),
                        encoding="utf-8")


def set_up(kind):
    """Make or reuse `.venv` for "lab" (a learner) or "dev" (tests, grading, authoring).

    Returns:
        The path of its Python.

    Raises:
        SystemExit: with one sentence that says what to do.
    """
    if kind not in LOCKS:
        raise ValueError(f"kind must be one of {', '.join(LOCKS)}, got {kind!r}.")
    if not is_supported(sys.version_info):
        sys.exit(UNSUPPORTED.format(found=f"this is {sys.version.split()[0]}"))
    folder = ROOT / ".venv"
    python = environment_python(folder)
    version = _version_of(python)
    if version and is_supported(tuple(map(int, version.split(".")))):
        stamps = [folder / f"course-{k}" for k in LOCKS if k in (kind, "dev")]   # dev has it all
        for stamp in stamps:
            known = stamp.read_text(encoding="utf-8") if stamp.exists() else None
            if known == _state(stamp.name.removeprefix("course-"), version):
                return python
    else:
        _run(f"making {folder.name} with Python {sys.version.split()[0]}",
             [sys.executable, "-m", "venv", "--clear", folder],
             "this Python lacks the venv module; on Debian or Ubuntu install python3-venv.")
        version = _version_of(python)
    network = ("the packages could not be fetched or did not match their hashes. Check the "
               "network (or pip's index setting) and run the same command again; "
               "what is already there is kept.")
    _run("installing the installer", [python, "-m", "pip", "install", "-q", UV], network)
    uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
    _run(f"installing {LOCKS[kind]} (the first time several hundred MB are fetched)",
         [*uv, "--require-hashes", "-r", LOCKS[kind]], network, _index_settings(python))
    _run("installing utils so that notebooks find it",
         [*uv, "--no-deps", "--no-build-isolation", "--offline", "--editable", "."],
         "the package could not be installed: is pyproject.toml as in the repository?")
    _run("installing the Jupyter kernel",
         [python, "-m", "ipykernel", "install", "--sys-prefix"],
         "the kernel could not be installed: remove .venv and run the same command again.")
    _ask_nothing(folder)
    for stamp in folder.glob("course-*"):
        stamp.unlink()
    (folder / f"course-{kind}").write_text(_state(kind, version), encoding="utf-8")
    print(f"- ready: {folder.name}, Python {version}", flush=True)
    return python


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit("usage: python utils/environment.py lab|dev")
    set_up(sys.argv[1])
