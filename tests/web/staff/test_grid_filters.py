"""What narrows the grid of applications: one programme, and the days that are left or went by."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.admissions.conftest import NOW
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

GRID = reverse("staff:applications")
DAY = timedelta(days=1)


def listed(response):
    return [line.application.pk for line in response.context["lines"]]


def test_grid_of_one_programme_chosen_by_its_name(as_ada, application):
    """B-081."""
    intake = application.intake
    beside = IntakeFactory(programme__commission=intake.programme.commission)
    ApplicationFactory(intake=beside)

    page = as_ada.get(f"{GRID}?intake={intake.pk}")

    assert listed(page) == [application.pk]
    chosen = dict(page.context["filters"].fields["intake"].choices)[str(intake.pk)]
    assert chosen.startswith(str(intake.programme.name))


def test_status_is_unchanged_since_it_was_changed_last(as_bao, application):
    """B-086: not since the application was made, where its status changed later."""
    made = {"intake": application.intake, "created_at": NOW - 30 * DAY}
    old = ApplicationFactory(**made, status_changed_at=NOW - 11 * DAY)
    ApplicationFactory(**made, status_changed_at=NOW - DAY)

    assert listed(as_bao.get(f"{GRID}?unchanged_for=10")) == [old.pk]


def test_dossier_with_more_time_is_due_on_its_own_day(as_bao, application):
    """B-086."""
    intake = application.intake
    intake.closes_on = intake.documents_due_on = (NOW + DAY).date()
    intake.save()
    soon = ApplicationFactory(intake=intake)
    later = ApplicationFactory(intake=intake, documents_extended_to=(NOW + 3 * DAY).date())

    assert listed(as_bao.get(f"{GRID}?due_within=1")) == [soon.pk]
    assert set(listed(as_bao.get(f"{GRID}?due_within=3"))) == {soon.pk, later.pk}
