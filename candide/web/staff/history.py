"""History in sentences: who did what, when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.candidates.enums import CandidateEvent
from candide.admissions.decisions.enums import DecisionEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import User

LABELS = {
    member.value: member.label
    for enum in (ApplicationEvent, CandidateEvent, DecisionEvent)
    for member in enum
}


@dataclass(frozen=True)
class Sentence:
    """One entry as people read it."""

    at: datetime
    who: str
    what: str
    details: list[tuple[str, Any]]


def sentences(entries: Iterable[HistoryEntry]) -> list[Sentence]:
    """Entries with the names of who did them; one query for all names."""
    entries = list(entries)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={e.by_id for e in entries})}
    return [
        Sentence(
            at=entry.at,
            who=names.get(entry.by_id, _("Candide")) if entry.by_id else _("Candide"),
            what=str(LABELS.get(entry.event, entry.event)),
            details=[(key, value) for key, value in entry.data.items() if value not in (None, "")],
        )
        for entry in entries
    ]
