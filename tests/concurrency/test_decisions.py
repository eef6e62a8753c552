"""Two members of a commission at once: entering, changing, deleting, releasing, ranking."""

from functools import partial

import pytest

from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.decisions.domain.current import draft_decision, draft_mark, shown_of
from candide.admissions.decisions.domain.entering import Draft, delete_draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import Decision
from candide.institution.catalogue.enums import RankDisplay
from tests.concurrency.at_once import ROUNDS, at_once, codes, events, mails, one_of
from tests.concurrency.conftest import again
from tests.factories.catalogue import IntakeFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

WORDS = "Bravo"


@pytest.fixture
def drafted(applied, favourable, bao, now):
    """An application with a draft, and the mark of that draft as a page shows it."""

    def make():
        application = applied(complete=True)
        draft = enter_decision(application, Draft(type=favourable), by=bao, now=now)
        return application, draft_mark(draft)

    return make


@pytest.fixture
def assert_shown_as_decided(institution):
    """What applications show of their decision is what was decided."""

    def check(*applications):
        for application in map(again, applications):
            shown = shown_of(application, institution)
            assert {name: getattr(application, name) for name in shown} == shown

    return check


# -- Entering -------------------------------------------------------------------------------------


def test_same_rank_entered_twice_is_given_once(
    applied, reserve, bao, chris, now, assert_shown_as_decided
):
    for rank in [number + 1 for number in ROUNDS]:
        here, there = applied(complete=True), applied(complete=True)

        outcomes = at_once(
            partial(enter_decision, here, Draft(type=reserve, rank=rank), by=bao, now=now),
            partial(enter_decision, there, Draft(type=reserve, rank=rank), by=chris, now=now),
        )

        assert codes(outcomes) == [[], ["rank_taken"]]
        assert Decision.objects.filter(rank=rank).count() == 1
        assert_shown_as_decided(here, there)


def test_draft_changed_by_two_is_changed_by_one(drafted, favourable, bao, chris, now):
    for _ in ROUNDS:
        application, seen = drafted()

        outcomes = at_once(
            *(
                partial(
                    enter_decision,
                    application,
                    Draft(type=favourable, comment=f"De la part de {person.pk}"),
                    by=person,
                    now=now,
                    seen=seen,
                )
                for person in (bao, chris)
            )
        )

        assert codes(outcomes) == [[], ["changed"]]
        assert draft_decision(application).comment == one_of(outcomes).value.comment
        assert events(application) == ["decisions.changed", "decisions.entered"]


def test_first_draft_entered_by_two_is_entered_by_one(applied, favourable, bao, chris, now):
    for _ in ROUNDS:
        application = applied(complete=True)
        draft = Draft(type=favourable)

        outcomes = at_once(
            partial(enter_decision, application, draft, by=bao, now=now, seen=""),
            partial(enter_decision, application, draft, by=chris, now=now, seen=""),
        )

        assert codes(outcomes) == [[], ["changed"]]
        assert draft_decision(application).created_by == one_of(outcomes).value.created_by
        assert events(application) == ["decisions.entered"]


def test_draft_deleted_while_it_is_changed(drafted, favourable, bao, chris, now):
    for _ in ROUNDS:
        application, seen = drafted()
        changed = Draft(type=favourable, comment=WORDS)

        deleting, changing = at_once(
            partial(delete_draft, application, by=bao, seen=seen),
            partial(enter_decision, application, changed, by=chris, now=now, seen=seen),
        )

        if deleting.won:
            assert changing.codes == ["changed"]
            assert draft_decision(application) is None
            assert events(application) == ["decisions.deleted", "decisions.entered"]
        else:
            assert (deleting.codes, changing.codes) == (["changed"], [])
            assert draft_decision(application).comment == WORDS
            assert events(application) == ["decisions.changed", "decisions.entered"]
        assert again(application).has_draft_decision is not deleting.won


