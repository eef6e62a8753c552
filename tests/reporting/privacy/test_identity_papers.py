"""Identity papers: their files are destroyed once no application needs them, what was said of them
stays."""

from datetime import timedelta

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.dossier import current_dossier
from candide.admissions.applications.domain.snapshot import freeze, unrendered
from candide.admissions.applications.models import Application, DocumentVersion, Snapshot
from candide.core.blockers import Refused
from candide.foundation.files.domain.blobs import read_blob
from candide.foundation.files.models import StoredFile
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.registry import find_job
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.identity_papers import destroy_paper, to_destroy
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.mails import NOW
from tests.factories.requirements import DocumentRequirementFactory

pytestmark = pytest.mark.django_db

DAYS = 60
LONG_AGO = NOW - timedelta(days=DAYS + 1)
LATELY = NOW - timedelta(days=DAYS - 1)


def given(application, *, days=DAYS, **version):
    """An identity paper the candidate of `application` gave."""
    requirement = DocumentRequirementFactory(common=True, destroyed_after_days=days)
    values = {"candidate": application.candidate, "requirement": requirement}
    values |= {"status": "approved", "file": StoredFileFactory(), **version}
    return SubmittedDocumentFactory(
        application=application, **{f"version__{name}": value for name, value in values.items()}
    ).version


def refused(*, released_at, **fields):
    application = ApplicationFactory(
        complete=True, released_outcome="unfavourable", has_any_decision=True, **fields
    )
    DecisionFactory(
        application=application,
        type__outcome="unfavourable",
        created_at=released_at,
        released_at=released_at,
    )
    return application


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({"complete": True}, False),
        ({"offered": True}, False),
        ({"accepted": True, "answered_at": LONG_AGO}, True),
        ({"withdrawn": True, "answered_at": LONG_AGO}, True),
        ({"withdrawn": True, "answered_at": LATELY}, False),
        ({"withdrawn": True, "answered_at": LONG_AGO, "has_draft_decision": True}, False),
        ({"cancelled_at": LONG_AGO}, True),
        ({"cancelled_at": LATELY}, False),
        ({"complete": True, "archived_at": LONG_AGO}, True),
    ],
)
def test_file_is_destroyed_once_the_application_is_over(fields, is_due):
    version = given(ApplicationFactory(**fields))

    assert list(to_destroy(now=NOW)) == [version] * is_due


@pytest.mark.parametrize(("released_at", "is_due"), [(LONG_AGO, True), (LATELY, False)])
def test_refusal_counts_from_its_release(released_at, is_due):
    version = given(refused(released_at=released_at))

    assert list(to_destroy(now=NOW)) == [version] * is_due


@pytest.mark.parametrize("days", [None, DAYS * 3])
def test_other_documents_and_longer_delays_stay(days):
    given(ApplicationFactory(cancelled_at=LONG_AGO), days=days)

    assert not to_destroy(now=NOW).exists()


def test_another_application_that_uses_it_keeps_it():
    over = ApplicationFactory(cancelled_at=LONG_AGO)
    version = given(over)
    going_on = ApplicationFactory(candidate=over.candidate)
    use = SubmittedDocumentFactory(
        application=going_on, requirement=version.requirement, version=version
    )

    assert not to_destroy(now=NOW).exists()
    use.delete()
    assert to_destroy(now=NOW).exists()
    freeze(going_on, by=None, now=NOW).documents.add(version)
    assert not to_destroy(now=NOW).exists()


def test_what_the_student_system_gave_or_waits_for_stays():
    institution = Institution.current()
    institution.handover_documents = True
    institution.save()
    given(ApplicationFactory(cancelled_at=LONG_AGO), is_from_sis=True)
    admitted = ApplicationFactory(accepted=True, answered_at=LONG_AGO)
    announced = PreEnrolmentFactory(application=admitted)
    version = given(admitted)

    assert not to_destroy(now=NOW).exists()
    announced.state = "accepted"
    announced.save()
    sending = announced.documents.create(kind="CNI", version=version, next_attempt_at=NOW)
    assert not to_destroy(now=NOW).exists()
    sending.state = "sent"
    sending.save()
    assert list(to_destroy(now=NOW)) == [version]


def test_destroying_leaves_that_it_was_checked(django_capture_on_commit_callbacks):
    application = ApplicationFactory(withdrawn=True, answered_at=LONG_AGO)
    application = Application.objects.with_offer().get(pk=application.pk)
    version = given(application)
    snapshot = freeze(application, by=None, now=LONG_AGO)
    Snapshot.objects.filter(pk=snapshot.pk).update(pdf=StoredFileFactory(), pdf_language="fr")
    file = version.file

    with django_capture_on_commit_callbacks(execute=True):
        destroy_paper(version.pk, now=NOW)

    version = DocumentVersion.objects.get()
    assert (version.file, version.destroyed_at, version.status) == (None, NOW, "approved")
    assert not StoredFile.objects.exists()
    with pytest.raises(FileNotFoundError):
        read_blob(file.key)
    assert list(unrendered(now=NOW)) == [snapshot]
    (item,) = requested_documents(application)
    assert (item.status, item.is_checked_on_paper) == ("approved", False)
    dossier = current_dossier(application, language="fr", now=NOW)
    assert dossier.skipped == [str(version.requirement.label)]
    entry = HistoryEntry.objects.get(event="applications.identity_destroyed")
    assert entry.data == {"requirement": version.requirement_id, "version": version.pk}


def test_what_is_needed_again_meanwhile_stays():
    application = ApplicationFactory(cancelled_at=LONG_AGO)
    version = given(application)
    Application.objects.update(cancelled_at=None)

    with pytest.raises(Refused) as refusal:
        destroy_paper(version.pk, now=NOW)

    assert refusal.value.codes == ["needed"]
    assert DocumentVersion.objects.get().file == version.file


def test_job_asks_once():
    assert find_job("destroy-identity-papers").destroys
