"""« Écrire un mail » : the page on which a mail to a selection is written, seen and tested."""

from typing import Any

import pytest

from candide.foundation.runs.models import Run
from candide.institution.mails.models import OutgoingMail
from tests.factories.applications import ApplicationFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

TYPED = {
    "subject_fr": "Pour ${candidat.numDossierOpi}",
    "body_fr": "Bonjour ${candidat.prenom}",
    "subject_en": "",
    "body_en": "",
    "once_per": "candidate",
}


@pytest.fixture
def selection(as_bao: Any, application: Any) -> str:
    """The address of writing to Alix and somebody out of reach."""
    other = ApplicationFactory()
    as_bao.post("/gestion/actions/", {"ids": f"{application.pk},{other.pk}"})
    return f"/gestion/actions/{Run.objects.get().pk}/faire/mail/"


def test_page_begins_with_a_text_and_names_the_variables(as_bao, selection):
    page = as_bao.get(selection)

    assert "Bonjour ${prenom}" in page.context["form"]["body_fr"].value()
    assert "Insérer candidat.prenom" in words(page)


def test_one_of_the_selection_is_previewed_and_nothing_is_sent(as_bao, selection, application):
    page = as_bao.post(selection, {**TYPED, "do": "preview", "nth": "1"})

    number = application.candidate.user.file_number
    assert page.context["previewed"].rendered.subject == f"Pour {number}"
    assert OutgoingMail.objects.count() == 0
    assert Run.objects.get().values == {}


@pytest.mark.parametrize("nth", ["2", "9"])
def test_out_of_reach_and_beyond_the_end_are_not_there(as_bao, selection, nth):
    page = as_bao.post(selection, {**TYPED, "do": "preview", "nth": nth})

    assert page.context["previewed"] is None
    assert "pas dans votre périmètre" in words(page)


def test_test_goes_to_oneself(as_bao, bao, selection):
    for _each in range(20):
        as_bao.post(selection, {**TYPED, "do": "test"})
    page = as_bao.post(selection, {**TYPED, "do": "test"})

    assert {mail.to for mail in OutgoingMail.objects.all()} == {bao.email}
    assert OutgoingMail.objects.count() == 20
    assert "Au plus 20 essais par heure" in words(page)


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"subject_fr": ""}, 422, "obligatoire"),
        ({"body_fr": "{if($prenom)}"}, 409, "n'est jamais fermé"),
        ({"body_fr": "{if($prenom)}", "do": "preview"}, 200, "n'est jamais fermé"),
    ],
)
def test_what_is_wrong_is_said(as_bao, selection, changes, status, message):
    page = as_bao.post(selection, {**TYPED, **changes})

    assert page.status_code == status
    assert message in words(page)


def test_what_is_written_is_looked_at_row_by_row(as_bao, selection, application):
    page = as_bao.post(selection, TYPED, follow=True)

    run = Run.objects.get()
    assert run.values["values"]["body"] == {"fr": "Bonjour ${candidat.prenom}", "en": ""}
    assert f"{application.candidate.user.email} : Pour" in words(page)
    assert OutgoingMail.objects.count() == 0


def test_application_leads_to_writing_to_its_candidate(as_bao, application):
    page = as_bao.get(f"/gestion/candidatures/{application.pk}/")
    begun = as_bao.post("/gestion/actions/", {"ids": str(application.pk), "action": "mail"})

    run = Run.objects.get()
    assert "Écrire un mail" in words(page)
    assert begun.url == f"/gestion/actions/{run.pk}/faire/mail/"
    assert [item.subject_id for item in run.items.all()] == [application.pk]


def test_who_may_not_write_is_not_offered_it(client, application):
    member = staff("commission", commission=application.intake.programme.commission)
    client.force_login(member)
    client.post("/gestion/actions/", {"ids": str(application.pk)})

    address = f"/gestion/actions/{Run.objects.get().pk}/"
    assert "Écrire un mail" not in words(client.get(address))
    assert client.get(f"{address}faire/mail/").status_code == 404
