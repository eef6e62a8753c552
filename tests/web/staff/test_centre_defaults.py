"""What a centre gives its new openings to begin with."""

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.models import CentreDecisions
from candide.institution.catalogue.models import ApplicationCentre, Institution, Intake
from tests.factories.catalogue import (
    ApplicationCentreFactory,
    CampaignFactory,
    IntakeFactory,
    ProgrammeFactory,
)
from tests.factories.decisions import DecisionTypeFactory
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CENTRES = "/gestion/parametrage/centres/"
DEFAULTS = {
    "opens_on": "2027-03-01",
    "closes_on": "2027-04-30",
    "documents_due_on": "2027-05-15",
    "acceptance_days": "7",
    "has_automatic_reserve_list": "on",
    "information_0": "Réunion chaque mois.",
}


@pytest.fixture(autouse=True)
def institution():
    return Institution.current()


@pytest.fixture
def ada(client):
    client.force_login(staff("administrator"))
    return client


@pytest.fixture
def centre():
    return ApplicationCentreFactory(name={"fr": "UFR de droit", "en": "Law"})


def given(client, address, without=()):
    """What the page would send back unchanged, by the names of its fields."""
    form = client.get(address).context["form"]
    found = {"seen": form.initial.get("seen", "")}
    for field in form.visible_fields():
        value = field.value()
        if hasattr(value, "data"):
            texts = value.data if isinstance(value.data, dict) else {"fr": value.data}
            found |= {
                f"{field.html_name}_{n}": texts.get(c, "") for n, c in enumerate(("fr", "en"))
            }
        elif value not in (None, False, ""):
            found[field.html_name] = getattr(value, "pk", value)
    return {name: value for name, value in found.items() if name not in without}


def set_defaults(client, centre, **data):
    address = f"{CENTRES}{centre.pk}/"
    return client.post(
        address, {**given(client, address, without=("is_paperless",)), **DEFAULTS, **data}
    )


def test_new_opening_begins_with_what_its_centre_gives(ada, centre):
    favourable = DecisionTypeFactory(outcome=Outcome.FAVOURABLE)
    called = DecisionTypeFactory(outcome=Outcome.FAVOURABLE, centre=centre)
    programme = ProgrammeFactory(commission__centre=centre)
    CampaignFactory()

    saved = set_defaults(ada, centre, favourable=favourable.pk, called=called.pk)
    form = ada.get(f"/gestion/parametrage/formations/{programme.pk}/ouvrir/").context["form"]

    assert saved.status_code == 302
    shown = {name: form[name].value() for name in ("closes_on", "acceptance_days", "is_paperless")}
    assert {name: str(value) for name, value in shown.items()} == {
        "closes_on": "2027-04-30",
        "acceptance_days": "7",
        "is_paperless": "False",
    }
    assert str(form["information"].value()) == "Réunion chaque mois."
    assert (form["favourable"].value(), form["called"].value()) == (favourable.pk, called.pk)
    assert form["has_automatic_reserve_list"].value() is True


def test_openings_there_are_stay_as_they_are(ada, centre):
    intake = IntakeFactory(programme__commission__centre=centre)

    set_defaults(ada, centre)

    before = intake.closes_on
    assert Intake.objects.get().closes_on == before
    assert Intake.objects.get().acceptance_days is None


def test_decisions_of_the_centre_are_in_its_history_and_may_be_taken_away(ada, centre):
    favourable = DecisionTypeFactory(outcome=Outcome.FAVOURABLE, label="Avis favorable")

    set_defaults(ada, centre, favourable=DecisionTypeFactory(label="Admis").pk)
    set_defaults(ada, centre, favourable=favourable.pk)
    set_defaults(ada, centre, favourable="")

    assert CentreDecisions.objects.get().favourable is None
    history = ada.get(f"{CENTRES}{centre.pk}/").context["history"]
    changes = [(c.before, c.after) for entry in history for c in entry.changes]
    assert ("Admis", "Avis favorable") in changes
    assert ("Avis favorable", "–") in changes


def test_day_and_number_of_days_to_answer_are_not_given_both(ada, centre):
    response = set_defaults(ada, centre, acceptance_due_on="2027-07-01")

    assert response.status_code == 422
    assert response.context["form"].errors["acceptance_days"] == [
        "Donnez une date ou un nombre de jours, pas les deux."
    ]
    assert ApplicationCentre.objects.get().acceptance_days is None


def test_type_of_another_centre_is_not_offered(ada, centre):
    DecisionTypeFactory(outcome=Outcome.FAVOURABLE, centre=ApplicationCentreFactory())
    DecisionTypeFactory(outcome=Outcome.UNFAVOURABLE)
    own = DecisionTypeFactory(outcome=Outcome.FAVOURABLE, centre=centre)

    form = ada.get(f"{CENTRES}{centre.pk}/").context["form"]

    assert list(form.fields["favourable"].queryset) == [own]


def test_new_centre_begins_with_the_institutions_quota(ada, institution):
    Institution.objects.update(max_applications=7, is_quota_global=True)

    field = ada.get(f"{CENTRES}nouveau/").context["form"]["max_applications"]

    assert field.value() == 7
    assert "Inutilisé pour l’instant" in str(field.help_text)
