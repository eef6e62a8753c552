"""The reserve list called by hand, given another order, and what is told of it."""

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.answering import withdraw
from candide.admissions.decisions.domain.calling import (
    Asked,
    call_next,
    calling_blockers,
    calling_warnings,
    next_on_list,
    usual_kind,
)
from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.domain.ranking import Places, places_of
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.domain.reordering import Move, movable, reorder
from candide.admissions.decisions.domain.reserve_report import (
    IS_DECLINED,
    automatic,
    calls,
    calls_shown,
    events,
    waiting,
)
from candide.admissions.decisions.models import DecisionType, IntakeDecisions
from candide.core.blockers import Refused
from candide.institution.catalogue.models import Campaign
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import DAY, decided, draft_of
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionTypeFactory


def asked(number, **fields):
    return Asked(number, DecisionType.objects.get(code="called"), **fields)


def intake_of(listed, **fields):
    intake = again(listed[0]).intake
    for name, value in fields.items():
        setattr(intake, name, value)
    intake.save()
    return intake


def keys(applications):
    return [application.pk for application in applications]


def still_waiting(intake):
    return keys(waiting(intake))


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value.codes


# -- By hand ---------------------------------------------------------------------------------------


def test_next_ones_are_called_in_order_told_and_written_down(listed, bao):
    first, second, third = listed
    intake = intake_of(listed)
    OutgoingMail.objects.all().delete()

    called = call_next(intake, asked(2), by=bao, now=NOW + DAY, seen=keys([first, second]))

    assert keys(called) == keys([first, second])
    assert still_waiting(intake) == [third.pk]
    told = OutgoingMail.objects.filter(kind="decision-favourable").values_list(
        "about_id", flat=True
    )
    assert sorted(told) == keys([first, second])
    assert [(call.decision.released_by, call.answer) for call in calls_shown(calls(intake))] == [
        (bao, ""),
        (bao, ""),
    ]
    (event,) = events(intake)
    assert (event.asked, event.called, event.who) == (2, 2, str(bao))
    assert event.end == "autant que demandé"


@pytest.mark.parametrize(
    ("capacity", "beyond", "called", "end"),
    [
        (2, False, 2, "plus aucune place n’est libre"),
        (2, True, 3, "autant que demandé"),
        (None, False, 3, "autant que demandé"),
    ],
)
def test_call_stops_at_the_capacity_unless_told_otherwise(
    listed, bao, capacity, beyond, called, end
):
    intake = intake_of(listed, capacity=capacity)

    found = call_next(intake, asked(3, is_beyond=beyond), by=bao, now=NOW)

    assert len(found) == called
    assert events(intake)[0].end == end


def test_call_of_more_than_wait_says_so(listed, bao):
    intake = intake_of(listed)

    assert len(call_next(intake, asked(9), by=bao, now=NOW)) == 3

    assert events(intake)[0].end == "plus personne n’attend"
    assert [each.code for each in calling_blockers(intake, asked(1))] == ["nobody"]


def test_nobody_is_called_twice_by_a_form_sent_twice(listed, bao):
    intake = intake_of(listed)
    seen = keys(next_on_list(intake, asked(1)))
    call_next(intake, asked(1), by=bao, now=NOW, seen=seen)

    assert refused(call_next, intake, asked(1), by=bao, now=NOW, seen=seen) == ["changed"]

    assert calls(intake).count() == 1


def test_calling_blockers_name_everything(listed):
    intake = intake_of(listed, capacity=0)
    refusal = DecisionTypeFactory(outcome=Outcome.UNFAVOURABLE)
    Campaign.objects.update(archived_at=NOW)
    intake = again(listed[0]).intake

    found = calling_blockers(intake, Asked(0, refusal))

    assert [each.code for each in found] == ["archived", "number", "not_to_be_given", "full"]


def test_calling_warnings_count_places_and_drafts(application, listed, bao):
    intake = intake_of(listed, capacity=2)
    assert calling_warnings(intake, asked(2)) == []
    enter_decision(again(application), draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)

    codes = {n: [each.code for each in calling_warnings(intake, asked(n))] for n in (1, 2, 3)}

    assert codes == {1: [], 2: ["drafted"], 3: ["beyond_capacity", "drafted"]}
    assert calling_warnings(intake_of(listed, capacity=None), asked(3)) == []


def test_usual_decision_is_that_of_the_programme(listed):
    intake = intake_of(listed)
    assert usual_kind(intake).code == "called"
    IntakeDecisions.objects.update(called=None, favourable=DecisionTypeFactory(code="fav"))
    assert usual_kind(intake_of(listed)).code == "fav"
    IntakeDecisions.objects.all().delete()
    assert usual_kind(intake_of(listed)) is None


# -- Places, and what happened ---------------------------------------------------------------------


def test_places_tell_confirmed_offered_and_free(application, listed, bao, alix):
    intake = intake_of(listed, capacity=3)
    decided(again(application), Outcome.FAVOURABLE, by=bao)
    ApplicationFactory(intake=intake, accepted=True)
    ApplicationFactory(intake=intake, withdrawn=True)

    places = places_of(intake)

    assert places == Places(capacity=3, accepted=1, offered=1, waiting=3, drafted=0)
    assert (places.taken, places.free) == (2, 1)


