"""« Démonstration »: a person for every state, in a demonstration only."""

import re

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from candide.demo.crowd import PASSWORD
from candide.web.staff import demonstration
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY, TODAY, IntakeFactory
from tests.factories.correspondence import MessageFactory
from tests.factories.mails import OutgoingMailFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

ADDRESS = reverse("staff:demonstration")


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def listed(response):
    return [
        int(pk) for pk in re.findall(r"/gestion/candidatures/(\d+)/\"", response.content.decode())
    ]


def test_outside_a_demonstration_there_is_no_such_page(as_ada):
    assert as_ada.get(ADDRESS).status_code == 404
    assert ADDRESS not in as_ada.get(reverse("staff:today")).content.decode()


@pytest.mark.usefixtures("demo")
def test_managers_do_not_see_it(as_bao):
    assert as_bao.get(ADDRESS).status_code == 403
    assert ADDRESS not in as_bao.get(reverse("staff:today")).content.decode()


@pytest.mark.usefixtures("demo")
def test_today_leads_there(as_ada):
    page = as_ada.get(reverse("staff:today")).content.decode()

    assert f'href="{ADDRESS}"' in page
    assert f'href="{reverse("staff:outbox")}"' in page


@pytest.mark.usefixtures("demo")
def test_password_is_that_of_the_people_loaded(as_ada):
    assert demonstration.PASSWORD == PASSWORD
    assert PASSWORD in words(as_ada.get(ADDRESS))


@pytest.mark.usefixtures("demo")
def test_first_application_of_each_combination_and_no_other(as_ada, application):
    over = {"acceptance_due_on": TODAY - DAY, "results_on": TODAY - DAY}
    told_apart = [
        application,
        ApplicationFactory(intake=application.intake),
        ApplicationFactory(intake=application.intake, incomplete=True),
        ApplicationFactory(intake=application.intake, cancelled=True),
        ApplicationFactory(intake=IntakeFactory(open=True, is_paperless=False)),
        ApplicationFactory(intake=IntakeFactory(closes_on=TODAY)),
        ApplicationFactory(intake=IntakeFactory(closed=True)),
        ApplicationFactory(intake=IntakeFactory(closed=True, results_on=TODAY)),
        ApplicationFactory(intake=IntakeFactory(closed=True, **over)),
        *(
            ApplicationFactory(
                intake=application.intake,
                complete=True,
                has_any_decision=True,
                released_outcome=outcome,
            )
            for outcome in Outcome
        ),
        ApplicationFactory(
            intake=application.intake, complete=True, has_any_decision=True, has_draft_decision=True
        ),
        ApplicationFactory(intake=application.intake, accepted=True),
        ApplicationFactory(intake=application.intake, withdrawn=True),
    ]
    ApplicationFactory(intake=application.intake)
    ApplicationFactory(intake=IntakeFactory(closed=True, **over))

    found = listed(as_ada.get(ADDRESS))

    assert sorted(found) == sorted(one.pk for one in told_apart)


@pytest.mark.usefixtures("demo")
def test_page_says_who_signs_in_and_what_the_state_is(as_ada, application):
    page = words(as_ada.get(ADDRESS))

    assert application.candidate.user.file_number in page
    assert "Réceptionné" in page
    assert "Candidatures ouvertes" in page
    assert "en ligne" in page


@pytest.mark.usefixtures("demo")
def test_empty_demonstration_says_what_loads_it(as_ada, application):
    application.delete()

    assert "candide demo" in words(as_ada.get(ADDRESS))


@pytest.mark.usefixtures("demo")
def test_what_the_office_did_is_a_click_away(as_ada, application):
    MessageFactory(application=application)
    OutgoingMailFactory(status="failed")

    page = as_ada.get(ADDRESS).content.decode()

    assert f'<a href="{reverse("staff:application", args=[application.pk])}#thread">' in page
    assert "Un message à lire" in page
    assert f'<a href="{reverse("staff:outbox")}?status=failed">Des mails en échec</a>' in page
    assert "Une proposition" not in page


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("count", [1, 3])
def test_takes_constant_queries(as_ada, application, count, django_assert_num_queries):
    for outcome in list(Outcome)[: count - 1]:
        ApplicationFactory(complete=True, has_any_decision=True, released_outcome=outcome)
    as_ada.get(ADDRESS)

    with django_assert_num_queries(27):
        as_ada.get(ADDRESS)
