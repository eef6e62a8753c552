"""Where people work, the directory they are found in, and what a new version lets them do."""

from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.domain.working import place_of, work_in
from candide.institution.access.enums import Capability
from candide.institution.access.models import SettledCapability
from tests.browser.states.rights import PEOPLE, ROLES, dana, person_at
from tests.browser.states.staff import administrator
from tests.browser.states.state import State
from tests.factories.access import AssignmentFactory, ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory, ProgrammeFactory

PLACE = "/gestion/lieu/"
DIRECTORY = f"{PEOPLE}annuaire/"
CONNECTED = {"DIRECTORY": "demonstration"}
NEW = Capability.SET_REGIME


def preferring():
    """Somebody who prefers a commission, and works in a centre just now."""
    user = ada(first_name="Ada", last_name="LEROUX")
    for name, inside in (
        ("UFR Sciences et techniques", ("Jury de biologie", "Jury de mathématiques appliquées")),
        ("UFR Lettres, langues et arts", ("Jury de lettres",)),
    ):
        centre = ApplicationCentreFactory(name=name)
        for commission in inside:
            CommissionFactory(centre=centre, name=commission)
    chosen = CommissionFactory(name="Jury de droit", centre__name="UFR Droit")
    work_in(user, place_of(user, f"commission-{chosen.pk}"), is_preferred=True)
    user.refresh_from_db()
    return user


def works_in(user):
    return {"work_place": f"centre-{user.work_commission.centre_id}"}


def closed_place():
    user = preferring()
    user.work_commission.is_active = False
    user.work_commission.save()
    return user


def known():
    """One of those the directory finds works here already."""
    return AssignmentFactory(
        user=UserFactory(staff=True, first_name="Élise", email="elise.nguyen@univ-valmont.example")
    )


def upgraded():
    """A version that lets people do something new."""
    roles = create_starter_roles()
    for capability in Capability:
        if capability is not NEW:
            SettledCapability.objects.get_or_create(
                capability=capability, defaults={"settled_at": "2027-03-01T10:00Z"}
            )
    SettledCapability.objects.filter(capability=NEW).delete()
    for role in roles.values():
        role.grants.filter(capability=NEW).delete()
    return roles


def settled():
    create_starter_roles()
    for capability in Capability:
        SettledCapability.objects.get_or_create(
            capability=capability, defaults={"settled_at": "2027-03-01T10:00Z"}
        )


def some_commissions(person):
    """The button that shows the commissions of the centre."""
    centre = person.assignments.get(is_chair=True).commission.centre
    ProgrammeFactory(commission__centre=centre)
    role = person.assignments.get(is_chair=True).role
    return {"role": role.pk, "place": f"centre-{centre.pk}", "narrow": "1"}


STATES = [
    State("place", PLACE, lambda user: user, preferring, kept=works_in, weighed=False),
    State("place, none found", f"{PLACE}?q=zz", lambda user: user, preferring, weighed=False),
    State(
        "today, in a place",
        lambda user: f"/gestion/?commission={user.work_commission_id}",
        lambda user: user,
        preferring,
        weighed=False,
    ),
    State("today, place closed", "/gestion/", lambda user: user, closed_place, weighed=False),
    State(
        "directory, found",
        f"{DIRECTORY}?q=univ",
        administrator,
        known,
        settings=CONNECTED,
        weighed=False,
    ),
    State(
        "directory, one letter",
        f"{DIRECTORY}?q=e",
        administrator,
        settings=CONNECTED,
        weighed=False,
    ),
    State(
        "directory, none connected",
        DIRECTORY,
        administrator,
        settings={"DIRECTORY": "none"},
        weighed=False,
    ),
    State(
        "person, from the directory",
        f"{PEOPLE}nouveau/?uid=enguyen",
        administrator,
        settings=CONNECTED,
        weighed=False,
    ),
    State(
        "right, some commissions",
        person_at("droits/nouveau/"),
        administrator,
        dana,
        post=some_commissions,
        weighed=False,
    ),
    State("roles, something new", ROLES, administrator, upgraded, weighed=False),
    State("roles, news", f"{ROLES}nouveautes/", administrator, upgraded, weighed=False),
    State("roles, nothing new", f"{ROLES}nouveautes/", administrator, settled, weighed=False),
]
