"""Long work asked for by somebody: what to do, on which items, and what came of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.runs.enums import ItemState, RunState


class Run(models.Model):
    """« Action en masse ». `values` is what the kind was told; `memory` what it keeps from one item
    to the next. Whoever holds `claim` until `leased_until` works on it, and nobody else."""

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.PREPARED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=10)
    values = models.JSONField(default=dict, blank=True)
    memory = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("long work")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim=None, leased_until=None)
                | Q(claim__isnull=False, leased_until__isnull=False),
                name="run_claim_and_its_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "stopped", "done"], confirmed_at__isnull=False)
                | Q(state__in=["prepared", "examining", "examined"], confirmed_at=None),
                name="run_works_once_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-created_at"]),
            models.Index(
                fields=["worked_at"],
                condition=Q(state__in=["examining", "running"]),
                name="run_to_work_on",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    @property
    def is_at_work(self) -> bool:
        return self.state in {RunState.EXAMINING, RunState.RUNNING}

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None


class RunItem(models.Model):
    """One item: `says` what will happen or happened, `notes` the reasons of a refusal or the
    warnings it was done in spite of, as [code, message]; `details` are the kind's own. No foreign
    key: the report outlives what it speaks of."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.SELECTED)
    says = models.CharField(max_length=300, blank=True)
    notes = models.JSONField(default=list, blank=True)
    details = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("item of a long work")
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="run_item_has_its_place"),
            models.UniqueConstraint(fields=["run", "subject_id"], name="run_item_once"),
        ]
        indexes = [models.Index(fields=["run", "state", "position"])]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.position}"


declare(
    Run,
    personal="asked_by values",
    neutral=(
        "id kind state language memory version created_at confirmed_at ended_at worked_at claim "
        "leased_until"
    ),
)
declare(
    RunItem,
    personal="says notes details",
    neutral="id run position subject_id state attempts settled_at",
)
