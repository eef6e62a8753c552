"""That an identity paper is destroyed is said where it is given, and afterwards, to both sides."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from tests.factories.applications import SubmittedDocumentFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import words_inside
from tests.web.staff.conftest import application, staff  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def said(client, area, about):
    return words_inside(client.get(reverse(f"{area}:application", args=[about.pk])))


def test_destruction_is_announced_and_told(client, application):  # noqa: F811
    paper = DocumentRequirementFactory(common=True, destroyed_after_days=30)
    DocumentRequirementFactory(common=True)
    client.force_login(application.candidate.user)
    before = said(client, "candidate", application)
    SubmittedDocumentFactory(
        application=application,
        version__requirement=paper,
        version__status="approved",
        version__destroyed_at=datetime(2027, 3, 14, 9, 0, tzinfo=UTC),
    )

    after = said(client, "candidate", application)
    client.force_login(staff("administrator"))
    to_staff = said(client, "staff", application)

    assert before.count("le fichier est détruit 30 jours après la décision définitive") == 1
    assert "le fichier est détruit" not in after
    for page in (after, to_staff):
        assert "Le fichier de cette pièce d’identité a été détruit le 14 mars 2027" in page
