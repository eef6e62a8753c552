"""« Une candidature »: checked, decided, released by staff."""

import hashlib
import re
from datetime import date

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.questions import save_answer
from candide.admissions.applications.domain.snapshot import freeze
from candide.admissions.applications.enums import DossierStatus, ItemStatus, Outcome
from candide.admissions.applications.models import Application, DocumentVersion
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.models import StoredFile
from candide.institution.access.enums import Capability
from candide.institution.access.models import Grant
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.institution.requirements.enums import QuestionKind
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY
from tests.factories.files import OriginalFileFactory
from tests.factories.mails import AttachmentFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def url(name, application, *args):
    return reverse(f"staff:{name}", args=[application.pk, *args])


@pytest.fixture
def given(application):
    """Two documents given with the application, then received."""
    requirements = [
        DocumentRequirementFactory(common=True, position=position) for position in (1, 2)
    ]
    QuestionFactory(common=True)
    Application.objects.filter(pk=application.pk).update(dossier_status=DossierStatus.AWAITED)
    for requirement in requirements:
        file = store_generated(
            pdf(), name="notes.pdf", media_type="application/pdf", pages=1, by=None
        )
        give_document(application, requirement, file, by=application.candidate.user, now=NOW)
    Application.objects.filter(pk=application.pk).update(dossier_status=DossierStatus.RECEIVED)
    return requirements


def statuses(application):
    return [item.status for item in requested_documents(again(application))]


def verdict(client, application, requirement, choice, comment="", **more):
    item = next(i for i in requested_documents(again(application)) if i.requirement == requirement)
    data = {"verdict": choice, "check-seen": item.seen or "", "check-comment": comment, **more}
    return client.post(url("check_document", application, requirement.pk), data)


def test_page_shows_the_dossier_beside_the_first_document_to_check(as_bao, application, given):
    page = as_bao.get(url("application", application))

    assert str(given[0].label) in words(page)
    assert f"{given[0].label} Transmise {given[1].label} Transmise" in words(page)
    assert f'src="{url("document_file", application, given[0].pk)}"' in page.content.decode()
    chosen = as_bao.get(f"{url('application', application)}?piece={given[1].pk}")
    assert f'src="{url("document_file", application, given[1].pk)}"' in chosen.content.decode()


def test_page_reads_the_frozen_dossier_once_received(as_bao, application):
    from django.db import transaction

    with transaction.atomic():
        snapshot = freeze(application, by=None, now=NOW)
    candidate = application.candidate
    candidate.birth_name = "CHANGED"
    candidate.save()

    page = words(as_bao.get(url("application", application)))

    assert snapshot.data_sha256[:16] in page
    assert "Nom patronymique MARTIN" in page
    assert "Tel que réceptionné le 15 mars 2027" in page
    assert f"{application.intake.programme.name} Campagne 2027 Réceptionné" in page


def test_what_comes_from_the_student_system_says_so(as_bao, application, given):
    """A-095."""
    page = url("application", application)
    said = "Ces données viennent du système de scolarité"
    before = words(as_bao.get(page))
    DocumentVersion.objects.update(is_from_sis=True)
    Candidate.objects.filter(pk=application.candidate_id).update(is_imported=True)

    after = words(as_bao.get(page))

    assert (before.count(said), after.count(said)) == (0, 1)
    assert "Cette pièce vient du SI scolarité" not in before
    assert "Cette pièce vient du SI scolarité" in after


def test_document_is_shown_as_given(as_bao, application, given):
    response = as_bao.get(url("document_file", application, given[0].pk))

    content = b"".join(response.streaming_content)
    file = requested_documents(again(application))[0].file
    assert hashlib.sha256(content).hexdigest() == file.sha256
    response.close()
    assert as_bao.get(url("document_file", application, 999_999)).status_code == 404


def test_original_is_offered_where_the_document_is_another_file(as_bao, application, given):
    file = requested_documents(again(application))[0].file
    address = url("document_original", application, given[0].pk, 7)
    before = as_bao.get(url("application", application)).content.decode()
    uploaded = OriginalFileFactory(stored_file=file, position=7, name="photo.jpg")

    after = as_bao.get(url("application", application)).content.decode()
    original = as_bao.get(address)
    content = b"".join(original.streaming_content)
    original.close()

    assert (address in before, address in after) == (False, True)
    assert hashlib.sha256(content).hexdigest() == uploaded.sha256
    assert original["Content-Disposition"] == 'attachment; filename="photo.jpg"'
    assert as_bao.get(url("document_original", application, given[0].pk, 8)).status_code == 404


