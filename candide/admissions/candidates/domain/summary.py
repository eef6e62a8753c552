"""The file as it is read: the same rows for the pages, the snapshot of an application and the
dossier PDF."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext, override

from candide.admissions.candidates.domain.completeness import section_title, sections
from candide.admissions.candidates.domain.phones import shown_phone
from candide.admissions.candidates.enums import Civility, Section, StudyResult
from candide.admissions.candidates.models import (
    Address,
    Baccalaureate,
    Candidate,
    ExternalStudies,
    InternalStudies,
    Internship,
    WorkExperience,
)
from candide.core.deadlines import long_date
from candide.institution.catalogue.models import Institution
from candide.institution.reference.models import ReferenceRow


@dataclass(frozen=True)
class Row:
    """A line of a summary. `value` is a JSON value for programs (codes of the reference data, ISO
    dates), `label` and `text` are in the active language."""

    name: str
    label: str
    value: Any
    text: str


Read = Callable[[Any], Iterator[Row]]


# -- One thing at a time ---------------------------------------------------------------------------
def _label(row: Model | type[Model], name: str) -> str:
    field: Any = row._meta.get_field(name)
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def _row(row: Model, name: str, text: Callable[[Any], str] = str) -> Iterator[Row]:
    """The row of field `name`, unless it is empty."""
    value = getattr(row, name)
    if value in (None, ""):
        return
    if isinstance(value, ReferenceRow):
        yield Row(name, _label(row, name), value.code, value.label if text is str else text(value))
    elif isinstance(value, date):
        yield Row(name, _label(row, name), value.isoformat(), long_date(value))
    else:
        yield Row(name, _label(row, name), value, text(value))


def _rows(row: Model, names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        yield from _row(row, name)


def identity_rows(candidate: Candidate) -> Iterator[Row]:
    """FILE-PER-09."""
    yield from _row(candidate, "nationality", lambda country: country.nationality_label)
    yield from _row(candidate, "civility", lambda value: str(Civility(value).label))
    yield from _rows(candidate, ("birth_name", "usual_name", "first_name", "other_first_name"))
    yield from _rows(candidate, ("born_on", "birth_country", "birth_department", "birth_city"))
    if candidate.ine:
        yield Row("ine", gettext("INE"), candidate.ine_number, candidate.ine_number)
        yield Row("ine_key", gettext("INE key"), candidate.ine_key, candidate.ine_key)
    number = candidate.student_number or candidate.user.student_number
    if number:
        yield Row("student_number", _label(Candidate, "student_number"), number, number)
    yield from _row(candidate, "phone", shown_phone)
    yield from _row(candidate, "mobile", shown_phone)
    language = candidate.user.language
    known = dict(settings.LANGUAGES).get(language, language)
    yield Row("language", gettext("Preferred language"), language, known)


def address_rows(address: Address) -> Iterator[Row]:
    yield from _rows(address, ("line_1", "line_2", "line_3", "postcode", "commune"))
    yield from _rows(address, ("foreign_city", "country"))


def baccalaureate_rows(baccalaureate: Baccalaureate) -> Iterator[Row]:
    """FILE-BAC-09: only what is given."""
    yield from _rows(baccalaureate, ("year", "series", "honours", "country", "department"))
    yield from _rows(baccalaureate, ("commune", "school", "school_name"))
    yield from _rows(baccalaureate, ("speciality_1", "speciality_2", "speciality_dropped"))
    yield from _rows(baccalaureate, ("option_1", "option_2", "option_3", "option_4"))


def internal_studies_rows(studies: InternalStudies) -> Iterator[Row]:
    yield from _rows(studies, ("year", "code", "label", "result", "honours", "mark", "scale"))


def external_studies_rows(studies: ExternalStudies) -> Iterator[Row]:
    yield from _rows(studies, ("year", "family", "label", "country", "department", "commune"))
    yield from _rows(studies, ("school", "school_name"))
    yield from _row(studies, "result", lambda value: str(StudyResult(value).label))
    yield from _row(studies, "honours")


def internship_rows(internship: Internship) -> Iterator[Row]:
    yield from _rows(internship, ("year", "organisation", "weekly_hours", "duration"))
    yield from _rows(internship, ("description",))


def work_rows(work: WorkExperience) -> Iterator[Row]:
    yield from _rows(work, ("year", "title", "organisation", "duration", "description"))


# -- Sections --------------------------------------------------------------------------------------
READERS: dict[Section, Read] = {
    Section.IDENTITY: identity_rows,
    Section.ADDRESS: address_rows,
    Section.BACCALAUREATE: baccalaureate_rows,
    Section.INTERNAL_STUDIES: internal_studies_rows,
    Section.EXTERNAL_STUDIES: external_studies_rows,
    Section.INTERNSHIPS: internship_rows,
    Section.WORK: work_rows,
}

_PLACE = ("country", "department", "commune", "school")
JOINED = {
    Section.ADDRESS: (Address, ("country", "commune")),
    Section.BACCALAUREATE: (
        Baccalaureate,
        (
            *_PLACE,
            "series",
            "honours",
            "speciality_1",
            "speciality_2",
            "speciality_dropped",
            "option_1",
            "option_2",
            "option_3",
            "option_4",
        ),
    ),
    Section.INTERNAL_STUDIES: (InternalStudies, ()),
    Section.EXTERNAL_STUDIES: (ExternalStudies, (*_PLACE, "family", "honours")),
    Section.INTERNSHIPS: (Internship, ()),
    Section.WORK: (WorkExperience, ()),
}


def section_items(candidate: Candidate, section: Section) -> list[Any]:
    """What the section holds, ready to be read: one row at most, or the lines of a list by year."""
    if section == Section.IDENTITY:
        own = ("user", "nationality", "birth_country", "birth_department")
        return list(Candidate.objects.select_related(*own).filter(pk=candidate.pk))
    model, joined = JOINED[section]
    found = model._default_manager.filter(candidate=candidate)
    found = found.select_related(*joined) if joined else found
    is_list = section not in {Section.ADDRESS, Section.BACCALAUREATE}
    return list(found.order_by("year", "pk") if is_list else found)


def section_rows(section: Section, item: Any) -> list[Row]:
    """`item` of `section` line by line, in the active language."""
    return list(READERS[section](item))


def is_from_sis(section: Section, item: Any) -> bool:
    """Whether `item` of `section` was taken over from the student system."""
    return section == Section.INTERNAL_STUDIES or getattr(item, "is_imported", False)


def file_data(candidate: Candidate) -> dict[str, Any]:
    """The whole file as JSON values, labels and texts in every language:
    `{"name", "file_number", "email", "language", "sections": [{"section", "title": {"fr", "en"},
    "items": [{"id", "is_from_sis", "rows": [{"name", "label": {…}, "value", "text": {…}}]}]}],
    "address_lines"}`.
    Sections come in order, empty ones with no item; items by year; rows that are empty are left
    out."""
    institution = Institution.current()
    user = candidate.user
    held = {section: section_items(candidate, section) for section in sections(institution)}
    address = next(iter(held[Section.ADDRESS]), None)
    return {
        "name": candidate.display_name,
        "civility": candidate.civility,
        "file_number": user.file_number,
        "email": user.email,
        "language": user.language,
        "address_lines": address.lines if address else [],
        "sections": [
            {
                "section": section.value,
                "title": _each_language(partial(section_title, section, institution)),
                "items": [
                    {
                        "id": item.pk,
                        "is_from_sis": is_from_sis(section, item),
                        "rows": _translated_rows(section, item),
                    }
                    for item in items
                ],
            }
            for section, items in held.items()
        ],
    }


def _each_language(read: Callable[[], Any]) -> dict[str, Any]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = read()
    return found


def _translated_rows(section: Section, item: Any) -> list[dict[str, Any]]:
    in_each = _each_language(lambda: section_rows(section, item))
    return [
        {
            "name": rows[0].name,
            "label": {code: row.label for code, row in zip(in_each, rows, strict=True)},
            "value": rows[0].value,
            "text": {code: row.text for code, row in zip(in_each, rows, strict=True)},
        }
        for rows in zip(*in_each.values(), strict=True)
    ]
