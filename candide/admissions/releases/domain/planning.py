"""When a release is to happen, who agreed to it, and giving it up."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.releases.enums import ReleaseEvent, ReleaseState, RowState
from candide.admissions.releases.models import Release
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.core.tasks import spur
from candide.foundation.history.domain.log import log
from candide.foundation.runs.domain.asking import stop, stopping_blockers
from candide.foundation.runs.enums import RunState
from candide.institution.catalogue.models import Institution

SPUR = "releases.do"
ALIVE = {ReleaseState.OPEN, ReleaseState.PLANNED}


def releasing_blockers(release: Release, *, today: date) -> list[Blocker]:
    """Why it cannot be released now."""
    return [*_ready(release), *_day(release, today), *_agreed(release)]


def planning_blockers(release: Release, moment: datetime, *, now: datetime) -> list[Blocker]:
    """Why it cannot be released at `moment`. Somebody may still agree until then."""
    blockers = [*_ready(release), *_day(release, localdate(moment))]
    if moment < now:
        blockers.append(Blocker("in_the_past", _("Choose a later hour."), "field:moment"))
    return blockers


def needs_agreement(release: Release) -> bool:
    """Whether a second person has to agree: the institution asks for it above a number."""
    above = Institution.current().release_agreement_above
    if above is None:
        return False
    return release.rows.filter(state=RowState.PREPARED).count() > above


@transaction.atomic
def plan(
    release: Release, moment: datetime, *, by: Any, now: datetime, seen: int | None = None
) -> None:
    """Have the worker release it at `moment`, instead of any moment before. `seen` is the version
    that was looked at."""
    release = _locked(release)
    refuse_if([*_seen(release, seen), *planning_blockers(release, moment, now=now)])
    _plan(release, moment, by=by)


@transaction.atomic
def release_now(release: Release, *, by: Any, now: datetime, seen: int | None = None) -> None:
    """Have the worker release it at once."""
    release = _locked(release)
    refuse_if([*_seen(release, seen), *releasing_blockers(release, today=localdate(now))])
    _plan(release, now, by=by)
    spur(SPUR, release.pk)


def _plan(release: Release, moment: datetime, *, by: Any) -> None:
    release.state = ReleaseState.PLANNED
    release.planned_for, release.planned_by, release.prevented_by = moment, by, []
    release.save(update_fields=["state", "planned_for", "planned_by", "prevented_by"])
    log(release, ReleaseEvent.PLANNED, by=by, moment=moment.isoformat())


def unplanning_blockers(release: Release) -> list[Blocker]:
    """Why there is no plan to take back."""
    if release.state == ReleaseState.PLANNED:
        return []
    return [Blocker("not_planned", _("This release is not planned."))]


@transaction.atomic
def unplan(release: Release, *, by: Any) -> None:
    """Do not release it at its hour. It stays prepared."""
    release = _locked(release)
    refuse_if(unplanning_blockers(release))
    take_back(release)
    log(release, ReleaseEvent.UNPLANNED, by=by)


def take_back(release: Release, *, prevented_by: list[str] | None = None) -> None:
    """Open a planned release, which is locked, again."""
    release.state, release.planned_for = ReleaseState.OPEN, None
    release.prevented_by = prevented_by or []
    release.save(update_fields=["state", "planned_for", "prevented_by"])


def agreeing_blockers(release: Release) -> list[Blocker]:
    """Why there is nothing to agree to."""
    blockers = [*_ready(release)]
    if release.agreed_at is not None:
        blockers.append(Blocker("agreed", _("Somebody has agreed to it.")))
    return blockers


@transaction.atomic
def agree(release: Release, *, by: Any, now: datetime, seen: int | None = None) -> None:
    """« Donner son accord »: somebody else than who prepared it has looked at it."""
    release = _locked(release)
    refuse_if([*_seen(release, seen), *agreeing_blockers(release)])
    release.agreed_by, release.agreed_at = by, now
    release.save(update_fields=["agreed_by", "agreed_at"])
    log(release, ReleaseEvent.AGREED, by=by, version=release.version)


def giving_up_blockers(release: Release) -> list[Blocker]:
    """Why it cannot be given up."""
    return [*_alive(release)]


@transaction.atomic
def give_up(release: Release, *, by: Any, now: datetime) -> None:
    """Do not release it at all. Its decisions stay drafts; what is being prepared is dropped."""
    release = _locked(release)
    refuse_if(giving_up_blockers(release))
    release.state, release.planned_for = ReleaseState.GIVEN_UP, None
    release.save(update_fields=["state", "planned_for"])
    if release.run is not None and not stopping_blockers(release.run):
        stop(release.run, by=by, now=now)
    log(release, ReleaseEvent.GIVEN_UP, by=by)


def _locked(release: Release) -> Release:
    return Release.objects.with_people().locked(release.pk)


def _seen(release: Release, seen: int | None) -> Iterator[Blocker]:
    if seen is not None and seen != release.version:
        message = _("It was prepared again meanwhile: look at it before you go on.")
        yield Blocker("changed", message)


def _alive(release: Release) -> Iterator[Blocker]:
    if release.state not in ALIVE:
        yield Blocker("over", _("This release is over."))


def _ready(release: Release) -> Iterator[Blocker]:
    yield from _alive(release)
    if release.run is None or release.run.state != RunState.DONE:
        yield Blocker("not_prepared", _("This release is not prepared yet."))
    elif not release.rows.filter(state=RowState.PREPARED).exists():
        yield Blocker("nothing_prepared", _("No decision of this release could be prepared."))


def _day(release: Release, day: date) -> Iterator[Blocker]:
    if release.day != day:
        message = _(
            "Mails and letters were prepared for %(day)s: prepare them again for another day."
        )
        yield Blocker("other_day", message % {"day": long_date(release.day)}, "field:moment")


def _agreed(release: Release) -> Iterator[Blocker]:
    if release.agreed_at is None and needs_agreement(release):
        yield Blocker("not_agreed", _("A second person has to agree to it first."))
