"""Alix applies, Bao manages Alix's centre, Chris another one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.foundation.files.models import StoredFile
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


@pytest.fixture
def alix(db: None) -> Candidate:
    return CandidateFactory(complete=True)


@pytest.fixture
def application(alix: Candidate) -> Application:
    """Alix's, awaited, to an open intake."""
    made = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), created_at=NOW)
    return Application.objects.with_offer().get(pk=made.pk)


def staff_member(role: str, **scope: Any) -> User:
    """Somebody with a starter role within a scope."""
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=create_starter_roles()[role], **scope)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def bao(application: Application) -> User:
    return staff_member("manager", centre=application.intake.programme.commission.centre)


@pytest.fixture
def chris(db: None) -> User:
    return staff_member("manager", centre=IntakeFactory().programme.commission.centre)


@pytest.fixture
def stored_file(db: None) -> Callable[..., StoredFile]:
    """Rows of files whose content nobody opens."""

    def make(**fields: Any) -> StoredFile:
        number = StoredFile.objects.count()
        return StoredFile.objects.create(
            **{
                "key": f"{number:032x}",
                "name": "notes.pdf",
                "media_type": "application/pdf",
                "size": 1000,
                "sha256": "0" * 64,
                "page_count": 1,
                **fields,
            }
        )

    return make


def again(application: Application) -> Application:
    """The application as the database has it now."""
    return Application.objects.with_offer().get(pk=application.pk)
