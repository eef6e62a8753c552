"""Rights: roles and people, in each of their states."""

from candide.institution.access.domain.composing import RoleDraft, change_role, create_role
from candide.institution.access.enums import Capability
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.catalogue import ApplicationCentreFactory

SETTINGS = "/gestion/parametrage/"
ROLES = f"{SETTINGS}profils/"


def jury():
    """A role somebody has, with a history."""
    by = ada(first_name="Ada", last_name="LEROUX")
    wanted = {Capability.VIEW_APPLICATIONS: False}
    role = create_role(RoleDraft(code="jury", name="Jury", grants=wanted), by=by)
    more = {**wanted, Capability.CHECK_DOCUMENTS: True}
    change_role(role, RoleDraft(code="jury", name="Jury de master", grants=more), by=by)
    AssignmentFactory(role=role)
    RoleProfileFactory(name="Ancien profil", is_active=False)
    return role


def closed():
    return RoleProfileFactory(name="Ancien profil", is_active=False)


def unused():
    return RoleProfileFactory(name="Jury")


def reader(role):
    """Who gives rights in a centre."""
    staff = RoleProfileFactory(grants={Capability.MANAGE_STAFF: True})
    return AssignmentFactory(role=staff, centre=ApplicationCentreFactory()).user


def role_at(below=""):
    return lambda role: f"{ROLES}{role.pk}/{below}"


STATES = [
    State("roles", ROLES, administrator, jury, weighed=False),
    State("role, new", f"{ROLES}nouveau/", administrator, weighed=False),
    State("role", role_at(), administrator, jury, weighed=False),
    State("role, to be read", role_at(), reader, jury, weighed=False),
    State("role, out of service", role_at(), administrator, closed, weighed=False),
    State(
        "role, like another",
        lambda role: f"{ROLES}nouveau/?like={role.pk}",
        administrator,
        jury,
        weighed=False,
    ),
    State(
        "role, refused",
        f"{ROLES}nouveau/",
        administrator,
        post={"code": "", "name": ""},
        status=422,
        weighed=False,
    ),
    State(
        "role, of nothing",
        f"{ROLES}nouveau/",
        administrator,
        post={"code": "a", "name": "A", **{each.value: "none" for each in Capability}},
        status=409,
        weighed=False,
    ),
    State("role, to stop", role_at("service/"), administrator, jury, weighed=False),
    State("role, to resume", role_at("service/"), administrator, closed, weighed=False),
    State(
        "role, the last one",
        lambda user: f"{ROLES}{user.assignments.get().role_id}/service/",
        lambda user: user,
        ada,
        weighed=False,
    ),
    State("role, to be deleted", role_at("supprimer/"), administrator, unused, weighed=False),
    State("role, used", role_at("supprimer/"), administrator, jury, weighed=False),
]
