"""Documents are given once, in versions [PJ, architecture 0]."""

from datetime import date, timedelta

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    give_document,
    link_known_documents,
    remove_document,
)
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.domain.transmission import transmission_blockers
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import DocumentVersion
from candide.admissions.candidates.models import StudentDocument
from candide.core.blockers import Refused
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory

MINUTE = timedelta(minutes=1)


def statuses(application):
    return [(i.requirement.code, i.status) for i in requested_documents(again(application))]


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.codes


def test_requested_documents_come_in_the_order_of_their_owners(application):
    centre = application.intake.programme.commission.centre
    linked = {"programmes": [application.intake.programme]}
    DocumentRequirementFactory(code="linked-2", position=2, **linked)
    DocumentRequirementFactory(code="linked-1", position=1, **linked)
    DocumentRequirementFactory(code="linked-last", label="A", **linked)
    DocumentRequirementFactory(code="of-centre", common=True, centre=centre)
    DocumentRequirementFactory(code="of-all", common=True)
    DocumentRequirementFactory(code="of-another-centre", common_to_centre=True)
    DocumentRequirementFactory(code="of-nobody")
    DocumentRequirementFactory(code="out-of-service", common=True, is_active=False)
    DocumentRequirementFactory(code="direct", common=True, route=AdmissionRoute.DIRECT)

    assert [i.requirement.code for i in requested_documents(application)] == [
        "of-all",
        "of-centre",
        "linked-1",
        "linked-2",
        "linked-last",
    ]


def test_requested_documents_given_ones_stay_though_no_longer_asked(application, alix, stored_file):
    requirement = DocumentRequirementFactory(code="old", common=True)
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    requirement.is_active = False
    requirement.save()

    assert statuses(application) == [("old", ItemStatus.SUBMITTED)]


def test_give_document_shared_goes_to_every_open_application(application, alix, stored_file):
    requirement = DocumentRequirementFactory(code="cv", common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    sent = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), transmitted=True)
    paper = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))

    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)

    assert statuses(application) == statuses(other) == [("cv", ItemStatus.SUBMITTED)]
    assert statuses(sent) == statuses(paper) == [("cv", ItemStatus.MISSING)]


def test_give_document_unique_stays_in_its_application(application, alix, stored_file):
    requirement = DocumentRequirementFactory(code="letter", common=True, unique=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)

    assert statuses(application) == [("letter", ItemStatus.SUBMITTED)]
    assert statuses(other) == [("letter", ItemStatus.MISSING)]


def test_give_document_again_leaves_transmitted_applications_their_version(
    application, alix, bao, stored_file
):
    requirement = DocumentRequirementFactory(common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    first = give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    declare_status(application, DossierStatus.RECEIVED, by=bao, now=NOW + MINUTE)

    second = give_document(other, requirement, stored_file(), by=alix.user, now=NOW + 2 * MINUTE)

    kept, moved = (
        requested_documents(again(one))[0].submitted.version for one in (application, other)
    )
    assert (kept, moved) == (first, second)


@pytest.mark.parametrize("status", [DossierStatus.RECEIVED, DossierStatus.COMPLETE])
def test_give_document_refused_once_received(application, alix, stored_file, status):
    requirement = DocumentRequirementFactory(common=True)
    application.dossier_status = status
    application.save()

    assert refused(
        give_document, application, requirement, stored_file(), by=alix.user, now=NOW
    ) == ["already_transmitted"]
    assert not DocumentVersion.objects.exists()


def test_give_document_after_the_deadline_only_where_it_is_waived(application, alix, stored_file):
    requirement = DocumentRequirementFactory(common=True)
    late = NOW + timedelta(days=200)

    assert refused(
        give_document, application, requirement, stored_file(), by=alix.user, now=late
    ) == ["too_late"]

    give_document(
        application, requirement, stored_file(), by=alix.user, now=late, enforce_deadline=False
    )
    assert DocumentVersion.objects.count() == 1


def test_give_document_individual_deadline_counts_when_it_is_later(application):
    due = application.intake.documents_due_on

    application.documents_extended_to = due + timedelta(days=3)
    assert application.documents_due_on == due + timedelta(days=3)
    application.documents_extended_to = due - timedelta(days=3)
    assert application.documents_due_on == due


def test_give_document_stale_page_is_refused(application, alix, stored_file):
    requirement = DocumentRequirementFactory(common=True)
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW, seen=None)

    assert refused(
        give_document, application, requirement, stored_file(), by=alix.user, now=NOW, seen=None
    ) == ["changed"]


