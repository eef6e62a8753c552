"""The code a candidate enrols with, entered by hand (« saisie du code OPI ») [B-101]."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.applications.mails import EnrolmentCodeChanged
from candide.admissions.applications.models import Application
from candide.admissions.handover.domain.moving import move
from candide.admissions.handover.enums import TOLD, HandoverEvent, HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log

CODE = re.compile(r"[0-9A-Z]{1,10}")


def pre_enrolment_of(application: Application) -> PreEnrolment | None:
    """Where the hand-over of `application` is, if it was ever asked for."""
    return PreEnrolment.objects.filter(application=application).first()


def shown_code(row: PreEnrolment | None) -> str:
    """The code the candidate sees: once the student system knows of them."""
    return row.code if row is not None and row.state in TOLD else ""


def code_blockers(application: Application, code: str) -> list[Blocker]:
    """Why `code` cannot be entered for `application`."""
    return [*entering_blockers(application), *_bad_code(code)]


def entering_blockers(application: Application) -> list[Blocker]:
    """Why no code can be entered: only somebody who was admitted enrols."""
    blockers = []
    if application.cancelled_at is not None:
        blockers.append(Blocker("cancelled", _("This application was cancelled.")))
    if application.archived_at is not None:
        blockers.append(Blocker("archived", _("This application belongs to a past campaign.")))
    admitted = application.released_outcome == Outcome.FAVOURABLE
    if not admitted or application.answer == CandidateAnswer.WITHDRAWN:
        blockers.append(Blocker("not_admitted", _("Only somebody who was admitted enrols.")))
    return blockers


def code_warnings(application: Application) -> list[Blocker]:
    """What is unwise about it: a code counts as handed over."""
    row = pre_enrolment_of(application)
    if row is None or row.state in TOLD:
        return []
    message = _("With a code entered by hand nothing is sent to the student system.")
    return [Blocker("not_sent", message)]


def code_mark(row: PreEnrolment | None) -> str:
    """What a page sends back to say which code it showed."""
    return f"{row.code}|{row.turn}" if row else ""


@transaction.atomic
def enter_code(
    application: Application,
    code: str,
    *,
    by: Any,
    now: datetime,
    with_mail: bool,
    seen: str | None = None,
) -> None:
    """Enter the code the student system gave somebody: they count as handed over from now on. All
    they enrol in has the same code in mails, but each application its own here."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    row = PreEnrolment.objects.select_for_update().filter(application=application).first()
    if seen is not None and seen != code_mark(row):
        message = _("Somebody changed this meanwhile. Look at it before you go on.")
        refuse_if([Blocker("changed", message)])
    refuse_if(code_blockers(application, code))
    if row is not None and row.leased_until is not None and row.leased_until > now:
        refuse_if([Blocker("being_told", _("It is being handed over at this moment."))])
    row = row or PreEnrolment(
        application=application, created_at=now, changed_at=now, next_attempt_at=now
    )
    if row.state != HandoverState.ACCEPTED:
        move(row, HandoverState.ACCEPTED, now=now)
    before, row.code = row.code, code
    row.is_code_by_hand = row.is_held = True
    row.told_at = row.told_at or now
    row.claim = row.leased_until = None
    row.save()
    log(application, HandoverEvent.CODE_ENTERED, by=by, mail=with_mail)
    if with_mail and before != code:
        name = str(application.intake.programme.name)
        EnrolmentCodeChanged(application, identifier=code, names=[name]).send()


def _bad_code(code: str) -> Iterator[Blocker]:
    if not CODE.fullmatch(code):
        message = _("A code has up to ten digits and capital letters.")
        yield Blocker("bad_code", message, "field:code")