def test_cancelled_while_a_decision_is_entered(applied, favourable, alix, bao, now):
    for _ in ROUNDS:
        application = applied(candidate=alix, intake=IntakeFactory(open=True))

        cancelling, entering = at_once(
            partial(cancel, application, by=alix.user, now=now),
            partial(enter_decision, application, Draft(type=favourable), by=bao, now=now),
        )

        left = again(application)
        if cancelling.won:
            assert entering.codes == ["cancelled"]
            assert (left.is_cancelled, left.has_any_decision) == (True, False)
            assert events(application) == ["applications.cancelled"]
        else:
            assert (cancelling.codes, entering.codes) == (["being_decided"], [])
            assert (left.is_cancelled, left.has_any_decision) == (False, True)
            assert events(application) == ["decisions.entered"]
        assert left.decisions.exists() is not cancelling.won
        assert mails("application-cancelled", about_id=application.pk) == int(cancelling.won)


# -- Releasing ------------------------------------------------------------------------------------


def test_released_twice_is_released_once(drafted, bao, chris, now, assert_shown_as_decided):
    for _ in ROUNDS:
        application, seen = drafted()

        outcomes = at_once(
            *(
                partial(release, application, by=person, now=now, seen=seen)
                for person in (bao, chris)
            )
        )

        assert codes(outcomes) == [[], ["no_draft"]]
        assert events(application) == ["decisions.entered", "decisions.released"]
        assert mails("decision-favourable", about_id=application.pk) == 1
        assert_shown_as_decided(application)


def test_released_while_the_draft_is_changed(
    drafted, favourable, bao, chris, now, assert_shown_as_decided
):
    for _ in ROUNDS:
        application, seen = drafted()
        changed = Draft(type=favourable, comment=WORDS)

        releasing, changing = at_once(
            partial(release, application, by=bao, now=now, seen=seen),
            partial(enter_decision, application, changed, by=chris, now=now, seen=seen),
        )

        decision = Decision.objects.get(application=application)
        if releasing.won:
            assert changing.codes == ["changed"]
            assert (decision.comment, decision.is_draft) == ("", False)
        else:
            assert (releasing.codes, changing.codes) == (["changed"], [])
            assert (decision.comment, decision.is_draft) == (WORDS, True)
        assert mails("decision-favourable", about_id=application.pk) == int(releasing.won)
        assert_shown_as_decided(application)


def test_released_while_the_draft_is_deleted(drafted, bao, chris, now, assert_shown_as_decided):
    for _ in ROUNDS:
        application, seen = drafted()

        releasing, deleting = at_once(
            partial(release, application, by=bao, now=now, seen=seen),
            partial(delete_draft, application, by=chris, seen=seen),
        )

        assert codes([releasing, deleting]) == [[], ["no_draft"]]
        assert Decision.objects.filter(application=application).exists() == releasing.won
        assert mails("decision-favourable", about_id=application.pk) == int(releasing.won)
        assert_shown_as_decided(application)


def test_ranks_released_at_once_follow_one_another(
    applied, reserve, bao, now, institution, assert_shown_as_decided
):
    """Each release reckons the ranks of all, and writes to applications of the others."""
    institution.rank_display = RankDisplay.CURRENT
    institution.save()
    for _ in ROUNDS:
        here = IntakeFactory(open=True)
        waiting = [applied(complete=True, intake=here) for _ in range(4)]
        for rank, application in enumerate(waiting, start=1):
            enter_decision(application, Draft(type=reserve, rank=rank), by=bao, now=now)

        outcomes = at_once(*(partial(release, each, by=bao, now=now) for each in waiting))

        assert codes(outcomes) == [[], [], [], []]
        ranks = [Decision.objects.get(application=each).current_rank for each in waiting]
        assert ranks == [1, 2, 3, 4]
        assert_shown_as_decided(*waiting)


def test_rank_entered_while_another_is_released(
    applied, reserve, bao, chris, now, assert_shown_as_decided
):
    """Releasing writes to what waits already, entering reads it: neither waits for the other."""
    for _ in ROUNDS:
        here = IntakeFactory(open=True)
        waiting, entered, coming = (applied(complete=True, intake=here) for _ in range(3))
        enter_decision(waiting, Draft(type=reserve, rank=2), by=bao, now=now)
        release(waiting, by=bao, now=now)
        enter_decision(coming, Draft(type=reserve, rank=1), by=bao, now=now)

        outcomes = at_once(
            partial(release, coming, by=bao, now=now),
            partial(enter_decision, waiting, Draft(type=reserve, rank=3), by=chris, now=now),
            partial(enter_decision, entered, Draft(type=reserve, rank=4), by=chris, now=now),
        )

        assert codes(outcomes) == [[], [], []]
        assert_shown_as_decided(waiting, entered, coming)
