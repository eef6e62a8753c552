"""At a peak candidates who arrive wait on a page that comes back by itself; off, nothing is
asked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candide.institution.accounts.models import PlaceInLine, Visit
from candide.institution.accounts.sessions import LET_IN
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import PASSWORD, UserFactory
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SPACE = "/espace/"


def limited(most):
    institution = Institution.current()
    institution.most_candidates = most
    institution.save()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def crowd():
    """One candidate works, no other may come in."""
    limited(1)
    inside = signed_in(UserFactory())
    assert inside.get(SPACE).status_code == 200
    return inside


def asked_of_the_line(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries if "placeinline" in query["sql"]]


def test_who_arrives_waits_and_comes_in_in_turn(crowd):
    alix, other = signed_in(UserFactory()), signed_in(UserFactory())

    waiting = alix.get(SPACE)
    second = other.get(SPACE)

    assert (waiting.status_code, waiting["Refresh"], waiting["Retry-After"]) == (503, "20", "20")
    assert waiting["Cache-Control"] == "private, no-store"
    assert "n° 1 dans la file : la prochaine place est pour vous." in words_inside(waiting)
    assert "Vous êtes n° 2 dans la file" in words_inside(second)
    sent = alix.post(reverse("candidate:own_data_ask"))
    assert (sent.status_code, "n’a pas été enregistré" in words_inside(sent)) == (503, True)
    assert "Refresh" not in sent

    Visit.objects.filter(account_id=crowd.session["_auth_user_id"]).delete()
    PlaceInLine.objects.filter(let_in_at__isnull=False).delete()
    assert other.get(SPACE).status_code == 503
    assert alix.get(SPACE).status_code == 200
    assert alix.session[LET_IN] is True


def test_who_is_inside_and_staff_never_wait(crowd):
    assert asked_of_the_line(crowd, SPACE) == []
    assert asked_of_the_line(signed_in(staff("administrator")), "/gestion/") == []
    helper = staff("administrator")
    helper.file_number = "AAAA1111"
    helper.save()
    assert signed_in(helper).get("/gestion/").status_code == 200
    assert not PlaceInLine.objects.filter(user=helper).exists()


def test_what_everybody_reads_stays_open(crowd):
    alix = signed_in(UserFactory())
    alix.get(SPACE)

    assert [alix.get(page).status_code for page in ("/offre/", "/assistance/", "/compte/")] == [
        200,
        200,
        200,
    ]


def test_nothing_is_asked_while_it_is_off(crowd):
    limited(None)

    assert asked_of_the_line(signed_in(UserFactory()), SPACE) == []


def test_who_signed_in_before_stays_inside(client):
    limited(None)
    alix = UserFactory()
    client.post(reverse("account_login"), {"login": alix.email, "password": PASSWORD})
    limited(1)
    signed_in(UserFactory()).get(SPACE)

    assert asked_of_the_line(client, SPACE) == []


def test_sessions_say_how_many_wait(crowd):
    signed_in(UserFactory()).get(SPACE)
    page = signed_in(staff("administrator")).get("/gestion/parametrage/sessions/")

    assert "Candidats dans la file d’attente : 1" in words_inside(page)
