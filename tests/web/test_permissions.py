"""Who gets where: every address for everybody. Another's object is a 404, never a 403."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionType
from candide.foundation.files.domain.storing import store_generated
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.enums import LetterMode
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory, InternshipFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.files import OriginalFileFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
SIGN_IN, NOT_FOUND, FORBIDDEN, IN = "sign in", 404, 403, "in"

ACTORS = ("anonymous", "owner", "other", "manager", "other_manager", "member", "admin")
# What each group of addresses answers to each of ACTORS, in that order.
PUBLIC = (IN,) * 7
ANYBODY = (SIGN_IN, IN, IN, IN, IN, IN, IN)
CANDIDATES = (SIGN_IN, IN, IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
STAFF = (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, IN, IN)
ADMIN = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, IN)
# Nobody but the administrator, and this is no demonstration (tests/web/staff looks at one).
NOBODY = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND)
# Who may know of the application, but is not its candidate, is told so.
OWNER = (SIGN_IN, IN, NOT_FOUND, FORBIDDEN, NOT_FOUND, FORBIDDEN, FORBIDDEN)
OWN_ITEM = (SIGN_IN, IN, NOT_FOUND, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
READER = (SIGN_IN, FORBIDDEN, NOT_FOUND, IN, NOT_FOUND, IN, IN)
SHARED_READER = (SIGN_IN, IN, NOT_FOUND, IN, NOT_FOUND, IN, IN)
CHECKER = READER
MANAGER = (SIGN_IN, FORBIDDEN, NOT_FOUND, IN, NOT_FOUND, FORBIDDEN, IN)

EXPECTED: dict[str, tuple[Any, ...]] = {
    # Everybody
    **dict.fromkeys(
        (
            "healthz",
            "public:home",
            "public:assistance",
            "public:privacy",
            "public:catalogue",
            "public:programme",
            "shared:theme",
            "shared:accessibility",
            "account_login",
            "account_not_active",
            "account_closed",
            "account_signup",
            "account_sent",
            "account_resend",
            "account_resent",
            "account_activate",
            "account_reset_password",
            "account_identifiers_sent",
            "account_choose_password",
            "account_validate_email",
            "account_sso_failed",
            "account_logout",
        ),
        PUBLIC,
    ),
    # Whoever is signed in, about themselves
    **dict.fromkeys(
        (
            "public:after_login",
            "account_overview",
            "account_change_password",
            "account_email",
        ),
        ANYBODY,
    ),
    # Staff
    "staff:today": STAFF,
    "staff:applications": STAFF,
    "staff:application": READER,
    "staff:dossier": SHARED_READER,
    "staff:letter": READER,
    "staff:document_file": READER,
    "staff:document_original": READER,
    "staff:check_document": CHECKER,
    "staff:set_status": MANAGER,
    "staff:enter_decision": CHECKER,
    "staff:delete_draft": CHECKER,
    "staff:release": MANAGER,
    "staff:extend": MANAGER,
    "staff:extend_answer": MANAGER,
    "staff:restore": MANAGER,
    "staff:demonstration": NOBODY,
    "staff:outbox": ADMIN,
    "staff:mail": ADMIN,
    "staff:mail_retry": ADMIN,
    # Candidates
    "candidate:space": CANDIDATES,
    "candidate:applications": CANDIDATES,
    "candidate:apply": CANDIDATES,
    **dict.fromkeys(
        (
            "candidate:application",
            "candidate:transmit",
            "candidate:cancel",
            "candidate:accept",
            "candidate:withdraw",
            "candidate:dossier",
            "candidate:receipt",
            "candidate:letter",
            "candidate:document_upload",
            "candidate:document_remove",
            "candidate:document_not_concerned",
            "candidate:document_file",
            "candidate:document_original",
            "candidate:requirement_template",
            "candidate:question_answer",
            "candidate:question_not_concerned",
        ),
        OWNER,
    ),
    **dict.fromkeys(
        (
            "candidate:file",
            "candidate:section",
            "candidate:section_edit",
            "candidate:item_new",
            "candidate:civil_status",
            "candidate:nationality",
            "candidate:student_certify",
            "candidate:student_found",
            "candidate:ine_unknown",
            "candidate:student_proof",
            "candidate:import_remove",
        ),
        CANDIDATES,
    ),
    "candidate:item_edit": OWN_ITEM,
    "candidate:item_delete": OWN_ITEM,
}
POSTED = {
    "staff:check_document",
    "staff:set_status",
    "staff:enter_decision",
    "staff:delete_draft",
    "staff:extend",
    "staff:extend_answer",
    "staff:restore",
    "staff:mail_retry",
    "candidate:document_upload",
    "candidate:question_answer",
}
# Steps of signing in or out that mean nothing without the steps before, tested where they are
# (tests/web/public/account, tests/web/shared), and the page of components, off but in development.
ELSEWHERE = {
    "account_sign_out_everywhere",
    "account_forget_email_change",
    "account_recovery_codes",
    "account_second_factor_off",
    "account_second_factor_on",
    "account_sso_arrival",
    "account_sso_end",
    "account_sso_link",
    "account_sso_signed_out",
    "account_sso_start",
    "candidate:draft_drop",
    "candidate:import_refresh",
    "mfa_authenticate",
    "mfa_index",
    "openid_connect_callback",
    "set_language",
    "shared:components",
    "shared:logo",
}


def addresses(resolver: Any = None, namespace: str = "") -> list[str]:
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found.append(f"{namespace}{pattern.name}")
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern, inner)
    return sorted(set(found))


def test_every_address_is_in_the_table():
    assert set(addresses()) - set(EXPECTED) - ELSEWHERE == set()
    assert (set(EXPECTED) | ELSEWHERE) - set(addresses()) == set()


@pytest.fixture
def world(transactional_db: None, frozen: Any) -> dict[str, Any]:
    """Alix's application, decided and with a letter, and everybody who may come by."""
    alix, other = CandidateFactory(complete=True), CandidateFactory(complete=True)
    intake = IntakeFactory(open=True)
    commission = intake.programme.commission
    commission.letter_mode = LetterMode.DOWNLOAD
    commission.save()
    requirement = DocumentRequirementFactory(common=True, conditional=True)
    requirement.template_file = store_generated(
        pdf(), name="modele.pdf", media_type="application/pdf", pages=1, by=None
    )
    requirement.save()
    question = QuestionFactory(common=True, conditional=True, is_required=False)
    application = ApplicationFactory(candidate=alix, intake=intake)
    application = Application.objects.with_offer().get(pk=application.pk)
    file = store_generated(
        pdf(), name="notes.pdf", media_type="application/pdf", pages=1, by=alix.user
    )
    OriginalFileFactory(stored_file=file)
    give_document(application, requirement, file, by=alix.user, now=NOW)
    transmit(application, by=alix.user, now=NOW)
    roles = create_starter_roles()
    people = {
        "anonymous": None,
        "owner": alix.user,
        "other": other.user,
        "manager": _staff(roles["manager"], centre=commission.centre),
        "other_manager": _staff(
            roles["manager"], centre=IntakeFactory().programme.commission.centre
        ),
        "member": _staff(roles["commission"], commission=commission),
        "admin": _staff(roles["administrator"]),
    }
    favourable = DecisionType.objects.create(
        code="FA", label="Favorable", outcome=Outcome.FAVOURABLE
    )
    enter_decision(application, Draft(type=favourable), by=people["manager"], now=NOW)
    release(application, by=people["manager"], now=NOW)
    internship = InternshipFactory(candidate=alix)
    return {
        "people": people,
        "keys": {
            "pk": application.pk,
            "requirement": requirement.pk,
            "question": question.pk,
            "number": 1,
            "position": 0,
            "slug": intake.programme.slug,
            "section": "identity",
            "secret": "x" * 43,
            "token": "x" * 20,
            "colour": "0b4f8a",
        },
        "special": {
            "candidate:apply": {"pk": intake.pk},
            "candidate:item_edit": {"section": "internships", "pk": internship.pk},
            "candidate:item_delete": {"section": "internships", "pk": internship.pk},
            "candidate:item_new": {"section": "internships"},
            "staff:mail": {"pk": OutgoingMail.objects.first().pk},
            "staff:mail_retry": {"pk": OutgoingMail.objects.first().pk},
        },
    }


