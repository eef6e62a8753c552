"""Programmes from a spreadsheet in the browser: the file in, the preview, the confirmation."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from candide.foundation.runs.domain.working import work
from candide.foundation.runs.models import Run
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW
from tests.factories.catalogue import IntakeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = reverse("staff:import_table", args=["formations"])


@pytest.fixture
def intake():
    Institution.current()
    return IntakeFactory(capacity=30, programme__code="INFO")


@pytest.fixture
def as_manager(client, intake):
    manager = member(Capability.MANAGE_CATALOGUE, centre=intake.programme.commission.centre)
    client.force_login(manager)
    return client


def upload(text):
    return {"file": SimpleUploadedFile("formations.csv", text.encode())}


def work_all():
    while work(clock=lambda: NOW):
        pass


def test_lines_are_shown_field_by_field_confirmed_and_done(as_manager, intake):
    lines = "Code;Campagne;Capacité d'accueil;Humeur\nINFO;2027;45;bonne\nAUTRE;2027;x;\n"

    as_manager.post(PAGE, upload(lines))

    run = Run.objects.get()
    shown = words(as_manager.get(reverse("staff:run", args=[run.pk])))
    assert "Formations et ouvertures depuis un tableur" in shown
    assert "Capacité d'accueil : 30 → 45" in shown
    assert "Colonnes qui ne sont pas lues Humeur" in shown
    assert "Le faire pour 1 ligne" in shown
    as_manager.post(reverse("staff:run_confirm", args=[run.pk]), {"seen": run.version})
    work_all()
    intake.refresh_from_db()
    assert intake.capacity == 45
    report = as_manager.get(reverse("staff:run_report", args=[run.pk])).content.decode()
    assert "Capacité d'accueil;30;45" in report
    assert "Formations et ouvertures" in words(as_manager.get(reverse("staff:runs")))


def test_export_as_csv_is_asked_for_from_the_page(as_manager):
    address = reverse("staff:export_table", args=["formations"])

    assert address in as_manager.get(PAGE).content.decode()
    taken = as_manager.post(address, {"format": "csv"}, follow=True)

    assert taken.status_code == 200


def test_what_is_no_such_file_is_told(as_manager):
    refused = as_manager.post(PAGE, upload("x;y\n1;2\n"))

    assert refused.status_code == 409
    assert "partez de l'export" in words(refused)
    assert as_manager.post(PAGE, {}).status_code == 422
    assert not Run.objects.exists()


def test_who_may_change_nothing_of_it_is_not_let_in(as_manager, client, intake):
    assert as_manager.get(reverse("staff:import_table", args=["commissions"])).status_code == 403
    assert as_manager.get(reverse("staff:import_table", args=["gens"])).status_code == 404
    reader = member(Capability.MANAGE_CATALOGUE, can_write=False)
    client.force_login(reader)

    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get(reverse("staff:formations")).content.decode()


def test_list_leads_to_it_for_who_may_change_rows(as_manager):
    assert PAGE in as_manager.get(reverse("staff:formations")).content.decode()


def test_lists_of_centres_and_commissions_lead_to_it_too(client, intake):
    centre = intake.programme.commission.centre
    client.force_login(member(Capability.MANAGE_ORGANISATION, centre=centre))

    for code in ("centres", "commissions"):
        address = reverse("staff:import_table", args=[code])
        assert address in client.get(reverse(f"staff:{code}")).content.decode()
