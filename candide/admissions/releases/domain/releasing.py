"""Doing a release that was prepared: everything becomes visible, and every mail is queued, in one
short transaction. Whoever dies in it, nothing or all of it happened."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.domain.announcing import Announcement, publish
from candide.admissions.decisions.domain.preparing import Texts, is_place_shown
from candide.admissions.decisions.domain.ranking import places_after
from candide.admissions.decisions.domain.release import draft_blockers
from candide.admissions.decisions.domain.reserve_list import fill_freed, holds_place
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.admissions.releases.domain.planning import releasing_blockers, take_back
from candide.admissions.releases.domain.preparing import (
    change_blockers,
    draft_in,
    kept,
    many_with_drafts,
)
from candide.admissions.releases.enums import ReleaseEvent, ReleaseState, RowState
from candide.admissions.releases.models import Release, ReleaseRow
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.core.failures import frames, summary
from candide.core.keys import Keys
from candide.foundation.history.domain.log import caused_by, log
from candide.institution.catalogue.models import Institution, Intake

logger = logging.getLogger(__name__)


def due(*, now: datetime) -> list[int]:
    """The releases whose hour has come."""
    waiting = Release.objects.filter(state=ReleaseState.PLANNED, planned_for__lte=now)
    return list(waiting.order_by("planned_for", "pk").values_list("pk", flat=True))


def carry_out(pk: int, *, now: datetime) -> bool:
    """Do the release `pk`, if its hour has come and nobody has done it. What keeps it from being
    done opens it again, and says why. False when there was nothing to do."""
    try:
        with transaction.atomic(), Institution.one_reading():
            release = _claimed(pk, now=now)
            if release is None:
                return False
            if prevented_by := _prevented_by(release, now=now):
                _prevent(release, prevented_by)
            else:
                _release(release, now=now)
    except (OperationalError, InterfaceError):
        raise  # the database itself: nothing happened, and it is tried again
    except Exception as error:
        logger.error("release %d: %s\n%s", pk, summary(error), frames(error))
        with transaction.atomic():
            _prevent(Release.objects.locked(pk), ["failed"])
    return True


def _claimed(pk: int, *, now: datetime) -> Release | None:
    waiting = Release.objects.filter(state=ReleaseState.PLANNED, planned_for__lte=now)
    return waiting.with_people().select_for_update(of=("self",), no_key=True).filter(pk=pk).first()


def _prevented_by(release: Release, *, now: datetime) -> list[str]:
    """Rights are asked again: they may have been taken from who planned it."""
    blockers = releasing_blockers(release, today=localdate(now))
    by = release.planned_by
    if by is None or not by.has_perm("releases.steer", release):
        return ["not_allowed", *(blocker.code for blocker in blockers)]
    return [blocker.code for blocker in blockers]


def _prevent(release: Release, codes: list[str]) -> None:
    take_back(release, prevented_by=codes)
    log(release, ReleaseEvent.PREVENTED, codes=codes)


def _release(release: Release, *, now: datetime) -> None:
    rows = list(
        release.rows.filter(state=RowState.PREPARED).select_related("letter").order_by("position")
    )
    applications = _locked_applications(rows)
    drafts = {pk: draft_in(application) for pk, application in applications.items()}
    places = dict(_places(filter(None, drafts.values())))
    held = {pk for pk, application in applications.items() if holds_place(application)}
    texts = Texts()
    leaving, refused = [], []
    for row in rows:
        application, draft = applications[row.application_id], drafts[row.application_id]
        blockers = draft_blockers(application, draft)
        if draft is not None and not blockers:
            place = places.get(application.pk)
            blockers = change_blockers(row, draft, place=place, now=now, texts=texts)
        if draft is None or blockers:
            refused.append(_refuse(row, blockers))
        else:
            leaving.append(Announcement(application, draft, kept(row)))
    with caused_by(release=release.pk):
        publish(leaving, event=DecisionEvent.RELEASED, by=release.planned_by, now=now)
        fill_freed((each.application for each in leaving), held=held, now=now)
    _end(release, refused=refused, number=len(leaving), now=now)


def _locked_applications(rows: Sequence[ReleaseRow]) -> dict[int, Application]:
    """The applications, by key, locked after what is locked before them, each in one order."""
    of = Application.objects.filter(pk__in=Keys(row.application_id for row in rows))
    for intake in sorted(set(of.values_list("intake", flat=True))):
        lock_intake(intake)
    candidates = Candidate.objects.filter(pk__in=of.values("candidate"))
    list(candidates.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    locked = many_with_drafts(of).select_for_update(of=("self",), no_key=True).order_by("pk")
    return {application.pk: application for application in locked}


def _places(drafts: Iterator[Decision]) -> Iterator[tuple[int, int]]:
    """Where on the reserve list those stand who are told it, once all are released."""
    of_intake: dict[Intake, list[Decision]] = defaultdict(list)
    for draft in drafts:
        of_intake[draft.application.intake].append(draft)
    for intake, some in of_intake.items():
        if any(is_place_shown(draft) for draft in some):
            yield from places_after(intake, some).items()


def _refuse(row: ReleaseRow, blockers: Sequence[Blocker]) -> ReleaseRow:
    row.state = RowState.REFUSED
    row.notes = [[blocker.code, str(blocker.message)] for blocker in blockers]
    return row


def _end(release: Release, *, refused: list[ReleaseRow], number: int, now: datetime) -> None:
    ReleaseRow.objects.bulk_update(refused, ["state", "notes"], batch_size=500)
    release.rows.filter(state=RowState.PREPARED).update(state=RowState.RELEASED)
    release.state, release.done_at = ReleaseState.DONE, now
    release.save(update_fields=["state", "done_at"])
    by: Any = release.planned_by
    log(release, ReleaseEvent.DONE, by=by, released=number, refused=len(refused))
