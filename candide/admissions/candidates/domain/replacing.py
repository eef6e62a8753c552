"""What a candidate typed and the student system says otherwise: nothing typed is replaced before
somebody saw both and said so [5.4]."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.candidates.domain import student_data
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Address, Baccalaureate, Candidate
from candide.integrations.sis.port import Student


@dataclass(frozen=True)
class Change:
    """One thing that would change: what the file says, and what it would say. `section` is what
    one may choose to keep as it was typed; none where there is nothing to choose."""

    label: Any
    before: str
    after: str
    section: str = ""


def typed_otherwise(user: Any, student: Student) -> list[Change]:
    """What `user` typed, and `student` has otherwise: to be chosen between."""
    candidate = Candidate.objects.filter(user=user).first()
    if candidate is None:
        return []
    found = [*address_changes(candidate, student), *baccalaureate_changes(candidate, student)]
    return [change for change in found if change.section]


def address_changes(candidate: Candidate, student: Student) -> list[Change]:
    entry = student_data.address_entry_of(student)
    if entry is None:
        return []
    kept = Address.objects.filter(candidate=candidate).first()
    before = ", ".join(kept.lines) if kept else ""
    after = ", ".join(Address(**entry).lines)
    return _changed(_("Address"), kept, before, after, Section.ADDRESS)


def baccalaureate_changes(candidate: Candidate, student: Student) -> list[Change]:
    entry = student_data.baccalaureate_entry_of(student)
    if entry is None:
        return []
    kept = Baccalaureate.objects.filter(candidate=candidate).first()
    before, after = (_words(kept) if kept else ""), _words(Baccalaureate(**entry))
    return _changed(_("Baccalaureate"), kept, before, after, Section.BACCALAUREATE)


def _changed(label: str, kept: Any, before: str, after: str, section: Section) -> list[Change]:
    if before == after:
        return []
    is_typed = kept is not None and not kept.is_imported
    return [Change(label, before, after, section.value if is_typed else "")]


def _words(row: Baccalaureate) -> str:
    """All of it on one line, so that no difference goes unseen."""
    parts = (
        *(row.series, row.year, row.honours, row.school, row.school_name, row.commune),
        *(row.department, row.country),
        *(row.speciality_1, row.speciality_2, row.speciality_dropped),
        *(row.option_1, row.option_2, row.option_3, row.option_4),
    )
    return ", ".join(str(part) for part in parts if part)
