"""What « Ma candidature » says first: where the dossier stands, and what is left to do [VIEW-04,
VIEW-05, TRANS-09, CONF-01]."""

import re

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import ItemStatus, Outcome
from candide.admissions.applications.models import Application
from candide.institution.requirements.enums import QuestionKind
from candide.web.candidate.application.page import ApplicationPage
from tests.admissions.conftest import NOW, again
from tests.factories.applications import (
    AnswerFactory,
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, TODAY, CommissionFactory, IntakeFactory, ProgrammeFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAPER, PAPER_LATE, LATE = ({"paper": True}, {"paper": True, "closed": True}, {"closed": True})
NOT_TRANSMITTED = "n'a pas été transmis"


@pytest.fixture
def shown(client):
    """The page of an application in some state, as Alix reads it."""

    def shown(intake=None, **state):
        application = ApplicationFactory(
            candidate=CandidateFactory(complete=True),
            intake=IntakeFactory(**(intake or {})),
            **state,
        )
        return page_of(client, application)

    return shown


def page_of(client, application):
    client.force_login(application.candidate.user)
    return client.get(reverse("candidate:application", args=[application.pk]))


@pytest.mark.parametrize(
    ("intake", "state", "expected"),
    [
        pytest.param({}, {}, "À transmettre avant le", id="to transmit"),
        pytest.param({}, {"incomplete": True}, "Ce dossier a été déclaré incomplet.", id="mend"),
        pytest.param(LATE, {}, f"ce dossier {NOT_TRANSMITTED}", id="too late"),
        pytest.param(
            LATE,
            {"incomplete": True},
            "Ce dossier a été déclaré incomplet et n'a pas été complété à temps.",
            id="mended too late",
        ),
        pytest.param(PAPER, {}, "imprimez-le", id="to post"),
        pytest.param(
            PAPER_LATE,
            {},
            "Ce que vous avez posté au plus tard le 14 mars 2027 sera enregistré à réception",
            id="posted, not there yet",
        ),
        pytest.param(
            PAPER,
            {"incomplete": True},
            "Ce dossier est arrivé et a été déclaré incomplet.",
            id="to post what is missing",
        ),
        pytest.param(
            PAPER_LATE,
            {"incomplete": True},
            "Ce dossier a été déclaré incomplet et la date limite est passée.",
            id="what was missing posted, not there yet",
        ),
    ],
)
def test_head_says_what_the_dossier_waits_for(shown, intake, state, expected):
    page = words(shown(intake, **state))

    assert expected in page
    assert (NOT_TRANSMITTED in page) == (NOT_TRANSMITTED in expected)


def test_status_is_read_before_everything_else(shown):
    page = words(shown(incomplete=True))

    assert "Statut du dossier : Incomplet Déposée" in page


def test_receipt_of_an_incomplete_dossier_comes_after_what_is_to_be_mended(client):
    received, incomplete = (
        ApplicationFactory(candidate=CandidateFactory(complete=True), **state)
        for state in ({"transmitted": True}, {"incomplete": True})
    )
    for application in (received, incomplete):
        application.snapshots.create(
            number=1,
            made_at=application.transmitted_at,
            data={"made_at": application.transmitted_at.isoformat()},
            data_sha256="0" * 64,
            receipt_wanted_at=application.transmitted_at,
        )

    first, then = words(page_of(client, received)), words(page_of(client, incomplete))

    receipt, checklist = "Votre dossier a été reçu", "Pièces justificatives"
    assert first.index(receipt) < first.index(checklist)
    assert then.index(receipt) > then.index(checklist)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"incomplete": True}, "réceptionnée En cours Complète À venir"),
        ({"withdrawn": True}, "Décision Fait Réponse Arrêté"),
        ({"released_outcome": Outcome.SHORTLISTED}, "Décision En cours Réponse À venir"),
        ({"offered": True, "acceptance_due_on": TODAY - DAY}, "Décision Fait Réponse Arrêté"),
        ({"cancelled": True}, "Déposée Fait, 10 mars 2027 Annulée Arrêté"),
    ],
)
def test_track_is_that_of_my_space(shown, state, expected):
    page = words(shown(**state))

    assert expected in page


def test_track_of_a_refusal_waits_for_no_answer(shown):
    page = words(shown(complete=True, released_outcome=Outcome.UNFAVOURABLE))

    assert "Décision Fait" in page
    assert "Réponse À venir" not in page


def test_final_decision_ends_the_call_to_transmit(client):
    """My space asks for nothing either."""
    requirement = DocumentRequirementFactory(common=True)
    application = ApplicationFactory(candidate=CandidateFactory(complete=True), incomplete=True)
    called = page_of(client, application)
    Application.objects.filter(pk=application.pk).update(released_outcome=Outcome.UNFAVOURABLE)
    over = page_of(client, application)

    upload = reverse("candidate:document_upload", args=[application.pk, requirement.pk])
    for sign in ("Transmettre ma candidature", "À transmettre avant le"):
        assert sign in words(called)
        assert sign not in words(over)
    assert upload in called.content.decode()
    assert upload not in over.content.decode()


