"""« Jetons d’accès »: made and revoked by who looks after everything."""

import re
from datetime import timedelta

import pytest

from candide.institution.catalogue.models import Institution
from candide.institution.tokens.models import LastUse, Token
from tests.conftest import FROZEN_AT as NOW
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.tokens import TokenFactory
from tests.web.conftest import inside, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/jetons/"
ASKED = {"name": "Scolarité", "scopes": ["applications.read"], "expires_on": "31/12/2027"}


def test_a_token_is_made_and_its_secret_shown_once(as_ada, client):
    centre = ApplicationCentreFactory(name="Droit")

    made = as_ada.post(f"{PAGE}nouveau/", {**ASKED, "centres": [centre.pk]})
    token = Token.objects.get()
    secret = re.search(r'value="(candide_[^"]+)"', inside(made)).group(1)
    page = as_ada.get(f"{PAGE}{token.pk}/")

    assert made["Cache-Control"] == "no-store"
    assert secret not in page.content.decode()
    assert "Droit" in words_inside(page)
    assert "Jeton créé" in words_inside(page)
    as_ada.logout()
    answer = client.get("/api/v1/token/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["centres"] == [{"code": centre.code, "name": {"fr": "Droit"}}]


def test_last_day_is_picked_from_a_calendar(as_ada):
    field = re.search(r'<input[^>]*name="expires_on"[^>]*>', inside(as_ada.get(f"{PAGE}nouveau/")))

    as_ada.post(f"{PAGE}nouveau/", {**ASKED, "is_everywhere": "on", "expires_on": "2027-12-31"})

    assert 'type="date"' in field.group()
    assert Token.objects.get().expires_on.isoformat() == "2027-12-31"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"scopes": []}, 422),
        ({}, 409),  # neither centres nor everywhere
        ({"is_everywhere": "on", "expires_on": "01/01/2027"}, 409),
    ],
)
def test_what_speaks_against_a_token_is_told(changes, status, as_ada):
    response = as_ada.post(f"{PAGE}nouveau/", {**ASKED, **changes})

    assert response.status_code == status
    assert Token.objects.count() == 0


def test_whoever_signed_in_long_ago_does_it_again_before_making_a_token(as_ada, frozen):
    Institution.objects.update(export_sign_in_minutes=10)
    as_ada.get(PAGE)
    frozen.shift(timedelta(minutes=20))

    response = as_ada.post(f"{PAGE}nouveau/", {**ASKED, "is_everywhere": "on"})

    assert response["Location"].startswith("/compte/confirmer/")
    assert Token.objects.count() == 0


def test_a_token_is_revoked_once(as_ada):
    token = TokenFactory()

    first = as_ada.post(f"{PAGE}{token.pk}/", follow=True)
    again = as_ada.post(f"{PAGE}{token.pk}/")

    assert "Le jeton est révoqué" in words_inside(first)
    assert (again.status_code, Token.objects.get().revoked_at) == (409, NOW)
    assert "Jeton révoqué" in words_inside(again)


def test_the_list_says_what_each_opens(as_ada, django_assert_num_queries):
    def listed():
        return words_inside(as_ada.get(PAGE))

    TokenFactory(name="Entrepôt")
    listed()
    with django_assert_num_queries(6):
        assert "Entrepôt Valable" in listed()
    TokenFactory(name="Ancien", expires_on=NOW.date().replace(year=2026))
    used = TokenFactory(name="Retiré", revoked_at=NOW)
    LastUse.objects.create(token=used, at=NOW)

    with django_assert_num_queries(6):
        found = listed()

    assert "Ancien Expiré" in found
    assert "Retiré Révoqué" in found
