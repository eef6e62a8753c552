"""Alix in front of her applications."""

from typing import Any

import pytest
from django.urls import reverse

from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory


@pytest.fixture(autouse=True)
def institution(db: None) -> Institution:
    """The row every page shows; made before the page, which may not write."""
    return Institution.current()


@pytest.fixture
def alix(db: None) -> Candidate:
    return CandidateFactory(complete=True)


@pytest.fixture
def application(alix: Candidate) -> Application:
    """Alix's, awaited, to an open intake."""
    made = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), created_at=NOW)
    return again(made)


@pytest.fixture
def signed_in(client: Any, alix: Candidate) -> Any:
    client.force_login(alix.user)
    return client


def url(name: str, application: Application, *args: Any) -> str:
    """The address of a page of the application."""
    return reverse(f"candidate:{name}", args=[application.pk, *args])
