"""Notes, messages and requests on the page of an application."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.enums import CorrectionKind, CorrectionOutcome, ItemStatus
from candide.admissions.applications.models import Application, Correction
from candide.admissions.correspondence.models import Message, Note
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.corrections import AdditionalDocumentFactory, CorrectionFactory
from tests.factories.correspondence import MessageFactory, NoteFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def url(name, *args):
    return reverse(f"staff:{name}", args=args)


@pytest.fixture
def chris(client):
    client.force_login(staff("manager", centre=IntakeFactory().programme.commission.centre))
    return client


@pytest.fixture
def diploma(application):
    """Given with the application, which was then received."""
    requirement = DocumentRequirementFactory(common=True, is_unique=True, label="Diplôme")
    Application.objects.filter(pk=application.pk).update(dossier_status="awaited")
    give_document(
        application, requirement, StoredFileFactory(), by=application.candidate.user, now=NOW
    )
    Application.objects.filter(pk=application.pk).update(dossier_status="received")
    return requirement


# -- Notes ---------------------------------------------------------------------------------------


def test_note_is_written_read_by_colleagues_and_never_by_the_candidate(as_bao, bao, application):
    done = as_bao.post(
        url("note_add", application.pk), {"note-text": "À revoir", "note-is_important": "on"}
    )
    page = words(as_bao.get(url("application", application.pk)))

    assert done.url.endswith("#notes")
    note = Note.objects.get()
    assert (note.text, note.is_important, note.author) == ("À revoir", True, bao)
    assert "À revoir" in page
    assert "Note écrite" in page
    as_bao.force_login(application.candidate.user)
    assert "À revoir" not in words(
        as_bao.get(reverse("candidate:application", args=[application.pk]))
    )


def test_note_without_words_is_refused_beside_its_field(as_bao, application):
    page = as_bao.post(url("note_add", application.pk), {"note-text": ""})

    assert page.status_code == 422
    assert Note.objects.count() == 0


def test_note_of_a_past_campaign_is_refused(as_bao, application):
    Application.objects.update(archived_at=NOW)

    page = as_bao.post(url("note_add", application.pk), {"note-text": "Trop tard"})

    assert page.status_code == 409
    assert "campagne passée" in words(page) or "campagne" in words(page)


def test_note_is_changed_and_deleted_by_its_author(as_bao, bao, application):
    note = NoteFactory(application=application, author=bao)

    form = as_bao.get(url("note", note.pk))
    changed = as_bao.post(url("note", note.pk), {"note-text": "Vu", "note-seen": ""})
    note.refresh_from_db()
    text = note.text
    stale = as_bao.post(url("note", note.pk), {"note-text": "Autre", "note-seen": "2027-01-01"})
    deleted = as_bao.post(url("note_remove", note.pk))

    assert note.text in ("À revoir avec la commission.", text)
    assert "À revoir avec la commission." in form.content.decode()
    assert (text, changed.status_code) == ("Vu", 302)
    assert (stale.status_code, deleted.status_code) == (409, 302)
    assert Note.objects.count() == 0


def test_note_of_somebody_else_offers_no_change(as_bao, application):
    note = NoteFactory(application=application)

    page = as_bao.get(url("application", application.pk)).content.decode()

    assert url("note", note.pk) not in page
    assert as_bao.post(url("note", note.pk), {"note-text": "x"}).status_code == 403
    assert as_bao.post(url("note_remove", note.pk)).status_code == 403


def test_note_deleted_once_archived_stays(as_bao, bao, application):
    note = NoteFactory(application=application, author=bao)
    Application.objects.update(archived_at=NOW)

    assert as_bao.post(url("note_remove", note.pk)).status_code == 409


# -- Messages ------------------------------------------------------------------------------------


def test_message_is_sent_and_answers_what_was_unread(as_bao, application):
    asked = MessageFactory(application=application)
    before = words(as_bao.get(url("application", application.pk)))

    done = as_bao.post(url("message_send", application.pk), {"message-text": "Oui."})

    asked.refresh_from_db()
    assert "1 message non lu" in before
    assert done.url.endswith("#thread")
    assert asked.read_at is not None
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["message-to-candidate"]
    assert "message non lu" not in words(as_bao.get(url("application", application.pk)))


def test_message_that_needs_no_answer_is_marked_as_read(as_bao, application):
    MessageFactory(application=application)

    as_bao.post(url("messages_read", application.pk))

    assert Message.objects.get().read_at is not None


def test_message_without_words_or_too_late_is_refused(as_bao, application):
    empty = as_bao.post(url("message_send", application.pk), {"message-text": ""})
    Application.objects.update(archived_at=NOW)
    late = as_bao.post(url("message_send", application.pk), {"message-text": "Bonjour"})

    assert (empty.status_code, late.status_code) == (422, 409)
    assert Message.objects.count() == 0


def test_members_read_the_thread_and_write_nothing_in_it(client, application):
    MessageFactory(application=application, text="Puis-je ?")
    client.force_login(staff("commission", commission=application.intake.programme.commission))

    page = client.get(url("application", application.pk))

    assert "Puis-je ?" in words(page)
    assert url("message_send", application.pk) not in page.content.decode()
    assert url("note_add", application.pk) in page.content.decode()


# -- Requests ------------------------------------------------------------------------------------


def test_request_is_made_and_shown(as_bao, application, diploma):
    question = QuestionFactory(common=True)
    form = as_bao.get(url("correct", application.pk))

    done = as_bao.post(
        url("correct", application.pk),
        {
            f"document-{diploma.pk}": "illegible",
            f"question-{question.pk}": "to_correct",
            "labels": "Permis de séjour\n\n",
            "comment": "Le sceau est coupé.",
            "due_on": "2027-03-22",
        },
    )
    page = words(as_bao.get(url("application", application.pk)))

    assert "22 mars" not in words_inside(form)
    correction = Correction.objects.get()
    assert done.url.endswith("#corrections")
    assert correction.due_on == date(2027, 3, 22)
    assert sorted(correction.items.values_list("kind", flat=True)) == [
        CorrectionKind.ILLEGIBLE,
        CorrectionKind.MISSING,
        CorrectionKind.TO_CORRECT,
    ]
    for text in ("Diplôme – Illisible", "Permis de séjour", "demande en cours", "22 mars 2027"):
        assert text in page


def test_request_of_what_was_approved_is_confirmed_first(as_bao, application, diploma):
    application.submitted_documents.get().version.__class__.objects.update(
        status=ItemStatus.APPROVED
    )
    data = {f"document-{diploma.pk}": "outdated", "due_on": "2027-03-22"}

    asked = as_bao.post(url("correct", application.pk), data)
    assert Correction.objects.count() == 0
    as_bao.post(url("correct", application.pk), {**data, "confirmed": "1"})

    assert "a été validée" in words(asked)
    assert Correction.objects.count() == 1


def test_request_of_nothing_says_so(as_bao, application, diploma):
    nothing = as_bao.post(url("correct", application.pk), {"due_on": "2027-03-22"})
    no_day = as_bao.post(url("correct", application.pk), {"due_on": ""})

    assert (nothing.status_code, no_day.status_code) == (409, 422)
    assert "Choisissez au moins une pièce" in words(nothing)


def test_request_of_a_paper_dossier_offers_questions_only(as_bao, application, diploma):
    application.intake.__class__.objects.update(is_paperless=False)
    QuestionFactory(common=True, label="Avez-vous un handicap ?")

    page = words(as_bao.get(url("correct", application.pk)))

    assert "Avez-vous un handicap ?" in page
    assert "Diplôme" not in page
    assert "Autres pièces" not in page


def test_last_day_is_changed_and_the_request_cancelled(as_bao, application):
    correction = CorrectionFactory(application=application)
    name = f"day-{correction.pk}-due_on"
    move = url("correction_move", correction.pk)

    moved = as_bao.post(move, {name: "2027-03-30"})
    wrong = as_bao.post(move, {name: "bientôt"})
    past = as_bao.post(move, {name: "2027-01-01"})
    cancelled = as_bao.post(url("correction_cancel", correction.pk))
    again_cancelled = as_bao.post(url("correction_cancel", correction.pk))

    correction.refresh_from_db()
    assert correction.due_on == date(2027, 3, 30)
    assert correction.outcome == CorrectionOutcome.CANCELLED
    assert [one.status_code for one in (moved, wrong, past, cancelled, again_cancelled)] == [
        302,
        422,
        409,
        302,
        409,
    ]


def test_internal_document_is_added_seen_by_staff_and_dropped(as_bao, application):
    data = {"further-label": "Avis du jury", "further-is_internal": "on"}

    added = as_bao.post(url("further_document", application.pk), data)
    page = words(as_bao.get(url("application", application.pk)))
    requirement = again(application).additional_documents.get().requirement_id
    dropped = as_bao.post(url("further_document_drop", application.pk, requirement))

    assert f"piece={requirement}" in added.url
    assert "Avis du jury" in page
    assert requested_documents(again(application)) == []
    assert dropped.status_code == 302
    assert not again(application).has_additional_documents


def test_further_document_that_cannot_be_is_refused(as_bao, application):
    empty = as_bao.post(url("further_document", application.pk), {"further-label": ""})
    late = as_bao.post(url("further_document", application.pk), {"further-label": "Permis"})
    none = as_bao.post(url("further_document_drop", application.pk, 999))

    assert [one.status_code for one in (empty, late, none)] == [422, 409, 404]


def test_further_document_of_a_cancelled_application_stays(as_bao, application):
    added = AdditionalDocumentFactory(application=application)
    Application.objects.update(cancelled_at=NOW)

    gone = as_bao.post(url("further_document_drop", application.pk, added.requirement_id))

    assert gone.status_code == 409


def test_document_of_one_application_is_no_setting(client, application):
    AdditionalDocumentFactory(application=application, requirement__label="Avis du jury")
    client.force_login(staff("administrator"))

    assert "Avis du jury" not in words(client.get(reverse("staff:pieces")))


# -- Others ----------------------------------------------------------------------------------------


def test_others_find_nothing_of_it(chris, application):
    note = NoteFactory(application=application)
    correction = CorrectionFactory(application=application)

    for address in (
        url("note", note.pk),
        url("correct", application.pk),
    ):
        assert chris.get(address).status_code == 404
    for address in (
        url("note_add", application.pk),
        url("message_send", application.pk),
        url("correction_cancel", correction.pk),
    ):
        assert chris.post(address).status_code == 404


def test_page_takes_as_many_queries_whatever_stands_beside(as_bao, bao, application):
    def count():
        with CaptureQueriesContext(connection) as queries:
            as_bao.get(url("application", application.pk))
        return len(queries)

    def more():
        NoteFactory(application=application, author=UserFactory(staff=True))
        MessageFactory(application=application, from_staff=True)
        CorrectionFactory(application=application)

    more()
    count()
    once = count()
    for _number in range(3):
        more()

    assert count() == once


def test_grid_finds_what_stands_beside(as_bao, application):
    other = ApplicationFactory(intake=application.intake, candidate__birth_name="AUTRE")
    NoteFactory(application=application, important=True)
    MessageFactory(application=application)
    Application.objects.filter(pk=application.pk).update(correction_due_on=date(2027, 3, 16))
    Application.objects.filter(pk=other.pk).update(correction_due_on=date(2027, 3, 1))

    def found(**asked):
        page = as_bao.get(reverse("staff:applications"), asked).content.decode()
        return [one.pk for one in (application, other) if f"/candidatures/{one.pk}/?" in page]

    for name in ("unread", "noted", "important"):
        assert found(beside=name) == [application.pk]
    assert found(correction="open") == [application.pk, other.pk]
    assert found(correction="overdue") == [other.pk]
    assert found(correction_due_within="1") == [application.pk]
    assert found(correction_due_within="0") == []
    page = as_bao.get(reverse("staff:applications"), {"columns": "notes", "beside": "noted"})
    assert [cell.text for cell in page.context["lines"][0].cells] == [1]


def test_today_counts_what_waits(as_bao, application):
    MessageFactory(application=application)
    Application.objects.filter(pk=application.pk).update(correction_due_on=date(2027, 3, 1))

    page = words(as_bao.get(reverse("staff:today")))

    assert "1 avec des messages à lire" in page
    assert "1 demande de complément en cours" in page
    assert "1 demande de complément échue" in page
