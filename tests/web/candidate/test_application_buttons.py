"""The buttons of « Ma candidature », as the guides name them: where they stand, and where not."""

import re

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.transmission import transmit
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
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


# -- What was done already -------------------------------------------------------------------------


def test_what_a_first_click_did_is_said_and_not_refused(signed_in, application):
    address = url("transmit", application)
    signed_in.post(address)

    for asked_again in (signed_in.post(address, follow=True), signed_in.get(address, follow=True)):
        assert "Votre candidature est déjà transmise" in words_inside(asked_again)
        assert "Ce n'est pas possible" not in words_inside(asked_again)
    assert again(application).snapshots.count() == 1


def test_cancelling_twice_is_said_and_not_refused(signed_in, application):
    signed_in.post(url("cancel", application))

    asked_again = signed_in.post(url("cancel", application), follow=True)

    assert "Votre candidature est déjà annulée." in words_inside(asked_again)
    assert "Statut du dossier :" not in words_inside(asked_again)


@pytest.mark.parametrize(
    "state", [{"paper": True, "dossier_status": "received"}, {"offered": True, "archived_at": NOW}]
)
def test_what_the_candidate_did_not_do_is_not_called_done(signed_in, alix, state):
    """Posted dossiers are received by staff; nothing happens in a past campaign."""
    intake = IntakeFactory(open=True, paper=state.pop("paper", False))
    other = ApplicationFactory(candidate=alix, intake=intake, **state)

    response = signed_in.get(url("transmit", other))

    assert response.status_code == 200
    assert "Ce n'est pas possible" in words_inside(response)


def test_withdrawal_nobody_asked_for_is_not_called_the_candidates(signed_in, alix):
    """CONF-06."""
    other = ApplicationFactory(candidate=alix, withdrawn=True, answered_by=None)

    response = signed_in.post(url("withdraw", other))

    assert response.status_code == 409
    assert "Vous vous étiez déjà désisté" not in words_inside(response)


@pytest.mark.parametrize("act", ["cancel", "accept", "withdraw"])
def test_what_is_not_possible_is_said_on_the_application_without_its_button(
    signed_in, application, act
):
    transmit(application, by=application.candidate.user, now=NOW)

    response = signed_in.get(url(act, application))

    assert "Ce n'est pas possible" in words_inside(response)
    assert "candide-confirm" not in inside(response)


@pytest.mark.parametrize("act", ["document_remove", "document_not_concerned"])
def test_transmitted_document_is_not_asked_about(signed_in, application, act):
    requirement = DocumentRequirementFactory(common=True, conditional=True)
    give(signed_in, application, requirement, "notes.pdf")
    transmit(again(application), by=application.candidate.user, now=NOW)
    address = url(act, application, requirement.pk)

    asked, sent = signed_in.get(address), signed_in.post(address, {"seen": ""})

    assert (asked.status_code, sent.status_code) == (200, 409)
    for response in (asked, sent):
        assert "Le dossier est transmis" in words_inside(response)
        assert "candide-confirm" not in inside(response)
    assert again(application).submitted_documents.get().version.file
