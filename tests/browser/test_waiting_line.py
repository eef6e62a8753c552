"""The waiting line as somebody in it meets it, in its own time: the page comes back by itself every
twenty seconds, with scripts and without, keeps the place, and lets them in where they wanted to
go."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from candide.institution.accounts.models import PlaceInLine
from candide.institution.catalogue.models import Institution
from tests.browser.conftest import PHONE, WIDE, picture_of
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory

SPACE = "/espace/"
MOMENT = 30_000  # the page comes back within twenty seconds

pytestmark = [
    pytest.mark.soak,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=[(PHONE, False), (WIDE, True)], ids=["phone-no-script", "wide-script"])
def visit(request, browser, live_server):
    size, has_script = request.param
    context = browser.new_context(
        base_url=live_server.url, locale="fr-FR", viewport=size, java_script_enabled=has_script
    )
    yield context
    context.close()


@pytest.fixture
def crowd():
    """One may work, and does; another one waits already."""
    institution = Institution.current()
    institution.most_candidates = 1
    institution.save()
    now = timezone.now()
    return [
        PlaceInLine.objects.create(user=UserFactory(), seen_at=now, let_in_at=since)
        for since in (now, None)
    ]


def test_line_goes_on_by_itself(visit, crowd, live_server):
    inside, before = crowd
    client = Client()
    client.force_login(CandidateFactory(complete=True).user)
    session = client.cookies["sessionid"].value
    visit.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = visit.new_page()
    wide = page.viewport_size["width"]
    came = []
    page.on("response", lambda response: came.append((response.url, response.status)))

    assert page.goto(SPACE).status == 503
    expect(page.get_by_text("Vous êtes n° 2 dans la file")).to_be_visible()
    picture_of(page, f"in line {wide} second")

    before.delete()  # they gave up
    expect(page.get_by_text("Vous êtes n° 1 dans la file")).to_be_visible(timeout=MOMENT)
    picture_of(page, f"in line {wide} first")
    mine = PlaceInLine.objects.get(let_in_at=None)

    inside.delete()  # they have done what they came for
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mon espace", timeout=MOMENT)
    picture_of(page, f"in line {wide} let in")

    spaces = [status for url, status in came if url == f"{live_server.url}{SPACE}"]
    assert spaces == [503, 503, 200]
    mine.refresh_from_db()
    assert mine.let_in_at is not None
