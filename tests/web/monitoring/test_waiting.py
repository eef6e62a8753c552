"""What waits, as monitoring reads it."""

import re
from datetime import timedelta

import pytest

from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.gauges import documents_waiting, handover
from candide.core.gauges import gauges
from candide.foundation.downloads.gauges import downloads_waiting
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.gauges import files_missing, files_unscanned
from candide.foundation.jobs.gauges import jobs_in_trouble, tasks_waiting, workers
from candide.foundation.runs.enums import ItemState, RunState
from candide.foundation.runs.gauges import run_items_waiting, runs_at_work
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.gauges import mails, oldest_mail
from tests.factories.downloads import DownloadFactory
from tests.factories.files import MissingContentFactory, StoredFileFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.jobs import JobRunFactory, WorkerBeatFactory
from tests.factories.mails import OutgoingMailFactory
from tests.factories.runs import RunFactory, RunItemFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_every_gauge_has_a_name_of_ours_and_says_what_it_is():
    for each in gauges():
        assert re.fullmatch(r"candide_[a-z_]+[a-z]", each.name)
        assert each.help.endswith(".")


def test_nothing_waits_in_a_new_installation(now):
    readings = {each.name: each.read(now) for each in gauges()}

    assert {name: number for name, number in readings.items() if number and any_of(number)} == {}
    assert len(readings) >= 12


def any_of(reading):
    return any(reading.values()) if isinstance(reading, dict) else reading


def test_workers_and_jobs(now):
    WorkerBeatFactory(seen_at=now)
    WorkerBeatFactory(seen_at=now, stopped_at=now)
    JobRunFactory(failed=True, job="clean-files")

    assert workers(now) == 1
    assert jobs_in_trouble(now)["failed"] == 1
    assert tasks_waiting(now) == 0


def test_files(now):
    StoredFileFactory(pending=True)
    StoredFileFactory()
    MissingContentFactory()

    assert files_unscanned(now) == {ScanStatus.PENDING: 1, ScanStatus.FAILED: 0}
    assert files_missing(now) == 1


def test_long_works_and_exports(now):
    running = RunFactory(running=True)
    RunItemFactory.create_batch(2, run=running, state=ItemState.READY)
    RunItemFactory(run=running, done=True)
    RunItemFactory(run=RunFactory(state=RunState.EXAMINING), state=ItemState.SELECTED)
    RunItemFactory(run=RunFactory(stopped=True), state=ItemState.READY)
    DownloadFactory()

    assert runs_at_work(now) == 2
    assert run_items_waiting(now) == 3
    assert downloads_waiting(now) == 1


def test_mails(now):
    OutgoingMailFactory(queued_at=now - timedelta(minutes=5))
    OutgoingMailFactory(queued_at=now - timedelta(minutes=2), sending=True)
    OutgoingMailFactory(queued_at=now - timedelta(days=1), sent=True)

    assert mails(now) == {MailStatus.QUEUED: 1, MailStatus.SENDING: 1, MailStatus.FAILED: 0}
    assert oldest_mail(now) == 300


def test_handover(now):
    PreEnrolmentFactory()
    PreEnrolmentFactory(refused=True)
    PreEnrolmentFactory(accepted=True)

    assert handover(now) == {
        HandoverState.TO_SEND: 1,
        HandoverState.TO_WITHDRAW: 0,
        HandoverState.REFUSED: 1,
    }
    assert documents_waiting(now) == 0
