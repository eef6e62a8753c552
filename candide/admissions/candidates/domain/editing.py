"""Who may edit a section of the file now: one at a time, by lease [LOCK-01…07]."""

from datetime import datetime
from typing import Any

from candide.admissions.candidates.enums import Section
from candide.core.blockers import Blocker
from candide.foundation.leases.domain import leasing
from candide.foundation.leases.enums import LeaseReason
from candide.foundation.leases.models import Lease

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
