"""What the worker draws: the PDF of each snapshot [FILE-06 REC, PDF-04]."""

from datetime import timedelta

import pytest

from candide.admissions.applications import tasks
from candide.admissions.applications.domain import dossier as dossier_module
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.dossier import current_dossier
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.models import Snapshot
from candide.admissions.applications.tasks import draw_receipts, render_dossier, render_dossiers
from candide.foundation.files.domain.blobs import delete_blob
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.models import StoredFile
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory

HOUR = timedelta(hours=1)


def drawn(snapshot):
    return Snapshot.objects.get(pk=snapshot.pk).pdf_id is not None


def transmitted(application, alix, **file):
    """A snapshot of the application with one document."""
    requirement = DocumentRequirementFactory(common=True, unique=True, label="Relevé")
    give_document(application, requirement, StoredFileFactory(**file), by=alix.user, now=NOW)
    return transmit(application, by=alix.user, now=NOW)


def test_snapshot_that_cannot_be_drawn_keeps_no_other_waiting(application, alix):
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    broken = transmit(application, by=alix.user, now=NOW)
    whole = transmit(other, by=alix.user, now=NOW)
    data = broken.data
    Snapshot.objects.filter(pk=broken.pk).update(data={})

    assert render_dossiers(NOW) == 2
    assert (drawn(broken), drawn(whole)) == (False, True)
    assert render_dossiers(NOW) == 0
    Snapshot.objects.filter(pk=broken.pk).update(data=data)
    assert render_dossiers(NOW + HOUR) == 1
    assert drawn(broken)


def tried(sweep, hours):
    """In which of these hours the sweep tried to draw something."""
    return [hour for hour in range(hours) if sweep(NOW + hour * HOUR)]


def test_snapshot_that_is_never_drawn_is_tried_ever_more_seldom(application, alix):
    transmit(application, by=alix.user, now=NOW)
    Snapshot.objects.update(data={})

    assert tried(render_dossiers, 100) == [0, 1, 2, 4, 8, 16, 32, 56, 80]


def test_receipt_that_is_never_drawn_is_tried_ever_more_seldom(application, alix):
    transmit(application, by=alix.user, now=NOW)
    Snapshot.objects.update(receipt=None, receipt_wanted_at=NOW, data={}, pdf_wanted_at=NOW)

    assert tried(draw_receipts, 100) == [0, 1, 2, 4, 8, 16, 32, 56, 80]


@pytest.mark.parametrize("sweep", [render_dossiers, draw_receipts])
def test_what_was_never_tried_goes_before_what_failed(application, alix, monkeypatch, sweep):
    monkeypatch.setattr(tasks, "BATCH", 1)
    failed = transmit(application, by=alix.user, now=NOW)
    Snapshot.objects.update(data={}, receipt=None, receipt_wanted_at=NOW)
    sweep(NOW)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    new = transmit(other, by=alix.user, now=NOW)
    Snapshot.objects.filter(pk=new.pk).update(receipt=None, receipt_wanted_at=NOW)

    sweep(NOW + 9 * HOUR)

    assert tries(new) == 1
    assert tries(failed) == 1


def tries(snapshot):
    """How often its PDF or its receipt was tried."""
    snapshot.refresh_from_db()
    return snapshot.pdf_tries + snapshot.receipt_tries


def test_snapshot_waits_for_the_antivirus(application, alix):
    snapshot = transmitted(application, alix, pending=True)

    assert render_dossiers(NOW) == 0
    StoredFile.objects.update(scan_status=ScanStatus.CLEAN, scanned_at=NOW)
    render_dossier(snapshot.pk)

    assert drawn(snapshot)


def test_snapshot_is_not_drawn_for_good_without_a_file_that_may_come_back(application, alix):
    snapshot = transmitted(application, alix)
    lost = StoredFile.objects.get(name="diplome.pdf")
    delete_blob(lost.key)

    assert render_dossiers(NOW) == 1

    assert not drawn(snapshot)


def test_snapshot_waits_for_the_file_service(application, alix):
    snapshot = transmitted(application, alix)
    Institution.objects.update(is_upload_closed=True)

    assert render_dossiers(NOW) == 0
    Institution.objects.update(is_upload_closed=False)
    assert render_dossiers(NOW) == 1

    assert drawn(snapshot)


@pytest.fixture
def no_drawing(monkeypatch):
    """Forget how dossiers are drawn: what is handed out was drawn before."""

    def fail(*args, **kwargs):
        raise AssertionError("drawn again")

    return lambda: monkeypatch.setattr(dossier_module, "compose", fail)


def handed_out(application, language="fr"):
    return current_dossier(again(application), language=language, now=NOW)


def test_what_was_drawn_is_handed_out(application, alix, no_drawing):
    snapshot = transmitted(application, alix)
    render_dossiers(NOW)
    pdf = Snapshot.objects.get(pk=snapshot.pk).pdf
    no_drawing()

    dossier = handed_out(application)

    assert (len(dossier.content), dossier.pages) == (pdf.size, pdf.page_count)
    assert dossier.name.startswith(f"dossier-{alix.user.file_number}_MARTIN_ALIX-")


@pytest.mark.parametrize("change", ["language", "verdict", "lost", "maintenance"])
def test_dossier_is_drawn_anew_where_what_was_drawn_will_not_do(application, alix, change):
    snapshot = transmitted(application, alix)
    render_dossiers(NOW)
    pdf = Snapshot.objects.get(pk=snapshot.pk).pdf
    if change == "verdict":
        StoredFile.objects.filter(name="diplome.pdf").update(
            scan_status=ScanStatus.INFECTED, scanned_at=pdf.created_at + HOUR
        )
    elif change == "lost":
        delete_blob(pdf.key)
    elif change == "maintenance":
        Institution.objects.update(is_upload_closed=True)

    dossier = handed_out(application, language="en" if change == "language" else "fr")

    assert dossier.content.startswith(b"%PDF")
    is_left_out = change in {"verdict", "maintenance"}
    assert dossier.skipped == (["Relevé"] if is_left_out else [])
    assert (dossier.pages < pdf.page_count) == is_left_out
