"""Taking over what the student system knows of a student [FILE-INE-08…10, FILE-PER-06…10,
FILE-INT-02].

A student's data is shown to, and taken over by, nobody but an account the institution signed in
as that student (single sign-on gives it the student number, or a login the student system knows),
or one that proved it: names, date of birth and INE were typed as the institution knows them, *and*
a link mailed to the address the institution knows was followed from that account. Until then
nothing of it is revealed: an INE that is unknown and one whose student has another name look the
same.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.admissions.candidates import mails
from candide.admissions.candidates.domain import claims, student_data
from candide.admissions.candidates.domain.drafts import drop_draft
from candide.admissions.candidates.domain.editing import import_lease_blockers
from candide.admissions.candidates.domain.identity import search_text
from candide.admissions.candidates.domain.indexing import search_changed
from candide.admissions.candidates.domain.student_documents import tell_followers
from candide.admissions.candidates.enums import CandidateEvent, MissedKind, Section
from candide.admissions.candidates.models import (
    Address,
    Baccalaureate,
    Candidate,
    InternalStudies,
    MissedFetch,
    StudentDocument,
)
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.tasks import spur
from candide.core.text import fold
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.sso import is_held, note_student_number, number_taken
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import Student, StudiesYear, Unavailable

PROOF_VALID = timedelta(hours=24)
PROOF_PAUSE = timedelta(minutes=10)
PROOF_SALT = "candide.candidates.student_proof"
IMPORTED_SECTIONS = (Section.IDENTITY, Section.ADDRESS, Section.BACCALAUREATE)


class IneLookup(StrEnum):
    """What looking up the INE of a file led to."""

    NOT_ASKED = "not_asked"
    UNKNOWN = "unknown"
    KNOWN = "known"


# -- Finding the student ---------------------------------------------------------------------------
def signed_in_student(user: Any) -> Student | None:
    """The student the institution signed `user` in as, by number or else by login, if the system
    knows them. May raise `sis.port.Unavailable`."""
    system = sis.current()
    if not system.knows_students:
        return None
    if user.student_number:
        return system.student_by_number(user.student_number)
    student = system.student_by_login(user.student_login) if user.student_login else None
    # One student has one account: the number decides whose.
    return None if student is not None and is_held(student.student_number) else student


def look_up_ine(candidate: Candidate) -> IneLookup:
    """Whether the student system knows the INE `candidate` gave as that of a person of the same
    names and date of birth; asked once for each INE [FILE-INE-09, 10]. May raise
    `sis.port.Unavailable`, and is then asked again the next time."""
    system = sis.current()
    is_wanted = system.knows_students and Institution.current().has_ine_lookup
    is_new = candidate.ine and candidate.ine != candidate.looked_up_ine
    if not is_wanted or not is_new or candidate.is_imported:
        return IneLookup.NOT_ASKED
    found = IneLookup.KNOWN if _student_of_ine(candidate) else IneLookup.UNKNOWN
    candidate.looked_up_ine = candidate.ine
    candidate.save(update_fields=["looked_up_ine"])
    return found


def _student_of_ine(candidate: Candidate) -> Student | None:
    student = sis.current().student_by_ine(candidate.ine)
    return student if student is not None and is_same_person(candidate, student) else None


def is_same_person(candidate: Candidate, student: Student) -> bool:
    """Whether names and date of birth were typed as the institution knows them; accents, capitals
    and further first names are forgiven."""
    first, known_first = fold(candidate.first_name).split(), fold(student.first_name).split()
    return (
        candidate.born_on == student.born_on
        and fold(candidate.birth_name) == fold(student.birth_name)
        and first[:1] == known_first[:1]
    )


# -- Proving to be that student --------------------------------------------------------------------
def proof_blockers(candidate: Candidate, *, now: datetime) -> list[Blocker]:
    """Why no link may be mailed now, apart from what the student system says."""
    if candidate.is_imported:
        return [Blocker("imported", _("Your data have already been taken over."))]
    if candidate.proof_sent_at and now < candidate.proof_sent_at + PROOF_PAUSE:
        message = _(
            "A link was sent a few minutes ago. Look into the mailbox your institution gave you, "
            "the spam folder included, before asking for another one."
        )
        return [Blocker("proof_just_sent", message)]
    return []


def ask_for_proof(candidate: Candidate, *, by: Any, now: datetime) -> None:
    """Mail a link to the address the institution knows of the student. May raise
    `sis.port.Unavailable`."""
    refuse_if(proof_blockers(candidate, now=now))
    student = _student_of_ine(candidate) if candidate.ine else None
    if student is None:
        message = _("Your INE is unknown to our student system.")
        raise Refused([Blocker("ine_unknown", message)])
    if not student.email:
        message = _(
            "The institution knows no e-mail address of yours: ask the registrar's office "
            "(service de scolarité) to correct this, or go on without."
        )
        raise Refused([Blocker("no_address_known", message)])
    _send_proof(candidate, student, by=by, now=now)


@transaction.atomic
def _send_proof(candidate: Candidate, student: Student, *, by: Any, now: datetime) -> None:
    candidate = Candidate.objects.locked(candidate.pk)
    refuse_if(proof_blockers(candidate, now=now))
    candidate.proof_sent_at = now
    candidate.save(update_fields=["proof_sent_at"])
    token = make_token(candidate, student, now=now)
    log(candidate, CandidateEvent.PROOF_SENT, by=by)
    mails.StudentProof(candidate, to=student.email, token=token, until=now + PROOF_VALID).send()


def make_token(candidate: Candidate, student: Student, *, now: datetime) -> str:
    payload = {
        "user": candidate.user_id,
        "number": student.student_number,
        "ine": candidate.ine,
        "until": int((now + PROOF_VALID).timestamp()),
    }
    return signing.dumps(payload, salt=PROOF_SALT)


def proved_student(user: Any, token: str, *, now: datetime) -> Student:
    """The student the link `token` proves `user` to be. Raises `Refused` when it is too old, of
    another account, or of an INE given no more. May raise `sis.port.Unavailable`."""
    try:
        payload = signing.loads(token, salt=PROOF_SALT)
    except signing.BadSignature:
        raise Refused([_bad_link()]) from None
    candidate = Candidate.objects.filter(user=user).first()
    if payload["user"] != user.pk or candidate is None or candidate.ine != payload["ine"]:
        raise Refused([_bad_link()])
    if now.timestamp() > payload["until"]:
        raise Refused([Blocker("link_expired", _("This link is too old: ask for a new one."))])
    student = sis.current().student_by_number(payload["number"])
    if student is None or not is_same_person(candidate, student):
        raise Refused([_bad_link()])
    return student


def _bad_link() -> Blocker:
    message = _(
        "This link belongs to another account, or your file was changed since. Sign in to the "
        "account it was asked for from, or ask for a new link."
    )
    return Blocker("link_invalid", message)


# -- Taking over -----------------------------------------------------------------------------------
def import_student(
    user: Any,
    *,
    student: Student,
    by: Any,
    now: datetime,
    replaces: Collection[str] = (),
    was_signed_in: bool = False,
) -> Candidate:
    """Take over identity, address, baccalaureate and studies here of `student`, whom `user` was
    shown to be; identity and baccalaureate are locked from then on. An address or baccalaureate
    that was typed stays, unless `replaces` names its section; `was_signed_in`: the institution
    itself said who it is, and the account carries the student number from then on. Documents follow
    soon, and studies later where the system does not tell them now. Raises `Refused` while somebody
    else edits these parts [LOCK-07]."""
    refuse_if(import_lease_blockers(user, by=by, now=now))
    studies = _studies_of(student)
    with transaction.atomic():
        if was_signed_in:
            _carry_number(User.objects.locked(user.pk), student.student_number)
        return _import(user, student, studies, set(replaces), by=by, now=now)


def _carry_number(user: User, student_number: str) -> None:
    """One student has one account. Raises `Refused` where somebody came first meanwhile."""
    try:
        with transaction.atomic():
            note_student_number(user, student_number)
    except IntegrityError:  # at this very moment
        user.student_number = ""
    if student_number and user.student_number != student_number:
        raise Refused([number_taken()])


def _studies_of(student: Student) -> list[StudiesYear] | None:
    """None where the system does not say now."""
    try:
        return sis.current().studies(student.student_number)
    except Unavailable:
        return None


def refresh_import(candidate: Candidate, *, by: Any, now: datetime) -> Candidate:
    """Take over again what the student system says now, once it was corrected there."""
    student = sis.current().student_by_number(candidate.student_number)
    if not candidate.is_imported or student is None:
        message = _("The student system does not know you (any more).")
        raise Refused([Blocker("student_unknown", message)])
    return import_student(candidate.user, student=student, by=by, now=now)


@transaction.atomic
def _import(
    user: Any,
    student: Student,
    studies: list[StudiesYear] | None,
    replaces: set[str],
    *,
    by: Any,
    now: datetime,
) -> Candidate:
    institution = Institution.current()
    User.objects.locked(user.pk)
    claims.lock_ines()
    candidate = (
        Candidate.objects.select_for_update(of=("self",), no_key=True).filter(user=user).first()
    )
    candidate = candidate or Candidate(user=user)
    _take_identity(candidate, student, now)
    _take_address(candidate, student, replaces)
    _take_baccalaureate(candidate, student, replaces)
    if institution.has_internal_studies:
        _keep_studies(candidate, studies, now=now)
    if institution.has_student_documents:
        candidate.documents_wanted_at = now
        candidate.save(update_fields=["documents_wanted_at"])
        spur("candidates.fetch_documents", candidate.pk)
    for section in IMPORTED_SECTIONS:
        drop_draft(user, section=section)
    log(candidate, CandidateEvent.IMPORTED, by=by)
    return candidate


def _take_identity(candidate: Candidate, student: Student, now: datetime) -> None:
    entry = student_data.identity_entry_of(student, kept=candidate if candidate.pk else None)
    previous = candidate.ine
    for name, value in entry.items():
        setattr(candidate, name, value)
    candidate.is_imported = True
    candidate.student_number = student.student_number
    candidate.advance()
    candidate.search_text = search_text(candidate)
    search_changed(candidate.user_id)
    if student.ine:
        claims.save_proven(candidate, previous=previous, now=now)
    else:
        claims.save_with_ine(candidate, previous=previous, now=now)


def _keep_studies(
    candidate: Candidate, studies: list[StudiesYear] | None, *, now: datetime
) -> None:
    """Replace the years that were imported; those to come are asked for later."""
    if studies is None:
        MissedFetch.objects.get_or_create(
            user_id=candidate.user_id,
            kind=MissedKind.STUDIES,
            defaults={"missed_at": now, "next_attempt_at": now},
        )
        return
    candidate.internal_studies.all().delete()
    InternalStudies.objects.bulk_create(
        InternalStudies(candidate=candidate, **asdict(year)) for year in studies
    )


def take_studies(candidate: Candidate, *, now: datetime) -> int:
    """Take over the studies here of an imported candidate alone; how many years. May raise
    `sis.port.Unavailable`."""
    studies = sis.current().studies(candidate.student_number)
    with transaction.atomic():
        locked = Candidate.objects.locked(candidate.pk)
        if locked.student_number != candidate.student_number:  # removed meanwhile
            return 0
        _keep_studies(locked, studies, now=now)
    return len(studies)


def _take_address(candidate: Candidate, student: Student, replaces: set[str]) -> None:
    entry = student_data.address_entry_of(student)
    if entry is None:
        return
    kept = Address.objects.filter(candidate=candidate).first()
    if kept is None or kept.is_imported or Section.ADDRESS in replaces:
        _take(kept or Address(candidate=candidate), entry)


def _take_baccalaureate(candidate: Candidate, student: Student, replaces: set[str]) -> None:
    entry = student_data.baccalaureate_entry_of(student)
    if entry is None:
        return
    kept = Baccalaureate.objects.filter(candidate=candidate).first()
    if kept is None or kept.is_imported or Section.BACCALAUREATE in replaces:
        _take(kept or Baccalaureate(candidate=candidate), entry)


def _take(row: Any, entry: dict[str, Any]) -> None:
    for name, value in entry.items():
        setattr(row, name, value)
    row.is_imported = True
    row.advance()
    row.save()


# -- Going back ------------------------------------------------------------------------------------
@transaction.atomic
def remove_import(candidate: Candidate, *, by: Any, now: datetime) -> Candidate:
    """Remove what was imported: address and baccalaureate where they still are as imported,
    studies here, documents; identity becomes the candidate's to change [FILE-PER-08]. The INE
    goes with it, to give another one."""
    refuse_if(import_lease_blockers(candidate.user, by=by, now=now))
    claims.lock_ines()
    candidate = Candidate.objects.locked(candidate.pk)
    Address.objects.filter(candidate=candidate, is_imported=True).delete()
    Baccalaureate.objects.filter(candidate=candidate, is_imported=True).delete()
    InternalStudies.objects.filter(candidate=candidate).delete()
    StudentDocument.objects.filter(candidate=candidate).delete()
    previous, candidate.ine = candidate.ine, ""
    candidate.is_imported = False
    candidate.student_number = ""
    candidate.documents_wanted_at = None
    candidate.proof_sent_at = None
    candidate.looked_up_ine = ""
    candidate.advance()
    candidate.search_text = search_text(candidate)
    search_changed(candidate.user_id)
    claims.save_with_ine(candidate, previous=previous, now=now)
    tell_followers(candidate, now=now)
    log(candidate, CandidateEvent.IMPORT_REMOVED, by=by)
    return candidate
