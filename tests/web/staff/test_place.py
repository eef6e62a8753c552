"""« Où je travaille »: pages begin there, the address says so, and nothing is out of reach."""

import pytest
from django.test import Client
from django.urls import reverse

from candide.admissions.applications.domain.saved_views import save_view
from candide.institution.access.enums import Capability
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.factories.access import ada
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import CommissionFactory, IntakeFactory, ProgrammeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PLACE = "/gestion/lieu/"
PAGES = (
    "/gestion/",
    "/gestion/candidatures/",
    "/gestion/statistiques/",
    "/gestion/statistiques/commissions/",
    "/gestion/parametrage/formations/",
)


@pytest.fixture
def admin(client):
    Institution.current()
    user = ada(first_name="Ada", last_name="LEROUX")
    client.force_login(user)
    return user


@pytest.fixture
def sciences():
    return CommissionFactory(name="Jury de sciences")


@pytest.fixture
def applications(sciences):
    """One in sciences, one elsewhere."""
    inside = IntakeFactory(programme=ProgrammeFactory(commission=sciences))
    return ApplicationFactory(intake=inside), ApplicationFactory()


def choose(client, commission, **values):
    return client.post(PLACE, {"place": f"commission-{commission.pk}", **values})


@pytest.mark.parametrize("page", PAGES)
def test_pages_begin_in_the_place_and_their_address_says_so(client, admin, sciences, page):
    before = client.get(page).status_code
    chosen = choose(client, sciences, next=page)
    there = client.get(page)
    whole = client.get(page, {"centre": "", "commission": ""})

    assert (before, chosen.url) == (200, page)
    assert there.url == f"{page}?commission={sciences.pk}"
    assert whole.status_code == 200


def test_today_and_the_list_count_what_is_there(client, admin, sciences, applications):
    choose(client, sciences)

    today = client.get("/gestion/", follow=True)
    listed = client.get("/gestion/candidatures/", follow=True)
    whole = client.get("/gestion/", {"centre": ""})

    assert "Aujourd'hui – Jury de sciences" in words(today)
    assert today.context["counts"]["all"] == 1
    assert f"?commission={sciences.pk}&amp;dossier=received" in today.content.decode()
    assert [line.application for line in listed.context["lines"]] == [applications[0]]
    assert whole.context["counts"]["all"] == 2


def test_centre_is_a_place_with_all_its_commissions(client, admin, sciences, applications):
    """B-018: chosen from the header of any page."""
    centre = sciences.centre
    ApplicationFactory(intake__programme__commission__centre=centre)

    header = client.get("/gestion/statistiques/").content.decode().partition("<main")[0]
    client.post(PLACE, {"place": f"centre-{centre.pk}"})
    addresses = [client.get(page).url for page in PAGES]
    today = client.get("/gestion/", follow=True)
    listed = client.get("/gestion/candidatures/", follow=True)

    assert f'href="{PLACE}?next=/gestion/statistiques/"' in header
    assert addresses == [f"{page}?centre={centre.pk}" for page in PAGES]
    assert today.context["counts"]["all"] == len(listed.context["lines"]) == 2


def test_address_sent_to_a_colleague_shows_them_the_same(client, admin, sciences, applications):
    foreign = applications[1].intake.programme.commission
    colleague = Client()
    colleague.force_login(ada())
    choose(colleague, foreign)
    choose(client, sciences)
    address = client.get("/gestion/candidatures/").url

    seen = colleague.get(address)

    assert [line.application for line in seen.context["lines"]] == [applications[0]]


def test_list_one_wants_first_opens_in_the_place_unless_it_names_one(client, admin, sciences):
    save_view(by=admin, name="Reçus", query="dossier=received", is_default=True)
    choose(client, sciences)
    there = client.get("/gestion/candidatures/").url
    save_view(by=admin, name="Reçus", query="centre=&dossier=received", is_default=True)

    assert there == f"/gestion/candidatures/?commission={sciences.pk}&dossier=received"
    assert client.get("/gestion/candidatures/").status_code == 200


def test_place_is_remembered_and_a_preferred_one_is_where_one_begins(client, admin, sciences):
    other = CommissionFactory(name="Jury de droit")
    choose(client, sciences, prefer="1")
    choose(client, other)
    later = Client()
    later.force_login(User.objects.get(pk=admin.pk))

    now, then = (each.get(PLACE) for each in (client, later))

    assert "Jury de droit – en ce moment" in words(now)
    assert "Jury de sciences – en ce moment – préféré" in words(then)
    assert later.get("/gestion/").url == f"/gestion/?commission={sciences.pk}"


