"""Set up the course's own environment: `python utils/environment.py lab` (or `dev`).

Standard library only, since nothing is installed yet. It makes `.venv`, installs the locked
packages with their hashes, the `utils` package (editable) and a Jupyter kernel, and writes
down what it did: run again with nothing changed, it does nothing and needs no network.

Packages come from where pip would take them: index, mirrors, proxy and certificates of pip's
variables and files hold for uv too, which reads none of them. Whatever else they or uv's
variables ask for (another target, other versions) is left out: the lock decides.
"""

import configparser
import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["ROOT", "SUPPORTED", "UNSUPPORTED", "environment_python", "set_up", "why_not_writable",
           "writable_home"]

ROOT = Path(__file__).resolve().parents[1]
SUPPORTED = ((3, 11), (3, 13))      # oldest and newest minor version that CI tries
UNSUPPORTED = (
    "This course needs Python 3.11, 3.12 or 3.13, but {found}. Install one of them "
    "(https://www.python.org/downloads) and try again; PYTHON=/path/to/python picks one."
)
LOCKS = {"lab": "requirements.lock", "dev": "requirements-dev.lock"}
UV = "uv>=0.5,<1"
NETWORK = ("the packages could not be fetched or did not match their hashes. Check the network "
           "(or pip's settings: index-url, proxy, cert) and run the same command again; what is "
           "already there is kept.")
FULL = ("the disk is full. Free 4 GB, or set TMPDIR to a folder on a larger disk if only that of "
        "temporary files is full, and run the same command again.")

# What pip's settings may say: where packages come from, and how they are fetched.
FETCHING = ("index-url", "extra-index-url", "find-links", "no-index", "trusted-host", "proxy",
            "cert", "client-cert", "keyring-provider", "use-feature", "use-deprecated", "timeout",
            "default-timeout", "retries", "cache-dir", "no-cache-dir")
# What uv's variables may say.
KEPT_OF_UV = ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS",
              "UV_INSECURE_HOST", "UV_HTTP", "UV_REQUEST", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS",
              "UV_KEYRING", "UV_CACHE_DIR", "UV_NO_CACHE", "UV_LINK_MODE", "UV_CONCURRENT",
              "UV_CONFIG_FILE", "UV_NO_CONFIG", "UV_OFFLINE")
OF_ANOTHER_PYTHON = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONOPTIMIZE",
                     "PYTHONWARNINGS", "PYTHONUSERBASE", "PYTHONPLATLIBDIR", "VIRTUAL_ENV")


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


def why_not_writable(folder):
    """Keep a small file in a folder for a moment; return None if it went, else why not.

    The folder is made if need be. It is tried, since rights alone do not tell: the disk may
    be full, its file system read-only, or the name a file's.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(4096))
    except OSError as error:
        return error.strerror or type(error).__name__
    return None


def writable_home():
    """Return the user's home folder, or one below .cache of the course if it cannot be written.

    JupyterLab does not start without one, nor is its kernel installed.
    """
    home = Path(os.path.expanduser("~"))
    if home.is_absolute() and home.is_dir() and why_not_writable(home) is None:
        return home
    other = ROOT / ".cache" / "home"
    return other if why_not_writable(other) is None else home


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
        [str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", env=env,
    )
    lines = [x for x in done.stdout.strip().splitlines() if "WARNING: Retrying" not in x]
    return done.returncode == 0, "\n".join(lines[-4:])


def _run(doing, command, advice, env=None):
    went, tail = _attempt(doing, command, env)
    if not went:
        full = re.search("No space left|[Dd]isk quota exceeded|os error 28", tail)
        sys.exit(f"{tail}\n\nStopped while {doing}: {FULL if full else advice}")


def _plain_variables():
    """Return the environment without what would lead this Python or pip elsewhere."""
    return {name: value for name, value in os.environ.items()
            if name not in OF_ANOTHER_PYTHON and not name.startswith("PIP_")}


def _pip_files(python):
    """Return the paths of pip's files of settings, the weightiest last.

    pip itself knows where they are. What is in them is not asked of it: a line `user = yes`,
    meant for its installations, makes `pip config list` show one of the files only.
    """
    mine = {name: value for name, value in os.environ.items() if name == "PIP_CONFIG_FILE"}
    done = subprocess.run([str(python), "-I", "-m", "pip", "-vvv", "config", "debug"], text=True,
                          capture_output=True, errors="replace", env=_plain_variables() | mine)
    kind, found = "", {"global": [], "user": [], "site": [], "env": []}
    for line in done.stdout.splitlines():
        path = re.fullmatch(r"\s+(.+), exists: True", line)
        if path:
            found.get(kind, []).append(path[1])
        elif re.fullmatch(r"\w+:", line):
            kind = line[:-1]
    return [path for paths in found.values() for path in paths]


def _pip_settings(python):
    """Return pip's settings {name: value} that say where packages come from.

    pip's order: its variables before the part [install] of its files, that before [global].
    """
    files = configparser.RawConfigParser()
    for path in _pip_files(python):
        try:
            files.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeError):      # as if it were not there
            continue
    found = {}
    for part in ("global", "install"):
        found |= dict(files[part]) if files.has_section(part) else {}
    found |= {name[4:].lower().replace("_", "-"): value for name, value in os.environ.items()
              if name.startswith("PIP_") and value}
    return {name: found[name].strip() for name in FETCHING if found.get(name, "").strip()}


def _pip_variables(settings):
    """Return the environment in which pip uses these settings and no others."""
    given = {"PIP_" + name.upper().replace("-", "_"): value for name, value in settings.items()}
    return _plain_variables() | given | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1",
                                         "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def _uv_variables(settings):
    """Return the environment in which uv fetches from where pip would; the user's own UV_… win."""
    several = {name: settings.get(name, "").split() for name in
               ("extra-index-url", "find-links", "trusted-host", "use-feature")}
    certificate = settings.get("cert", "")
    proxy = settings.get("proxy", "")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    seconds = re.fullmatch(r"(\d+)(\.\d*)?", settings.get("timeout")
                           or settings.get("default-timeout") or "")
    wanted = {
        "UV_DEFAULT_INDEX": settings.get("index-url"),
        "UV_EXTRA_INDEX_URL": " ".join(several["extra-index-url"]),
        "UV_INDEX_STRATEGY": "unsafe-best-match" if several["extra-index-url"] else "",  # as pip
        "UV_FIND_LINKS": ",".join(several["find-links"]),
        "UV_INSECURE_HOST": " ".join(several["trusted-host"]),
        "UV_NATIVE_TLS": "1" if "truststore" in several["use-feature"] else "",
        "UV_KEYRING_PROVIDER": "subprocess" if settings.get("keyring-provider") in (
            "subprocess", "import") else "",
        "UV_HTTP_TIMEOUT": seconds[1] if seconds else "",
        "SSL_CERT_DIR" if os.path.isdir(certificate) else "SSL_CERT_FILE": certificate,
        "SSL_CLIENT_CERT": settings.get("client-cert"),
    }
    kept = {name: value for name, value in _plain_variables().items()
            if not name.startswith("UV_") or name.startswith(KEPT_OF_UV)}
    older = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_EXTRA_INDEX_URL": "UV_INDEX"}   # names of one
    given = {name: value for name, value in wanted.items()
             if value and not kept.get(name) and not kept.get(older.get(name, name))}
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") if proxy else ():
        given |= {name: proxy, name.lower(): proxy}     # pip's own setting beats these, there too
    return kept | given


