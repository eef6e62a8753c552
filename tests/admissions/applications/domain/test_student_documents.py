"""Documents of the student system reach dossiers that are open, and leave them again [PJ-06, PJ-07,
FILE-PER-08]."""

from datetime import date, timedelta

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import (
    give_document,
    link_held_documents,
    link_known_documents,
    remove_document,
)
from candide.admissions.applications.domain.student_documents import follow_student_documents
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import ApplicationEvent, DossierStatus, ItemStatus
from candide.admissions.applications.models import DocumentVersion
from candide.admissions.candidates.domain import student_documents
from candide.admissions.candidates.domain.student_documents import fetch_documents
from candide.admissions.candidates.domain.student_import import remove_import
from candide.admissions.candidates.models import Candidate, StudentDocument
from candide.core.blockers import Refused
from candide.core.clock import end_of
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import (
    TRANSMITTED_AT,
    ApplicationFactory,
    SubmittedDocumentFactory,
)
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def transcript(db):
    """What the student system calls RNBAC, asked of everybody."""
    Institution.current()
    return DocumentRequirementFactory(code="transcript", common=True, sis_code="RNBAC")


@pytest.fixture
def hold(alix, stored_file):
    """Has the student system hold the transcript of Alix."""

    def hold(**fields):
        return StudentDocument.objects.create(
            **{"candidate": alix, "sis_code": "RNBAC", "year": "2026", "file": stored_file()}
            | fields
        )

    return hold


def status(application):
    (item,) = requested_documents(again(application))
    return item.status


def test_documents_that_arrive_later_reach_the_open_dossiers(alix, application, transcript, hold):
    intakes = [IntakeFactory(open=True) for _ in range(3)]
    other = ApplicationFactory(candidate=alix, intake=intakes[0])
    closed = [
        ApplicationFactory(candidate=alix, intake=intakes[1], transmitted=True),
        ApplicationFactory(candidate=alix, intake=intakes[2], cancelled=True),
        ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True)),
    ]
    hold()

    follow_student_documents(alix, NOW)
    follow_student_documents(alix, NOW)

    assert status(application) == status(other) == ItemStatus.APPROVED
    assert {status(one) for one in closed} == {ItemStatus.MISSING}
    assert DocumentVersion.objects.count() == 2


def test_documents_of_somebody_else_reach_no_dossier(alix, application, transcript, hold):
    """B-064."""
    hold(candidate=ApplicationFactory().candidate)

    follow_student_documents(alix, NOW)

    assert status(application) == ItemStatus.MISSING


def test_documents_that_arrive_later_leave_what_was_given(
    alix, application, transcript, hold, stored_file
):
    """PJ-06: what the candidate gave comes first."""
    give_document(application, transcript, stored_file(), by=alix.user, now=NOW)
    hold()

    follow_student_documents(alix, NOW)

    assert status(application) == ItemStatus.SUBMITTED


def test_documents_that_arrive_later_bring_nothing_else_back(
    alix, application, transcript, hold, stored_file
):
    """What was taken out of one dossier stays out of it, though a transmitted one keeps it."""
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    removed = DocumentRequirementFactory(code="cv", common=True)
    give_document(application, removed, stored_file(), by=alix.user, now=NOW)
    other.submitted_documents.all().delete()
    hold()

    follow_student_documents(alix, NOW)

    assert {(i.requirement.code, i.status) for i in requested_documents(again(other))} == {
        ("cv", ItemStatus.MISSING),
        ("transcript", ItemStatus.APPROVED),
    }


@pytest.mark.parametrize("change", ["expired", "removed"])
def test_documents_the_student_system_no_longer_vouches_for_reach_no_new_dossier(
    alix, application, transcript, hold, change
):
    """PJ-07."""
    document = hold()
    link_known_documents(application, now=NOW)
    if change == "removed":
        document.delete()
    else:
        document.expires_on = date(2027, 3, 14)
        document.save()
    new = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))

    link_known_documents(again(new), now=NOW)

    assert status(new) == ItemStatus.MISSING


