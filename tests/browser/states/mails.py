"""The texts of mails and decision mails, in each of their states."""

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.mails import Applied
from candide.admissions.bulk.domain.running import select_applications
from candide.admissions.candidates.domain.identity import search_text
from candide.institution.catalogue.models import ApplicationCentre
from candide.institution.mails.domain.texts import save_text
from tests.browser.states.settings import reader
from tests.browser.states.staff import administrator, staff
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.mails import NOW, MailTemplateFactory

MAILS = "/gestion/parametrage/mails/"
APPLIED = f"{MAILS}application-created/"
DECISION_MAILS = "/gestion/parametrage/mails-de-decision/"
RUNS = "/gestion/actions/"
WRITTEN = {
    "subject_fr": "Votre candidature à ${formation.libelle}",
    "body_fr": "Bonjour ${candidat.prenom},\n\nVotre entretien a lieu en **salle B**.",
    "once_per": "application",
}
TYPED = {
    "is_enabled": "on",
    "subject_0": "Votre candidature : ${formation.libelle}",
    "body_0": (
        "Bonjour ${candidat.prenom},\n\nNous avons reçu votre candidature.\n\n"
        "- **Avant le** ${formation.datRetour}\n- ${lienCandidature}"
    ),
    "subject_1": "Your application: ${formation.libelle}",
    "body_1": "Hello ${candidat.prenom},\n\nWe received your application.",
}


def written():
    """A text written anew, twice, and a centre that has its own."""
    bao = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
    centre = ApplicationCentreFactory(name="UFR Sciences", sets_decisions=True)
    texts = {"subject": {"fr": "Reçue"}, "body": {"fr": "Bonjour,\n\nreçue."}}
    save_text(kind=Applied, centre=None, **texts, is_enabled=True, by=bao, now=NOW)
    texts = {"subject": {"fr": "Bien reçue"}, "body": {"fr": "Bonjour,\n\nbien reçue."}}
    save_text(kind=Applied, centre=None, **texts, is_enabled=True, by=bao, now=NOW, version=1)
    save_text(kind=Applied, centre=centre, **texts, is_enabled=False, by=bao, now=NOW)
    return centre


def two_of_one_name():
    for first_name in ("ALIX", "ANDREA"):
        candidate = CandidateFactory(complete=True, birth_name="MARTIN", first_name=first_name)
        candidate.search_text = search_text(candidate)
        candidate.save()
        ApplicationFactory(candidate=candidate)


def of_centre(centre: ApplicationCentre) -> str:
    return f"{APPLIED}centre/{centre.pk}/"


def selection():
    """Two applications chosen by who manages their centre."""
    first = ApplicationFactory(transmitted=True)
    second = ApplicationFactory(transmitted=True, intake=first.intake)
    centre = first.intake.programme.commission.centre
    return select_applications([first.pk, second.pk], by=staff("manager", centre=centre), now=NOW)


def bao(run):
    return run.asked_by


def chosen():
    mail = MailTemplateFactory(kind="decision-favourable", name="Admission en alternance")
    DecisionTypeFactory(label="Admis en alternance", outcome=Outcome.FAVOURABLE, mail=mail)
    return mail


def at(mail, below: str = "") -> str:
    return f"{DECISION_MAILS}{mail.pk}/{below}"


STATES = [
    State("mails", MAILS, administrator, written, weighed=False),
    State(
        "mails of a centre",
        lambda c: f"{MAILS}?centre={c.pk}",
        administrator,
        written,
        weighed=False,
    ),
    State("mails, none found", f"{MAILS}?q=zz", administrator, weighed=False),
    State("mail text", APPLIED, administrator, written, weighed=False),
    State("mail text of a centre", of_centre, administrator, written, weighed=False),
    State(
        "mail text that stays in service", f"{MAILS}account-created/", administrator, weighed=False
    ),
    State(
        "mail text, previewed on one of several",
        APPLIED,
        administrator,
        two_of_one_name,
        post={**TYPED, "do": "preview", "about": "martin"},
        weighed=False,
    ),
    State(
        "mail text, tested",
        APPLIED,
        administrator,
        post={**TYPED, "do": "test"},
        weighed=False,
    ),
    State(
        "mail text, nobody found",
        APPLIED,
        administrator,
        post={**TYPED, "do": "preview", "about": "zz"},
        weighed=False,
    ),
    State(
        "mail text, to be confirmed",
        APPLIED,
        administrator,
        post={**TYPED, "body_0": "Bonjour\n${candidat.surnom}"},
        status=409,
        weighed=False,
    ),
    State(
        "mail text, refused",
        APPLIED,
        administrator,
        post={**TYPED, "body_0": "Bonjour\n{if($prenom)}"},
        status=422,
        weighed=False,
    ),
    State("written mail", lambda run: f"{RUNS}{run.pk}/faire/mail/", bao, selection, weighed=False),
    State(
        "written mail, previewed",
        lambda run: f"{RUNS}{run.pk}/faire/mail/",
        bao,
        selection,
        post={**WRITTEN, "do": "preview", "nth": "1"},
        weighed=False,
    ),
    State(
        "written mail, refused",
        lambda run: f"{RUNS}{run.pk}/faire/mail/",
        bao,
        selection,
        post={**WRITTEN, "body_fr": "{if($prenom)}"},
        status=409,
        weighed=False,
    ),
    State("decision mail, new", f"{DECISION_MAILS}nouveau/", administrator, weighed=False),
    State("decision mail", at, administrator, chosen, weighed=False),
    State("decision mail, to be read", at, reader, chosen, weighed=False),
    State(
        "decision mail, used",
        lambda mail: at(mail, "supprimer/"),
        administrator,
        chosen,
        weighed=False,
    ),
]
