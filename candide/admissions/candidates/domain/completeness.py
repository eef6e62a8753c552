"""What of the file is filled in, and what must be before applying [FILE-07, APP-01 (2)…(4)]."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
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
    candidate = _with_counts(user)
    drafts = set(
        SectionDraft.objects.filter(user=user).order_by("section").values_list("section", flat=True)
    )
    return [
        _status(section, candidate, institution, has_draft=section.value in drafts)
        for section in sections(institution)
    ]


def mandatory_blockers(user: Any) -> list[Blocker]:
    """What of the three mandatory sections is missing: `identity_missing`, `address_missing`,
    `baccalaureate_missing`; `about` is "section:<section>"."""
    candidate = (
        Candidate.objects.filter(user=user).select_related("address", "baccalaureate").first()
    )
    messages = {
        Section.IDENTITY: _("Fill in your personal information."),
        Section.ADDRESS: _("Fill in your address."),
        Section.BACCALAUREATE: _("Fill in your baccalaureate, or say that you have none."),
    }
    return [
        Blocker(f"{section.value}_missing", messages[section], f"section:{section.value}")
        for section in MANDATORY_SECTIONS
        if not _has(section, candidate)
    ]


def progress(statuses: list[SectionStatus]) -> tuple[int, int]:
    """How many of the mandatory sections are complete, and how many there are."""
    mandatory = [status for status in statuses if status.is_mandatory]
    return sum(status.is_done for status in mandatory), len(mandatory)


def _with_counts(user: Any) -> Candidate | None:
    counts = {
        f"{section.value}_count": Coalesce(
            Subquery(
                model._default_manager.filter(candidate=OuterRef("pk"))
                .order_by()
                .values("candidate")
                .annotate(count=Count("pk"))
                .values("count")
            ),
            0,
        )
        for section, model in LISTS.items()
    }
    return (
        Candidate.objects.filter(user=user)
        .select_related("address", "baccalaureate")
        .annotate(**counts)
        .first()
    )


def _has(section: Section, candidate: Candidate | None) -> bool:
    if candidate is None:
        return False
    if section == Section.IDENTITY:
        return True
    return getattr(candidate, section.value, None) is not None


def _status(
    section: Section, candidate: Candidate | None, institution: Institution, *, has_draft: bool
) -> SectionStatus:
    is_mandatory = section in MANDATORY_SECTIONS
    count = getattr(candidate, f"{section.value}_count", 0) if section in LISTS else 0
    is_filled = bool(count) if section in LISTS else _has(section, candidate)
    if is_filled:
        state = SectionState.COMPLETE
    elif has_draft:
        state = SectionState.STARTED
    else:
        state = SectionState.MANDATORY if is_mandatory else SectionState.OPTIONAL
    return SectionStatus(
        section=section,
        title=section_title(section, institution),
        state=state,
        is_mandatory=is_mandatory,
        count=count,
        has_draft=has_draft,
    )
