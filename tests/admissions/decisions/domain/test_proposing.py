"""Applications made by staff: classic and proposal [14.2, T03, T04]."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.applying_for import (
    applying_for_blockers,
    applying_for_warnings,
)
from candide.admissions.applications.enums import ApplicationEvent, DossierStatus, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain import proposing
from candide.admissions.decisions.domain.proposing import propose, proposing_blockers
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import Decision, IntakeDecisions
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import AdmissionRoute, AlertMode
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.institution.accounts.mailbox import sent

TODAY = date(2027, 3, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def intake():
    """Open, with a favourable decision, and a commission that is alerted."""
    made = IntakeFactory(open=True)
    IntakeDecisions.objects.create(intake=made, favourable=DecisionTypeFactory(code="ADM"))
    commission = made.programme.commission
    commission.alert_mode, commission.alert_email = AlertMode.MAILBOX, "jury@univ.example"
    commission.alerts_proposals = True
    commission.save()
    return made


@pytest.fixture
def by():
    return UserFactory(staff=True)


def test_classic_application_is_as_the_candidate_would_have_made_it(alix, intake, by):
    """B-161, T03: who did it is told."""
    application = apply_to(intake, user=alix.user, by=by, now=NOW, enforce_dates=False)

    assert (application.dossier_status, application.is_proposal) == (DossierStatus.AWAITED, False)
    assert application.created_by == by
    assert sent() == [("application-created", alix.user.email)]


@pytest.mark.parametrize(
    ("route", "kept"),
    [
        (AdmissionRoute.CONTROLLED, AdmissionRoute.CONTROLLED),
        (AdmissionRoute.DIRECT, AdmissionRoute.UNDETERMINED),
        (AdmissionRoute.UNDETERMINED, AdmissionRoute.UNDETERMINED),
    ],
)
def test_proposal_is_complete_at_once_with_the_decision_as_a_draft(alix, intake, by, route, kept):
    """B-162, T04: the route is confirmed, direct access is never given by itself."""
    type(intake).objects.filter(pk=intake.pk).update(route=route)
    intake.refresh_from_db()

    application = propose(intake, user=alix.user, by=by, now=NOW)

    application.refresh_from_db()
    draft = Decision.objects.get(application=application)
    assert (application.dossier_status, application.complete_on) == (DossierStatus.COMPLETE, TODAY)
    assert (application.route, application.is_route_confirmed) == (kept, True)
    assert (application.is_proposal, application.created_by) == (True, by)
    assert (draft.type.code, draft.released_at) == ("ADM", None)
    assert application.snapshots.count() == 1
    assert application.released_outcome == ""
    assert sent() == [
        ("application-proposed", alix.user.email),
        ("commission-proposal", "jury@univ.example"),
    ]
    told = list(entries_about(application).order_by("pk").values_list("event", "by_id"))
    assert told[0] == (ApplicationEvent.PROPOSED, by.pk)


def test_commission_decides_on_a_proposal_by_releasing_it(alix, intake, by):
    application = propose(intake, user=alix.user, by=by, now=NOW)

    release(application, by=by, now=NOW + timedelta(days=1))

    application.refresh_from_db()
    assert application.released_outcome == Outcome.FAVOURABLE


@pytest.mark.parametrize(
    "change",
    [
        lambda intake: IntakeDecisions.objects.all().delete(),
        lambda intake: IntakeDecisions.objects.update(favourable=None),
        lambda intake: intake.decisions.favourable.__class__.objects.update(is_active=False),
    ],
)
def test_no_proposal_without_a_decision_to_give(alix, intake, by, change):
    change(intake)

    with pytest.raises(Refused) as refusal:
        propose(intake, user=alix.user, by=by, now=NOW)

    assert refusal.value.codes == ["no_favourable_decision"]
    assert not Application.objects.exists()


def test_dates_quota_and_activation_are_warnings_for_staff(intake, by):
    """The candidate could not: staff can, and are told."""
    alix = CandidateFactory(complete=True, user__not_activated=True)
    institution = Institution.current()
    institution.is_quota_global, institution.max_applications = True, 1
    institution.save()
    ApplicationFactory(candidate=alix, intake=IntakeFactory(campaign=intake.campaign))
    late = intake.closes_on + timedelta(days=1)

    warnings = applying_for_warnings(user=alix.user, intake=intake, today=late)

    assert [b.code for b in warnings] == ["not_activated", "too_late", "quota_institution"]
    assert applying_for_blockers(user=alix.user, intake=intake, today=late) == []
    assert proposing_blockers(user=alix.user, intake=intake, today=late) == []
    assert apply_to(intake, user=alix.user, by=by, now=NOW, enforce_dates=False).pk


def test_file_must_hold_what_is_mandatory(intake):
    user = UserFactory()

    found = applying_for_blockers(user=user, intake=intake, today=TODAY)

    assert [blocker.code for blocker in found] == [
        "identity_missing",
        "address_missing",
        "baccalaureate_missing",
    ]
    assert {blocker.about for blocker in found} == {""}
    assert applying_for_warnings(user=user, intake=intake, today=TODAY) == []


def test_closed_account_does_not_apply(intake):
    alix = CandidateFactory(complete=True, user__out_of_service=True)

    found = applying_for_blockers(user=alix.user, intake=intake, today=TODAY)

    assert [blocker.code for blocker in found] == ["not_activated"]


def test_second_application_to_the_same_programme_is_refused(alix, intake, by):
    propose(intake, user=alix.user, by=by, now=NOW)

    for make in (
        lambda: propose(intake, user=alix.user, by=by, now=NOW),
        lambda: apply_to(intake, user=alix.user, by=by, now=NOW, enforce_dates=False),
    ):
        with pytest.raises(Refused) as refusal:
            make()
        assert refusal.value.codes == ["already_applied"]


def test_two_who_propose_at_once_are_told(alix, intake, by, monkeypatch):
    def made_meanwhile(*args, **named):
        ApplicationFactory(candidate=alix, intake=intake)
        raise IntegrityError

    monkeypatch.setattr(proposing, "create_application", made_meanwhile)

    with pytest.raises(Refused) as refusal:
        propose(intake, user=alix.user, by=by, now=NOW)

    assert refusal.value.codes in (["already_applied"], [])
