"""Administrators hear of jobs that fail or are late."""

from datetime import UTC, date, datetime, timedelta

import pytest

from candide.foundation.jobs import registry
from candide.institution.access.domain.alerting import administrators, tell_of_troubles
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.tasks import watch_jobs
from candide.institution.mails.models import OutgoingMail
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import (
    ApplicationCentreFactory,
    CommissionFactory,
    ProgrammeFactory,
)
from tests.factories.jobs import JobRunFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def tidy(monkeypatch):
    """The only job there is."""
    monkeypatch.setattr(registry, "_jobs", {})

    @registry.job("tidy", title="Ranger", at="02:00")
    def tidy(now, run):
        pass


@pytest.fixture
def ada():
    user = UserFactory(staff=True)
    AssignmentFactory(user=user, role=create_starter_roles()["administrator"])
    return user


def test_administrators_are_those_of_the_whole_institution_whose_role_counts(ada):
    roles = create_starter_roles()
    AssignmentFactory(role=roles["manager"])
    AssignmentFactory(role=roles["administrator"], centre=ApplicationCentreFactory())
    AssignmentFactory(role=roles["administrator"], commission=CommissionFactory())
    AssignmentFactory(role=roles["administrator"], programme=ProgrammeFactory())
    AssignmentFactory(role=roles["administrator"], ends_on=date(2020, 1, 1))
    AssignmentFactory(role=roles["administrator"], is_active=False)
    AssignmentFactory(role=roles["administrator"], user=UserFactory(out_of_service=True))
    root = UserFactory(staff=True, is_superuser=True)

    assert set(administrators()) == {ada, root}


@pytest.mark.usefixtures("tidy")
def test_each_administrator_is_written_to_once_of_a_failure(ada):
    """B-167: who runs the service hears of it."""
    JobRunFactory(job="tidy", due_at=NOW - timedelta(hours=1), failed=True)

    told = [tell_of_troubles(now=NOW), tell_of_troubles(now=NOW)]
    watch_jobs(NOW)

    assert told == [1, 0]
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("job-in-trouble", ada.email)
    assert "Ranger" in mail.subject
    assert "KeyError" in mail.text
    assert "/gestion/parametrage/traitements/tidy/" in mail.text


@pytest.mark.usefixtures("tidy", "ada")
def test_nothing_is_written_while_all_is_well():
    JobRunFactory(job="tidy", due_at=NOW - timedelta(hours=1), done=True)

    assert tell_of_troubles(now=NOW) == 0
    assert OutgoingMail.objects.count() == 0
