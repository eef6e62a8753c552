import pytest
from django.db import transaction
from django_tasks import default_task_backend

from candide.core import tasks


@pytest.fixture
def ran(monkeypatch):
    """What a handler was called with; the handler is forgotten afterwards."""
    calls = []
    monkeypatch.setattr(tasks, "_handlers", {})

    @tasks.handler("tests.note")
    def note(*args):
        calls.append(args)

    return calls


@pytest.mark.django_db
def test_spur_waits_for_the_commit(ran, django_capture_on_commit_callbacks):
    default_task_backend.clear()

    with django_capture_on_commit_callbacks() as callbacks:
        tasks.spur("tests.note", 12, "a")

    assert default_task_backend.results == []
    for callback in callbacks:
        callback()
    assert [result.args for result in default_task_backend.results] == [["tests.note", [12, "a"]]]


@pytest.mark.django_db(transaction=True)
def test_spur_of_what_is_rolled_back_is_lost(ran):
    default_task_backend.clear()

    with transaction.atomic():
        tasks.spur("tests.note", 12)
        transaction.set_rollback(True)

    assert default_task_backend.results == []


def test_run_handler_calls_what_was_registered(ran):
    tasks.run_handler.func("tests.note", [12, "a"])

    assert ran == [(12, "a")]