def test_give_document_not_asked_is_refused(application, alix, stored_file):
    requirement = DocumentRequirementFactory()

    assert refused(
        give_document, application, requirement, stored_file(), by=alix.user, now=NOW
    ) == ["not_asked"]


def test_give_document_refused_for_a_paper_dossier(alix, stored_file):
    """TRANS-09."""
    requirement = DocumentRequirementFactory(common=True)
    paper = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))

    assert refused(give_document, paper, requirement, stored_file(), by=alix.user, now=NOW) == [
        "paper"
    ]
    assert not DocumentVersion.objects.exists()


def test_give_document_refused_while_the_service_is_closed(application, alix, stored_file):
    requirement = DocumentRequirementFactory(common=True)
    Institution.current()
    Institution.objects.update(is_upload_closed=True)

    assert refused(
        give_document, application, requirement, stored_file(), by=alix.user, now=NOW
    ) == ["upload_closed"]


def test_closed_service_keeps_files_as_they_are_and_lets_statements_be_made(
    application, alix, stored_file
):
    given = DocumentRequirementFactory(code="cv", common=True, conditional=True)
    other = DocumentRequirementFactory(code="title", common=True, conditional=True)
    give_document(application, given, stored_file(), by=alix.user, now=NOW)
    Institution.objects.update(is_upload_closed=True)

    declare_not_concerned(application, other, by=alix.user, now=NOW)
    declared = sorted(statuses(application))
    remove_document(application, other, by=alix.user, now=NOW)

    assert declared == [("cv", ItemStatus.SUBMITTED), ("title", ItemStatus.NOT_APPLICABLE)]
    assert sorted(statuses(application)) == [
        ("cv", ItemStatus.SUBMITTED),
        ("title", ItemStatus.MISSING),
    ]
    assert refused(remove_document, application, given, by=alix.user, now=NOW) == ["upload_closed"]


def asked_again(application, requirement, *, by):
    """The application, incomplete, with `requirement` asked for again."""
    declare_status(
        application,
        DossierStatus.INCOMPLETE,
        by=by,
        now=NOW + 2 * MINUTE,
        request_again=[requirement.pk],
    )


def reopened(application, requirement, *, by):
    """The same, right after the application was received."""
    declare_status(application, DossierStatus.RECEIVED, by=by, now=NOW + MINUTE)
    asked_again(application, requirement, by=by)


def test_incomplete_reopens_only_refused_missing_and_requested(application, alix, bao, stored_file):
    good, bad, wanted = (DocumentRequirementFactory(common=True) for _ in range(3))
    missing = DocumentRequirementFactory(common=True)
    for requirement in (good, bad, wanted):
        give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    declare_status(application, DossierStatus.RECEIVED, by=bao, now=NOW + MINUTE)
    check_documents(application, [bad], ItemStatus.REFUSED, comment="Flou", by=bao, now=NOW)
    asked_again(application, wanted, by=bao)
    later = NOW + 3 * MINUTE

    assert refused(give_document, application, good, stored_file(), by=alix.user, now=later) == [
        "kept_as_given"
    ]
    for requirement in (bad, wanted, missing):
        give_document(application, requirement, stored_file(), by=alix.user, now=later)
    # What was given since it reopened may be changed once more.
    give_document(application, bad, stored_file(), by=alix.user, now=later + MINUTE)
    assert {status for _code, status in statuses(application)} == {ItemStatus.SUBMITTED}


