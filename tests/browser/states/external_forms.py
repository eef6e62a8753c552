"""External forms: set up, on the candidate's page, on the staff's, coming back."""

from datetime import datetime

from candide.admissions.applications.domain.asked import requested_forms
from candide.admissions.applications.domain.external_forms import keep_answers, token_of
from tests.browser.states import candidate
from tests.browser.states.staff import administrator, bao, page
from tests.browser.states.state import State
from tests.factories.requirements import ExternalFormFactory

NOW = datetime.fromisoformat("2027-03-15T10:00:00+00:00")
SCREEN = "/gestion/parametrage/formulaires/"
ANSWERS = [("Quelle langue avez-vous étudiée ?", "Anglais"), ("Depuis quand ?", "Huit ans")]


def made():
    return ExternalFormFactory(label="Questionnaire de langue", common=True)


def asked():
    """One filled in, one open, one that may be declined."""
    application = candidate.nothing_given()
    programme = application.intake.programme
    ExternalFormFactory(label="Questionnaire de langue", programmes=[programme], position=1)
    ExternalFormFactory(label="Entretien", programmes=[programme], position=2)
    ExternalFormFactory(
        label="Aménagement des épreuves", programmes=[programme], is_conditional=True
    )
    filled, *_others = requested_forms(application)
    keep_answers(filled, ANSWERS, reference="7", now=NOW)
    return application


def way_back(application):
    item = requested_forms(application)[1]
    return f"/retour-formulaire/{token_of(item, today=NOW.date())}/"


def decline(application):
    form = requested_forms(application)[2].form
    return f"/espace/candidatures/{application.pk}/formulaires/{form.pk}/non-concerne/"


def person(application):
    return application.candidate.user


STATES = [
    State("external forms", SCREEN, administrator, made, weighed=False),
    State("external form", lambda row: f"{SCREEN}{row.pk}/", administrator, made, weighed=False),
    State(
        "application with external forms",
        lambda application: f"/espace/candidatures/{application.pk}/",
        person,
        asked,
        weighed=False,
    ),
    State("external form, declining", decline, person, asked, weighed=False),
    State("staff, application with external forms", page, bao, asked, weighed=False),
    State("external form, coming back", way_back, None, asked, weighed=False),
    State("external form, came back", way_back, None, asked, post={}, status=200, weighed=False),
]
