"""Asking for a file, stopping, going on, deleting."""

import pytest

from candide.core.blockers import Refused
from candide.foundation.downloads.domain.asking import (
    MOST_AT_ONCE,
    asking_blockers,
    delete_download,
    resume_download,
    stop_download,
)
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download, packed, unpacked
from candide.foundation.downloads.registry import find_kind
from candide.foundation.files.models import StoredFile
from candide.foundation.history.models import HistoryEntry
from tests.factories.downloads import DownloadFactory
from tests.foundation.downloads.conftest import NOW, asked, events, made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("names")]


def test_keys_come_back_from_little_room():
    keys = [7, 3, 2**40, *range(1000)]

    assert unpacked(packed(keys)) == keys
    assert (packed([]), unpacked(b"")) == (b"", [])


def test_asked_each_once_in_order_and_in_the_history(bao, people):
    first, second, third = people

    download = asked(bao, [third, first, third, second])

    kept = Download.objects.get(pk=download.pk)
    assert (kept.subjects, kept.number_asked) == ([third, first, second], 3)
    entry = HistoryEntry.objects.get(event="downloads.asked")
    assert (entry.by_id, entry.data) == (bao.pk, {"kind": "names", "number": 3})


@pytest.mark.parametrize(
    ("number", "waiting", "codes"),
    [
        (4, MOST_AT_ONCE - 1, []),
        (0, 0, ["nothing_selected"]),
        (5, 0, ["too_many"]),
        (1, MOST_AT_ONCE, ["too_many_at_once"]),
    ],
)
def test_asking_blockers(bao, number, waiting, codes):
    DownloadFactory.create_batch(waiting, asked_by=bao)
    DownloadFactory(asked_by=bao, ready=True)
    DownloadFactory()

    assert [b.code for b in asking_blockers(find_kind("names"), number, by=bao)] == codes


def test_asking_for_too_many_keeps_nothing(bao):
    with pytest.raises(Refused):
        asked(bao, [1, 2, 3, 4, 5])

    assert Download.objects.count() == 0


def test_stopped_is_made_no_more_until_resumed(bao, people, clock, names):
    download = asked(bao, people)
    stop_download(download, by=bao, now=NOW)

    assert work(clock=clock) == 0
    download.refresh_from_db()
    assert (download.state, download.ended_at) == (DownloadState.STOPPED, NOW)

    resume_download(download, by=bao, now=NOW)
    assert work(clock=clock) == 1
    download.refresh_from_db()
    assert (download.state, download.ended_at) == (DownloadState.READY, NOW)
    assert events(download) == [
        "downloads.asked",
        "downloads.stopped",
        "downloads.resumed",
        "downloads.made",
    ]


@pytest.mark.parametrize("trait", ["ready", "stopped", "failed", "expired"])
def test_only_what_is_being_made_is_stopped(bao, trait):
    download = DownloadFactory(**{trait: True})

    with pytest.raises(Refused) as refused:
        stop_download(download, by=bao, now=NOW)

    assert refused.value.codes == ["not_waiting"]


@pytest.mark.parametrize(
    ("trait", "codes"),
    [({}, ["not_ended"]), ({"ready": True}, ["not_ended"]), ({"expired": True}, ["not_ended"])],
)
def test_only_what_was_stopped_or_failed_is_resumed(bao, trait, codes):
    download = DownloadFactory(**trait)

    with pytest.raises(Refused) as refused:
        resume_download(download, by=bao, now=NOW)

    assert refused.value.codes == codes


def test_failed_is_resumed_with_a_clean_report(bao):
    download = DownloadFactory(
        failed=True, attempts=3, report=[[None, "failed", "Non."]], number_left_out=1
    )

    resume_download(download, by=bao, now=NOW)

    download.refresh_from_db()
    assert (download.state, download.attempts) == (DownloadState.WAITING, 0)
    assert (download.report, download.number_left_out) == ([], 0)


def test_deleted_takes_its_file_along(bao, people, clock, django_capture_on_commit_callbacks):
    download = made(bao, people, clock)
    pk = download.pk

    with django_capture_on_commit_callbacks(execute=True):
        delete_download(download, by=bao)

    assert not Download.objects.filter(pk=pk).exists()
    assert StoredFile.objects.count() == 0
    assert HistoryEntry.objects.filter(event="downloads.deleted", subject_id=pk).exists()


def test_deleted_before_it_is_made_has_no_file(bao, people):
    delete_download(asked(bao, people), by=bao)

    assert Download.objects.count() == 0
