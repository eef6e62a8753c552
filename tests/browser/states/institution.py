"""The settings of the institution, and what centres give to begin with."""

from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Institution
from tests.browser.states.staff import administrator, staff
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, CampaignFactory, ProgrammeFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.files import StoredFileFactory

PAGE = "/gestion/parametrage/etablissement/"


def changed():
    institution = Institution.current()
    before = values_of(institution)
    institution.max_file_mb = 35
    institution.languages = ["fr"]
    institution.save()
    bao = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
    log_saved(institution, before=before, by=bao)


def with_logo():
    institution = Institution.current()
    institution.logo = StoredFileFactory()
    institution.save()


def registrar(subject=None):
    return staff("registrar")


def centre():
    DecisionTypeFactory(label="Avis favorable")
    return ApplicationCentreFactory(
        name="UFR Sciences", information="Une réunion a lieu chaque mois.", acceptance_days=7
    )


def programme():
    CampaignFactory()
    return ProgrammeFactory(commission__centre=centre())


STATES = [
    State("institution", PAGE, administrator, weighed=False),
    State("institution, none found", f"{PAGE}?q=zzz", administrator, weighed=False),
    State("institution, registrar", PAGE, registrar, weighed=False),
    State("institution, delegation", f"{PAGE}delegation/", administrator, weighed=False),
    State("institution, group", f"{PAGE}identite/", administrator, with_logo, weighed=False),
    State("institution, history", f"{PAGE}fichiers/", administrator, changed, weighed=False),
    State("institution, examining", f"{PAGE}candidatures/", administrator, weighed=False),
    State(
        "institution, refused",
        f"{PAGE}identite/",
        administrator,
        post={"name": ""},
        status=409,
        weighed=False,
    ),
    State(
        "centre with what openings begin with",
        lambda row: f"/gestion/parametrage/centres/{row.pk}/",
        administrator,
        centre,
        weighed=False,
    ),
    State(
        "opening as its centre begins it",
        lambda row: f"/gestion/parametrage/formations/{row.pk}/ouvrir/",
        administrator,
        programme,
        weighed=False,
    ),
]
