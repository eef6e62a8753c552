"""Work on hostile files in a process of its own: each bound holds, and nothing else is harmed."""

import io
import json
import os
import sys
import textwrap
import threading

import pytest

from candide.core import confined, sandbox
from candide.core.sandbox import Bounds, Failure, run

MEGABYTE = 1024 * 1024


@pytest.fixture
def task(monkeypatch, tmp_path):
    """A task for the sandbox, from the body of its `handle(request, report)`."""
    monkeypatch.setattr(sandbox, "ROOT", f"{sandbox.ROOT}{os.pathsep}{tmp_path}")

    def write(body):
        source = "def handle(request, report):\n" + textwrap.indent(textwrap.dedent(body), "    ")
        (tmp_path / "task_of_test.py").write_text(source)
        return "task_of_test"

    return write


def test_result_and_reports_come_back(task):
    module = task("report({'at': 1}); report({'at': 2}); return {'twice': request['n'] * 2}")

    outcome = run(module, {"n": 21})

    assert (outcome.result, outcome.failure) == ({"twice": 42}, None)
    assert outcome.reports == [{"at": 1}, {"at": 2}]


def test_nothing_of_our_secrets_goes_in(task, monkeypatch):
    monkeypatch.setenv("CANDIDE_SECRET_KEY", "very secret")
    module = task("import os; return {'environment': sorted(os.environ), 'directory': os.getcwd()}")

    outcome = run(module, {})

    assert set(outcome.result["environment"]) <= {"LC_ALL", "PATH", "PYTHONPATH"}
    assert outcome.result["directory"] == "/"


def test_django_is_not_loaded_for_our_tasks(task):
    """Its start would cost more than most of the work."""
    module = task(
        """
        import sys
        import candide.foundation.files.worker.inputs
        import candide.foundation.files.worker.preparing
        import candide.foundation.files.worker.pictures
        import candide.foundation.pdf.worker
        return {'django': sorted(name for name in sys.modules if name.startswith('django'))}
        """
    )

    assert run(module, {}).result == {"django": []}


@pytest.mark.parametrize(
    ("body", "bounds", "failure"),
    [
        ("while True: pass", Bounds(cpu_seconds=1), Failure.TIME),
        ("import time; time.sleep(60)", Bounds(seconds=1), Failure.TIME),
        ("bytearray(10**10)", Bounds(), Failure.MEMORY),
        ("raise KeyError('what a file says')", Bounds(), Failure.CRASH),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", Bounds(), Failure.CRASH),
        ("import os; os._exit(0)", Bounds(), Failure.CRASH),
        ("raise SystemExit", Bounds(), Failure.CRASH),
        (
            "open('/tmp/candide-large', 'wb').write(bytes(10**7))",
            Bounds(written_bytes=MEGABYTE),
            Failure.CRASH,
        ),
    ],
)
def test_whatever_happens_inside_is_only_a_failure(task, body, bounds, failure):
    module = task(f"report({{'began': 0}})\n{body}")

    outcome = run(module, {}, bounds=bounds)

    assert (outcome.result, outcome.failure) == (None, failure)
    assert outcome.reports == [{"began": 0}]


def test_what_a_library_prints_does_not_mix_with_the_result(task):
    module = task("import os; print('{}'); os.write(1, b'noise'); return {'fine': True}")

    assert run(module, {}).result == {"fine": True}


def test_log_says_where_it_failed_but_not_what_the_file_held(task, caplog):
    run(task("raise ValueError('Rimbaud')"), {})

    assert "ValueError at" in caplog.text
    assert "Rimbaud" not in caplog.text


@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ("return {'fine': True}", [{"result": {"fine": True}}]),
        ("raise MemoryError", [{"failed": "memory", "where": "task_of_test"}]),
        (
            "raise KeyError('Rimbaud')",
            [{"failed": "crash", "where": "KeyError at {file}:2"}],
        ),
    ],
)
def test_what_the_process_says(task, tmp_path, monkeypatch, body, messages):
    module = task(body)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, module, raising=False)
    out = io.StringIO()

    confined.obey({"module": module, "request": {}}, out)

    said = out.getvalue().replace(str(tmp_path / "task_of_test.py"), "{file}")
    assert [json.loads(line) for line in said.splitlines()] == messages


def test_module_that_is_not_there_is_only_a_failure(caplog):
    out = io.StringIO()

    confined.obey({"module": "nowhere", "request": {}}, out)

    assert json.loads(out.getvalue())["failed"] == "crash"


def test_line_broken_off_by_a_kill_is_no_result():
    said = json.dumps({"report": {"began": 0}}) + '\n{"resu'

    outcome = sandbox._outcome(said, Failure.CRASH)

    assert (outcome.result, outcome.failure) == (None, Failure.CRASH)
    assert outcome.reports == [{"began": 0}]


def test_too_many_at_once_are_told_to_come_back(task, monkeypatch):
    monkeypatch.setattr(sandbox, "_slots", threading.BoundedSemaphore(1))
    sandbox._slots.acquire()

    outcome = run(task("return {}"), {}, bounds=Bounds(seconds=0.01))

    assert outcome.failure == Failure.BUSY


def test_slot_is_given_back_after_a_failure(task, monkeypatch):
    monkeypatch.setattr(sandbox, "_slots", threading.BoundedSemaphore(1))

    run(task("raise KeyError"), {})

    assert sandbox._slots.acquire(blocking=False)


def test_machine_that_can_start_no_process_is_busy(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    assert run("any", {}).failure == Failure.BUSY
