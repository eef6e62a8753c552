"""A job's run of the frozen day (see catalogue.py)."""

from datetime import UTC, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from candide.foundation.jobs import models
from candide.foundation.jobs.enums import RunStatus, TroubleKind

NIGHT = datetime(2027, 3, 15, 1, 0, tzinfo=UTC)


class JobScheduleFactory(DjangoModelFactory):
    class Meta:
        model = models.JobSchedule

    code = factory.Sequence(lambda n: f"job-{n}")
    hour = time(2, 0)
    effective_from = NIGHT - timedelta(days=30)


class JobRunFactory(DjangoModelFactory):
    class Meta:
        model = models.JobRun

    class Params:
        asked = factory.Trait(status=RunStatus.ASKED, started_at=None, heartbeat_at=None)
        done = factory.Trait(status=RunStatus.DONE, finished_at=NIGHT)
        failed = factory.Trait(status=RunStatus.FAILED, finished_at=NIGHT, error="KeyError")

    job = factory.Sequence(lambda n: f"job-{n}")
    due_at = NIGHT
    worker = "machine:1:abc"
    started_at = NIGHT
    heartbeat_at = NIGHT


class JobAlertFactory(DjangoModelFactory):
    class Meta:
        model = models.JobAlert

    job = factory.Sequence(lambda n: f"job-{n}")
    kind = TroubleKind.FAILED
    due_at = NIGHT
    told_at = NIGHT


class WorkerBeatFactory(DjangoModelFactory):
    class Meta:
        model = models.WorkerBeat

    worker = factory.Sequence(lambda n: f"machine:{n}:abc")
    started_at = NIGHT
    seen_at = NIGHT


class ServiceBeatFactory(DjangoModelFactory):
    class Meta:
        model = models.ServiceBeat

    minute = factory.Sequence(lambda n: NIGHT + timedelta(minutes=n))
    is_answered = True
