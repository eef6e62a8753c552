"""Answers at once: of one offer in two windows, at the deadline, and of two people where one place
of the reserve list follows each."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.decisions.domain.answering import accept, auto_withdraw, withdraw
from candide.admissions.decisions.domain.calling import Asked, call_next
from candide.admissions.decisions.domain.current import refresh_shown
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.ranking import places_taken, rerank
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import IntakeDecisions
from candide.foundation.history.domain.log import entries_about
from tests.concurrency.at_once import ROUNDS, at_once, codes, events, mails
from tests.concurrency.conftest import again
from tests.concurrency.over_http import posting, statuses, told
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.requirements import DocumentRequirementFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)


@pytest.fixture
def decided(applied, bao, now):
    """An application with a released decision."""

    def make(kind, *, rank=None, **fields):
        application = applied(complete=True, **fields)
        DecisionFactory(
            application=application, type=kind, rank=rank, created_at=now, released_at=now
        )
        refresh_shown(application)
        rerank([application.intake_id])
        return again(application)

    return make


@pytest.fixture
def calling_intake(favourable):
    """An intake that calls the next of its reserve list by itself."""

    def make(**fields):
        intake = IntakeFactory(has_automatic_reserve_list=True, **fields)
        IntakeDecisions.objects.create(intake=intake, called=favourable)
        return intake

    return make


def by_candidate(act, application, now):
    return partial(act, application, by=application.candidate.user, now=now)


def outcomes_of(*applications):
    return [again(each).released_outcome for each in applications]


def test_accepted_twice_is_accepted_once(decided, favourable, now):
    for _ in ROUNDS:
        offer = decided(favourable)

        outcomes = at_once(*[by_candidate(accept, offer, now)] * 2)

        assert codes(outcomes) == [[], ["accepted"]]
        assert mails("answer-accepted", about_id=offer.pk) == 1
        assert events(offer).count("decisions.accepted") == 1


def test_withdrawn_twice_is_withdrawn_once_and_calls_one(
    decided, calling_intake, favourable, reserve, now
):
    for _ in ROUNDS:
        intake = calling_intake()
        offer = decided(favourable, intake=intake)
        next_one, after = (decided(reserve, rank=rank, intake=intake) for rank in (1, 2))

        outcomes = at_once(*[by_candidate(withdraw, offer, now)] * 2)

        assert codes(outcomes) == [[], ["withdrawn"]]
        assert outcomes_of(next_one, after) == [Outcome.FAVOURABLE, Outcome.RESERVE_LIST]
        assert mails("answer-withdrawn", about_id=offer.pk) == 1


def test_accepted_in_one_window_and_withdrawn_in_the_other(decided, favourable, now):
    for _ in ROUNDS:
        offer = decided(favourable)

        accepting, withdrawing = at_once(
            by_candidate(accept, offer, now), by_candidate(withdraw, offer, now)
        )

        # Withdrawing stays possible after accepting; the other way round it is too late.
        assert withdrawing.won
        assert accepting.codes in ([], ["withdrawn"])
        assert again(offer).answer == CandidateAnswer.WITHDRAWN
        assert mails("answer-accepted", about_id=offer.pk) == int(accepting.won)


def test_accepted_while_the_deadline_withdraws(decided, favourable, now):
    """The request begun in the last second meets the nightly job."""
    for _ in ROUNDS:
        intake = IntakeFactory(closed=True, acceptance_due_on=now.date())
        offer = decided(favourable, intake=intake)

        accepting, withdrawing = at_once(
            by_candidate(accept, offer, now), partial(auto_withdraw, offer, now=now + DAY)
        )

        answer = again(offer).answer
        if accepting.won:
            assert withdrawing.value is False
            assert answer == CandidateAnswer.ACCEPTED
        else:
            assert (accepting.codes, withdrawing.value) == (["withdrawn"], True)
            assert answer == CandidateAnswer.WITHDRAWN
        assert mails("answer-accepted", about_id=offer.pk) == int(accepting.won)
        assert mails("answer-auto-withdrawn", about_id=offer.pk) == int(not accepting.won)


def test_two_jobs_withdraw_at_the_deadline_once(decided, calling_intake, favourable, reserve, now):
    for _ in ROUNDS:
        dates = {"acceptance_due_on": now.date(), "reserve_acceptance_days": 3}
        intake = calling_intake(closed=True, **dates)
        offer = decided(favourable, intake=intake)
        next_one, after = (decided(reserve, rank=rank, intake=intake) for rank in (1, 2))

        outcomes = at_once(*[partial(auto_withdraw, offer, now=now + DAY)] * 2)

        assert sorted(outcome.value for outcome in outcomes) == [False, True]
        assert outcomes_of(next_one, after) == [Outcome.FAVOURABLE, Outcome.RESERVE_LIST]


@pytest.mark.parametrize("capacity", [None, 2])
def test_two_who_withdraw_call_two_people(
    decided, calling_intake, favourable, reserve, now, capacity
):
    for _ in ROUNDS:
        intake = calling_intake(capacity=capacity)
        offers = [decided(favourable, intake=intake) for _ in range(2)]
        waiting = [decided(reserve, rank=rank, intake=intake) for rank in (1, 2, 3)]

        outcomes = at_once(*(by_candidate(withdraw, offer, now) for offer in offers))

        assert codes(outcomes) == [[], []]
        assert outcomes_of(*waiting) == [
            Outcome.FAVOURABLE,
            Outcome.FAVOURABLE,
            Outcome.RESERVE_LIST,
        ]
        assert places_taken(intake) == 2
        assert [mails("decision-favourable", about_id=each.pk) for each in waiting] == [1, 1, 0]
        assert [events(each).count("decisions.promoted") for each in waiting] == [1, 1, 0]


def test_one_place_left_on_the_list_is_given_once(
    decided, calling_intake, favourable, reserve, now
):
    for _ in ROUNDS:
        intake = calling_intake(capacity=2)
        offers = [decided(favourable, intake=intake) for _ in range(2)]
        waiting = decided(reserve, rank=1, intake=intake)

        outcomes = at_once(*(by_candidate(withdraw, offer, now) for offer in offers))

        assert codes(outcomes) == [[], []]
        assert outcomes_of(waiting) == [Outcome.FAVOURABLE]
        assert waiting.decisions.released().count() == 2  # on the list, then called
        assert places_taken(intake) == 1


def test_place_given_by_hand_while_one_withdraws_is_not_given_again(
    decided, calling_intake, applied, favourable, reserve, bao, now
):
    """Somebody is called only if the place was still free at that moment."""
    for _ in ROUNDS:
        intake = calling_intake(capacity=2)
        offer, _other = (decided(favourable, intake=intake) for _ in range(2))
        waiting = decided(reserve, rank=1, intake=intake)
        by_hand = applied(complete=True, intake=intake)
        enter_decision(by_hand, Draft(type=favourable), by=bao, now=now)

        outcomes = at_once(
            by_candidate(withdraw, offer, now), partial(release, by_hand, by=bao, now=now)
        )

        assert codes(outcomes) == [[], []]
        (released,) = entries_about(by_hand).filter(event="decisions.released")
        called = entries_about(waiting).filter(event="decisions.promoted").first()
        (withdrawn,) = entries_about(offer).filter(event="decisions.withdrawn")
        assert (called is not None) == (withdrawn.pk < released.pk)
        assert places_taken(intake) == (2 if called is None else 3)


def test_two_who_withdraw_are_called_to_the_place_of_the_other(
    decided, calling_intake, favourable, reserve, now
):
    """Each holds a place in one intake and waits in the other's: neither waits for ever."""
    for _ in ROUNDS:
        here, there = calling_intake(), calling_intake()
        at_home = decided(favourable, intake=here)
        abroad = decided(favourable, intake=there)
        wants_there = decided(reserve, rank=1, intake=there, candidate=at_home.candidate)
        wants_here = decided(reserve, rank=1, intake=here, candidate=abroad.candidate)

        outcomes = at_once(
            by_candidate(withdraw, at_home, now), by_candidate(withdraw, abroad, now)
        )

        assert codes(outcomes) == [[], []]
        assert outcomes_of(wants_there, wants_here) == [Outcome.FAVOURABLE] * 2


