"""Taking the file: who asked, as long as every row in it is in their reach."""

from datetime import timedelta

import pytest

from candide.core.blockers import Refused
from candide.foundation.downloads.domain import taking
from candide.foundation.downloads.domain.taking import take, taking_blockers
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, register_kind
from candide.foundation.history.models import HistoryEntry
from tests.factories.downloads import DownloadFactory
from tests.foundation.downloads.conftest import NOW, made

pytestmark = pytest.mark.django_db


def test_taken_with_how_many_rows_in_the_history(bao, people, clock, names):
    download = made(bao, people, clock)

    assert take(download, by=bao, now=NOW) == download.file
    entry = HistoryEntry.objects.get(event="downloads.taken")
    assert (entry.by_id, entry.data) == (bao.pk, {"kind": "names", "number": 3})


@pytest.mark.parametrize("at_once", [1, 2, 5000])
def test_one_row_out_of_reach_is_enough(bao, people, clock, names, monkeypatch, at_once):
    monkeypatch.setattr(taking, "AT_ONCE", at_once)
    download = made(bao, people, clock)
    names.hidden = {people[2]}

    with pytest.raises(Refused) as refused:
        take(download, by=bao, now=NOW)

    assert refused.value.codes == ["out_of_reach"]
    assert not HistoryEntry.objects.filter(event="downloads.taken").exists()


def test_lost_right_is_enough(bao, people, clock, names):
    download = made(bao, people, clock)
    register_kind(Kind("names", names.make, names.reach, permission="runs.list"))

    assert [b.code for b in taking_blockers(download, by=bao, now=NOW)] == ["not_allowed"]


def test_week_is_over_before_the_job_came_by(bao, people, clock, names):
    download = made(bao, people, clock)
    last = download.expires_at - timedelta(seconds=1)

    assert taking_blockers(download, by=bao, now=last) == []
    codes = [b.code for b in taking_blockers(download, by=bao, now=download.expires_at)]
    assert codes == ["expired"]


@pytest.mark.parametrize(
    ("trait", "codes"),
    [
        ({}, ["not_ready"]),
        ({"stopped": True}, ["not_ready"]),
        ({"failed": True}, ["not_ready"]),
        ({"expired": True}, ["expired"]),
    ],
)
def test_only_what_is_ready_is_taken(bao, names, trait, codes):
    download = DownloadFactory(**trait)

    assert [b.code for b in taking_blockers(download, by=bao, now=NOW)] == codes
    assert Download.objects.count() == 1
