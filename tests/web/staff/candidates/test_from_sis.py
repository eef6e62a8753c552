"""Staff take over anew what the student system says of a candidate, after a look at it [B-157]."""

import pytest
from django.urls import reverse

from candide.admissions.candidates.enums import IneState
from candide.admissions.candidates.models import Candidate
from candide.institution.catalogue.models import Institution
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.factories.reference import CountryFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
NUMBER = "22301457"


@pytest.fixture
def alix(application):
    candidate = application.candidate
    candidate.user.student_number = NUMBER
    candidate.user.save()
    known = DemonstrationStudentSystem().student_by_number(NUMBER)
    if candidate.birth_country.code != known.birth_country:
        CountryFactory(code=known.birth_country)
    return candidate


def address_of(candidate):
    return reverse("staff:candidate_from_sis", args=[candidate.user_id])


def name_of(candidate):
    return Candidate.objects.values_list("first_name", flat=True).get(pk=candidate.pk)


def test_preview_changes_nothing_and_says_both(as_bao, alix):
    known = DemonstrationStudentSystem().student_by_number(NUMBER)

    response = as_bao.get(address_of(alix))

    changes = {
        str(each.label): (each.before, each.after) for each in response.context["preview"].changes
    }
    assert changes["Prénom"] == (alix.first_name, known.first_name.upper())
    assert str(changes["Prénom"][1]) in words(response)
    assert "Relevé de notes de licence 3 (2025-2026)" in words(response)
    assert name_of(alix) == alix.first_name


def test_what_was_shown_is_taken_over(as_bao, alix):
    seen = as_bao.get(address_of(alix)).context["preview"].mark

    response = as_bao.post(address_of(alix), {"seen": seen})

    stored = Candidate.objects.get(pk=alix.pk)
    assert response.status_code == 302
    assert (stored.is_imported, stored.student_number) == (True, NUMBER)
    assert stored.first_name != alix.first_name
    assert stored.internal_studies.count() == 3
    assert stored.documents_wanted_at is not None


def test_studies_and_documents_the_institution_leaves_out_are_not_shown_nor_taken(as_bao, alix):
    """A-020."""
    usual = as_bao.get(address_of(alix)).context["preview"]
    off = {"has_internal_studies": False, "has_student_documents": False}
    Institution.objects.update_or_create(pk=1, defaults=off)

    shown = as_bao.get(address_of(alix)).context["preview"]
    as_bao.post(address_of(alix), {"seen": shown.mark})

    stored = Candidate.objects.get(pk=alix.pk)
    assert (usual.studies, bool(usual.documents)) == (3, True)
    assert (shown.studies, shown.documents) == (0, [])
    assert (stored.is_imported, stored.internal_studies.count()) == (True, 0)
    assert stored.documents_wanted_at is None


def test_what_was_not_shown_is_not_taken_over(as_bao, alix):
    response = as_bao.post(address_of(alix), {"seen": "another"})

    assert response.status_code == 409
    assert name_of(alix) == alix.first_name


def test_a_typed_ine_is_no_proof(as_bao, application):
    """Not even one the student system knows."""
    known = DemonstrationStudentSystem().student_by_number(NUMBER)
    Candidate.objects.filter(pk=application.candidate_id).update(
        ine=known.ine, ine_state=IneState.CONFIRMED
    )

    page = as_bao.get(address_of(application.candidate))
    as_bao.post(address_of(application.candidate), {"seen": "x"})

    assert page.context["preview"] is None
    assert [each.code for each in page.context["blockers"]] == ["not_proved"]
    assert name_of(application.candidate) == application.candidate.first_name


def test_number_nobody_knows_is_said(as_bao, alix):
    alix.user.student_number = "0"
    alix.user.save()

    assert [each.code for each in as_bao.get(address_of(alix)).context["blockers"]] == ["unknown"]


def test_without_a_system_nothing_is_asked(as_bao, alix, settings):
    settings.STUDENT_SYSTEM = "none"

    codes = [each.code for each in as_bao.get(address_of(alix)).context["blockers"]]

    assert codes == ["no_system"]


def test_system_that_does_not_answer_changes_nothing(as_bao, alix, monkeypatch):
    def fail(self, number):
        raise Unavailable

    monkeypatch.setattr(DemonstrationStudentSystem, "student_by_number", fail)

    responses = as_bao.get(address_of(alix)), as_bao.post(address_of(alix), {"seen": "x"})

    assert all("ne répond pas" in words(response) for response in responses)
    assert name_of(alix) == alix.first_name
