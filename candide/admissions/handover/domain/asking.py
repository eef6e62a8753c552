"""When somebody is handed over to the student system, and when that is taken back [5.7]. Called by
those who decide and answer, in their transaction: what is asked for here is a row, told later."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from candide.admissions.applications.models import Application
from candide.admissions.handover.domain.moving import batches, move, save, say
from candide.admissions.handover.enums import HandoverEvent, HandoverState
from candide.admissions.handover.models import HandedDocument, PreEnrolment
from candide.core.keys import Keys
from candide.core.tasks import spur
from candide.institution.catalogue.enums import HandoverMoment
from candide.institution.catalogue.models import Institution
from candide.integrations import sis

SPUR = "handover.send"
STAYS = (HandoverState.TO_SEND, HandoverState.SENT, HandoverState.ACCEPTED)


def confirmed(application: Application, *, is_transferred: bool, by: Any, now: datetime) -> None:
    """The candidate accepted an offer, `is_transferred` when its type of decision hands over."""
    if is_transferred and Institution.current().hands_over:
        ask([application], by=by, now=now)


def given_up(application: Application, *, by: Any, now: datetime) -> None:
    """The candidate withdrew, or was withdrawn at the deadline [5.7]."""
    take_back([application], by=by, now=now)


def decided(
    applications: Sequence[Application],
    *,
    transferred: Sequence[Application],
    by: Any,
    now: datetime,
) -> None:
    """Decisions were released: the answers to those before are void. `transferred` are those whose
    new decision hands over."""
    institution = Institution.current()
    is_early = institution.handover_moment == HandoverMoment.ADMISSION
    asked = list(transferred) if institution.hands_over and is_early else []
    kept = {application.pk for application in asked}
    take_back([each for each in applications if each.pk not in kept], by=by, now=now)
    ask(asked, by=by, now=now)


@transaction.atomic
def ask(applications: Sequence[Application], *, by: Any, now: datetime) -> list[PreEnrolment]:
    """Have these handed over: a row for who has none, a further turn for who was withdrawn; who
    is handed over already stays so. The applications are locked."""
    asked: list[PreEnrolment] = []
    for some in batches(list(applications)):
        known = {row.application_id: row for row in _locked(some)}
        again = [row for row in known.values() if row.state not in STAYS]
        for row in again:
            move(row, HandoverState.TO_SEND, now=now)
        save(again)
        new = [
            PreEnrolment(application=each, created_at=now, changed_at=now, next_attempt_at=now)
            for each in some
            if each.pk not in known
        ]
        PreEnrolment.objects.bulk_create(new)
        asked += [*new, *again]
    say(asked, HandoverEvent.ASKED, by=by)
    tell_soon(asked)
    return asked


@transaction.atomic
def take_back(applications: Sequence[Application], *, by: Any, now: datetime) -> None:
    """Have these withdrawn from the student system, as far as it was told of them."""
    gone, to_tell = [], []
    for some in batches(list(applications)):
        rows = [row for row in _locked(some) if row.is_wanted]
        for row in rows:
            if row.is_held:
                move(row, HandoverState.TO_WITHDRAW, now=now)
                to_tell.append(row)
            else:
                leave(row, now=now)
                gone.append(row)
        save(rows)
    drop_documents(gone)
    say(to_tell, HandoverEvent.WITHDRAWAL_ASKED, by=by)
    say(gone, HandoverEvent.WITHDRAWN, by=by)
    tell_soon(to_tell)


def leave(row: PreEnrolment, *, now: datetime) -> None:
    """Nothing of it is, or is any more, in the student system."""
    move(row, HandoverState.WITHDRAWN, now=now)
    row.is_held = False


def drop_documents(rows: Iterable[PreEnrolment]) -> None:
    """The documents that followed those who left are there no more."""
    gone = Keys(row.pk for row in rows)
    HandedDocument.objects.filter(pre_enrolment__in=gone).delete()


def is_pre_enrolled(application: Application) -> bool:
    """Whether the application is handed over, or soon will be."""
    return PreEnrolment.objects.filter(application=application, is_wanted=True).exists()


def tell_soon(rows: Iterable[PreEnrolment]) -> None:
    """Have the worker tell now, where that is wanted; a sweep does it anyway."""
    if rows and works_at_once():
        spur(SPUR)


def works_at_once() -> bool:
    """Whether what waits is told at once: the institution wants it and the system answers calls."""
    system = sis.current()
    return (
        Institution.current().handover_at_once
        and system.people_at_once > 0
        and not system.makes_files
    )


def _locked(applications: Sequence[Application]) -> list[PreEnrolment]:
    pks = [application.pk for application in applications]
    rows = PreEnrolment.objects.select_for_update(of=("self",)).filter(application__in=Keys(pks))
    return list(rows.order_by("pk"))