def test_original_the_antivirus_has_not_cleared_is_given_to_nobody(as_bao, application, given):
    file = requested_documents(again(application))[0].file
    OriginalFileFactory(stored_file=file, position=7)
    StoredFile.objects.filter(pk=file.pk).update(scan_status=ScanStatus.INFECTED, scanned_at=NOW)

    response = as_bao.get(url("document_original", application, given[0].pk, 7))

    assert response.status_code == 409


def test_document_is_not_shown_while_the_file_service_is_in_maintenance(as_bao, application, given):
    Institution.objects.update(is_upload_closed=True)

    response = as_bao.get(url("document_file", application, given[0].pk))

    assert response.status_code == 409
    assert "Le service de fichiers est en maintenance" in words(response)


def test_checking_goes_on_to_the_next_document(as_bao, application, given):
    first = verdict(as_bao, application, given[0], "approve")
    refused = verdict(as_bao, application, given[1], "refuse", "Illisible")

    assert f"piece={given[1].pk}" in first.url
    assert refused.status_code == 302
    assert statuses(application) == [ItemStatus.APPROVED, ItemStatus.REFUSED]
    verdict(as_bao, application, given[1], "reset")
    assert statuses(application) == [ItemStatus.APPROVED, ItemStatus.SUBMITTED]


def test_checking_refuses_without_a_comment_and_what_is_not_a_verdict(as_bao, application, given):
    response = verdict(as_bao, application, given[0], "refuse")

    assert response.status_code == 409
    assert "Indiquez pourquoi" in words(response)
    assert verdict(as_bao, application, given[0], "burn").status_code == 404
    too_long = verdict(as_bao, application, given[0], "refuse", "x" * 501)
    assert too_long.status_code == 422


def test_comment_of_a_refusal_is_not_that_of_the_next_verdict(as_bao, application, given):
    """Whoever sends the page as it stands approves without the words of the refusal."""
    verdict(as_bao, application, given[0], "refuse", "Illisible.")
    address = f"{url('application', application)}?piece={given[0].pk}"
    page = as_bao.get(address)
    comment = page.context["check_form"]["comment"].value() or ""

    verdict(as_bao, application, given[0], "approve", comment)

    item = requested_documents(again(application))[0]
    assert "Illisible." in words(page)
    assert (item.status, item.comment) == (ItemStatus.APPROVED, "")


def test_keys_of_the_viewer_are_listed_and_can_be_turned_off(as_bao, application, given):
    """WCAG 2.1.4."""
    page = as_bao.get(url("application", application)).content.decode()

    used = re.findall(r'data-hotkey="(.)"', page)
    listed = re.findall(r"<dt>(.)</dt>", page)
    assert sorted(key.upper() for key in used) == sorted(listed)
    assert sorted(listed) == ["?", "A", "C", "D", "E", "M", "N", "O", "Q", "R", "S", "V"]
    assert "data-hotkeys-switch" in page


def test_line_breaks_of_a_long_answer_are_kept(as_bao, application, given):
    question = QuestionFactory(common=True, kind=QuestionKind.LONG_TEXT)
    candidate = application.candidate.user
    Application.objects.filter(pk=application.pk).update(dossier_status=DossierStatus.AWAITED)
    save_answer(again(application), question, "Premier.\nDeuxième.", by=candidate, now=NOW, seen=0)

    page = as_bao.get(url("application", application)).content.decode()

    assert "Premier.<br>Deuxième." in page


@pytest.mark.parametrize("typed", ["²", "٣", "-1", "zwei", "9" * 30, "9" * 5000])
def test_addresses_with_what_is_no_number_show_the_page(as_ada, application, given, typed):
    page = as_ada.get(url("application", application), {"piece": typed})
    mails = as_ada.get(reverse("staff:outbox"), {"before": typed})

    assert [page.status_code, mails.status_code] == [200, 200]


def test_status_asks_once_more_about_what_is_unwise(as_bao, application, given):
    data = {"status-status": "complete"}
    verdict(as_bao, application, given[0], "refuse", "Flou")

    asked = as_bao.post(url("set_status", application), data)
    assert "Des pièces sont manquantes ou refusées." in words(asked)
    assert again(application).dossier_status == DossierStatus.RECEIVED

    as_bao.post(url("set_status", application), {**data, "confirmed": "1"})
    assert again(application).dossier_status == DossierStatus.COMPLETE


def test_status_incomplete_past_the_last_day_is_asked_about(as_bao, application, given):
    """Even with something to give again: nobody could give it [VIEW-06]."""
    intake = application.intake
    intake.opens_on, intake.closes_on = NOW.date() - 40 * DAY, NOW.date() - 20 * DAY
    intake.documents_due_on = NOW.date() - DAY
    intake.save()
    data = {"status-status": "incomplete", "status-request_again": [given[0].pk]}

    asked = as_bao.post(url("set_status", application), data)

    assert "La date limite de retour du dossier, le 14 mars 2027, est passée" in words(asked)
    assert again(application).dossier_status == DossierStatus.RECEIVED
    as_bao.post(url("set_status", application), {**data, "confirmed": "1"})
    assert again(application).dossier_status == DossierStatus.INCOMPLETE


