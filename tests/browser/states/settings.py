"""Parameter screens: the frame of all of them, in each of its states."""

from candide.admissions.decisions.models import DecisionReason
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from tests.browser.states.staff import administrator, staff
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionFactory, DecisionReasonFactory

SETTINGS = "/gestion/parametrage/"
REASONS = f"{SETTINGS}motivations/"


def reasons():
    """More than a page of them, one out of service."""
    DecisionReasonFactory(is_active=False)
    for number in range(105):
        DecisionReasonFactory(label={"fr": f"Motif n° {number}", "en": f"Reason {number}"})


def changed():
    """One with a history."""
    row = DecisionReasonFactory(label="Capacité atteinte")
    bao = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
    log_saved(row, before={}, by=bao)
    before = values_of(row)
    row.label = {"fr": "Capacité d'accueil atteinte"}
    row.centre = ApplicationCentreFactory(name="UFR Sciences")
    row.save()
    log_saved(row, before=before, by=bao)
    return row


def used():
    row = DecisionReasonFactory(label="Capacité atteinte")
    DecisionFactory(reason=row)
    return row


def reader(row):
    role = RoleProfile.objects.create(code="reader", name="Lecture")
    Grant.objects.create(role=role, capability=Capability.MANAGE_DECISIONS, can_write=False)
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=role)
    return user


def at(row: DecisionReason, below: str = "") -> str:
    return f"{REASONS}{row.pk}/{below}"


STATES = [
    State("settings", SETTINGS, administrator, weighed=False),
    State("settings, none", SETTINGS, lambda _subject: staff("commission"), weighed=False),
    State("settings list, empty", REASONS, administrator, weighed=False),
    State("settings list", f"{REASONS}?all=1", administrator, reasons, weighed=False),
    State("settings list, none found", f"{REASONS}?q=zz", administrator, reasons, weighed=False),
    State("settings row, new", f"{REASONS}nouveau/", administrator, weighed=False),
    State("settings row", at, administrator, changed, weighed=False),
    State("settings row, to be read", at, reader, changed, weighed=False),
    State(
        "settings row, refused",
        f"{REASONS}nouveau/",
        administrator,
        post={"code": "", "label_0": "", "label_1": ""},
        status=422,
        weighed=False,
    ),
    State(
        "settings row, changed meanwhile",
        at,
        administrator,
        changed,
        post={"code": "autre", "label_0": "Autre", "label_1": "", "seen": "before"},
        status=409,
        weighed=False,
    ),
    State(
        "settings row, to be deleted",
        lambda row: at(row, "supprimer/"),
        administrator,
        changed,
        weighed=False,
    ),
    State(
        "settings row, used",
        lambda row: at(row, "supprimer/"),
        administrator,
        used,
        weighed=False,
    ),
]
