"""Who gets where: every address for everybody, got and posted to. Another's object is a 404, never
a 403."""

from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.saved_views import save_view
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionReason, DecisionType, WordTemplate
from candide.foundation.files.domain.storing import store_generated
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.accounts.domain.providers import PROVIDER
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from candide.web.shared import errors
from candide.web.staff.settings.screens import GROUPS
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory, InternshipFactory
from tests.factories.catalogue import (
    IntakeFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
    TacitThresholdFactory,
)
from tests.factories.downloads import DownloadFactory
from tests.factories.exports import ExportTemplateFactory
from tests.factories.files import OriginalFileFactory, StoredFileFactory
from tests.factories.letters import LetterTemplateFactory
from tests.factories.mails import MailTemplateFactory
from tests.factories.pages import FaqEntryFactory, NoticeFactory
from tests.factories.reference import FeeExemptionFactory, StudyRegimeFactory
from tests.factories.requirements import (
    DocumentRequirementFactory,
    ExternalFormFactory,
    QuestionFactory,
)
from tests.factories.runs import RunFactory
from tests.factories.samples import pdf
from tests.factories.tags import TagFactory
from tests.web.account_addresses import ACCOUNT_PAGES, account_addresses
from tests.web.actors import (
    ACTORS,
    ADMIN,
    ANYBODY,
    CANDIDATES,
    CHECKER,
    DOWNLOAD,
    FORBIDDEN,
    IN,
    MANAGER,
    NOBODY,
    NOT_ALLOWED,
    NOT_FOUND,
    NOTHING,
    PUBLIC,
    READER,
    RUN,
    RUN_OF_ONES_OWN,
    SHARED_READER,
    SIGN_IN,
    STAFF,
)
from tests.web.addresses import address_of, addresses
from tests.web.api_addresses import API_ADDRESSES, api_addresses
from tests.web.beside_addresses import BESIDE, beside_addresses
from tests.web.candidate_addresses import CANDIDATES_OF_STAFF, special_addresses
from tests.web.form_addresses import FORM_PAGES, form_addresses
from tests.web.handover_addresses import HANDOVER_OF_STAFF, handover_addresses
from tests.web.mail_addresses import MAILS_OF_STAFF, mail_addresses
from tests.web.operation_addresses import OPERATION_OF_STAFF, operation_addresses
from tests.web.programme_scope import whole
from tests.web.release_addresses import RELEASES_OF_STAFF, release_addresses
from tests.web.setting_pages import SET_UP_IN_CENTRES, SETTING_PAGES
from tests.web.space_addresses import SPACE

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
EXPECTED: dict[str, tuple[Any, ...]] = {
    **BESIDE,
    **ACCOUNT_PAGES,
    # Everybody
    **dict.fromkeys(
        (
            "healthz",
            "readyz",
            "public:home",
            "public:assistance",
            "public:privacy",
            "public:catalogue",
            "public:programme",
            "public:verify",
            "public:erased",
            "shared:theme",
            "shared:accessibility",
            "set_language",
            "shared:logo",
        ),
        PUBLIC,
    ),
    "shared:components": NOTHING,
    "metrics": NOTHING,
    # Whoever is signed in, about themselves
    **dict.fromkeys(
        (
            "public:after_login",
            "mfa_authenticate",
        ),
        ANYBODY,
    ),
    # Staff
    "staff:today": STAFF,
    "staff:place": STAFF,
    "staff:applications": STAFF,
    "staff:application_total": STAFF,
    "staff:columns": STAFF,
    "staff:views": STAFF,
    "staff:view_counts": STAFF,
    "staff:view_delete": (SIGN_IN, NOT_FOUND, NOT_FOUND, FORBIDDEN, FORBIDDEN, FORBIDDEN, IN),
    "staff:application": READER,
    "staff:dossier": SHARED_READER,
    "staff:examination_sheet": READER,
    "staff:letter": READER,
    "staff:letter_page": READER,
    "staff:letter_make": MANAGER,
    "staff:letter_withdraw": MANAGER,
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
    **dict.fromkeys(("staff:enter_fees", "staff:enter_regime"), MANAGER),
    "staff:enter_route": MANAGER,
    "staff:confirm_route": MANAGER,
    "staff:change_tags": MANAGER,
    "staff:statistics": STAFF,
    "staff:statistics_level": STAFF,
    "staff:statistics_programme": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, NOT_FOUND, IN, IN),
    "staff:runs": STAFF,
    "staff:run": RUN,
    "staff:run_report": RUN,
    "staff:run_stop": RUN,
    "staff:run_resume": RUN,
    "staff:run_action": RUN_OF_ONES_OWN,
    "staff:run_confirm": RUN_OF_ONES_OWN,
    "staff:run_letters": RUN_OF_ONES_OWN,
    "staff:export": STAFF,
    "staff:files": STAFF,
    "staff:export_table": ADMIN,
    "staff:import_table": ADMIN,
    "staff:export_template_delete": (
        SIGN_IN,
        NOT_FOUND,
        NOT_FOUND,
        FORBIDDEN,
        FORBIDDEN,
        FORBIDDEN,
        IN,
    ),
    **RELEASES_OF_STAFF,
    "staff:downloads": STAFF,
    "staff:download": DOWNLOAD,
    "staff:download_take": DOWNLOAD,
    "staff:download_stop": DOWNLOAD,
    "staff:download_resume": DOWNLOAD,
    "staff:download_delete": DOWNLOAD,
    "staff:demonstration": NOBODY,
    "staff:settings": STAFF,
    # The settings are the administrators’, but for what a centre sets up itself.
    **dict.fromkeys(
        (
            f"staff:{url.name}"
            for group in GROUPS
            for screen in group.screens
            for url in screen.urls()
        ),
        ADMIN,
    ),
    **dict.fromkeys(SETTING_PAGES, ADMIN),
    **SET_UP_IN_CENTRES,
    **FORM_PAGES,
    **CANDIDATES_OF_STAFF,
    **MAILS_OF_STAFF,
    **HANDOVER_OF_STAFF,
    **OPERATION_OF_STAFF,
    **SPACE,
    **API_ADDRESSES,
}
# What posting gets where it is not what looking gets: what somebody typed into a line that is gone
# comes back as a new line of their own.
POSTING = {"candidate:item_edit": CANDIDATES, "staff:mail_text": ADMIN}
# What is posted where an empty form says nothing.
POSTED = {"staff:check_document": {"verdict": "approve"}}