def test_status_incomplete_asks_again_for_what_is_chosen(as_bao, application, given):
    as_bao.post(
        url("set_status", application),
        {"status-status": "incomplete", "status-request_again": [given[0].pk]},
    )

    assert again(application).dossier_status == DossierStatus.INCOMPLETE
    assert [i.is_requested_again for i in requested_documents(again(application))] == [True, False]
    assert OutgoingMail.objects.filter(kind="status-incomplete").count() == 1


def test_status_with_a_day_in_the_future_is_refused(as_bao, application):
    future = as_bao.post(
        url("set_status", application), {"status-status": "received", "status-on": "01/01/2030"}
    )
    nonsense = as_bao.post(url("set_status", application), {"status-status": "lost"})

    assert (future.status_code, nonsense.status_code) == (409, 422)


@pytest.fixture
def favourable():
    return DecisionType.objects.create(code="FA", label="Favorable", outcome=Outcome.FAVOURABLE)


def enter(client, application, **fields):
    data = {f"decision-{name}": value for name, value in fields.items()}
    return client.post(url("enter_decision", application), data)


def test_decision_is_entered_released_and_told(as_bao, application, favourable):
    commission = application.intake.programme.commission
    commission.letter_mode = LetterMode.DOWNLOAD
    commission.save()
    assert enter(as_bao, application, type=favourable.pk).status_code == 302
    assert "Avis saisi, invisible pour le candidat" in words(
        as_bao.get(url("application", application))
    )

    asked = words(as_bao.get(url("release", application)))
    assert "Le dossier est « Réceptionné » et non « Complet »." in asked
    seen = draft_mark(draft_decision(application))
    as_bao.post(url("release", application), {"seen": seen})

    assert again(application).released_outcome == Outcome.FAVOURABLE
    letter = as_bao.get(url("letter", application))
    assert b"".join(letter.streaming_content).startswith(b"%PDF")
    letter.close()
    assert as_bao.post(url("release", application)).status_code == 409


def test_decision_without_its_parts_is_refused_with_all_that_misses(as_bao, application):
    unfavourable = DecisionType.objects.create(
        code="DE", label="Défavorable", outcome=Outcome.UNFAVOURABLE
    )
    DecisionReason.objects.create(code="r", label="R")

    response = enter(as_bao, application, type=unfavourable.pk)

    assert response.status_code == 409
    assert "Choisissez le motif" in words(response)
    assert enter(as_bao, application, type="").status_code == 422


def test_draft_is_deleted_once(as_bao, application, favourable):
    enter(as_bao, application, type=favourable.pk)

    seen = draft_mark(draft_decision(application))
    stale = as_bao.post(url("delete_draft", application), {"seen": "another"})
    assert stale.status_code == 409
    assert as_bao.post(url("delete_draft", application), {"seen": seen}).status_code == 302
    assert draft_decision(application) is None
    assert as_bao.post(url("delete_draft", application)).status_code == 409


def test_letter_is_not_found_where_there_is_none(as_bao, application):
    assert as_bao.get(url("letter", application)).status_code == 404


def test_individual_deadline(as_bao, application):
    due = application.intake.documents_due_on

    as_bao.post(url("extend", application), {"day": due.replace(year=2028).isoformat()})
    assert again(application).documents_due_on == due.replace(year=2028)
    assert as_bao.post(url("extend", application), {"day": "2020-01-01"}).status_code == 409
    assert as_bao.post(url("extend", application), {"day": "demain"}).status_code == 422


def test_individual_deadline_that_is_no_day_is_asked_for_again(as_bao, application):
    response = as_bao.post(url("extend", application), {"day": "demain"})

    assert response.status_code == 422
    assert "Saisissez une date valide." in words(response)


def test_individual_deadline_is_given_by_whoever_may_without_setting_the_status(
    client, application
):
    bao = staff("manager", centre=application.intake.programme.commission.centre)
    Grant.objects.filter(capability=Capability.SET_DOSSIER_STATUS).delete()
    client.force_login(bao)

    page = client.get(url("application", application)).content.decode()

    assert url("extend", application) in page
    assert url("set_status", application) not in page


def test_individual_deadline_that_is_refused_is_shown_as_typed(as_bao, application):
    response = as_bao.post(url("extend", application), {"day": "2020-01-01"})

    assert response.status_code == 409
    assert "Choisissez la date du jour ou une date ultérieure." in words(response)
    assert 'value="2020-01-01"' in response.content.decode()


