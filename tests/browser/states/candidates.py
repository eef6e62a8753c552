"""Candidates as staff meet them, in each of their states."""

from datetime import timedelta

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import PossibleDuplicate
from candide.admissions.decisions.models import IntakeDecisions
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.accounts.models import User
from tests.admissions.conftest import NOW
from tests.browser.states.staff import administrator, bao, seen_by_staff
from tests.browser.states.state import State
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import (
    CandidateFactory,
    ExternalStudiesFactory,
    InternshipFactory,
)
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.decisions import DecisionTypeFactory

CANDIDATES, DUPLICATES = "/gestion/candidats/", "/gestion/doublons/"
LOCKS = "/gestion/parametrage/verrous/"
OF_CENTRE = "/gestion/parametrage/personnes/centre/"


def alix(**fields):
    """Alix with a whole file, and an application."""
    names = {"user__first_name": "Alix", "user__last_name": "MARTIN"}
    candidate = CandidateFactory(complete=True, **names, **fields)
    InternshipFactory(candidate=candidate)
    ExternalStudiesFactory(candidate=candidate)
    made = ApplicationFactory(candidate=candidate, intake=IntakeFactory(open=True))
    return Application.objects.with_offer().get(pk=made.pk)


def many():
    application = alix()
    for name in ("MARTIN", "MARTINEZ", "MARTYN"):
        candidate = CandidateFactory(user__last_name=name, birth_name=name)
        ApplicationFactory(candidate=candidate, intake=application.intake)
    UserFactory(last_name="MARTIN", out_of_service=True)
    index_people(User.objects.values_list("pk", flat=True), now=NOW)
    return application


def crowded():
    for _number in range(101):
        UserFactory(last_name="MARTIN")
    index_people(User.objects.values_list("pk", flat=True), now=NOW)


def with_everything():
    """In every panel something: a duplicate, a proposal, a cancelled one, a lock."""
    application = alix()
    candidate = application.candidate
    ApplicationFactory(candidate=candidate, offered=True, is_proposal=True)
    ApplicationFactory(candidate=candidate, cancelled=True)
    ApplicationFactory(candidate=candidate, archived_at=NOW)
    UserFactory(merged_into=candidate.user, is_active=False)
    PossibleDuplicate.objects.create(
        one=candidate.user, other=UserFactory(), reasons=["ine"], found_at=NOW
    )
    editing.begin(candidate.user, section=Section.ADDRESS, by=candidate.user, tab="x", now=NOW)
    return application


def without_file():
    return UserFactory(not_activated=True, last_name="DURAND", first_name="Zoé")


def closed():
    return UserFactory(out_of_service=True, last_name="DURAND", first_name="Zoé")


def to_propose():
    application = alix()
    intake = IntakeFactory(
        open=True,
        campaign=application.intake.campaign,
        programme__commission=application.intake.programme.commission,
        closes_on=application.intake.opens_on,
    )
    IntakeDecisions.objects.create(intake=intake, favourable=DecisionTypeFactory())
    application.other = intake
    index_people([application.candidate.user_id], now=NOW)
    return application


def pair():
    kept = alix().candidate.user
    other = CandidateFactory(
        complete=True, first_name="ALIXE", usual_name="DURAND", user__student_number="22001"
    )
    ApplicationFactory(candidate=other)
    ApplicationFactory(candidate=other, cancelled=True)
    index_people([kept.pk, other.user_id], now=NOW)
    return PossibleDuplicate.objects.get()


def refused_pair():
    found = pair()
    twin = found.one.candidate.applications.first()
    ApplicationFactory(candidate=found.other.candidate, intake=twin.intake)
    found.other.candidate.born_on -= timedelta(days=400)
    found.other.candidate.save()
    return found


def pairs():
    found = pair()
    for _number in range(26):
        PossibleDuplicate.objects.create(
            one=UserFactory(), other=UserFactory(), reasons=["mail"], found_at=NOW
        )
    return found


def locks():
    application = with_everything()
    editing.begin(
        UserFactory(),
        section=Section.WORK,
        by=UserFactory(staff=True),
        tab="y",
        now=NOW - timedelta(hours=3),
    )
    return application


def managers():
    application = alix()
    roles = create_starter_roles()
    centre = application.intake.programme.commission.centre
    for name in ("ANH", "EVE"):
        user = UserFactory(staff=True, last_name=name)
        AssignmentFactory(user=user, role=roles["manager"], centre=centre)
    AssignmentFactory(user=user, role=roles["candidate_manager"])
    reader = UserFactory(staff=True, last_name="ZOLA")
    AssignmentFactory(user=reader, role=roles["manager"], centre=centre)
    AssignmentFactory(user=reader, role=roles["candidate_reader"])
    return {
        "centre": str(centre.pk),
        "role": str(roles["candidate_manager"].pk),
        "instead_of": str(roles["candidate_reader"].pk),
    }


def page(subject, path=""):
    user = getattr(getattr(subject, "candidate", None), "user", None) or subject
    return f"{CANDIDATES}{user.pk}/{path}"


def at(path):
    return lambda subject: page(subject, path)


def duplicate(subject):
    return f"{DUPLICATES}{subject.pk}/"


def internship(path):
    def address(subject):
        line = subject.candidate.internships.get()
        return page(subject, f"dossier/stages/{line.pk}/{path}")

    return address


def stale_address(subject):
    """What the page of the address sends after somebody saved another one."""
    row = subject.candidate.address
    row.advance()
    row.save()
    return {
        "version": "0",
        "tab": "mine",
        "country": row.country.code,
        "foreign_city": "Namur",
        "line_1": "2 rue Neuve",
    }


