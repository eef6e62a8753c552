"""Scheduled jobs (« batchs »), their runs, and signs of life of the worker and of the service."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from candide.core.personal_data import declare
from candide.foundation.jobs.enums import RunStatus, TroubleKind


class JobSchedule(models.Model):
    """When a job runs. A row is made on the first look at a registered job; what was due before
    `effective_from` does not count, so that neither a new installation nor a changed hour nor a
    job just agreed to starts anything by surprise."""

    code = models.CharField(max_length=60, unique=True)
    hour = models.TimeField(null=True, blank=True, help_text="Where the institution is.")
    minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="So often, in place of an hour."
    )
    weekdays = models.JSONField(
        default=list, blank=True, help_text="0 is Monday; empty for every day."
    )
    day = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the month, in place of days of the week."
    )
    month = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Only in this month, on that day."
    )
    is_enabled = models.BooleanField(default=True)
    effective_from = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "schedule of a job"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at=None, agreed_by_id=None)
                | Q(agreed_at__isnull=False, agreed_by_id__isnull=False),
                name="job_agreed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(hour=None) | Q(minutes=None), name="job_has_an_hour_or_a_frequency"
            ),
            models.CheckConstraint(
                condition=Q(day=None, month=None)
                | Q(Q(month=None) | Q(month__range=(1, 12)), day__range=(1, 31), minutes=None),
                name="job_day_of_the_month",
            ),
        ]


class JobRun(models.Model):
    """One run of a job. The database itself refuses two at once."""

    job = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.RUNNING)
    asked_by_id = models.BigIntegerField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)
    progress = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "run of a job"
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=Q(status="running"), name="job_runs_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["job"], condition=Q(status="asked"), name="job_asked_for_once"
            ),
            models.UniqueConstraint(
                fields=["job", "due_at", "attempt"], name="job_attempt_is_one_run"
            ),
        ]
        indexes = [models.Index(fields=["job", "due_at"]), models.Index(fields=["status"])]


class JobAlert(models.Model):
    """Administrators were told of this trouble of a job, once."""

    job = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=TroubleKind.choices)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = "alert about a job"
        constraints = [
            models.UniqueConstraint(fields=["job", "kind", "due_at"], name="job_alert_once"),
        ]


class WorkerBeat(models.Model):
    """A worker process says that it lives, and what it does."""

    worker = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- moment of writing
    seen_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    doing = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "sign of life of a worker"


class ServiceBeat(models.Model):
    """In this minute the worker asked the web address for its health, and it answered or not.
    A minute without a row is not known to have been answered."""

    minute = models.DateTimeField(unique=True)
    is_answered = models.BooleanField()

    class Meta:
        verbose_name = "sign of life of the service"


declare(
    JobSchedule,
    neutral=(
        "id code hour minutes weekdays day month is_enabled effective_from agreed_at agreed_by_id"
    ),
)
declare(
    JobRun,
    neutral=(
        "id job due_at attempt status asked_by_id worker started_at heartbeat_at finished_at "
        "counts total progress error"
    ),
)
declare(JobAlert, neutral="id job kind due_at told_at")
declare(WorkerBeat, neutral="id worker started_at seen_at stopped_at doing")
declare(ServiceBeat, neutral="id minute is_answered")
