"""What stands around every page."""

import re

import pytest
from django.template.loader import get_template
from django.urls import reverse

from candide.institution.accounts.models import User
from candide.web.shared.context import navigation
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.files import StoredFileFactory
from tests.web.shared.conftest import even, words

pytestmark = pytest.mark.django_db

PAGE = "/gestion/components/"


@pytest.fixture
def alix():
    return User.objects.create_user("alix@example.org", file_number="ALIX0001", first_name="Alix")


@pytest.fixture
def bao():
    return User.objects.create_user("bao@example.org", first_name="Bao", last_name="Nguyen")


def text(response):
    return even(response.content.decode())


def menu(response):
    nav = re.search('<nav id="site-nav".*?</nav>', text(response), re.DOTALL).group()
    return [words(entry) for entry in re.findall("<li>(.*?)</li>", nav, re.DOTALL)]


def test_menu_of_an_anonymous_visitor(client, institution):
    assert menu(client.get(PAGE)) == ["Accueil", "Offre de formation", "Assistance", "Connexion"]


def test_menu_of_a_candidate(client, institution, alix):
    client.force_login(alix)

    assert menu(client.get(PAGE)) == [
        "Mon espace",
        "Mon dossier",
        "Candidatures",
        "Offre de formation",
        "Assistance",
    ]


def ways_to_assistance(response):
    """Which of menu and foot of the page have a link to the assistance."""
    page = text(response)
    parts = {
        "menu": re.search('<nav id="site-nav".*?</nav>', page),
        "foot": re.search('<footer class="site-footer">.*?</footer>', page),
    }
    link = re.compile('<a href="/assistance/"[^>]*>(?:(?!</a>).)*Assistance')
    return [name for name, part in parts.items() if part and link.search(part.group())]


@pytest.mark.parametrize("address", ["/", "/offre/", "/compte/creer/", "/nulle-part/"])
def test_visitor_reaches_assistance_from_everywhere(client, institution, address):
    """S2-61."""
    assert ways_to_assistance(client.get(address)) == ["menu", "foot"]


@pytest.mark.parametrize(
    "address",
    [
        "/espace/",
        "/espace/dossier/",
        "/espace/dossier/adresse/",
        "/espace/dossier/adresse/modifier/",
        "/espace/candidatures/",
        "/espace/candidatures/{application}/",
        "/espace/candidatures/{application}/annuler/",
        "/nulle-part/",
    ],
)
def test_candidate_reaches_assistance_from_everywhere(client, institution, address):
    """S2-61."""
    application = ApplicationFactory(candidate=CandidateFactory(complete=True))
    client.force_login(application.candidate.user)

    response = client.get(address.format(application=application.pk))

    assert ways_to_assistance(response) == ["menu", "foot"]


def test_menu_of_staff(client, institution, bao):
    client.force_login(bao)

    assert menu(client.get(PAGE))[:2] == ["Aujourd'hui", "Candidatures"]


def test_signed_in_person_sees_who_they_are_and_can_sign_out_by_post(client, institution, bao):
    client.force_login(bao)

    page = text(client.get(PAGE))

    panel = re.search('<div class="user-menu-panel">.*?</form>', page, re.DOTALL).group()
    assert "Bao Nguyen" in words(panel)
    assert f'method="post" action="{reverse("account_logout")}"' in panel


def test_entry_of_the_menu_that_leads_here_is_marked(rf, draw):
    drawn = draw("<c-nav-link page='shared:components' icon='house'>Ici</c-nav-link>")
    here = draw(
        "<c-nav-link page='shared:components' icon='house'>Ici</c-nav-link>",
        request=rf.get(PAGE),
    )
    below = draw(
        "<c-nav-link page='shared:components' icon='house'>Ici</c-nav-link>",
        request=rf.get(f"{PAGE}more/"),
    )

    assert re.findall('aria-current="(.*?)"', drawn + here + below) == ["page", "true"]


def test_one_entry_of_the_menu_of_staff_is_marked(rf, draw):
    request = rf.get(f"{reverse('staff:applications')}12/")

    drawn = draw("{% include 'shared/nav/staff.html' %}", request=request)

    marked = re.findall('href="([^"]*)" aria-current', drawn)
    assert marked == [reverse("staff:applications")]


def test_page_names_the_institution_and_its_language(client, institution):
    institution.name = "Université <de> l'Essai"
    institution.save()

    page = text(client.get(PAGE))

    assert '<html lang="fr">' in page
    assert "<title>Composants – Université &lt;de&gt; l&#x27;Essai</title>" in page


def test_language_is_switched_by_post_and_comes_back_here(client, institution):
    response = client.post(
        reverse("set_language"), {"language": "en", "next": f"{PAGE}?a=1"}, follow=True
    )

    assert response.redirect_chain == [(f"{PAGE}?a=1", 302)]
    assert '<html lang="en">' in text(response)
    assert "Skip to content" in text(response)
    assert re.findall(r'name="language" value="(\w+)" lang="(\w+)"', text(response)) == [
        ("fr", "fr")
    ]


def test_messages_stand_in_a_live_region(client, institution):
    page = text(client.get(PAGE))

    region = re.search('<div id="messages".*?role="status" aria-live="polite">', page, re.DOTALL)
    assert region is not None
    assert "Attention : Message « warning »." in words(page)


def test_messages_fragment_replaces_the_region_out_of_band(rf):
    drawn = get_template("shared/messages.html").render({"messages": [], "oob": True})

    assert 'hx-swap-oob="true"' in drawn


def test_page_holds_no_inline_script_or_style(client, institution):
    page = text(client.get(PAGE))

    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=", page) == []
    assert '"allowEval":false' in page


def test_policy_forbids_inline_code(client, institution):
    policy = client.get(PAGE)["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy


def test_layout_costs_two_queries_for_a_visitor(client, institution, django_assert_num_queries):
    with django_assert_num_queries(2):  # the institution, and its words for statuses
        client.get(PAGE)


def test_page_of_components_is_not_shown_in_production(client, institution, settings):
    settings.SHOW_COMPONENTS = False

    assert client.get(PAGE).status_code == 404


def test_navigation_of_a_request_without_a_user(rf):
    assert navigation(rf.get("/")) == "anonymous"


def test_logo_is_cached_for_ever_at_an_address_of_its_own(client, institution):
    institution.logo = StoredFileFactory(media_type="image/png")
    institution.save()
    address = reverse("shared:logo", args=[institution.logo_id])

    page = text(client.get(PAGE))
    response = client.get(address)
    response.close()

    assert f'<img src="{address}" alt="" height="40">' in page
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_no_file_but_the_logo_is_shown_to_everybody(client, institution):
    dossier = StoredFileFactory()
    institution.logo = StoredFileFactory(media_type="image/png")
    institution.save()

    assert client.get(reverse("shared:logo", args=[dossier.pk])).status_code == 404


def test_accessibility_page_says_whom_to_write_to(client, institution):
    institution.contact_email = "aide@example.org"
    institution.contact_url = "https://example.org/contact"
    institution.save()

    page = text(client.get(reverse("shared:accessibility")))

    assert 'href="mailto:aide@example.org"' in page
    assert 'href="https://example.org/contact"' in page
    assert "Défenseur des droits" in page
