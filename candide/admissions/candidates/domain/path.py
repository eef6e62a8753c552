"""What the candidate studied elsewhere and did: external studies, internships, work
(« cursus externe, stages, expériences professionnelles ») [FILE-EXT, FILE-STG, FILE-PRO]."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.saving import (
    changed_fields,
    lock_candidate,
    remember,
    write,
)
from candide.admissions.candidates.domain.schools import place_blockers, tidy_place
from candide.admissions.candidates.domain.writing import (
    one_line,
    required,
    several_lines,
    too_long,
)
from candide.admissions.candidates.enums import CandidateEvent, Section, StudyResult
from candide.admissions.candidates.models import (
    Candidate,
    ExternalStudies,
    Internship,
    WorkExperience,
)
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log
from candide.institution.reference.models import (
    Commune,
    Country,
    Department,
    DiplomaFamily,
    Honours,
    School,
)

EARLIEST_YEAR = 1900
MOST_ITEMS = 60
NEW = "new"


@dataclass(frozen=True, kw_only=True)
class ExternalStudiesEntry:
    country: Country | None = None
    department: Department | None = None
    commune: Commune | None = None
    school: School | None = None
    school_name: str = ""
    year: int | None = None
    family: DiplomaFamily | None = None
    label: str = ""
    result: str = ""
    honours: Honours | None = None


@dataclass(frozen=True, kw_only=True)
class InternshipEntry:
    year: int | None = None
    duration: str = ""
    weekly_hours: int | None = None
    organisation: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkEntry:
    year: int | None = None
    title: str = ""
    duration: str = ""
    organisation: str = ""
    description: str = ""


def _studies_blockers(entry: ExternalStudiesEntry, kept: Any) -> Iterator[Blocker]:
    yield from place_blockers(entry, secondary=False, kept=kept)
    if entry.family is None:
        yield required("family")
    if not entry.label:
        yield required("label")
    if not entry.result:
        yield required("result")
    elif entry.result not in StudyResult.values:
        yield Blocker("unknown_choice", _("Choose one of the list."), "field:result")


def _internship_blockers(entry: InternshipEntry, kept: Any) -> Iterator[Blocker]:
    for name in ("duration", "organisation", "description"):
        if not getattr(entry, name):
            yield required(name)
    if entry.weekly_hours is not None and not 0 <= entry.weekly_hours <= 168:
        message = _("A week has 168 hours at most.")
        yield Blocker("weekly_hours", message, "field:weekly_hours")


def _work_blockers(entry: WorkEntry, kept: Any) -> Iterator[Blocker]:
    for name in ("title", "duration", "organisation"):
        if not getattr(entry, name):
            yield required(name)


@dataclass(frozen=True)
class Kind:
    """One of the three lists: its rows, its section, what is special about it."""

    model: type[Model]
    section: Section
    blockers: Callable[[Any, Any], Iterable[Blocker]]
    longest: dict[str, int]


KINDS: dict[type, Kind] = {
    ExternalStudiesEntry: Kind(
        ExternalStudies, Section.EXTERNAL_STUDIES, _studies_blockers, {"label": 255}
    ),
    InternshipEntry: Kind(
        Internship,
        Section.INTERNSHIPS,
        _internship_blockers,
        {"duration": 20, "organisation": 50, "description": 500},
    ),
    WorkEntry: Kind(
        WorkExperience,
        Section.WORK,
        _work_blockers,
        {"title": 50, "duration": 20, "organisation": 50, "description": 500},
    ),
}
SECTION_OF_MODEL = {kind.model: kind.section for kind in KINDS.values()}


def tidy_item(entry: Any) -> Any:
    """`entry` as it is written down."""
    texts = {name: one_line(getattr(entry, name)) for name in KINDS[type(entry)].longest}
    if "description" in texts:
        texts["description"] = several_lines(entry.description)
    place = tidy_place(entry) if isinstance(entry, ExternalStudiesEntry) else {}
    return replace(entry, **texts, **place)


def item_blockers(entry: Any, *, today: date, kept: Any = None) -> list[Blocker]:
    """What is wrong with `entry` (tidied)."""
    kind = KINDS[type(entry)]
    return [
        *_year(entry.year, today),
        *kind.blockers(entry, kept),
        *(
            blocker
            for name, most in kind.longest.items()
            for blocker in too_long(name, most, getattr(entry, name))
        ),
    ]


def _year(year: int | None, today: date) -> Iterator[Blocker]:
    last = today.year + 1
    if year is None:
        yield required("year")
    elif not EARLIEST_YEAR <= year <= last:
        message = _("Enter a year between %(first)d and %(last)d.") % {
            "first": EARLIEST_YEAR,
            "last": last,
        }
        yield Blocker("year", message, "field:year")


@transaction.atomic
def save_item(
    candidate: Candidate,
    *,
    entry: Any,
    by: Any,
    now: datetime,
    pk: int | None = None,
    version: int = 0,
    tab: str = "",
) -> Any:
    """Add what `entry` says to its list, or change the row `pk` of it. Raises `Refused`, or
    `StaleVersion` when it was changed meanwhile."""
    kind = KINDS[type(entry)]
    candidate = lock_candidate(candidate)
    rows = kind.model._default_manager.filter(candidate=candidate)
    kept = rows.filter(pk=pk).first() if pk else None
    refuse_if(_still_there(pk, kept))
    entry = tidy_item(entry)
    row = kept or _sent_twice(rows, entry, tab)
    refuse_if(
        [
            *(() if row else _room(rows.count())),
            *item_blockers(entry, today=localdate(now), kept=kept),
        ]
    )
    row = row or kind.model(candidate=candidate)
    changed = write(row, entry, version=version if kept else 0, tab=tab)
    if changed:
        row.save()
    remember(candidate, kind.section, changed, by=by, item=draft_key(pk), row=row)
    return row


def draft_key(pk: int | None) -> str:
    """Under which a draft of the line `pk`, or of a new one, is kept."""
    return str(pk) if pk else NEW


def _sent_twice(rows: Any, entry: Any, tab: str) -> Any:
    """The line that this very form has added a moment ago, sent by a second click."""
    twin = rows.filter(tab=tab).first() if tab else None
    return twin if twin is not None and not changed_fields(twin, entry) else None


def _still_there(pk: int | None, kept: Any) -> Iterator[Blocker]:
    if pk and kept is None:
        message = _("This line was deleted meanwhile, in another window or by somebody else.")
        yield Blocker("deleted", message)


def _room(count: int) -> Iterator[Blocker]:
    if count >= MOST_ITEMS:
        message = _("There is room for %(most)d lines: join several into one.") % {
            "most": MOST_ITEMS
        }
        yield Blocker("too_many", message)


@transaction.atomic
def delete_item(row: Any, *, by: Any) -> None:
    """Take `row` off its list. One that is gone already is fine."""
    section = SECTION_OF_MODEL[type(row)]
    candidate = lock_candidate(row.candidate)
    pk = row.pk
    deleted, _by_model = type(row)._default_manager.filter(pk=pk).delete()
    if deleted:
        log(candidate, CandidateEvent.ITEM_DELETED, by=by, section=section.value, item=pk)
    remember(candidate, section, [], by=by, item=draft_key(pk))