def _keep_uv_files(python, variables, folder):
    """Give uv a cache inside `folder` where its own cannot be written."""
    done = subprocess.run([str(python), "-I", "-m", "uv", "cache", "dir"], text=True,
                          capture_output=True, env=variables, cwd=ROOT)
    if done.returncode or why_not_writable(Path(done.stdout.strip())):
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
    settings = _pip_settings(python)
    for_pip, for_uv = _pip_variables(settings), _uv_variables(settings)
    for variables in (for_pip, for_uv):
        variables["TMPDIR"] = str(_temporary_folder(folder))
    pip, uv = ([python, "-I", "-m", name] for name in ("pip", "uv"))
    went, tail = _attempt("installing the installer", [*pip, "install", "-q", UV], for_pip)
    if went:
        _keep_uv_files(python, for_uv, folder)
        no_index = ["--no-index"] if settings.get("no-index", "").lower() in (
            "1", "true", "yes", "on") else []
        went, tail = _attempt(
            f"installing {LOCKS[kind]} (the first time several hundred MB are fetched)",
            [*uv, "pip", "install", "--quiet", "--python", python, *no_index, "--require-hashes",
             "-r", LOCKS[kind]], for_uv)
        shutil.rmtree(folder / "uv-cache", ignore_errors=True)
    if not went:
        print(tail, flush=True)
        _run(f"installing {LOCKS[kind]} with pip, since uv cannot (it takes some minutes)",
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
    if not is_supported(sys.version_info):
        sys.exit(UNSUPPORTED.format(found=f"this is {sys.version.split()[0]}"))
    folder = ROOT / ".venv"
    python = environment_python(folder)
    version = _version_of(python)
    if version and not is_supported(tuple(map(int, version.split(".")))):
        version = None
    if version:
        stamps = [folder / f"course-{k}" for k in LOCKS if k in (kind, "dev")]   # dev has it all
        for stamp in stamps:
            known = stamp.read_text(encoding="utf-8") if stamp.exists() else None
            if known == _state(stamp.name.removeprefix("course-"), version):
                return python
    reason = why_not_writable(ROOT)
    if reason:
        sys.exit(f"{ROOT} cannot be written ({reason}), and packages are installed there: copy "
                 "the course to a folder of yours and run the same command in it.")
    if not version:
        _run(f"making {folder.name} with Python {sys.version.split()[0]}",
             [sys.executable, "-I", "-m", "venv", "--clear", folder],
             "this Python lacks the venv module; on Debian or Ubuntu install python3-venv.",
             _plain_variables())
        version = _version_of(python)
    _install_lock(python, kind, folder)
    _run("installing the Jupyter kernel",
         [python, "-I", "-m", "ipykernel", "install", "--sys-prefix"],
         "the kernel could not be installed: remove .venv and run the same command again.",
         _plain_variables() | {"HOME": str(writable_home())})
    _ask_nothing(folder)
    for stamp in folder.glob("course-*"):
        stamp.unlink()
    (folder / f"course-{kind}").write_text(_state(kind, version), encoding="utf-8")
    print(f"- ready: {folder.name}, Python {version}", flush=True)
    return python


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in (*LOCKS, "home"):
        sys.exit("usage: python utils/environment.py lab|dev|home")
    if arguments[0] == "home":
        print(writable_home())
        return
    try:
        set_up(arguments[0])
    except OSError as error:
        sys.exit(f"Stopped: {FULL if error.errno == errno.ENOSPC else error}")


if __name__ == "__main__":
    main(sys.argv[1:])
