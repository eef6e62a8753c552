"""What was changed in the text of a mail, language by language."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from candide.foundation.history.domain.log import entries_about
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import User
from candide.institution.mails.models import MailTemplate

SHOWN = 30


@dataclass(frozen=True)
class TextChange:
    """One field in one language; `is_long` where it is better folded."""

    label: str
    before: str
    after: str
    is_long: bool = False


@dataclass(frozen=True)
class TextEntry:
    at: datetime
    who: str
    what: str
    changes: list[TextChange]


def text_history(row: MailTemplate) -> list[TextEntry]:
    """What happened to `row`, newest first; two queries."""
    entries = list(entries_about(row)[:SHOWN])
    people = User.objects.in_bulk({entry.by_id for entry in entries if entry.by_id})
    return [
        TextEntry(
            entry.at,
            str(people[entry.by_id]) if entry.by_id in people else _("the system"),
            str(RowEvent(entry.event).label),
            list(_changes(entry)),
        )
        for entry in entries
    ]


def _changes(entry: HistoryEntry) -> Iterator[TextChange]:
    if entry.event != RowEvent.CHANGED:
        return
    for name, (before, after) in entry.data.get("changes", {}).items():
        label = str(MailTemplate._meta.get_field(name).verbose_name)
        if name in {"subject", "body"}:
            yield from _by_language(label, before, after, is_long=name == "body")
        elif isinstance(after, bool):
            yield TextChange(label, _yes_or_no(before), _yes_or_no(after))
        else:
            yield TextChange(label, str(before or "–"), str(after or "–"))


def _by_language(label: str, before: Any, after: Any, *, is_long: bool) -> Iterator[TextChange]:
    first = _("first text")
    for language, name in settings.LANGUAGES:
        old, new = ((text or {}).get(language, "") for text in (before, after))
        if old != new:
            yield TextChange(f"{label} ({name})", old or first, new or first, is_long)


def _yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")
