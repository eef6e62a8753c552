"""Composing roles of capabilities (« profils »). What changes counts from the next request of
whoever holds the role."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.core.deleting import hanging_blockers
from candide.foundation.history.domain.changes import values_of
from candide.foundation.history.domain.log import log
from candide.foundation.history.enums import RowEvent
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.access.enums import Capability
from candide.institution.access.models import Grant, RoleProfile
from candide.institution.access.scope import holds_today, is_held
from candide.institution.accounts.models import User

READ, WRITE = "read", "write"
GRANT = "grant:"  # before the capability, in the history


@dataclass(frozen=True, kw_only=True)
class RoleDraft:
    """A role as somebody wants it: its capabilities, and whether each may write."""

    code: str
    name: str
    grants: Mapping[Capability, bool]


def grants_of(role: RoleProfile) -> dict[Capability, bool]:
    """The capabilities of `role`, and whether each may write."""
    if role.pk is None:
        return {}
    granted = role.grants.order_by("capability").values_list("capability", "can_write")
    return {Capability(capability): can_write for capability, can_write in granted}


def people_with(role: RoleProfile) -> int:
    """How many people lose what `role` opens when it stops."""
    holders = User.objects.filter(
        holds_today("assignments__"), is_active=True, assignments__role=role
    )
    return holders.distinct().count()


def role_mark(role: RoleProfile) -> str:
    """What a page sends back with a change: another mark means that somebody changed the role
    meanwhile."""
    return hashlib.sha256(json.dumps(_values(role), sort_keys=True).encode()).hexdigest()[:16]


# -- Creating and changing -------------------------------------------------------------------------


def composing_blockers(
    role: RoleProfile | None, draft: RoleDraft, *, by: User, seen: str | None = None
) -> list[Blocker]:
    """Why the role may not become so. `by` gives everybody who holds the role what it did not
    hold: they must hold that themselves, everywhere."""
    found = []
    if role is not None and seen is not None and seen != role_mark(role):
        found.append(
            Blocker(
                "changed_meanwhile",
                _(
                    "Somebody changed this role meanwhile: see the history below. What you chose "
                    "is still here; save again to put it in place of that."
                ),
            )
        )
    others = RoleProfile.objects.filter(code=draft.code)
    if (others.exclude(pk=role.pk) if role else others).exists():
        found.append(Blocker("code_taken", _("Another role has this code.")))
    if not draft.grants:
        found.append(Blocker("empty", _("A role needs at least one capability.")))
    held = grants_of(role) if role else {}
    found += escalation_blockers(_added(held, draft.grants), by=by)
    if role and held.get(Capability.MANAGE_STAFF) and not draft.grants.get(Capability.MANAGE_STAFF):
        found += last_manager_blockers(role=role)
    return found


def escalation_blockers(
    grants: Mapping[Capability, bool],
    *,
    by: User,
    centre_id: int | None = None,
    commission_id: int | None = None,
    programme_id: int | None = None,
) -> list[Blocker]:
    """What `by` does not hold in that scope (nothing named: everywhere) and so cannot give: a
    capability to write needs one to write."""
    missing = [
        str(capability.label)
        for capability, can_write in grants.items()
        if not is_held(
            by,
            capability,
            write=can_write,
            centre_id=centre_id,
            commission_id=commission_id,
            programme_id=programme_id,
        )
    ]
    if not missing:
        return []
    return [
        Blocker(
            "not_held",
            _("You cannot give what you do not hold there yourself: %(capabilities)s.")
            % {"capabilities": ", ".join(missing)},
        )
    ]


@transaction.atomic
def create_role(draft: RoleDraft, *, by: User) -> RoleProfile:
    """A new role, in service."""
    lock_rights()
    refuse_if(composing_blockers(None, draft, by=by))
    role = RoleProfile.objects.create(code=draft.code, name=draft.name)
    _grant(role, draft.grants)
    _log(role, {}, by=by)
    return role


@transaction.atomic
def change_role(role: RoleProfile, draft: RoleDraft, *, by: User, seen: str | None = None) -> None:
    """Give `role` other names and capabilities; `seen` is the mark of what was looked at."""
    lock_rights()
    role = RoleProfile.objects.get(pk=role.pk)
    refuse_if(composing_blockers(role, draft, by=by, seen=seen))
    before = _values(role)
    role.code, role.name = draft.code, draft.name
    role.save(update_fields=["code", "name"])
    _grant(role, draft.grants)
    _log(role, before, by=by)


@transaction.atomic
def add_grants(role: RoleProfile, grants: Mapping[Capability, bool], *, by: User) -> None:
    """Give `role` more capabilities; whoever calls has asked whether `by` may."""
    before = _values(role)
    _grant(role, {**grants_of(role), **grants})
    _log(role, before, by=by)


# -- In and out of service -------------------------------------------------------------------------


def switching_blockers(role: RoleProfile, *, by: User) -> list[Blocker]:
    """Why `role` may not be put out of service, or, out of it, back in."""
    if role.is_active:
        return last_manager_blockers(role=role)
    return escalation_blockers(grants_of(role), by=by)


@transaction.atomic
def switch_role(role: RoleProfile, *, is_active: bool, by: User) -> None:
    """Put `role` in or out of service. Out of it, it opens nothing to anybody from now on."""
    lock_rights()
    role = RoleProfile.objects.get(pk=role.pk)
    if role.is_active == is_active:
        return
    refuse_if(switching_blockers(role, by=by))
    before = _values(role)
    role.is_active = is_active
    role.save(update_fields=["is_active"])
    _log(role, before, by=by)


# -- Deleting --------------------------------------------------------------------------------------


def deletion_blockers(role: RoleProfile) -> list[Blocker]:
    """A role somebody has, or had and may have again, is not deleted."""
    return hanging_blockers(role)


@transaction.atomic
def delete_role(role: RoleProfile, *, by: User) -> None:
    """Delete a role nobody has; the history keeps what it was."""
    lock_rights()
    role = RoleProfile.objects.get(pk=role.pk)
    refuse_if(deletion_blockers(role) + last_manager_blockers(role=role))
    log(role, RowEvent.DELETED, by=by, changes=_changes(_values(role), {}))
    role.delete()


# -- What they are made of -------------------------------------------------------------------------


def _added(
    held: Mapping[Capability, bool], wanted: Mapping[Capability, bool]
) -> dict[Capability, bool]:
    """What is new in `wanted`, or may write and could only read."""
    return {
        capability: can_write
        for capability, can_write in wanted.items()
        if capability not in held or (can_write and not held[capability])
    }


def _grant(role: RoleProfile, grants: Mapping[Capability, bool]) -> None:
    role.grants.all().delete()
    Grant.objects.bulk_create(
        Grant(role=role, capability=capability, can_write=can_write)
        for capability, can_write in grants.items()
    )


def _values(role: RoleProfile) -> dict[str, Any]:
    """The fields of `role` and its capabilities, as the history holds them."""
    granted = {
        f"{GRANT}{capability.value}": WRITE if can_write else READ
        for capability, can_write in grants_of(role).items()
    }
    return values_of(role) | granted


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [before.get(name), after.get(name)]
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }


def _log(role: RoleProfile, before: dict[str, Any], *, by: User) -> None:
    changes = _changes(before, _values(role))
    if changes:
        log(role, RowEvent.CHANGED if before else RowEvent.CREATED, by=by, changes=changes)
