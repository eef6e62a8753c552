"""Beginning a release of many decisions, and beginning its preparation again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.models import Application
from candide.admissions.releases.domain.preparing import KIND
from candide.admissions.releases.enums import ReleaseEvent, ReleaseState, RowState
from candide.admissions.releases.models import Release, ReleaseRow
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log
from candide.foundation.runs.domain.asking import begin, selecting_blockers
from candide.institution.access.enums import Capability
from candide.institution.access.scope import within
from candide.institution.catalogue.models import Programme

COMMISSION = "intake__programme__commission"
EMPTY: dict[str, Any] = {
    "state": RowState.WAITING,
    "type": None,
    "says": "",
    "fingerprint": "",
    "rank_told": None,
    "language": "",
    "has_mail": False,
    "subject": "",
    "text": "",
    "html": "",
    "letter": None,
    "attaches": False,
    "notes": [],
}


def releasable_by(user: Any) -> Any:
    """The applications whose decisions `user` may release."""
    reached = Application.objects.all().visible_to(user)
    return reached.filter(within(user, Capability.RELEASE_DECISIONS, COMMISSION))


def day_blockers(day: date, *, today: date) -> list[Blocker]:
    """Why nothing can be prepared for that day."""
    if day < today:
        return [Blocker("in_the_past", _("Choose today or a later day."), "field:day")]
    return []


@transaction.atomic
def begin_release(application_pks: Iterable[int], *, day: date, by: Any, now: datetime) -> Release:
    """Begin to prepare what candidates will get when the drafts of these applications are released
    on `day`. Nothing anybody sees changes."""
    pks = list(dict.fromkeys(application_pks))
    refuse_if([*selecting_blockers(len(pks)), *day_blockers(day, today=localdate(now))])
    reached = dict(releasable_by(by).filter(pk__in=pks).values_list("pk", "intake__programme"))
    refuse_if(_reach_blockers(len(pks) - len(reached)))
    release = Release.objects.create(day=day, created_at=now, created_by=by)
    release.programmes.set(Programme.objects.filter(pk__in=set(reached.values())))
    ReleaseRow.objects.bulk_create(
        (
            ReleaseRow(release=release, application_id=pk, position=position)
            for position, pk in enumerate(pks, start=1)
        ),
        batch_size=1000,
    )
    log(release, ReleaseEvent.BEGUN, by=by, number=len(pks), day=day.isoformat())
    _prepare_rows(release, by=by, now=now)
    return release


def _reach_blockers(number: int) -> list[Blocker]:
    if not number:
        return []
    message = ngettext(
        "You may not release the decision of %(number)d application of the selection.",
        "You may not release the decisions of %(number)d applications of the selection.",
        number,
    )
    return [Blocker("out_of_reach", message % {"number": number})]


def preparing_again_blockers(release: Release) -> list[Blocker]:
    """Why it cannot be prepared again: it is planned or over, or being prepared just now."""
    if release.state == ReleaseState.PLANNED:
        return [Blocker("planned", _("This release is planned: take it back first."))]
    if release.state != ReleaseState.OPEN:
        return [Blocker("over", _("This release is over."))]
    if release.run is not None and release.run.is_at_work:
        return [Blocker("at_work", _("This release is being prepared."))]
    return []


@transaction.atomic
def prepare_again(release: Release, *, day: date, by: Any, now: datetime) -> None:
    """Make every mail and letter anew, for `day`. What was agreed to is no more."""
    release = Release.objects.locked(release.pk)
    refuse_if([*preparing_again_blockers(release), *day_blockers(day, today=localdate(now))])
    release.rows.update(**EMPTY)
    release.day, release.agreed_by, release.agreed_at = day, None, None
    release.version += 1
    release.prevented_by = []
    release.save(update_fields=["day", "agreed_by", "agreed_at", "version", "prevented_by"])
    log(release, ReleaseEvent.PREPARED_AGAIN, by=by, day=day.isoformat())
    _prepare_rows(release, by=by, now=now)


def _prepare_rows(release: Release, *, by: Any, now: datetime) -> None:
    pks = release.rows.order_by("position").values_list("application", flat=True)
    release.run = begin(KIND, pks, {"release": release.pk}, by=by, now=now)
    release.save(update_fields=["run"])


@transaction.atomic
def begin_with_the_rest(release: Release, *, day: date, by: Any, now: datetime) -> Release:
    """Another release, of the decisions that did not leave with this one."""
    left = release.rows.exclude(state=RowState.RELEASED).order_by("position")
    if release.state != ReleaseState.DONE:
        raise Refused([Blocker("not_done", _("This release is not done yet."))])
    return begin_release(left.values_list("application", flat=True), day=day, by=by, now=now)
