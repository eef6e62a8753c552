"""Messages and requests as the candidate meets them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from candide.admissions.applications.models import Application, Correction
from candide.admissions.correspondence.domain.thread import MOST
from candide.admissions.correspondence.models import Message
from tests.admissions.conftest import NOW, again
from tests.factories.corrections import CorrectionFactory, CorrectionItemFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.samples import pdf, upload
from tests.web.candidate.conftest import url
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def test_candidate_writes_and_finds_the_thread(signed_in, application):
    done = signed_in.post(url("message_send", application), {"message-text": "Puis-je ?"})
    page = words(signed_in.get(url("application", application)))

    assert done.url.endswith("#thread")
    assert "Puis-je ?" in page
    assert Message.objects.get().is_from_candidate


def test_unread_message_is_announced_until_it_is_read(signed_in, application):
    MessageFactory(application=application, from_staff=True, text="Venez le 3.")

    before = words(signed_in.get(url("application", application)))
    space = words(signed_in.get(reverse("candidate:space")))
    signed_in.post(url("messages_read", application))
    after = words(signed_in.get(url("application", application)))

    assert "Le service des admissions vous a écrit." in before
    assert "Lisez le message du service des admissions." in space
    assert "Le service des admissions vous a écrit." not in after
    assert "Venez le 3." in after


def test_reading_the_page_alone_marks_nothing_as_read(signed_in, application):
    MessageFactory(application=application, from_staff=True)

    signed_in.get(url("application", application))

    assert Message.objects.get().read_at is None


def test_empty_message_is_refused_beside_its_field(signed_in, application):
    page = signed_in.post(url("message_send", application), {"message-text": " "})

    assert page.status_code == 422


def test_too_many_messages_are_refused_and_nothing_typed_is_lost(signed_in, application):
    for _number in range(MOST[0][1]):
        MessageFactory(application=application, sent_at=NOW)

    page = signed_in.post(url("message_send", application), {"message-text": "Encore une chose"})

    assert page.status_code == 409
    assert "beaucoup de messages" in words(page)
    assert "Encore une chose" in page.content.decode()


def test_past_campaign_shows_the_thread_and_takes_no_more(signed_in, application):
    MessageFactory(application=application, text="Bonjour")
    Application.objects.update(archived_at=NOW)

    page = signed_in.get(url("application", application))

    assert "Bonjour" in words(page)
    assert url("message_send", application) not in page.content.decode()


@pytest.fixture
def asked(application):
    """Received, and asked for one document again."""
    Application.objects.filter(pk=application.pk).update(
        dossier_status="received", correction_due_on=date(2027, 3, 22)
    )
    requirement = DocumentRequirementFactory(common=True, is_unique=True, label="Diplôme")
    DocumentRequirementFactory(common=True, is_unique=True, label="Relevé")
    correction = CorrectionFactory(application=again(application))
    CorrectionItemFactory(correction=correction, requirement=requirement)
    return requirement


def test_request_says_what_to_give_and_opens_that_alone(signed_in, application, asked):
    page = signed_in.get(url("application", application))
    content = page.content.decode()

    assert "vous demande de compléter votre candidature" in words(page)
    assert f'href="#document-{asked.pk}"' in content
    assert len(re.findall(r"data-upload>", content)) == 1
    assert url("document_upload", application, asked.pk) in content


def test_what_is_given_closes_the_request(signed_in, application, asked):
    signed_in.post(
        url("document_upload", application, asked.pk), {"files": [upload(pdf(), "a.pdf")]}
    )

    page = words(signed_in.get(url("application", application)))
    assert "vous demande de compléter" not in page
    assert again(application).dossier_status == "received"
    assert again(application).snapshots.count() == 1


def test_request_whose_day_is_past_says_so(signed_in, application, asked):
    Correction.objects.update(due_on=date(2027, 3, 14))

    page = signed_in.get(url("application", application))

    assert "Le dernier jour pour compléter votre candidature est passé." in words(page)
    assert not re.findall(r"data-upload>", page.content.decode())
