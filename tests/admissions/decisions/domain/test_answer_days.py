"""Until when an offer may be answered [VIEW-06, CONF-09, back-office 13.3, 15.3]."""

import pytest
from django.utils import translation

from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.decisions.domain.answering import (
    accept,
    extend_acceptance_due,
    extending_blockers,
    remind,
    withdraw,
)
from candide.admissions.decisions.domain.current import common_acceptance_due
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.domain.queries import offers_to_remind_of, overdue_offers
from candide.admissions.decisions.domain.release import release, release_warnings
from candide.admissions.decisions.models import DecisionType
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import (
    DAY,
    TODAY,
    decided,
    draft_of,
    offered,
    refused,
)


def called(application, alix, bao, listed, **dates):
    """The first of the reserve list, called the day after `TODAY`, where the intake has `dates`."""
    for name, value in dates.items():
        setattr(application.intake, name, value)
    application.intake.save()
    application = decided(application, Outcome.FAVOURABLE, by=bao)
    withdraw(application, by=alix.user, now=NOW + DAY, enforce_deadline=False)
    return again(listed[0])


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"reserve_acceptance_days": 3}, TODAY + 4 * DAY),
        ({"reserve_acceptance_due_on": TODAY + 9 * DAY}, TODAY + 9 * DAY),
        ({"reserve_acceptance_days": 3, "acceptance_due_on": TODAY + 2 * DAY}, TODAY + 4 * DAY),
        ({"acceptance_due_on": TODAY + 9 * DAY}, TODAY + 9 * DAY),
        ({"acceptance_days": 5}, TODAY + 6 * DAY),
        ({"reserve_acceptance_due_on": TODAY}, TODAY + 2 * DAY),
        ({"acceptance_due_on": TODAY}, TODAY + 2 * DAY),
        ({}, None),
    ],
)
def test_called_late_still_leaves_time_to_answer(application, alix, bao, listed, dates, expected):
    """The days of the reserve list, else those of everybody; tomorrow at least."""
    assert called(application, alix, bao, listed, **dates).acceptance_due_on == expected


@pytest.mark.parametrize("dates", [{"acceptance_due_on": TODAY + DAY}, {"acceptance_days": 5}])
def test_called_and_silent_is_withdrawn_on_the_day_the_mail_said(
    application, alix, bao, listed, dates
):
    application = called(application, alix, bao, listed, **dates)

    mail = OutgoingMail.objects.get(kind="decision-favourable", about_id=application.pk)
    due = application.acceptance_due_on
    assert f"au plus tard le {due.day} mars 2027" in mail.text
    assert list(overdue_offers(due)) == []
    assert list(overdue_offers(due + DAY)) == [application]


def test_individual_day_dies_with_the_offer_it_was_given_for(application, alix, bao, listed):
    """Called with a day of their own, gone, then admitted on appeal: a new offer, everybody's
    day."""
    application = called(application, alix, bao, listed, acceptance_due_on=TODAY)
    assert application.acceptance_extended_to == TODAY + 2 * DAY
    withdraw(application, by=application.candidate.user, now=NOW + DAY)
    application.intake.acceptance_due_on = TODAY + 90 * DAY
    application.intake.save()

    DecisionType.objects.update(is_final=True)
    appeal = draft_of(Outcome.FAVOURABLE, is_appeal=True)
    enter_decision(application, appeal, by=bao, now=NOW + 9 * DAY)
    release(application, by=bao, now=NOW + 9 * DAY)

    assert again(application).acceptance_due_on == TODAY + 90 * DAY


@pytest.mark.parametrize(
    ("dates", "warned", "expected"),
    [
        ({"acceptance_due_on": TODAY - DAY}, ["answer_day_past"], TODAY + DAY),
        ({"acceptance_due_on": TODAY}, ["answer_day_past"], TODAY + DAY),
        ({"acceptance_days": 0}, ["answer_day_past"], TODAY + DAY),
        ({"acceptance_due_on": TODAY + DAY}, [], TODAY + DAY),
        ({}, [], None),
    ],
)
def test_released_late_still_leaves_time_to_answer(application, bao, dates, warned, expected):
    for name, value in dates.items():
        setattr(application.intake, name, value)
    application.intake.save()
    enter_decision(application, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)

    warnings = release_warnings(again(application), today=TODAY)
    release(application, by=bao, now=NOW)

    assert [warning.code for warning in warnings] == ["not_complete", *warned]
    assert again(application).acceptance_due_on == expected


def test_release_warns_of_no_answer_day_where_nothing_is_to_be_answered(application, bao):
    application.intake.acceptance_due_on = TODAY - DAY
    application.intake.save()
    enter_decision(application, draft_of(Outcome.WAITING_LIST), by=bao, now=NOW)

    warnings = release_warnings(again(application), today=TODAY)

    assert [warning.code for warning in warnings] == ["not_complete"]


