"""Alix applies, Bao and Chris work on her applications."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.models import DecisionType
from candide.foundation.files.models import StoredFile
from candide.institution.catalogue.models import Institution, Intake
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.files import StoredFileFactory


@pytest.fixture(autouse=True)
def institution(transactional_db: None) -> Institution:
    """There before anybody comes; what this test itself writes is committed at once."""
    assert not connection.in_atomic_block
    return Institution.current()


@pytest.fixture
def alix(transactional_db: None) -> Candidate:
    return CandidateFactory(complete=True)


@pytest.fixture
def bao(transactional_db: None) -> Any:
    return UserFactory(staff=True)


@pytest.fixture
def chris(transactional_db: None) -> Any:
    return UserFactory(staff=True)


@pytest.fixture
def intake(transactional_db: None) -> Intake:
    return IntakeFactory(open=True)


@pytest.fixture
def applied(intake: Intake) -> Callable[..., Application]:
    """Make an application to the intake, of somebody new unless told whose."""

    def make(**fields: Any) -> Application:
        fields.setdefault("intake", intake)
        if "candidate" not in fields:
            fields["candidate"] = CandidateFactory(complete=True)
        made = ApplicationFactory(**fields)
        return Application.objects.with_offer().get(pk=made.pk)

    return make


@pytest.fixture
def favourable(transactional_db: None) -> DecisionType:
    return DecisionTypeFactory(outcome=Outcome.FAVOURABLE)


@pytest.fixture
def reserve(transactional_db: None) -> DecisionType:
    return DecisionTypeFactory(outcome=Outcome.RESERVE_LIST)


@pytest.fixture
def stored(transactional_db: None) -> Callable[..., StoredFile]:
    return StoredFileFactory


def again(application: Application) -> Application:
    """The application as the database has it now."""
    return Application.objects.with_offer().get(pk=application.pk)
