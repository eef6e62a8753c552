"""« Durées de conservation »: the table for administrators."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candide.institution.catalogue.models import Institution
from tests.factories.mails import OutgoingMailFactory
from tests.web.conftest import links, words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/durees-de-conservation/"
SETTINGS = "/gestion/parametrage/etablissement/conservation/"


def test_each_kind_with_its_days_its_job_and_what_goes(as_ada):
    Institution.current()
    Institution.objects.update(mail_days=99)
    OutgoingMailFactory(sent=True, queued_at=timezone.now() - timedelta(days=100))

    page = as_ada.get(PAGE)

    words = words_inside(page)
    assert "99 jours depuis que le mail a été écrit" in words
    assert "personne ne l’a encore accepté" in words
    targets = [address for address, _word in links(page)]
    assert "/gestion/parametrage/traitements/destroy-mails/" in targets
    assert SETTINGS in targets
    assert PAGE in [address for address, _word in links(as_ada.get("/gestion/parametrage/"))]


def test_days_are_set_on_the_page_of_settings(as_ada):
    Institution.current()

    def change(days):
        form = as_ada.get(SETTINGS).context["form"]
        values = {name: form[name].value() for name in form.fields}
        return as_ada.post(SETTINGS, {**values, "unused_days": days})

    change("400")
    refused = change("10")

    assert Institution.objects.get().unused_days == 400
    assert refused.status_code == 422


def test_bao_does_not_see_it(as_bao):
    assert as_bao.get(PAGE).status_code == 403
