"""Where packages come from: what pip's settings say, told to pip and to uv.

Packages come from where pip would take them: index, mirrors, proxy and certificates of pip's
variables and files hold for uv too, which reads none of them. Whatever else they or uv's
variables ask for (another target, other versions) is left out: the lock decides.
"""

import configparser
import os
import re
import subprocess

__all__ = ["pip_settings", "pip_variables", "plain_variables", "uv_variables"]

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


def plain_variables():
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
                          capture_output=True, errors="replace", env=plain_variables() | mine)
    kind, found = "", {"global": [], "user": [], "site": [], "env": []}
    for line in done.stdout.splitlines():
        path = re.fullmatch(r"\s+(.+), exists: True", line)
        if path:
            found.get(kind, []).append(path[1])
        elif re.fullmatch(r"\w+:", line):
            kind = line[:-1]
    return [path for paths in found.values() for path in paths]


def pip_settings(python):
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


def pip_variables(settings):
    """Return the environment in which pip uses these settings and no others."""
    given = {"PIP_" + name.upper().replace("-", "_"): value for name, value in settings.items()}
    return plain_variables() | given | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1",
                                         "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def uv_variables(settings):
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
    kept = {name: value for name, value in plain_variables().items()
            if not name.startswith("UV_") or name.startswith(KEPT_OF_UV)}
    older = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_EXTRA_INDEX_URL": "UV_INDEX"}   # names of one
    given = {name: value for name, value in wanted.items()
             if value and not kept.get(name) and not kept.get(older.get(name, name))}
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY") if proxy else ():
        given |= {name: proxy, name.lower(): proxy}     # pip's own setting beats these, there too
    return kept | given
