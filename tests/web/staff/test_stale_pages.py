"""Staff act on a page that is no longer true: they are told, see what it is about as it is now with
what they entered beside it, and may then go on."""

import re

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from tests.admissions.conftest import NOW, again
from tests.factories.decisions import DecisionTypeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

HIDDEN = re.compile(r'<input type="hidden" name="([\w-]*seen)"(?: value="([^"]*)")?')
DRAFT_CHANGED = "L'avis saisi a été modifié entre-temps par quelqu'un d'autre."


def url(name, application, *args):
    return reverse(f"staff:{name}", args=[application.pk, *args])


def seen_on(response):
    """What the page shows, as it will send it back: the last of each name."""
    return dict(HIDDEN.findall(response.content.decode()))


@pytest.fixture
def transcripts(application):
    """Two documents, given while the dossier is awaited."""
    Application.objects.filter(pk=application.pk).update(dossier_status=DossierStatus.AWAITED)
    requirements = [DocumentRequirementFactory(common=True, position=n) for n in (1, 2)]
    for requirement in requirements:
        replaced(application, requirement)
    return requirements


def replaced(application, requirement):
    user = application.candidate.user
    return give_document(application, requirement, StoredFileFactory(), by=user, now=NOW)


@pytest.fixture
def favourable(db):
    return DecisionTypeFactory()


@pytest.fixture
def enter(application, favourable, bao, now):
    """Somebody enters a decision."""
    return lambda words: enter_decision(
        application, Draft(type=favourable, comment=words), by=bao, now=now
    )


def test_verdict_on_a_document_replaced_meanwhile(as_bao, application, transcripts):
    second = transcripts[1]
    page = as_bao.get(url("application", application), {"piece": second.pk})
    newer = replaced(application, second)
    check = url("check_document", application, second.pk)
    sent = {"verdict": "refuse", "check-comment": "Illisible"}

    told = as_bao.post(check, {**sent, "check-seen": seen_on(page)["check-seen"]})

    assert told.status_code == 409
    assert "Le candidat a remplacé cette pièce entre-temps." in words(told)
    assert f'action="{check}"' in told.content.decode()
    assert seen_on(told)["check-seen"] == str(newer.pk)
    assert "Illisible</textarea>" in told.content.decode()
    assert as_bao.post(check, {**sent, **seen_on(told)}).status_code == 302
    statuses = [item.status for item in requested_documents(again(application))]
    assert statuses == [ItemStatus.SUBMITTED, ItemStatus.REFUSED]


def test_verdict_on_a_document_taken_back_meanwhile(as_bao, application, transcripts):
    page = as_bao.get(url("application", application))
    application.submitted_documents.get(requirement=transcripts[0]).delete()

    told = as_bao.post(
        url("check_document", application, transcripts[0].pk),
        {"verdict": "approve", **seen_on(page)},
    )

    assert told.status_code == 409
    assert "Rien n'a encore été déposé." in words(told)


def test_status_of_a_dossier_transmitted_meanwhile(as_bao, application, bao):
    Application.objects.filter(pk=application.pk).update(dossier_status=DossierStatus.AWAITED)
    page = as_bao.get(url("application", application))
    declare_status(application, DossierStatus.RECEIVED, by=bao, now=NOW)
    sent = {"status-status": DossierStatus.COMPLETE, "confirmed": "1"}

    told = as_bao.post(url("set_status", application), {**sent, **seen_on(page)})

    assert told.status_code == 409
    assert "Le dossier est entre-temps passé à « Réceptionné »." in words(told)
    assert again(application).dossier_status == DossierStatus.RECEIVED
    assert as_bao.post(url("set_status", application), {**sent, **seen_on(told)}).status_code == 302
    assert again(application).dossier_status == DossierStatus.COMPLETE


def test_draft_changed_meanwhile_is_not_changed_again(as_bao, application, favourable, enter):
    enter("d'abord")
    page = as_bao.get(url("application", application))
    enter("ensuite")
    sent = {"decision-type": favourable.pk, "decision-comment": "le mien"}

    told = as_bao.post(url("enter_decision", application), {**sent, **seen_on(page)})

    assert told.status_code == 409
    assert DRAFT_CHANGED in words(told)
    assert "le mien</textarea>" in told.content.decode()
    assert draft_decision(application).comment == "ensuite"
    assert (
        as_bao.post(url("enter_decision", application), {**sent, **seen_on(told)}).status_code
        == 302
    )
    assert draft_decision(application).comment == "le mien"


def test_draft_changed_meanwhile_is_not_released(as_bao, application, enter):
    enter("d'abord")
    page = as_bao.get(url("release", application))
    enter("ensuite")

    told = as_bao.post(url("release", application), seen_on(page))

    assert told.status_code == 409
    assert DRAFT_CHANGED in words(told)
    assert "ensuite" in words(told)
    assert draft_decision(application).is_draft
    assert as_bao.post(url("release", application), seen_on(told)).status_code == 302
    assert draft_decision(application) is None


def test_draft_changed_meanwhile_is_not_deleted(as_bao, application, enter):
    enter("d'abord")
    page = as_bao.get(url("application", application)).content.decode()
    (seen,) = re.findall(r'name="seen" value="([^"]+)"', page)
    enter("ensuite")

    told = as_bao.post(url("delete_draft", application), {"seen": seen})

    assert told.status_code == 409
    assert DRAFT_CHANGED in words(told)
    assert draft_decision(application).comment == "ensuite"
