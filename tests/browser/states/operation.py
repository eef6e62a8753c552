"""The pages of who runs the service."""

from datetime import timedelta

from django.test import Client

from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.bulk.domain.extending import Extension, begin_extension
from candide.admissions.tags.models import Tag
from candide.foundation.history.domain.log import log
from candide.foundation.history.enums import RowEvent
from candide.foundation.jobs.domain.schedule import schedules
from candide.foundation.runs.domain.working import work
from candide.institution.access.enums import AccessEvent
from candide.institution.accounts.domain.journal import note_refusal, note_sign_in
from candide.institution.accounts.models import PlaceInLine
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution, Intake
from candide.integrations.sis.breaker import FAILURES, Breaker
from candide.reporting.privacy.domain.exporting import PERSONAL_DATA
from tests.admissions.conftest import NOW
from tests.browser.states.staff import TODAY_PAGE, administrator
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.downloads import DownloadFactory
from tests.factories.files import MissingContentFactory, StoredFileFactory
from tests.factories.jobs import JobRunFactory, WorkerBeatFactory
from tests.factories.privacy import ReadingFactory, reading_of
from tests.factories.reference import CountryFactory
from tests.factories.tokens import TokenFactory

JOBS = "/gestion/parametrage/traitements/"
ADMIN = {"actor": administrator}


def worked():
    """A job that ran, one that failed, one that runs."""
    schedules(now=NOW - timedelta(days=9))
    WorkerBeatFactory(seen_at=NOW)
    JobRunFactory(job="remind-answers", done=True, counts={"done": 12, "refused": 1})
    JobRunFactory(job="clean-files", failed=True)
    JobRunFactory(job="make-letters", total=40, progress=12)


def to_erase():
    return ApplicationFactory(complete=True)


def cancelled():
    return ApplicationFactory(cancelled=True)


def exported(**fields):
    def make():
        application = ApplicationFactory(cancelled=True)
        user = application.candidate.user
        DownloadFactory(kind=PERSONAL_DATA, asked_by=user, keys=(user.pk,), **fields)
        return application

    return make


def candidate(application):
    return application.candidate.user


def erase_page(application):
    return f"/gestion/candidats/{application.candidate.user_id}/effacer/"


def closing():
    """In two hours, and a message until then."""
    institution = Institution.current()
    institution.closing_mode = ServiceMode.READ_ONLY
    institution.closes_at = NOW + timedelta(hours=2)
    institution.reopens_at = NOW + timedelta(hours=4)
    institution.closing_message = "Nouvelle version"
    institution.broadcast_message = "Le téléphone de l’assistance est en panne."
    institution.broadcast_until = NOW + timedelta(hours=2)
    institution.save()


def read_only():
    institution = Institution.current()
    institution.is_read_only = True
    institution.save()
    return cancelled()


def signed_in():
    alix = UserFactory(last_name="DURAND")
    for user in (alix, alix, UserFactory()):
        Client().force_login(user)


def opened():
    for what in ("dossier", "pdf", "letter", "file"):
        ReadingFactory(opened=what)
    ReadingFactory(account_id=0, reader_id=0, application_id=None, opened="export")
    read_by_program()


def read_by_program():
    """A program read a list; of those in it one is gone."""
    token = TokenFactory(name="Entrepôt de données")
    keys = [application.pk for application in ApplicationFactory.create_batch(3)]
    return reading_of(*keys, 10**9, opened="list", token=token)


def reading_page(reading):
    return f"{READINGS}{reading.pk}/"


def happened():
    """Something of a candidate, of a programme, of a role, and of what is there no more."""
    application = ApplicationFactory()
    programme = application.intake.programme
    ada = UserFactory(staff=True, first_name="Ada", last_name="LEROUX")
    log(application, ApplicationEvent.STATUS_SET, by=ada, before="received", after="complete")
    log(programme, RowEvent.CHANGED, by=ada, changes={"code": ["M1", "M1-INFO"], "url": None})
    log(ada, AccessEvent.GIVEN, by=ada, changes={"role": [None, 1], "ends_on": None})
    log(Tag(pk=900), RowEvent.DELETED, by=ada, changes={"label": ["À revoir", None]})


def crowded():
    """Alix arrives while somebody works, and another one waits already."""
    institution = Institution.current()
    institution.most_candidates = 1
    institution.save()
    for since in (NOW, None):
        PlaceInLine.objects.create(user=UserFactory(), seen_at=NOW, let_in_at=since)
    return cancelled()


def extended():
    """A preview: one opening moves on, one would contradict itself."""
    today = NOW.date()
    for jury_on in (None, today + timedelta(days=1)):
        intake = IntakeFactory(closes_on=today, documents_due_on=today, jury_on=jury_on)
        ApplicationFactory(intake=intake)
    extension = Extension(("dossiers",), 2, today, today, tells=True)
    ada = administrator()
    run = begin_extension(Intake.objects.all(), extension, by=ada, now=NOW)
    work(clock=lambda: NOW)
    return run


