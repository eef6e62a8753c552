"""Entering, releasing, answering [back-office 14.6–14.9, 15; CONF; VIEW-05]."""

from types import SimpleNamespace

import pytest

from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain import reserve_list
from candide.admissions.decisions.domain.answering import (
    accept,
    accepting_blockers,
    auto_withdraw,
    remind,
    withdraw,
    withdrawing_blockers,
)
from candide.admissions.decisions.domain.current import draft_decision, released_decision
from candide.admissions.decisions.domain.entering import (
    Draft,
    delete_draft,
    enter_decision,
    entering_blockers,
    entering_warnings,
    rank_holder,
)
from candide.admissions.decisions.domain.letters import readable_letter
from candide.admissions.decisions.domain.outcomes import POLICIES
from candide.admissions.decisions.domain.queries import offers_to_remind_of, overdue_offers
from candide.admissions.decisions.domain.release import (
    release,
    release_blockers,
    release_warnings,
)
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision, Letter
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.enums import LetterMode, RankDisplay
from candide.institution.catalogue.models import Campaign, Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import (
    DAY,
    TODAY,
    decided,
    decision_type,
    draft_of,
    offered,
    on_the_list,
    refused,
    with_letters,
)
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionReasonFactory


@pytest.mark.parametrize("outcome", Outcome)
def test_release_does_what_the_policy_says(application, bao, outcome):
    application = decided(application, outcome, by=bao, comment="Bravo")

    assert application.released_outcome == outcome
    assert application.has_any_decision
    assert not application.has_draft_decision
    assert [mail.kind for mail in OutgoingMail.objects.all()] == [POLICIES[outcome].mail.code]
    assert (accepting_blockers(application, today=TODAY) == []) == (
        POLICIES[outcome].candidate_answers
    )


def test_refusal_is_mailed_with_its_reason(application, bao):
    """S2-43."""
    reason = DecisionReasonFactory(label="Prérequis insuffisants")

    decided(application, Outcome.UNFAVOURABLE, by=bao, reason=reason)

    [mail] = OutgoingMail.objects.all()
    assert "Motif : Prérequis insuffisants" in mail.text


@pytest.mark.parametrize(
    ("outcome", "fields", "expected"),
    [
        (Outcome.UNFAVOURABLE, {"reason": None}, ["reason_missing"]),
        (Outcome.RESERVE_LIST, {"rank": None}, ["rank_missing"]),
        (Outcome.RESERVE_LIST, {"rank": 0}, ["rank_missing"]),
        (Outcome.FAVOURABLE, {}, []),
    ],
)
def test_entering_blockers_by_policy(application, outcome, fields, expected):
    assert [b.code for b in entering_blockers(application, draft_of(outcome, **fields))] == expected


def test_entering_blockers_rank_held_by_somebody_else(application, bao):
    other = ApplicationFactory(intake=application.intake)
    decided(again(other), Outcome.RESERVE_LIST, by=bao, rank=3)

    draft = draft_of(Outcome.RESERVE_LIST, rank=3)

    assert [b.code for b in entering_blockers(application, draft)] == ["rank_taken"]


def test_rank_given_up_is_free_again(application, bao):
    """Only the last released decision holds a rank, and a draft."""
    other = again(ApplicationFactory(intake=application.intake))
    decided(other, Outcome.RESERVE_LIST, by=bao, rank=3)
    moved = decided(other, Outcome.RESERVE_LIST, by=bao, rank=5)
    enter_decision(moved, draft_of(Outcome.RESERVE_LIST, rank=7), by=bao, now=NOW)

    assert [rank_holder(application, rank) for rank in (3, 5, 7)] == [None, other.pk, other.pk]
    assert decided(application, Outcome.RESERVE_LIST, by=bao, rank=3).rank_shown == 3