def test_individual_deadline_to_answer(as_bao, bao, application, favourable):
    """Only an offer has one [VIEW-06]."""
    address = url("extend_answer", application)
    assert address not in as_bao.get(url("application", application)).content.decode()
    assert as_bao.post(address, {"answer-day": "2027-06-30"}).status_code == 409
    enter_decision(application, Draft(type=favourable), by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    assert address in as_bao.get(url("application", application)).content.decode()

    assert as_bao.post(address, {"answer-day": "2027-06-30"}).status_code == 302

    assert again(application).acceptance_due_on == date(2027, 6, 30)
    assert 'value="2027-06-30"' in as_bao.get(url("application", application)).content.decode()
    refused = as_bao.post(address, {"answer-day": "demain"})
    assert (refused.status_code, "Saisissez une date valide." in words(refused)) == (422, True)


def test_cancelled_is_restored_once(as_bao, bao, application):
    Application.objects.filter(pk=application.pk).update(dossier_status=DossierStatus.AWAITED)
    cancel(again(application), by=application.candidate.user, now=NOW)
    assert "La rétablir" in words(as_bao.get(url("application", application)))

    assert as_bao.post(url("restore", application)).status_code == 302
    assert as_bao.post(url("restore", application)).status_code == 409


def test_application_is_read_once_to_show_what_validating_does(
    as_bao, application, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as captured:
        as_bao.get(url("release", application))

    reads = [one for one in captured if 'FROM "applications_application"' in one["sql"]]
    assert len(reads) == 1


def test_dossier_is_downloaded(as_bao, application):
    assert (
        url("dossier", application) in as_bao.get(url("application", application)).content.decode()
    )
    assert as_bao.get(url("dossier", application)).content.startswith(b"%PDF")


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_documents(
    as_bao, application, count, django_assert_max_num_queries
):
    for _number in range(count):
        DocumentRequirementFactory(common=True)
    as_bao.get(url("application", application))

    with django_assert_max_num_queries(45) as captured:
        as_bao.get(url("application", application))

    PAGE_QUERIES.add(len(captured))
    assert len(PAGE_QUERIES) == 1


PAGE_QUERIES: set[int] = set()


def mail(**fields):
    values = {
        "kind": "status-complete",
        "to": "alix@exemple.org",
        "domain": "exemple.org",
        "language": "fr",
        "subject": "Dossier complet",
        "text": "Bonjour Alix",
        "message_id": f"<{OutgoingMail.objects.count()}@x>",
        "give_up_at": NOW,
    }
    return OutgoingMail.objects.create(**{**values, **fields})


def test_outbox_is_searched_and_read(as_ada):
    wanted = mail()
    mail(to="other@exemple.org", status=MailStatus.FAILED, subject="Autre")
    outbox = reverse("staff:outbox")

    assert "Dossier complet" in words(as_ada.get(outbox))
    assert "Autre" not in words(as_ada.get(f"{outbox}?q=ALIX@exemple.org"))
    (failed,) = as_ada.get(f"{outbox}?status=failed").context["lines"]
    assert failed[0].subject == "Autre"
    assert "Aucun mail ici." in words(as_ada.get(f"{outbox}?q=nobody"))
    assert "Bonjour Alix" in words(as_ada.get(reverse("staff:mail", args=[wanted.pk])))


def test_outbox_pages(as_ada, monkeypatch):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 1)
    old, _new = mail(subject="Ancien"), mail(subject="Nouveau")

    assert "Ancien" not in words(as_ada.get(reverse("staff:outbox")))
    later = as_ada.get(f"{reverse('staff:outbox')}?before={old.pk + 1}")
    assert "Ancien" in words(later)


def test_mail_lists_what_is_sent_with_it(as_ada):
    attached = AttachmentFactory(name="recepisse.pdf")

    page = words(as_ada.get(reverse("staff:mail", args=[attached.mail_id])))

    assert "recepisse.pdf" in page


def test_mail_that_signs_in_is_not_shown_to_staff(as_ada):
    secret = mail(is_secret=True, text="https://lien-secret")

    assert "lien-secret" not in words(as_ada.get(reverse("staff:mail", args=[secret.pk])))


def test_failed_mail_is_queued_again_and_others_are_not(as_ada):
    failed, queued = mail(status=MailStatus.FAILED), mail()

    as_ada.post(reverse("staff:mail_retry", args=[failed.pk]))
    refused = as_ada.post(reverse("staff:mail_retry", args=[queued.pk]), follow=True)

    failed.refresh_from_db()
    assert failed.status == MailStatus.QUEUED
    assert "Seul un mail" in words(refused)


def test_application_elsewhere_does_not_exist(as_bao):
    elsewhere = ApplicationFactory()

    assert as_bao.get(url("application", elsewhere)).status_code == 404
