"""The baccalaureate, its equivalent, or that there is none (« bac ou équivalence ») [FILE-BAC]."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.saving import lock_candidate, remember, write
from candide.admissions.candidates.domain.schools import place_blockers, tidy_place
from candide.admissions.candidates.domain.writing import required
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Baccalaureate, Candidate
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.institution.reference.domain.queries import (
    options_for,
    series_for_year,
    specialities_for,
)
from candide.institution.reference.models import (
    BaccalaureateOption,
    BaccalaureateSeries,
    Commune,
    Country,
    Department,
    Honours,
    School,
    Speciality,
)

EARLIEST_YEAR = 1900
SPECIALITIES = ("speciality_1", "speciality_2", "speciality_dropped")
OPTIONS = ("option_1", "option_2", "option_3", "option_4")


@dataclass(frozen=True, kw_only=True)
class BaccalaureateEntry:
    series: BaccalaureateSeries | None = None
    year: int | None = None
    honours: Honours | None = None
    country: Country | None = None
    department: Department | None = None
    commune: Commune | None = None
    school: School | None = None
    school_name: str = ""
    speciality_1: Speciality | None = None
    speciality_2: Speciality | None = None
    speciality_dropped: Speciality | None = None
    option_1: BaccalaureateOption | None = None
    option_2: BaccalaureateOption | None = None
    option_3: BaccalaureateOption | None = None
    option_4: BaccalaureateOption | None = None


def tidy_baccalaureate(entry: BaccalaureateEntry) -> BaccalaureateEntry:
    """`entry` as it is written down. « Sans bac » empties everything else [FILE-BAC-02]."""
    if entry.series is not None and entry.series.is_no_baccalaureate:
        return BaccalaureateEntry(series=entry.series)
    return replace(entry, **tidy_place(entry))


def baccalaureate_blockers(
    entry: BaccalaureateEntry, *, today: date, kept: Baccalaureate | None = None
) -> list[Blocker]:
    """What is wrong with `entry` (tidied). What went out of service stays possible where it is
    `kept`."""
    if entry.series is not None and entry.series.is_no_baccalaureate:
        return []
    return [
        *_year(entry.year, today),
        *_series(entry, kept),
        *place_blockers(entry, secondary=True, kept=kept),
        *_subjects(entry, kept),
    ]


def _year(year: int | None, today: date) -> Iterator[Blocker]:
    if year is None:
        yield required("year")
    elif not EARLIEST_YEAR <= year <= today.year:
        message = _("Enter a year between %(first)d and %(last)d.") % {
            "first": EARLIEST_YEAR,
            "last": today.year,
        }
        yield Blocker("year", message, "field:year")


def _series(entry: BaccalaureateEntry, kept: Baccalaureate | None) -> Iterator[Blocker]:
    """FILE-BAC-04."""
    if entry.series is None:
        yield required("series")
    elif entry.year is not None and not _was_possible(entry.series, entry.year, kept):
        message = _("This series did not exist in %(year)d.") % {"year": entry.year}
        yield Blocker("series_of_year", message, "field:series")


def _was_possible(series: BaccalaureateSeries, year: int, kept: Baccalaureate | None) -> bool:
    if kept is not None and (kept.series_id, kept.year) == (series.pk, year):
        return True
    return series_for_year(year).filter(pk=series.pk).exists()


def _subjects(entry: BaccalaureateEntry, kept: Baccalaureate | None) -> Iterator[Blocker]:
    """FILE-BAC-06: each of the series and the year, none twice."""
    if entry.series is None or entry.year is None:
        return
    for names, offered in ((SPECIALITIES, specialities_for), (OPTIONS, options_for)):
        chosen = {name: getattr(entry, name) for name in names if getattr(entry, name)}
        if not chosen:
            continue
        known = set(offered(entry.series, entry.year).values_list("pk", flat=True))
        seen: set[int] = set()
        for name, subject in chosen.items():
            is_kept = kept is not None and getattr(kept, f"{name}_id") == subject.pk
            if subject.pk not in known and not is_kept:
                message = _("This is not offered in this series and year.")
                yield Blocker("subject_of_series", message, f"field:{name}")
            elif subject.pk in seen:
                message = _("This is chosen twice.")
                yield Blocker("subject_twice", message, f"field:{name}")
            seen.add(subject.pk)


@transaction.atomic
def save_baccalaureate(
    candidate: Candidate,
    *,
    entry: BaccalaureateEntry,
    version: int,
    by: Any,
    now: datetime,
    tab: str = "",
    enforce_import: bool = True,
) -> Baccalaureate:
    """Save the baccalaureate. One that was imported is not changed unless `enforce_import` is
    waived [FILE-BAC-08]. Raises `Refused`, or `StaleVersion` when it was changed meanwhile."""
    candidate = lock_candidate(candidate)
    row = Baccalaureate.objects.filter(candidate=candidate).first()
    baccalaureate = row or Baccalaureate(candidate=candidate)
    if baccalaureate.is_imported and enforce_import:
        message = _("Your baccalaureate comes from the student system: it cannot be changed here.")
        refuse_if([Blocker("imported_baccalaureate", message)])
    entry = tidy_baccalaureate(entry)
    refuse_if(baccalaureate_blockers(entry, today=localdate(now), kept=row))
    changed = write(baccalaureate, entry, version=version, tab=tab)
    if changed:
        baccalaureate.save()
    remember(candidate, Section.BACCALAUREATE, changed, by=by)
    return baccalaureate
