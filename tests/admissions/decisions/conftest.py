"""Entering, releasing and answering in one call each."""

from datetime import date, timedelta
from typing import Any

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.outcomes import POLICIES
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionReason, DecisionType, IntakeDecisions
from candide.core.blockers import Refused
from candide.institution.catalogue.enums import LetterMode
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def application(alix: Candidate) -> Application:
    """Alix's, to an intake whose dossiers are in: the commission decides."""
    made = ApplicationFactory(candidate=alix, intake=IntakeFactory(closed=True), created_at=NOW)
    return again(made)


def decision_type(outcome: Outcome, **fields: Any) -> DecisionType:
    code = fields.pop("code", outcome.value)
    return DecisionType.objects.get_or_create(
        code=code, defaults={"label": str(outcome.label), "outcome": outcome, **fields}
    )[0]


def draft_of(outcome: Outcome, **fields: Any) -> Draft:
    """What a commission enters for this outcome, complete."""
    if POLICIES[outcome].needs_reason and "reason" not in fields:
        fields["reason"] = DecisionReason.objects.get_or_create(code="r", defaults={"label": "R"})[
            0
        ]
    if POLICIES[outcome].ranked:
        fields.setdefault("rank", 1)
    return Draft(type=decision_type(outcome), **fields)


def decided(application: Application, outcome: Outcome, *, by: Any, **fields: Any) -> Application:
    """The application with a released decision."""
    enter_decision(application, draft_of(outcome, **fields), by=by, now=NOW)
    release(application, by=by, now=NOW)
    return again(application)


def refused(call: Any, *args: Any, **kwargs: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.codes


def offered(application: Application, bao: Any, due: date | None) -> Application:
    application.intake.acceptance_due_on = due
    application.intake.save()
    return decided(application, Outcome.FAVOURABLE, by=bao)


def on_the_list(intake: Any, bao: Any, rank: int) -> Application:
    return decided(
        again(ApplicationFactory(intake=intake)), Outcome.RESERVE_LIST, by=bao, rank=rank
    )


@pytest.fixture
def listed(application, bao):
    """The intake calls its list by itself; three wait, entered out of order."""
    intake = application.intake
    intake.has_automatic_reserve_list = True
    intake.save()
    called = decision_type(Outcome.FAVOURABLE, code="called")
    IntakeDecisions.objects.create(intake=intake, called=called)
    third, first, second = (on_the_list(intake, bao, rank) for rank in (30, 10, 20))
    return [first, second, third]


def with_letters(application: Application, mode: LetterMode) -> None:
    commission = application.intake.programme.commission
    commission.letter_mode = mode
    commission.save()
