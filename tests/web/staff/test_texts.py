"""Words for statuses, notices, questions and answers: their screens, and who reads them."""

import json

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus
from candide.institution.access.enums import Capability
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import code_of, own_words
from candide.institution.pages.models import FaqEntry, Notice
from tests.factories.pages import FaqEntryFactory, NoticeFactory, WordingFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

WORDING = "/gestion/parametrage/libelles/"
NOTICES = "/gestion/parametrage/messages/"
FAQ = "/gestion/parametrage/faq/"


@pytest.fixture(autouse=True)
def institution():
    return Institution.current()


@pytest.fixture
def editor(client):
    client.force_login(member(Capability.MANAGE_TEXTS))
    return client


def typed(**texts):
    """What the page of the words sends: {field_language: text} beside what it showed."""
    return {"seen": json.dumps(own_words()), **texts}


# -- Words ---------------------------------------------------------------------------------------


def test_reworded_status_is_read_everywhere(editor, application):
    texts = {"DossierStatus.received_0": "Bien arrivé", "AdmissionRoute.controlled_0": "Jury"}
    type(application).objects.update(route=AdmissionRoute.CONTROLLED)

    saved = editor.post(WORDING, typed(**texts), follow=True)

    assert {entry.what for entry in saved.context["history"]} == {"Réceptionné", "Accès contrôlé"}
    editor.force_login(member(Capability.VIEW_APPLICATIONS))
    grid = editor.get(reverse("staff:applications"), {"columns": ["dossier", "route"]})
    assert [str(cell.text) for cell in grid.context["lines"][0].cells][1] == "Jury"
    assert dict(grid.context["filters"].fields["dossier"].choices)["received"] == "Bien arrivé"
    editor.force_login(application.candidate.user)
    page = words(editor.get(reverse("candidate:application", args=[application.pk])))
    assert "Bien arrivé" in page


def test_own_words_of_routes_and_answers_are_read_where_they_are_chosen(as_ada, application):
    """B-074."""
    intake = application.intake
    WordingFactory(code=code_of(AdmissionRoute.CONTROLLED), label="Sur étude")
    WordingFactory(code=code_of(CandidateAnswer.ACCEPTED), label="Vient")

    filters = as_ada.get(reverse("staff:applications")).context["filters"].fields
    pages = {
        name: words_inside(as_ada.get(address))
        for name, address in {
            "application": reverse("staff:application", args=[application.pk]),
            "confirmation": reverse("staff:confirm_route", args=[application.pk]),
            "programme": reverse("staff:formations_row", args=[intake.programme_id]),
            "opening": reverse("staff:ouvertures_row", args=[intake.pk]),
            "document": reverse("staff:pieces_new"),
        }.items()
    }

    assert dict(filters["answer"].choices)["accepted"] == "Vient"
    said = {name: ("Sur étude" in page, "Accès contrôlé" in page) for name, page in pages.items()}
    assert said == dict.fromkeys(pages, (True, False))


def test_meaning_and_first_word_stand_beside_and_emptying_goes_back(editor):
    WordingFactory(code=code_of(DossierStatus.RECEIVED), label={"fr": "Bien arrivé"})

    page = editor.get(WORDING)
    editor.post(WORDING, typed(**{"DossierStatus.received_0": ""}))

    assert "Nos mots : Réceptionné / Received" in words(page)
    assert "Transmis, ou arrivé sur papier" in words(page)
    assert {code.partition(".")[0] for code in page.context["form"].fields} == {
        *("seen", "DossierStatus", "AdmissionRoute", "ItemStatus", "CandidateAnswer")
    }
    assert own_words() == {code_of(DossierStatus.RECEIVED): {}}


