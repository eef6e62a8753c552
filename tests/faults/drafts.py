"""Drafts to be released while workers are killed."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import Decision
from candide.foundation.runs.models import Run
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory


def drafts(number: int, *, now: datetime) -> tuple[list[int], Any]:
    """Applications of one intake with a draft each, and the administrator who may release them."""
    Institution.current()
    ada = UserFactory(staff=True)
    Assignment.objects.create(user=ada, role=create_starter_roles()["administrator"])
    intake, kind = IntakeFactory(closed=True), DecisionTypeFactory(outcome=Outcome.FAVOURABLE)
    rows = ApplicationFactory.create_batch(number, intake=intake, complete=True)
    for row in rows:
        Decision.objects.create(application=row, type=kind, created_at=now, created_by=ada)
    Application.objects.update(has_draft_decision=True, has_any_decision=True)
    return [row.pk for row in rows], ada


def two_minutes_pass() -> None:
    """The lease of whoever died has run out."""
    Run.objects.exclude(claim=None).update(leased_until=timezone.now() - timedelta(seconds=1))
