"""Two people release the same decisions at once, or change one while it leaves."""

from functools import partial

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import withdraw
from candide.admissions.decisions.domain.current import shown_of
from candide.admissions.decisions.domain.entering import Draft, delete_draft, enter_decision
from candide.admissions.decisions.domain.release import release as release_one
from candide.admissions.decisions.models import Decision
from candide.admissions.releases.domain.beginning import begin_release
from candide.admissions.releases.domain.planning import release_now, unplan
from candide.admissions.releases.domain.releasing import carry_out
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.foundation.runs.domain.working import work
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.concurrency.at_once import ROUNDS, at_once
from tests.concurrency.conftest import again

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

NUMBER = 12


@pytest.fixture
def everywhere(bao, chris):
    """Bao and Chris release everywhere."""
    role = create_starter_roles()["administrator"]
    for person in (bao, chris):
        Assignment.objects.create(user=person, role=role)


@pytest.fixture
def drafts(applied, favourable, reserve, bao, now):
    """Applications of one intake, drafted: every third for the reserve list."""

    def make():
        made = [applied(complete=True) for _ in range(NUMBER)]
        ranks = Decision.objects.exclude(rank=None).count()
        for number, application in enumerate(made):
            ranked = number % 3 == 0
            kind = reserve if ranked else favourable
            draft = Draft(type=kind, rank=ranks + number + 1 if ranked else None)
            enter_decision(application, draft, by=bao, now=now)
        return made

    return make


def ready(applications, by, now):
    """A release of these, prepared and due."""
    pks = [application.pk for application in applications]
    release = begin_release(pks, day=localdate(now), by=by, now=now)
    while work(clock=lambda: now, limit=100):
        pass
    release_now(release, by=by, now=now)
    return release


def assert_each_left_once(applications):
    pks = [application.pk for application in applications]
    left = Decision.objects.released().filter(application__in=pks)
    assert sorted(left.values_list("application", flat=True)) == sorted(pks)
    told = OutgoingMail.objects.filter(about_id__in=pks, kind__startswith="decision-")
    assert sorted(told.values_list("about_id", flat=True)) == sorted(pks)
    for application in Application.objects.with_offer().filter(pk__in=pks):
        shown = shown_of(application, Institution.current())
        assert {name: getattr(application, name) for name in shown} == shown


@pytest.mark.usefixtures("everywhere")
def test_release_done_by_two_workers_is_done_once(drafts, bao, now):
    for _ in ROUNDS:
        applications = drafts()
        release = ready(applications, bao, now)

        at_once(*[partial(carry_out, release.pk, now=now)] * 2)

        assert_each_left_once(applications)


@pytest.mark.usefixtures("everywhere")
def test_same_decisions_in_two_releases_leave_with_one(drafts, bao, chris, now):
    for _ in ROUNDS:
        applications = drafts()
        one, other = ready(applications, bao, now), ready(applications, chris, now)

        at_once(partial(carry_out, one.pk, now=now), partial(carry_out, other.pk, now=now))

        assert_each_left_once(applications)
        released = [release.rows.filter(state="released").count() for release in (one, other)]
        assert sorted(released) == [0, NUMBER]


@pytest.mark.usefixtures("everywhere")
def test_one_released_alone_while_all_leave_is_released_once(drafts, bao, chris, now):
    for _ in ROUNDS:
        applications = drafts()
        release = ready(applications, bao, now)

        def alone(application=applications[0]):
            try:
                release_one(application, by=chris, now=now)
            except Refused:  # it has left with the others
                return

        at_once(partial(carry_out, release.pk, now=now), alone)

        assert_each_left_once(applications)


@pytest.mark.usefixtures("everywhere")
def test_draft_deleted_while_all_leave_is_gone_or_has_left(drafts, bao, chris, now):
    for _ in ROUNDS:
        applications = drafts()
        release = ready(applications, bao, now)

        def delete(application=applications[1]):
            try:
                delete_draft(application, by=chris)
            except Refused:  # it has left
                return True
            return False

        _done, gone = at_once(partial(carry_out, release.pk, now=now), delete)

        assert_each_left_once(applications if gone.value else [applications[0], *applications[2:]])


@pytest.mark.usefixtures("everywhere")
def test_plan_taken_back_at_its_hour_leaves_all_or_nothing(drafts, bao, chris, now):
    for _ in ROUNDS:
        applications = drafts()
        release = ready(applications, bao, now)

        def take_back(release=release):
            try:
                unplan(release, by=chris)
            except Refused:  # it is done
                return False
            return True

        _done, back = at_once(partial(carry_out, release.pk, now=now), take_back)

        if back.value:
            assert not Decision.objects.released().filter(application__in=applications).exists()
        else:
            assert_each_left_once(applications)


@pytest.mark.usefixtures("everywhere")
def test_somebody_withdraws_while_all_leave_and_nobody_waits_for_ever(
    drafts, applied, favourable, bao, now
):
    for _ in ROUNDS:
        applications = drafts()
        admitted = applied(complete=True)
        enter_decision(admitted, Draft(type=favourable), by=bao, now=now)
        release_one(admitted, by=bao, now=now)
        release = ready(applications, bao, now)

        at_once(
            partial(carry_out, release.pk, now=now),
            partial(withdraw, again(admitted), by=admitted.candidate.user, now=now),
        )

        assert_each_left_once(applications)
        assert again(admitted).answer == "withdrawn"