def test_entering_blockers_type_of_another_centre(application):
    foreign = decision_type(Outcome.FAVOURABLE, code="x", centre=ApplicationCentreFactory())

    assert [b.code for b in entering_blockers(application, Draft(type=foreign))] == [
        "not_in_service"
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"cancelled_at": NOW}, ["cancelled"]), ({"archived_at": NOW}, ["archived"])],
)
def test_entering_blockers_by_state(application, fields, expected):
    for name, value in fields.items():
        setattr(application, name, value)

    assert [
        b.code for b in entering_blockers(application, draft_of(Outcome.FAVOURABLE))
    ] == expected


def test_draft_hides_nothing_and_clears_nothing(application, alix, bao):
    application = decided(application, Outcome.FAVOURABLE, by=bao)
    accept(application, by=alix.user, now=NOW)
    before = again(application)

    enter_decision(before, draft_of(Outcome.UNFAVOURABLE), by=bao, now=NOW + DAY)

    application = again(application)
    assert (application.released_outcome, application.answer) == (
        Outcome.FAVOURABLE,
        CandidateAnswer.ACCEPTED,
    )
    assert application.has_draft_decision
    assert released_decision(application).type.outcome == Outcome.FAVOURABLE
    assert [b.code for b in entering_warnings(application)] == ["answered"]
    assert "answered" in [b.code for b in release_warnings(application, today=TODAY)]

    release(application, by=bao, now=NOW + DAY)

    application = again(application)
    assert (application.released_outcome, application.answer) == (Outcome.UNFAVOURABLE, "")


def test_draft_is_changed_then_deleted_and_history_keeps_it(application, bao):
    enter_decision(application, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)
    enter_decision(application, draft_of(Outcome.RESERVE_LIST, rank=2), by=bao, now=NOW)
    assert Decision.objects.get().rank == 2

    delete_draft(application, by=bao)

    assert draft_decision(application) is None
    assert not again(application).has_any_decision
    assert list(entries_about(application).order_by("pk").values_list("event", flat=True)) == [
        "decisions.entered",
        "decisions.changed",
        "decisions.deleted",
    ]
    assert refused(delete_draft, application, by=bao) == ["no_draft"]


def test_release_twice_is_refused(application, bao):
    decided(application, Outcome.FAVOURABLE, by=bao)

    assert [b.code for b in release_blockers(application)] == ["no_draft"]
    assert refused(release, application, by=bao, now=NOW) == ["no_draft"]
    assert OutgoingMail.objects.count() == 1


def test_release_warnings_of_an_unready_dossier(application):
    application.is_route_confirmed = False

    assert [b.code for b in release_warnings(application, today=TODAY)] == [
        "not_complete",
        "route_open",
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"acceptance_due_on": TODAY + 9 * DAY}, TODAY + 9 * DAY),
        ({"acceptance_days": 5}, TODAY + 5 * DAY),
        ({}, None),
    ],
)
def test_answer_is_due_as_the_intake_says(application, bao, fields, expected):
    for name, value in fields.items():
        setattr(application.intake, name, value)
    application.intake.save()

    assert decided(application, Outcome.FAVOURABLE, by=bao).acceptance_due_on == expected


def test_accept_then_withdraw_even_after_the_deadline(application, alix, bao):
    application = offered(application, bao, TODAY + DAY)

    accept(application, by=alix.user, now=NOW)
    assert [b.code for b in accepting_blockers(again(application), today=TODAY)] == ["accepted"]
    late = NOW + 30 * DAY
    assert withdrawing_blockers(again(application), today=late.date()) == []
    withdraw(application, by=alix.user, now=late)

    application = again(application)
    assert application.answer == CandidateAnswer.WITHDRAWN
    assert [b.code for b in withdrawing_blockers(application, today=TODAY)] == ["withdrawn"]
    assert [mail.kind for mail in OutgoingMail.objects.order_by("pk")] == [
        "decision-favourable",
        "answer-accepted",
        "answer-withdrawn",
    ]


@pytest.mark.parametrize(("days", "expected"), [(0, []), (1, []), (2, ["too_late"])])
def test_answering_is_possible_until_the_end_of_the_last_day(application, bao, days, expected):
    application = offered(application, bao, TODAY + DAY)
    today = TODAY + days * DAY

    assert [b.code for b in accepting_blockers(application, today=today)] == expected
    assert [b.code for b in withdrawing_blockers(application, today=today)] == expected
    assert accepting_blockers(application, today=today, enforce_deadline=False) == []


