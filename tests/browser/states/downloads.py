"""Files somebody asked for: none, many, each state of one."""

from candide.foundation.downloads.models import packed
from tests.browser.states.staff import manager_without_rights, staff
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.downloads import EXPIRES_AT, DownloadFactory
from tests.factories.exports import ExportTemplateFactory
from tests.factories.requirements import QuestionFactory

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


def with_templates():
    user = staff("administrator")
    intake = ApplicationFactory(transmitted=True).intake
    ExportTemplateFactory(owner=user, name="Pour Apogée")
    ExportTemplateFactory(is_shared=True, name="Pour la commission")
    centre = intake.programme.commission.centre
    ExportTemplateFactory(owner=user, is_shared=True, centre=centre, name="Du centre")
    QuestionFactory(common=True)
    return user


def anybody(user):
    return user


FILES = "/gestion/candidatures/telecharger/"
CHOOSING = "/gestion/candidatures/exporter/"

STATES = [
    State("exporting", CHOOSING, anybody, setup=with_templates, weighed=False),
    State("files", FILES, anybody, setup=with_templates, weighed=False),
    State(
        "files, wrong pattern",
        FILES,
        anybody,
        setup=with_templates,
        post={"do": "ask", "what": "dossiers", "pattern": "{nobody}"},
        status=409,
        weighed=False,
    ),
    State(
        "exporting, no column",
        CHOOSING,
        anybody,
        setup=with_templates,
        post={"do": "export", "format": "csv"},
        status=409,
        weighed=False,
    ),
    State(
        "exporting, wrong",
        CHOOSING,
        anybody,
        setup=with_templates,
        post={"do": "export", "format": "ods"},
        status=422,
        weighed=False,
    ),
    State("downloads, none", EXPORTS, manager_without_rights, weighed=False),
    State(
        "downloads, of every state",
        EXPORTS,
        anybody,
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