def test_every_address_is_in_the_table():
    assert set(addresses()) == set(EXPECTED)


@pytest.fixture
def world(db: None, frozen: Any, settings: Any) -> dict[str, Any]:
    """Alix's application, decided and with a letter, and everybody who may come by."""
    settings.SHOW_COMPONENTS = False
    alix, other = CandidateFactory(complete=True), CandidateFactory(complete=True)
    intake = IntakeFactory(open=True)
    commission = intake.programme.commission
    commission.letter_mode = LetterMode.DOWNLOAD
    commission.save()
    centre = commission.centre
    centre.sets_decisions = True
    centre.save()
    sibling = IntakeFactory(programme=ProgrammeFactory(commission=commission))
    requirement = DocumentRequirementFactory(common=True, conditional=True, centre=centre)
    requirement.template_file = store_generated(
        pdf(), name="modele.pdf", media_type="application/pdf", pages=1, by=None
    )
    requirement.save()
    form = ExternalFormFactory(common=True, conditional=True, centre=centre)
    question = QuestionFactory(common=True, conditional=True, is_required=False, centre=centre)
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
        "head": _staff(roles["manager"], programme=intake.programme),
        "neighbour": _staff(roles["manager"], programme=sibling.programme),
    }
    favourable = DecisionType.objects.create(
        code="FA", label="Favorable", outcome=Outcome.FAVOURABLE, centre=centre
    )
    enter_decision(application, Draft(type=favourable), by=people["manager"], now=NOW)
    release(application, by=people["manager"], now=NOW)
    internship = InternshipFactory(candidate=alix)
    run = RunFactory(examined=True, asked_by=people["manager"], values={"action": "statut"})
    download = DownloadFactory(asked_by=people["manager"])
    view = save_view(by=people["admin"], name="À vérifier", query="", is_shared=True)
    template = LetterTemplateFactory(centre=centre)
    WordTemplate.objects.create(template=template, language="fr", file=StoredFileFactory())
    commission.signature = StoredFileFactory(media_type="image/png")
    commission.save()
    settings_rows = {
        "types_de_decision": favourable,
        "campagnes": intake.campaign,
        "centres": commission.centre,
        "commissions": commission,
        "formations": intake.programme,
        "ouvertures": intake,
        "types_de_formation": ProgrammeKindFactory(),
        "exonerations": FeeExemptionFactory(),
        "regimes": StudyRegimeFactory(),
        "seuils_de_silence": TacitThresholdFactory(),
        "pieces": requirement,
        "questions": question,
        "mails_de_decision": MailTemplateFactory(kind="decision-favourable", centre=centre),
        "etiquettes": TagFactory(centre=centre),
        "formulaires": form,
        "messages": NoticeFactory(),
        "faq": FaqEntryFactory(),
        "lettres": template,
        "motivations": DecisionReason.objects.create(code="places", label="Complet", centre=centre),
    }
    institution = Institution.current()
    institution.logo = StoredFileFactory()
    institution.save()
    return {
        "people": people,
        "keys": {
            "pk": application.pk,
            "programme": intake.programme_id,
            "requirement": requirement.pk,
            "question": question.pk,
            "form": form.pk,
            "number": 1,
            "position": 0,
            "slug": intake.programme.slug,
            "section": "identity",
            "secret": "x" * 43,
            "token": "x" * 20,
            "colour": "0b4f8a",
            "provider_id": PROVIDER,
            "name": PROVIDER,
        },
        "special": {
            **beside_addresses(application, author=people["manager"]),
            "candidate:apply": {"pk": intake.pk},
            "candidate:item_edit": {"section": "internships", "pk": internship.pk},
            "candidate:item_delete": {"section": "internships", "pk": internship.pk},
            "candidate:item_new": {"section": "internships"},
            "shared:logo": {"pk": institution.logo_id},
            **{
                f"staff:{screen.name}{page}": {"pk": settings_rows[screen.name].pk}
                for group in GROUPS
                for screen in group.screens
                for page in ("_row", "_delete")
            },
            **{
                f"staff:pieces_{page}": {"pk": requirement.pk}
                for page in ("programmes", "template", "template_put", "template_remove")
            },
            "staff:campagnes_switch": {"pk": intake.campaign_id},
            "staff:questions_programmes": {"pk": question.pk},
            "staff:lettres_preview": {"pk": template.pk},
            **{
                f"staff:lettres_{page}": {"pk": template.pk, "language": "fr"}
                for page in ("word", "word_put", "word_remove")
            },
            **{
                f"staff:commissions_{page}": {"pk": commission.pk}
                for page in ("signature", "signature_put", "signature_remove")
            },
            "staff:commissions_test_letter": {"pk": commission.pk, "kind": "refusal"},
            "staff:asked_of": {"pk": intake.programme_id},
            "staff:asked_preview": {"pk": intake.pk},
            **form_addresses(application, form),
            **operation_addresses(alix.user_id),
            "staff:institution_group": {"slug": "identite"},
            **{
                f"staff:role{page}": {"pk": roles["manager"].pk}
                for page in ("", "_service", "_delete")
            },
            "staff:view_delete": {"pk": view.pk},
            "staff:statistics_level": {"level": "formations"},
            "staff:statistics_programme": {"pk": intake.pk},
            "staff:export_table": {"code": "formations"},
            "staff:import_table": {"code": "formations"},
            "staff:export_template_delete": {
                "pk": ExportTemplateFactory(owner=people["admin"], is_shared=True).pk
            },
            **{
                f"staff:{page}": {"pk": people["manager"].pk}
                for page in ("person", "person_account", "person_invite", "right_new")
            },
            "staff:right": {"pk": people["manager"].assignments.get().pk},
            "staff:formations_duplicate": {"pk": intake.programme_id},
            "staff:formations_sis": {"pk": intake.programme_id},
            **{
                f"staff:run{page}": {"pk": run.pk}
                for page in ("", "_report", "_stop", "_resume", "_confirm", "_letters")
            },
            **{
                f"staff:download{page}": {"pk": download.pk}
                for page in ("", "_take", "_stop", "_resume", "_delete")
            },
            "staff:run_action": {"pk": run.pk, "code": "statut"},
            **release_addresses(people["manager"], application, file),
            **account_addresses(people["manager"]),
            **special_addresses(alix.user_id, intake, internship, other.user_id),
            **mail_addresses(application),
            **handover_addresses(application),
            **api_addresses(application),
        },
    }


