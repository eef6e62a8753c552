"""Who may edit a section of the file now: one at a time, by lease [LOCK-01…07]."""

from datetime import datetime
from typing import Any

from django.db import transaction

from candide.admissions.candidates.enums import CandidateEvent, Section
from candide.core.blockers import Blocker
from candide.foundation.history.domain.log import log
from candide.foundation.leases.domain import leasing
from candide.foundation.leases.enums import LeaseReason
from candide.foundation.leases.models import Lease
from candide.institution.accounts.models import User

IMPORTED_SECTIONS = (Section.IDENTITY, Section.ADDRESS, Section.BACCALAUREATE)


def resource(user: Any, section: Section) -> str:
    """The name of the lease on `section` of the file of `user`; the file may not exist yet."""
    return f"file:{user.pk}/{section.value}"


def begin(user: Any, *, section: Section, by: Any, tab: str, now: datetime) -> Lease:
    """Take or keep the lease on `section` for `by` in the window `tab`. Raises `Refused` with the
    reason and the end while somebody else edits it."""
    reason = LeaseReason.EDITING if by.pk == user.pk else LeaseReason.STAFF
    return leasing.take(resource(user, section), by=by, tab=tab, now=now, reason=reason)


def end(user: Any, *, section: Section, by: Any, tab: str) -> bool:
    return leasing.release(resource(user, section), by=by, tab=tab)


def lease_blockers(user: Any, *, section: Section, by: Any, now: datetime) -> list[Blocker]:
    """Why `by` may not edit `section` now."""
    return leasing.lease_blockers(resource(user, section), by=by, now=now)


def import_lease_blockers(user: Any, *, by: Any, now: datetime) -> list[Blocker]:
    """Why data of the student system may not replace what is in the file now [LOCK-07]."""
    return [
        blocker
        for section in IMPORTED_SECTIONS
        for blocker in lease_blockers(user, section=section, by=by, now=now)
    ]


def leases_on(user: Any, *, now: datetime) -> dict[Section, Lease]:
    """Which sections of the file of `user` somebody edits now."""
    of_resource = {resource(user, section): section for section in Section}
    held = Lease.objects.filter(resource__in=of_resource).order_by("pk")
    return {of_resource[lease.resource]: lease for lease in held if lease.is_live(now)}


def section_of(lease: Lease) -> tuple[int, Section] | None:
    """The account and the section a lease is about; None where it is about something else."""
    kind, _colon, rest = lease.resource.partition(":")
    key, _slash, section = rest.partition("/")
    if kind != "file" or not key.isdecimal() or section not in Section.values:
        return None
    return int(key), Section(section)


@transaction.atomic
def release_lock(lease: Lease, *, by: Any) -> bool:
    """Take the right to edit away from whoever holds it (« libérer le verrou »): what they typed
    meanwhile is shown beside what somebody else saved. Whether it was still held."""
    if not Lease.objects.filter(pk=lease.pk, owner_id=lease.owner_id).delete()[0]:
        return False
    about = section_of(lease)
    account = User.objects.filter(pk=about[0]).first() if about else None
    if about is not None and account is not None:
        log(account, CandidateEvent.SECTION_RELEASED, by=by, section=about[1].value)
    return True


@transaction.atomic
def release_section(user: Any, *, section: Section, by: Any) -> bool:
    """The same, for what somebody edits of the file of `user`."""
    lease = Lease.objects.filter(resource=resource(user, section)).first()
    return lease is not None and release_lock(lease, by=by)


@transaction.atomic
def release_every_lock(*, by: Any) -> int:
    """Release all there is; how many."""
    return sum(release_lock(lease, by=by) for lease in Lease.objects.order_by("pk"))
