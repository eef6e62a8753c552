"""The steps of `make test`: what one says and how it ended is told, whatever became of another."""

import os
import sys
from pathlib import Path
from runpy import run_path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> dict:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        return run_path(str(ROOT / "tools" / "test.py"))
    finally:
        sys.path.remove(str(ROOT / "tools"))


@pytest.fixture
def outcomes(tool):
    """`outcomes({name: script})`: how each ended, run beside one another."""

    def found(scripts: dict[str, str]) -> dict[str, bool]:
        steps = [tool["Step"](name, ["sh", "-c", script]) for name, script in scripts.items()]
        return {name: succeeded for name, succeeded, _seconds in tool["run"](steps)}

    return found


def test_every_step_runs_and_says_what_it_found(outcomes, capfd):
    ended = outcomes({"good": "echo fine", "bad": "echo line 7 >&2; exit 1", "third": "echo too"})

    assert ended == {"good": True, "bad": False, "third": True}
    said = capfd.readouterr().out
    assert "==> good\nfine\n" in said
    assert "==> bad\nline 7\n" in said
    assert "==> third\ntoo\n" in said


def test_one_that_runs_alone_speaks_as_it_goes(outcomes, capfd):
    assert outcomes({"alone": "echo now; exit 3"}) == {"alone": False}
    assert capfd.readouterr().out.count("now") == 1


def test_one_that_cannot_begin_fails_and_the_others_run(tool, capfd):
    steps = [tool["Step"]("gone", ["/nowhere/linter"]), tool["Step"]("there", ["true"])]

    ended = {name: succeeded for name, succeeded, _seconds in tool["run"](steps)}

    assert ended == {"gone": False, "there": True}
    assert "/nowhere/linter" in capfd.readouterr().out


def test_settings_of_outside_are_not_those_of_a_step(outcomes, monkeypatch, capfd):
    monkeypatch.setenv("CANDIDE_DATABASE_URL", "postgresql://somebody/else")

    outcomes({"alone": 'echo "<$CANDIDE_DATABASE_URL>"'})

    assert "<>" in capfd.readouterr().out


def test_what_runs_is_ended_with_the_whole(tool, tmp_path):
    place = tmp_path / "process"
    long = f"echo $$ > {place}.new; mv {place}.new {place}; exec sleep 600"
    wait = f"until test -s {place}; do sleep 0.05; done"
    steps = [tool["Step"]("long", ["sh", "-c", long]), tool["Step"]("wait", ["sh", "-c", wait])]

    running = tool["run"](steps)
    assert next(running).name == "wait"
    running.close()

    with pytest.raises(ProcessLookupError):
        os.kill(int(place.read_text()), 0)
