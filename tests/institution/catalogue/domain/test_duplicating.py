"""Duplicating programmes, and a campaign into another [issue 3, decisions on 7.3]."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from candide.admissions.decisions.models import IntakeDecisions
from candide.core.blockers import Refused
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.domain.duplicating import (
    duplicate_intakes,
    duplicate_programme,
    duplicating_blockers,
    planned_intakes,
    shifted,
    usual_shift,
)
from candide.institution.catalogue.enums import CopyOutcome
from candide.institution.catalogue.models import Campaign, Intake, Programme
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import DAY, CampaignFactory, IntakeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

pytestmark = pytest.mark.django_db

EVERY_DAY = {
    "opens_on": date(2027, 3, 1),
    "closes_on": date(2027, 4, 1),
    "screening_on": date(2027, 4, 2),
    "documents_due_on": date(2027, 4, 15),
    "jury_on": date(2027, 5, 1),
    "results_on": date(2027, 5, 10),
    "acceptance_due_on": date(2027, 5, 20),
    "reserve_acceptance_due_on": date(2027, 6, 1),
    "shortlist_on": date(2027, 4, 25),
}


@pytest.fixture
def into() -> Campaign:
    return CampaignFactory(code="2028", starts_on=date(2028, 1, 3), ends_on=date(2028, 9, 30))


def plan(into: Campaign, days: int = 364) -> list[Any]:
    intakes = Intake.objects.exclude(campaign=into).with_offer().order_by("pk")
    return planned_intakes(intakes, into=into, days=days)


def duplicate(into: Campaign, **changes: Any) -> list[Intake]:
    values = {"source": CampaignFactory(), "into": into, "days": 364, "by": None, **changes}
    intakes = Intake.objects.filter(campaign=values["source"]).with_offer().order_by("pk")
    return duplicate_intakes(intakes, **values)


def test_shift_is_in_whole_weeks(into):
    assert usual_shift(CampaignFactory(), into) == 364
    assert usual_shift(into, CampaignFactory()) == -364


def test_every_day_moves_and_all_else_stays(into):
    source = IntakeFactory(**EVERY_DAY, capacity=30, shortlist_place="Amphi A")

    copy = shifted(source, into=into, days=364)

    assert {name: getattr(copy, name) for name in EVERY_DAY} == {
        name: day + 364 * DAY for name, day in EVERY_DAY.items()
    }
    assert (copy.pk, copy.campaign, copy.programme) == (None, into, source.programme)
    assert (copy.capacity, copy.shortlist_place) == (30, "Amphi A")


@pytest.mark.parametrize(
    "closed",
    [
        "is_active",
        "programme__is_active",
        "programme__commission__is_active",
        "programme__commission__centre__is_active",
    ],
)
def test_what_is_out_of_service_is_left_out(into, closed):
    IntakeFactory(**{closed: False})

    assert [each.outcome for each in plan(into)] == [CopyOutcome.LEFT]


def test_plan_says_what_is_made_and_what_is_there_and_writes_nothing(into):
    there = IntakeFactory()
    IntakeFactory(programme=there.programme, campaign=into)
    IntakeFactory()

    planned = plan(into)

    assert [each.outcome for each in planned] == [CopyOutcome.EXISTS, CopyOutcome.MADE]
    assert Intake.objects.filter(campaign=into).count() == 1


def test_plan_warns_of_days_outside_the_new_campaign(into):
    IntakeFactory()

    (same_dates,) = plan(into, days=0)

    assert {each.code for each in same_dates.warnings} == {"outside_campaign"}


def test_intakes_are_made_with_their_decisions_and_history(into):
    source, bao = IntakeFactory(), UserFactory(staff=True)
    favourable = DecisionTypeFactory()
    IntakeDecisions.objects.create(intake=source, favourable=favourable)

    (made,) = duplicate(into, by=bao)

    made.refresh_from_db()
    assert (made.campaign, made.opens_on) == (into, source.opens_on + 364 * DAY)
    assert made.decisions.favourable == favourable
    entries = HistoryEntry.objects.filter(event=RowEvent.CREATED)
    assert {(each.subject_type, each.by_id) for each in entries} == {
        ("catalogue.intake", bao.pk),
        ("decisions.intakedecisions", bao.pk),
    }


def test_twice_makes_nothing_the_second_time(into):
    IntakeFactory()

    assert [len(duplicate(into)), len(duplicate(into))] == [1, 0]


@pytest.mark.parametrize(
    ("archived", "is_same", "codes"),
    [(False, False, []), (True, False, ["archived"]), (False, True, ["same_campaign"])],
)
def test_duplicating_blockers(into, archived, is_same, codes):
    if archived:
        into.archived_at = datetime(2027, 1, 1, tzinfo=UTC)
    source = into if is_same else CampaignFactory()

    found = duplicating_blockers(source=source, into=into)

    assert [each.code for each in found] == codes


def test_archived_campaign_takes_no_copies(into):
    Campaign.objects.filter(pk=into.pk).update(archived_at=datetime(2027, 1, 1, tzinfo=UTC))
    IntakeFactory()

    with pytest.raises(Refused) as refusal:
        duplicate(into)

    assert refusal.value.codes == ["archived"]


def test_programme_is_duplicated_with_what_it_asks_and_its_intake_but_out_of_service():
    intake = IntakeFactory(programme__name="Master Droit public", capacity=30)
    IntakeFactory(
        programme=intake.programme,
        campaign=CampaignFactory(over=True),
        opens_on=date(2026, 3, 1),
        closes_on=date(2026, 4, 1),
    )
    document, question = DocumentRequirementFactory(), QuestionFactory()
    document.programmes.add(intake.programme)
    question.programmes.add(intake.programme)

    copy = duplicate_programme(
        intake.programme, code="M1-DPR", name="Droit privé", campaign=intake.campaign, by=None
    )

    copy = Programme.objects.get(pk=copy.pk)
    assert (copy.code, copy.slug, copy.is_active) == ("M1-DPR", "droit-prive", False)
    assert copy.commission == intake.programme.commission
    assert [each.capacity for each in copy.intakes.all()] == [30]
    assert (list(copy.documentrequirements.all()), list(copy.questions.all())) == (
        [document],
        [question],
    )


def test_programme_is_not_duplicated_under_a_code_that_is_taken():
    programme = IntakeFactory().programme

    with pytest.raises(Refused) as refusal:
        duplicate_programme(programme, code=programme.code, name="X", campaign=None, by=None)

    assert refusal.value.codes == ["code_taken"]