def test_call_that_was_declined_is_found_and_why_calling_stopped(application, listed, bao, alix):
    """A withdrawal calls the first; the one called declines and the second is called: with no place
    left, the third stays."""
    first, second, third = listed
    intake = intake_of(listed, capacity=1)
    held = decided(again(application), Outcome.FAVOURABLE, by=bao)
    withdraw(held, by=alix.user, now=NOW + DAY)
    withdraw(again(first), by=first.candidate.user, now=NOW + 2 * DAY)

    assert still_waiting(intake) == [third.pk]
    assert keys(call.application for call in calls(intake)) == keys([second, first])
    assert keys(call.application for call in calls(intake).filter(IS_DECLINED)) == [first.pk]
    shown = [(event.freed, event.called, event.end) for event in events(intake)]
    assert shown == [(1, 1, "autant que de places libérées")] * 2


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"capacity": 0}, "plus aucune place n’est libre"),
        ({"called": None}, "la formation ne dit pas quel avis donner"),
    ],
)
def test_withdrawal_that_calls_nobody_says_why(application, listed, bao, alix, fields, end):
    IntakeDecisions.objects.update(**{k: v for k, v in fields.items() if k == "called"})
    intake = intake_of(listed, **{k: v for k, v in fields.items() if k == "capacity"})
    held = decided(again(application), Outcome.FAVOURABLE, by=bao)

    withdraw(held, by=alix.user, now=NOW + DAY)

    assert [(event.called, event.end) for event in events(intake)] == [(0, end)]


def test_list_that_runs_out_says_so(application, listed, bao, alix):
    intake = intake_of(listed)
    call_next(intake, asked(3), by=bao, now=NOW)
    held = decided(again(application), Outcome.FAVOURABLE, by=bao)

    withdraw(held, by=alix.user, now=NOW + DAY)

    assert events(intake)[0].end == "plus personne n’attend"


def test_another_decision_ends_a_call(listed, bao):
    intake = intake_of(listed)
    call_next(intake, asked(1), by=bao, now=NOW)
    decided(again(listed[0]), Outcome.UNFAVOURABLE, by=bao)

    second_call, first_call = calls_shown(calls(intake))

    assert (first_call.is_current, first_call.answer) == (False, "")
    assert second_call.is_current


@pytest.mark.parametrize(
    ("fields", "is_on", "words"),
    [
        ({"has_automatic_reserve_list": False}, False, "n’appelle personne"),
        ({"capacity": None}, True, "pas de capacité"),
        ({"capacity": 1}, True, "chaque désistement appelle le suivant"),
        ({"capacity": 3}, True, "2 places sont libres"),
        ({"capacity": 0}, True, "au-delà de la capacité"),
    ],
)
def test_what_the_next_free_place_does(listed, fields, is_on, words):
    intake = intake_of(listed, **fields)
    ApplicationFactory(intake=intake, accepted=True)

    found = automatic(intake, places_of(intake))

    assert found.is_on == is_on
    assert words in str(found.words)


def test_automatic_call_without_a_decision_or_a_list_stops(listed, bao):
    intake = intake_of(listed)
    call_next(intake, asked(3), by=bao, now=NOW)
    assert "Personne n’attend" in str(automatic(intake, places_of(intake)).words)
    IntakeDecisions.objects.all().delete()
    intake = intake_of(listed)
    assert not automatic(intake, places_of(intake)).is_on


# -- Another order ---------------------------------------------------------------------------------


def test_new_order_is_drafted_with_the_ranks_there_are_and_holds_once_released(listed, bao):
    first, second, third = listed
    intake = intake_of(listed)

    assert reorder(intake, [Move(third.pk, 1, "")], by=bao, now=NOW) == 3

    assert still_waiting(intake) == keys([first, second, third])
    assert {pk: decision.rank for pk, decision in movable(intake).items()} == {
        third.pk: 10,
        first.pk: 20,
        second.pk: 30,
    }
    for each in listed:
        release(again(each), by=bao, now=NOW + DAY)
    assert still_waiting(intake) == keys([third, first, second])


def test_who_leaves_the_list_with_a_draft_keeps_the_rank_until_then(listed, bao):
    _first, second, third = listed
    enter_decision(again(second), draft_of(Outcome.FAVOURABLE), by=bao, now=NOW)

    reorder(intake_of(listed), [Move(third.pk, 1)], by=bao, now=NOW)

    assert [draft_decision(again(each)).rank for each in listed] == [30, None, 10]


def test_order_is_refused_line_by_line(listed, bao):
    first, second, third = listed
    enter_decision(again(first), draft_of(Outcome.RESERVE_LIST, rank=10), by=bao, now=NOW)
    gone = ApplicationFactory(intake=first.intake)
    moves = [
        Move(first.pk, 2, ""),
        Move(second.pk, 4),
        Move(third.pk, 2),
        Move(gone.pk, 1),
    ]

    with pytest.raises(Refused) as refusal:
        reorder(intake_of(listed), moves, by=bao, now=NOW)

    assert [(each.code, each.about) for each in refusal.value.blockers] == [
        ("changed", f"application:{first.pk}"),
        ("place_twice", f"application:{first.pk}"),
        ("place", f"application:{second.pk}"),
        ("place_twice", f"application:{third.pk}"),
        ("not_waiting", f"application:{gone.pk}"),
    ]


def test_order_that_changes_nothing_or_too_much_is_refused(listed, bao, monkeypatch):
    first, _second, third = listed
    intake = intake_of(listed)
    mark = draft_mark(draft_decision(first))

    assert refused(reorder, intake, [], by=bao, now=NOW) == ["no_move"]
    assert refused(reorder, intake, [Move(first.pk, 1, mark)], by=bao, now=NOW) == ["same_order"]
    monkeypatch.setattr("candide.admissions.decisions.domain.reordering.MOST", 2)
    assert refused(reorder, intake, [Move(third.pk, 1)], by=bao, now=NOW) == ["too_many"]
