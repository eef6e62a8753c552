"""« Ma candidature » and what is done from it [VIEW, PJ, QST, TRANS, CANCEL, CONF]."""

import html
import re
from datetime import timedelta

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.applications.models import Application, Snapshot
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.foundation.files.domain.storing import store
from candide.foundation.leases.domain.leasing import take
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.models import DocumentRequirement
from candide.web.candidate.application import documents
from tests.admissions.conftest import NOW, again
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf, photo, upload
from tests.web.candidate.conftest import url
from tests.web.conftest import links, words, words_inside

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


GUARDED = {
    "Content-Type": "image/jpeg",
    "Content-Disposition": 'attachment; filename="diplome.jpg"',
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


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


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "script"])
def test_upload_of_a_document_retired_while_it_is_on_its_way_says_why(
    signed_in, application, monkeypatch, headers
):
    requirement = DocumentRequirementFactory(common=True)

    def store_slowly(*args, **kwargs):
        DocumentRequirement.objects.update(is_active=False)
        return store(*args, **kwargs)

    monkeypatch.setattr(documents, "store", store_slowly)

    response = signed_in.post(
        url("document_upload", application, requirement.pk),
        {"files": [upload(pdf(), "notes.pdf")], "seen": ""},
        headers=headers,
    )

    assert response.status_code == 409
    assert "n'est plus demandée" in words(response)
    assert (f'id="document-{requirement.pk}"'.encode() in response.content) == bool(headers)
    assert (b"<h1" in response.content) != bool(headers)


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


@pytest.mark.parametrize("name", ["document_file", "document_remove", "document_not_concerned"])
def test_application_is_read_once_to_show_a_document(
    signed_in, application, name, django_assert_max_num_queries
):
    requirement = DocumentRequirementFactory(common=True)
    give(signed_in, application, requirement)

    with django_assert_max_num_queries(30) as captured:
        signed_in.get(url(name, application, requirement.pk)).close()

    assert reads_of_applications(captured) == 1


def reads_of_applications(captured):
    return sum('FROM "applications_application"' in query["sql"] for query in captured)


def test_original_is_given_back_as_it_was_uploaded(signed_in, application):
    """PJ-09 REC: what was changed for the dossier is kept byte for byte."""
    changed, as_it_was = (DocumentRequirementFactory(common=True) for _ in range(2))
    content = photo()
    give(signed_in, application, changed, upload(content, "diplome.jpg"))
    give(signed_in, application, as_it_was)
    address = url("document_original", application, changed.pk, 0)

    page = signed_in.get(url("application", application)).content.decode()
    original = signed_in.get(address)
    told = {name: original[name] for name in GUARDED}
    given = b"".join(original.streaming_content)
    original.close()

    assert given == content
    assert told == GUARDED
    assert re.findall(r'href="(\S+/original-\d+)"', page) == [address]
    assert "Fichier d'origine" in html.unescape(page)
    assert signed_in.get(url("document_original", application, changed.pk, 1)).status_code == 404
    Institution.objects.update(is_upload_closed=True)
    assert signed_in.get(address).status_code == 409


def test_document_is_not_read_while_the_file_service_is_in_maintenance(signed_in, application):
    requirement = DocumentRequirementFactory(common=True)
    give(signed_in, application, requirement)
    Institution.objects.update(is_upload_closed=True)

    response = signed_in.get(url("document_file", application, requirement.pk))

    assert response.status_code == 409
    assert "Le service de fichiers est en maintenance" in words(response)


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


def test_receipt_stays_when_staff_declare_the_dossier_complete(signed_in, application):
    snapshot = transmit(application, by=application.candidate.user, now=NOW)
    declare_status(
        again(application), DossierStatus.COMPLETE, by=UserFactory(), on=NOW.date(), now=NOW
    )

    assert snapshot.data_sha256 in words(signed_in.get(url("application", application)))


