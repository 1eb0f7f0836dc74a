"""Set-up: the right Python or one sentence, locks that fit, and no work twice."""

import errno
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from utils import environment
from utils.doctor import software
from utils.environment import indexes, installing

ROOT = Path(__file__).parents[1]
LOCKS = Path("utils/environment/locks")


OF_OUTER_MAKE = {"MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "PYTHON"}  # its choice


def make(*words, at=ROOT, **variables):
    return subprocess.run(["make", *words], cwd=at, capture_output=True, text=True, timeout=120,
                          env={name: value for name, value in os.environ.items()
                               if name not in OF_OUTER_MAKE} | variables)


def test_make_without_python_says_one_sentence(tmp_path):
    for tool in ("make", "sh", "id", "sed", "sort", "uname"):
        if shutil.which(tool):
            (tmp_path / tool).symlink_to(shutil.which(tool))
    done = make("lab", PATH=str(tmp_path), SHELL=shutil.which("sh"))
    assert done.returncode != 0
    assert "This course needs Python 3.11, 3.12 or 3.13, but none was found." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_make_with_an_old_python_says_one_sentence(tmp_path):
    old = tmp_path / "python3"
    old.write_text(f"""#!/bin/sh
exec {sys.executable} -c "
import sys
sys.version, sys.version_info = '3.9.18 (main)', (3, 9, 18)
exec(sys.argv[1])
" "$2"
""", encoding="utf-8")
    old.chmod(0o755)
    done = make("test", PYTHON=str(old))
    assert done.returncode != 0
    assert "but this is 3.9.18." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("start", ["{}", "env {}"])
def test_make_takes_a_path_with_blanks_and_a_command_of_several_words(tmp_path, start):
    folder = tmp_path / ("my python" if start == "{}" else "python")
    folder.mkdir()
    old = folder / "python3"
    old.write_text("#!/bin/sh\necho this is 3.9.18\n[ $# = 2 ] && [ -z \"$ran\" ] && "
                   "case \"$2\" in *exit*) exit 1;; esac\n", encoding="utf-8")
    old.chmod(0o755)
    done = make("lab", PYTHON=start.format(old))
    assert done.returncode != 0
    assert "but this is 3.9.18." in done.stdout, done.stdout + done.stderr


def test_a_checkout_may_have_blanks_in_its_path(monkeypatch, tmp_path):
    root = tmp_path / "my course (1)"
    shutil.copytree(ROOT / "utils/environment", root / "utils/environment")
    for name in ("Makefile", "pyproject.toml", "utils/__init__.py", "utils/settings.py"):
        shutil.copy(ROOT / name, root / name)
    python = environment.environment_python(root / ".venv")
    python.parent.mkdir(parents=True)
    python.write_text(f"""#!/bin/sh
case "$*" in *-m*utils*doctor*) echo "ran in $PWD";; *) exec '{sys.executable}' "$@";; esac
""", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(environment, "ROOT", root)
    version = ".".join(map(str, sys.version_info[:2]))
    (root / ".venv" / "course-lab").write_text(installing._state("lab", version), "utf-8")
    done = make("doctor", at=root, PYTHON=sys.executable)
    assert done.stdout.strip() == f"ran in {root}", done.stderr


def test_set_up_under_an_old_python_says_one_sentence(monkeypatch):
    monkeypatch.setattr(installing.sys, "version_info", (3, 10, 1))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        installing.set_up("lab")


def test_set_up_again_does_nothing(monkeypatch):
    monkeypatch.setattr(installing, "_run", lambda *a, **k: pytest.fail("it did something"))
    python = environment.environment_python()
    if not (python.parents[1] / "course-dev").exists():
        pytest.skip("this environment was not made by make test")
    assert installing.set_up("dev") == python
    assert installing.set_up("lab") == python


def test_a_changed_lock_is_noticed(monkeypatch, tmp_path):
    (tmp_path / LOCKS).mkdir(parents=True)
    for name in (*installing.LOCKS.values(), "pyproject.toml"):
        (tmp_path / name).write_text("one", encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    before = installing._state("lab", "3.11")
    (tmp_path / installing.LOCKS["lab"]).write_text("two", encoding="utf-8")
    assert installing._state("lab", "3.11") != before
    assert installing._state("lab", "3.12") != installing._state("lab", "3.11")


def test_a_failed_step_ends_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as stopped:
        command = [sys.executable, "-c", "raise SystemExit('no route')"]
        installing._run("trying", command, "do it.")
    assert str(stopped.value).endswith("Stopped while trying: do it.")
    assert "no route" in str(stopped.value)


@pytest.mark.parametrize("words", ["No space left on device (os error 28)", "OSError: [Errno 28]"
                                   " No space left on device", "Disk quota exceeded"])
def test_a_full_disk_is_told_apart_from_a_broken_network(words):
    with pytest.raises(SystemExit, match="the disk is full") as stopped:
        installing._run("trying", [sys.executable, "-c", f"raise SystemExit({words!r})"], "net.")
    assert "net." not in str(stopped.value)


def test_a_checkout_that_cannot_be_written_says_to_copy_it(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(environment, "ROOT", tmp_path / "file" / "course")
    with pytest.raises(SystemExit, match="copy the course to a folder of yours"):
        installing.set_up("lab")


def test_an_error_of_the_disk_ends_in_one_sentence(monkeypatch):
    def full(kind):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(installing, "set_up", full)
    with pytest.raises(SystemExit, match="the disk is full"):
        installing.main(["lab"])


# --- where packages come from --------------------------------------------------------------


@pytest.fixture
def no_settings(monkeypatch):
    """The machine's own variables of pip, uv and proxies are not there."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_", "SSL_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.fixture
def pip_file(no_settings, monkeypatch, tmp_path):
    """Write pip's file of settings."""
    def write(text):
        (tmp_path / "pip.conf").write_text(text, encoding="utf-8")
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    return write


INDEX = "[global]\nindex-url = https://global.example/simple\n"


@pytest.mark.parametrize(("text", "variables", "index"), [
    (INDEX, {}, "https://global.example/simple"),
    (INDEX + "[install]\nindex-url = https://install.example/simple\n", {},
     "https://install.example/simple"),
    (INDEX + "[install]\nindex-url = https://install.example/simple\n",
     {"PIP_INDEX_URL": "https://env.example/simple"}, "https://env.example/simple"),
    (INDEX, {"PIP_INDEX_URL": ""}, "https://global.example/simple"),
    (INDEX + "[download]\nindex-url = https://x.example\n", {}, "https://global.example/simple"),
    (INDEX + "quiet = 1\n", {"PIP_QUIET": "2"}, "https://global.example/simple"),
    (INDEX + "user = yes\n", {"PIP_USER": "1"}, "https://global.example/simple"),
    (INDEX + "[install]\ntarget = /x\n", {"PIP_TARGET": "/y"}, "https://global.example/simple"),
    (INDEX, {"PIP_PYTHON": "/nowhere/python", "PIP_LOG": "/nowhere/log"},
     "https://global.example/simple"),
    ("", {}, None),
    ("no file of settings", {}, None),
])
def test_settings_have_pips_own_order(pip_file, monkeypatch, text, variables, index):
    pip_file(text)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert indexes.pip_settings(sys.executable).get("index-url") == index


def test_settings_of_several_lines_and_with_signs_of_their_own_arrive(pip_file):
    pip_file("[global]\nextra-index-url =\n    https://a.example/x?y=1\n    https://b.example\n"
             "proxy = http://user:p'a=ss@proxy.example:3128\nuser = yes\ntarget = /nowhere\n")
    found = indexes.pip_settings(sys.executable)
    assert found["extra-index-url"].split() == ["https://a.example/x?y=1", "https://b.example"]
    assert found["proxy"] == "http://user:p'a=ss@proxy.example:3128"
    assert not {"user", "target"} & set(found)


@pytest.mark.parametrize(("settings", "variables"), [
    ({"index-url": "https://a"}, {"UV_DEFAULT_INDEX": "https://a"}),
    ({"extra-index-url": "https://a\nhttps://b"},
     {"UV_EXTRA_INDEX_URL": "https://a https://b", "UV_INDEX_STRATEGY": "unsafe-best-match"}),
    ({"find-links": "/a https://b"}, {"UV_FIND_LINKS": "/a,https://b"}),
    ({"trusted-host": "a.example\nb.example:81"}, {"UV_INSECURE_HOST": "a.example b.example:81"}),
    ({"proxy": "p.example:3128"}, {"HTTPS_PROXY": "http://p.example:3128",
                                   "http_proxy": "http://p.example:3128"}),
    ({"proxy": "socks5://p.example"}, {"HTTP_PROXY": "socks5://p.example"}),
    ({"cert": "/a.pem"}, {"SSL_CERT_FILE": "/a.pem"}),
    ({"cert": "/"}, {"SSL_CERT_DIR": "/"}),
    ({"client-cert": "/b.pem"}, {"SSL_CLIENT_CERT": "/b.pem"}),
    ({"default-timeout": "90.5"}, {"UV_HTTP_TIMEOUT": "90"}),
    ({"use-feature": "truststore"}, {"UV_NATIVE_TLS": "1"}),
    ({"keyring-provider": "subprocess"}, {"UV_KEYRING_PROVIDER": "subprocess"}),
    ({}, {}),
])
def test_pips_settings_become_uvs_variables(no_settings, settings, variables):
    found = indexes.uv_variables(settings)
    ours = {name for name in found if name.startswith(("UV_", "SSL_")) or "proxy" in name.lower()}
    assert variables.items() <= found.items()
    if "proxy" not in settings:
        assert ours == set(variables)


def test_the_users_own_variables_of_uv_win_and_those_that_lead_astray_go(no_settings, monkeypatch):
    kept = {"UV_INDEX_URL": "https://mine", "UV_INDEX_MINE_PASSWORD": "x", "UV_CACHE_DIR": "/c",
            "UV_OFFLINE": "1", "SSL_CERT_FILE": "/mine.pem", "HTTPS_PROXY": "http://mine"}
    gone = {"UV_NO_BINARY": "1", "UV_NO_BUILD": "1", "UV_SYSTEM_PYTHON": "1", "UV_TARGET": "/t",
            "UV_REQUIRE_HASHES": "1", "UV_RESOLUTION": "lowest", "UV_PYTHON": "3.9",
            "UV_CONSTRAINT": "/c.txt", "UV_EXCLUDE_NEWER": "2020-01-01", "PYTHONPATH": "/nowhere",
            "PYTHONHOME": "/nowhere", "PIP_USER": "1", "VIRTUAL_ENV": "/other"}
    for name, value in {**kept, **gone}.items():
        monkeypatch.setenv(name, value)
    found = indexes.uv_variables({"index-url": "https://pip", "cert": "/pip.pem"})
    assert kept.items() <= found.items()
    assert not set(gone) & set(found) and "UV_DEFAULT_INDEX" not in found
    assert indexes.uv_variables({"proxy": "http://pip"})["HTTPS_PROXY"] == "http://pip"


@pytest.mark.parametrize(("text", "variables"), [
    ("", {"PIP_USER": "1", "PIP_REQUIRE_HASHES": "1", "PIP_PYTHON": "/nowhere/python"}),
    ("[install]\nuser = yes\n", {"PIP_TARGET": "/proc/t", "PIP_REQUIRE_VIRTUALENV": "1"}),
    ("[global]\ntarget = /proc/t\n", {"PIP_PREFIX": "/proc/p", "PIP_CONSTRAINT": "/nowhere.txt"}),
    ("no file of settings", {"HOME": "/proc", "PIP_NO_BINARY": ":all:", "PIP_LOG": "/proc/log"}),
])
def test_pip_installs_into_the_environment_whatever_it_is_told(pip_file, tmp_path, monkeypatch,
                                                               text, variables):
    if sys.prefix == sys.base_prefix:
        pytest.skip("this Python is not in an environment of its own")
    pip_file(text)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = indexes.pip_settings(sys.executable)
    done = subprocess.run([sys.executable, "-I", "-m", "pip", "install", "--no-index", "pip"],
                          capture_output=True, text=True, timeout=120,
                          cwd=tmp_path, env=indexes.pip_variables(settings))
    assert done.returncode == 0, done.stderr
    assert f"already satisfied: pip in {installing.Path(sys.prefix)}" in done.stdout


@pytest.fixture
def attempts(monkeypatch, tmp_path, no_settings):
    """What would be run, as (doing, command, variables); `failing` words make it fail."""
    seen, failing = [], []

    def attempt(doing, command, env=None):
        seen.append((doing, [str(word) for word in command], env))
        return not any(word in doing for word in failing), "the last lines"

    monkeypatch.setattr(installing, "_attempt", attempt)
    monkeypatch.setattr(installing, "_keep_uv_files", lambda *arguments: None)
    return seen, failing


def test_uv_installs_the_lock_with_its_hashes(attempts, tmp_path):
    seen, _ = attempts
    installing._install_lock(sys.executable, "lab", tmp_path)
    locks = [command for _, command, _ in seen if installing.LOCKS["lab"] in command]
    assert len(locks) == 1 and "uv" in locks[0] and "--require-hashes" in locks[0]


@pytest.mark.parametrize("fails", ["installer", "requirements.lock ("])
def test_pip_installs_the_lock_where_uv_cannot(attempts, tmp_path, fails, capsys):
    seen, failing = attempts
    failing.append(fails)
    installing._install_lock(sys.executable, "lab", tmp_path)
    _, command, variables = [each for each in seen if installing.LOCKS["lab"] in each[1]][-1]
    assert "pip" in command and "uv" not in command and "--require-hashes" in command
    assert variables["PIP_CONFIG_FILE"] == os.devnull
    assert "the last lines" in capsys.readouterr().out


def test_where_neither_can_fetch_one_sentence_names_network_and_settings(attempts, tmp_path):
    attempts[1].append("installing")
    with pytest.raises(SystemExit, match=r"Check the network .*index-url, proxy"):
        installing._install_lock(sys.executable, "lab", tmp_path)


def test_without_an_index_uv_takes_none_either(attempts, monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_NO_INDEX", "true")
    installing._install_lock(sys.executable, "lab", tmp_path)
    assert any("uv" in command and "--no-index" in command for _, command, _ in attempts[0])


def test_uv_gets_a_cache_in_the_environment_where_its_own_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    for place, given in ((tmp_path / "file" / "uv", True), (tmp_path / "uv", False)):
        done = subprocess.CompletedProcess([], 0, f"{place}\n")
        monkeypatch.setattr(installing.subprocess, "run", lambda *a, done=done, **k: done)
        variables, own = {}, str(tmp_path / ".venv" / "uv-cache")
        installing._keep_uv_files(sys.executable, variables, tmp_path / ".venv")
        assert variables == ({"UV_CACHE_DIR": own} if given else {})


def test_temporary_files_lie_in_the_environment_where_there_is_no_place(monkeypatch, tmp_path):
    def none():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(installing.tempfile, "gettempdir", os.getcwd)
    assert installing._temporary_folder(tmp_path) == tmp_path / "tmp"
    monkeypatch.setattr(installing.tempfile, "gettempdir", none)
    assert installing._temporary_folder(tmp_path).is_dir()
    monkeypatch.setattr(installing.tempfile, "gettempdir", lambda: str(tmp_path))
    assert installing._temporary_folder(tmp_path) == tmp_path


def test_a_home_that_cannot_be_written_is_replaced_for_jupyter(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setattr(environment, "ROOT", tmp_path / "course")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert environment.writable_home() == tmp_path
    for home in (tmp_path / "file" / "x", tmp_path / "missing"):
        monkeypatch.setenv("HOME", str(home))
        assert environment.writable_home() == tmp_path / "course" / ".cache" / "home"


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="'all'"):
        installing.set_up("all")


def pins(name):
    text = (ROOT / LOCKS / name).read_text(encoding="utf-8")
    found = {}
    for line in re.findall(r"(?m)^([a-z0-9][^\s;]*==\S+)", text):
        package, version = line.rstrip("\\ ").split("==")
        found.setdefault(package, []).append(Version(version))
    return found, text


@pytest.mark.parametrize(("requirements", "lock"), [
    ("requirements.txt", "requirements.lock"), ("requirements.txt", "requirements-dev.lock"),
    (LOCKS / "requirements-dev.txt", "requirements-dev.lock"),
])
def test_the_lock_satisfies_the_ranges(requirements, lock):
    pinned, _ = pins(lock)
    for line in (ROOT / requirements).read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line and not line.startswith("-"):
            requirement = Requirement(line)
            assert requirement.name in pinned, f"{requirement.name} is not locked: make lock"
            for version in pinned[requirement.name]:
                assert requirement.specifier.contains(version), f"{line}: locked {version}"


@pytest.mark.parametrize(("package", "version"), [
    ("pandas", "2.3.3"),            # writing booleans into a mask makes it a column of objects
    ("pandas", "3.0.6"),            # bins of three days begin elsewhere
    ("statsmodels", "0.14.5"),      # calls pandas in a way that 3 no longer has
    ("packaging", "24.1"),          # lacks what setuptools needs to read a licence
])
def test_versions_that_were_seen_to_fail_are_outside_the_ranges(package, version):
    allowed = software._requirements(ROOT / "requirements.txt")
    ranges = {each.name: each.specifier for each in allowed}
    assert not ranges[package].contains(version)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_names_no_registry(lock):
    pinned, text = pins(lock)
    assert len(pinned) > 50
    assert text.count("--hash=sha256:") > len(pinned)
    assert "://" not in text and "--index" not in text


def test_the_two_locks_agree():
    lab, _ = pins("requirements.lock")
    dev, _ = pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in lab} == lab


def test_checkouts_have_line_ends_of_the_repositorys_own():
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run([git, "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True,
                            check=True).stdout.splitlines()
    assert len(listed) > 100
    for line in listed:
        stored, _, *attributes = line.partition("\t")[0].split()
        as_text = attributes == ["attr/text=auto", "eol=lf"]
        assert as_text if stored in ("i/lf", "i/none") else attributes == ["attr/-text"], line