def _staff(role: Any, **scope: Any) -> Any:
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=role, **scope)
    return user


def outcome(response: Any) -> Any:
    """What an answer amounts to: turned to the sign-in page, refused, not found, not that way, or
    let in."""
    request_finished.disconnect(close_old_connections)  # closing ends no transaction of a test
    response.close()
    request_finished.connect(close_old_connections)
    if response.status_code in {401, FORBIDDEN, NOT_FOUND, NOT_ALLOWED}:
        return response.status_code
    location = response.headers.get("Location", "")
    if response.status_code == 302 and location.startswith(reverse("account_login")):
        return SIGN_IN
    assert response.status_code < 500
    return IN


def signed_in(world: dict[str, Any]) -> dict[str, Client]:
    """Each of ACTORS with a browser of their own."""
    clients = {actor: Client() for actor in ACTORS}
    for actor, client in clients.items():
        if world["people"][actor] is not None:
            client.force_login(world["people"][actor])
            # Notes the visit: what the answers note is undone, and each would note it anew.
            client.get(reverse("public:home"))
    return clients


def outcomes(
    name: str, method: str, world: dict[str, Any], clients: dict[str, Client]
) -> list[Any]:
    """What each of ACTORS gets at the address `name`. What it changes is undone for the next."""
    url, found = address_of(name, world), []
    for actor in ACTORS:
        client = clients[actor]
        cookies = client.cookies.output(header="", sep=";")
        with transaction.atomic():
            data = POSTED.get(name) if method == "post" else None
            found.append(outcome(getattr(client, method)(url, data)))
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(cookies)
    return found


