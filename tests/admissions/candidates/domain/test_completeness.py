"""What is filled in, and what must be before applying [FILE-07, APP-01 (2)…(4)]."""

import pytest

from candide.admissions.candidates.domain.completeness import (
    mandatory_blockers,
    progress,
    section_statuses,
    section_title,
    sections,
)
from candide.admissions.candidates.domain.drafts import keep_draft
from candide.admissions.candidates.enums import Section, SectionState
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.candidates import (
    AddressFactory,
    BaccalaureateFactory,
    CandidateFactory,
    InternshipFactory,
    WorkExperienceFactory,
)

INSTITUTION = Institution()
WITHOUT_STUDIES = Institution(has_internal_studies=False)


@pytest.fixture
def user(db):
    return UserFactory()


def states(user, institution=INSTITUTION):
    return {s.section.value: s.state.value for s in section_statuses(user, institution=institution)}


def test_nothing_filled_in(user):
    assert states(user) == {
        "identity": "mandatory",
        "address": "mandatory",
        "baccalaureate": "mandatory",
        "internal_studies": "optional",
        "external_studies": "optional",
        "internships": "optional",
        "work": "optional",
    }
    assert [(b.code, b.about) for b in mandatory_blockers(user)] == [
        ("identity_missing", "section:identity"),
        ("address_missing", "section:address"),
        ("baccalaureate_missing", "section:baccalaureate"),
    ]


def test_each_mandatory_section_takes_its_blocker_away(user):
    candidate = CandidateFactory(user=user)
    assert [b.code for b in mandatory_blockers(user)] == [
        "address_missing",
        "baccalaureate_missing",
    ]

    AddressFactory(candidate=candidate)
    assert [b.code for b in mandatory_blockers(user)] == ["baccalaureate_missing"]

    BaccalaureateFactory(candidate=candidate)
    assert mandatory_blockers(user) == []


def test_lists_are_counted(user):
    candidate = CandidateFactory(user=user, complete=True)
    InternshipFactory.create_batch(2, candidate=candidate)
    WorkExperienceFactory(candidate=candidate)
    InternshipFactory()

    statuses = section_statuses(user, institution=INSTITUTION)

    assert {s.section.value: s.count for s in statuses if s.count} == {"internships": 2, "work": 1}
    assert [s.state for s in statuses if s.section in {Section.INTERNSHIPS, Section.WORK}] == [
        SectionState.COMPLETE,
        SectionState.COMPLETE,
    ]


def test_draft_says_that_something_was_begun(user):
    keep_draft(user, section=Section.ADDRESS, values={"line_1": "1 rue"})
    keep_draft(user, section=Section.WORK, values={}, item="new")

    found = states(user)

    assert (found["address"], found["work"], found["identity"]) == (
        "started",
        "started",
        "mandatory",
    )


def test_progress_counts_the_mandatory_sections(user):
    CandidateFactory(user=user)

    assert progress(section_statuses(user, institution=INSTITUTION)) == (1, 3)


def test_without_studies_here_the_others_are_called_after_the_baccalaureate():
    """FILE-INT-02, HOME-08."""
    assert Section.INTERNAL_STUDIES not in sections(WITHOUT_STUDIES)
    assert section_title(Section.EXTERNAL_STUDIES, WITHOUT_STUDIES) == "Cursus post-bac"
    assert section_title(Section.EXTERNAL_STUDIES, INSTITUTION) == "Cursus externe"


@pytest.mark.parametrize("lines", [1, 3])
def test_statuses_take_two_queries(user, lines, django_assert_num_queries):
    candidate = CandidateFactory(user=user, complete=True)
    InternshipFactory.create_batch(lines, candidate=candidate)

    with django_assert_num_queries(2):
        section_statuses(user, institution=INSTITUTION)
    with django_assert_num_queries(1):
        mandatory_blockers(user)
