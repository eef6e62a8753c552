"""A whole year, day by day: every job of the registry runs as the worker runs it, the mails leave,
and what each person got and what is left of them is what the guides promise. In weeks in which
nothing is due the worker is there on Mondays only, and catches up."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import accept
from candide.admissions.decisions.domain.automatic import set_automatic_decisions
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.core.clock import end_of, localdate
from candide.foundation.jobs.domain.schedule import Plan, agree, change_plan, plan_of, schedules
from candide.foundation.jobs.enums import RunStatus
from candide.foundation.jobs.models import JobRun, ServiceBeat
from candide.foundation.jobs.registry import jobs
from candide.foundation.jobs.worker import Worker
from candide.institution.accounts.models import IssuedFileNumber, User
from candide.institution.catalogue.domain.campaigns import keep_campaign, state_of
from candide.institution.catalogue.domain.duplicating import duplicate_intakes, usual_shift
from candide.institution.catalogue.domain.gate import gate_blockers
from candide.institution.catalogue.enums import CampaignState
from candide.institution.catalogue.models import Campaign, Institution, Intake
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.reporting.statistics.lines import Level, lines_of
from candide.reporting.statistics.scope import Scope
from tests.admissions.handover.conftest import KNOWN
from tests.factories.access import ada
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory

PARIS = ZoneInfo("Europe/Paris")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
EVENING = time(23, 30)  # when every job of the day is due, and none of the next one
QUIET, EVENTFUL, MONDAY = (
    (1, 2, 4, 5, 7, 8, 9, 11),
    20,
    0,
)  # months, last day of weeks that are not, weekday
# These do what the year is about, as they are planned; the others, which tidy up and compare, are
# planned for the first of each month, so that the year is played in seconds.
NIGHTLY = (
    "announce-destructions",
    "auto-withdraw",
    "clean-accounts",
    "destroy-campaigns",
    "hand-over",
    "remind-answers",
    "switch-campaigns",
)


def at(month: int, day: int, hour: int = 12, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, tzinfo=PARIS)


class Year:
    """The calendar of the installation, moved on one evening after the other."""

    def __init__(self, clock: Any) -> None:
        self.clock = clock
        self.today = date(2027, 1, 4)
        self.got: list[tuple[str, str, str]] = []
        self._told = 0

    def until(self, month: int, day: int, *, year: int = 2027) -> None:
        """Let every evening before that day go by."""
        while self.today < date(year, month, day):
            is_quiet = self.today.month in QUIET or self.today.day > EVENTFUL
            if not is_quiet or self.today.weekday() == MONDAY:
                self.evening()
            self.today += DAY

    def evening(self) -> None:
        now = datetime.combine(self.today, EVENING, tzinfo=PARIS)
        self.clock.move_to(now)
        worker = Worker(clock=lambda: now)
        while worker.run_job():
            pass
        if OutgoingMail.objects.filter(status=MailStatus.QUEUED).exists():
            worker.run_once()
        new = OutgoingMail.objects.filter(pk__gt=self._told).order_by("pk")
        for each in new:
            self._told = each.pk
            self.got.append((f"{localdate(now):%d/%m}", each.to.partition("@")[0], each.kind))

    @contextmanager
    def on(self, month: int, day: int, *, year: int = 2027) -> Iterator[datetime]:
        """Noon of that day, with every evening before it gone by."""
        self.until(month, day, year=year)
        now = at(month, day, year=year)
        self.clock.move_to(now)
        yield now

    def told(self, who: str) -> list[tuple[str, str]]:
        """The mails somebody got, with their days."""
        return [(day, kind) for day, to, kind in self.got if to == who]


@pytest.fixture
def year(frozen: Any, reference_data_uncompared: None, settings: Any, tmp_path: Path) -> Year:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path  # a year later every other upload looks abandoned
    frozen.move_to(at(1, 4))
    Institution.objects.create(pk=1, hands_over=True, reminder_days=2, archive_days=60)
    return Year(frozen)


def person(name: str, now: datetime) -> Any:
    user = UserFactory(email=f"{name}@courriel.example", created_at=now, activated_at=now)
    return CandidateFactory(user=user, complete=True)


def answered_all_evening(day: date) -> None:
    """The service answered candidates in the last hours of `day`."""
    end = end_of(day).replace(second=0)
    ServiceBeat.objects.bulk_create(
        ServiceBeat(minute=end - number * MINUTE, is_answered=True) for number in range(6 * 60 + 1)
    )


def campaign_of(number: int, **fields: Any) -> Campaign:
    return Campaign(
        code=str(number),
        label=f"Campagne {number}",
        starts_on=date(number, 1, 4),
        ends_on=date(number, 9, 30),
        **fields,
    )


def kind_of(outcome: Outcome, **fields: Any) -> DecisionType:
    label = str(outcome.label)
    return DecisionType.objects.create(code=outcome, label=label, outcome=outcome, **fields)


def decide(application: Application, draft: Draft, *, by: Any, now: datetime) -> None:
    declare_status(application, DossierStatus.COMPLETE, by=by, now=now)
    enter_decision(application, draft, by=by, now=now)
    release(application, by=by, now=now)


@pytest.mark.long
@pytest.mark.django_db
def test_year_of_two_campaigns_with_every_job_each_day(year):
    admin = ada(email="ada@univ.example")
    now = at(1, 4)
    known = schedules(now=now)
    for each in jobs():
        if each.destroys:
            agree(each.code, by=admin, now=now)
        elif each.code not in NIGHTLY:
            hour = plan_of(each, known[each.code]).hour
            change_plan(each.code, plan=Plan(hour=hour, day=1), by=admin, now=now)
    first = keep_campaign(campaign_of(2027), now=now)
    admitted = kind_of(Outcome.FAVOURABLE, is_transferred=True)
    refused, listed = kind_of(Outcome.UNFAVOURABLE), kind_of(Outcome.RESERVE_LIST)
    reason = DecisionReason.objects.create(code="places", label="Plus de places")
    intake = IntakeFactory(
        campaign=first,
        capacity=1,
        has_automatic_reserve_list=True,
        programme__sis_code=KNOWN,
        opens_on=date(2027, 2, 1),
        closes_on=date(2027, 4, 15),
        documents_due_on=date(2027, 4, 30),
        acceptance_due_on=date(2027, 6, 15),
        reserve_acceptance_days=7,
    )
    set_automatic_decisions(intake=intake, favourable=admitted, called=admitted, by=admin)

    with year.on(3, 1) as now:
        alix, bo, camille = (person(name, now) for name in ("alix", "bo", "camille"))
        UserFactory(
            email="dan@courriel.example",
            file_number="DAN00001",
            created_at=now,
            activated_at=None,
            activation_due_at=at(3, 6, 23),
        )
        IssuedFileNumber.objects.create(number="DAN00001")
        hers, his, theirs = (
            apply_to(intake, user=each.user, by=each.user, now=now) for each in (alix, bo, camille)
        )

    # Who never activated the account is gone once the time for it is over, and their number stays.
    year.until(3, 6)
    assert User.objects.filter(email="dan@courriel.example").exists()
    year.until(3, 8)
    assert not User.objects.filter(email="dan@courriel.example").exists()
    assert IssuedFileNumber.objects.filter(number="DAN00001").exists()

    with year.on(6, 1) as now:
        decide(hers, Draft(type=admitted), by=admin, now=now)
        decide(his, Draft(type=listed, rank=1), by=admin, now=now)
        decide(theirs, Draft(type=refused, reason=reason), by=admin, now=now)

    # Alix is reminded, says nothing, and is withdrawn; Bo is called, and confirms.
    answered_all_evening(date(2027, 6, 15))
    with year.on(6, 18) as now:
        assert Application.objects.get(pk=hers.pk).answer == CandidateAnswer.WITHDRAWN
        his = Application.objects.get(pk=his.pk)
        assert (his.released_outcome, his.acceptance_due_on) == (
            Outcome.FAVOURABLE,
            date(2027, 6, 23),
        )
        accept(his, by=bo.user, now=now)
    year.until(6, 20)
    handed_over = PreEnrolment.objects.get()
    assert (handed_over.application, handed_over.state) == (his, HandoverState.ACCEPTED)
    created, decided = ("01/03", "application-created"), ("01/06", "status-complete")
    assert year.told("alix") == [
        created,
        decided,
        ("01/06", "decision-favourable"),
        ("13/06", "answer-reminder"),
        ("16/06", "answer-auto-withdrawn"),
    ]
    assert year.told("bo") == [
        created,
        decided,
        ("01/06", "decision-reserve-list"),
        ("16/06", "decision-favourable"),
        ("18/06", "answer-accepted"),
    ]
    assert year.told("camille") == [created, decided, ("01/06", "decision-unfavourable")]

    # The next campaign is planned with the same opening, and takes the place of this one.
    with year.on(9, 1) as now:
        moment = at(10, 4, 0)
        second = keep_campaign(campaign_of(2028, replaces=first, switch_at=moment), now=now)
        sources = Intake.objects.with_offer().filter(campaign=first)
        days = usual_shift(first, second)
        duplicate_intakes(sources, source=first, into=second, days=days, by=admin)
    year.until(10, 4)
    assert list(Campaign.objects.in_service()) == [first]
    year.until(10, 6)
    first, second = (Campaign.objects.get(pk=each.pk) for each in (first, second))
    assert state_of(first, today=year.today) == CampaignState.ARCHIVED
    assert not Application.objects.filter(archived_at=None).exists()
    assert gate_blockers(today=year.today, campaign=second)

    # Bo comes back before the old campaign goes, a month after that was announced; of the others
    # nothing is left but the figures.
    with year.on(11, 15) as now:
        User.objects.filter(pk=bo.user.pk).update(last_login=now)
    before = lines_of(Scope(admin, first), Level.PROGRAMMES)
    assert before[0].numbers["accepted"] == 1
    assert year.told("ada") == [("08/11", "destruction-announced")]
    year.until(12, 8)
    assert Application.objects.count() == 3
    year.until(12, 10)
    assert not Application.objects.exists()
    assert not Decision.objects.exists()
    assert not PreEnrolment.objects.exists()
    first = Campaign.objects.get(pk=first.pk)
    assert state_of(first, today=year.today) == CampaignState.DESTROYED
    again = User.objects.get(pk=admin.pk)
    assert lines_of(Scope(again, first), Level.PROGRAMMES) == before
    left = User.objects.filter(email__endswith="@courriel.example").values_list("email", flat=True)
    assert list(left) == ["bo@courriel.example"]
    assert not OutgoingMail.objects.filter(to__in=["alix@courriel.example"]).exists()

    # With the same account Bo applies again, in the campaign that follows.
    year.until(1, 1, year=2028)
    opened = Intake.objects.get(campaign=second)
    with year.on(2, 1, year=2028) as now:
        apply_to(opened, user=User.objects.get(pk=bo.user.pk), by=admin, now=now)
    year.until(2, 8, year=2028)
    assert year.told("bo")[-1] == ("07/02", "application-created")

    # Every job of the registry ran, none failed, and everything that was to leave left.
    runs = JobRun.objects.exclude(status=RunStatus.DONE)
    assert [(run.job, run.error) for run in runs] == []
    ran = set(JobRun.objects.values_list("job", flat=True))
    assert ran == {each.code for each in jobs()}
    assert not OutgoingMail.objects.exclude(status=MailStatus.SENT).exists()
    assert len(mail.outbox) == len(year.got)
