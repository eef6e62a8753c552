"""The hand-over to the student system: the list in every state, one of them, files, reports."""

from candide.admissions.handover.enums import ReportKind, ReportState
from candide.admissions.handover.models import DeliveryFile, HandedDocument, PreEnrolment
from candide.institution.catalogue.models import Institution
from tests.browser.states import candidate
from tests.browser.states.staff import GRID, administrator, bao
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory, DocumentVersionFactory
from tests.factories.catalogue import ProgrammeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import (
    ASKED_AT,
    TOLD_AT,
    DeliveryFactory,
    PreEnrolmentFactory,
    SystemReportFactory,
)

HANDOVER = "/gestion/remontee/"
FILES, REPORTS = f"{HANDOVER}fichiers/", f"{HANDOVER}rapports/"
SIS = "/gestion/parametrage/formations/{}/si/"
NAMES = ("candidat-20270314.csv", "candidature-20270314.csv", "inscription-20270314.csv")


def switched_on(**values):
    Institution.current()
    Institution.objects.update(hands_over=True, **values)


def in_every_state():
    switched_on()
    for trait in ("sent", "accepted", "refused", "to_withdraw", "withdrawn", "aside"):
        PreEnrolmentFactory(**{trait: True})
    return PreEnrolmentFactory(attempts=3, last_error="Unavailable")


def refused():
    switched_on()
    row = PreEnrolmentFactory(refused=True, code="EC7K2M9Q", is_code_by_hand=True)
    version = DocumentVersionFactory(
        candidate=row.application.candidate, file=StoredFileFactory(), status="approved"
    )
    HandedDocument.objects.create(
        pre_enrolment=row, kind="RNBAC", version=version, next_attempt_at=ASKED_AT
    )
    return row


def waiting():
    in_every_state()
    return PreEnrolment.objects.get(last_error="Unavailable")


def delivered():
    switched_on(handover_documents=True)
    PreEnrolmentFactory()
    delivery = DeliveryFactory(number=2)
    for name in NAMES:
        file = StoredFileFactory(name=name, media_type="text/csv")
        DeliveryFile.objects.create(delivery=delivery, file=file)
    loaded = DeliveryFactory(number=1, loaded_at=TOLD_AT)
    loaded.loaded_by = administrator()
    loaded.save()


def report():
    application = ApplicationFactory(accepted=True)
    SystemReportFactory(kind=ReportKind.NOMENCLATURES, state=ReportState.WAITING, ended_at=None)
    return SystemReportFactory(
        counts={"to_send": 3, "accepted": 120, "refused": 1, "differences": 2, "not_held": 1},
        lines=[
            ["refused", application.pk, "Formation inconnue : M1X"],
            ["not_held", application.pk, ""],
        ],
    )


def nomenclatures():
    return SystemReportFactory(
        kind=ReportKind.NOMENCLATURES,
        is_dry_run=True,
        counts={"study_regimes.added": 3, "fee_exemptions.unchanged": 2, "refused": 1},
        lines=[["refused", 0, "study_regimes.csv, ligne 4 : le code est vide"]],
    )


def of_accepted(**fields):
    """An application handed over, with its code."""

    def made():
        application = candidate.accepted()
        PreEnrolmentFactory(application=application, **fields)
        return application

    return made


def known_student():
    account = candidate.accepted().candidate.user
    account.student_number = "22301457"
    account.save()
    return account


def shown(name, url=HANDOVER, setup=lambda: None, *, actor=administrator, **more):
    return State(f"hand-over, {name}", url, actor, setup=setup, weighed=False, **more)


STATES = [
    shown("nobody"),
    shown("every state", setup=in_every_state),
    shown("one that waits", lambda row: f"{HANDOVER}{row.pk}/", waiting),
    shown("one refused", lambda row: f"{HANDOVER}{row.pk}/", refused),
    shown(
        "last question",
        f"{HANDOVER}agir/",
        in_every_state,
        post=lambda row: {"verb": "replay", "ids": row.pk},
    ),
    shown("no files where it answers", FILES),
    shown("files", FILES, delivered, settings={"STUDENT_SYSTEM": "files"}),
    shown("no report", REPORTS),
    shown("reports", REPORTS, report),
    shown("comparison", lambda made: f"{REPORTS}{made.pk}/", report),
    shown("nomenclatures", lambda made: f"{REPORTS}{made.pk}/", nomenclatures),
    shown(
        "on the application",
        lambda application: f"{GRID}{application.pk}/#handover",
        of_accepted(refused=True),
        actor=bao,
    ),
    shown("programme, none found", lambda row: f"{SIS.format(row.pk)}?q=zz", ProgrammeFactory),
    shown("programme, found", lambda row: f"{SIS.format(row.pk)}?q=droit", ProgrammeFactory),
    shown(
        "candidate, taken over",
        lambda account: f"/gestion/candidats/{account.pk}/si-scolarite/",
        known_student,
    ),
    shown(
        "candidate, not proved",
        lambda account: f"/gestion/candidats/{account.pk}/si-scolarite/",
        lambda: candidate.accepted().candidate.user,
    ),
    State(
        "application, enrolment code",
        lambda application: f"/espace/candidatures/{application.pk}/#details",
        lambda application: application.candidate.user,
        of_accepted(accepted=True),
    ),
]
