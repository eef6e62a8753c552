"""« Aujourd'hui »: what waits, counted."""

import pytest
from django.urls import reverse

from tests.factories.applications import ApplicationFactory
from tests.factories.mails import OutgoingMailFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


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

    assert "1 réceptionné, à vérifier" in page
    assert "1 incomplet, chez le candidat" in page
    assert "1 complet, sans avis" in page
    assert "1 avis favorable sans réponse" in page
    assert "4 candidatures en tout" in page
    assert "0 mail non distribué" in page


def test_today_counts_the_failed_mails_in_reach_alone(as_bao, application):
    OutgoingMailFactory(failed=True)
    about = {"about_type": "applications.application", "about_id": application.pk}
    OutgoingMailFactory(failed=True, **about)

    assert "1 mail non distribué" in words(as_bao.get(reverse("staff:today")))


def test_today_tells_administrators_of_failed_mails(as_ada):
    assert "0 mail non distribué" in words(as_ada.get(reverse("staff:today")))
