"""An error page says what happened, what became of the data, and where to go."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.urls import path
from django.utils import translation
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from candide.web.shared import errors
from tests.web.shared.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("institution")]


def raising(error):
    def view(request):
        raise error

    view.login_required = False
    return view


def accepting(request):
    raise AssertionError("a form without its token must not get here")


accepting.login_required = False


def only_posted(request):
    return HttpResponse("merci")


only_posted = require_POST(only_posted)
only_posted.login_required = False

urlpatterns = [
    path("posted/", only_posted),
    path("bad/", raising(SuspiciousOperation("no"))),
    path("forbidden/", raising(PermissionDenied)),
    path("broken/", raising(ZeroDivisionError)),
    path("form/", csrf_protect(accepting)),
    path("api/v1/broken/", raising(ZeroDivisionError)),
]


@pytest.fixture
def broken_site(settings, client):
    """The product's own addresses and those of this module."""
    from candide.config import urls

    urlpatterns.extend(urls.urlpatterns)
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    yield client
    del urlpatterns[6:]


handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error


@pytest.mark.parametrize(
    ("address", "status", "title", "data"),
    [
        ("/posted/", 405, "Il n'y a rien à montrer à cette adresse", "n'a pas été enregistré"),
        ("/bad/", 400, "Cette demande n'a pas pu être lue", "n'a pas été enregistré"),
        ("/forbidden/", 403, "Vous n'avez pas accès à cette page", "Rien n'a changé."),
        ("/nowhere/", 404, "Cette page n'existe pas", "Rien n'a changé."),
        ("/broken/", 500, "Une erreur est survenue de notre côté", "en entier ou pas du tout"),
    ],
)
def test_error_page_says_what_happened_and_what_became_of_the_data(
    broken_site, address, status, title, data
):
    response = broken_site.get(address)

    page = words(response.content.decode())
    assert response.status_code == status
    assert title in page
    assert data in page
    assert "Que puis-je faire maintenant ?" in page
    assert response["X-Request-Id"] in page


def test_form_without_its_token_says_what_to_do(broken_site):
    broken_site.handler.enforce_csrf_checks = True

    response = broken_site.post("/form/")

    page = words(response.content.decode())
    assert response.status_code == 403
    assert "Ce formulaire était ouvert depuis trop longtemps" in page
    assert "rechargez la page" in page


def test_address_of_a_form_still_takes_the_form(broken_site):
    assert broken_site.post("/posted/").content == b"merci"


def test_address_of_a_form_still_says_to_programs_what_it_takes(broken_site):
    shown, asked = broken_site.get("/posted/"), broken_site.put("/posted/")

    assert (shown["Allow"], asked.status_code, asked.content) == ("POST", 405, b"")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [("/api/v1/nowhere/", 404, "not_found"), ("/api/v1/broken/", 500, "error")],
)
def test_programs_are_told_as_programs_are(broken_site, address, status, code):
    response = broken_site.get(address)

    told = response.json()
    assert (response.status_code, told["status"], told["code"]) == (status, status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert told["detail"]


def test_error_pages_speak_english(broken_site):
    with translation.override("en"):
        response = broken_site.get("/nowhere/", headers={"accept-language": "en"})

    assert "This page does not exist" in words(response.content.decode())


def test_server_error_needs_neither_database_nor_session(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = errors.server_error(rf.get("/"))

    assert response.status_code == 500
    assert 'href="/"' in response.content.decode()
