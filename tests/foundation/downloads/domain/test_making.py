"""Making what was asked for: claimed, stopped, taken over, given up."""

import pytest
from django.db import OperationalError

from candide.core.blockers import Blocker, Refused
from candide.foundation.downloads.domain import making
from candide.foundation.downloads.domain.asking import stop_download
from candide.foundation.downloads.domain.making import LEASE, MOST_DEATHS, claim, work
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download, DownloadPart
from candide.foundation.downloads.registry import find_kind, register_kind
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.models import StoredFile
from candide.institution.accounts.models import User
from tests.foundation.downloads.conftest import NOW, asked, events, made

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def kill_at(names, key):
    def before(each):
        if each == key:
            raise Killed

    names.before = before


def now_of(download):
    return Download.objects.get(pk=download.pk)


def test_made_and_kept_for_a_week(bao, people, clock, names):
    download = made(bao, people, clock)

    with open_file(download.file) as content:
        lines = content.read().decode().splitlines()
    assert lines == [User.objects.get(pk=key).email for key in people]
    assert download.state == DownloadState.READY
    assert (download.number_inside, download.number_done) == (3, 3)
    assert (download.expires_at - NOW).days == 7
    assert (download.claim, download.leased_until) == (None, None)
    assert (download.file.name, download.file.created_by) == ("personnes.csv", bao)
    assert events(download) == ["downloads.asked", "downloads.made"]


def test_nothing_waits(clock, names):
    assert work(clock=clock) == 0


def test_what_cannot_be_in_it_is_told_and_does_not_stop_the_rest(bao, people, clock, names):
    first, second, third = people
    names.refused, names.hidden = {first}, {third}

    download = made(bao, people, clock)

    assert download.subjects == [second]
    assert download.report == [[first, "no", "Non."], [third, "no", "Non."]]
    assert download.number_left_out == 2


def test_only_the_first_thousand_reasons_are_kept(bao, people, clock, names, monkeypatch):
    monkeypatch.setattr(making, "MOST_TOLD", 1)
    names.refused = set(people[:2])

    download = made(bao, people, clock)

    assert (len(download.report), download.number_left_out) == (1, 2)


def test_nothing_inside_is_no_file(bao, people, clock, names):
    names.refused = set(people)

    download = made(bao, people, clock)

    assert (download.state, download.file) == (DownloadState.FAILED, None)
    assert [code for _key, code, _message in download.report] == ["nothing_inside", *["no"] * 3]
    assert [key for key, _code, _message in download.report] == [None, *people]


def test_unexpected_error_fails_without_saying_what_it_was(bao, people, clock, names):
    names.broken = {people[1]}

    download = made(bao, people, clock)

    assert (download.state, download.ended_at) == (DownloadState.FAILED, NOW)
    assert [line[:2] for line in download.report] == [[None, "failed"]]
    assert StoredFile.objects.count() == 0


def test_refusal_of_the_kind_is_told(bao, people, clock, names):
    def refuse(key):
        raise Refused([Blocker("impossible", "Impossible.")])

    names.before = refuse

    download = made(bao, people, clock)

    assert download.report == [[None, "impossible", "Impossible."]]


def test_unknown_kind_fails(bao, people, clock, names, monkeypatch):
    download = asked(bao, people)
    monkeypatch.setattr(making, "kind_of", {}.__getitem__)

    work(clock=clock)

    assert now_of(download).state == DownloadState.FAILED


def test_database_that_goes_leaves_it_to_the_next_try(bao, people, clock, names):
    def gone(key):
        raise OperationalError

    names.before = gone
    download = asked(bao, people)

    with pytest.raises(OperationalError):
        work(clock=clock)

    assert now_of(download).state == DownloadState.WAITING


@pytest.mark.parametrize("account", [True, False])
def test_nothing_is_made_for_who_lost_the_right(bao, people, clock, names, account):
    kind = find_kind("names")
    register_kind(type(kind)("names", kind.make, kind.reach, permission="runs.list"))
    download = asked(bao, people)
    if not account:
        Download.objects.update(asked_by=None)

    work(clock=clock)

    assert [line[1] for line in now_of(download).report] == ["not_allowed"]
    assert names.made == []


def test_stopped_while_it_is_made(bao, people, clock, names):
    download = asked(bao, people)
    names.before = lambda key: key == people[1] and stop_download(download, by=bao, now=NOW)

    work(clock=clock)

    assert (now_of(download).state, names.made) == (DownloadState.STOPPED, [people[0]])
    assert StoredFile.objects.count() == 0