def test_called_while_giving_a_document(
    decided, calling_intake, applied, stored, favourable, reserve, now
):
    """Who is called is writing to all of their applications."""
    transcript = DocumentRequirementFactory(common=True)
    for _ in ROUNDS:
        intake = calling_intake()
        offer = decided(favourable, intake=intake)
        waiting = decided(reserve, rank=1, intake=intake)
        awaited = applied(candidate=waiting.candidate, intake=IntakeFactory(open=True))
        user = waiting.candidate.user

        outcomes = at_once(
            by_candidate(withdraw, offer, now),
            partial(give_document, awaited, transcript, stored(), by=user, now=now),
        )

        assert codes(outcomes) == [[], []]
        assert outcomes_of(waiting) == [Outcome.FAVOURABLE]
        assert awaited.submitted_documents.count() == 1


@pytest.mark.parametrize(
    ("page", "already"),
    [
        ("accept", "Vous aviez déjà confirmé : la place est à vous."),
        ("withdraw", "Vous vous étiez déjà désisté."),
    ],
)
def test_second_answer_is_told_on_the_page(decided, favourable, frozen, page, already):
    offer = decided(favourable)
    url = reverse(f"candidate:{page}", args=[offer.pk])

    outcomes = at_once(*(posting(offer.candidate.user, url) for _ in range(2)))

    assert statuses(outcomes) == [302, 302]
    assert told(outcomes).count(already) == 1


def test_two_who_call_the_same_next_one_call_one(
    decided, calling_intake, favourable, reserve, bao, now
):
    """Both saw the same list: the other is told that it changed."""
    for _ in ROUNDS:
        intake = calling_intake()
        waiting = [decided(reserve, rank=rank, intake=intake) for rank in (1, 2)]
        asked = Asked(1, favourable)

        outcomes = at_once(
            *[partial(call_next, intake, asked, by=bao, now=now, seen=[waiting[0].pk])] * 2
        )

        assert sorted(codes(outcomes)) == [[], ["changed"]]
        assert outcomes_of(*waiting) == [Outcome.FAVOURABLE, Outcome.RESERVE_LIST]
        assert mails("decision-favourable", about_id=waiting[0].pk) == 1