def test_requested_again_can_be_given_though_another_centre_approved_it(
    application, alix, bao, chris, stored_file
):
    """TRANS-07: what keeps the dossier from being transmitted can be mended."""
    requirement = DocumentRequirementFactory(code="cv", common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    reopened(application, requirement, by=bao)
    check_documents(again(other), [requirement], ItemStatus.APPROVED, comment="", by=chris, now=NOW)
    blocked = transmission_blockers(again(application), today=NOW.date())

    give_document(application, requirement, stored_file(), by=alix.user, now=NOW + 3 * MINUTE)

    assert [blocker.code for blocker in blocked] == ["document_requested"]
    assert transmission_blockers(again(application), today=NOW.date()) == []
    assert (statuses(application), statuses(other)) == (
        [("cv", ItemStatus.SUBMITTED)],
        [("cv", ItemStatus.APPROVED)],
    )


def test_requested_again_is_settled_by_approving_it_here(application, alix, bao, stored_file):
    requirement = DocumentRequirementFactory(code="cv", common=True)
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    reopened(application, requirement, by=bao)

    check_documents(application, [requirement], ItemStatus.APPROVED, comment="", by=bao, now=NOW)

    assert transmission_blockers(again(application), today=NOW.date()) == []


def test_remove_document_takes_it_from_open_applications_only(application, alix, bao, stored_file):
    requirement = DocumentRequirementFactory(code="cv", common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    declare_status(application, DossierStatus.RECEIVED, by=bao, now=NOW + MINUTE)

    remove_document(other, requirement, by=alix.user, now=NOW + 2 * MINUTE)

    assert statuses(application) == [("cv", ItemStatus.SUBMITTED)]
    assert statuses(other) == [("cv", ItemStatus.MISSING)]
    assert DocumentVersion.objects.count() == 1


def test_remove_document_leaves_another_version_in_use_elsewhere(application, alix):
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    requirement = DocumentRequirementFactory(common=True, conditional=True)
    for one in (application, other):
        SubmittedDocumentFactory(application=one, version__requirement=requirement)

    remove_document(application, requirement, by=alix.user, now=NOW)

    assert not application.submitted_documents.exists()
    assert other.submitted_documents.exists()


def test_remove_document_nobody_uses_deletes_the_version(application, alix, stored_file):
    requirement = DocumentRequirementFactory(common=True)
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)

    remove_document(application, requirement, by=alix.user, now=NOW)
    remove_document(application, requirement, by=alix.user, now=NOW)

    assert not DocumentVersion.objects.exists()


def test_not_concerned_is_for_conditional_documents_without_a_file(application, alix, stored_file):
    conditional = DocumentRequirementFactory(code="title", common=True, conditional=True)
    plain = DocumentRequirementFactory(code="cv", common=True)

    assert refused(declare_not_concerned, application, plain, by=alix.user, now=NOW) == [
        "not_conditional"
    ]
    declare_not_concerned(application, conditional, by=alix.user, now=NOW)
    assert sorted(statuses(application)) == [
        ("cv", ItemStatus.MISSING),
        ("title", ItemStatus.NOT_APPLICABLE),
    ]
    remove_document(application, conditional, by=alix.user, now=NOW)
    give_document(application, conditional, stored_file(), by=alix.user, now=NOW)
    assert refused(declare_not_concerned, application, conditional, by=alix.user, now=NOW) == [
        "has_file"
    ]


@pytest.mark.parametrize("act", [remove_document, declare_not_concerned])
@pytest.mark.parametrize(
    ("verdict", "comment"), [(ItemStatus.SUBMITTED, ""), (ItemStatus.REFUSED, "Illisible.")]
)
def test_verdict_on_what_was_posted_is_staffs_alone(alix, bao, act, verdict, comment):
    """Neither a file nor a statement: nothing in it is the candidate's to take back or replace."""
    paper = again(ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True)))
    cv = DocumentRequirementFactory(common=True, is_conditional=True)
    check_documents(paper, [cv], verdict, comment=comment, by=bao, now=NOW)

    assert refused(act, paper, cv, by=alix.user, now=NOW) == ["checked_on_paper"]

    (item,) = requested_documents(again(paper))
    assert (item.status, item.comment) == (verdict, comment)


def test_statement_in_a_paper_dossier_is_taken_back(alix):
    """It is printed with the dossier."""
    paper = again(ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True)))
    cv = DocumentRequirementFactory(common=True, is_conditional=True)
    declare_not_concerned(paper, cv, by=alix.user, now=NOW)

    remove_document(paper, cv, by=alix.user, now=NOW)

    assert [status for _code, status in statuses(paper)] == [ItemStatus.MISSING]


def test_link_known_documents_brings_what_was_given_before(application, alix, stored_file):
    shared = DocumentRequirementFactory(code="cv", common=True)
    alone = DocumentRequirementFactory(code="letter", common=True, unique=True)
    give_document(application, shared, stored_file(), by=alix.user, now=NOW)
    give_document(application, alone, stored_file(), by=alix.user, now=NOW)
    new = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    link_known_documents(again(new), now=NOW)

    assert sorted(statuses(new)) == [("cv", ItemStatus.SUBMITTED), ("letter", ItemStatus.MISSING)]


def test_documents_of_somebody_else_reach_no_application(application, stored_file):
    """B-065: neither when they are given nor when the application is made."""
    requirement = DocumentRequirementFactory(code="cv", common=True)
    other = again(ApplicationFactory(intake=application.intake))

    give_document(other, requirement, stored_file(), by=other.candidate.user, now=NOW)
    link_known_documents(application, now=NOW)

    assert statuses(other) == [("cv", ItemStatus.SUBMITTED)]
    assert statuses(application) == [("cv", ItemStatus.MISSING)]


