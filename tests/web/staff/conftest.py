"""Bao manages Alix's centre, Chris another one, Ada administers everything."""

from typing import Any

import pytest

from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.admissions.handover.conftest import admitted, confirmed, hands_over  # noqa: F401
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory, ProgrammeFactory


@pytest.fixture
def application() -> Any:
    Institution.current()
    alix = CandidateFactory(complete=True)
    made = ApplicationFactory(
        candidate=alix, intake=IntakeFactory(open=True), created_at=NOW, transmitted=True
    )
    return again(made)


def staff(role: str, **scope: Any) -> Any:
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=create_starter_roles()[role], **scope)
    return user


def member(capability: Capability, *, can_write: bool = True, **scope: Any) -> Any:
    """Somebody whose role is to set this up, in a centre or everywhere."""
    role, _made = RoleProfile.objects.get_or_create(
        code=f"{capability}-{can_write}"[:30], defaults={"name": "Réglages"}
    )
    Grant.objects.get_or_create(role=role, capability=capability, can_write=can_write)
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=role, **scope)
    return user


@pytest.fixture
def bao(application: Any) -> Any:
    return staff("manager", centre=application.intake.programme.commission.centre)


@pytest.fixture
def as_bao(client: Any, bao: Any) -> Any:
    client.force_login(bao)
    return client


@pytest.fixture
def as_ada(client: Any, application: Any) -> Any:
    client.force_login(staff("administrator"))
    return client


@pytest.fixture
def programme() -> Any:
    Institution.current()
    return ProgrammeFactory()


@pytest.fixture
def ada_asks(client: Any) -> Any:
    """Somebody who sets up what is asked everywhere, signed in."""
    user = member(Capability.MANAGE_REQUIREMENTS)
    client.force_login(user)
    return user


@pytest.fixture
def bao_asks(client: Any, programme: Any) -> Any:
    """The same in the centre of `programme`."""
    user = member(Capability.MANAGE_REQUIREMENTS, centre=programme.commission.centre)
    client.force_login(user)
    return user