def test_removing_what_was_imported_empties_the_open_dossiers(alix, application, transcript, hold):
    """FILE-PER-08: from then on the candidate gives the document."""
    sent = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    hold()
    follow_student_documents(alix, NOW)
    transmit(sent, by=alix.user, now=NOW)

    remove_import(alix, by=alix.user, now=NOW + HOUR)

    assert status(application) == ItemStatus.MISSING
    assert status(sent) == ItemStatus.APPROVED
    assert DocumentVersion.objects.count() == 1
    events = [entry.event for entry in entries_about(application)]
    assert events == [ApplicationEvent.DOCUMENT_REMOVED, ApplicationEvent.DOCUMENT_GIVEN]


@pytest.mark.parametrize(
    ("fields", "requested_again", "given", "is_late", "expected"),
    [
        # Never transmitted: nothing in it is frozen, late or not.
        ({}, False, -HOUR, False, "replaced"),
        ({}, False, -HOUR, True, "replaced"),
        # What was transmitted and not refused stays frozen.
        ({"incomplete": True}, False, -HOUR, False, "kept"),
        ({"incomplete": True}, False, HOUR, False, "replaced"),
        ({"incomplete": True}, True, -HOUR, False, "replaced"),
        # Alix could no longer give another.
        ({"incomplete": True}, False, HOUR, True, "kept"),
        ({"incomplete": True}, True, -HOUR, True, "kept"),
        ({"transmitted": True}, False, -HOUR, False, "kept"),
    ],
)
@pytest.mark.parametrize("newer", [True, False])
def test_only_what_may_still_be_given_is_held_anew(
    alix, transcript, hold, stored_file, fields, requested_again, given, is_late, expected, newer
):
    """The student system holds a newer transcript than the dossier has, or none any more."""
    sent = again(ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), **fields))
    use = SubmittedDocumentFactory(
        application=sent,
        version__requirement=transcript,
        version__is_from_sis=True,
        version__status=ItemStatus.APPROVED,
        version__file=stored_file(),
        version__given_at=TRANSMITTED_AT + given,
        is_requested_again=requested_again,
    )
    had = use.version.file_id
    held = hold().file_id if newer else None

    last_moment = end_of(sent.documents_due_on)
    follow_student_documents(alix, last_moment + is_late * HOUR)

    (item,) = requested_documents(again(sent))
    has = item.file.pk if item.file else None
    assert has == (had if expected == "kept" else held)


def test_fetched_documents_are_in_the_dossier_at_once(
    alix, application, transcript, stored_file, monkeypatch
):
    monkeypatch.setattr(student_documents, "store", lambda uploads, *, by, name: stored_file())
    Candidate.objects.update(student_number="22301457", documents_wanted_at=NOW)

    fetch_documents(alix.pk, now=NOW)

    assert status(application) == ItemStatus.APPROVED


def test_nothing_is_vouched_for_where_the_student_system_gives_no_documents(
    application, transcript, hold
):
    hold()
    Institution.objects.update(has_student_documents=False)

    assert link_held_documents(application, now=NOW) == []
    assert status(application) == ItemStatus.MISSING


@pytest.fixture
def unchecked(application, transcript, stored_file):
    """The application holds the transcript from the student system, checked by nobody."""
    SubmittedDocumentFactory(
        application=application,
        version__requirement=transcript,
        version__is_from_sis=True,
        version__status=ItemStatus.SUBMITTED,
        version__file=stored_file(),
    )


@pytest.mark.usefixtures("unchecked")
def test_document_of_the_student_system_is_not_taken_back(application, alix, transcript):
    with pytest.raises(Refused) as refusal:
        remove_document(application, transcript, by=alix.user, now=NOW)

    assert refusal.value.codes == ["from_sis"]


@pytest.mark.usefixtures("unchecked")
def test_document_of_the_student_system_is_not_checked(application, bao, transcript):
    application.dossier_status = DossierStatus.RECEIVED
    application.save(update_fields=["dossier_status"])

    with pytest.raises(Refused) as refusal:
        check_documents(application, [transcript], ItemStatus.APPROVED, comment="", by=bao, now=NOW)

    assert refusal.value.codes == ["from_sis"]
