"""« Sessions »: who is signed in, and ending it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.domain.journal import note_refusal, note_sign_in
from candide.institution.accounts.models import Visit
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.web.conftest import words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/sessions/"


@pytest.fixture
def ada(client):
    Institution.current()
    user = staff("administrator")
    client.force_login(user)
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.get("/compte/")
    return client


def is_in(client):
    return client.get("/compte/").status_code == 200


def end(client, user, **data):
    return client.post(f"{PAGE}{user.pk}/fermer/", data)


def test_staff_and_candidates_who_are_signed_in_are_counted_and_listed(client, ada, now):
    """B-165: not whose session is over."""
    bao, alix = staff("manager"), UserFactory(first_name="Alix", last_name="DURAND")
    for user in (bao, alix, alix):
        signed_in(user)
    UserFactory(last_name="ABSENT")
    gone = UserFactory(last_name="PARTI")
    signed_in(gone)
    Visit.objects.filter(account_id=gone.pk).update(expire_date=now - timedelta(minutes=1))

    seen, candidates = client.get(PAGE), client.get(f"{PAGE}?who=candidates")

    assert seen.context["numbers"] == {"staff": 2, "candidates": 1}
    assert {line.person for line in seen.context["lines"]} == {ada, bao}
    (line,) = candidates.context["lines"]
    assert (line.person, len(line.visits)) == (alix, 2)
    assert "15/03/2027 à 10h00" in words_inside(candidates)
    for visit in Visit.objects.all():
        assert visit.session_key.encode() not in seen.content + candidates.content


def test_all_sessions_of_somebody_are_ended(client, ada):
    alix = UserFactory()
    first, second = signed_in(alix), signed_in(alix)

    assert end(client, alix).url == PAGE

    assert not is_in(first)
    assert not is_in(second)
    assert is_in(client)
    entry = HistoryEntry.objects.get(event="account-signed-out")
    assert (entry.subject_id, entry.by_id) == (alix.pk, ada.pk)


def test_one_session_is_ended_and_the_other_goes_on(client, ada):
    alix = UserFactory()
    first, second = signed_in(alix), signed_in(alix)
    (line,) = client.get(f"{PAGE}?who=candidates").context["lines"]
    key = first.cookies["sessionid"].value
    mark = next(mark for mark, visit in line.visits if visit.session_key == key)

    end(client, alix, mark=mark)

    assert (is_in(first), is_in(second)) == (False, True)
    assert HistoryEntry.objects.get(event="account-session-ended").by_id == ada.pk
    assert end(client, alix, mark=mark).status_code == 404


def test_nobody_ends_their_own(client, ada):
    end(client, ada)

    assert is_in(client)


def test_page_takes_constant_queries(client, ada, django_assert_num_queries):
    """With one candidate and with three."""
    client.get(PAGE)
    for number in range(3):
        signed_in(UserFactory())
        if number != 1:
            with django_assert_num_queries(9):
                client.get(f"{PAGE}?who=candidates")


# -- The journal of sign-ins ---------------------------------------------------------------------

JOURNAL = f"{PAGE}journal/"


def told(response):
    return [(line.person, line.said) for line in response.context["lines"]]


def test_journal_says_who_came_in_how_and_what_was_refused(client, ada):
    """A-125."""
    alix = UserFactory(last_name="DURAND", file_number="K7P2M9QX")
    note_sign_in(alix, way="socialaccount")
    note_sign_in(ada, way="")
    note_refusal(alix)
    note_refusal(None)

    everything = client.get(JOURNAL)

    refused = "Identifiant ou mot de passe erroné"
    assert told(everything) == [
        (None, refused),
        (alix, refused),
        (ada, "S'est connecté"),
        (alix, "S'est connecté : connexion de l'établissement"),
    ]
    assert told(client.get(JOURNAL, {"what": "refused"})) == [(None, refused), (alix, refused)]
    for searched in ("dur", "k7p2 m9qx", alix.email):
        found = client.get(JOURNAL, {"q": searched})
        assert {person for person, _said in told(found)} == {alix}
    assert told(client.get(JOURNAL, {"q": "zzz"})) == []
    assert "aucun compte" in words_inside(everything)


def test_journal_goes_on_with_older_ones_in_as_many_queries(
    client, ada, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("candide.web.shared.addresses.PAGE", 2)
    people = [UserFactory() for _number in range(3)]
    for person in people:
        note_sign_in(person, way="password")
    client.get(JOURNAL)

    with CaptureQueriesContext(connection) as counted:
        first = client.get(JOURNAL)
    with django_assert_num_queries(len(counted)):
        older = client.get(JOURNAL + first.context["older"])

    assert [person for person, _said in told(first)] == [people[2], people[1]]
    assert [person for person, _said in told(older)] == [people[0]]
    assert older.context["older"] == ""
