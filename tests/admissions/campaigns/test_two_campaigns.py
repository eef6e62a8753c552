"""Two campaigns from the first day to the last, with a moved clock: made, applied in, decided in,
switched, consulted, prepared again, destroyed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.campaigns.domain.preview import preview_of
from candide.admissions.campaigns.models import Destruction
from candide.admissions.decisions.domain.answering import accept
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.core.blockers import Refused
from candide.foundation.jobs.domain.running import run_due_jobs
from candide.foundation.jobs.domain.schedule import agree
from candide.institution.accounts.models import User
from candide.institution.catalogue.domain.campaigns import keep_campaign, state_of
from candide.institution.catalogue.domain.duplicating import duplicate_intakes, usual_shift
from candide.institution.catalogue.domain.gate import gate_blockers
from candide.institution.catalogue.enums import CampaignState
from candide.institution.catalogue.models import Campaign, Institution, Intake
from candide.institution.mails.models import OutgoingMail
from candide.reporting.statistics.lines import Level, lines_of
from candide.reporting.statistics.scope import Scope
from tests.factories.access import ada
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory

PARIS = ZoneInfo("Europe/Paris")


def at(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=PARIS)


def campaign_of(year, **fields):
    return Campaign(
        code=str(year),
        label=f"Campagne {year}",
        starts_on=date(year, 1, 4),
        ends_on=date(year, 9, 30),
        **fields,
    )


def candidate(created_at):
    return CandidateFactory(user=UserFactory(created_at=created_at), complete=True)


def codes(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.codes


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data_uncompared")
def test_two_campaigns_from_the_first_day_to_the_last(frozen, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path  # years later every other upload looks abandoned
    Institution.current()
    admin = ada(email="ada@univ.example")
    now = at(2027, 1, 4)
    frozen.move_to(now)
    run_due_jobs(now)
    first = keep_campaign(campaign_of(2027), now=now)
    intake = IntakeFactory(
        campaign=first,
        capacity=10,
        opens_on=date(2027, 2, 1),
        closes_on=date(2027, 4, 15),
        documents_due_on=date(2027, 4, 30),
        acceptance_due_on=date(2027, 6, 30),
    )

    # Two people apply; one is admitted and confirms, the other is never decided on.
    now = at(2027, 3, 1)
    frozen.move_to(now)
    alix, camille = candidate(now), candidate(now)
    hers, theirs = (
        apply_to(intake, user=each.user, by=each.user, now=now) for each in (alix, camille)
    )
    declare_status(hers, DossierStatus.COMPLETE, by=admin, now=now)
    enter_decision(hers, Draft(type=DecisionTypeFactory()), by=admin, now=now)
    release(hers, by=admin, now=now)
    accept(Application.objects.get(pk=hers.pk), by=alix.user, now=now)

    # The next campaign is planned, with the same openings a year later; nothing changes yet.
    now = at(2027, 9, 1)
    frozen.move_to(now)
    second = keep_campaign(campaign_of(2028, replaces=first, switch_at=at(2027, 10, 4, 0)), now=now)
    sources = Intake.objects.with_offer().filter(campaign=first)
    days = usual_shift(first, second)
    (again,) = duplicate_intakes(sources, source=first, into=second, days=days, by=admin)
    numbers = {line.code: line.number for line in preview_of(second).lines}
    assert again.opens_on == date(2028, 1, 31)
    assert (numbers["live"], numbers["awaited"], numbers["opened"]) == (2, 1, 1)
    run_due_jobs(now)
    assert list(Campaign.objects.in_service()) == [first]

    # The service was stopped at the moment of the switch; it is done when it runs again.
    now = at(2027, 10, 6)
    frozen.move_to(now)
    run_due_jobs(now)
    first, second = (Campaign.objects.get(pk=each.pk) for each in (first, second))
    assert state_of(first, today=now.date()) == CampaignState.ARCHIVED
    assert state_of(second, today=now.date()) == CampaignState.AHEAD
    assert not Application.objects.filter(archived_at=None).exists()

    # What is archived is read by its candidate, and changed by nobody.
    mine = Application.objects.all().visible_to(User.objects.get(pk=alix.user_id))
    assert list(mine) == [hers]
    archived = Application.objects.with_offer().get(pk=theirs.pk)
    refused = codes(lambda: declare_status(archived, DossierStatus.COMPLETE, by=admin, now=now))
    assert "archived" in refused

    # Alix applies again in the new campaign, with the same account and file.
    now = at(2028, 2, 10)
    frozen.move_to(now)
    assert gate_blockers(today=now.date(), campaign=second) == []
    assert codes(lambda: apply_to(intake, user=alix.user, by=alix.user, now=now)) != []
    new = apply_to(again, user=alix.user, by=alix.user, now=now)
    scope = Scope(admin, first)
    before = lines_of(scope, Level.PROGRAMMES)
    assert before[0].numbers["accepted"] == 1

    # A year after: announced, agreed to, destroyed; figures and who still applies stay.
    for day in (at(2028, 9, 10, 9), at(2028, 10, 7), at(2028, 10, 8)):
        frozen.move_to(day)
        run_due_jobs(day)
    assert OutgoingMail.objects.filter(kind="destruction-announced").count() == 1
    assert Application.objects.count() == 3
    agree("destroy-campaigns", by=admin, now=at(2028, 10, 8))
    last = at(2028, 10, 11)
    frozen.move_to(last)
    run_due_jobs(last)

    first = Campaign.objects.get(pk=first.pk)
    assert list(Application.objects.all()) == [new]
    assert state_of(first, today=last.date()) == CampaignState.DESTROYED
    assert Destruction.objects.get().counts["accounts"] == 1
    assert User.objects.filter(pk=alix.user_id).exists()
    assert not User.objects.filter(pk=camille.user_id).exists()
    assert lines_of(Scope(User.objects.get(pk=admin.pk), first), Level.PROGRAMMES) == before
    run_due_jobs(last + timedelta(days=1))
    assert Destruction.objects.get().finished_at == last
