"""Who reads and writes notes and messages."""

from typing import Any

import rules
from django.db.models import QuerySet

from candide.admissions.applications.rules import is_applicant, programme_of, reads
from candide.admissions.correspondence.models import Message, Note
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.scope import can, reach_of, within

TO_COMMISSION = "application__intake__programme__commission"

writes_notes = can(Capability.WRITE_NOTES, programme_of)
writes_to_candidates = can(Capability.WRITE_TO_CANDIDATES, programme_of)


@rules.predicate
def is_author(user: Any, note: Note | None) -> bool:
    return note is not None and note.author_id == user.pk


@rules.predicate
def writes_notes_there(user: Any, note: Note | None) -> bool:
    return note is not None and writes_notes(user, note.application)


rules.add_perm("correspondence.read_notes", reads)
rules.add_perm("correspondence.write_note", reads & writes_notes)
rules.add_perm("correspondence.change_note", is_author & writes_notes_there)
rules.add_perm("correspondence.read_thread", is_applicant | reads)
rules.add_perm("correspondence.write_to_staff", is_applicant)
rules.add_perm("correspondence.write_to_candidate", reads & writes_to_candidates)


def _seen_by_staff(queryset: QuerySet, user: Any) -> QuerySet:
    return queryset.filter(within(user, Capability.VIEW_APPLICATIONS, TO_COMMISSION))


@visibility(Note)
def visible_notes(queryset: QuerySet, user: Any) -> QuerySet:
    """Staff in reach of the application, and nobody else."""
    return _seen_by_staff(queryset, user)


@visibility(Message)
def visible_messages(queryset: QuerySet, user: Any) -> QuerySet:
    """Staff in reach of the application; its candidate."""
    if reach_of(user, Capability.VIEW_APPLICATIONS):
        return _seen_by_staff(queryset, user)
    if getattr(user, "is_authenticated", False):
        return queryset.filter(application__candidate__user_id=user.pk)
    return queryset.none()