def test_individual_day_counts_instead_of_everybodys_until_it_is_taken_away(application, bao):
    application = offered(application, bao, TODAY + 3 * DAY)

    extend_acceptance_due(application, TODAY + 20 * DAY, by=bao, now=NOW)
    assert again(application).acceptance_due_on == TODAY + 20 * DAY
    extend_acceptance_due(application, None, by=bao, now=NOW)
    assert again(application).acceptance_due_on == TODAY + 3 * DAY

    given, taken = (
        entries_about(application).filter(event="applications.deadline_set").order_by("pk")
    )
    assert given.by_id == bao.pk
    assert given.data == {"which": "answer", "to": (TODAY + 20 * DAY).isoformat()}
    assert taken.data == {"which": "answer", "to": None}


def test_individual_day_saves_an_offer_nobody_could_answer_in_time(application, alix, bao):
    """What waits for an administrator after an outage (architecture, 0 « Deadlines »)."""
    application = offered(application, bao, TODAY + DAY)
    late = NOW + 2 * DAY
    assert list(overdue_offers(late.date())) == [application]

    extend_acceptance_due(application, late.date() + DAY, by=bao, now=late)

    assert list(overdue_offers(late.date())) == []
    accept(application, by=alix.user, now=late)
    assert again(application).answer == CandidateAnswer.ACCEPTED


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"cancelled_at": NOW}, ["cancelled"]),
        ({"archived_at": NOW}, ["archived"]),
        ({"released_outcome": Outcome.RESERVE_LIST}, ["no_offer"]),
        ({"released_outcome": ""}, ["no_offer"]),
        ({"answer": CandidateAnswer.ACCEPTED}, ["answered"]),
        ({"answer": CandidateAnswer.WITHDRAWN}, ["answered"]),
    ],
)
def test_individual_day_is_for_an_offer_nobody_answered(application, bao, fields, expected):
    application.released_outcome = Outcome.FAVOURABLE
    for name, value in fields.items():
        setattr(application, name, value)

    assert [b.code for b in extending_blockers(application)] == expected


def test_individual_day_is_asked_about_again_under_the_lock(application, bao):
    assert refused(extend_acceptance_due, application, TODAY, by=bao, now=NOW) == ["no_offer"]


@pytest.mark.parametrize("day", [TODAY + DAY, None])
def test_individual_day_is_never_past_nor_leaves_one_that_is(application, bao, day):
    application = offered(application, bao, TODAY + DAY)
    late = NOW + 2 * DAY

    assert refused(extend_acceptance_due, application, day, by=bao, now=late) == ["in_the_past"]


@pytest.mark.parametrize(
    ("everybodys", "day", "codes"),
    [
        (TODAY + 9 * DAY, TODAY, ["too_early"]),
        (TODAY + 9 * DAY, TODAY + 8 * DAY, ["too_early"]),
        (TODAY + 9 * DAY, TODAY + 9 * DAY, []),
        (TODAY + 9 * DAY, TODAY + 10 * DAY, []),
        (TODAY + 9 * DAY, None, []),
        # Released late, so that the mail said tomorrow.
        (TODAY, TODAY, ["too_early"]),
        (TODAY, None, ["too_early"]),
        (TODAY, TODAY + DAY, []),
        # No day to answer was told.
        (None, TODAY - DAY, ["in_the_past"]),
        (None, TODAY, []),
        (None, None, []),
    ],
)
def test_individual_day_is_never_before_the_one_that_was_told(
    application, bao, everybodys, day, codes
):
    application = offered(application, bao, everybodys)
    told = application.acceptance_due_on

    found = []
    try:
        extend_acceptance_due(application, day, by=bao, now=NOW)
    except Refused as refusal:
        found = refusal.codes

    assert found == codes
    assert again(application).acceptance_due_on == (told if codes else day or everybodys)


def test_individual_day_that_is_refused_names_the_day_that_was_told(application, bao):
    application = offered(application, bao, TODAY + 9 * DAY)

    with translation.override("fr"), pytest.raises(Refused) as refusal:
        extend_acceptance_due(application, TODAY, by=bao, now=NOW)

    assert [blocker.message for blocker in refusal.value.blockers] == [
        "Il reste au moins jusqu'au 24 mars 2027 pour répondre : gardez cette date ou choisissez "
        "une date ultérieure."
    ]


@pytest.mark.parametrize(
    ("days", "reminded_again"),
    [([4], True), ([3], False), ([9, 4], True), ([9, None], True)],
)
def test_whoever_got_more_time_is_reminded_again(application, bao, days, reminded_again):
    application = offered(application, bao, TODAY + 3 * DAY)
    remind(application, now=NOW)

    for day in days:
        extend_acceptance_due(application, day and TODAY + day * DAY, by=bao, now=NOW)

    found = offers_to_remind_of(TODAY + 3 * DAY, days=2)
    assert list(found) == ([application] if reminded_again else [])


def test_nothing_is_due_where_nothing_was_decided(application):
    assert common_acceptance_due(application, None) is None
