"""« Versions et connexions »."""

import platform

import django
import pytest
from django.db import connection

import candide
from candide.institution.catalogue.models import Institution
from candide.web.staff.operation import checks
from tests.admissions.conftest import NOW
from tests.factories.jobs import WorkerBeatFactory
from tests.factories.reference import CountryFactory
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/controles/"


@pytest.fixture(autouse=True)
def ada(client, frozen):
    Institution.current()
    client.force_login(staff("administrator"))


def results(response):
    return {check.code: result for check, result in response.context["lines"]}


def test_each_connection_is_tested_and_says_what_it_found(client, settings, files_dir):
    """B-168."""
    settings.STUDENT_SYSTEM, settings.SEND_MAILS = "demonstration", True
    settings.OFFICE = "true"
    WorkerBeatFactory(seen_at=NOW)

    assert set(results(client.get(PAGE)).values()) == {None}
    found = results(client.post(f"{PAGE}tout/"))

    wells = {code: result.is_well for code, result in found.items()}
    assert wells == {**dict.fromkeys(checks.CHECKS, True), "antivirus": False}
    assert "écrit, relu et supprimé" in found["stockage"].words
    assert [path for path in files_dir.rglob("*") if path.is_file()] == []
    assert "demonstration" in found["scolarite"].words


def test_versions_of_what_runs_here_are_told(client):
    """B-168."""
    page = words_inside(client.get(PAGE))

    assert f"Candide {candide.__version__} Django {django.get_version()}" in page
    assert f"Python {platform.python_version()} Base de données {connection.display_name}" in page


def test_one_is_tested_alone(client):
    found = results(client.post(f"{PAGE}base/"))

    assert [code for code, result in found.items() if result] == ["base"]
    assert client.post(f"{PAGE}rien/").status_code == 404


def test_what_is_not_set_is_said_with_its_setting(client, settings):
    settings.STUDENT_SYSTEM, settings.SEND_MAILS, settings.OFFICE = "none", False, "no-such-office"

    page = words_inside(client.post(f"{PAGE}tout/"))

    for name in ("STUDENT_SYSTEM", "SEND_MAILS", "OFFICE", "ANTIVIRUS_SOCKET"):
        assert f"CANDIDE_{name}" in page
    assert "Aucun signe de vie" in page


def test_what_does_not_answer_is_said_without_secrets(client, settings, monkeypatch):
    settings.SEND_MAILS, settings.ANTIVIRUS_SOCKET = True, "/nowhere/clamd"

    def refuse(**options):
        raise OSError("smtp://user:secret@host")

    monkeypatch.setattr(checks, "get_connection", refuse)

    response = client.post(f"{PAGE}tout/")

    found = results(response)
    assert (found["mail"].is_well, found["antivirus"].is_well) == (False, False)
    assert "OSError" in found["mail"].words
    assert b"secret" not in response.content


def test_reference_data_says_where_it_comes_from(client):
    """B-170."""
    CountryFactory(source="csv")
    CountryFactory(source="package", is_active=False)

    page = client.get(PAGE)

    table = page.context["tables"][0]
    assert (table["active"], table["closed"]) == (1, 1)
    assert table["sources"] == [("Fichier importé", 1), ("Fourni avec Candide", 1)]
    assert "Pays 1 1 Fichier importé (1), Fourni avec Candide (1)" in words_inside(page)
