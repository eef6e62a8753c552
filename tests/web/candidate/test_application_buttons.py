"""The buttons of « Ma candidature », as the guides name them: where they stand, and where not."""

import re

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.transmission import transmit
from tests.admissions.conftest import NOW, again
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf, upload
from tests.web.candidate.conftest import url
from tests.web.conftest import inside, links, words_inside

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def give(client, application, requirement, *names):
    client.post(
        url("document_upload", application, requirement.pk),
        {"files": [upload(pdf(), name) for name in names], "seen": ""},
    )


def forms(response):
    """Where the forms of the page are sent to."""
    return re.findall(r'<form[^>]*\baction="([^"]+)"', inside(response))


def test_document_is_given_replaced_and_deleted_from_the_page(signed_in, application):
    """S0-18, S2-30."""
    requirement = DocumentRequirementFactory(common=True, label="Relevé")
    address = url("application", application)
    delete = (url("document_remove", application, requirement.pk), "Supprimer : Relevé")

    before = signed_in.get(address)
    give(signed_in, application, requirement, "notes.pdf")
    after = signed_in.get(address)

    for page in (before, after):
        assert url("document_upload", application, requirement.pk) in forms(page)
    assert ("Remplacer : Relevé" in words_inside(before), delete in links(before)) == (False, False)
    assert ("Remplacer : Relevé" in words_inside(after), delete in links(after)) == (True, True)


def test_several_files_are_given_at_once_and_become_one(signed_in, application):
    """S0-12, S2-31."""
    requirement = DocumentRequirementFactory(common=True)

    page = page_of(signed_in, application)
    give(signed_in, application, requirement, "un.pdf", "deux.pdf")

    assert " multiple" in re.search(r'<input[^>]*type="file"[^>]*>', inside(page)).group()
    assert requested_documents(again(application))[0].file.page_count == 2


def page_of(client, application):
    return client.get(url("application", application))


def test_not_concerned_is_offered_where_staff_made_the_document_conditional(signed_in, application):
    """S0-13, S0-21."""
    some = DocumentRequirementFactory(common=True, conditional=True, label="Titre")
    everybody = DocumentRequirementFactory(common=True, label="Relevé")

    offered = links(page_of(signed_in, application))

    words = "Non concerné par cette pièce"
    assert (url("document_not_concerned", application, some.pk), f"{words} : Titre") in offered
    assert url("document_not_concerned", application, everybody.pk) not in dict(offered)


def test_transmitted_dossier_offers_nothing_to_change(signed_in, application):
    """S0-19: neither a document nor an answer."""
    given = DocumentRequirementFactory(common=True)
    question = QuestionFactory(common=True, is_required=False)
    give(signed_in, application, given, "notes.pdf")

    before = page_of(signed_in, application)
    transmit(again(application), by=application.candidate.user, now=NOW)
    after = page_of(signed_in, application)

    changes = {
        url("document_upload", application, given.pk),
        url("document_remove", application, given.pk),
        url("question_answer", application, question.pk),
        url("transmit", application),
    }
    assert changes <= {*forms(before), *dict(links(before))}
    assert not changes & {*forms(after), *dict(links(after))}
    assert "Vous ne pouvez plus le modifier" in words_inside(after)


def test_dossier_is_downloaded_from_the_page_at_any_moment(signed_in, application):
    """S2-36."""
    button = (url("dossier", application), "Télécharger mon dossier")

    before = page_of(signed_in, application)
    transmit(application, by=application.candidate.user, now=NOW)
    after = page_of(signed_in, application)

    assert button in links(before)
    assert button in links(after)


@pytest.mark.parametrize("act", [transmit, cancel])
def test_dossier_is_downloaded_at_any_moment(signed_in, application, act):
    """S2-36: before it is transmitted and after, or once the application is cancelled."""
    address = url("dossier", application)

    before = signed_in.get(address)
    act(application, by=application.candidate.user, now=NOW)
    after = signed_in.get(address)

    for response in (before, after):
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF")
        assert "dossier-" in response["Content-Disposition"]
