"""What every save of a part of the file does: check the version, write, remember, forget the
draft [LOCK-09 REC]."""

from dataclasses import Field, fields
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.drafts import drop_draft
from candide.admissions.candidates.enums import CandidateEvent, Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.log import log


class StaleVersion(Refused):
    """Somebody saved since the form was shown. `current` is the row as it is now, so that the page
    can show the difference; what was typed is still in the form."""

    def __init__(self, current: Model) -> None:
        self.current = current
        message = _("This was changed meanwhile, in another window or by somebody else.")
        super().__init__([Blocker("stale_version", message)])


def lock_candidate(candidate: Candidate) -> Candidate:
    """The candidate's row, locked: saves of one file and its applications come one at a time."""
    return Candidate.objects.locked(candidate.pk)


def stored_fields(entry: Any) -> list[str]:
    """The fields of `entry` that are fields of its row; what only steers the checks is marked
    with `metadata={"steers": True}`."""
    return [each.name for each in fields(entry) if not _steers(each)]


def _steers(each: Field) -> bool:
    return bool(each.metadata.get("steers"))


def changed_fields(row: Model, entry: Any) -> list[str]:
    """Which fields of `row` are other than `entry` says; all of them for a new row."""
    names = stored_fields(entry)
    if row.pk is None:
        return names
    return [name for name in names if getattr(row, name) != getattr(entry, name)]


def write(row: Any, entry: Any, *, version: int, tab: str = "") -> list[str]:
    """Copy `entry` into `row` as its next version, for the caller to save. Returns the changed
    fields; none means that nothing is to be saved, whoever saved the same meanwhile. `tab` is the
    window it was typed in, `version` the one it was shown."""
    changed = changed_fields(row, entry)
    if not changed:
        return []
    if not row.is_seen_from(version=version, tab=tab):
        raise StaleVersion(row)
    for name in changed:
        setattr(row, name, getattr(entry, name))
    row.advance(tab=tab)
    return changed


def remember(
    candidate: Candidate,
    section: Section,
    changed: list[str],
    *,
    by: Any,
    item: str = "",
    row: Model | None = None,
) -> None:
    """History of what was saved, as names of fields, and no draft of it any more."""
    if changed:
        about = {} if row is None else {"item": row.pk}
        log(
            candidate,
            CandidateEvent.SECTION_SAVED,
            by=by,
            section=section.value,
            fields=changed,
            **about,
        )
    drop_draft(by, section=section, item=item)


def years_before(today: date, years: int) -> date:
    """The same day `years` earlier; 28 February where that year has no 29th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)
