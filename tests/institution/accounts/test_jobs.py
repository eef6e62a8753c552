from datetime import timedelta

import pytest

from candide.foundation.jobs.registry import find_job
from candide.institution.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


def test_clean_up_is_agreed_to_once_and_runs_at_night():
    job = find_job("clean-accounts")

    assert job.destroys
    assert str(job.at) == "22:30:00"


def test_clean_up_removes_only_what_was_never_activated(now):
    late = now - timedelta(minutes=1)
    UserFactory(not_activated=True, activation_due_at=late)
    candidate = CandidateFactory(user=UserFactory(not_activated=True, activation_due_at=late)).user
    active = UserFactory()

    counts = counted("clean-accounts", now=now)

    assert set(User.objects.all()) == {candidate, active}
    assert counts == {"done": 1, "refused": 1}
