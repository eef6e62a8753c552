from datetime import date

import pytest

from candide.institution.catalogue.domain import dates
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Intake
from tests.factories.catalogue import DAY, TODAY, CampaignFactory, IntakeFactory

IN_ORDER = {
    "opens_on": date(2027, 3, 1),
    "closes_on": date(2027, 4, 1),
    "screening_on": date(2027, 4, 2),
    "documents_due_on": date(2027, 4, 15),
    "jury_on": date(2027, 5, 1),
    "results_on": date(2027, 5, 10),
    "acceptance_due_on": date(2027, 5, 20),
    "reserve_acceptance_due_on": date(2027, 6, 1),
}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({}, [], id="in order"),
        pytest.param(dict.fromkeys(IN_ORDER, TODAY), [], id="all the same day"),
        pytest.param(
            dict.fromkeys(set(IN_ORDER) - {"opens_on", "closes_on", "documents_due_on"}),
            [],
            id="only the required ones",
        ),
        pytest.param({"closes_on": date(2027, 2, 28)}, ["closes_on_before_opens_on"], id="closing"),
        pytest.param(
            {"screening_on": date(2027, 3, 31)}, ["screening_on_before_closes_on"], id="screening"
        ),
        pytest.param(
            {"documents_due_on": date(2027, 3, 31)},
            ["documents_due_on_before_closes_on"],
            id="dossiers due",
        ),
        pytest.param(
            {"jury_on": date(2027, 4, 14)}, ["jury_on_before_documents_due_on"], id="jury"
        ),
        pytest.param(
            {"results_on": date(2027, 4, 14)},
            ["results_on_before_jury_on", "results_on_before_documents_due_on"],
            id="results, every violation",
        ),
        pytest.param(
            {"acceptance_due_on": date(2027, 4, 30)},
            ["acceptance_due_on_before_results_on", "acceptance_due_on_before_jury_on"],
            id="answers",
        ),
        pytest.param(
            {"reserve_acceptance_due_on": date(2027, 5, 19)},
            ["reserve_acceptance_due_on_before_acceptance_due_on"],
            id="answers of the reserve list",
        ),
        pytest.param({"documents_due_on": None}, ["missing_date"], id="dossiers due is mandatory"),
        pytest.param({"acceptance_days": 7}, ["fixed_twice"], id="date and delay"),
        pytest.param({"reserve_acceptance_days": 0}, ["fixed_twice"], id="reserve list twice"),
    ],
)
def test_date_blockers(changes, codes):
    """APP-12."""
    intake = Intake(**{**IN_ORDER, **changes})

    found = dates.date_blockers(intake)

    assert [blocker.code for blocker in found] == codes


def test_date_blockers_name_the_field_to_change_and_both_days():
    intake = Intake(**{**IN_ORDER, "jury_on": date(2027, 4, 14)})

    (blocker,) = dates.date_blockers(intake)

    assert blocker.about == "field:jury_on"
    assert "14 avril 2027" in blocker.message
    assert "15 avril 2027" in blocker.message


@pytest.mark.django_db
def test_date_warnings_name_each_day_outside_the_campaign():
    campaign = CampaignFactory(starts_on=date(2027, 3, 2), ends_on=date(2027, 5, 31))
    intake = IntakeFactory.build(campaign=campaign, **IN_ORDER)

    found = dates.date_warnings(intake)

    assert [blocker.about for blocker in found] == [
        "field:opens_on",
        "field:reserve_acceptance_due_on",
    ]


WINDOWS = [
    pytest.param({}, {}, Period.OPEN, id="open"),
    pytest.param({"opens_on": TODAY}, {}, Period.OPEN, id="first day"),
    pytest.param({"closes_on": TODAY}, {}, Period.OPEN, id="last day"),
    pytest.param({"opens_on": TODAY + DAY}, {}, Period.SOON, id="tomorrow"),
    pytest.param({"closes_on": TODAY - DAY}, {}, Period.CLOSED, id="yesterday"),
    pytest.param({}, {"starts_on": TODAY + DAY}, Period.SOON, id="campaign tomorrow"),
    pytest.param({}, {"ends_on": TODAY - DAY}, Period.CLOSED, id="campaign over"),
    pytest.param({}, {"candidates_until": TODAY - DAY}, Period.CLOSED, id="closed to candidates"),
    pytest.param({}, {"candidates_until": TODAY}, Period.OPEN, id="last day for candidates"),
    pytest.param(
        {"opens_on": TODAY + 5 * DAY},
        {"candidates_until": TODAY + 2 * DAY},
        Period.CLOSED,
        id="opens after the campaign closed to candidates",
    ),
    pytest.param(
        {},
        {"ends_on": TODAY - DAY, "candidates_until": TODAY + DAY},
        Period.CLOSED,
        id="the end of the campaign counts in any case",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("of_intake", "of_campaign", "expected"), WINDOWS)
def test_period_minds_intake_and_campaign(of_intake, of_campaign, expected):
    intake = IntakeFactory(campaign=CampaignFactory(**of_campaign), **of_intake)

    assert dates.period(intake, today=TODAY) == expected


@pytest.mark.django_db
def test_period_is_closed_when_the_campaign_is_out_of_service():
    intake = IntakeFactory(campaign=CampaignFactory(is_active=False))

    assert dates.period(intake, today=TODAY) == Period.CLOSED
