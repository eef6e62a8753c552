"""« Mon dossier »: the overview, and each section read, entered, refused, held by somebody else."""

from datetime import timedelta

from django.utils import timezone

from candide.admissions.candidates.domain.drafts import keep_draft
from candide.admissions.candidates.domain.editing import begin
from candide.admissions.candidates.domain.student_import import make_token
from candide.admissions.candidates.enums import IneState, Section
from candide.admissions.candidates.models import IneClaim, InternalStudies, StudentDocument
from candide.foundation.leases.enums import LeaseReason
from candide.foundation.leases.models import Lease
from candide.institution.reference.models import FRANCE
from candide.integrations import sis
from tests.browser.states.shared import alix
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.candidates import (
    AddressFactory,
    BaccalaureateFactory,
    CandidateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
    WorkExperienceFactory,
)
from tests.factories.files import StoredFileFactory
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    CommuneFactory,
    CommunePostcodeFactory,
    CountryFactory,
    DepartmentFactory,
    SchoolFactory,
    SeriesOptionFactory,
    SeriesSpecialityFactory,
)

FILE = "/espace/dossier/"
IDENTITY = f"{FILE}informations-personnelles/"
NUMBER, INE = "22301457", "230145789KH"


def france():
    """France with the Loiret, Orléans and two schools there, and series to choose from."""
    country = CountryFactory(france=True)
    loiret = DepartmentFactory(code="45", name="Loiret")
    orleans = CommuneFactory(insee="45234", name="Orléans", department=loiret)
    CommunePostcodeFactory(commune=orleans, postcode="45000")
    SchoolFactory(name="Lycée Pothier", commune=orleans)
    SchoolFactory(university=True, commune=orleans)
    general = BaccalaureateSeriesFactory(general=True)
    BaccalaureateSeriesFactory(no_baccalaureate=True)
    SeriesSpecialityFactory(series=general)
    SeriesOptionFactory(series=general)
    return country, loiret, orleans, general


def new_account():
    france()
    return UserFactory()


def first_step_done():
    user = new_account()
    values = {"nationality": FRANCE, "ine": ""}
    keep_draft(user, section=Section.IDENTITY, item="ine", values=values)
    return user


def full_file(**fields):
    """A file with a line of everything."""
    country, loiret, orleans, general = france()
    candidate = CandidateFactory(birth_country=country, birth_department=loiret, **fields)
    AddressFactory(
        candidate=candidate, country=country, postcode="45000", commune=orleans, foreign_city=""
    )
    BaccalaureateFactory(candidate=candidate, series=general, country=country)
    InternalStudies.objects.create(
        candidate=candidate,
        year="2024-2025",
        code="LSVT1-231",
        label="Licence 1 Sciences de la vie",
        result="Admis",
        honours="Bien",
        mark="14.1",
        scale="20",
    )
    ExternalStudiesFactory(candidate=candidate)
    InternshipFactory(candidate=candidate, version=2)
    WorkExperienceFactory(candidate=candidate)
    return candidate


def imported():
    candidate = full_file(
        ine=INE, ine_state=IneState.CONFIRMED, is_imported=True, student_number=NUMBER
    )
    candidate.baccalaureate.is_imported = True
    candidate.baccalaureate.save()
    StudentDocument.objects.create(
        candidate=candidate,
        sis_code="RNBAC",
        year="2023",
        expires_on=timezone.localdate() + timedelta(days=365),
        file=StoredFileFactory(),
    )
    return candidate


def claiming():
    holder = full_file(ine=INE, ine_state=IneState.CONFIRMED)
    candidate = CandidateFactory(ine=INE, ine_state=IneState.CLAIMED)
    IneClaim.objects.create(candidate=candidate, holder=holder, ine=INE, made_at=timezone.now())
    return candidate


def begun():
    """A file with what was typed and could not be saved."""
    candidate = full_file()
    keep_draft(candidate.user, section=Section.ADDRESS, values={"line_1": "2 rue du Port"})
    keep_draft(candidate.user, section=Section.INTERNSHIPS, item="new", values={"year": "2026"})
    return candidate


def held():
    """A file whose address the admissions office is changing."""
    candidate = full_file()
    now = timezone.now()
    begin(candidate.user, section=Section.ADDRESS, by=UserFactory(staff=True), tab="x", now=now)
    Lease.objects.update(reason=LeaseReason.STAFF)
    return candidate


def known_student():
    """A file whose names, date of birth and INE are those of a student."""
    student = sis.current().student_by_number(NUMBER)
    france()
    return CandidateFactory(
        birth_name=student.birth_name,
        first_name=student.first_name,
        born_on=student.born_on,
        ine=student.ine,
        ine_state=IneState.CONFIRMED,
    )


