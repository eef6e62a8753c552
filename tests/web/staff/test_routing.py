"""The admission route of one application, entered and confirmed on its page."""

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import IntakeDecisions
from candide.institution.access.models import Grant
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import again
from tests.factories.decisions import DecisionTypeFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


def url(name, application):
    return reverse(f"staff:{name}", args=[application.pk])


def direct(application):
    kind = DecisionTypeFactory(label="Admis de droit", outcome=Outcome.FAVOURABLE)
    IntakeDecisions.objects.create(intake=application.intake, favourable=kind)
    Application.objects.filter(pk=application.pk).update(route="direct", is_route_confirmed=False)


def test_route_is_entered_and_confirmed_on_the_page(as_bao, application):
    page = words(as_bao.get(url("application", application)))
    assert "Type de traitement" in page
    assert "à valider" not in page

    as_bao.post(url("enter_route", application), {"route": "undetermined"})

    assert "à valider" in words(as_bao.get(url("application", application)))
    as_bao.post(url("confirm_route", application), {"seen": "undetermined"})
    assert again(application).is_route_confirmed
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["route-undetermined"]


def test_page_says_that_direct_access_admits(as_bao, application):
    direct(application)

    page = words(as_bao.get(url("confirm_route", application)))

    assert "Admis de droit" in page
    assert not again(application).released_outcome
    response = as_bao.post(url("confirm_route", application), {"seen": "direct"})
    assert response.url == url("application", application)
    assert again(application).released_outcome == Outcome.FAVOURABLE


def test_route_changed_meanwhile_is_shown_not_confirmed(as_bao, application):
    direct(application)

    response = as_bao.post(url("confirm_route", application), {"seen": "controlled"})

    assert response.status_code == 409
    assert "est devenu « Accès direct » entre-temps" in words(response)
    assert not again(application).is_route_confirmed


def test_unwise_route_is_asked_about_once_more(as_bao, application):
    Institution.objects.update(reset_status_on_route_change=True)

    response = as_bao.post(url("enter_route", application), {"route": "undetermined"})

    assert "Saisir ce type malgré tout" in words(response)
    assert again(application).route == "controlled"
    as_bao.post(url("enter_route", application), {"route": "undetermined", "confirmed": "1"})
    assert again(application).route == "undetermined"


def test_refusal_is_shown_on_the_page(as_bao, application):
    Application.objects.filter(pk=application.pk).update(released_outcome=Outcome.FAVOURABLE)

    posted = {"route": "direct", "confirmed": "1"}
    response = as_bao.post(url("enter_route", application), posted)

    assert response.status_code == 409
    assert "l'accès direct n'est plus possible" in words(response)


def test_unknown_route_changes_nothing(as_bao, application):
    response = as_bao.post(url("enter_route", application), {"route": "autre"})

    assert response.status_code == 422
    assert "Choisissez un type de traitement." in words(response)
    assert again(application).route == "controlled"


def test_who_may_enter_may_not_always_confirm(as_bao, application):
    Grant.objects.filter(capability="confirm_route").delete()
    Application.objects.filter(pk=application.pk).update(is_route_confirmed=False)

    page = words(as_bao.get(url("application", application)))

    assert "Valider le type de traitement" not in page
    assert as_bao.post(url("confirm_route", application)).status_code == 403
