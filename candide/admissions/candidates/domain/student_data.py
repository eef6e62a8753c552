"""From what the student system says to rows of ours: its codes are looked up among the reference
data [FILE-PER-10]."""

from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.candidates.domain.address import (
    AddressEntry,
    address_blockers,
    tidy_address,
)
from candide.admissions.candidates.domain.baccalaureate import OPTIONS, SPECIALITIES
from candide.admissions.candidates.domain.identity import commune_of_birth
from candide.admissions.candidates.domain.phones import parse_phone
from candide.admissions.candidates.domain.writing import capitals
from candide.admissions.candidates.enums import Civility
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker, Refused
from candide.institution.reference.models import (
    BaccalaureateOption,
    BaccalaureateSeries,
    Commune,
    Country,
    Department,
    Honours,
    ReferenceRow,
    School,
    Speciality,
)
from candide.integrations.sis.port import Student


def _row(model: type[ReferenceRow], code: str) -> Any:
    return model.objects.filter(code=code).first() if code else None


def identity_entry_of(student: Student, *, kept: Candidate | None) -> dict[str, Any]:
    """The fields of a candidate as `student` has them. Nationality, INE and telephones the person
    entered before stay [FILE-PER-06]. Raises `Refused` when what every file needs is missing."""
    country = _row(Country, student.birth_country)
    nationality = kept.nationality if kept else _row(Country, student.nationality)
    department = _row(Department, student.birth_department)
    city = capitals(student.birth_city)
    is_complete = (
        student.civility in Civility.values and student.birth_name and country and nationality
    )
    if not is_complete:
        message = _("Your student record is not complete enough to be taken over. Please type it.")
        raise Refused([Blocker("student_incomplete", message)])
    return {
        "civility": student.civility,
        "birth_name": capitals(student.birth_name),
        "usual_name": capitals(student.usual_name),
        "first_name": capitals(student.first_name),
        "other_first_name": capitals(student.other_first_name),
        "born_on": student.born_on,
        "birth_country": country,
        "birth_department": department,
        "birth_commune": commune_of_birth(department, city),
        "birth_city": city,
        "nationality": nationality,
        "ine": student.ine or (kept.ine if kept else ""),
        "phone": (kept.phone if kept else "") or parse_phone(student.phone) or "",
        "mobile": (kept.mobile if kept else "") or parse_phone(student.mobile) or "",
    }


def address_entry_of(student: Student) -> dict[str, Any] | None:
    """The address, if it is complete enough to be valid [FILE-PER-07]."""
    known = student.address
    if known is None:
        return None
    entry = tidy_address(
        AddressEntry(
            country=_row(Country, known.country),
            postcode=known.postcode,
            commune=_row(Commune, known.commune),
            foreign_city=known.foreign_city,
            line_1=known.line_1,
            line_2=known.line_2,
            line_3=known.line_3,
        )
    )
    return None if address_blockers(entry) else vars(entry).copy()


def baccalaureate_entry_of(student: Student) -> dict[str, Any] | None:
    """The baccalaureate, if its series is one we know [FILE-PER-07]."""
    known = student.baccalaureate
    series = _row(BaccalaureateSeries, known.series) if known else None
    if known is None or series is None:
        return None
    options = dict(zip(OPTIONS, [*known.options, "", "", "", ""], strict=False))
    return {
        "series": series,
        "year": known.year,
        "honours": _row(Honours, known.honours),
        "country": _row(Country, known.country),
        "department": _row(Department, known.department),
        "commune": _row(Commune, known.commune),
        "school": _row(School, known.school),
        "school_name": "",
        **{name: _row(Speciality, getattr(known, name)) for name in SPECIALITIES},
        **{name: _row(BaccalaureateOption, code) for name, code in options.items()},
    }