def test_everything_in_reach_is_chosen_again(client, admin, sciences):
    choose(client, sciences)

    client.post(PLACE, {"place": "all"})

    assert client.get("/gestion/").status_code == 200
    assert "Tout mon périmètre – en ce moment" in words(client.get(PLACE))


def test_place_that_is_closed_narrows_nothing_and_is_said(client, admin, sciences):
    choose(client, sciences)
    sciences.is_active = False
    sciences.save()

    page = client.get("/gestion/")

    assert page.status_code == 200
    assert "le dernier est fermé" in words(page)


def test_places_are_searched_and_foreign_ones_refused(client, admin, sciences):
    CommissionFactory(name="Jury de droit")

    found = client.get(PLACE, {"q": "jury sciences"})
    nothing = client.get(PLACE, {"q": "zorglub"})

    assert [len(inside) for _centre, inside in found.context["places"]] == [1]
    assert "Aucun lieu de ce nom" in words(nothing)
    assert client.post(PLACE, {"place": "centre-0"}).status_code == 422


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", PLACE, "/x/"])
def test_one_is_led_on_within_the_pages_of_staff(client, admin, sciences, following):
    assert choose(client, sciences, next=following).url == reverse("staff:today")


@pytest.mark.parametrize("number", [1, 3])
def test_places_take_constant_queries(client, admin, number, django_assert_num_queries):
    for _number in range(number):
        CommissionFactory()

    with django_assert_num_queries(8):
        client.get(PLACE)


# -- Menus -----------------------------------------------------------------------------------------


def test_menus_and_settings_hold_what_ones_rights_open(client, admin):
    """B-017."""
    seen = []
    for user in (admin, member(Capability.VIEW_APPLICATIONS)):
        client.force_login(user)
        menu = client.get("/gestion/").content.decode().partition("<main")[0]
        settings = client.get("/gestion/parametrage/").content.decode()
        entries = [
            (menu, "candidatures"),
            (menu, "candidats"),
            (menu, "publications"),
            (settings, "parametrage/centres"),
            (settings, "parametrage/etablissement"),
            (settings, "parametrage/personnes"),
        ]
        seen.append([f'href="/gestion/{entry}/"' in page for page, entry in entries])

    assert seen == [[True] * 6, [True, *[False] * 5]]


def test_entries_the_institution_hides_are_shown_to_who_sets_it_up_alone(client, admin, bao):
    institution = Institution.current()
    institution.hidden_entries = ["staff:statistics", "staff:commissions"]
    institution.save()
    seen = []
    for user in (admin, bao):
        client.force_login(user)
        pages = [client.get(url).content.decode() for url in ("/gestion/", "/gestion/parametrage/")]
        seen.append(
            [
                'href="/gestion/statistiques/"' in pages[0],
                'href="/gestion/parametrage/commissions/"' in pages[1],
                'href="/gestion/actions/"' in pages[0],
            ]
        )

    assert seen == [[True, True, True], [False, False, True]]
    assert client.get("/gestion/statistiques/").status_code == 200


def test_entries_are_chosen_among_those_there_are(client, admin):
    page = "/gestion/parametrage/etablissement/menus/"
    form = client.get(page).context["form"]

    client.post(page, {"seen": form.initial["seen"], "hidden_entries": ["staff:runs"]})
    client.post(page, {"seen": form.initial["seen"], "hidden_entries": ["staff:today"]})

    assert Institution.objects.get().hidden_entries == ["staff:runs"]
    assert "Mes actions" in words(client.get("/gestion/parametrage/etablissement/"))


# -- A candidate stands in the address [B-019] -----------------------------------------------------


def test_two_windows_with_two_candidates_never_mix(client, admin, applications):
    here, there = (each.candidate.user for each in applications)
    windows = [f"/gestion/candidats/{user.pk}/" for user in (here, there)]

    shown = [client.get(windows[0]), client.get(windows[1])]
    kept = set(client.session.keys())
    shown.append(client.get(windows[0]))

    numbers = [[user.file_number in words(page) for user in (here, there)] for page in shown]
    assert numbers == [[True, False], [False, True], [True, False]]
    # Nothing of a candidate is in the session: what it holds is who is signed in, since when.
    assert kept - {"signed_in_at"} == {
        "_auth_user_id",
        "_auth_user_backend",
        "_auth_user_hash",
        "seen_at",
    }


def test_page_shows_no_application_of_somebody_else(as_bao, application):
    """B-019."""
    ApplicationFactory(intake=application.intake)
    page = as_bao.get(reverse("staff:candidate", args=[application.candidate.user_id]))

    assert list(page.context["applications"]) == [application]
