"""« Effacer les données » by an administrator."""

import pytest

from candide.institution.accounts.models import User
from candide.institution.mails.models import OutgoingMail
from tests.factories.applications import ApplicationFactory
from tests.factories.handover import PreEnrolmentFactory
from tests.web.conftest import links, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def alix():
    return ApplicationFactory(complete=True).candidate.user


def page(user):
    return f"/gestion/candidats/{user.pk}/effacer/"


def test_administrator_reads_what_goes_and_erases_by_typing_the_number(as_ada, alix):
    """B-160."""
    candidate = f"/gestion/candidats/{alix.pk}/"
    assert (page(alix), "Effacer les données") in links(as_ada.get(candidate))
    seen = words_inside(as_ada.get(page(alix)))
    assert "Ce qui disparaît, définitivement" in seen
    assert "Candidature 1" in seen
    assert "est en cours" in seen
    assert "Une ligne par candidature" in seen.partition("Ce qui reste")[2]

    wrong = as_ada.post(page(alix), {"number": "K0000000"})
    assert wrong.status_code == 422
    assert User.objects.filter(pk=alix.pk).exists()

    done = as_ada.post(page(alix), {"number": f" {alix.file_number.lower()} ", "with_mail": "on"})

    assert done.url == "/gestion/candidats/"
    assert not User.objects.filter(pk=alix.pk).exists()
    assert OutgoingMail.objects.get(kind="account-deleted").to == alix.email
    assert as_ada.post(page(alix), {"number": alix.file_number}).status_code == 404


def test_what_became_impossible_meanwhile_is_said(as_ada, alix):
    User.objects.filter(pk=alix.pk).update(is_superuser=True)

    refused = as_ada.post(page(alix), {"number": alix.file_number})

    assert refused.status_code == 409
    assert User.objects.filter(pk=alix.pk).exists()


def test_managers_do_not_erase(as_bao, application):
    user = application.candidate.user

    assert as_bao.get(page(user)).status_code == 403
    assert page(user) not in [
        link for link, _ in links(as_bao.get(f"/gestion/candidats/{user.pk}/"))
    ]


def test_page_says_where_the_hand_over_of_each_application_is(as_ada, alix):
    PreEnrolmentFactory(application=alix.candidate.applications.get(), accepted=True)

    seen = words_inside(as_ada.get(page(alix)))

    assert "SI scolarité Dans le SI scolarité EC7K2M9Q" in seen
    assert "Le SI scolarité garde la préinscription" in seen
