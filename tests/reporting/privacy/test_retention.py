"""The table of durations: every model with personal data is in it, and it counts what its jobs
would take."""

from datetime import timedelta

import pytest
from django.db import models

from candide.core.personal_data import declarations
from candide.foundation.jobs.domain.schedule import agree, switch
from candide.foundation.jobs.registry import find_job, jobs
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.durations import for_candidates, kept_with, kinds
from candide.reporting.privacy.domain.retention import lines
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.mails import NOW, OutgoingMailFactory
from tests.factories.privacy import ReadingFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# Jobs that tidy up rows of nobody, or whose rows another line of the table tells of.
TIDY = {"clean-files", "forget-leases"}


def line_of(code):
    (found,) = [line for line in lines(now=NOW) if line.kept.code == code]
    return found


def test_candidates_read_what_is_not_in_force_until_somebody_agrees():
    Institution.objects.update_or_create(pk=1, defaults={"unused_days": 730})
    before = dict(for_candidates())
    agree("erase-unused-accounts", by=UserFactory(staff=True), now=NOW)
    after = dict(for_candidates())

    unused, sign_ins = line_of("unused-accounts").kept.title, line_of("sign-ins").kept.title
    assert before[str(unused)] == f"{after[str(unused)]} (pas encore appliqué)"
    assert "730 jours" in after[str(unused)]
    assert "appliqué" not in before[str(sign_ins)]


def test_every_model_that_holds_personal_data_has_its_duration():
    """A model that is added fails here, until somebody says how long its rows are kept."""
    personal = [model for model, declared in declarations().items() if declared.personal]

    assert [model._meta.label for model in personal if kept_with(model) is None] == []
    assert len({kept_with(model).code for model in personal}) > 8


def test_model_of_a_room_nobody_described_has_none(monkeypatch):
    monkeypatch.setattr("django.apps.apps.register_model", lambda *_model: None)

    class Hobby(models.Model):
        class Meta:
            app_label = "unheard"
            managed = False

    assert kept_with(Hobby) is None


def test_every_job_that_destroys_or_forgets_is_in_the_table():
    named = {each.job for each in kinds() if each.job}

    forgets = {job.code for job in jobs() if job.code.startswith(("forget-", "prune-"))}
    destroys = {job.code for job in jobs() if job.destroys} - {"auto-withdraw"}
    assert (forgets | destroys) - TIDY <= named
    assert {find_job(code).code for code in named} == named


def test_settings_of_the_table_are_settings():
    Institution.current()
    Institution.objects.update(mail_days=77)

    assert line_of("mails").long == "77 jours"
    fields = {field.name for field in Institution._meta.concrete_fields}
    assert {each.setting for each in kinds()} - {""} <= fields


def test_it_counts_what_goes_the_next_time_and_within_a_month():
    Institution.current()
    for age in (800, 720, 100):
        OutgoingMailFactory(sent=True, queued_at=NOW - age * DAY)
    OutgoingMailFactory(queued_at=NOW - 800 * DAY)  # still to be sent
    ReadingFactory(at=NOW - 400 * DAY)
    old = CampaignFactory(
        over=True, is_active=False, archived_at=NOW - 400 * DAY, announced_at=NOW - 31 * DAY
    )
    ApplicationFactory(intake=IntakeFactory(campaign=old))
    ApplicationFactory()

    seen = {line.kept.code: (line.due, line.soon) for line in lines(now=NOW) if line.job}

    assert seen["mails"] == (1, 2)
    assert seen["readings"] == (1, 1)
    assert seen["applications"] == (1, 1)
    assert seen["unused-accounts"] == (0, 0)
    assert counted("destroy-mails", now=NOW) == {"mails": 1}
    assert line_of("mails").due == 0


def test_it_says_when_and_what_waits_for_an_agreement():
    before = line_of("mails")
    agree("destroy-mails", by=UserFactory(staff=True), now=NOW)
    after = line_of("mails")
    switch("destroy-mails", on=False, by=None, now=NOW)
    off = line_of("mails")

    assert (before.waits, before.next) == (True, None)
    assert (after.waits, after.next > NOW) == (False, True)
    assert (off.waits, off.next) == (False, None)
    assert line_of("readings").waits is False
    assert line_of("history").job is None
    assert line_of("history").waits is False


def test_it_costs_the_same_whatever_there_is(django_assert_num_queries):
    Institution.current()
    with django_assert_num_queries(36):
        lines(now=NOW)
    for _number in range(3):
        OutgoingMailFactory(sent=True, queued_at=NOW - 800 * DAY)
        ReadingFactory(at=NOW - 400 * DAY)

    with django_assert_num_queries(36):
        lines(now=NOW)
