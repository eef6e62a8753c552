"""Who is editing what, until when (« dossier verrouillé ») [LOCK-01…09]."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from candide.core.personal_data import declare
from candide.foundation.leases.enums import LeaseReason

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=1)
RESERVED = timedelta(minutes=5)  # after the hour, for whoever waits


class Lease(models.Model):
    """Somebody edits `resource` (as "candidate:12/address"). It ends by itself: after 15 idle
    minutes, and after an hour when somebody else waits for it."""

    resource = models.CharField(max_length=120, unique=True)
    owner_id = models.BigIntegerField()
    tab = models.CharField(max_length=64)
    reason = models.CharField(max_length=10, choices=LeaseReason.choices)
    taken_at = models.DateTimeField()
    refreshed_at = models.DateTimeField(db_index=True)
    wanted_at = models.DateTimeField(null=True, blank=True)
    wanted_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "lease"
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_at=None, wanted_by_id=None)
                | Q(wanted_at__isnull=False, wanted_by_id__isnull=False),
                name="lease_wanted_by_somebody",
            )
        ]

    @property
    def ends_at(self) -> datetime:
        """When whoever waits gets it at the latest."""
        return self.taken_at + LONGEST

    def is_idle(self, now: datetime) -> bool:
        """Whether its owner has given no sign of life for so long that it is free."""
        return now >= self.refreshed_at + IDLE

    def is_live(self, now: datetime) -> bool:
        """Whether it still keeps others out at `now`."""
        is_over = self.wanted_at is not None and now >= self.ends_at
        return not is_over and not self.is_idle(now)


class Presence(models.Model):
    """Somebody has `resource` open (« collègues présents »). Whoever gives no sign of life for
    fifty seconds is gone."""

    resource = models.CharField(max_length=120)
    person_id = models.BigIntegerField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "presence"
        constraints = [
            models.UniqueConstraint(fields=["resource", "person_id"], name="presence_once")
        ]

    def __str__(self) -> str:
        return f"{self.resource}: {self.person_id}"


declare(Presence, neutral="id resource person_id seen_at")
declare(
    Lease,
    neutral="id resource owner_id tab reason taken_at refreshed_at wanted_at wanted_by_id",
)
