"""Signing in again before a release and before an export, where the institution asks for it."""

from urllib.parse import parse_qs, urlsplit

import pytest
import respx
from django.urls import reverse

from candide.admissions.bulk.domain.deciding import RELEASE
from candide.admissions.releases.models import Release
from candide.foundation.downloads.models import Download
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.catalogue.models import Institution
from tests.admissions.releases.conftest import drafted, prepared
from tests.factories.accounts import PASSWORD
from tests.factories.applications import ApplicationFactory
from tests.factories.runs import RunFactory
from tests.integrations.cas.server import connect
from tests.integrations.cas.test_recorded import SUCCESS
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

AGAIN, GO_ON = "/compte/confirmer/", "/compte/confirmer/suite/"
EXPORT = reverse("staff:export")


@pytest.fixture
def release(application, bao, frozen):
    return prepared(drafted(application, bao), by=bao)


@pytest.fixture
def address(release):
    return reverse("staff:release_now", args=[release.pk])


@pytest.fixture
def long_ago(as_bao, frozen):
    """Bao signed in 31 minutes ago, and has been at work since."""
    as_bao.get("/gestion/")
    frozen.shift(31 * 60)
    return as_bao


def state(release):
    return Release.objects.get(pk=release.pk).state


def test_who_signed_in_a_moment_ago_is_not_asked(as_bao, address):
    assert as_bao.get(address).status_code == 200


def test_who_signed_in_long_ago_gives_the_password_first(long_ago, release, address):
    before = state(release)

    asked = long_ago.get(address)
    shown = long_ago.get(asked.url)
    wrong = long_ago.post(AGAIN, {"current": "wrong", "next": address})
    right = long_ago.post(AGAIN, {"current": PASSWORD, "next": address})
    on = long_ago.get(right.url)

    assert asked.url.startswith(f"{AGAIN}?next=")
    assert "montrez que c'est bien vous" in words(shown)
    assert (wrong.status_code, state(release)) == (422, before)
    assert on.url == address
    assert long_ago.get(address).status_code == 200


def test_what_was_sent_is_kept_and_sent_by_one_more_click(long_ago, release, address):
    before = state(release)
    asked = long_ago.post(address, {"seen": "12"})
    right = long_ago.post(AGAIN, {"current": PASSWORD, "next": address})

    shown = long_ago.get(right.url)
    once_more = long_ago.get(right.url)

    assert asked.url.startswith(AGAIN)
    assert state(release) == before
    assert (shown.context["address"], shown.context["fields"]) == (address, [("seen", "12")])
    assert once_more.url == address


def test_what_was_sent_elsewhere_is_not_given_back_here(long_ago, address):
    long_ago.post(address, {"seen": "12"})
    long_ago.post(AGAIN, {"current": PASSWORD})

    assert long_ago.get(GO_ON, {"next": "/gestion/"}).url == "/gestion/"


def test_one_decision_and_a_selection_are_released_alike(long_ago, bao, release):
    application = release.rows.get().application
    run = RunFactory(asked_by=bao, values={"action": RELEASE.code})
    other = RunFactory(asked_by=bao, values={"action": "comment"})

    one = long_ago.get(reverse("staff:release", args=[application.pk]))
    many, harmless = (
        long_ago.post(reverse("staff:run_confirm", args=[each.pk])) for each in (run, other)
    )

    assert one.url.startswith(AGAIN)
    assert many.url.startswith(AGAIN)
    assert harmless.status_code == 409


def test_institution_may_do_without(long_ago, address):
    Institution.objects.update(release_sign_in_minutes=0)

    assert long_ago.get(address).status_code == 200


def test_exports_ask_where_the_institution_wants_it(long_ago, application):
    free = long_ago.get(EXPORT).status_code
    Institution.objects.update(export_sign_in_minutes=5)

    pages = [EXPORT, reverse("staff:files")]
    asked = [long_ago.get(each).url for each in pages]
    sent = long_ago.post(EXPORT, {"do": "export", "columns": ["name"], "format": "csv"})

    assert free == 200
    long_ago.get(f"{EXPORT}?{'dossier=received&' * 30}")
    on = long_ago.get(long_ago.post(AGAIN, {"current": PASSWORD}).url)

    assert [each.startswith(AGAIN) for each in [*asked, sent.url]] == [True] * 3
    assert on.url == f"{EXPORT}?{'dossier=received&' * 30}"
    assert Download.objects.count() == 0


def test_who_may_not_is_not_even_asked(client, address, frozen):
    """Chris of another centre."""
    elsewhere = ApplicationFactory().intake.programme.commission.centre
    client.force_login(staff("manager", centre=elsewhere))
    client.get("/gestion/")
    frozen.shift(31 * 60)

    assert client.get(address).status_code == 404


# -- Through the institution -----------------------------------------------------------------------


@pytest.fixture
def attached(bao, settings):
    connect(settings, "https://cas.univ.example/")
    attach(bao, Identity(provider="valmont", subject="bao"))
    bao.set_unusable_password()
    bao.save()


def come_back(client, login, address):
    """To the CAS server, to sign in anew, and back."""
    asked = client.get("/compte/universite/par/valmont/", {"again": "1", "next": address})
    query = parse_qs(urlsplit(asked.url).query)
    service = urlsplit(query["service"][0])
    with respx.mock:
        answer = respx.get("https://cas.univ.example/p3/serviceValidate", params={"renew": "true"})
        answer.respond(200, content=SUCCESS.format(f"<cas:user>{login}</cas:user>").encode())
        return query, client.get(f"{service.path}?{service.query}&ticket=ST-1")


def test_who_has_no_password_signs_in_again_there(bao, attached, client, frozen, address):
    client.force_login(bao)
    client.get("/gestion/")
    frozen.shift(31 * 60)
    shown = client.get(client.get(address).url)

    query, back = come_back(client, "bao", address)

    assert shown.context["form"] is None
    assert "De nouveau avec CAS Valmont" in words(shown)
    assert query["renew"] == ["true"]
    assert back.url == address
    assert client.get(address).status_code == 200


def test_somebody_else_there_proves_nothing(bao, attached, client, frozen, address):
    client.force_login(bao)
    client.get("/gestion/")
    frozen.shift(31 * 60)

    _query, back = come_back(client, "other", address)

    assert back.url.startswith("/compte/universite/")
    assert client.get(address).url.startswith(AGAIN)
