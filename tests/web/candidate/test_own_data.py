"""« Mes données »: the export, and the erasure asked by the person."""

import io
import zipfile

import pytest
from django.utils import timezone

from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.models import Download
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import PASSWORD
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.web.conftest import links, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/espace/mes-donnees/"
ERASE = f"{PAGE}effacer/"


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

    assert done.redirect_chain == [("/", 302)]
    assert "sont effacés" in words_inside(done)
    assert not User.objects.filter(pk=alix.pk).exists()
    assert OutgoingMail.objects.get().to == alix.email
    assert client.get(PAGE).status_code == 302


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
