"""What seldom happens on the way to the student system: documents that are not what they were,
files that are gone, codes of somebody who is known there already."""

import zipfile
from io import BytesIO

import pytest

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import SubmittedDocument
from candide.admissions.decisions.domain.answering import accept
from candide.admissions.handover.domain.codes import enter_code
from candide.admissions.handover.domain.deliveries import DELIVERY
from candide.admissions.handover.domain.documents import documents_of, follow, send_documents
from candide.admissions.handover.enums import DocumentState, HandoverEvent, HandoverState
from candide.admissions.handover.models import DeliveryFile, HandedDocument
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.files.domain.blobs import delete_blob, open_file
from candide.foundation.history.domain.log import entries_about
from tests.admissions.conftest import NOW, again, staff_member
from tests.admissions.handover.conftest import MINUTE, admit, row_of, set_institution, tell_all
from tests.factories.applications import (
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.downloads import DownloadFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import DeliveryFactory, PreEnrolmentFactory
from tests.factories.requirements import DocumentRequirementFactory

pytestmark = pytest.mark.django_db
S = HandoverState


def given(application, code):
    """An approved document whose requirement has this code in the student system."""
    return SubmittedDocumentFactory(
        application=application,
        version__requirement=DocumentRequirementFactory(sis_code=code),
        version__file=StoredFileFactory(),
        version__status=ItemStatus.APPROVED,
    )


def corrected(document):
    """The same document, given once more."""
    version = DocumentVersionFactory(
        candidate=document.application.candidate,
        requirement=document.requirement,
        file=StoredFileFactory(),
        status=ItemStatus.APPROVED,
    )
    SubmittedDocument.objects.filter(pk=document.pk).update(version=version)
    return version


@pytest.fixture
def accepted(db):
    set_institution(handover_documents=True)
    return PreEnrolmentFactory(accepted=True)


def waiting(row, *codes):
    """The documents of `row` that wait to be sent."""
    for code in codes:
        given(row.application, code)
    follow([row], now=NOW)
    return list(HandedDocument.objects.filter(pre_enrolment=row).order_by("pk"))


# -- Documents -------------------------------------------------------------------------------------


def test_one_document_follows_for_each_code_and_none_without(accepted):
    first = given(accepted.application, "RNBAC")
    given(accepted.application, "RNBAC")
    given(accepted.application, "")

    assert list(documents_of(accepted.application)) == [("RNBAC", first.version)]


def test_nothing_follows_into_a_system_that_takes_no_documents(accepted, settings):
    settings.STUDENT_SYSTEM = "none"

    assert waiting(accepted, "RNBAC") == []


def test_what_was_sent_follows_again_only_once_it_is_another(accepted):
    document = given(accepted.application, "RNBAC")
    follow([accepted], now=NOW)
    send_documents(now=NOW)

    follow([accepted], now=NOW)
    unchanged = HandedDocument.objects.get()
    version = corrected(document)
    follow([accepted], now=NOW)
    changed = HandedDocument.objects.get()

    assert (unchanged.state, unchanged.sent_at) == (DocumentState.SENT, NOW)
    assert (changed.state, changed.sent_at) == (DocumentState.TO_SEND, None)
    assert changed.version == version


def test_document_whose_file_is_gone_is_tried_later_and_holds_up_no_other(accepted):
    gone, other = waiting(accepted, "RNBAC", "RNCV")
    gone.version.file = None
    gone.version.status = ItemStatus.NOT_APPLICABLE
    gone.version.save()

    assert send_documents(now=NOW) == 2

    gone.refresh_from_db()
    other.refresh_from_db()
    assert (gone.state, gone.attempts, bool(gone.last_error)) == (DocumentState.TO_SEND, 1, True)
    assert gone.next_attempt_at > NOW
    assert other.state == DocumentState.SENT


def test_what_another_worker_sent_meanwhile_is_not_sent_again(accepted, system, monkeypatch):
    waiting(accepted, "RNBAC", "RNCV")
    taken = []

    def take(code, reference, kind, content, **names):
        taken.append(kind)
        HandedDocument.objects.exclude(kind=kind).update(state=DocumentState.SENT)

    monkeypatch.setattr(system, "take_document", take)
    send_documents(now=NOW)

    assert taken == ["RNBAC"]
    assert not HandedDocument.objects.filter(state=DocumentState.TO_SEND).exists()


def test_document_replaced_while_it_is_sent_still_waits(accepted, system, monkeypatch):
    document = given(accepted.application, "RNBAC")
    follow([accepted], now=NOW)

    def take(code, reference, kind, content, **names):
        corrected(document)
        follow([accepted], now=NOW + MINUTE)

    monkeypatch.setattr(system, "take_document", take)
    send_documents(now=NOW)

    assert HandedDocument.objects.get().state == DocumentState.TO_SEND
    said = entries_about(accepted.application).values_list("event", flat=True)
    assert HandoverEvent.DOCUMENT_SENT not in said


# -- Files -----------------------------------------------------------------------------------------


def archive_of(*keys):
    """What came of asking for the files of these."""
    by = staff_member("administrator")
    download = DownloadFactory(kind=DELIVERY, keys=keys, asked_by=by)
    work(clock=lambda: NOW)
    download.refresh_from_db()
    return download


def names_in(download):
    with open_file(download.file) as content:
        return zipfile.ZipFile(BytesIO(content.read())).namelist()


@pytest.fixture
def delivery(accepted):
    made = DeliveryFactory()
    DeliveryFile.objects.create(delivery=made, file=StoredFileFactory(name="candidat.csv"))
    made.pre_enrolments.add(accepted)
    return made


def test_no_archive_of_files_out_of_reach(delivery):
    download = archive_of(delivery.pk + 1)

    assert (download.state, download.file) == (DownloadState.FAILED, None)
    assert [code for _, code, _ in download.report] == ["nothing_inside", "out_of_reach"]


def test_archive_is_without_documents_where_none_are_handed_over(accepted, delivery):
    given(accepted.application, "RNBAC")
    set_institution(handover_documents=False)

    assert names_in(archive_of(delivery.pk)) == ["candidat.csv"]


def test_archive_says_which_document_could_not_be_read(accepted, delivery):
    delete_blob(given(accepted.application, "RNBAC").version.file.key)

    download = archive_of(delivery.pk)

    assert names_in(download) == ["candidat.csv"]
    ((_, code, message),) = download.report
    assert code == "not_read"
    assert "PJ_RNBAC" in message


# -- Codes and contents ----------------------------------------------------------------------------


def test_other_code_for_who_is_accepted_keeps_when_they_were_told_of():
    row = PreEnrolmentFactory(accepted=True)

    enter_code(row.application, "AB12", by=None, now=NOW, with_mail=False)

    after = row_of(row.application)
    assert (after.state, after.code, after.is_code_by_hand) == (S.ACCEPTED, "AB12", True)
    assert (after.told_at, after.changed_at) == (row.told_at, row.changed_at)


def test_what_was_put_aside_is_not_told_with_the_others(admitted, bao, system):
    accept(admitted, by=admitted.candidate.user, now=NOW)
    PreEnrolmentFactory(
        aside=True, application=ApplicationFactory(candidate=admitted.candidate, accepted=True)
    )
    second = admit(ApplicationFactory(candidate=admitted.candidate), by=bao)
    accept(again(second), by=admitted.candidate.user, now=NOW)

    tell_all()

    (person,) = system.people
    assert {wish.key for wish in person.wishes} == {row_of(admitted).key, row_of(second).key}
