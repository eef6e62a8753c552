"""Prepare this machine for one of the `make` words, on nothing but the standard library.

    sh tools/bootstrap install|demo|dev|test|screenshots|soak|messages

Installs the Debian packages that are missing (as root or with a sudo that asks nothing; otherwise
the line to run first is printed and the command ends with 1), makes `.venv`, fills it with the
hash-checked requirements, and writes the `candide` command into it. When all is there, a stamp
says so and nothing is done.
"""

import ctypes
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / "candide-stamp.json"
REQUIREMENTS = {"base": ROOT / "requirements/base.txt", "dev": ROOT / "requirements/dev.txt"}
PROXIES = ["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]


@dataclass(frozen=True)
class Need:
    """A Debian package, and how to see that what it brings is already here."""

    package: str
    is_there: Callable[[], bool]


def library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def program(name: str) -> Callable[[], bool]:
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    return lambda: shutil.which(name, path=path) is not None


def file(directory: str, pattern: str) -> Callable[[], bool]:
    return lambda: next(Path(directory).glob(pattern), None) is not None


RUN = [
    Need("libpango-1.0-0", library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", library("libharfbuzz-subset.so.0")),
    Need("fonts-dejavu-core", file("/usr/share/fonts", "**/*.ttf")),
    Need("tzdata", file("/usr/share/zoneinfo", "Europe/Paris")),
]
GETTEXT = [Need("gettext", program("xgettext"))]
TEST = [
    Need("postgresql", file("/usr/lib/postgresql", "*/bin/initdb")),
    # Chromium without its windows: takes half of the processor's time of the whole.
    Need("chromium-headless-shell", program("chromium-headless-shell")),
    Need("libatomic1", library("libatomic.so.1")),  # what drives Chromium is a Node that wants it
    Need("clamav-daemon", program("clamd")),
    Need("slapd", program("slapd")),
    Need("python3-ldap", file("/usr/lib/python3/dist-packages", "ldap/__init__.py")),
    Need("mariadb-server-core", program("mariadbd")),  # what eCandidat keeps its data in
]
PICTURES = [
    Need("chromium", program("chromium")),  # with its reader of PDFs
    Need("chromium-l10n", file("/usr/lib/chromium/locales", "fr.pak")),  # fields of dates in French
]
SOAK = [
    Need("debootstrap", program("debootstrap")),
    Need("iproute2", program("ip")),  # networks of their own for the machines of a trial
    Need("systemd-container", program("systemd-nspawn")),  # starts a machine inside this one
]

# For each word: the packages it needs, and which requirements.
WORDS = {
    "install": (RUN, "base"),
    "demo": (RUN, "base"),
    "dev": (RUN, "dev"),
    "messages": (RUN + GETTEXT, "dev"),
    "test": (RUN + GETTEXT + TEST, "dev"),
    "screenshots": (RUN + PICTURES, "dev"),
    "soak": (RUN + GETTEXT + TEST + SOAK, "dev"),
}


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in WORDS:
        stop(f"usage: sh tools/bootstrap {'|'.join(WORDS)}")
    needs, group = WORDS[sys.argv[1]]
    missing = [need.package for need in needs if not need.is_there()]
    if not uv() and not can_make_environment():
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if missing:
        install_packages(missing)
    prepare_environment(group)


# -- Debian packages ----------------------------------------------------------------------------


def install_packages(packages: list[str]) -> None:
    if shutil.which("apt-get") is None:
        stop(f"these are missing (names of Debian packages): {' '.join(packages)}")
    script = ["sh", str(ROOT / "tools/install_packages"), *packages]
    if os.geteuid() != 0:
        if not sudo_asks_nothing():
            line = shlex.join(["sudo", "sh", "tools/install_packages", *packages])
            stop(f"Debian packages are missing. Run this line first, then try again:\n\n  {line}\n")
        kept = [f"{name}={os.environ[name]}" for name in PROXIES if name in os.environ]
        script = ["sudo", "-n", "env", *kept, *script]
    say(f"installing Debian packages: {' '.join(packages)}")
    if subprocess.run(script, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode:
        stop(f"apt-get could not install: {' '.join(packages)}")


def sudo_asks_nothing() -> bool:
    return shutil.which("sudo") is not None and succeeds(["sudo", "-n", "true"])


# -- The environment ----------------------------------------------------------------------------


def prepare_environment(group: str) -> None:
    if stamped_for(group):
        return
    if not environment_fits():
        say("making .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        make_environment()
    say(f"installing requirements/{group}.txt into .venv (hashes are checked)")
    install_requirements(REQUIREMENTS[group])
    write_command()
    groups = ["base"] if group == "base" else ["base", "dev"]
    digests = {name: digest(REQUIREMENTS[name]) for name in groups}
    STAMP.write_text(json.dumps({"interpreter": interpreter(), "root": str(ROOT), **digests}))


def stamped_for(group: str) -> bool:
    """Whether `.venv` was filled from these very requirements, here, and its Python still runs."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    same_place = stamp.get("root") == str(ROOT) and stamp.get(group) == digest(REQUIREMENTS[group])
    return same_place and environment_fits()


def environment_fits() -> bool:
    """Whether `.venv` runs, on a Python new enough and, where one was chosen, on that one."""
    probe = "import sys; print(sys.base_prefix, *sys.version_info[:2])"
    if not VENV_PYTHON.exists():
        return False
    found = subprocess.run([VENV_PYTHON, "-c", probe], capture_output=True, text=True)
    if found.returncode:
        return False
    if "PYTHON_CHOSEN" in os.environ:
        return found.stdout.strip() == interpreter()
    *_, major, minor = found.stdout.split()
    return (int(major), int(minor)) >= (3, 11)


def interpreter() -> str:
    return f"{sys.base_prefix} {sys.version_info.major} {sys.version_info.minor}"


def can_make_environment() -> bool:
    """Debian ships `venv` without the `ensurepip` it needs."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def uv() -> list[str]:
    """The command of uv if one is here that runs; pip's work in a tenth of the time."""
    return ["uv"] if shutil.which("uv") and succeeds(["uv", "--version"]) else []


def make_environment() -> None:
    if can_make_environment():
        run([sys.executable, "-m", "venv", str(VENV)])
    else:
        run(["uv", "venv", "--quiet", "--seed", "--python", sys.executable, str(VENV)])


def install_requirements(requirements: Path) -> None:
    """By uv, or by pip where uv is missing or not set up for this machine's way to the packages."""
    checked = ["--require-hashes", "--only-binary", ":all:", "-r", str(requirements)]
    if uv() and succeeds(["uv", "pip", "install", "--python", str(VENV_PYTHON), *checked]):
        return
    if not succeeds([str(VENV_PYTHON), "-m", "pip", "--version"]):
        run([str(VENV_PYTHON), "-m", "ensurepip"])
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    run([str(VENV_PYTHON), "-m", "pip", "install", *quiet, *checked])


def write_command() -> None:
    """Make this checkout importable, and `.venv/bin/candide` its command: a path file and three
    lines of shell need no build tool."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([VENV_PYTHON, "-c", where], capture_output=True, text=True, check=True)
    Path(found.stdout.strip(), "candide.pth").write_text(f"{ROOT}\n")
    command = VENV / "bin/candide"
    command.write_text(
        f'#!/bin/sh\nexec {shlex.quote(str(VENV_PYTHON))} -m candide "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)


# -- Small things -------------------------------------------------------------------------------


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def succeeds(command: list[str]) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def run(command: list[str]) -> None:
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode:
        stop(f"this failed: {shlex.join(command)}")


def say(text: str) -> None:
    print(f"candide: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> None:
    say(text)
    sys.exit(1)


if __name__ == "__main__":
    main()
