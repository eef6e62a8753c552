"""« Prolonger des délais »: where, then a preview, then it is done."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from candide.foundation.runs.models import Run
from candide.institution.catalogue.models import Institution, Intake
from tests.factories.catalogue import TODAY, IntakeFactory
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/delais/"
DAY = timedelta(days=1)


@pytest.fixture
def intakes():
    """Two programmes of one centre, and one of another, all due tomorrow."""
    Institution.current()
    own = IntakeFactory(closes_on=TODAY, documents_due_on=TODAY + DAY)
    same_centre = IntakeFactory(closes_on=TODAY, documents_due_on=TODAY + DAY)
    commission = same_centre.programme.commission
    commission.centre = own.programme.commission.centre
    commission.save()
    return own, same_centre, IntakeFactory(closes_on=TODAY, documents_due_on=TODAY + DAY)


def asked(client, **data):
    usual = {
        "which": ["dossiers"],
        "days": "2",
        "first": f"{TODAY:%Y-%m-%d}",
        "last": f"{TODAY + DAY:%Y-%m-%d}",
    }
    return client.post(PAGE, {**usual, **data})


def found():
    return set(Run.objects.latest("pk").items.values_list("subject_id", flat=True))


def test_place_narrows_what_is_extended(client, intakes):
    own, same_centre, elsewhere = intakes
    client.force_login(staff("administrator"))

    everywhere = asked(client)
    assert everywhere.url == reverse("staff:run", args=[Run.objects.get().pk])
    assert found() == {own.pk, same_centre.pk, elsewhere.pk}
    asked(client, centre=own.programme.commission.centre_id)
    assert found() == {own.pk, same_centre.pk}
    asked(client, commission=own.programme.commission_id)
    assert found() == {own.pk}
    asked(client, programme=elsewhere.programme.code.upper())
    assert found() == {elsewhere.pk}


def test_manager_extends_the_own_centre_after_a_preview(client, intakes):
    own, same_centre, elsewhere = intakes
    client.force_login(staff("manager", centre=own.programme.commission.centre))
    assert elsewhere.programme.commission.centre.name not in words_inside(client.get(PAGE))

    run = Run.objects.get(pk=asked(client, tells="on").url.rstrip("/").split("/")[-1])
    page = client.get(reverse("staff:run", args=[run.pk]))

    assert found() == {own.pk, same_centre.pk}
    said = words_inside(page)
    assert "Date limite de retour : 16 mars 2027 → 18 mars 2027 ; 0 candidat prévenu" in said
    assert "2 lignes" in said
    assert Intake.objects.filter(documents_due_on=date(2027, 3, 18)).count() == 0
    client.post(reverse("staff:run_confirm", args=[run.pk]), {"seen": run.version})
    assert client.get(reverse("staff:run_report", args=[run.pk])).status_code == 200


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"days": "0"}, 422),
        ({"which": []}, 422),
        ({"first": "2027-05-01", "last": "2027-05-02"}, 409),
    ],
)
def test_what_makes_no_sense_is_said(client, intakes, data, status):
    client.force_login(staff("administrator"))

    assert asked(client, **data).status_code == status
    assert not Run.objects.exists()