def area_of(name: str) -> str:
    area = name.partition(":")[0]
    return area if area in {"candidate", "staff"} else "public"


@pytest.fixture
def error_pages_undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of the answers are error pages, which have tests of their own."""
    monkeypatch.setattr(errors, "_page", lambda request, status, _: HttpResponse(status=status))


PARTS = {"public": 1, "candidate": 1, "staff": 4}  # tried by several workers


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("error_pages_undrawn")
@pytest.mark.parametrize(
    ("area", "part"), [(area, part) for area, parts in PARTS.items() for part in range(parts)]
)
def test_everybody_gets_where_they_may_and_nowhere_else(
    area: str, part: int, world: dict[str, Any]
):
    differing, clients = [], signed_in(world)
    names = sorted(name for name in EXPECTED if area_of(name) == area)
    for name in names[part :: PARTS[area]]:
        answers = {method: outcomes(name, method, world, clients) for method in ("get", "post")}
        # What refuses a method whoever comes is not reached that way.
        tried = {m: found for m, found in answers.items() if set(found[1:]) != {NOT_ALLOWED}}
        assert tried, name
        for method, found in tried.items():
            expected = POSTING.get(name, EXPECTED[name]) if method == "post" else EXPECTED[name]
            for actor, got, wanted in zip(
                ACTORS, found, whole(name, method, expected), strict=True
            ):
                if got != wanted:
                    differing.append((name, method, actor, got, wanted))
    assert differing == []
