"""Confirming the admission route [back-office 14.5, T14–T16]."""

import pytest

from candide.admissions.applications.enums import ApplicationEvent, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.domain.routing import confirm_route, confirming_blockers
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import IntakeDecisions
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import AdmissionRoute, LetterMode
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import (
    decided,
    decision_type,
    draft_of,
    refused,
    with_letters,
)
from tests.factories.catalogue import IntakeFactory


@pytest.fixture
def by_right(application):
    """Alix's application under direct access, to an intake that names the decision it gives."""
    IntakeDecisions.objects.create(
        intake=application.intake, favourable=decision_type(Outcome.FAVOURABLE, code="by-right")
    )
    return routed(application, AdmissionRoute.DIRECT)


def routed(application, route, *, is_confirmed=False):
    Application.objects.filter(pk=application.pk).update(
        route=route, is_route_confirmed=is_confirmed
    )
    return again(application)


def mails():
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("route", "mail"),
    [
        (AdmissionRoute.CONTROLLED, "route-controlled"),
        (AdmissionRoute.UNDETERMINED, "route-undetermined"),
    ],
)
def test_route_is_settled_and_the_candidate_told(application, bao, route, mail):
    confirm_route(routed(application, route), by=bao, now=NOW)

    stored = again(application)
    assert stored.is_route_confirmed
    assert released_decision(stored) is None
    assert mails() == [mail]
    entry = entries_about(application).get(event=ApplicationEvent.ROUTE_CONFIRMED)
    assert (entry.by_id, entry.data["after"]) == (bao.pk, route)


def test_direct_access_releases_the_decision_of_the_intake(by_right, bao):
    confirm_route(by_right, by=bao, now=NOW)

    stored = again(by_right)
    decision = released_decision(stored)
    assert (decision.type.code, decision.released_by_id) == ("by-right", bao.pk)
    assert (stored.released_outcome, stored.has_any_decision, stored.has_draft_decision) == (
        Outcome.FAVOURABLE,
        True,
        False,
    )
    assert entries_about(by_right).filter(event=DecisionEvent.RELEASED).count() == 1


def test_direct_access_sends_one_mail_and_keeps_the_letter_to_be_downloaded(by_right, bao):
    with_letters(by_right, LetterMode.BOTH)

    confirm_route(by_right, by=bao, now=NOW)

    assert mails() == ["route-direct"]
    assert not OutgoingMail.objects.get().attachments.exists()
    assert released_decision(again(by_right)).letter.file.size > 0


def test_confirmed_once(by_right, bao):
    confirm_route(by_right, by=bao, now=NOW)

    assert refused(confirm_route, by_right, by=bao, now=NOW) == ["released", "confirmed"]
    assert mails() == ["route-direct"]


def test_direct_access_needs_its_decision_in_service(by_right, bao):
    settings = by_right.intake.decisions
    settings.favourable.is_active = False
    settings.favourable.save()
    assert refused(confirm_route, by_right, by=bao, now=NOW) == ["no_decision"]

    settings.delete()
    assert refused(confirm_route, by_right, by=bao, now=NOW) == ["no_decision"]


def test_direct_access_never_hides_a_draft(by_right, bao):
    enter_decision(by_right, draft_of(Outcome.UNFAVOURABLE), by=bao, now=NOW)

    assert refused(confirm_route, by_right, by=bao, now=NOW) == ["draft_waits"]


def test_direct_access_is_refused_over_a_released_decision(by_right, bao):
    decided(by_right, Outcome.UNFAVOURABLE, by=bao)

    assert refused(confirm_route, by_right, by=bao, now=NOW) == ["released"]


@pytest.mark.parametrize(
    ("fields", "code"), [({"cancelled_at": NOW}, "cancelled"), ({"archived_at": NOW}, "archived")]
)
def test_application_that_is_over_is_left(application, bao, fields, code):
    Application.objects.filter(pk=application.pk).update(is_route_confirmed=False, **fields)

    assert refused(confirm_route, again(application), by=bao, now=NOW) == [code]


def test_route_changed_since_it_was_looked_at_is_not_confirmed(by_right):
    blockers = confirming_blockers(by_right, seen=AdmissionRoute.CONTROLLED)

    assert [blocker.code for blocker in blockers] == ["changed"]


def test_intakes_of_others_change_nothing(application, bao):
    IntakeDecisions.objects.create(
        intake=IntakeFactory(), favourable=decision_type(Outcome.FAVOURABLE)
    )

    codes = refused(confirm_route, routed(application, AdmissionRoute.DIRECT), by=bao, now=NOW)

    assert codes == ["no_decision"]
