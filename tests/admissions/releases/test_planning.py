"""When a release happens, who agreed, giving it up."""

from datetime import timedelta

import pytest

from candide.admissions.releases.domain.beginning import preparing_again_blockers
from candide.admissions.releases.domain.planning import (
    agree,
    give_up,
    needs_agreement,
    plan,
    release_now,
    unplan,
)
from candide.admissions.releases.domain.releasing import due
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.domain.asking import stop
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.admissions.releases.conftest import (
    TODAY,
    begun,
    done,
    drafted,
    fresh,
    prepared,
    released,
    work_all,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


@pytest.fixture
def release(application, bao):
    return prepared(drafted(application, bao), by=bao)


def asks_above(number):
    Institution.current()
    Institution.objects.update(release_agreement_above=number)


def test_planned_release_waits_for_its_hour(release, application, bao):
    plan(release, NOW + HOUR, by=bao, now=NOW, seen=1)

    assert (due(now=NOW), due(now=NOW + HOUR)) == ([], [release.pk])
    assert done(release).state == "planned"
    assert done(release, now=NOW + HOUR).state == "done"
    assert released(application) == 1


def test_plan_is_moved_and_taken_back_before_the_hour(release, application, bao):
    plan(release, NOW + HOUR, by=bao, now=NOW)
    plan(release, NOW + 2 * HOUR, by=bao, now=NOW)
    assert due(now=NOW + HOUR) == []

    unplan(release, by=bao)

    assert due(now=NOW + 3 * HOUR) == []
    assert refused(unplan, release, by=bao) == ["not_planned"]
    assert released(application) == 0
    events = [entry.event for entry in entries_about(release).order_by("pk")]
    assert events == [
        "releases.begun",
        "releases.planned",
        "releases.planned",
        "releases.unplanned",
    ]


@pytest.mark.parametrize(
    ("moment", "codes"),
    [
        (NOW + HOUR, []),
        (NOW - HOUR, ["in_the_past"]),
        (NOW + DAY, ["other_day"]),
        (NOW - DAY, ["other_day", "in_the_past"]),
    ],
)
def test_hour_is_later_on_the_day_it_was_prepared_for(release, bao, moment, codes):
    assert (refused(plan, release, moment, by=bao, now=NOW) if codes else []) == codes


def test_another_day_is_prepared_again(release, bao):
    assert refused(release_now, release, by=bao, now=NOW + DAY) == ["other_day"]


def test_what_is_not_prepared_is_neither_planned_nor_released(application, bao):
    release = begun(drafted(application, bao), by=bao)

    assert refused(plan, release, NOW + HOUR, by=bao, now=NOW) == ["not_prepared"]
    assert [b.code for b in preparing_again_blockers(fresh(release))] == ["at_work"]

    stop(release.run, by=bao, now=NOW)
    assert refused(release_now, release, by=bao, now=NOW) == ["not_prepared"]
    assert preparing_again_blockers(fresh(release)) == []


def test_where_nothing_could_be_prepared_there_is_nothing_to_release(application, bao):
    release = prepared(application, by=bao)

    assert refused(release_now, release, by=bao, now=NOW) == ["nothing_prepared"]


def test_version_that_was_not_seen_is_not_released(release, bao):
    for act in (release_now, agree):
        assert refused(act, release, by=bao, now=NOW, seen=7) == ["changed"]


def test_above_the_number_another_person_agrees_first(release, application, bao, dana):
    asks_above(0)
    assert needs_agreement(release)
    assert refused(release_now, release, by=bao, now=NOW) == ["not_agreed"]

    agree(release, by=dana, now=NOW, seen=1)
    assert refused(agree, release, by=dana, now=NOW) == ["agreed"]
    release_now(release, by=bao, now=NOW)

    assert done(release).state == "done"


@pytest.mark.parametrize("number", [None, 1])
def test_up_to_the_number_nobody_else_is_asked(release, number):
    asks_above(number)

    assert not needs_agreement(release)


def test_who_prepared_it_is_not_who_agrees(release, bao, dana, chris):
    assert [user.has_perm("releases.agree", release) for user in (bao, dana, chris)] == [
        False,
        True,
        False,
    ]


def test_hour_that_comes_without_agreement_opens_it_again(release, application, bao):
    asks_above(0)
    plan(release, NOW + HOUR, by=bao, now=NOW)

    opened = done(release, now=NOW + HOUR)

    assert (opened.state, opened.planned_for) == ("open", None)
    assert opened.prevented_by == ["not_agreed"]
    assert released(application) == 0


def test_hour_missed_by_a_day_and_right_taken_prevent_it(release, application, bao):
    plan(release, NOW + HOUR, by=bao, now=NOW)
    Assignment.objects.filter(user=bao).delete()

    opened = done(release, now=NOW + DAY)

    assert opened.prevented_by == ["not_allowed", "other_day"]
    assert released(application) == 0


def test_given_up_its_decisions_stay_drafts(release, application, bao):
    plan(release, NOW + HOUR, by=bao, now=NOW)

    give_up(release, by=bao, now=NOW)

    assert done(release, now=NOW + HOUR).state == "given_up"
    assert again(application).has_draft_decision
    assert refused(give_up, release, by=bao, now=NOW) == ["over"]
    assert refused(release_now, release, by=bao, now=NOW) == ["over"]
    assert [b.code for b in preparing_again_blockers(fresh(release))] == ["over"]


def test_given_up_while_it_is_prepared_the_preparing_stops(application, bao):
    release = begun(drafted(application, bao), by=bao)

    give_up(release, by=bao, now=NOW)
    work_all()

    assert fresh(release).run.state == "stopped"
    assert release.rows.get().state == "waiting"


def test_planned_release_is_not_prepared_again(release, bao):
    plan(release, NOW + HOUR, by=bao, now=NOW)

    assert [b.code for b in preparing_again_blockers(fresh(release))] == ["planned"]
    assert fresh(release).day == TODAY
