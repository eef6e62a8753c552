"""« Dossiers et pièces » of many, and the spreadsheets of the settings."""

import pytest
from django.urls import reverse

from candide.foundation.downloads.models import Download
from tests.factories.applications import ApplicationFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

FILES = reverse("staff:files")


def asked(client, **more):
    response = client.post(FILES, {"do": "ask", "what": "dossiers", **more})
    assert response.status_code == 302, words(response)
    return Download.objects.latest("pk")


def test_search_of_the_list_is_what_is_meant(as_bao, application):
    ApplicationFactory(intake=application.intake)
    ApplicationFactory(transmitted=True)

    page = words_inside(as_bao.get(f"{FILES}?dossier=received"))
    download = asked(as_bao, query="dossier=received")

    assert "1 candidature – Dossier : Réceptionné" in page
    assert (download.kind, download.subjects) == ("dossiers", [application.pk])
    assert download.values["pattern"] == "{number}-{name}-{first_name}-{programme}"


def test_lines_that_are_ticked_are_what_is_meant(as_bao, application):
    beside = ApplicationFactory(intake=application.intake)
    begun = as_bao.post(FILES, {"ids": [beside.pk]})

    download = asked(as_bao, ids=begun.context["form"]["ids"].value())

    assert "1 candidature" in words_inside(begun)
    assert download.subjects == [beside.pk]


def test_one_kind_of_document_by_a_pattern_of_ones_own(as_bao, application):
    requirement = DocumentRequirementFactory(common=True)

    download = asked(
        as_bao, what="documents", requirement=requirement.pk, pattern="{number}-{document}"
    )
    other = asked(as_bao, what="documents")

    assert download.values == {"pattern": "{number}-{document}", "requirement": requirement.pk}
    assert other.values["pattern"] == "{number}-{name}-{first_name}-{document}"


def test_wrong_pattern_and_wrong_choice_say_so(as_bao, application):
    pattern = as_bao.post(FILES, {"do": "ask", "what": "dossiers", "pattern": "{grade}"})
    choice = as_bao.post(FILES, {"do": "ask", "what": "everything"})

    assert (pattern.status_code, choice.status_code) == (409, 422)
    assert "« {grade} » n'est pas un mot de modèle." in words(pattern)
    assert Download.objects.count() == 0


@pytest.mark.parametrize("code", ["centres", "commissions", "formations"])
def test_settings_are_exported_by_who_sees_them(as_ada, client, code):
    address = reverse("staff:export_table", args=[code])

    assert as_ada.post(address).status_code == 302
    assert Download.objects.get().kind == code
    centre = ApplicationFactory().intake.programme.commission.centre
    client.force_login(staff("commission", commission=centre.commissions.get()))
    assert client.post(address).status_code == 403


def test_lists_of_the_settings_lead_to_their_export(as_ada):
    for code in ("centres", "commissions", "formations"):
        page = as_ada.get(reverse(f"staff:{code}")).content.decode()
        assert reverse("staff:export_table", args=[code]) in page
    pieces = as_ada.get(reverse("staff:pieces")).content.decode()
    assert "/exporter/" not in pieces


def test_no_such_table(as_ada):
    assert as_ada.post(reverse("staff:export_table", args=["gens"])).status_code == 404


def test_too_many_at_once_say_so(client, application):
    ada = staff("administrator")
    client.force_login(ada)
    address = reverse("staff:export_table", args=["centres"])
    for _number in range(5):
        assert client.post(address).status_code == 302

    refused = client.post(address)

    assert refused.status_code == 409
    assert "5 de vos exports sont en préparation" in words(refused)
