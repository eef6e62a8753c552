"""One action for many applications in one call each."""

from collections.abc import Callable
from typing import Any

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.actions import ACTIONS
from candide.admissions.bulk.domain.running import ask_action, select_applications
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.models import Run
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory


@pytest.fixture
def application(alix: Any) -> Application:
    """Alix's, received, to an intake whose dossiers are in."""
    Institution.current()
    intake = IntakeFactory(closed=True)
    made = ApplicationFactory(candidate=alix, intake=intake, created_at=NOW, transmitted=True)
    return again(made)


@pytest.fixture
def beside(application: Application) -> Callable[..., Application]:
    """Makes applications of others to the same intake."""

    def make(**fields: Any) -> Application:
        fields.setdefault("intake", application.intake)
        return again(ApplicationFactory(**fields))

    return make


def clock() -> Any:
    return NOW


def work_all() -> None:
    while work(clock=clock):
        pass


def previewed(by: Any, code: str, values: Any, *applications: Any) -> Run:
    run = select_applications([a.pk for a in applications], by=by, now=NOW)
    ask_action(run, ACTIONS[code], values, now=NOW)
    work_all()
    return Run.objects.get(pk=run.pk)


def done(by: Any, code: str, values: Any, *applications: Any) -> Run:
    run = previewed(by, code, values, *applications)
    confirm(run, by=by, now=NOW)
    work_all()
    return Run.objects.get(pk=run.pk)


def outcomes(run: Run) -> list[tuple[str, list[str]]]:
    """What became of each row: its state, and the codes of its remarks."""
    rows = run.items.order_by("position").values_list("state", "notes")
    return [(state, [code for code, _message in notes]) for state, notes in rows]


def said(run: Run) -> list[str]:
    return list(run.items.order_by("position").values_list("says", flat=True))
