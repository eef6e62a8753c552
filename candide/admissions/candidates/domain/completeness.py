"""What of the file is filled in, and what must be before applying [FILE-07, APP-01 (2)…(4)]."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Value
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from candide.admissions.candidates.enums import MANDATORY_SECTIONS, Section, SectionState
from candide.admissions.candidates.models import (
    Candidate,
    ExternalStudies,
    InternalStudies,
    Internship,
    SectionDraft,
    WorkExperience,
)
from candide.core.blockers import Blocker
from candide.institution.catalogue.models import Institution

LISTS = {
    Section.INTERNAL_STUDIES: InternalStudies,
    Section.EXTERNAL_STUDIES: ExternalStudies,
    Section.INTERNSHIPS: Internship,
    Section.WORK: WorkExperience,
}


@dataclass(frozen=True)
class SectionStatus:
    """One line of the overview. `count` is the number of lines of a list."""

    section: Section
    title: str
    state: SectionState
    is_mandatory: bool
    count: int = 0
    has_draft: bool = False

    @property
    def is_done(self) -> bool:
        return self.state == SectionState.COMPLETE


def sections(institution: Institution) -> list[Section]:
    """The sections in their order; without studies here where the institution imports none
    [FILE-INT-02, HOME-08]."""
    return [
        section
        for section in Section
        if institution.has_internal_studies or section != Section.INTERNAL_STUDIES
    ]


def section_title(section: Section, institution: Institution) -> str:
    """« Cursus externe » is called « Cursus post-bac » where there is no internal one."""
    if section == Section.EXTERNAL_STUDIES and not institution.has_internal_studies:
        return pgettext("section", "Studies after the baccalaureate")
    return str(section.label)


def section_statuses(user: Any, *, institution: Institution) -> list[SectionStatus]:
    """The state of every section of the file of `user`, in two queries."""
    filled = _filled(user)
    counts, drafts = _lines_and_drafts(user)
    return [
        SectionStatus(
            section=section,
            title=section_title(section, institution),
            state=_state(
                section,
                is_filled=section in filled or section in counts,
                has_draft=section in drafts,
            ),
            is_mandatory=section in MANDATORY_SECTIONS,
            count=counts[section],
            has_draft=section in drafts,
        )
        for section in sections(institution)
    ]


def mandatory_blockers(user: Any) -> list[Blocker]:
    """What of the three mandatory sections is missing: `identity_missing`, `address_missing`,
    `baccalaureate_missing`; `about` is "section:<section>"."""
    filled = _filled(user)
    messages = {
        Section.IDENTITY: _("Fill in your personal information."),
        Section.ADDRESS: _("Fill in your address."),
        Section.BACCALAUREATE: _("Fill in your baccalaureate, or say that you have none."),
    }
    return [
        Blocker(f"{section.value}_missing", messages[section], f"section:{section.value}")
        for section in MANDATORY_SECTIONS
        if section not in filled
    ]


def progress(statuses: list[SectionStatus]) -> tuple[int, int]:
    """How many of the mandatory sections are complete, and how many there are."""
    mandatory = [status for status in statuses if status.is_mandatory]
    return sum(status.is_done for status in mandatory), len(mandatory)


def _filled(user: Any) -> set[Section]:
    """The sections that are no list and hold something."""
    rows = Candidate.objects.filter(user=user).values_list("pk", "address__pk", "baccalaureate__pk")
    found = rows.first() or (None, None, None)
    parts = (Section.IDENTITY, Section.ADDRESS, Section.BACCALAUREATE)
    return {section for section, pk in zip(parts, found, strict=True) if pk is not None}


def _lines_and_drafts(user: Any) -> tuple[Counter[Section], set[Section]]:
    """How many lines each list has, for those that have some; and the sections with a draft."""
    drafts = SectionDraft.objects.filter(user=user).order_by()
    lists = (
        model._default_manager.filter(candidate__user=user)
        .order_by()
        .annotate(of=Value(section.value), is_draft=Value(False))
        .values_list("of", "is_draft")
        for section, model in LISTS.items()
    )
    found = (
        drafts.annotate(of=F("section"), is_draft=Value(True))
        .values_list("of", "is_draft")
        .union(*lists, all=True)
    )
    rows = [(Section(section), is_draft) for section, is_draft in found]
    return (
        Counter(section for section, is_draft in rows if not is_draft),
        {section for section, is_draft in rows if is_draft},
    )


def _state(section: Section, *, is_filled: bool, has_draft: bool) -> SectionState:
    if is_filled:
        return SectionState.COMPLETE
    if has_draft:
        return SectionState.STARTED
    return SectionState.MANDATORY if section in MANDATORY_SECTIONS else SectionState.OPTIONAL
