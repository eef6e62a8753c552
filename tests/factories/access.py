from typing import Any

import factory
from factory.django import DjangoModelFactory

from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from tests.factories.accounts import UserFactory


class RoleProfileFactory(DjangoModelFactory):
    """A role; `grants` are its capabilities and whether each may write."""

    class Meta:
        model = RoleProfile
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"role-{n}")
    name = factory.Sequence(lambda n: f"Profil n° {n}")

    @factory.post_generation
    def grants(self, create: bool, extracted: dict[Capability, bool] | None, **_: Any) -> None:
        for capability, can_write in (extracted or {}).items():
            Grant.objects.create(role=self, capability=capability, can_write=can_write)


class GrantFactory(DjangoModelFactory):
    class Meta:
        model = Grant

    role = factory.SubFactory(RoleProfileFactory)
    capability = Capability.VIEW_APPLICATIONS


class AssignmentFactory(DjangoModelFactory):
    """A role for the whole institution; `centre` or `commission` narrows it."""

    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory, staff=True)
    role = factory.SubFactory(RoleProfileFactory)


EVERYTHING = {capability: True for capability in Capability}


def ada(**fields: Any) -> Any:
    """Somebody who may do everything, everywhere."""
    role = RoleProfileFactory(grants=EVERYTHING)
    return AssignmentFactory(role=role, user=UserFactory(staff=True, **fields)).user