@pytest.mark.parametrize("outcome", [o for o in Outcome if o != Outcome.FAVOURABLE])
def test_answering_needs_an_offer(application, alix, bao, outcome):
    application = decided(application, outcome, by=bao)

    assert refused(accept, application, by=alix.user, now=NOW) == ["no_offer"]
    assert refused(withdraw, application, by=alix.user, now=NOW) == ["no_offer"]


def test_auto_withdraw_only_what_is_overdue_and_unanswered(application, bao):
    application = offered(application, bao, TODAY + DAY)

    assert list(overdue_offers(TODAY + DAY)) == []
    assert auto_withdraw(application, now=NOW + DAY) is False
    assert list(overdue_offers(TODAY + 2 * DAY)) == [application]
    assert auto_withdraw(application, now=NOW + 2 * DAY) is True
    assert auto_withdraw(application, now=NOW + 2 * DAY) is False
    assert again(application).answer == CandidateAnswer.WITHDRAWN
    assert again(application).answered_by is None


def test_remind_once_for_each_release_and_catches_up(application, bao):
    application = offered(application, bao, TODAY + 3 * DAY)

    assert list(offers_to_remind_of(TODAY, days=2)) == []
    assert list(offers_to_remind_of(TODAY + DAY, days=2)) == [application]
    assert list(offers_to_remind_of(TODAY + 3 * DAY, days=2)) == [application]
    assert remind(application, now=NOW) is True
    assert remind(application, now=NOW) is False
    assert list(offers_to_remind_of(TODAY + DAY, days=2)) == []
    enter_decision(application, draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    assert list(offers_to_remind_of(TODAY + DAY, days=2)) == [application]


def test_ranks_follow_the_typed_ones_and_never_grow(listed):
    assert [released_decision(one).current_rank for one in listed] == [1, 2, 3]
    assert [again(one).rank_shown for one in listed] == [10, 20, 30]


def test_place_that_was_told_never_grows(application, bao):
    """B-123: who comes before later moves the list, not what was told."""
    Institution.current()
    Institution.objects.update(rank_display=RankDisplay.CURRENT)
    told_first = on_the_list(application.intake, bao, 30)

    on_the_list(application.intake, bao, 10)

    assert released_decision(told_first).current_rank == 2
    assert (told_first.rank_shown, again(told_first).rank_shown) == (1, 1)


def test_withdrawal_calls_the_next_one_for_each_place(application, alix, bao, listed):
    first, second, third = listed
    application = decided(application, Outcome.FAVOURABLE, by=bao)
    OutgoingMail.objects.all().delete()

    withdraw(application, by=alix.user, now=NOW + DAY)

    first = again(first)
    assert first.released_outcome == Outcome.FAVOURABLE
    assert released_decision(first).is_promotion
    assert again(second).released_outcome == Outcome.RESERVE_LIST
    assert [released_decision(one).current_rank for one in (second, third)] == [1, 2]
    assert "decision-favourable" in OutgoingMail.objects.values_list("kind", flat=True)


@pytest.mark.parametrize(("capacity", "called"), [(0, 0), (1, 1), (2, 1), (9, 1), (None, 1)])
def test_withdrawal_calls_one_and_none_beyond_the_capacity(
    application, alix, bao, listed, capacity, called
):
    """One withdrawal, one call: other free places may be meant for drafts [back-office 15.3]."""
    application.intake.capacity = capacity
    application.intake.save()
    application = decided(application, Outcome.FAVOURABLE, by=bao)

    withdraw(application, by=alix.user, now=NOW + DAY)

    outcomes = [again(one).released_outcome for one in listed]
    assert outcomes.count(Outcome.FAVOURABLE) == called


def test_withdrawal_calls_nobody_where_staff_call(application, alix, bao, listed):
    application.intake.has_automatic_reserve_list = False
    application.intake.save()
    application = decided(application, Outcome.FAVOURABLE, by=bao)

    withdraw(application, by=alix.user, now=NOW + DAY)

    assert {again(one).released_outcome for one in listed} == {Outcome.RESERVE_LIST}


@pytest.mark.parametrize(
    ("display", "expected"),
    [(RankDisplay.NONE, None), (RankDisplay.TYPED, 10), (RankDisplay.CURRENT, 1)],
)
def test_rank_shown_as_the_institution_chose(application, bao, display, expected):
    Institution.current()
    Institution.objects.update(rank_display=display)

    assert on_the_list(application.intake, bao, 10).rank_shown == expected


@pytest.mark.parametrize(
    ("outcome", "mode", "name"),
    [
        (Outcome.FAVOURABLE, LetterMode.DOWNLOAD, "lettre_admission"),
        (Outcome.UNFAVOURABLE, LetterMode.BOTH, "lettre_refus"),
        (Outcome.FAVOURABLE, LetterMode.NONE, None),
        (Outcome.WAITING_LIST, LetterMode.BOTH, None),
    ],
)
def test_letter_is_made_where_the_commission_gives_one(application, bao, outcome, mode, name):
    with_letters(application, mode)

    application = decided(application, outcome, by=bao)

    letter = readable_letter(application, released_decision(application))
    assert (letter.file.name.split("-")[0] if letter else None) == name
    attached = OutgoingMail.objects.get().attachments.count()
    assert attached == (1 if mode == LetterMode.BOTH and name else 0)


def test_letter_of_admission_is_gone_after_withdrawing(application, alix, bao):
    with_letters(application, LetterMode.DOWNLOAD)
    application = decided(application, Outcome.FAVOURABLE, by=bao)

    withdraw(application, by=alix.user, now=NOW)

    application = again(application)
    assert readable_letter(application, released_decision(application)) is None


def test_letter_of_admission_may_wait_for_the_answer(application, alix, bao):
    """On the page and in the mail [LET-01, LET-03]."""
    Institution.current()
    Institution.objects.update(letter_after_acceptance=True)
    with_letters(application, LetterMode.BOTH)
    application = decided(application, Outcome.FAVOURABLE, by=bao)
    decision = released_decision(application)
    assert readable_letter(application, decision) is None
    assert OutgoingMail.objects.get().attachments.count() == 0

    accept(application, by=alix.user, now=NOW)

    assert readable_letter(again(application), decision) is not None


def test_who_left_the_list_meanwhile_is_not_called(application, listed, monkeypatch):
    """Between looking who is next and locking the application."""
    gone = ApplicationFactory(complete=True, intake=application.intake)
    monkeypatch.setattr(reserve_list, "ranked", lambda intake: [(None, gone)])

    assert reserve_list.fill_places(application.intake, now=NOW + DAY) == []
    assert again(gone).released_outcome == ""


def test_nobody_of_an_archived_campaign_is_called(application, listed):
    Campaign.objects.update(archived_at=NOW, is_active=False)

    assert reserve_list.fill_places(application.intake, now=NOW + DAY) == []
    assert not HistoryEntry.objects.filter(event=DecisionEvent.LIST_CALLED).exists()


def test_who_is_archived_at_that_very_moment_is_not_called(application, listed):
    """The switch comes between looking at the campaign and locking the application."""
    Application.objects.update(archived_at=NOW)

    assert reserve_list.fill_places(application.intake, now=NOW + DAY) == []
    assert {again(one).released_outcome for one in listed} == {Outcome.RESERVE_LIST}


def test_cancelled_application_has_neither_release_nor_letter(application):
    with_letters(application, LetterMode.BOTH)
    application.cancelled_at = NOW

    assert "cancelled" in [blocker.code for blocker in release_blockers(application)]
    decision = SimpleNamespace(letter=Letter())
    assert readable_letter(application, decision) is None


def test_draft_that_is_gone_is_told(application, bao):
    with pytest.raises(Refused) as refusal:
        delete_draft(application, by=bao)

    assert refusal.value.codes == ["no_draft"]
