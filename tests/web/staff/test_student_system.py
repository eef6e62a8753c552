"""A programme and its diploma in the student system: searched, associated, typed, dissociated."""

import pytest
from django.urls import reverse

from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain import student_system
from candide.institution.catalogue.models import Institution, Programme
from candide.integrations import sis
from candide.integrations.sis.port import Unavailable
from tests.factories.catalogue import ProgrammeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CHOSEN = "L2DEG02|1|Licence 2 Droit|LDEG|1"


@pytest.fixture
def programme():
    Institution.current()
    return ProgrammeFactory(code="DROIT")


@pytest.fixture
def as_manager(client, programme):
    client.force_login(member(Capability.MANAGE_CATALOGUE, centre=programme.commission.centre))
    return client


def page(programme):
    return reverse("staff:formations_student_system", args=[programme.pk])


def stored(programme):
    return Programme.objects.filter(pk=programme.pk).values_list(*student_system.FIELDS).get()


def test_programme_is_searched_associated_with_its_diploma_and_dissociated(as_manager, programme):
    shown = words(as_manager.get(page(programme), {"q": "licence 2 droit"}))
    as_manager.post(page(programme), {"q": "licence 2 droit", "do": CHOSEN})
    associated = stored(programme)
    said = words(as_manager.get(page(programme)))
    as_manager.post(page(programme), {"do": "dissociate"})

    assert "L2DEG02 – 1 Licence 2 Droit LDEG – 1" in shown
    assert associated == ("L2DEG02", "1", "Licence 2 Droit", "LDEG", "1")
    assert "Dissocier" in said
    assert stored(programme) == ("", "", "", "", "")
    changed = [set(entry.data["changes"]) for entry in entries_about(programme)]
    assert changed == [set(student_system.FIELDS)] * 2


def test_it_may_be_typed_and_others_with_the_same_code_are_named(as_manager, programme):
    ProgrammeFactory(code="AUTRE", sis_code="X1", sis_version="2")
    typed = dict.fromkeys(student_system.FIELDS, "")
    typed |= {"sis_code": "X1", "sis_version": "2", "sis_diploma": "D"}

    answered = as_manager.post(page(programme), {"do": "type", **typed}, follow=True)

    assert "AUTRE" in words(answered)
    assert stored(programme) == ("X1", "2", "", "D", "")
    too_long = as_manager.post(page(programme), {"do": "type", **typed, "sis_version": "x" * 11})
    assert too_long.status_code == 422


@pytest.mark.parametrize(
    ("asked", "said"),
    [("dr", "au moins 3"), ("zzzz", "Aucune formation"), ("droit", "ne répond pas")],
)
def test_search_says_what_it_needs_and_what_it_did_not_find(
    as_manager, programme, monkeypatch, asked, said
):
    if asked == "droit":

        def silent(self, words):
            raise Unavailable

        monkeypatch.setattr(type(sis.current()), "programmes", silent)

    assert said in words(as_manager.get(page(programme), {"q": asked}))


def test_what_the_system_no_longer_has_is_not_associated(as_manager, programme):
    refused = as_manager.post(page(programme), {"q": "licence 2 droit", "do": "GONE|1|x|y|z"})

    assert refused.status_code == 409
    assert stored(programme) == ("", "", "", "", "")


def test_programme_of_another_centre_is_not_found_and_reading_changes_nothing(client, programme):
    client.force_login(member(Capability.MANAGE_CATALOGUE, centre=ProgrammeFactory().centre))
    assert client.post(page(programme), {"do": "dissociate"}).status_code == 404
    client.force_login(member(Capability.MANAGE_CATALOGUE, can_write=False))
    assert client.get(page(programme)).status_code == 403