def test_stopped_at_the_last_moment_leaves_no_file(
    bao, people, clock, names, monkeypatch, django_capture_on_commit_callbacks
):
    download = asked(bao, people)
    store = making.store_path

    def stored(*args, **more):
        stop_download(download, by=bao, now=NOW)
        return store(*args, **more)

    monkeypatch.setattr(making, "store_path", stored)

    with django_capture_on_commit_callbacks(execute=True):
        work(clock=clock)

    assert (now_of(download).state, StoredFile.objects.count()) == (DownloadState.STOPPED, 0)


def test_failing_once_it_is_no_longer_ours_changes_nothing(bao, people, clock, names):
    download = asked(bao, people)

    def stop_and_break(key):
        stop_download(download, by=bao, now=NOW)
        raise ValueError

    names.before = stop_and_break

    work(clock=clock)

    assert (now_of(download).state, now_of(download).report) == (DownloadState.STOPPED, [])


def test_only_one_worker_makes_it(bao, people, clock, names):
    download = asked(bao, people)

    mine = claim(now=clock())

    assert (mine.pk, claim(now=clock()), claim(now=clock(), only=download.pk)) == (
        download.pk,
        None,
        None,
    )


def test_progress_renews_the_lease(bao, people, clock, names):
    download = asked(bao, people)
    names.before = lambda key: clock.passes(seconds=40)
    seen = []
    reach = names.make

    def watched(given):
        made = reach(given)
        row = now_of(download)
        seen.append((row.number_done, row.leased_until))
        return made

    register_kind(type(find_kind("names"))("names", watched, names.reach))

    work(clock=clock)

    assert seen == [(2, clock() + LEASE)]


def test_killed_worker_leaves_it_to_the_next_after_two_minutes(bao, people, clock, names):
    download = asked(bao, people)
    kill_at(names, people[2])
    with pytest.raises(Killed):
        work(clock=clock)
    names.before = lambda key: None

    assert work(clock=clock) == 0
    clock.passes(minutes=2)
    assert work(clock=clock) == 1

    row = now_of(download)
    assert (row.state, row.subjects, row.attempts) == (DownloadState.READY, people, 1)


def test_parts_of_a_killed_worker_are_not_made_again(
    bao, people, clock, names, django_capture_on_commit_callbacks
):
    names.keeps_parts = True
    download = asked(bao, people)
    kill_at(names, people[2])
    with pytest.raises(Killed):
        work(clock=clock)
    names.before = lambda key: None
    assert DownloadPart.objects.count() == 2
    clock.passes(minutes=2)

    with django_capture_on_commit_callbacks(execute=True):
        work(clock=clock)

    assert names.made == people
    row = now_of(download)
    assert (row.state, row.subjects) == (DownloadState.READY, people)
    assert DownloadPart.objects.count() == 0
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [row.file_id]


def test_given_up_where_workers_die_again_and_again(bao, people, clock, names):
    download = asked(bao, people)
    kill_at(names, people[0])
    for _death in range(MOST_DEATHS):
        with pytest.raises(Killed):
            work(clock=clock)
        clock.passes(minutes=2)

    assert work(clock=clock) == 0

    assert now_of(download).state == DownloadState.FAILED
    assert [line[1] for line in now_of(download).report] == ["failed"]


def test_a_turn_is_over_after_a_minute_if_something_was_kept(bao, people, clock, names):
    names.keeps_parts = True
    download = asked(bao, people)
    names.before = lambda key: clock.passes(seconds=45)

    assert work(clock=clock) == 1
    after_a_turn = now_of(download)
    assert (after_a_turn.state, after_a_turn.claim) == (DownloadState.WAITING, None)
    assert names.made == people[:1]

    names.before = lambda key: None
    work(clock=clock)
    assert (now_of(download).state, names.made) == (DownloadState.READY, people)


def test_the_one_that_waited_longest_comes_first(bao, people, clock, names):
    first, second = asked(bao, people[:1]), asked(bao, people[1:2])
    Download.objects.filter(pk=first.pk).update(worked_at=NOW)

    assert claim(now=clock()).pk == second.pk


def test_somebody_else_claims_it_first(bao, people, clock, names, monkeypatch):
    asked(bao, people)
    monkeypatch.setattr(
        "django.db.models.query.QuerySet.select_for_update", lambda rows, **how: rows.none()
    )

    assert claim(now=clock()) is None
