"""The switch: what is due, done once, whatever dies in it [B-028]."""

from datetime import date, timedelta

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.campaigns.domain import switching
from candide.admissions.campaigns.domain.preview import preparing_warnings, preview_of
from candide.admissions.campaigns.domain.switching import (
    archive_late,
    ask_now,
    due,
    switch,
    switching_blockers,
)
from candide.admissions.campaigns.tasks import switch_now
from candide.admissions.releases.enums import ReleaseState
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.running import run_due_jobs
from candide.foundation.jobs.enums import RunStatus
from candide.institution.catalogue.enums import CampaignEvent
from candide.institution.catalogue.models import Campaign, Institution
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY, CampaignFactory, IntakeFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.factories.mails import OutgoingMailFactory
from tests.factories.releases import ReleaseFactory, ReleaseRowFactory
from tests.factories.tags import TaggingFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("reference_data_uncompared"),
]

NEXT = {"code": "2028", "starts_on": date(2027, 10, 4), "ends_on": date(2028, 9, 29)}


@pytest.fixture
def current():
    return CampaignFactory()


@pytest.fixture
def following(current, now):
    return CampaignFactory(replaces=current, switch_at=now + DAY, is_active=False, **NEXT)


def codes(found):
    return [blocker.code for blocker in found]


def test_nothing_is_due_before_its_moment(following, now):
    assert due(now=now) == []
    assert due(now=now + DAY) == [following.pk]
    assert switch(following.pk, now=now) is False
    assert Campaign.objects.get(pk=following.pk).is_planned


def test_switch_puts_one_in_service_and_archives_the_other_with_its_applications(
    current, following, now
):
    then = now + DAY
    live, cancelled = ApplicationFactory(), ApplicationFactory(cancelled=True)
    beside = ApplicationFactory(intake__campaign=CampaignFactory(code="beside"))

    done = switch(following.pk, now=then)

    current, following = (Campaign.objects.get(pk=each.pk) for each in (current, following))
    assert done is True
    assert (following.is_active, following.activated_at) == (True, then)
    assert (current.is_active, current.archived_at) == (False, then)
    archived = Application.objects.filter(archived_at=then).values_list("pk", flat=True)
    assert set(archived) == {live.pk, cancelled.pk}
    assert Application.objects.get(pk=beside.pk).archived_at is None
    assert list(HistoryEntry.objects.order_by("pk").values_list("event", "subject_id", "data")) == [
        (CampaignEvent.SWITCHED_TO, following.pk, {"replaces": current.pk}),
        (CampaignEvent.ARCHIVED, current.pk, {"applications": 2}),
    ]


def test_switch_happens_once(following, now):
    switch(following.pk, now=now + DAY)

    again = switch(following.pk, now=now + 2 * DAY)

    assert again is False
    assert Campaign.objects.get(pk=following.pk).activated_at == now + DAY
    assert HistoryEntry.objects.filter(event=CampaignEvent.SWITCHED_TO).count() == 1


def test_job_catches_up_a_moment_it_missed(following, now):
    run_due_jobs(now)
    later = now + 9 * DAY

    runs = {run.job: run for run in run_due_jobs(later)}

    assert Campaign.objects.get(pk=following.pk).activated_at == later
    assert runs["switch-campaigns"].counts == {"done": 1, "late": 0}
    run_due_jobs(later + timedelta(minutes=5))
    assert HistoryEntry.objects.filter(event=CampaignEvent.SWITCHED_TO).count() == 1


def test_switch_killed_half_way_did_not_happen_and_is_done_by_the_next_run(
    current, following, now, monkeypatch
):
    ApplicationFactory()
    run_due_jobs(now)

    def killed(_campaign):
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(switching, "_archive_applications", killed)
        first = {run.job: run for run in run_due_jobs(now + DAY)}["switch-campaigns"]
    unchanged = Campaign.objects.in_service().get(), Application.objects.get().archived_at
    run_due_jobs(now + DAY + timedelta(minutes=20))

    assert first.status == RunStatus.FAILED
    assert unchanged == (current, None)
    assert Campaign.objects.in_service().get() == following
    assert Application.objects.get().archived_at is not None


def test_switch_waits_while_what_it_replaces_is_gone(current, following, now):
    Campaign.objects.filter(pk=current.pk).update(is_active=False, archived_at=now)
    following = Campaign.objects.get(pk=following.pk)

    assert codes(switching_blockers(following)) == ["nothing_to_replace"]
    with pytest.raises(Refused):
        switch(following.pk, now=now + DAY)


def test_campaign_without_a_successor_is_archived_at_its_moment(current, now):
    Campaign.objects.filter(pk=current.pk).update(archive_at=now)
    application = ApplicationFactory()

    done = switch(current.pk, now=now)

    assert done is True
    assert Campaign.objects.get(pk=current.pk).archived_at == now
    assert Application.objects.get(pk=application.pk).archived_at == now