def candidates_campaign():
    CampaignFactory()


ADMIN = {"actor": administrator}
STATES = [
    State("staff-candidates", f"{CANDIDATES}?q=martin+alix", setup=many, **ADMIN),
    State("staff-candidates-more", f"{CANDIDATES}?q=martin&past=1", setup=crowded, **ADMIN),
    State("staff-candidates-none", f"{CANDIDATES}?q=xyzzy", setup=alix, actor=bao),
    State("staff-candidates-none-past", f"{CANDIDATES}?q=xyzzy&past=1", setup=alix, actor=bao),
    State("staff-candidates-short", f"{CANDIDATES}?q=x", setup=alix, actor=bao),
    State("staff-candidates-begin", CANDIDATES, setup=pair, **ADMIN),
    State("staff-candidate", page, setup=seen_by_staff(alix), actor=bao),
    State("staff-candidate-full", page, setup=seen_by_staff(with_everything), **ADMIN),
    State("staff-candidate-new", page, setup=without_file, **ADMIN),
    State("staff-candidate-closed", page, setup=closed, **ADMIN),
    State("staff-candidate-open", f"{CANDIDATES}nouveau/", setup=candidates_campaign, **ADMIN),
    State(
        "staff-candidate-open-refused",
        f"{CANDIDATES}nouveau/",
        setup=candidates_campaign,
        post={"last_name": "R2D2", "email": "x@example.org", "email_again": "y@example.org"},
        status=422,
        **ADMIN,
    ),
    State("staff-candidate-account", at("compte/"), setup=alix, actor=bao),
    State("staff-candidate-address", at("compte/adresse/"), setup=alix, actor=bao),
    State("staff-candidate-address-new", at("compte/adresse/"), setup=without_file, **ADMIN),
    State("staff-candidate-activate", at("compte/activer/"), setup=without_file, **ADMIN),
    State("staff-candidate-reset", at("compte/connexion/"), setup=alix, actor=bao),
    State("staff-candidate-close", at("compte/fermeture/"), setup=alix, actor=bao),
    State("staff-candidate-reopen", at("compte/fermeture/"), setup=closed, **ADMIN),
    State("staff-candidate-active-already", at("compte/activer/"), setup=alix, actor=bao),
    State("staff-candidate-delete", at("compte/supprimer/"), setup=without_file, **ADMIN),
    State("staff-candidate-delete-refused", at("compte/supprimer/"), setup=alix, actor=bao),
    State(
        "staff-candidate-identity",
        at("dossier/informations-personnelles/"),
        setup=alix,
        actor=bao,
    ),
    State(
        "staff-candidate-identity-refused",
        at("dossier/informations-personnelles/"),
        setup=without_file,
        post={"birth_name": ""},
        status=422,
        **ADMIN,
    ),
    State("staff-candidate-section", at("dossier/baccalaureat/"), setup=alix, actor=bao),
    State(
        "staff-candidate-section-stale",
        at("dossier/adresse/"),
        setup=alix,
        actor=bao,
        post=stale_address,
        status=409,
    ),
    State("staff-candidate-locked", at("dossier/adresse/"), setup=with_everything, actor=bao),
    State("staff-candidate-item", internship(""), setup=alix, actor=bao),
    State("staff-candidate-item-delete", internship("supprimer/"), setup=alix, actor=bao),
    State("staff-candidate-programmes", at("candidater/"), setup=to_propose, actor=bao),
    State("staff-candidate-programmes-none", at("candidater/?q=xyzzy"), setup=alix, actor=bao),
    State(
        "staff-candidate-apply",
        lambda subject: page(subject, f"candidater/{subject.other.pk}/"),
        setup=to_propose,
        actor=bao,
    ),
    State(
        "staff-candidate-apply-refused",
        lambda subject: page(subject, f"candidater/{subject.intake_id}/"),
        setup=alix,
        actor=bao,
    ),
    State(
        "staff-apply-for",
        lambda subject: f"/gestion/candidater/{subject.intake_id}/?q=martin",
        setup=to_propose,
        actor=bao,
    ),
    State(
        "staff-apply-for-nobody",
        lambda subject: f"/gestion/candidater/{subject.intake_id}/?q=xyzzy",
        setup=to_propose,
        actor=bao,
    ),
    State("staff-duplicates", DUPLICATES, setup=pairs, **ADMIN),
    State("staff-duplicates-none", DUPLICATES, **ADMIN),
    State(
        "staff-duplicates-refused",
        DUPLICATES,
        post={"one": "?", "other": "?"},
        status=409,
        **ADMIN,
    ),
    State("staff-duplicate", duplicate, setup=pair, **ADMIN),
    State("staff-duplicate-refused", duplicate, setup=refused_pair, **ADMIN),
    State(
        "staff-duplicate-preview",
        duplicate,
        setup=pair,
        post={"act": "preview", "take": "first_name"},
        **ADMIN,
    ),
    State("staff-locks", LOCKS, setup=locks, **ADMIN),
    State("staff-locks-none", LOCKS, **ADMIN),
    State("staff-locks-release", f"{LOCKS}liberer/", setup=locks, **ADMIN),
    State("staff-people-of-centre", OF_CENTRE, setup=managers, **ADMIN),
    State(
        "staff-people-of-centre-preview",
        OF_CENTRE,
        setup=managers,
        post=lambda values: values,
        **ADMIN,
    ),
]
