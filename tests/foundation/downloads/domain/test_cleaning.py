"""What was asked for is not kept for ever."""

from datetime import timedelta

import pytest

from candide.foundation.downloads.domain.cleaning import KEPT, REMEMBERED, expired
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download, DownloadPart
from candide.foundation.files.models import StoredFile
from tests.factories.downloads import ENDED_AT, EXPIRES_AT, DownloadFactory, DownloadPartFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


def run_job(now):
    return counted("expire-downloads", now=now)


def test_file_goes_when_its_time_is_over(django_capture_on_commit_callbacks):
    over = DownloadFactory(ready=True)
    kept = DownloadFactory(ready=True, expires_at=EXPIRES_AT + timedelta(days=3))

    with django_capture_on_commit_callbacks(execute=True):
        run_job(EXPIRES_AT + timedelta(days=1))

    over.refresh_from_db()
    kept.refresh_from_db()
    assert (over.state, over.file, over.subjects) == (DownloadState.EXPIRED, None, [])
    assert kept.state == DownloadState.READY
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [kept.file_id]


@pytest.mark.parametrize("trait", ["stopped", "failed"])
def test_parts_of_what_was_not_finished_go_after_a_week(trait, django_capture_on_commit_callbacks):
    part = DownloadPartFactory(download=DownloadFactory(**{trait: True}))

    assert expired(now=ENDED_AT + KEPT - timedelta(seconds=1)).count() == 0
    with django_capture_on_commit_callbacks(execute=True):
        run_job(ENDED_AT + KEPT + timedelta(days=1))

    part.download.refresh_from_db()
    assert part.download.state == DownloadState.EXPIRED
    assert (DownloadPart.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_rows_of_long_ago_are_forgotten():
    DownloadFactory(expired=True)
    waiting = DownloadFactory()

    counts = run_job(ENDED_AT + REMEMBERED + timedelta(days=1))

    assert counts == {"forgotten": 1}
    assert list(Download.objects.values_list("pk", flat=True)) == [waiting.pk]