def test_asked_for_now_it_is_due_now(current, following, now):
    ada = UserFactory(staff=True)

    ask_now(following, by=ada, now=now)

    assert due(now=now) == [following.pk]
    assert HistoryEntry.objects.filter(by_id=ada.pk, event=CampaignEvent.ASKED_NOW).exists()
    assert codes(switching_blockers(current)) == ["replaced"]
    switch(following.pk, now=now)
    current, following = (Campaign.objects.get(pk=each.pk) for each in (current, following))
    assert codes(switching_blockers(current)) == ["archived"]
    with pytest.raises(Refused):
        ask_now(current, by=ada, now=now)
    ask_now(following, by=ada, now=now)
    assert Campaign.objects.get(pk=following.pk).archive_at == now


def test_worker_switches_at_once_when_asked(following, now):
    Campaign.objects.filter(pk=following.pk).update(switch_at=now)

    switch_now()

    assert Campaign.objects.get(pk=following.pk).activated_at == now


def test_application_made_at_the_very_moment_is_archived_after(now):
    late = ApplicationFactory(intake__campaign=CampaignFactory(archived_at=now, is_active=False))
    other = ApplicationFactory(intake__campaign=CampaignFactory(code="o"))

    number = archive_late(now=now)

    assert number == 1
    assert Application.objects.get(pk=late.pk).archived_at == now
    assert Application.objects.get(pk=other.pk).archived_at is None


def test_preview_counts_what_will_change(current, following, now):
    """Each number is that of its own line; nothing of a campaign beside is in it."""
    IntakeFactory(campaign=following)
    ApplicationFactory(intake__campaign=CampaignFactory(code="beside"))
    awaited = ApplicationFactory()
    undecided = ApplicationFactory(complete=True, candidate=awaited.candidate)
    ApplicationFactory(offered=True)
    ApplicationFactory(
        complete=True,
        has_any_decision=True,
        has_draft_decision=True,
        released_outcome=Outcome.RESERVE_LIST,
        correction_due_on=now.date(),
    )
    ApplicationFactory(cancelled=True)
    MessageFactory(application=undecided, is_from_candidate=True)
    TaggingFactory(application=awaited)
    ReleaseRowFactory(release=ReleaseFactory(state=ReleaseState.OPEN), application=undecided)
    OutgoingMailFactory(about_type="applications.application", about_id=awaited.pk)
    OutgoingMailFactory(about_type="applications.application", about_id=0)
    UserFactory(not_activated=True)

    preview = preview_of(Campaign.objects.select_related("replaces").get(pk=following.pk))

    assert {line.code: line.number for line in preview.lines} == {
        "opened": 1,
        "closed": 5,
        "live": 4,
        "cancelled": 1,
        "candidates": 4,
        "awaited": 1,
        "undecided": 1,
        "drafted": 1,
        "unanswered": 1,
        "asked": 1,
        "unread": 1,
        "tagged": 1,
        "releases": 1,
        "runs": 0,
        "mails": 1,
        "accounts": 1,
    }
    assert codes(preparing_warnings(preview)) == [
        "undecided",
        "drafted",
        "unanswered",
        "asked",
        "unread",
        "releases",
    ]


def test_preview_warns_of_what_waits_for_the_student_system(current, following):
    PreEnrolmentFactory()
    for _number in range(2):
        PreEnrolmentFactory(to_withdraw=True)
    PreEnrolmentFactory(accepted=True)
    PreEnrolmentFactory(application__intake__campaign=CampaignFactory(code="beside"))
    PreEnrolmentFactory(application__archived_at=following.switch_at)

    preview = preview_of(Campaign.objects.select_related("replaces").get(pk=following.pk))

    numbers = {line.code: line.number for line in preview.lines}
    assert (numbers["to_send"], numbers["to_withdraw"]) == (1, 2)
    warned = set(codes(preparing_warnings(preview)))
    assert ("to_send" in warned, "to_withdraw" in warned) == (True, False)


def test_preview_without_a_student_system_does_not_speak_of_one(current, following):
    def shown():
        lines = preview_of(Campaign.objects.select_related("replaces").get(pk=following.pk)).lines
        return {"to_send", "to_withdraw"} & {line.code for line in lines}

    before = shown()
    Institution.current()
    Institution.objects.update(hands_over=True)

    assert (before, shown()) == (set(), {"to_send", "to_withdraw"})


def test_preview_of_a_campaign_beside_the_others_speaks_of_openings(current, now):
    beside = CampaignFactory(is_active=False, switch_at=now + DAY, **NEXT)

    preview = preview_of(beside)

    assert (preview.into, preview.archived) == (beside, None)
    assert [line.code for line in preview.lines] == ["opened", "accounts"]
    assert codes(preparing_warnings(preview)) == ["no_openings"]
    assert (preview_of(current).into, preview_of(current).archived) == (None, current)
