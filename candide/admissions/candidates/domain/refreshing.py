"""Taking over anew what the student system says of a candidate, by staff, who see first what would
change [B-157]. Only of somebody whose student number, or login, was given by the institution's
sign-in, or who proved it: an INE that was typed proves nothing."""

import hashlib
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.candidates.domain import student_data
from candide.admissions.candidates.domain.comparing import FIELDS
from candide.admissions.candidates.domain.editing import import_lease_blockers
from candide.admissions.candidates.domain.replacing import (
    Change,
    address_changes,
    baccalaureate_changes,
)
from candide.admissions.candidates.domain.student_documents import kinds_asked_for
from candide.admissions.candidates.domain.student_import import import_student, signed_in_student
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import Student


@dataclass(frozen=True)
class Preview:
    """What taking over would change; `mark` tells what was looked at from what is there later."""

    changes: list[Change]
    studies: int
    documents: list[str]
    mark: str


def refreshing_blockers(account: User, *, by: Any, now: datetime) -> list[Blocker]:
    """Why nothing can be taken over for this candidate."""
    candidate = Candidate.objects.filter(user=account).first()
    if not sis.current().knows_students:
        return [Blocker("no_system", _("No student system is connected that knows students."))]
    if candidate is None or not _is_known(candidate):
        message = _("The student number of this candidate was neither given by sign-in nor proved.")
        return [Blocker("not_proved", message)]
    return import_lease_blockers(account, by=by, now=now)


def preview(candidate: Candidate) -> Preview:
    """What the student system says otherwise. May raise `sis.port.Unavailable`, and `Refused`
    when it does not know them."""
    student = _student_of(candidate)
    system, institution = sis.current(), Institution.current()
    changes = [*_identity(candidate, student), *address_changes(candidate, student)]
    changes += baccalaureate_changes(candidate, student)
    studies = system.studies(student.student_number) if institution.has_internal_studies else []
    is_wanted = institution.has_student_documents
    held = system.held_documents(student.student_number, kinds_asked_for()) if is_wanted else []
    known = {(row.sis_code, row.year) for row in candidate.student_documents.all()}
    documents = [
        f"{each.name} ({each.year})" for each in held if (each.code, each.year) not in known
    ]
    said = repr((candidate.pk, candidate.version, changes, studies, documents))
    mark = hashlib.sha256(said.encode()).hexdigest()[:16]
    return Preview(changes=changes, studies=len(studies), documents=documents, mark=mark)


def refresh(candidate: Candidate, *, seen: str, by: Any, now: datetime) -> Candidate:
    """Take over what was shown, and nothing else: what changed since is refused ("changed")."""
    refuse_if(refreshing_blockers(candidate.user, by=by, now=now))
    if preview(candidate).mark != seen:
        message = _("This changed meanwhile. Look at it before you go on.")
        raise Refused([Blocker("changed", message)])
    return import_student(
        candidate.user,
        student=_student_of(candidate),
        replaces=(Section.ADDRESS, Section.BACCALAUREATE),
        by=by,
        now=now,
        was_signed_in=not candidate.student_number,
    )


def _is_known(candidate: Candidate) -> bool:
    account = candidate.user
    return bool(candidate.student_number or account.student_number or account.student_login)


def _student_of(candidate: Candidate) -> Student:
    if candidate.student_number:
        student = sis.current().student_by_number(candidate.student_number)
    else:
        student = signed_in_student(candidate.user)
    if student is None:
        raise Refused([Blocker("unknown", _("The student system does not know this candidate."))])
    return student


def _identity(candidate: Candidate, student: Student) -> list[Change]:
    shadow = copy(candidate)
    for name, value in student_data.identity_entry_of(student, kept=candidate).items():
        setattr(shadow, name, value)
    found = [
        Change(field.label, field.text(candidate), field.text(shadow))
        for field in FIELDS
        if not field.is_of_account
    ]
    return [change for change in found if change.before != change.after]
