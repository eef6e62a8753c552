"""The numbers of documents an application carries are those of its documents. That every verb
counts is looked at after each test beside this one (`conftest.py`)."""

from importlib import import_module
from unittest.mock import Mock

import pytest
from django.apps import apps

from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.counting import miscounted
from candide.admissions.applications.domain.documents import give_document, remove_document
from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.jobs import count_anew
from candide.admissions.applications.models import Application
from tests.admissions.conftest import NOW, again
from tests.factories.applications import (
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory


def numbers(application):
    """To check, approved, refused."""
    found = again(application)
    return found.documents_submitted, found.documents_approved, found.documents_refused


def test_verdict_counts_wherever_the_version_is_used(application, alix, bao, stored_file):
    requirement = DocumentRequirementFactory(common=True)
    other = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True))
    assert numbers(application) == numbers(other) == (0, 0, 0)

    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    assert numbers(application) == numbers(other) == (1, 0, 0)

    approved, refused = ItemStatus.APPROVED, ItemStatus.REFUSED
    said = {"by": bao, "now": NOW}
    check_documents(again(application), [requirement], approved, comment="", **said)
    assert numbers(application) == numbers(other) == (0, 1, 0)

    check_documents(
        again(other), [requirement], refused, comment="Illisible", only_here=True, **said
    )
    assert (numbers(application), numbers(other)) == ((0, 1, 0), (0, 0, 1))


def test_what_is_taken_back_and_what_does_not_concern_is_not_counted(
    application, alix, stored_file
):
    requirement = DocumentRequirementFactory(common=True)
    SubmittedDocumentFactory(
        application=application,
        version=DocumentVersionFactory(candidate=alix, status=ItemStatus.NOT_APPLICABLE),
    )
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)

    remove_document(again(application), requirement, by=alix.user, now=NOW)

    assert numbers(application) == (0, 0, 0)


def test_wrong_numbers_are_found_and_counted_anew_by_night(application):
    run = Mock(each=lambda keys, act: [act(key) for key in keys])
    SubmittedDocumentFactory(application=application, version__status=ItemStatus.SUBMITTED)
    Application.objects.update(documents_submitted=3)
    assert [each.pk for each in miscounted()] == [application.pk]

    count_anew(NOW, run)

    assert numbers(application) == (1, 0, 0)


@pytest.mark.parametrize(
    ("own", "of_version", "counted"),
    [
        ("", ItemStatus.SUBMITTED, (1, 0, 0)),
        (ItemStatus.APPROVED, ItemStatus.REFUSED, (0, 1, 0)),
        ("", ItemStatus.REFUSED, (0, 0, 1)),
    ],
)
def test_migration_counts_what_is_there(application, own, of_version, counted):
    SubmittedDocumentFactory(application=application, own_status=own, version__status=of_version)
    Application.objects.update(documents_submitted=0, documents_approved=0, documents_refused=0)
    migrations = "candide.admissions.applications.migrations"

    import_module(f"{migrations}.0009_documents_counted").count(apps, None)

    assert numbers(application) == counted
