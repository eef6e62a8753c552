"""From one application to the next of the list one came from."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from tests.admissions.conftest import NOW
from tests.factories.applications import (
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.catalogue import IntakeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import links, words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]

PREVIOUS, NEXT = "Candidature précédente", "Candidature suivante"


@pytest.fixture
def three(application):
    """Three dossiers received, a day apart, the first of them the oldest; one awaited between."""
    Application.objects.filter(pk=application.pk).update(created_at=NOW - timedelta(days=9))
    rows = [application]
    for days in (8, 7):
        rows.append(
            ApplicationFactory(
                intake=application.intake, transmitted=True, created_at=NOW - timedelta(days=days)
            )
        )
    ApplicationFactory(intake=application.intake, created_at=NOW - timedelta(days=7, hours=12))
    return rows


def page_in(client, application, query):
    return client.get(reverse("staff:application", args=[application.pk]), {"list": query})


def steps(response):
    """Which applications the page leads to, and in which list."""
    found = {}
    for address, text in links(response):
        for word in (PREVIOUS, NEXT):
            if text.startswith(word):
                parts = urlsplit(address)
                found[word] = (int(parts.path.split("/")[-2]), parse_qs(parts.query)["list"])
    return found


def test_neighbours_are_those_of_the_list_one_came_from(as_bao, three):
    oldest, middle, newest = three
    received = "dossier=received"

    shown = steps(page_in(as_bao, middle, received))

    assert shown == {PREVIOUS: (newest.pk, [received]), NEXT: (oldest.pk, [received])}
    assert PREVIOUS not in steps(page_in(as_bao, newest, received))
    assert NEXT not in steps(page_in(as_bao, oldest, received))
    assert "La dernière de la liste" in words(page_in(as_bao, oldest, received))


def test_order_of_the_list_counts(as_bao, three):
    oldest, middle, newest = three

    shown = steps(page_in(as_bao, middle, "dossier=received&sort=created"))

    assert shown[NEXT][0] == newest.pk
    assert shown[PREVIOUS][0] == oldest.pk


def test_counted_columns_order_the_walk_too(as_bao, three):
    shown = [steps(page_in(as_bao, each, "dossier=received&sort=-given")) for each in three]

    assert sum(NEXT in each for each in shown) == 2
    assert sum(PREVIOUS in each for each in shown) == 2


def test_what_left_the_list_still_leads_on(as_bao, three):
    oldest, middle, newest = three
    Application.objects.filter(pk=middle.pk).update(dossier_status=DossierStatus.COMPLETE)

    shown = steps(page_in(as_bao, middle, "dossier=received"))

    assert (shown[PREVIOUS][0], shown[NEXT][0]) == (newest.pk, oldest.pk)


def test_without_a_list_there_is_no_next(as_bao, three):
    assert steps(as_bao.get(reverse("staff:application", args=[three[1].pk]))) == {}


def test_applications_of_others_are_never_next(as_bao, application):
    ApplicationFactory(intake=IntakeFactory(), created_at=NOW - timedelta(days=30))

    assert steps(page_in(as_bao, application, "place=")) == {}


def test_list_goes_along_through_what_is_done(as_bao, application):
    url = reverse("staff:set_status", args=[application.pk])

    done = as_bao.post(
        f"{url}?list=dossier%3Dreceived",
        {"status-status": "complete", "status-seen": "received", "confirmed": "1"},
    )

    assert parse_qs(urlsplit(done.url).query) == {"list": ["dossier=received"]}


def test_grid_leads_into_its_list(as_bao, application):
    page = as_bao.get(reverse("staff:applications"), {"dossier": "received"})

    addresses = [address for address, _text in links(page) if f"/{application.pk}/" in address]
    (query,) = parse_qs(urlsplit(addresses[0]).query)["list"]
    assert parse_qs(query)["dossier"] == ["received"]


def test_walking_costs_the_same_in_a_longer_list(as_bao, application):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page_in(as_bao, application, "dossier=received&sort=-given")
        return len(queries)

    page_in(as_bao, application, "dossier=received")
    alone = count()
    for days in (1, 2, 3):
        ApplicationFactory(
            intake=application.intake, transmitted=True, created_at=NOW - timedelta(days=days)
        )

    assert count() == alone


# -- From one document to the next -----------------------------------------------------------------


@pytest.fixture
def documents(application):
    """Four documents in order, of which the third is approved already."""
    asked = [DocumentRequirementFactory(common=True, position=number) for number in range(1, 5)]
    for number, requirement in enumerate(asked, start=1):
        version = DocumentVersionFactory(
            candidate=application.candidate,
            requirement=requirement,
            file=StoredFileFactory(),
            status=ItemStatus.APPROVED if number == 3 else ItemStatus.SUBMITTED,
        )
        SubmittedDocumentFactory(application=application, requirement=requirement, version=version)
    return asked


@pytest.mark.parametrize(
    ("current", "previous", "following", "to_check"),
    [(1, None, 2, 2), (2, 1, 3, 4), (4, 3, None, 1)],
)
def test_viewer_leads_to_the_documents_beside_and_the_next_to_check(
    as_bao, application, documents, current, previous, following, to_check
):
    """A-132: the next to check is looked for round the circle."""
    page = reverse("staff:application", args=[application.pk])

    shown = as_bao.get(page, {"piece": documents[current - 1].pk})

    addresses = {text: address for address, text in links(shown)}
    places = {
        "Pièce précédente": previous,
        "Pièce suivante": following,
        "Pièce suivante à vérifier": to_check,
    }
    assert {said: addresses.get(said) for said in places} == {
        said: f"?piece={documents[place - 1].pk}#viewer" if place else None
        for said, place in places.items()
    }


@pytest.mark.parametrize(("checked", "then"), [(2, 4), (4, 1)])
def test_verdict_leads_where_the_viewer_would(as_bao, application, documents, checked, then):
    """A-132."""
    requirement = documents[checked - 1]
    seen = application.submitted_documents.get(requirement=requirement).version_id
    address = reverse("staff:check_document", args=[application.pk, requirement.pk])

    response = as_bao.post(address, {"verdict": "approve", "check-seen": seen, "check-comment": ""})

    assert parse_qs(urlsplit(response.url).query) == {"piece": [str(documents[then - 1].pk)]}
