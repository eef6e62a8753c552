"""« Aujourd'hui » and the grid."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import DossierStatus, Outcome
from tests.admissions.conftest import NOW
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

GRID = reverse("staff:applications")


def listed(response):
    return [
        int(pk) for pk in re.findall(r"/gestion/candidatures/(\d+)/\"", response.content.decode())
    ]


@pytest.fixture
def in_centre(application):
    """Makes applications to Alix's intake, by other people."""

    def make(**fields):
        return ApplicationFactory(intake=application.intake, **fields)

    return make


def test_today_counts_what_waits_and_links_to_it(as_bao, in_centre):
    in_centre(incomplete=True)
    in_centre(complete=True)
    in_centre(offered=True)
    ApplicationFactory(transmitted=True)

    page = words(as_bao.get(reverse("staff:today")))

    assert "1 réceptionnés, à vérifier" in page
    assert "1 incomplets, chez le candidat" in page
    assert "1 complets, sans avis" in page
    assert "1 avis favorables sans réponse" in page
    assert "4 candidatures en tout" in page
    assert "mails non distribués" not in page


def test_today_tells_administrators_of_failed_mails(as_ada):
    assert "0 mails non distribués" in words(as_ada.get(reverse("staff:today")))


def test_grid_shows_what_is_in_reach_and_nothing_else(as_bao, application, in_centre):
    near = in_centre()
    ApplicationFactory()

    assert sorted(listed(as_bao.get(GRID))) == sorted([application.pk, near.pk])


def test_grid_of_a_commission_member_is_that_of_the_commission(client, application):
    client.force_login(staff("commission", commission=application.intake.programme.commission))
    ApplicationFactory()

    assert listed(client.get(GRID)) == [application.pk]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"received", "incomplete", "refused", "drafted", "accepted"}),
        ("dossier=incomplete", {"incomplete"}),
        ("decision=none", {"received", "incomplete", "drafted"}),
        ("decision=draft", {"drafted"}),
        ("decision=unfavourable", {"refused"}),
        ("answer=accepted", {"accepted"}),
        ("answer=none", {"received", "incomplete", "refused", "drafted"}),
        ("cancelled=on", {"cancelled"}),
        ("dossier=nonsense", {"received", "incomplete", "refused", "drafted", "accepted"}),
    ],
)
def test_grid_is_narrowed_by_its_filters(as_bao, application, in_centre, query, found):
    made = {
        "received": application,
        "incomplete": in_centre(incomplete=True),
        "refused": in_centre(
            complete=True, released_outcome=Outcome.UNFAVOURABLE, has_any_decision=True
        ),
        "drafted": in_centre(complete=True, has_draft_decision=True, has_any_decision=True),
        "accepted": in_centre(accepted=True),
        "cancelled": in_centre(cancelled=True),
    }

    assert set(listed(as_bao.get(f"{GRID}?{query}"))) == {made[name].pk for name in found}


@pytest.mark.parametrize("typed", ["dupont", "DÛPONT", "alix dup", "X7K2", "alix@exemple.org"])
def test_grid_searches_names_numbers_and_addresses(as_bao, in_centre, typed):
    candidate = CandidateFactory(search_text="x7k2m9qa dupont alix", user__email="alix@exemple.org")
    wanted = in_centre(candidate=candidate)

    assert listed(as_bao.get(GRID, {"q": typed})) == [wanted.pk]


def test_grid_that_finds_nothing_says_what_would_help(as_bao, application):
    assert "Effacez les filtres" in words(as_bao.get(GRID, {"q": "personne"}))


def test_grid_pages_by_key_both_ways(as_bao, application, in_centre, monkeypatch):
    monkeypatch.setattr("candide.web.staff.lists.PAGE", 2)
    for number in range(4):
        in_centre(created_at=NOW - timedelta(days=number + 1))

    first = as_bao.get(GRID)
    second = as_bao.get(f"{GRID}?after={key(first, 'after')}")
    third = as_bao.get(f"{GRID}?after={key(second, 'after')}")
    back = as_bao.get(f"{GRID}?before={key(third, 'before')}")
    start = as_bao.get(f"{GRID}?before={key(back, 'before')}")

    assert [len(listed(page)) for page in (first, second, third)] == [2, 2, 1]
    assert listed(back) == listed(second)
    assert listed(start) == listed(first)
    assert listed(as_bao.get(f"{GRID}?after=nonsense")) == listed(first)


def key(response, which):
    # The last one: the switch of language remembers the address of this page too.
    return re.findall(rf"{which}=([^\"&]+)", response.content.decode())[-1]


@pytest.mark.parametrize("count", [1, 3])
def test_grid_takes_constant_queries(as_bao, in_centre, count, django_assert_num_queries):
    for _number in range(count - 1):
        in_centre()
    as_bao.get(GRID)

    with django_assert_num_queries(7):
        as_bao.get(GRID)


def test_grid_shows_transmitted_status(as_bao, application):
    assert application.dossier_status == DossierStatus.RECEIVED
    assert "Réceptionné" in words(as_bao.get(GRID))
