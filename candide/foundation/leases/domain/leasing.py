"""Taking, keeping and giving back the right to edit something [LOCK-01…09, REC]. Reading takes no
lease and staff actions need none; beneath it every save is checked against the row's version."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.leases.enums import LeaseReason
from candide.foundation.leases.models import RESERVED, Lease

TAB_LENGTH = 64


def lease_blockers(resource: str, *, by: Any, now: datetime) -> list[Blocker]:
    """Why `by` may not edit `resource` now; empty when they may. Takes nothing: pages ask it to
    say beforehand that somebody else is at it."""
    lease = Lease.objects.filter(resource=resource).first()
    return [] if lease is None else _blockers(lease, by=by, now=now)


def take(
    resource: str,
    *,
    by: Any,
    tab: str,
    now: datetime,
    reason: LeaseReason = LeaseReason.EDITING,
) -> Lease:
    """Let `by` edit `resource` in the window `tab`. The same person goes on in another window,
    and the version check keeps the former one from writing over it. While somebody else edits it
    raises `Refused`, and notes that one waits: after an hour the one who waits gets it."""
    lease, blockers = _take_or_wait(resource, by=by, tab=tab, reason=reason, now=now)
    refuse_if(blockers)  # outside the transaction: that one waits stays noted
    return lease


def release(resource: str, *, by: Any, tab: str) -> bool:
    """Give the lease back; whether it was still held by this window."""
    mine = Lease.objects.filter(resource=resource, owner_id=by.pk, tab=tab[:TAB_LENGTH])
    return mine.delete()[0] > 0


def release_held(resource: str) -> Lease | None:
    """Take the lease from whoever holds it, as staff may who are waited for; what it was, or None
    where nobody held it. Whoever held it is told so when they save next."""
    lease = Lease.objects.filter(resource=resource).first()
    if lease is not None:
        lease.delete()
    return lease


def release_all(*, by: Any) -> int:
    """Give back whatever `by` holds, as at signing out; how many leases it was."""
    return Lease.objects.filter(owner_id=by.pk).delete()[0]


def holder(resource: str, *, now: datetime) -> Lease | None:
    """The lease that keeps others from editing `resource` at `now`, if any."""
    lease = Lease.objects.filter(resource=resource).first()
    return lease if lease is not None and lease.is_live(now) else None


def forget_ended(*, now: datetime) -> int:
    """Delete leases that ended long ago; how many."""
    return Lease.objects.filter(refreshed_at__lt=now - 24 * RESERVED).delete()[0]


@transaction.atomic
def _take_or_wait(
    resource: str, *, by: Any, tab: str, reason: LeaseReason, now: datetime
) -> tuple[Lease, list[Blocker]]:
    tab = tab[:TAB_LENGTH]
    lease, is_new = Lease.objects.select_for_update().get_or_create(
        resource=resource,
        defaults={
            "owner_id": by.pk,
            "tab": tab,
            "reason": reason,
            "taken_at": now,
            "refreshed_at": now,
        },
    )
    if is_new:
        return lease, []
    blockers = _blockers(lease, by=by, now=now)
    if blockers:
        if lease.owner_id != by.pk:
            lease.wanted_at, lease.wanted_by_id = now, by.pk
            lease.save(update_fields=["wanted_at", "wanted_by_id"])
        return lease, blockers
    if lease.owner_id != by.pk or not lease.is_live(now):
        # Another window of the same person does not begin another hour; anything else does.
        lease.owner_id, lease.taken_at = by.pk, now
        lease.wanted_at = lease.wanted_by_id = None
    lease.tab, lease.reason, lease.refreshed_at = tab, reason, now
    lease.save()
    return lease, []


def _blockers(lease: Lease, *, by: Any, now: datetime) -> list[Blocker]:
    if lease.is_idle(now):
        return []
    if lease.owner_id == by.pk:
        if lease.wanted_at is None or not lease.ends_at <= now < lease.ends_at + RESERVED:
            return []
        return [
            Blocker(
                "lease_over",
                _(
                    "Somebody else was waiting to change this. You can go on at %(time)s, "
                    "unless they are at it by then."
                )
                % {"time": _hour(lease.ends_at + RESERVED)},
            )
        ]
    if now >= lease.ends_at:
        return []
    return [
        Blocker(
            "leased",
            _(
                "Account locked by another user: %(reason)s. Try again in a few minutes; "
                "it will be free at %(time)s at the latest."
            )
            % {"reason": LeaseReason(lease.reason).label, "time": _hour(lease.ends_at)},
        )
    ]


def _hour(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "TIME_FORMAT")