def test_words_changed_meanwhile_are_shown_before_they_are_overwritten(editor):
    seen = json.dumps(own_words())
    WordingFactory(code=code_of(AdmissionRoute.DIRECT), label={"fr": "De droit"})
    data = {"seen": seen, "AdmissionRoute.direct_0": "Direct"}

    refused = editor.post(WORDING, data)
    again = editor.post(WORDING, {**data, "seen": refused.context["form"].data["seen"]})

    assert (refused.status_code, again.status_code) == (409, 302)
    assert own_words()[code_of(AdmissionRoute.DIRECT)] == {"fr": "Direct"}


def test_reader_of_texts_changes_none(client):
    client.force_login(member(Capability.MANAGE_TEXTS, can_write=False))

    assert client.get(WORDING).status_code == 200
    assert client.post(WORDING, typed()).status_code == 403


# -- Notices -------------------------------------------------------------------------------------


def test_notice_is_previewed_then_saved_and_shown(editor):
    data = {
        "place": "home",
        "text_0": "Fermé **dimanche**",
        "text_1": "",
        "position": "10",
        "shown_from": "2027-03-15",
        "shown_until": "",
        "is_active": "on",
    }

    preview = editor.post(f"{NOTICES}nouveau/", {**data, "preview": "1"})
    html = "<p>Fermé <strong>dimanche</strong></p>\n"  # readers of English read the French
    assert preview.context["preview"] == [("Français", html), ("English", html)]
    assert not Notice.objects.exists()

    editor.post(f"{NOTICES}nouveau/", data)
    editor.logout()

    assert b"<strong>dimanche</strong>" in editor.get("/").content


def test_notices_reach_candidates_and_staff_in_their_places(client, application, bao):
    NoticeFactory(place=Notice.Place.SPACE, text="Pour les candidats")
    NoticeFactory(place=Notice.Place.STAFF, text="Pour les gestionnaires")

    client.force_login(application.candidate.user)
    space = words(client.get(reverse("candidate:space")))
    client.force_login(bao)
    today = words(client.get(reverse("staff:today")))

    assert ("Pour les candidats" in space, "Pour les gestionnaires" in space) == (True, False)
    assert ("Pour les candidats" in today, "Pour les gestionnaires" in today) == (False, True)


def test_notice_that_says_nothing_is_refused_beside_its_text(editor):
    response = editor.post(
        f"{NOTICES}nouveau/", {"place": "home", "position": "10", "is_active": "on"}
    )

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["text"]


# -- Questions and answers -----------------------------------------------------------------------


def test_question_is_written_ordered_and_found_by_candidates(editor):
    FaqEntryFactory(question="Second ?", position=20)
    data = {
        "question_0": "Comment payer les droits ?",
        "answer_0": "En ligne.",
        "position": "10",
        "is_active": "on",
    }

    editor.post(f"{FAQ}nouveau/", data)
    editor.post(f"{FAQ}nouveau/", data)

    codes = FaqEntry.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes)[1:] == ["comment-payer-les-droits", "comment-payer-les-droits-2"]
    page = editor.get(reverse("public:assistance"), {"q": "payer"})
    found = [str(entry["question"]) for entry in page.context["entries"]]
    assert found == ["Comment payer les droits ?"] * 2
    entries = editor.get(reverse("public:assistance")).context["entries"]
    assert [str(entry["question"]) for entry in entries] == [*found, "Second ?"]


def test_answer_is_previewed_without_being_saved(editor):
    entry = FaqEntryFactory(answer="Réponse.")
    data = {"question_0": "Q ?", "answer_0": "*Autre*", "position": "1", "preview": "1"}

    page = editor.post(f"{FAQ}{entry.pk}/", data)

    entry.refresh_from_db()
    assert page.context["preview"][0] == ("Français", "<p><em>Autre</em></p>\n")
    assert str(entry.answer) == "Réponse."


def test_texts_are_the_institutions_alone(client, application):
    centre = application.intake.programme.commission.centre
    client.force_login(member(Capability.MANAGE_TEXTS, centre=centre))

    statuses = {client.get(address).status_code for address in (WORDING, NOTICES, FAQ)}

    assert statuses == {403}
