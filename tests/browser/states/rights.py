"""Rights: roles and people, in each of their states."""

from datetime import UTC, datetime

from candide.institution.access.domain.composing import RoleDraft, change_role, create_role
from candide.institution.access.domain.giving import Right, add_person
from candide.institution.access.enums import Capability
from candide.institution.accounts.domain.invitation import Colleague
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories.access import AssignmentFactory, RoleProfileFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory

SETTINGS = "/gestion/parametrage/"
ROLES = f"{SETTINGS}profils/"
PEOPLE = f"{SETTINGS}personnes/"
CHECK = f"{SETTINGS}droits/verifier/"


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


def dana():
    """A member of a commission and of another centre, invited and not come yet, with a history."""
    by = ada(first_name="Ada", last_name="LEROUX")
    role = RoleProfileFactory(name="Jury", grants={Capability.VIEW_APPLICATIONS: False})
    commission = CommissionFactory(centre=ApplicationCentreFactory(name="UFR Santé"))
    colleague = Colleague(
        email="dana@univ.example", first_name="Dana", last_name="Keller", language="fr"
    )
    right = Right(role=role, commission=commission, is_chair=True)
    person = add_person(colleague, right, by=by, now=datetime(2027, 3, 10, 9, 0, tzinfo=UTC))
    AssignmentFactory(user=person, role=closed(), centre=ApplicationCentreFactory())
    return person


def closed_account():
    return AssignmentFactory(user=UserFactory(staff=True, out_of_service=True)).user


def manager_there(person):
    """Who gives rights where `person` is in the commission, and not everywhere they work."""
    centre = person.assignments.get(is_chair=True).commission.centre
    staff = RoleProfileFactory(grants={Capability.MANAGE_STAFF: True})
    return AssignmentFactory(role=staff, centre=centre).user


def more_than_a_page():
    dana()
    closed_account()
    for _number in range(100):
        AssignmentFactory()


def candidate():
    UserFactory(email="alix@example.org")
    return RoleProfileFactory(name="Jury")


def offered(role, **fields):
    return {"role": role.pk, "place": "institution", "language": "fr", **fields}


def person_at(below=""):
    return lambda person: f"{PEOPLE}{person.pk}/{below}"


def right_at(person):
    return f"{SETTINGS}droits/{person.assignments.order_by('pk').first().pk}/"


def place_of(person):
    return f"commission-{person.assignments.get(is_chair=True).commission_id}"


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
    State("people", PEOPLE, administrator, more_than_a_page, weighed=False),
    State("people, none found", f"{PEOPLE}?q=zz", administrator, weighed=False),
    State("person", person_at(), administrator, dana, weighed=False),
    State("person, elsewhere too", person_at(), manager_there, dana, weighed=False),
    State("person, closed", person_at(), administrator, closed_account, weighed=False),
    State("person, new", f"{PEOPLE}nouveau/", administrator, weighed=False),
    State(
        "person, nameless",
        f"{PEOPLE}nouveau/",
        administrator,
        candidate,
        post=lambda role: offered(role, email="eve@univ.example"),
        status=422,
        weighed=False,
    ),
    State(
        "person, a candidate",
        f"{PEOPLE}nouveau/",
        administrator,
        candidate,
        post=lambda role: offered(role, email="alix@example.org"),
        weighed=False,
    ),
    State("right, new", person_at("droits/nouveau/"), administrator, dana, weighed=False),
    State("right", right_at, administrator, dana, weighed=False),
    State("right, the last one", right_at, lambda user: user, ada, weighed=False),
    State("account, to close", person_at("compte/"), administrator, dana, weighed=False),
    State("account, to open", person_at("compte/"), administrator, closed_account, weighed=False),
    State("account, not to close", person_at("compte/"), lambda user: user, ada, weighed=False),
    State("rights, to check", CHECK, administrator, weighed=False),
    State("rights, not found", f"{CHECK}?email=a@b.fr", administrator, weighed=False),
    State(
        "rights, of a person",
        lambda person: f"{CHECK}?email={person.email}&place={place_of(person)}",
        administrator,
        dana,
        weighed=False,
    ),
    State(
        "rights, of none",
        lambda person: f"{CHECK}?email={person.email}&place=institution",
        administrator,
        closed_account,
        weighed=False,
    ),
    State(
        "rights, who has access",
        lambda person: f"{CHECK}?place={place_of(person)}",
        administrator,
        dana,
        weighed=False,
    ),
]