@pytest.mark.parametrize("verdict", [ItemStatus.APPROVED, ItemStatus.REFUSED])
def test_link_known_documents_leaves_what_was_checked_on_paper(alix, bao, verdict):
    """PJ-06: only what the paperless applications hold counts elsewhere."""
    requirement = DocumentRequirementFactory(code="cv", common=True)
    paper = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))
    check_documents(again(paper), [requirement], verdict, comment="Vu", by=bao, now=NOW)
    online = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    link_known_documents(again(online), now=NOW)

    assert statuses(online) == [("cv", ItemStatus.MISSING)]


def test_link_known_documents_brings_what_was_declared_not_to_concern(application, alix):
    """PJ-19: the statement is shared, though it has no file."""
    requirement = DocumentRequirementFactory(code="title", common=True, conditional=True)
    declare_not_concerned(application, requirement, by=alix.user, now=NOW)
    new = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    link_known_documents(again(new), now=NOW)

    assert statuses(new) == [("title", ItemStatus.NOT_APPLICABLE)]


@pytest.mark.parametrize(
    ("expires_on", "expected"),
    [
        (None, ItemStatus.APPROVED),
        (date(2027, 3, 15), ItemStatus.APPROVED),
        (date(2027, 3, 14), ItemStatus.MISSING),
    ],
)
def test_link_known_documents_uses_those_of_the_student_system(
    application, alix, stored_file, expires_on, expected
):
    requirement = DocumentRequirementFactory(code="transcript", common=True, sis_code="RN")
    StudentDocument.objects.create(
        candidate=alix, sis_code="RN", year="2026", expires_on=expires_on, file=stored_file()
    )

    link_known_documents(application, now=NOW)

    assert statuses(application) == [("transcript", expected)]
    if expected == ItemStatus.APPROVED:
        assert refused(remove_document, application, requirement, by=alix.user, now=NOW) == [
            "approved"
        ]


def test_check_documents_verdict_shows_wherever_the_version_is_used(
    application, alix, bao, stored_file
):
    requirement = DocumentRequirementFactory(code="cv", common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)

    check_documents(application, [requirement], ItemStatus.APPROVED, comment="", by=bao, now=NOW)

    assert statuses(application) == statuses(other) == [("cv", ItemStatus.APPROVED)]


def test_check_documents_only_here_leaves_the_others(application, alix, bao, stored_file):
    requirement = DocumentRequirementFactory(code="cv", common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)

    check_documents(
        application,
        [requirement],
        ItemStatus.REFUSED,
        comment="Pas ici",
        by=bao,
        now=NOW,
        only_here=True,
    )

    assert statuses(application) == [("cv", ItemStatus.REFUSED)]
    assert statuses(other) == [("cv", ItemStatus.SUBMITTED)]
    check_documents(application, [requirement], ItemStatus.APPROVED, comment="", by=bao, now=NOW)
    assert statuses(application) == statuses(other) == [("cv", ItemStatus.APPROVED)]


def test_check_documents_refusals_are_all_told(application, alix, bao, stored_file):
    given, missing, declined = (
        DocumentRequirementFactory(common=True, is_conditional=conditional)
        for conditional in (False, False, True)
    )
    version = give_document(application, given, stored_file(), by=alix.user, now=NOW)
    declare_not_concerned(application, declined, by=alix.user, now=NOW)

    assert refused(
        check_documents,
        application,
        [given, missing, declined],
        ItemStatus.REFUSED,
        comment=" ",
        by=bao,
        now=NOW,
        seen={given.pk: version.pk + 1},
    ) == ["comment_missing", "changed", "missing", "not_concerned"]
    assert refused(
        check_documents, application, [given], ItemStatus.MISSING, comment="", by=bao, now=NOW
    ) == ["not_a_verdict"]


def test_check_documents_of_a_paper_dossier_needs_no_file(alix, bao):
    paper = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))
    requirement = DocumentRequirementFactory(code="cv", common=True)

    check_documents(again(paper), [requirement], ItemStatus.APPROVED, comment="", by=bao, now=NOW)

    assert statuses(paper) == [("cv", ItemStatus.APPROVED)]


def test_check_documents_of_a_cancelled_application_is_refused(alix, bao):
    cancelled = ApplicationFactory(candidate=alix, cancelled=True)

    assert refused(
        check_documents, again(cancelled), [], ItemStatus.APPROVED, comment="", by=bao, now=NOW
    ) == ["cancelled"]
