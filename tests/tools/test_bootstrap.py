"""Both commands begin on a machine where anything may be missing."""

import os
import stat
import subprocess
from functools import partial

import pytest

from tests.architecture.sources import ROOT
from tools import prepare

# A Python that is new enough, and says that it was run.
RUNS = 'case "$1" in -c) exit 0;; *) echo "{name}: $*";; esac'


def bootstrap(path, script=ROOT / "tools/bootstrap", **variables):
    return subprocess.run(
        ["/bin/sh", str(script), "no-such-word"],
        env={"PATH": str(path), **variables},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def bin_dir(tmp_path):
    """A PATH with nothing on it but what `tools/bootstrap` itself uses."""
    (tmp_path / "dirname").symlink_to("/usr/bin/dirname")
    return tmp_path


def shim(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_a_chosen_interpreter_that_does_not_run_is_refused(bin_dir):
    shim(bin_dir / "broken", "exit 127")

    done = bootstrap(bin_dir, PYTHON=str(bin_dir / "broken"))

    assert done.returncode == 1
    assert done.stderr.strip().endswith("does not run, or is older than Python 3.11.")


@pytest.fixture
def bootstrap_with_system(bin_dir):
    """Run by a copy, for which the system's own Python is bin_dir/system."""
    copy = bin_dir / "tools/bootstrap"
    copy.parent.mkdir()
    text = (ROOT / "tools/bootstrap").read_text("utf-8")
    copy.write_text(text.replace("/usr/bin/python3", str(bin_dir / "system")), "utf-8")
    return partial(bootstrap, bin_dir, script=copy)


def test_the_python_of_the_system_comes_first(bin_dir, bootstrap_with_system):
    shim(bin_dir / "python3", RUNS.format(name="another"))
    shim(bin_dir / "system", RUNS.format(name="the system's"))

    assert bootstrap_with_system().stdout == "the system's: -B tools/prepare.py no-such-word\n"


@pytest.mark.parametrize(
    ("system", "variables"),
    [
        ('case "$2" in *ensurepip*) exit 1;; esac', {}),
        (RUNS.format(name="the system's"), {"VIRTUAL_ENV": "/home/alix/.venv"}),
    ],
)
def test_the_path_comes_first_where_the_system_cannot_or_another_is_active(
    bin_dir, bootstrap_with_system, system, variables
):
    shim(bin_dir / "system", system)
    shim(bin_dir / "python3", RUNS.format(name="another"))

    found = bootstrap_with_system(**variables).stdout

    assert found == "another: -B tools/prepare.py no-such-word\n"


def test_what_does_not_run_is_passed_over(bin_dir, bootstrap_with_system):
    shim(bin_dir / "system", "exit 1")
    shim(bin_dir / "python3", "exit 127")
    shim(bin_dir / "python3.11", RUNS.format(name="3.11"))

    assert bootstrap_with_system().stdout == "3.11: -B tools/prepare.py no-such-word\n"


def test_without_any_python_it_says_what_to_install(bootstrap_with_system):
    done = bootstrap_with_system()

    assert done.returncode == 1
    assert "On Debian, run first: apt-get install -y python3" in done.stderr


def test_an_unknown_word_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(prepare.sys, "argv", ["prepare.py", "tset"])

    with pytest.raises(SystemExit) as stopped:
        prepare.main()

    assert stopped.value.code == 1
    assert "usage: sh tools/bootstrap install|demo|dev" in capsys.readouterr().err


# -- Debian packages ----------------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch):
    """A Debian of an ordinary user; commands that would run are noted instead."""
    ran = []

    def run(command, **_):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(prepare.subprocess, "run", run)
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(
        prepare.shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}"
    )
    for name in prepare.PROXIES:
        monkeypatch.delenv(name, raising=False)
    return ran


def test_who_cannot_install_is_told_the_one_line(machine, capsys):
    with pytest.raises(SystemExit) as stopped:
        prepare.install_packages(["chromium", "postgresql"])

    assert stopped.value.code == 1
    assert machine == []
    assert "\n  sudo sh tools/install_packages chromium postgresql\n" in capsys.readouterr().err


def test_root_installs_without_a_question(machine, monkeypatch):
    monkeypatch.setattr(prepare.os, "geteuid", lambda: 0)

    prepare.install_packages(["chromium"])

    assert machine == [["sh", str(ROOT / "tools/install_packages"), "chromium"]]


def test_sudo_that_asks_nothing_keeps_the_proxies(machine, monkeypatch):
    monkeypatch.setattr(prepare.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")

    prepare.install_packages(["chromium"])

    script = ["sh", str(ROOT / "tools/install_packages"), "chromium"]
    proxy = "https_proxy=http://127.0.0.1:3128"
    assert machine == [["sudo", "-n", "true"], ["sudo", "-n", "env", proxy, *script]]


def test_without_apt_the_names_are_told(machine, monkeypatch, capsys):
    monkeypatch.setattr(prepare.shutil, "which", lambda name: None)

    with pytest.raises(SystemExit):
        prepare.install_packages(["chromium"])

    assert "(names of Debian packages): chromium" in capsys.readouterr().err


def test_all_that_is_there_is_seen(tmp_path):
    (tmp_path / "15/bin").mkdir(parents=True)
    (tmp_path / "15/bin/initdb").touch()

    assert prepare.file(str(tmp_path), "*/bin/initdb")() is True
    assert prepare.file(str(tmp_path), "*/bin/psql")() is False
    assert prepare.library("libc.so.6")() is True
    assert prepare.library("libnothing.so.0")() is False
    assert prepare.program("sh")() is True
    assert prepare.program("no-such-program")() is False


# -- The environment ----------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """An environment somewhere else, made by nothing and filled with nothing."""
    steps = []
    requirements = tmp_path / "base.txt"
    requirements.write_text("django==5.2 --hash=sha256:00\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(prepare, "STAMP", tmp_path / ".venv/stamp.json")
    monkeypatch.setattr(prepare, "REQUIREMENTS", {"base": requirements, "dev": requirements})
    monkeypatch.setattr(prepare, "environment_fits", lambda: True)
    monkeypatch.setattr(prepare, "install_requirements", lambda path: steps.append(path.name))
    monkeypatch.setattr(prepare, "write_command", lambda: steps.append("command"))
    return steps, requirements


def test_a_second_run_has_nothing_to_do(environment):
    steps, _ = environment
    prepare.prepare_environment("base")
    steps.clear()

    prepare.prepare_environment("base")

    assert steps == []


def test_other_requirements_are_installed(environment):
    steps, requirements = environment
    prepare.prepare_environment("base")
    steps.clear()
    requirements.write_text("django==5.2.1 --hash=sha256:00\n")

    prepare.prepare_environment("base")

    assert steps == ["base.txt", "command"]


def test_the_tests_need_more_than_the_demonstration_and_hold_it(environment):
    steps, _ = environment
    prepare.prepare_environment("base")
    steps.clear()

    prepare.prepare_environment("dev")
    prepare.prepare_environment("base")

    assert steps == ["base.txt", "command"]


def test_no_script_names_the_network(tmp_path):
    """Which index, proxy or mirror is used is said by the machine."""
    scripts = [path for path in (ROOT / "tools").iterdir() if path.is_file()]

    for script in scripts:
        text = script.read_text()
        named = [word for word in ("pypi", "deb.debian", "--index-url") if word in text.lower()]
        assert named == [], script.name


def test_scripts_of_the_shell_can_be_run():
    for name in ("bootstrap", "install_packages"):
        assert os.access(ROOT / "tools" / name, os.X_OK)
