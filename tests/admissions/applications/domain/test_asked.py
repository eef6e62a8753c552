"""What an application is asked for [PJ-01, PJ-02]."""

import pytest

from candide.admissions.applications.domain.asked import requested_documents
from tests.admissions.conftest import again
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.requirements import DocumentRequirementFactory


def asked(application):
    return [item.requirement.code for item in requested_documents(again(application))]


@pytest.fixture
def elsewhere(alix):
    """Alix's application in another centre."""
    return ApplicationFactory(candidate=alix)


def test_document_of_the_institution_is_asked_in_every_centre(application, elsewhere):
    """S0-21: no centre can leave it out."""
    DocumentRequirementFactory(code="of-all", common=True)

    assert asked(application) == asked(elsewhere) == ["of-all"]


def test_document_of_a_centre_is_asked_there_alone(application, elsewhere):
    centre = application.intake.programme.commission.centre
    DocumentRequirementFactory(code="of-centre", common=True, centre=centre)

    assert asked(application) == ["of-centre"]
    assert asked(elsewhere) == []


def test_people_in_continuing_education_are_asked_for_the_same(application, alix):
    """S0-22, S0-23: the flag is for staff and changes no list."""
    DocumentRequirementFactory(code="of-all", common=True)
    alix.user.is_continuing_education = True
    alix.user.save()

    assert asked(application) == ["of-all"]


def test_document_of_another_centre_stays_where_it_was_given(application):
    requirement = DocumentRequirementFactory(code="of-another-centre", common_to_centre=True)
    assert asked(application) == []

    SubmittedDocumentFactory(application=application, version__requirement=requirement)

    assert asked(application) == ["of-another-centre"]
