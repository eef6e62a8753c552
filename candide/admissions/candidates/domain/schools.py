"""Where somebody studied: in France a school of the list, or its name where it is not listed;
abroad its name, if they want to give it [FILE-BAC-05, FILE-EXT-04 REC]."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.writing import one_line, required, too_long
from candide.core.blockers import Blocker

LONGEST_SCHOOL = 200


def tidy_place(entry: Any) -> dict[str, Any]:
    """The fields of a place of study as they are written down: abroad only the name is kept, and
    a school of the list says where it is."""
    is_french = entry.country is not None and entry.country.is_france
    if not is_french:
        return {
            "department": None,
            "commune": None,
            "school": None,
            "school_name": one_line(entry.school_name),
        }
    if entry.school is not None:
        return {
            "department": entry.school.department,
            "commune": entry.school.commune or entry.commune,
            "school": entry.school,
            "school_name": one_line(entry.school_name),
        }
    return {"school_name": one_line(entry.school_name)}


def place_blockers(entry: Any, *, secondary: bool, kept: Any = None) -> Iterator[Blocker]:
    """What is wrong with the place of study of `entry` (tidied). `secondary` is for the
    baccalaureate, else for the studies after it."""
    if entry.country is None:
        yield required("country")
    elif entry.country.is_france:
        yield from _french_place(entry, secondary, kept)
    yield from too_long("school_name", LONGEST_SCHOOL, entry.school_name)


def _french_place(entry: Any, secondary: bool, kept: Any) -> Iterator[Blocker]:
    if entry.department is None:
        yield required("department")
    if entry.school is not None and entry.school_name:
        message = _("Choose an institution of the list or write its name, not both.")
        yield Blocker("school_twice", message, "field:school_name")
    elif entry.school is None and not entry.school_name:
        message = _("Choose your institution, or write its name if it is not in the list.")
        yield Blocker("school_missing", message, "field:school")
    elif entry.school is not None and not _teaches(entry.school, secondary, kept):
        yield Blocker("school_unknown", _("Choose one of the list."), "field:school")
    if entry.commune is not None and entry.commune.department_id != _pk(entry.department):
        message = _("This town is in another département.")
        yield Blocker("commune_of_department", message, "field:commune")


def _teaches(school: Any, secondary: bool, kept: Any) -> bool:
    if kept is not None and kept.school_id == school.pk:
        return True
    return school.is_active and (school.is_secondary if secondary else school.is_higher)


def _pk(row: Any) -> int | None:
    return None if row is None else row.pk
