from datetime import date

import pytest

from candide.institution.catalogue.domain.calendar import milestones
from tests.factories.catalogue import DAY, TODAY, CampaignFactory, IntakeFactory

OPENS, CLOSES, DUE = date(2027, 3, 1), date(2027, 4, 1), date(2027, 4, 15)


def intake(**changes):
    campaign = CampaignFactory.build(**changes.pop("campaign", {}))
    days = {"opens_on": OPENS, "closes_on": CLOSES, "documents_due_on": DUE}
    return IntakeFactory.build(campaign=campaign, **{**days, **changes})


def summary(found):
    return [(one.code, one.on, one.until, one.state) for one in found]


def test_calendar_holds_what_is_set_in_order():
    """VIEW-06: each only if set."""
    every = intake(
        screening_on=date(2027, 4, 5),
        jury_on=date(2027, 5, 1),
        results_on=date(2027, 5, 10),
        acceptance_due_on=date(2027, 5, 20),
    )

    assert summary(milestones(every, today=TODAY)) == [
        ("applying", OPENS, CLOSES, "current"),
        ("documents_due_on", DUE, None, "ahead"),
        ("screening_on", date(2027, 4, 5), None, "ahead"),
        ("jury_on", date(2027, 5, 1), None, "ahead"),
        ("results_on", date(2027, 5, 10), None, "ahead"),
        ("acceptance_due_on", date(2027, 5, 20), None, "ahead"),
    ]
    assert [one.code for one in milestones(intake(), today=TODAY)] == [
        "applying",
        "documents_due_on",
    ]


@pytest.mark.parametrize(
    ("today", "states"),
    [
        (OPENS - DAY, ["ahead", "ahead"]),
        (OPENS, ["current", "ahead"]),
        (CLOSES, ["current", "ahead"]),
        (CLOSES + DAY, ["past", "ahead"]),
        (DUE, ["past", "current"]),
        (DUE + DAY, ["past", "past"]),
    ],
)
def test_calendar_says_where_today_stands(today, states):
    assert [one.state for one in milestones(intake(), today=today)] == states


def test_deadlines_are_marked_and_meetings_are_not():
    dated = intake(jury_on=date(2027, 5, 1), acceptance_due_on=date(2027, 5, 20))

    assert {one.code for one in milestones(dated, today=TODAY) if one.is_deadline} == {
        "applying",
        "documents_due_on",
        "acceptance_due_on",
    }


@pytest.mark.parametrize(
    ("days", "text"), [(1, "1 jour après la décision"), (10, "10 jours après la décision")]
)
def test_delay_to_answer_is_said_in_words(days, text):
    *_others, last = milestones(intake(acceptance_days=days), today=TODAY)

    assert (last.on, last.text, last.state) == (None, text, "ahead")


def test_applying_ends_with_the_campaign():
    cut = intake(campaign={"candidates_until": date(2027, 3, 20)})

    assert summary(milestones(cut, today=TODAY))[0] == (
        "applying",
        OPENS,
        date(2027, 3, 20),
        "current",
    )


def test_applying_that_never_was_possible_keeps_its_own_days():
    never = intake(campaign={"starts_on": date(2026, 1, 1), "ends_on": date(2026, 9, 1)})

    assert summary(milestones(never, today=TODAY))[0] == ("applying", OPENS, CLOSES, "past")
