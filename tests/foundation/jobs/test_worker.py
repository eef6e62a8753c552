"""The worker's lanes, one step at a time; tests/faults runs whole processes."""

import signal
import threading
from datetime import timedelta
from functools import partial

import httpx
import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from candide.core import tasks
from candide.foundation.jobs import registry, worker
from candide.foundation.jobs.management.commands.worker import Command
from candide.foundation.jobs.models import JobRun, ServiceBeat, WorkerBeat
from candide.foundation.jobs.worker import Lane, Worker, answers
from tests.factories.jobs import JobRunFactory

DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def done(monkeypatch) -> list:
    """What the handler "note" was called with."""
    called: list = []
    monkeypatch.setattr(tasks, "_handlers", {"note": called.append})
    return called


@pytest.fixture
def enqueue(settings):
    settings.TASKS = DATABASE
    return lambda name, *args: tasks.run_handler.using(backend="default").enqueue(name, list(args))


@pytest.mark.django_db
class TestTasks:
    def test_task_is_run_once_and_forgotten(self, done, enqueue):
        enqueue("note", 1)
        enqueue("note", 2)
        one = Worker()

        ran = [one.run_task() for _ in range(3)]

        assert ran == [True, True, False]
        assert sorted(done) == [1, 2]
        assert DBTaskResult.objects.count() == 0

    def test_failed_task_keeps_what_and_where_but_no_words(self, monkeypatch, enqueue, caplog):
        def fail():
            raise KeyError("alix@example.org")

        monkeypatch.setattr(tasks, "_handlers", {"fail": fail})
        enqueue("fail")

        ran = [Worker().run_task() for _ in range(2)]

        row = DBTaskResult.objects.get()
        assert ran == [True, False]
        assert row.status == "FAILED"
        assert row.exception_class_path.startswith("KeyError at ")
        assert "in fail" in row.traceback
        assert "alix" not in row.traceback + caplog.text

    def test_handler_of_another_version_fails_alone(self, done, enqueue):
        enqueue("gone", 1)
        enqueue("note", 2)

        ran = [Worker().run_task() for _ in range(3)]

        assert ran == [True, True, False]
        assert done == [2]

    def test_task_another_worker_just_took_is_left_to_it(self, done, enqueue, monkeypatch):
        enqueue("note", 1)
        monkeypatch.setattr(DBTaskResultQuerySet, "get_locked", lambda tasks: None)

        assert Worker().run_task() is False
        assert done == []

    def test_idle_look_is_one_query(self, django_assert_num_queries):
        one = Worker()

        with django_assert_num_queries(1):
            assert one.run_task() is False


class TestSweeps:
    def test_sweep_is_called_again_at_once_while_it_finds_something(self, now, frozen):
        answers = iter([2, 1, 0, 5])
        registry.sweep("rows", every=5)(lambda moment: next(answers))
        one = Worker()
        sweep = registry.sweeps()[0]

        found = [one.sweep(sweep) for _ in range(4)]

        assert found == [True, True, False, False]

    def test_sweep_is_given_the_time(self, now, frozen):
        given = []
        registry.sweep("rows", every=0)(lambda moment: given.append(moment) or 0)
        one = Worker()

        one.sweep(registry.sweeps()[0])

        assert given == [now]


class TestLanes:
    def test_lane_goes_on_after_an_error_and_stops_when_asked(self, monkeypatch, caplog):
        monkeypatch.setattr(worker, "NAP_AFTER_ERROR", 0.0)
        monkeypatch.setattr(worker, "close_old_connections", lambda: None)
        stop = threading.Event()
        steps = []

        def step():
            steps.append(1)
            if len(steps) == 1:
                raise OSError("alix@example.org")
            if len(steps) == 3:
                stop.set()
            return len(steps) == 2

        lane = Lane("rows", step, longest_nap=0.0)
        lane.start(stop)
        lane.thread.join(timeout=10)

        assert len(steps) == 3
        assert "rows: OSError" in caplog.text
        assert "alix" not in caplog.text

    def test_naps_grow_while_there_is_nothing_to_do(self, monkeypatch):
        monkeypatch.setattr(worker, "close_old_connections", lambda: None)
        naps = []

        class Stop:
            def is_set(self):
                return len(naps) == 7

            def wait(self, seconds):
                naps.append(seconds)

        Lane("rows", lambda: False, longest_nap=2.0).run(Stop())

        assert naps == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