def test_receipt_that_is_still_to_be_drawn_is_told(signed_in, application):
    snapshot = transmit(application, by=application.candidate.user, now=NOW)
    Snapshot.objects.update(receipt=None, receipt_wanted_at=NOW)

    page = words(signed_in.get(url("application", application)))

    assert snapshot.data_sha256 in page
    assert "revenez le chercher dans quelques minutes" in page
    assert "Télécharger l'accusé de réception" not in page


def test_transmit_blocked_shows_everything_in_the_way(signed_in, application):
    requirement = DocumentRequirementFactory(common=True, label="CV")

    response = signed_in.get(url("transmit", application))

    assert f'href="#document-{requirement.pk}"' in response.content.decode()


def test_cancel_then_the_page_says_so(signed_in, application):
    address, page = url("cancel", application), url("application", application)
    button = (address, "Annuler la candidature")

    assert button in links(signed_in.get(page))
    assert signed_in.get(address).status_code == 200
    cancelled = signed_in.post(address, follow=True)

    assert "Cette candidature est annulée." in words(cancelled)
    assert button not in links(cancelled)


def test_cancel_is_offered_no_more_once_staff_have_begun(signed_in, application):
    """S2-47, S2-60."""
    address = url("cancel", application)
    declare_status(application, DossierStatus.RECEIVED, by=UserFactory(), on=NOW.date(), now=NOW)

    page = signed_in.get(url("application", application))
    refused = signed_in.post(address)

    assert address not in [place for place, _words in links(page)]
    assert refused.status_code == 409
    assert "le dossier est en cours de traitement" in words(refused).lower()
    assert not again(application).is_cancelled


def decide(application, outcome, **fields):
    bao = UserFactory(staff=True)
    kind = DecisionType.objects.create(code=outcome, label=f"Avis {outcome}", outcome=outcome)
    enter_decision(application, Draft(type=kind, **fields), by=bao, now=NOW)
    release(application, by=bao, now=NOW)


def test_offer_is_confirmed_then_withdrawn(signed_in, application):
    decide(application, Outcome.FAVOURABLE, comment="Bienvenue")

    confirm = (url("accept", application), "Confirmer ma candidature")
    give_up = (url("withdraw", application), "Me désister")
    enrol = "la marche à suivre pour votre inscription"
    for_good = "Cette action est irréversible."

    page = signed_in.get(url("application", application))
    assert "Avis favourable" in words(page)
    assert "Bienvenue" in words(page)
    assert {confirm, give_up} <= set(links(page))
    assert f"vous indiquera ensuite {enrol}" in words(signed_in.get(url("accept", application)))
    accepted = signed_in.post(url("accept", application), follow=True)
    assert again(application).answer == CandidateAnswer.ACCEPTED
    assert f"vous indique {enrol}" in words(accepted)
    assert {confirm, give_up} & set(links(accepted)) == {give_up}
    assert for_good in words(signed_in.get(url("withdraw", application)))
    withdrawn = signed_in.post(url("withdraw", application), follow=True)
    assert again(application).answer == CandidateAnswer.WITHDRAWN
    assert "C'est irréversible." in words(withdrawn)
    assert not {confirm, give_up} & set(links(withdrawn))
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
        (Outcome.RESERVE_LIST, {"rank": 7}, "appelés d'abord quand une place se libère"),
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

    page = words_inside(client.get(url("application", paper)))

    assert "dossier papier" in page
    for step in ("imprimez-le", "avec les pièces qu'il demande", "Le cachet de la poste fait foi"):
        assert step in page
    assert "Procédure Dossier papier" in page


def test_online_says_nothing_of_the_post(signed_in, application):
    """S0-20, S2-29."""
    DocumentRequirementFactory(common=True)

    page = words_inside(signed_in.get(url("application", application)))

    assert "Procédure Dossier dématérialisé" in page
    for word in ("imprim", "poste", "papier", "enveloppe"):
        assert word not in page.lower()


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
