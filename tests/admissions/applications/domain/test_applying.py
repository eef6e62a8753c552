"""Applying [APP-01…13]."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from candide.admissions.applications.domain import applying
from candide.admissions.applications.domain.applying import apply_to, applying_blockers
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory

TODAY = date(2027, 3, 15)
DAY = timedelta(days=1)


def codes(user, intake, today=TODAY, **more):
    return [b.code for b in applying_blockers(user=user, intake=intake, today=today, **more)]


def test_applying_blockers_nothing_missing_is_possible(alix):
    intake = IntakeFactory(open=True)

    assert codes(alix.user, intake) == []


def test_applying_blockers_without_any_file_names_every_section(db):
    user = UserFactory()

    assert codes(user, IntakeFactory(open=True)) == [
        "identity_missing",
        "address_missing",
        "baccalaureate_missing",
    ]


def test_applying_blockers_account_not_activated_is_told(db):
    candidate = CandidateFactory(complete=True, user__not_activated=True)

    assert codes(candidate.user, IntakeFactory(open=True)) == ["not_activated"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("opens_on", []),
        ("closes_on", []),
        ("before", ["too_early"]),
        ("after", ["too_late"]),
    ],
)
def test_applying_blockers_period_is_inclusive(alix, day, expected):
    intake = IntakeFactory(open=True)
    today = {
        "opens_on": intake.opens_on,
        "closes_on": intake.closes_on,
        "before": intake.opens_on - DAY,
        "after": intake.closes_on + DAY,
    }[day]

    assert codes(alix.user, intake, today) == expected


def test_applying_blockers_waived_for_staff_acting(alix):
    intake = IntakeFactory(closed=True)

    assert codes(alix.user, intake) == ["too_late"]
    assert codes(alix.user, intake, enforce_dates=False) == []


def test_applying_blockers_campaign_closed_to_candidates(alix):
    """B-027: staff go on."""
    campaign = CampaignFactory(closed_to_candidates=True)
    intake = IntakeFactory(open=True, campaign=campaign)

    assert codes(alix.user, intake) == ["campaign_closed"]
    assert codes(alix.user, intake, enforce_dates=False) == []


@pytest.mark.parametrize("level", ["intake", "programme", "commission", "centre"])
def test_applying_blockers_out_of_service_at_any_level(alix, level):
    intake = IntakeFactory(open=True)
    thing = {
        "intake": intake,
        "programme": intake.programme,
        "commission": intake.programme.commission,
        "centre": intake.programme.commission.centre,
    }[level]
    thing.is_active = False
    thing.save()

    assert codes(alix.user, intake) == ["not_on_offer"]


def test_applying_blockers_capacity_refuses_nobody(alix):
    intake = IntakeFactory(open=True, capacity=1)
    ApplicationFactory(intake=intake, accepted=True)

    assert applying_blockers(user=alix.user, intake=intake, today=TODAY) == []


def test_applying_blockers_live_application_exists(alix, application):
    assert codes(alix.user, application.intake) == ["already_applied"]


def test_applying_blockers_cancelled_application_does_not_count(alix):
    cancelled = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), cancelled=True)

    assert codes(alix.user, cancelled.intake) == []


@pytest.mark.parametrize(
    ("nationality_is_french", "ine", "year", "required", "expected"),
    [
        (True, "", 2024, True, ["ine_missing"]),
        (True, "", 2024, False, []),
        (True, "", 1990, True, []),
        (False, "", 2024, True, []),
        (True, "1856816120S", 2024, True, []),
    ],
)
def test_applying_blockers_ine(db, nationality_is_french, ine, year, required, expected):
    from tests.factories.reference import CountryFactory

    Institution.current()
    Institution.objects.update(is_ine_required=required)
    more = {} if nationality_is_french else {"nationality": CountryFactory()}
    if ine:
        more |= {"ine": ine, "ine_state": "confirmed"}
    candidate = CandidateFactory(complete=True, **more)
    baccalaureate = candidate.baccalaureate
    baccalaureate.year = year
    baccalaureate.save()
    baccalaureate.series.ine_controlled_from_year = 1995
    baccalaureate.series.save()

    assert codes(candidate.user, IntakeFactory(open=True)) == expected


def test_applying_blockers_quota_of_the_centre_counts_live_ones_of_the_campaign(alix):
    first = IntakeFactory(open=True)
    centre = first.programme.commission.centre
    centre.max_applications = 1
    centre.save()
    there = {"programme__commission__centre": centre}
    same_centre, elsewhere = IntakeFactory(open=True, **there), IntakeFactory(open=True)
    ApplicationFactory(candidate=alix, intake=IntakeFactory(**there), cancelled=True)
    past = IntakeFactory(campaign=CampaignFactory(over=True), **there)
    ApplicationFactory(candidate=alix, intake=past)
    before = codes(alix.user, same_centre)
    ApplicationFactory(candidate=alix, intake=first)

    assert before == []
    assert codes(alix.user, same_centre) == ["quota_centre"]
    assert codes(alix.user, elsewhere) == []


def test_applying_blockers_quota_of_the_institution(alix, application):
    Institution.current()
    Institution.objects.update(is_quota_global=True, max_applications=1)

    assert codes(alix.user, IntakeFactory(open=True)) == ["quota_institution"]
    Institution.objects.update(max_applications=2)
    assert codes(alix.user, IntakeFactory(open=True)) == []


@pytest.mark.parametrize(
    ("route", "kept", "confirmed"),
    [
        (AdmissionRoute.CONTROLLED, AdmissionRoute.CONTROLLED, True),
        (AdmissionRoute.DIRECT, AdmissionRoute.UNDETERMINED, False),
        (AdmissionRoute.UNDETERMINED, AdmissionRoute.UNDETERMINED, False),
    ],
)
def test_apply_to_sets_the_initial_values(alix, route, kept, confirmed):
    intake = IntakeFactory(open=True, route=route)

    application = apply_to(intake, user=alix.user, by=alix.user, now=NOW)

    assert (application.dossier_status, application.answer, application.is_proposal) == (
        DossierStatus.AWAITED,
        "",
        False,
    )
    assert (application.route, application.is_route_confirmed) == (kept, confirmed)
    assert list(OutgoingMail.objects.values_list("kind", "to")) == [
        ("application-created", alix.user.email)
    ]
    assert HistoryEntry.objects.filter(event="applications.applied").count() == 1


def test_apply_to_refused_changes_nothing(alix):
    intake = IntakeFactory(closed=True)

    with pytest.raises(Refused) as refusal:
        apply_to(intake, user=alix.user, by=alix.user, now=NOW)

    assert refusal.value.codes == ["too_late"]
    assert not Application.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_apply_to_who_has_no_file_is_refused(db):
    user = UserFactory()

    with pytest.raises(Refused) as refusal:
        apply_to(IntakeFactory(open=True), user=user, by=user, now=NOW)

    assert "identity_missing" in refusal.value.codes


@pytest.fixture
def database_refuses(db, monkeypatch):
    """`database_refuses(why)`: from then on, whatever is written to apply."""

    def refuses(why):
        def fail(*_args, **_kwargs):
            raise IntegrityError(why)

        monkeypatch.setattr(applying, "_apply", fail)

    return refuses


def test_race_that_the_database_decides_is_told_as_already_applied(database_refuses):
    database_refuses('duplicate key violates "application_once"')

    with pytest.raises(Refused) as refusal:
        apply_to(IntakeFactory(open=True), user=UserFactory(), by=None, now=NOW)

    assert refusal.value.codes == ["already_applied"]


def test_other_faults_of_the_database_are_not_taken_for_a_race(database_refuses):
    database_refuses("something else")

    with pytest.raises(IntegrityError, match="something else"):
        apply_to(IntakeFactory(open=True), user=UserFactory(), by=None, now=NOW)