@pytest.mark.django_db
class TestPulse:
    def test_pulse_says_that_the_worker_and_its_job_live(self, now, frozen):
        one = Worker(clock=lambda: now)
        run = JobRunFactory(worker=one.name, heartbeat_at=now - timedelta(hours=1))

        one.pulse()

        run.refresh_from_db()
        assert run.heartbeat_at == now
        assert list(WorkerBeat.objects.values_list("worker", "seen_at")) == [(one.name, now)]
        assert ServiceBeat.objects.count() == 0

    def test_service_is_asked_each_minute_until_it_answers(self, now, monkeypatch):
        replies = iter([False, True, True])
        asked = []

        def answer(url):
            asked.append(url)
            return next(replies)

        monkeypatch.setattr(worker, "answers", answer)
        seconds = iter([0, 15, 30, 60])
        one = Worker(clock=lambda: now + timedelta(seconds=next(seconds)), probe_url="http://here")

        for _ in range(4):
            one.pulse()

        assert asked == ["http://here"] * 3
        beats = list(ServiceBeat.objects.order_by("minute").values_list("minute", "is_answered"))
        assert beats == [(now, True), (now + timedelta(minutes=1), True)]

    def test_minute_in_which_candidates_are_kept_out_is_not_answered(self, now, monkeypatch):
        monkeypatch.setattr(worker, "answers", lambda url: True)
        obstacles = iter([True, False])
        registry.keeps_out(lambda: next(obstacles))
        one = Worker(clock=lambda: now, probe_url="http://here")

        one.pulse()
        kept_out = ServiceBeat.objects.get().is_answered
        one.pulse()

        assert (kept_out, ServiceBeat.objects.get().is_answered) == (False, True)

    @pytest.mark.parametrize(
        ("reply", "is_well"),
        [(200, True), (503, False), (301, False), (httpx.ConnectError("no"), False)],
    )
    def test_service_is_well_when_it_says_so(self, respx_mock, reply, is_well):
        route = respx_mock.get("http://service.test/healthz")
        if isinstance(reply, int):
            route.respond(reply, headers={"Location": "http://service.test/"})
        else:
            route.side_effect = reply

        assert answers("http://service.test/healthz") is is_well


@pytest.mark.django_db
class TestCommand:
    def test_once_does_all_there_is_to_do(self, nightly, done, enqueue, frozen, now):
        ran = nightly("tidy")
        frozen.move_to(now - timedelta(days=1))
        call_command("worker", once=True)
        frozen.move_to(now)
        enqueue("note", 1)
        left = [3, 2, 1, 0]
        registry.sweep("rows", every=0)(lambda moment: left.pop(0) if left else 0)

        call_command("worker", once=True)

        assert (ran, done, left) == ([now], [1], [])
        assert JobRun.objects.get().status == "done"

    def test_signal_asks_the_worker_to_stop_and_a_second_one_ends_it(self, monkeypatch):
        handlers = {}
        workers = []
        monkeypatch.setattr(
            signal, "signal", lambda number, handler: handlers.update({number: handler})
        )
        monkeypatch.setattr(Worker, "run", lambda self: workers.append(self))

        Command().handle(once=False)
        handlers[signal.SIGTERM](signal.SIGTERM, None)

        assert workers[0].stop.is_set()
        assert handlers[signal.SIGTERM] == signal.SIG_DFL
        assert callable(handlers[signal.SIGINT])


@pytest.mark.django_db
def test_worker_runs_its_lanes_until_it_is_asked_to_stop(monkeypatch, settings):
    """Threads see another connection than the test, so the lanes here touch no database."""
    met = threading.Barrier(3, timeout=10)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    registry.sweep("rows", every=0)(lambda moment: 0)
    one = Worker()

    def step(name):
        met.wait()
        one.stop.wait(10)
        return False

    monkeypatch.setattr(one, "run_task", partial(step, "task"))
    monkeypatch.setattr(one, "run_job", partial(step, "job"))
    monkeypatch.setattr(one, "sweep", lambda sweep: False)
    monkeypatch.setattr(one, "pulse", lambda: (met.wait(), one.stop.set()))

    one.run()

    assert one.stop.is_set()


@pytest.mark.django_db
def test_pulse_that_fails_is_tried_again(monkeypatch, caplog):
    monkeypatch.setattr(worker, "PULSE", 0.0)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    one = Worker()
    pulses = []

    def pulse():
        pulses.append(1)
        if len(pulses) == 1:
            raise OSError("alix@example.org")
        one.stop.set()

    monkeypatch.setattr(one, "pulse", pulse)

    one._pulse_until_stopped()

    assert len(pulses) == 2
    assert "pulse: OSError" in caplog.text
    assert "alix" not in caplog.text