def test_incomplete_paper_dossier_names_what_to_post(client):
    candidate = CandidateFactory(complete=True)
    application = ApplicationFactory(
        candidate=candidate, incomplete=True, intake=IntakeFactory(paper=True)
    )
    for status in (ItemStatus.APPROVED, ItemStatus.REFUSED):
        requirement = DocumentRequirementFactory(common=True, label=f"Pièce {status}")
        version = DocumentVersionFactory(
            candidate=candidate, requirement=requirement, status=status
        )
        SubmittedDocumentFactory(application=application, version=version)

    page = page_of(client, application)

    named = re.findall(r'<li><a href="#document-\d+">([^<]+)</a></li>', page.content.decode())
    assert named == ["Pièce refused"]
    assert "imprimez-le" not in words(page)


def test_paper_dossier_lists_open_questions_before_it_is_printed(client):
    application = ApplicationFactory(
        candidate=CandidateFactory(complete=True), intake=IntakeFactory(paper=True)
    )
    question = QuestionFactory(common=True, label="Votre projet ?")
    missing = "La question « Votre projet ? » est sans réponse."

    before = words(page_of(client, application))
    address = reverse("candidate:question_answer", args=[application.pk, question.pk])
    saved = client.post(
        address,
        {f"question-{question.pk}-answer": "Oui", f"question-{question.pk}-seen": 0},
        headers={"HX-Request": "true"},
    )

    assert f"Avant d'imprimer votre dossier {missing} Télécharger mon dossier" in before
    assert 'id="readiness"' in saved.content.decode()
    assert "Télécharger mon dossier" in words(saved)
    assert missing not in words(saved)


def test_document_on_paper_is_not_said_to_be_given_once_for_all(client):
    DocumentRequirementFactory(common=True)
    online, paper = (
        ApplicationFactory(
            candidate=CandidateFactory(complete=True), intake=IntakeFactory(paper=paper)
        )
        for paper in (False, True)
    )

    once = "une fois pour toutes"
    assert once in words(page_of(client, online))
    assert once not in words(page_of(client, paper))


def offered(due_on):
    application = ApplicationFactory(
        candidate=CandidateFactory(complete=True), offered=True, acceptance_due_on=due_on
    )
    DecisionFactory(application=application, released=True)
    return application


@pytest.mark.parametrize(("due_on", "is_said"), [(TODAY, True), (None, False)])
def test_what_becomes_of_the_place_is_said_where_there_is_a_deadline(client, due_on, is_said):
    page = words(page_of(client, offered(due_on)))

    assert "Confirmez pour garder la place, ou désistez-vous pour la rendre." in page
    assert ("Répondez avant le 15 mars 2027 à 23 h 59, heure de Paris" in page) == is_said
    assert ("la place peut être rendue" in page) == is_said


def test_offer_not_answered_in_time_says_what_becomes_of_the_place(client):
    page = words(page_of(client, offered(TODAY - DAY)))

    assert "La date limite de réponse est passée" in page
    assert "14 mars 2027 à 23 h 59" in page
    assert "la place peut être attribuée à quelqu'un d'autre" in page
    assert "écrivez à la commission" in page


def test_texts_of_staff_are_drawn_as_on_the_page_of_the_programme(client):
    commission = CommissionFactory(return_comment="Deux **enveloppes**")
    intake = IntakeFactory(
        programme=ProgrammeFactory(commission=commission),
        information="# Entretien\n\n- à distance\n\n<script>alert(1)</script>",
    )
    application = ApplicationFactory(candidate=CandidateFactory(complete=True), intake=intake)

    page = page_of(client, application).content.decode()

    assert "<strong>enveloppes</strong>" in page
    assert "<h3>Entretien</h3>" in page
    assert "<li>à distance</li>" in page
    assert "<script>alert" not in page


def test_last_day_to_answer_says_its_hour(shown):
    page = words(shown({"acceptance_due_on": TODAY + 90 * DAY}))

    assert "Réponse attendue avant le 13 juin 2027 à 23 h 59, heure de Paris" in page


@pytest.mark.parametrize(
    ("kind", "value", "shown_as", "field"),
    [
        (QuestionKind.NUMBER, "12.5", "12,5", 'value="12,5"'),
        (QuestionKind.DATE, "2027-09-01", "1er septembre 2027", 'value="01/09/2027"'),
    ],
)
def test_answer_is_written_as_the_language_writes_it(client, kind, value, shown_as, field):
    question = QuestionFactory(common=True, kind=kind)
    candidate = CandidateFactory(complete=True)
    answered, transmitted = (
        ApplicationFactory(candidate=candidate, **state) for state in ({}, {"transmitted": True})
    )
    for application in (answered, transmitted):
        AnswerFactory(application=application, question=question, value=value)

    assert field in page_of(client, answered).content.decode()
    assert f"<p>{shown_as}</p>" in page_of(client, transmitted).content.decode()


@pytest.mark.parametrize(
    ("status", "can_decline", "can_remove"),
    [
        (None, True, False),
        (ItemStatus.NOT_APPLICABLE, False, True),
        (ItemStatus.SUBMITTED, False, False),
        (ItemStatus.REFUSED, False, False),
    ],
)
def test_verdict_on_what_was_posted_is_not_offered_to_be_changed(
    alix, status, can_decline, can_remove
):
    requirement = DocumentRequirementFactory(common=True, conditional=True)
    made = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))
    if status:
        SubmittedDocumentFactory(
            application=made, version__requirement=requirement, version__status=status
        )

    (row,) = ApplicationPage(again(made), now=NOW, language="fr").documents

    assert (row.can_decline, row.can_remove) == (can_decline, can_remove)
