"""Drafts of one intake, prepared to be released by Bao; Dana may release in the same centre."""

from typing import Any

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.models import Decision
from candide.admissions.releases.domain.beginning import begin_release
from candide.admissions.releases.domain.releasing import carry_out
from candide.admissions.releases.models import Release
from candide.foundation.runs.domain.working import work
from tests.admissions.conftest import NOW, again, staff_member
from tests.admissions.decisions.conftest import draft_of
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory

TODAY = NOW.date()


@pytest.fixture
def application(alix: Any) -> Application:
    made = ApplicationFactory(candidate=alix, intake=IntakeFactory(closed=True), complete=True)
    return again(made)


@pytest.fixture
def beside(application: Application) -> Any:
    """Other applications to the same intake."""

    def make(**fields: Any) -> Application:
        return again(ApplicationFactory(intake=application.intake, **{"complete": True, **fields}))

    return make


@pytest.fixture
def dana(application: Application) -> Any:
    return staff_member("manager", centre=application.intake.programme.commission.centre)


def drafted(application: Application, by: Any, outcome: Any = Outcome.FAVOURABLE, **fields: Any):
    enter_decision(application, draft_of(outcome, **fields), by=by, now=NOW)
    return again(application)


def work_all() -> None:
    while work(clock=lambda: NOW):
        pass


def begun(*applications: Application, by: Any, day: Any = TODAY) -> Release:
    return begin_release([each.pk for each in applications], day=day, by=by, now=NOW)


def prepared(*applications: Application, by: Any, day: Any = TODAY) -> Release:
    """A release whose mails and letters are made."""
    release = begun(*applications, by=by, day=day)
    work_all()
    return fresh(release)


def fresh(release: Release) -> Release:
    return Release.objects.with_people().get(pk=release.pk)


def done(release: Release, *, now: Any = NOW) -> Release:
    """As the worker does it at its hour."""
    carry_out(release.pk, now=now)
    return fresh(release)


def rows(release: Release) -> list[tuple[str, list[str]]]:
    """(state, codes of the notes) of each row, in order."""
    found = release.rows.order_by("position").values_list("state", "notes")
    return [(state, [code for code, _message in notes]) for state, notes in found]


def released(application: Application) -> int:
    return Decision.objects.filter(application=application).exclude(released_at=None).count()
