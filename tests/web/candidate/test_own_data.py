"""« Mes données »: the export, and the erasure asked by the person."""

import io
import zipfile

import pytest
from django.utils import timezone

from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.models import Download
from candide.foundation.history.models import HistoryEntry
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.reporting.privacy.domain.erasing import own_erasing_blockers
from tests.factories.access import AssignmentFactory
from tests.factories.accounts import PASSWORD
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.web.conftest import links, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/espace/mes-donnees/"
ERASE = f"{PAGE}effacer/"
RECEIPT = "/donnees-personnelles/effacees/"


@pytest.fixture
def alix(client):
    Institution.current()
    candidate = CandidateFactory(complete=True)
    client.force_login(candidate.user)
    return candidate.user


def sure(user):
    return {"number": user.file_number, "password": PASSWORD}


def test_archive_is_asked_for_made_and_taken(client, alix):
    """B-160."""
    assert (PAGE, "Mes données") in links(client.get("/compte/"))
    assert client.post(f"{PAGE}demander/").url == PAGE
    assert "en cours de préparation" in words_inside(client.get(PAGE))
    assert client.post(f"{PAGE}demander/").status_code == 409
    assert b"<main" not in client.get(PAGE, headers={"HX-Request": "true"}).content

    work(clock=timezone.now)

    assert client.get(PAGE, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Télécharger l’archive" in words_inside(client.get(PAGE))
    taken = client.post(f"{PAGE}telecharger/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content)))
    assert archive.namelist() == ["donnees.json"]


def test_nothing_is_taken_before_it_is_there(client, alix):
    assert client.post(f"{PAGE}telecharger/").url == PAGE
    client.post(f"{PAGE}demander/")
    assert client.post(f"{PAGE}telecharger/").status_code == 409


def test_archive_that_failed_is_said(client, alix):
    client.post(f"{PAGE}demander/")
    Download.objects.update(state="failed", ended_at=timezone.now())

    assert "n’a pas pu être préparée" in words_inside(client.get(PAGE))


def test_person_is_erased_signed_out_and_told(client, alix):
    """B-160."""
    done = client.post(ERASE, sure(alix), follow=True)

    assert done.redirect_chain == [(RECEIPT, 302)]
    receipt = HistoryEntry.objects.get(event="account-erased")
    for said in ("Vos données sont effacées", str(receipt.pk), alix.file_number):
        assert said in words_inside(done)
    assert not User.objects.filter(pk=alix.pk).exists()
    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.to) == ("data-erased", alix.email)
    assert f"n° {receipt.pk}" in mail.subject
    assert client.get(PAGE).status_code == 302
    # Once: somebody else may use this browser next.
    assert client.get(RECEIPT).url == "/"


def test_receipt_is_shown_to_nobody_else(client):
    assert client.get(RECEIPT).url == "/"


def test_page_says_what_goes_what_stays_why_and_how_long(client, alix):
    """Only what there is: of the student system nothing, where nobody was handed over."""
    Institution.objects.update(reading_days=123)
    without = words_inside(client.get(ERASE))
    PreEnrolmentFactory(
        application__candidate=alix.candidate, application__withdrawn=True, accepted=True
    )

    page = words_inside(client.get(ERASE))

    for said in (
        "Ce qui est effacé, définitivement",
        "Ce qui reste, pourquoi et combien de temps",
        "123 jours",
        "Code du patrimoine",
    ):
        assert said in without
        assert said in page
    for said in ("Une ligne par candidature", "SI scolarité"):
        assert (said in page, said in without) == (True, False)


def test_who_holds_the_last_way_to_give_rights_is_not_erased(alix):
    AssignmentFactory(user=alix, role=create_starter_roles()["administrator"])

    assert {each.code for each in own_erasing_blockers(alix)} == {"has_roles", "last_manager"}


@pytest.mark.parametrize("wrong", [{"number": "K0000000"}, {"password": "x"}])
def test_it_takes_the_number_and_the_password(client, alix, wrong):
    assert client.post(ERASE, {**sure(alix), **wrong}).status_code == 422
    assert User.objects.filter(pk=alix.pk).exists()


def test_who_has_no_password_types_the_number_alone(client, alix):
    User.objects.filter(pk=alix.pk).update(has_local_password=False)

    client.post(ERASE, {"number": alix.file_number})

    assert not User.objects.filter(pk=alix.pk).exists()


def test_live_application_keeps_from_it(client, alix):
    ApplicationFactory(candidate=alix.candidate)

    assert "annulez-la ou désistez-vous d’abord" in words_inside(client.get(ERASE))
    refused = client.post(ERASE, sure(alix))

    assert refused.status_code == 409
    assert User.objects.filter(pk=alix.pk).exists()
