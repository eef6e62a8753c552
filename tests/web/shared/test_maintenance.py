"""In maintenance candidates read, and of staff only administrators come in [HOME-02, HOME-10]."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLResolver, get_resolver

from candide.foundation.history.domain.log import entries_about
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.models import Assignment
from candide.institution.catalogue.domain.service import mode_of
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution
from candide.institution.pages.models import Notice
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.web.shared.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("institution")]


@pytest.fixture
def closed():
    call_command("maintenance", "on")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("address", ["/", "/offre/", "/assistance/"])
def test_candidates_and_visitors_read_on(address):
    for client in (Client(), signed_in(CandidateFactory().user)):
        response = client.get(address)

        assert response.status_code == 200
        assert "Rien ne peut être modifié pour le moment" in words(response.content.decode())


@pytest.mark.usefixtures("closed")
def test_candidates_read_what_is_theirs():
    alix = CandidateFactory(complete=True)

    for address in ("/espace/", "/espace/dossier/", "/espace/candidatures/"):
        assert signed_in(alix.user).get(address).status_code == 200


@pytest.mark.usefixtures("closed")
def test_whoever_sends_something_meets_the_page_of_the_maintenance():
    for client in (Client(), signed_in(CandidateFactory().user)):
        response = client.post("/compte/creer/", {"email": "alix@example.org"})

        assert response.status_code == 503
        assert response["Retry-After"] == "600"
        assert "Le service est en maintenance" in words(response.content.decode())


@pytest.mark.usefixtures("closed")
def test_whoever_must_sign_in_first_waits_behind_that():
    response = Client().get("/espace/", follow=True)

    assert response.redirect_chain == [("/compte/connexion/?next=/espace/", 302)]


@pytest.mark.usefixtures("closed")
def test_institution_says_it_in_its_own_words():
    Notice.objects.create(
        place=Notice.Place.MAINTENANCE, text="Retour **jeudi** à 8 h.", is_active=True
    )

    content = Client().post("/compte/creer/").content.decode()

    assert "Retour <strong>jeudi</strong> à 8 h." in content


@pytest.mark.usefixtures("closed")
def test_page_says_what_is_closed_and_whom_to_write_to():
    Institution.objects.update(contact_email="candidatures@univ.example")

    content = Client().post("/compte/creer/").content.decode()

    assert "les candidats et les visiteurs consultent" in words(content)
    assert 'href="mailto:candidatures@univ.example"' in content


@pytest.mark.usefixtures("closed")
def test_what_was_sent_is_said_not_to_be_recorded():
    alix = CandidateFactory(complete=True)

    response = signed_in(alix.user).post("/espace/dossier/adresse/modifier/", {"address_1": "x"})

    assert response.status_code == 503
    assert "n'a pas été enregistré" in words(response.content.decode())
    bao = UserFactory(staff=True)
    Assignment.objects.create(user=bao, role=create_starter_roles()["manager"])
    only_read = signed_in(bao).get("/gestion/").content.decode()
    assert "n'a pas été enregistré" not in words(only_read)


@pytest.mark.usefixtures("closed")
def test_administrators_come_in_and_read_that_others_do_not():
    ada = UserFactory(staff=True)
    Assignment.objects.create(user=ada, role=create_starter_roles()["administrator"])

    assert Client().get("/compte/connexion/").status_code == 200
    response = signed_in(ada).get("/gestion/")

    assert response.status_code == 200
    for page in (response, signed_in(ada).get("/offre/")):
        assert "seuls les administrateurs, dont vous êtes" in words(page.content.decode())


@pytest.mark.usefixtures("closed")
def test_members_of_staff_who_do_not_administer_wait_too():
    bao = UserFactory(staff=True)
    Assignment.objects.create(user=bao, role=create_starter_roles()["manager"])

    assert signed_in(bao).get("/gestion/").status_code == 503
    offer = words(signed_in(bao).get("/offre/").content.decode())
    assert "Rien ne peut être modifié pour le moment" in offer


@pytest.mark.usefixtures("closed")
def test_session_outlives_the_maintenance():
    alix = signed_in(CandidateFactory().user)
    alix.get("/espace/")
    call_command("maintenance", "off")

    assert alix.get("/espace/").status_code == 200


def test_command_tells_how_it_is(capsys):
    call_command("maintenance", "on")
    call_command("maintenance")
    call_command("maintenance", "off")

    assert capsys.readouterr().out.splitlines() == [
        "in maintenance: candidates read, only administrators work",
        "in maintenance: candidates read, only administrators work",
        "in service",
    ]
    assert not Institution.current().is_in_maintenance


def test_command_leaves_what_is_planned_to_be_read_only(now):
    """A-036: a timer of the machine beside it opens nothing."""
    Institution.objects.update(
        closing_mode=ServiceMode.READ_ONLY, closes_at=now, reopens_at=now + timedelta(hours=1)
    )

    for asked in ("on", "off"):
        call_command("maintenance", asked)

    assert mode_of(Institution.objects.get(), now=now) == ServiceMode.READ_ONLY


def test_addresses_of_staff_are_known_as_such():
    """What stays closed in maintenance is known by its address."""
    every = {address for address in addresses() if address.startswith("gestion/")}
    of_staff = {address for address in addresses(of="staff") if address.startswith("gestion/")}

    assert every - of_staff == {"gestion/components/"}
    assert len(of_staff) > 100


def addresses(of=None, patterns=None, before="", inside=False):
    """Every address, or those in the namespace `of`."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLResolver):
            within = inside or each.namespace == of
            yield from addresses(of, each.url_patterns, address, within)
        elif of is None or inside:
            yield address


def test_command_ends_what_was_planned_and_begun_and_keeps_what_is_read_only(capsys, now):
    """A-036."""
    Institution.objects.update(
        is_read_only=True,
        closing_mode=ServiceMode.MAINTENANCE,
        closes_at=now,
        reopens_at=now + timedelta(hours=1),
    )

    for asked in ((), ("off",), ("on",)):
        call_command("maintenance", *asked)

    institution = Institution.objects.get()
    assert capsys.readouterr().out.splitlines() == [
        "in maintenance: candidates read, only administrators work",
        "read only: only administrators change anything",
        "in maintenance: candidates read, only administrators work",
    ]
    assert (institution.closing_mode, institution.is_read_only) == ("", True)
    newest = entries_about(institution)[0]
    assert newest.data["changes"] == {"is_in_maintenance": [False, True]}