def _staff(role: Any, **scope: Any) -> Any:
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=role, **scope)
    return user


def kwargs_of(name: str) -> set[str]:
    """The parts of the address `name`."""

    def find(resolver: Any, namespace: str) -> set[str] | None:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                if f"{namespace}{pattern.name}" == name:
                    return set(pattern.pattern.converters)
            else:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                if (found := find(pattern, inner)) is not None:
                    return found | set(pattern.pattern.converters)
        return None

    return find(get_resolver(), "") or set()


def address_of(name: str, world: dict[str, Any]) -> str:
    if name == "shared:theme":
        from candide.web.shared.theme import version

        return reverse(name, args=["0b4f8a", version("#0b4f8a")])
    keys = world["special"].get(name) or {key: world["keys"][key] for key in kwargs_of(name)}
    return reverse(name, kwargs=keys)


def outcome(response: Any) -> Any:
    """What an answer amounts to: turned to the sign-in page, refused, not found, or let in."""
    response.close()
    if response.status_code in {FORBIDDEN, NOT_FOUND}:
        return response.status_code
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse("account_login")):
        return SIGN_IN
    assert response.status_code < 500
    return IN


# Let in, and then there is nothing of the kind (no import to certify, no such proof).
NOTHING_THERE = {
    "staff:check_document",
    "candidate:student_certify",
    "candidate:student_found",
    "candidate:ine_unknown",
    "candidate:student_proof",
    "candidate:import_remove",
    "candidate:question_answer",
    "candidate:question_not_concerned",
    "account_activate",
    "account_choose_password",
    "account_validate_email",
}


@pytest.mark.django_db(transaction=True)
def test_everybody_gets_where_they_may_and_nowhere_else(world: dict[str, Any]):
    differing = []
    for name, expected in sorted(EXPECTED.items()):
        url = address_of(name, world)
        for actor, wanted in zip(ACTORS, expected, strict=True):
            client = Client(raise_request_exception=True)
            if world["people"][actor] is not None:
                client.force_login(world["people"][actor])
            method: Callable[..., Any] = client.post if name in POSTED else client.get
            found = outcome(method(url))
            if found == NOT_FOUND and wanted == IN and name in NOTHING_THERE:
                continue
            if found != wanted:
                differing.append((name, actor, found, wanted))
    assert differing == []
