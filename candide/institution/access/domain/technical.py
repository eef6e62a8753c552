"""Who runs the machine makes administrators (« administrateur technique »), the first one and
another when nobody can sign in any more [B-001]."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.access.domain.giving import find_person
from candide.institution.access.domain.last_manager import lock_rights
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.enums import AccessEvent, Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from candide.institution.accounts.domain.invitation import (
    Colleague,
    invitation_blockers,
    invite,
    resend_invitation,
)
from candide.institution.accounts.models import User


def administrator_blockers(person: User | None) -> list[Blocker]:
    """Why this account cannot administer."""
    if person is None or not person.is_candidate:
        return []
    message = _("This account is a candidate's (file %(number)s): use another address.")
    return [Blocker("candidate", message % {"number": person.file_number})]


@transaction.atomic
def make_administrator(colleague: Colleague, *, now: datetime) -> User:
    """Give who has the address the role of administrator for the whole institution, with every
    capability, whatever was taken from it; invited where they have no password yet."""
    role = _whole_role()
    lock_rights()
    person = find_person(colleague.email)
    refuse_if(administrator_blockers(person))
    if person is None:
        person = invite(colleague, by=None, now=now)
    else:
        _reopen(person, now=now)
    whole = {"centre": None, "commission": None, "programme": None}
    held = {"is_active": True, "ends_on": None}
    Assignment.objects.update_or_create(user=person, role=role, **whole, defaults=held)
    log(person, AccessEvent.GIVEN, changes={"role": [None, role.pk]})
    return person


def _whole_role() -> RoleProfile:
    role = create_starter_roles()["administrator"]
    RoleProfile.objects.filter(pk=role.pk).update(is_active=True)
    for capability in Capability:
        Grant.objects.update_or_create(
            role=role, capability=capability, defaults={"can_write": True}
        )
    return role


def _reopen(person: User, *, now: datetime) -> None:
    """Open the account again; the invitation is sent again to somebody who never came."""
    if not person.is_active:
        person.is_active = True
        person.save(update_fields=["is_active"])
    if not invitation_blockers(person):
        resend_invitation(person, by=None, now=now)
