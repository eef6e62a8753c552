"""External forms: their screen, the application, the way back."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from candide.admissions.applications.domain.asked import requested_forms
from candide.admissions.applications.domain.external_forms import signature_of, token_of
from candide.admissions.applications.models import FormAnswer
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.institution.requirements.models import ExternalForm
from tests.admissions.conftest import NOW
from tests.factories.requirements import ExternalFormFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SCREEN = "/gestion/parametrage/formulaires/"


@pytest.fixture
def form(application):
    return ExternalFormFactory(
        label="Questionnaire de langue", programmes=[application.intake.programme]
    )


@pytest.fixture
def back(application, form):
    """The address the form comes back to."""
    (item,) = requested_forms(application)
    return reverse("public:form_return", args=[token_of(item, today=NOW.date())])


def signed(client, back, form, body, *, secret=""):
    at = int(timezone.now().timestamp())
    form.secret = secret or form.secret
    return client.post(
        back,
        body,
        content_type="application/json",
        headers={"x-candide-signature": f"t={at},v1={signature_of(form, body, at=at)}"},
    )


BODY = json.dumps({"reference": "7", "answers": [{"question": "Langue ?", "answer": "Anglais"}]})


def test_form_is_set_up_with_its_address_and_its_secret(as_ada):
    data = {
        "code": "langue",
        "label_0": "Questionnaire",
        "url_0": "https://f.example/${numDossier}",
        "is_common": "on",
        "is_active": "on",
    }
    refused = as_ada.post(f"{SCREEN}nouveau/", {**data, "url_0": "f.example"})
    as_ada.post(f"{SCREEN}nouveau/", data)

    made = ExternalForm.objects.get()
    assert list(refused.context["form"].errors) == ["url"]
    page = as_ada.get(f"{SCREEN}{made.pk}/")
    assert made.secret in words(page)

    as_ada.post(f"{SCREEN}{made.pk}/secret")
    assert ExternalForm.objects.get().secret != made.secret


def test_answers_signed_by_the_other_service_are_kept_once(client, back, form, application):
    body = BODY.encode()

    first = signed(client, back, form, body)
    second = signed(client, back, form, body)

    assert (first.json(), second.json()) == ({"kept": True}, {"kept": False})
    assert FormAnswer.objects.get().answers == [{"question": "Langue ?", "answer": "Anglais"}]


def test_what_is_not_signed_not_understood_or_too_late_is_refused(client, back, form, application):
    assert signed(client, back, form, BODY.encode(), secret="other").status_code == 403
    form.refresh_from_db()
    assert signed(client, back, form, b"[]").status_code == 400
    type(application).objects.update(cancelled_at=NOW)
    assert signed(client, back, form, BODY.encode()).status_code == 409
    assert client.post(back).status_code == 409
    assert client.get(reverse("public:form_return", args=["1-2-3:x"])).status_code == 404
    assert not FormAnswer.objects.exists()


def test_too_many_returns_are_turned_away(client, back, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "form_return": "1/m/ip"}

    statuses = [client.post(back).status_code for _number in range(2)]

    assert statuses == [200, 429]


def test_candidate_who_comes_back_says_so_by_a_button(client, back, application):
    seen = client.get(back)
    assert not FormAnswer.objects.exists()
    done = client.post(back)

    assert "Questionnaire de langue" in words(seen)
    assert "Il est noté que vous avez rempli ce formulaire." in words(done)
    assert FormAnswer.objects.get().is_declared


def test_candidate_finds_the_form_and_its_link(client, application, form, back):
    client.force_login(application.candidate.user)
    address = reverse("candidate:application", args=[application.pk])

    page = client.get(address)
    client.post(back)
    done = client.get(address)

    assert "Questionnaire de langue" in words(page)
    assert "https://forms.example/1?dossier=" in page.content.decode()
    assert [item_in_checklist(shown, form) for shown in (page, done)] == [
        ("En attente", "Remplir le formulaire"),
        ("Transmise", "Ouvrir de nouveau le formulaire"),
    ]


def item_in_checklist(page, form):
    """The status and the link the checklist shows of a form."""
    item = page.content.decode().partition(f'id="form-{form.pk}"')[2].partition("</li>")[0]
    said = " ".join(re.sub(r"<[^>]+>", " ", item).split())
    statuses = ("En attente", "Transmise")
    links = ("Remplir le formulaire", "Ouvrir de nouveau le formulaire")
    return tuple(next(one for one in some if one in said) for some in (statuses, links))


def test_form_that_was_filled_in_is_not_deleted(as_ada, application, form, back):
    """B-070."""
    as_ada.post(back)

    refused = as_ada.post(f"{SCREEN}{form.pk}/supprimer/")

    assert (refused.status_code, ExternalForm.objects.count()) == (409, 1)
    assert [each.code for each in refused.context["blockers"]] == ["in_use"]


def test_candidate_declines_a_conditional_form(client, application, form):
    Institution.current()
    ExternalForm.objects.update(is_conditional=True)
    type(application).objects.update(dossier_status="awaited", transmitted_at=None)
    client.force_login(application.candidate.user)
    address = reverse("candidate:form_not_concerned", args=[application.pk, form.pk])

    assert client.get(address).status_code == 200
    client.post(address)
    assert FormAnswer.objects.get().status == "not_applicable"
    client.post(address, {"concerned": "1"})
    assert not FormAnswer.objects.exists()
    ExternalForm.objects.update(is_conditional=False)
    assert client.post(address).status_code == 409
    assert client.get(address.replace(str(form.pk), "999")).status_code == 404


def test_staff_read_answers_and_remind(as_bao, client, back, form, application):
    page = reverse("staff:application", args=[application.pk])
    remind = reverse("staff:remind_forms", args=[application.pk])

    reminded = as_bao.post(remind, follow=True)
    signed(client, back, form, BODY.encode())
    shown = words(as_bao.get(page))
    again = as_bao.post(remind, follow=True)

    assert "Le candidat est relancé pour 1 formulaire." in words(reminded)
    assert OutgoingMail.objects.filter(kind="forms-reminder").count() == 1
    assert "Langue ?" in shown
    assert "Anglais" in shown
    assert "Aucun formulaire n’est encore à remplir." in words(again)


def test_chris_reminds_nobody_of_alix(client, application, form):
    client.force_login(
        staff("manager", centre=ExternalFormFactory.create(common_to_centre=True).centre)
    )

    assert client.post(reverse("staff:remind_forms", args=[application.pk])).status_code == 404


def test_programme_shows_the_forms_it_asks_for(as_ada, application, form):
    page = words(as_ada.get(f"/gestion/parametrage/demandes/{application.intake.programme_id}/"))

    assert "Questionnaire de langue" in page
