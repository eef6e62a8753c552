"""« Ma candidature » and what is done from it [VIEW, PJ, QST, TRANS, CANCEL, CONF]."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.applications.models import Answer, Application
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.foundation.leases.domain.leasing import take
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.enums import QuestionKind
from tests.admissions.conftest import NOW, again
from tests.factories.accounts import UserFactory
from tests.factories.applications import AnswerFactory, ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf, upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


@pytest.fixture
def application():
    Institution.current()
    alix = CandidateFactory(complete=True)
    made = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), created_at=NOW)
    return again(made)


@pytest.fixture
def signed_in(client, application):
    client.force_login(application.candidate.user)
    return client


def url(name, application, *args):
    return reverse(f"candidate:{name}", args=[application.pk, *args])


def words(response):
    text = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def give(client, application, requirement, *files, seen=""):
    return client.post(
        url("document_upload", application, requirement.pk),
        {"files": list(files) or [upload(pdf(), "notes.pdf")], "seen": seen},
    )


def status_of(application):
    return [item.status for item in requested_documents(again(application))]


def test_page_says_what_remains_and_until_when(signed_in, application):
    DocumentRequirementFactory(common=True, label="Relevé de notes")
    QuestionFactory(common=True, label="Langue ?")

    page = words(signed_in.get(url("application", application)))

    assert "Relevé de notes" in page
    assert "« Relevé de notes » est manquante." in page
    assert "La question « Langue ? » est sans réponse." in page
    assert "23 h 59" in page


def test_upload_gives_replaces_and_removes(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)

    assert give(signed_in, application, requirement).status_code == 302
    assert status_of(application) == [ItemStatus.SUBMITTED]
    first = requested_documents(again(application))[0].submitted.version_id
    give(signed_in, application, requirement, upload(pdf(pages=2), "b.pdf"), seen=first)
    second = requested_documents(again(application))[0]
    assert second.submitted.version_id != first
    assert second.file.page_count == 2

    remove = url("document_remove", application, requirement.pk)
    assert "b.pdf" in words(signed_in.get(remove))
    signed_in.post(remove, {"seen": second.submitted.version_id})
    assert status_of(application) == [ItemStatus.MISSING]
    assert signed_in.get(remove).status_code == 302


def test_upload_refused_says_why_beside_the_document(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)

    response = give(signed_in, application, requirement, upload(b"<html>", "page.html"))

    assert response.status_code == 409
    assert "Ce fichier n'est pas accepté" in words(response)
    assert status_of(application) == [ItemStatus.MISSING]


def test_upload_with_script_answers_the_document_alone(signed_in, application):
    requirement = DocumentRequirementFactory(common=True, label="Relevé de notes")
    address = url("document_upload", application, requirement.pk)
    headers = {"HX-Request": "true"}

    refused = signed_in.post(address, {"files": [upload(b"<html>", "a.html")]}, headers=headers)
    given = signed_in.post(address, {"files": [upload(pdf(), "notes.pdf")]}, headers=headers)

    assert refused.status_code == 409
    assert "Ce fichier n'est pas accepté" in words(refused)
    assert given.status_code == 200
    assert "La pièce « Relevé de notes » est déposée." in words(given)
    assert "Tout est là." in words(given)
    for answer in (refused, given):
        assert b"<h1" not in answer.content
        assert f'id="document-{requirement.pk}"'.encode() in answer.content


def test_upload_of_nothing_is_refused_and_of_something_not_asked_is_not_found(
    signed_in, application
):
    requirement = DocumentRequirementFactory(common=True)

    empty = signed_in.post(url("document_upload", application, requirement.pk))

    assert empty.status_code == 409
    assert give(signed_in, application, DocumentRequirementFactory()).status_code == 404


def test_upload_from_a_stale_page_is_told(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)
    give(signed_in, application, requirement)

    response = give(signed_in, application, requirement, seen="")

    assert response.status_code == 409
    assert "a été modifiée entre-temps" in words(response)


def test_upload_while_somebody_else_changes_it_says_locked(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)
    somebody = UserFactory(staff=True)
    take(f"application:{application.pk}", by=somebody, tab="x", now=NOW)

    page = words(signed_in.get(url("application", application)))
    response = give(signed_in, application, requirement)

    assert "Compte verrouillé par un autre utilisateur" in page
    assert response.status_code == 409
    assert "Compte verrouillé par un autre utilisateur" in words(response)


def test_last_missing_document_reminds_to_transmit(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)

    response = signed_in.post(
        url("document_upload", application, requirement.pk),
        {"files": [upload(pdf(), "notes.pdf")], "seen": ""},
        follow=True,
    )

    assert "n'oubliez pas de transmettre" in words(response)


def test_not_concerned_is_a_sworn_page_and_can_be_taken_back(signed_in, application):
    requirement = DocumentRequirementFactory(common=True, conditional=True)
    address = url("document_not_concerned", application, requirement.pk)

    assert "Je certifie sur l'honneur" in words(signed_in.get(address))
    signed_in.post(address, {"seen": ""})
    assert status_of(application) == [ItemStatus.NOT_APPLICABLE]
    version = requested_documents(again(application))[0].submitted.version_id
    signed_in.post(url("document_remove", application, requirement.pk), {"seen": version})
    assert status_of(application) == [ItemStatus.MISSING]


def test_not_concerned_by_what_is_asked_of_everybody_is_refused(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)

    response = signed_in.post(url("document_not_concerned", application, requirement.pk))

    assert response.status_code == 409


def test_document_is_read_back_as_it_was_given(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)
    content = pdf(pages=3)
    address = url("document_file", application, requirement.pk)
    assert signed_in.get(address).status_code == 404
    give(signed_in, application, requirement, upload(content, "notes.pdf"))

    shown = signed_in.get(address)
    kept = signed_in.get(f"{address}?download")

    assert b"".join(shown.streaming_content) == content
    assert b"".join(kept.streaming_content) == content
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert kept["Content-Disposition"].startswith("attachment")
    shown.close()
    kept.close()


ANSWERS = [
    (QuestionKind.YES_NO, "yes", True),
    (QuestionKind.CHOICE, "b", "b"),
    (QuestionKind.SHORT_TEXT, "Anglais", "Anglais"),
    (QuestionKind.LONG_TEXT, "Deux\r\nlignes", "Deux\r\nlignes"),
    (QuestionKind.NUMBER, "3,5", "3.5"),
    (QuestionKind.DATE, "31/12/2026", "2026-12-31"),
]


@pytest.mark.parametrize(("kind", "typed", "stored"), ANSWERS)
def test_answer_is_stored_as_a_value_and_shown_again(signed_in, application, kind, typed, stored):
    question = QuestionFactory(
        common=True,
        kind=kind,
        choices=[{"code": "a", "label": "A"}, {"code": "b", "label": {"fr": "Bé", "en": "Bee"}}],
    )
    name = f"question-{question.pk}"

    response = signed_in.post(
        url("question_answer", application, question.pk), {f"{name}-answer": typed}
    )

    assert response.status_code == 302
    assert Answer.objects.get().value == stored
    assert signed_in.get(url("application", application)).status_code == 200


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(QuestionKind.NUMBER, "douze"), (QuestionKind.DATE, "31/02/2026"), (QuestionKind.CHOICE, "z")],
)
def test_answer_that_is_none_keeps_what_was_typed(signed_in, application, kind, typed):
    question = QuestionFactory(common=True, kind=kind, choices=[{"code": "a", "label": "A"}])

    response = signed_in.post(
        url("question_answer", application, question.pk),
        {f"question-{question.pk}-answer": typed},
    )

    assert response.status_code == 422
    assert not Answer.objects.exists()
    if kind != QuestionKind.CHOICE:
        assert f'value="{typed}"' in response.content.decode()


def test_autosave_answers_with_the_state_only(signed_in, application):
    question = QuestionFactory(common=True, kind=QuestionKind.SHORT_TEXT)
    address = url("question_answer", application, question.pk)
    name = f"question-{question.pk}"

    saved = signed_in.post(
        address, {f"{name}-answer": "Oui", f"{name}-seen": "0"}, headers={"HX-Request": "true"}
    )
    stale = signed_in.post(
        address, {f"{name}-answer": "Non", f"{name}-seen": "0"}, headers={"HX-Request": "true"}
    )

    assert saved.status_code == 200
    assert b"<html" not in saved.content
    assert f'name="{name}-seen" value="1"' in saved.content.decode()
    assert stale.status_code == 422
    assert Answer.objects.get().value == "Oui"


def test_autosave_brings_the_questions_that_depend_on_the_answer(signed_in, application):
    asked = {"common": True, "kind": QuestionKind.YES_NO, "depends_on_value": True}
    first = QuestionFactory(common=True, kind=QuestionKind.YES_NO, label="Un aménagement ?")
    then = QuestionFactory(label="Un tiers temps ?", depends_on=first, **asked)
    last = QuestionFactory(label="Depuis longtemps ?", depends_on=then, **asked)
    apart = QuestionFactory(common=True, label="Votre projet ?")

    def answer(question, value):
        response = signed_in.post(
            url("question_answer", application, question.pk),
            {f"question-{question.pk}-answer": value},
            headers={"HX-Request": "true"},
        )
        return re.findall(
            r'<li [^>]*id="question-(\d+)"( hx-swap-oob="true")?( hidden)?',
            response.content.decode(),
        )

    page = signed_in.get(url("application", application))

    out_of_band, hidden = ' hx-swap-oob="true"', " hidden"
    assert "Un tiers temps ?" not in words(page)
    assert f'id="question-{then.pk}" hidden' in page.content.decode()
    assert set(answer(first, "yes")) == {
        (str(then.pk), out_of_band, ""),
        (str(last.pk), out_of_band, hidden),
    }
    assert answer(then, "yes") == [(str(last.pk), out_of_band, "")]
    assert {row[2] for row in answer(first, "no")} == {hidden}
    assert answer(apart, "Devenir juriste") == []


def test_question_not_concerned(signed_in, application):
    question = QuestionFactory(common=True, conditional=True)
    address = url("question_not_concerned", application, question.pk)

    assert "Je certifie sur l'honneur" in words(signed_in.get(address))
    signed_in.post(address)

    assert Answer.objects.get().status == ItemStatus.NOT_APPLICABLE
    assert signed_in.get(url("application", application)).status_code == 200
    other = QuestionFactory(common=True)
    assert signed_in.post(url("question_not_concerned", application, other.pk)).status_code == 409
    assert signed_in.post(url("question_answer", application, 999_999)).status_code == 404


def test_question_not_concerned_from_a_stale_page_keeps_the_answer(signed_in, application):
    question = QuestionFactory(common=True, conditional=True, kind=QuestionKind.SHORT_TEXT)
    address = url("question_not_concerned", application, question.pk)
    shown = re.search(r'name="seen" value="(\d+)"', signed_in.get(address).content.decode())
    AnswerFactory(application=application, question=question, value="Oui", version=1)

    response = signed_in.post(address, {"seen": shown.group(1)})

    assert response.status_code == 409
    assert "entre-temps" in words(response)
    assert Answer.objects.get().value == "Oui"


def test_question_not_concerned_can_be_taken_back(signed_in, application):
    """QST-05: « Concerné par cette question »."""
    question = QuestionFactory(common=True, conditional=True, label="Un handicap ?")
    signed_in.post(url("question_not_concerned", application, question.pk), {"seen": 0})
    page = words(signed_in.get(url("application", application)))

    answered = signed_in.post(
        url("question_answer", application, question.pk), {f"question-{question.pk}-seen": 1}
    )

    assert "Je suis concerné par cette question : Un handicap ?" in page
    assert answered.status_code == 302
    assert not Answer.objects.exists()


def test_transmit_asks_first_then_gives_a_receipt(signed_in, application):
    address = url("transmit", application)

    assert "Vous ne pourrez plus rien modifier" in words(signed_in.get(address))
    page = words(signed_in.post(address, follow=True))

    assert "Votre dossier a été reçu" in page
    snapshot = again(application).snapshots.get()
    assert snapshot.data_sha256 in page
    receipt = signed_in.get(url("receipt", application, 1))
    assert b"".join(receipt.streaming_content).startswith(b"%PDF")
    receipt.close()
    assert signed_in.get(url("receipt", application, 2)).status_code == 404


def test_transmit_twice_lists_why_not(signed_in, application):
    signed_in.post(url("transmit", application))

    response = signed_in.post(url("transmit", application))

    assert response.status_code == 409
    assert "Le dossier est transmis" in words(response)
    assert again(application).snapshots.count() == 1


def test_transmit_blocked_shows_everything_in_the_way(signed_in, application):
    requirement = DocumentRequirementFactory(common=True, label="CV")

    response = signed_in.get(url("transmit", application))

    assert f'href="#document-{requirement.pk}"' in response.content.decode()


def test_dossier_is_downloaded_at_any_moment(signed_in, application):
    response = signed_in.get(url("dossier", application))

    assert response.content.startswith(b"%PDF")
    assert "dossier-" in response["Content-Disposition"]


def test_cancel_then_the_page_says_so(signed_in, application):
    address = url("cancel", application)

    assert signed_in.get(address).status_code == 200
    page = words(signed_in.post(address, follow=True))

    assert "Cette candidature est annulée." in page
    assert signed_in.post(address).status_code == 409


def decide(application, outcome, **fields):
    bao = UserFactory(staff=True)
    kind = DecisionType.objects.create(code=outcome, label=f"Avis {outcome}", outcome=outcome)
    enter_decision(application, Draft(type=kind, **fields), by=bao, now=NOW)
    release(application, by=bao, now=NOW)


def test_offer_is_confirmed_then_withdrawn(signed_in, application):
    decide(application, Outcome.FAVOURABLE, comment="Bienvenue")

    page = words(signed_in.get(url("application", application)))
    assert "Avis favourable" in page
    assert "Bienvenue" in page
    assert "Confirmer ma candidature" in page
    signed_in.get(url("accept", application))
    signed_in.post(url("accept", application))
    assert again(application).answer == CandidateAnswer.ACCEPTED
    assert "Confirmer ma candidature" not in words(signed_in.get(url("application", application)))
    signed_in.get(url("withdraw", application))
    signed_in.post(url("withdraw", application))
    assert again(application).answer == CandidateAnswer.WITHDRAWN
    assert signed_in.post(url("accept", application)).status_code == 409


def test_refusal_tells_its_reason_and_a_draft_tells_nothing(signed_in, application):
    reason = DecisionReason.objects.create(code="r", label="Prérequis manquants")
    kind = DecisionType.objects.create(code="DE", label="Défavorable", outcome=Outcome.UNFAVOURABLE)
    enter_decision(application, Draft(type=kind, reason=reason), by=None, now=NOW)
    assert "Prérequis manquants" not in words(signed_in.get(url("application", application)))

    release(application, by=None, now=NOW)

    assert "Prérequis manquants" in words(signed_in.get(url("application", application)))


@pytest.mark.parametrize(
    ("outcome", "fields", "expected"),
    [
        (Outcome.RESERVE_LIST, {"rank": 7}, "Rang 7"),
        (Outcome.WAITING_LIST, {}, "vous pouvez être rappelé"),
        (Outcome.SHORTLISTED, {"shortlist_place": "Salle B"}, "lieu : Salle B"),
    ],
)
def test_every_outcome_says_what_it_means(signed_in, application, outcome, fields, expected):
    decide(application, outcome, **fields)

    assert expected in words(signed_in.get(url("application", application)))


def test_letter_is_not_found_where_there_is_none(signed_in, application):
    assert signed_in.get(url("letter", application)).status_code == 404


def test_deadline_passed_says_what_became_of_it(signed_in, application):
    intake = application.intake
    intake.opens_on, intake.closes_on = NOW.date() - 40 * DAY, NOW.date() - 20 * DAY
    intake.documents_due_on = NOW.date() - DAY
    intake.save()

    page = words(signed_in.get(url("application", application)))

    assert "La date limite est passée et ce dossier n'a pas été transmis." in page


def test_paper_says_to_print_and_post(client):
    Institution.current()
    alix = CandidateFactory(complete=True)
    paper = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))
    client.force_login(alix.user)

    page = words(client.get(url("application", paper)))

    assert "dossier papier" in page
    assert "cachet de la poste" in page


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_documents(
    signed_in, application, count, django_assert_max_num_queries
):
    for _number in range(count):
        give(signed_in, application, DocumentRequirementFactory(common=True))
        QuestionFactory(common=True)

    with django_assert_max_num_queries(32) as captured:
        signed_in.get(url("application", application))

    PAGE_QUERIES.add(len(captured))
    assert len(PAGE_QUERIES) == 1


PAGE_QUERIES: set[int] = set()


def test_another_candidate_finds_nothing(client, application):
    client.force_login(CandidateFactory(complete=True).user)

    assert client.get(url("application", application)).status_code == 404
    assert client.post(url("transmit", application)).status_code == 404
    assert again(application).dossier_status == DossierStatus.AWAITED


def test_the_day_after_the_deadline_nothing_is_taken(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)
    due = application.intake.documents_due_on
    Application.objects.filter(pk=application.pk).update(documents_extended_to=None)
    intake = application.intake
    shift = due - NOW.date() + timedelta(days=1)
    for name in ("opens_on", "closes_on", "documents_due_on"):
        setattr(intake, name, getattr(intake, name) - shift)
    intake.save()

    assert give(signed_in, application, requirement).status_code == 409
