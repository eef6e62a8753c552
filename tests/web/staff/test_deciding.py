"""Decisions of an intake from a spreadsheet: the model out, the lines in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candide.admissions.decisions.domain.current import draft_decision
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.models import Run
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionTypeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def page(application, name="sheet", *more):
    return reverse(f"staff:decision_{name}", args=[application.intake_id, *more])


def upload(text):
    return {"file": SimpleUploadedFile("avis.csv", text.encode())}


def work_all():
    while work(clock=lambda: NOW):
        pass


@pytest.mark.parametrize(("format", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_model_holds_the_applications_of_the_programme(as_bao, application, format, start):
    elsewhere = ApplicationFactory()

    content = as_bao.get(page(application, "model", format)).content

    assert content.startswith(start)
    if format == "csv":
        assert application.candidate.user.file_number in content.decode()
        assert elsewhere.candidate.user.file_number not in content.decode()


def test_lines_are_looked_at_confirmed_and_entered(as_bao, application):
    kind = DecisionTypeFactory(code="LC", outcome="reserve_list", label="Liste complémentaire")
    lines = f"Candidature;Code de l'avis;Rang\n{application.pk};LC;3\n99999;LC;4\n"

    as_bao.post(page(application), upload(lines))

    run = Run.objects.get()
    shown = words(as_bao.get(reverse("staff:run", args=[run.pk])))
    assert "Avis depuis un tableur" in shown
    assert "Liste complémentaire, rang 3" in shown
    assert "Aucune candidature à cette formation ne porte ce numéro." in shown
    assert draft_decision(application) is None
    as_bao.post(reverse("staff:run_confirm", args=[run.pk]), {"seen": run.version})
    work_all()
    draft = draft_decision(again(application))
    assert (draft.type, draft.rank) == (kind, 3)
    assert "Avis depuis un tableur" in words(as_bao.get(reverse("staff:runs")))


def test_line_without_an_application_is_named_by_its_place(as_bao, application):
    as_bao.post(page(application), upload("Candidature;Code de l'avis\nrien;LC\n"))

    shown = words(as_bao.get(reverse("staff:run", args=[Run.objects.get().pk])))

    assert "Ligne 2" in shown


def test_what_is_no_spreadsheet_is_told(as_bao, application):
    refused = as_bao.post(page(application), upload("x;y\n1;2\n"))

    assert refused.status_code == 409
    assert "partez du modèle" in words(refused)
    assert as_bao.post(page(application), {}).status_code == 422
    assert not Run.objects.exists()


def test_programme_of_another_centre_is_not_found(client, application):
    chris = staff("manager", centre=ApplicationFactory().intake.programme.commission.centre)
    client.force_login(chris)

    for address in (page(application), page(application, "model", "csv")):
        assert client.get(address).status_code == 404
