"""Set up the course's own environment: `python utils/environment lab` (or `dev`).

Standard library only, since nothing is installed yet. It makes `.venv`, installs the locked
packages with their hashes, the `utils` package (editable) and a Jupyter kernel, and writes
down what it did: run again with nothing changed, it does nothing and needs no network.
"""

import errno
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from utils import environment
from utils.environment.indexes import pip_settings, pip_variables, plain_variables, uv_variables

__all__ = ["main", "set_up"]

UNSUPPORTED = (
    "This course needs Python 3.11, 3.12 or 3.13, but {found}. Install one of them "
    "(https://www.python.org/downloads) and try again; PYTHON=/path/to/python picks one."
)
LOCKS = {kind: f"utils/environment/locks/{name}"
         for kind, name in (("lab", "requirements.lock"), ("dev", "requirements-dev.lock"))}
UV = "uv>=0.5,<1"
NETWORK = ("the packages could not be fetched or did not match their hashes. Check the network "
           "(or pip's settings: index-url, proxy, cert) and run the same command again; what is "
           "already there is kept.")
FULL = ("the disk is full. Free 4 GB, or set TMPDIR to a folder on a larger disk if only that of "
        "temporary files is full, and run the same command again.")


def _state(kind, version):
    """Return what the environment was made from, as one line."""
    parts = [Path(environment.ROOT, name).read_bytes() for name in (LOCKS[kind], "pyproject.toml")]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]
    return f"{version} {digest} {environment.ROOT}\n"


def _version_of(python):
    try:
        done = subprocess.run(
            [python, "-I", "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
            capture_output=True, text=True, timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _attempt(doing, command, env=None):
    """Run a command and return (whether it went, the last lines of what it printed)."""
    print(f"- {doing}", flush=True)
    done = subprocess.run(
        [str(word) for word in command], cwd=environment.ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", env=env,
    )
    lines = [x for x in done.stdout.strip().splitlines() if "WARNING: Retrying" not in x]
    return done.returncode == 0, "\n".join(lines[-4:])


def _run(doing, command, advice, env=None):
    went, tail = _attempt(doing, command, env)
    if not went:
        full = re.search("No space left|[Dd]isk quota exceeded|os error 28", tail)
        sys.exit(f"{tail}\n\nStopped while {doing}: {FULL if full else advice}")


def _keep_uv_files(python, variables, folder):
    """Give uv a cache inside `folder` where its own cannot be written."""
    done = subprocess.run([str(python), "-I", "-m", "uv", "cache", "dir"], text=True,
                          capture_output=True, env=variables, cwd=environment.ROOT)
    if done.returncode or environment.why_not_writable(Path(done.stdout.strip())):
        variables["UV_CACHE_DIR"] = str(folder / "uv-cache")


def _temporary_folder(folder):
    """Return a folder for temporary files: the system's, else one inside `folder`."""
    try:
        found = Path(tempfile.gettempdir())
        if found != Path.cwd():                 # Python's last resort
            return found
    except OSError:
        pass
    (folder / "tmp").mkdir(exist_ok=True)
    return folder / "tmp"


def _install_lock(python, kind, folder):
    """Install the locked packages: with uv, which takes seconds, or with pip."""
    name, settings = Path(LOCKS[kind]).name, pip_settings(python)
    for_pip, for_uv = pip_variables(settings), uv_variables(settings)
    for variables in (for_pip, for_uv):
        variables["TMPDIR"] = str(_temporary_folder(folder))
    pip, uv = ([python, "-I", "-m", name] for name in ("pip", "uv"))
    went, tail = _attempt("installing the installer", [*pip, "install", "-q", UV], for_pip)
    if went:
        _keep_uv_files(python, for_uv, folder)
        no_index = ["--no-index"] if settings.get("no-index", "").lower() in (
            "1", "true", "yes", "on") else []
        went, tail = _attempt(
            f"installing {name} (the first time several hundred MB are fetched)",
            [*uv, "pip", "install", "--quiet", "--python", python, *no_index, "--require-hashes",
             "-r", LOCKS[kind]], for_uv)
        shutil.rmtree(folder / "uv-cache", ignore_errors=True)
    if not went:
        print(tail, flush=True)
        _run(f"installing {name} with pip, since uv cannot (it takes some minutes)",
             [*pip, "install", "-q", "--require-hashes", "-r", LOCKS[kind]], NETWORK, for_pip)
    _run("installing utils so that notebooks find it",
         [*pip, "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-e", "."],
         "the package could not be installed: is pyproject.toml as in the repository?", for_pip)
    shutil.rmtree(folder / "tmp", ignore_errors=True)


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
    if not environment.is_supported(sys.version_info):
        sys.exit(UNSUPPORTED.format(found=f"this is {sys.version.split()[0]}"))
    folder = environment.ROOT / ".venv"
    python = environment.environment_python(folder)
    version = _version_of(python)
    if version and not environment.is_supported(tuple(map(int, version.split(".")))):
        version = None
    if version:
        stamps = [folder / f"course-{k}" for k in LOCKS if k in (kind, "dev")]   # dev has it all
        for stamp in stamps:
            known = stamp.read_text(encoding="utf-8") if stamp.exists() else None
            if known == _state(stamp.name.removeprefix("course-"), version):
                return python
    reason = environment.why_not_writable(environment.ROOT)
    if reason:
        sys.exit(f"{environment.ROOT} cannot be written ({reason}), and packages are installed "
                 "there: copy the course to a folder of yours and run the same command in it.")
    if not version:
        _run(f"making {folder.name} with Python {sys.version.split()[0]}",
             [sys.executable, "-I", "-m", "venv", "--clear", folder],
             "this Python lacks the venv module; on Debian or Ubuntu install python3-venv.",
             plain_variables())
        version = _version_of(python)
    _install_lock(python, kind, folder)
    _run("installing the Jupyter kernel",
         [python, "-I", "-m", "ipykernel", "install", "--sys-prefix"],
         "the kernel could not be installed: remove .venv and run the same command again.",
         plain_variables() | {"HOME": str(environment.writable_home())})
    _ask_nothing(folder)
    for stamp in folder.glob("course-*"):
        stamp.unlink()
    (folder / f"course-{kind}").write_text(_state(kind, version), encoding="utf-8")
    print(f"- ready: {folder.name}, Python {version}", flush=True)
    return python


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in (*LOCKS, "home"):
        sys.exit("usage: python utils/environment lab|dev|home")
    if arguments[0] == "home":
        print(environment.writable_home())
        return
    try:
        set_up(arguments[0])
    except OSError as error:
        sys.exit(f"Stopped: {FULL if error.errno == errno.ENOSPC else error}")