def run_page(run):
    return f"/gestion/actions/{run.pk}/"


def run_owner(run):
    return run.asked_by


READINGS = "/gestion/parametrage/consultations/"
WHOLE_HISTORY = "/gestion/parametrage/historique/"


def came_in():
    note_sign_in(UserFactory(last_name="DURAND"), way="password")
    note_refusal(None)


SERVICE = "/gestion/parametrage/service/"
SYSTEM = "/gestion/parametrage/systeme-de-scolarite/"
SESSIONS = "/gestion/parametrage/sessions/"
OWN = "/espace/mes-donnees/"
REPORT = [[1, "gone", "Ce fichier est illisible."]]


def missing():
    use = SubmittedDocumentFactory(version__status="submitted", version__file=StoredFileFactory())
    MissingContentFactory(stored_file_id=use.version.file_id)
    MissingContentFactory(stored_file_id=StoredFileFactory(name="logo.png").pk)
    JobRunFactory(job="check-files", done=True)


def student_system_down():
    for _time in range(FAILURES):
        Breaker("apogee").failed("student_by_number: ReadTimeout")


APOGEE = {
    "STUDENT_SYSTEM": "apogee",
    "SIS": {"url": "https://apogee.univ-valmont.fr/apo-webservices/services"},
}
STATES = [
    State("staff-missing-files", "/gestion/parametrage/fichiers/", setup=missing, **ADMIN),
    State("staff-missing-files-none", "/gestion/parametrage/fichiers/", **ADMIN),
    State(
        "staff-checks",
        "/gestion/parametrage/controles/tout/",
        setup=CountryFactory,
        post={},
        **ADMIN,
    ),
    State("staff-student-system", SYSTEM, setup=student_system_down, settings=APOGEE, **ADMIN),
    State(
        "staff-student-system-tried",
        f"{SYSTEM}numero/",
        post={"words": "22301457"},
        **ADMIN,
    ),
    State("staff-service", SERVICE, setup=closing, **ADMIN),
    State(
        "staff-service-refused",
        f"{SERVICE}fermeture/",
        post={"closing-mode": "maintenance"},
        status=422,
        **ADMIN,
    ),
    State("read-only", "/espace/", candidate, setup=read_only),
    State("read-only-sent", f"{OWN}demander/", candidate, setup=read_only, post={}, status=503),
    State("staff-readings", READINGS, setup=opened, **ADMIN),
    State("staff-reading", reading_page, setup=read_by_program, **ADMIN),
    State("staff-register", "/gestion/parametrage/registre/", **ADMIN),
    State("staff-readings-none", READINGS, **ADMIN),
    State("staff-history", WHOLE_HISTORY, setup=happened, **ADMIN),
    State("staff-history-none", f"{WHOLE_HISTORY}?code=personne", **ADMIN),
    State("in-line", "/espace/", candidate, setup=crowded, status=503),
    State("staff-extend-deadlines", "/gestion/parametrage/delais/", **ADMIN),
    State("staff-run-deadlines", run_page, run_owner, setup=extended),
    State("staff-sessions", f"{SESSIONS}?who=candidates", setup=signed_in, **ADMIN),
    State("staff-sessions-none", f"{SESSIONS}?who=candidates", **ADMIN),
    State("staff-sign-ins", f"{SESSIONS}journal/", setup=came_in, **ADMIN),
    State("staff-candidate-erase", erase_page, setup=to_erase, **ADMIN),
    State(
        "staff-candidate-erase-refused",
        erase_page,
        setup=to_erase,
        post={"number": "x"},
        status=422,
        **ADMIN,
    ),
    State("own-data", OWN, candidate, setup=cancelled),
    State("own-data-waiting", OWN, candidate, setup=exported()),
    State("own-data-ready", OWN, candidate, setup=exported(ready=True, report=REPORT)),
    State("own-data-failed", OWN, candidate, setup=exported(failed=True)),
    State("own-data-erase", f"{OWN}effacer/", candidate, setup=cancelled),
    State("own-data-erase-blocked", f"{OWN}effacer/", candidate, setup=to_erase),
    State("staff-today-job-troubles", TODAY_PAGE, setup=worked, **ADMIN),
    State("staff-jobs", JOBS, setup=worked, **ADMIN),
    State("staff-job-failed", f"{JOBS}clean-files/", setup=worked, **ADMIN),
    State("staff-job-running", f"{JOBS}make-letters/", setup=worked, **ADMIN),
    State("staff-job-destroys", f"{JOBS}auto-withdraw/", **ADMIN),
    State(
        "staff-job-plan-refused",
        f"{JOBS}clean-files/programmation/",
        post={"how": "minutes", "minutes": "2"},
        status=422,
        **ADMIN,
    ),
]
