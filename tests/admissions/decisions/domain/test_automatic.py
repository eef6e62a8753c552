"""Decisions an intake gives by itself, and places added."""

from typing import Any

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.automatic import (
    automatic_blockers,
    capacity_warnings,
    fill_added_places,
    set_automatic_decisions,
)
from candide.admissions.decisions.models import IntakeDecisions
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from tests.admissions.conftest import NOW, again
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, IntakeFactory
from tests.factories.decisions import DecisionTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def intake() -> Any:
    return IntakeFactory(has_automatic_reserve_list=True)


@pytest.mark.parametrize(
    ("traits", "codes"),
    [
        ({}, []),
        ({"is_active": False}, ["not_to_be_given"]),
        ({"outcome": Outcome.UNFAVOURABLE}, ["not_to_be_given"]),
    ],
)
def test_only_favourable_types_in_service_are_given(intake, traits, codes):
    """B-049, B-050."""
    kind = DecisionTypeFactory(**traits)

    found = automatic_blockers(intake, favourable=kind, called=DecisionTypeFactory())

    assert [(each.code, each.about) for each in found] == [
        (code, "field:favourable") for code in codes
    ]


def test_types_of_another_centre_are_not_given(intake):
    own = DecisionTypeFactory(centre=intake.programme.centre)
    foreign = DecisionTypeFactory(centre=ApplicationCentreFactory())

    found = automatic_blockers(intake, favourable=own, called=foreign)

    assert [each.about for each in found] == ["field:called"]


def test_reserve_list_called_automatically_needs_its_decision(intake):
    found = automatic_blockers(intake, favourable=None, called=None)

    assert [each.code for each in found] == ["no_called_decision"]


def test_they_are_set_with_their_history(intake):
    favourable, called, bao = DecisionTypeFactory(), DecisionTypeFactory(), UserFactory(staff=True)

    set_automatic_decisions(intake=intake, favourable=favourable, called=called, by=bao)
    set_automatic_decisions(intake=intake, favourable=None, called=called, by=bao)

    settings = IntakeDecisions.objects.get()
    assert (settings.intake, settings.favourable, settings.called) == (intake, None, called)
    entry = HistoryEntry.objects.order_by("-pk").first()
    assert entry.data["changes"] == {"favourable": [favourable.pk, None]}
    assert entry.by_id == bao.pk


def test_what_is_given_already_may_stay_though_out_of_service(intake):
    called = DecisionTypeFactory()
    set_automatic_decisions(intake=intake, favourable=None, called=called, by=None)
    called.is_active = False
    called.save()

    set_automatic_decisions(intake=intake, favourable=None, called=called, by=None)

    assert IntakeDecisions.objects.get().called == called


def test_none_from_the_reserve_list_while_nobody_is_called(intake):
    intake.has_automatic_reserve_list = False

    set_automatic_decisions(
        intake=intake, favourable=None, called=DecisionTypeFactory(is_active=False), by=None
    )

    assert list(IntakeDecisions.objects.all()) == []


def test_what_is_not_to_be_given_is_refused(intake):
    with pytest.raises(Refused) as refusal:
        set_automatic_decisions(intake=intake, favourable=None, called=None, by=None)

    assert refusal.value.codes == ["no_called_decision"]


@pytest.mark.parametrize(("before", "capacity"), [(None, 3), (3, 3), (4, 3), (2, None)])
def test_nobody_is_called_without_places_added(intake, before, capacity):
    intake.capacity = capacity

    assert capacity_warnings(intake, before=before) == []
    fill_added_places(intake=intake, before=before, now=NOW)


def test_places_added_call_the_next_of_the_reserve_list(listed):
    first, second, third = listed
    intake = first.intake
    intake.capacity = 2
    intake.save()

    (warning,) = capacity_warnings(intake, before=0)
    fill_added_places(intake=intake, before=0, now=NOW)

    assert warning.code == "calls_reserve_list"
    assert [each.released_outcome for each in (again(first), again(second), again(third))] == [
        Outcome.FAVOURABLE,
        Outcome.FAVOURABLE,
        Outcome.RESERVE_LIST,
    ]