def signed_in_student():
    france()
    return UserFactory(student_number=NUMBER)


def user(candidate):
    return candidate.user


def itself(account):
    return account


def proof(candidate):
    student = sis.current().student_by_number(NUMBER)
    token = make_token(candidate, student, now=timezone.now())
    return f"{FILE}etudiant/preuve/{token}/"


def internship(candidate, then=""):
    return f"{FILE}stages/{candidate.internships.get().pk}/{then}"


def choose(name, value):
    """Choose `value` in the field `name`, and wait for what depends on it."""

    def chosen(page, subject):
        page.locator(f"[name={name}][value={value}]").check()
        page.locator("#id_year").wait_for()

    return chosen


def open_help(page, subject):
    page.locator(".file-help > summary").first.click()


WRONG_INE = {"nationality": FRANCE, "ine": "1856816120C"}
STALE = {
    "version": "0",
    "year": "2026",
    "duration": "3 mois",
    "organisation": "Mairie",
    "description": "Accueil",
}

STATES = [
    State("my file, new account", FILE, itself, setup=new_account),
    State("my file, complete", FILE, user, setup=full_file),
    State("my file, something begun", FILE, user, setup=begun),
    State("section before personal information", f"{FILE}adresse/", itself, setup=new_account),
    State("nationality and INE", f"{IDENTITY}modifier/", itself, new_account, act=open_help),
    State(
        "nationality and INE, wrong key",
        f"{IDENTITY}modifier/",
        itself,
        new_account,
        post=WRONG_INE,
        status=422,
    ),
    State(
        "nationality and INE, student signed in", f"{IDENTITY}modifier/", itself, signed_in_student
    ),
    State("civil status", f"{IDENTITY}etat-civil/", itself, first_step_done),
    State(
        "civil status, empty",
        f"{IDENTITY}etat-civil/",
        itself,
        first_step_done,
        post={},
        status=422,
    ),
    State("civil status, known", f"{IDENTITY}etat-civil/", user, full_file),
    State("civil status, imported", f"{IDENTITY}etat-civil/", user, imported),
    State("personal information", IDENTITY, user, full_file),
    State("personal information, imported", IDENTITY, user, imported),
    State("personal information, INE claimed", IDENTITY, user, claiming),
    State("certify, student signed in", f"{FILE}etudiant/", itself, signed_in_student),
    State("certify, link followed", proof, user, known_student),
    State("certify, wrong link", f"{FILE}etudiant/preuve/x/", alix, france, status=409),
    State("INE unknown", f"{FILE}etudiant/ine-inconnu/", user, full_file),
    State("INE known", f"{FILE}etudiant/ine-connu/", user, known_student),
    State("remove imported data", f"{FILE}donnees-importees/supprimer/", user, imported),
    State("address", f"{FILE}adresse/", user, full_file),
    State("address, entry", f"{FILE}adresse/modifier/", user, full_file),
    State("address, empty", f"{FILE}adresse/modifier/", user, full_file, post={}, status=422),
    State("address, typed before", f"{FILE}adresse/modifier/", user, begun),
    State("address, held by somebody else", f"{FILE}adresse/", user, held),
    State("baccalaureate", f"{FILE}baccalaureat/", user, full_file),
    State("baccalaureate, imported", f"{FILE}baccalaureat/", user, imported),
    State("baccalaureate, entry", f"{FILE}baccalaureat/modifier/", user, full_file),
    State(
        "baccalaureate, chosen",
        f"{FILE}baccalaureat/modifier/",
        user,
        lambda: (france(), CandidateFactory())[1],
        act=choose("holding", "with"),
    ),
    State("studies here", f"{FILE}cursus-interne/", user, imported),
    State("studies here, none", f"{FILE}cursus-interne/", user, CandidateFactory),
    State("studies elsewhere", f"{FILE}cursus-externe/", user, full_file),
    State("studies elsewhere, none", f"{FILE}cursus-externe/", user, CandidateFactory),
    State(
        "studies elsewhere, entry", f"{FILE}cursus-externe/nouveau/", user, full_file, act=open_help
    ),
    State("internships, one begun", f"{FILE}stages/", user, begun),
    State("internship, entry", internship, user, full_file),
    State("internship, changed meanwhile", internship, user, full_file, post=STALE, status=409),
    State("internship, delete", lambda c: internship(c, "supprimer/"), user, full_file),
    State("work", f"{FILE}experiences-professionnelles/", user, full_file),
    State(
        "work, empty",
        f"{FILE}experiences-professionnelles/nouveau/",
        user,
        full_file,
        post={},
        status=422,
    ),
]
