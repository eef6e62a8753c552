"""What the programmes of the demonstration ask for."""

import pytest

from candide.core.clock import localdate
from candide.demo.asking import create_requirements
from candide.demo.organisation import create_organisation
from candide.institution.requirements.domain.asking import Origin, asked_of_programme
from candide.institution.requirements.models import DocumentRequirement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_programmes_ask_from_everywhere_and_one_document_has_a_template(now):
    organisation = create_organisation(localdate(now))

    create_requirements(organisation)

    origins = {
        each.origin
        for intake in organisation.intakes
        for each in asked_of_programme(DocumentRequirement, intake.programme)
    }
    with_template = DocumentRequirement.objects.exclude(template_file=None)
    assert origins == {Origin.INSTITUTION, Origin.CENTRE, Origin.PROGRAMME}
    assert [(each.code, each.template_file.name) for each in with_template] == [
        ("RECO", "modele-lettre-de-recommandation.pdf")
    ]
