"""Files somebody asked for: none, many, each state of one."""

from candide.foundation.downloads.models import packed
from tests.browser.states.staff import manager_without_rights, staff
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.downloads import EXPIRES_AT, DownloadFactory

EXPORTS = "/gestion/exports/"
FAR = EXPIRES_AT.replace(year=2090)
REPORT = [
    [12, "out_of_reach", "Cette candidature n'est pas dans votre périmètre."],
    [13, "file_missing", "Le fichier « diplome.pdf » ne peut pas être lu."],
]


def asker(download):
    return download.asked_by


def made_of(*traits, **fields):
    def make():
        key = ApplicationFactory(transmitted=True).pk
        more = dict.fromkeys(traits, True) | fields
        if "ready" in traits:
            more.setdefault("expires_at", FAR)
        return DownloadFactory(
            asked_by=staff("administrator"),
            title="Candidatures, 1 ligne",
            keys=(key,),
            **more,
        )

    return make


def of_every_state():
    user = staff("administrator")
    for trait in ("ready", "stopped", "failed", "expired"):
        DownloadFactory(asked_by=user, **{trait: True})
    DownloadFactory.create_batch(50, asked_by=user)
    return user


def state(name, setup, below="", **more):
    return State(
        f"downloads, {name}",
        lambda made: f"{EXPORTS}{made.pk}/{below}",
        asker,
        setup=setup,
        weighed=False,
        **more,
    )


STATES = [
    State("downloads, none", EXPORTS, manager_without_rights, weighed=False),
    State(
        "downloads, of every state",
        EXPORTS,
        lambda user: user,
        setup=of_every_state,
        weighed=False,
    ),
    state("waiting", made_of(number_done=300, number_asked=1200)),
    state("ready", made_of("ready", report=REPORT, number_left_out=1200)),
    state("out of reach", made_of("ready", packed_subjects=packed([999_999]))),
    state("stopped", made_of("stopped")),
    state("failed", made_of("failed", report=[[None, "failed", "Erreur inattendue."]])),
    state("expired", made_of("expired")),
    state("stopped twice", made_of("stopped"), "arreter/", post={}, status=409),
]
