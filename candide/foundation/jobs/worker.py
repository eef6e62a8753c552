"""The worker process: runs queued tasks, sweeps rows that wait, runs jobs that are due, and gives
signs of life. Any number of them may run on any number of machines; each piece of work is claimed
by a row, so one that dies (kill -9 included) loses nothing."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import httpx
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from candide.core.failures import frames, summary
from candide.foundation.jobs.domain import running, service
from candide.foundation.jobs.registry import Sweep, candidates_are_out, sweeps

logger = logging.getLogger(__name__)

PULSE = 15.0
PROBE_SECONDS = 5.0
SHORTEST_NAP, LONGEST_NAP, NAP_AFTER_ERROR = 0.05, 2.0, 10.0
JOBS_NAP = 20.0

Clock = Callable[[], datetime]
Step = Callable[[], bool]


def read_clock() -> datetime:
    return timezone.now()  # noqa: TID251 -- the edge


@dataclass
class Lane:
    """One kind of work, in a thread of its own, so that none waits for another: `step` does a
    piece of it and says whether there was one; naps grow while there is none."""

    name: str
    step: Step
    longest_nap: float = LONGEST_NAP
    thread: threading.Thread = field(init=False)

    def start(self, stop: threading.Event) -> None:
        self.thread = threading.Thread(target=self.run, args=(stop,), name=self.name)
        self.thread.start()

    def run(self, stop: threading.Event) -> None:
        nap = SHORTEST_NAP
        try:
            while not stop.is_set():
                try:
                    close_old_connections()
                    nap = SHORTEST_NAP if self.step() else min(nap * 2, self.longest_nap)
                except Exception as error:
                    # Whatever it was (a database being restarted, say), the next try may succeed.
                    logger.error("worker: %s: %s\n%s", self.name, summary(error), frames(error))
                    nap = NAP_AFTER_ERROR
                if nap > SHORTEST_NAP:
                    stop.wait(nap)
        finally:
            connection.close()


class Worker:
    """What `candide worker` runs."""

    def __init__(self, *, clock: Clock = read_clock, probe_url: str = "") -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[:120]
        self.clock = clock
        self.probe_url = probe_url
        self.stop = threading.Event()
        self._answered_in: datetime | None = None
        self._next_sweep = {sweep.code: 0.0 for sweep in sweeps()}

    def run(self) -> None:
        """Work until asked to stop, then end what was begun: one mail, one task, one row."""
        lanes = [
            Lane("tasks", self.run_task),
            Lane("jobs", self.run_job, longest_nap=JOBS_NAP),
            *(Lane(sweep.code, partial(self.sweep, sweep)) for sweep in sweeps()),
        ]
        for lane in lanes:
            lane.start(self.stop)
        try:
            self._pulse_until_stopped()
        finally:
            self.stop.set()
            for lane in lanes:
                lane.thread.join()
            service.worker_stopped(self.name, now=self.clock())

    def run_once(self) -> None:
        """Do all there is to do now, and return (`--once`)."""
        steps = [self.run_job, self.run_task]
        steps += [partial(self.sweep, sweep) for sweep in sweeps()]
        while any([step() for step in steps]):
            pass

    # -- The lanes ----------------------------------------------------------------------------

    def run_job(self) -> bool:
        """Run one job that is due."""
        row = running.run_next_job(clock=self.clock, worker=self.name, stopping=self.stop.is_set)
        return row is not None

    def run_task(self) -> bool:
        """Run one task of the queue. A task that fails is not repeated: what it spurred is a row
        that is swept."""
        if not DBTaskResult.objects.ready().exists():
            return False
        with transaction.atomic():
            row = DBTaskResult.objects.ready().get_locked()
            if row is None:
                return False
            row.claim(self.name[:64])
        try:
            row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
        except Exception as error:
            logger.error("task %s failed: %s\n%s", row.id, summary(error), frames(error))
            DBTaskResult.objects.filter(pk=row.pk).update(
                status="FAILED",
                finished_at=self.clock(),
                exception_class_path=summary(error),
                traceback=frames(error),
            )
        else:
            DBTaskResult.objects.filter(pk=row.pk).delete()
        return True

    def sweep(self, sweep: Sweep) -> bool:
        """Call `sweep` if its time has come."""
        if time.monotonic() < self._next_sweep[sweep.code]:
            return False
        done = sweep.function(self.clock())
        self._next_sweep[sweep.code] = 0.0 if done else time.monotonic() + sweep.every
        return bool(done)

    # -- Signs of life ------------------------------------------------------------------------

    def _pulse_until_stopped(self) -> None:
        while not self.stop.is_set():
            try:
                close_old_connections()
                self.pulse()
            except Exception as error:
                logger.error("worker: pulse: %s\n%s", summary(error), frames(error))
            self.stop.wait(PULSE)

    def pulse(self) -> None:
        """Say that this process and the job it runs live, and ask the service for its health. It
        is well in maintenance too, in which no candidate can answer."""
        now = self.clock()
        service.worker_seen(self.name, now=now)
        running.beat(worker=self.name, now=now)
        minute = now.replace(second=0, microsecond=0)
        if self.probe_url and self._answered_in != minute:
            is_answered = answers(self.probe_url) and not candidates_are_out()
            service.record_answer(now=now, is_answered=is_answered)
            self._answered_in = minute if is_answered else None


def answers(url: str) -> bool:
    """Whether the web address answers that it is well."""
    try:
        return httpx.get(url, timeout=PROBE_SECONDS).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
