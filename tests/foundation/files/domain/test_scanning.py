"""A file is served only once the antivirus cleared it; what it could not say at once, it is asked
again."""

from datetime import timedelta

import pytest

from candide.core.blockers import Refused
from candide.core.tasks import run_handler
from candide.foundation.files.domain.blobs import open_file, open_original, serving_blockers
from candide.foundation.files.domain.scanning import scan, scan_pending
from candide.foundation.files.domain.storing import store
from candide.foundation.files.enums import FileEvent, ScanStatus
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import entries_about
from candide.foundation.jobs.registry import sweeps
from candide.integrations.antivirus import Unavailable
from tests.factories import samples
from tests.factories.files import OriginalFileFactory, StoredFileFactory
from tests.factories.samples import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_here")]

MINUTE = timedelta(minutes=1)


def infected_pdf():
    return samples.pdf() + samples.eicar()


# -- While it is given --------------------------------------------------------------------------


def test_clean_upload_can_be_opened_at_once(scanner):
    stored_file = store([upload(samples.pdf())], by=None)

    assert stored_file.scan_status == ScanStatus.CLEAN
    assert stored_file.scanned_at == stored_file.created_at
    assert serving_blockers(stored_file) == []


def test_infected_upload_is_refused_and_not_kept(scanner, files_dir):
    with pytest.raises(Refused) as refused:
        store([upload(samples.pdf(), "bon.pdf"), upload(infected_pdf(), "malade.pdf")], by=None)

    assert [(b.code, b.name) for b in refused.value.blockers] == [("infected", "malade.pdf")]
    assert StoredFile.objects.count() == 0
    assert not files_dir.exists()


def test_upload_waits_where_the_antivirus_is_away(scanner, django_capture_on_commit_callbacks):
    scanner.is_away = True

    with django_capture_on_commit_callbacks() as spurred:
        stored_file = store([upload(samples.pdf()), upload(samples.photo(), "a.jpg")], by=None)

    assert stored_file.scan_status == ScanStatus.PENDING
    assert scanner.asked == 1  # the second file need not wait for the same answer
    assert len(spurred) == 1
    with pytest.raises(Refused) as refused:
        open_file(stored_file)
    assert refused.value.codes == ["scan_pending"]


def test_upload_the_antivirus_cannot_judge_waits(scanner, monkeypatch):
    monkeypatch.setattr(scanner, "LARGEST", 10)

    stored_file = store([upload(samples.pdf())], by=None)

    assert stored_file.scan_status == ScanStatus.PENDING


# -- Afterwards ---------------------------------------------------------------------------------


def test_pending_file_is_cleared(scanner, now):
    stored_file = StoredFileFactory(pending=True)

    assert scan_pending(now) == 1

    stored_file.refresh_from_db()
    assert (stored_file.scan_status, stored_file.scanned_at) == (ScanStatus.CLEAN, now)
    assert list(entries_about(stored_file)) == []


@pytest.mark.parametrize(
    ("status", "code"),
    [("pending", "scan_pending"), ("infected", "infected"), ("unscannable", "scanner_failed")],
)
def test_file_that_is_not_cleared_is_never_opened(status, code):
    """B-172: neither the working copy nor what was uploaded."""
    stored_file = StoredFileFactory(**{status: True})
    original = OriginalFileFactory(stored_file=stored_file)

    with pytest.raises(Refused) as refused:
        open_file(stored_file)
    with pytest.raises(Refused) as as_uploaded:
        open_original(original)

    assert (refused.value.codes, as_uploaded.value.codes) == ([code], [code])


def test_virus_in_an_original_condemns_the_file(scanner, now):
    original = OriginalFileFactory(content=infected_pdf(), stored_file__pending=True)

    scan_pending(now)

    original.stored_file.refresh_from_db()
    assert original.stored_file.scan_status == ScanStatus.INFECTED
    (entry,) = entries_about(original.stored_file)
    assert entry.event == FileEvent.INFECTED


def test_file_beyond_the_antivirus_is_asked_again_the_next_day(scanner, now, monkeypatch):
    monkeypatch.setattr(scanner, "LARGEST", 10)
    stored_file = StoredFileFactory(pending=True)

    scan_pending(now)

    stored_file.refresh_from_db()
    assert stored_file.scan_status == ScanStatus.FAILED
    monkeypatch.setattr(scanner, "LARGEST", 10_000_000)
    assert scan_pending(now + timedelta(hours=23)) == 0
    assert scan_pending(now + timedelta(days=1)) == 1
    stored_file.refresh_from_db()
    assert stored_file.scan_status == ScanStatus.CLEAN


def test_antivirus_away_is_asked_once_and_again_later(scanner, now):
    StoredFileFactory.create_batch(3, pending=True)
    scanner.is_away = True

    assert scan_pending(now) == 0
    assert scanner.asked == 1

    scanner.is_away = False
    assert scan_pending(now + MINUTE) == 2  # the third was asked about a minute ago
    assert scan_pending(now + 2 * MINUTE) == 1


def test_two_workers_ask_about_different_files(scanner, now):
    stored_file = StoredFileFactory(pending=True, scan_tried_at=now)

    assert scan(stored_file.pk, now=now + MINUTE) is False
    assert scanner.asked == 0


def test_file_that_is_gone_is_nothing_to_ask_about(scanner, now):
    assert scan(4711, now=now) is False


def test_deployment_that_gave_up_its_antivirus_serves_what_waited(settings, now):
    settings.ANTIVIRUS_SOCKET = ""
    stored_file = StoredFileFactory(pending=True)

    scan_pending(now)

    stored_file.refresh_from_db()
    assert stored_file.scan_status == ScanStatus.NOT_SCANNED
    assert stored_file.is_served


def test_spur_asks_about_its_file(scanner, frozen):
    stored_file = StoredFileFactory(pending=True)

    run_handler.call("files.scan", [stored_file.pk])

    stored_file.refresh_from_db()
    assert stored_file.scan_status == ScanStatus.CLEAN


def test_spur_that_finds_nobody_leaves_the_file_to_the_sweep(scanner, frozen):
    stored_file = StoredFileFactory(pending=True)
    scanner.is_away = True

    with pytest.raises(Unavailable):
        run_handler.call("files.scan", [stored_file.pk])

    stored_file.refresh_from_db()
    assert stored_file.scan_status == ScanStatus.PENDING


def test_worker_sweeps_what_waits(scanner, now):
    StoredFileFactory(pending=True)
    (sweep,) = [each for each in sweeps() if each.code == "scan-files"]

    assert sweep.function(now) == 1
    assert sweep.function(now) == 0
