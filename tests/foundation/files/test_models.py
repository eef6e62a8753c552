import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from candide.foundation.files.enums import Change, ScanStatus
from candide.foundation.files.models import StoredFile
from tests.factories.accounts import UserFactory
from tests.factories.files import OriginalFileFactory, StoredFileFactory

pytestmark = pytest.mark.django_db


def test_file_is_called_by_its_name():
    original = OriginalFileFactory()

    assert str(original) == "photo.jpg"
    assert str(original.stored_file) == "diplome.pdf"
    assert original.blob == f"{original.key[:2]}/{original.key}"


def test_smallest_file_is_valid():
    StoredFileFactory().full_clean()


def test_everything_that_was_changed_is_told():
    stored_file = StoredFileFactory.build(changes=[Change.METADATA, Change.SCRIPTS])

    assert stored_file.is_stripped
    assert stored_file.changes_told == [Change.METADATA.label, Change.SCRIPTS.label]


@pytest.mark.parametrize("change", [Change.METADATA, Change.REPAIRED, Change.REDUCED])
def test_harmless_change_is_no_stripping(change):
    assert not StoredFileFactory.build(changes=[change]).is_stripped


@pytest.mark.parametrize(
    ("status", "served"),
    [
        (ScanStatus.NOT_SCANNED, True),
        (ScanStatus.CLEAN, True),
        (ScanStatus.PENDING, False),
        (ScanStatus.INFECTED, False),
        (ScanStatus.FAILED, False),
    ],
)
def test_only_what_is_cleared_is_served(status, served):
    assert StoredFile(scan_status=status).is_served is served


def test_file_outlives_the_account_of_who_gave_it():
    stored_file = StoredFileFactory(created_by=UserFactory())

    stored_file.created_by.delete()

    stored_file.refresh_from_db()
    assert stored_file.created_by is None


@pytest.mark.parametrize("wrong", [{"scan_status": "fine"}, {"scan_status": ScanStatus.CLEAN}])
def test_database_refuses_what_must_not_be(wrong):
    """An unknown status; a verdict without its moment."""
    with pytest.raises(IntegrityError):
        StoredFileFactory(**wrong)


def test_originals_of_a_file_have_different_places():
    original = OriginalFileFactory()

    with pytest.raises(ValidationError):
        OriginalFileFactory.build(
            stored_file=original.stored_file, key="f" * 32
        ).validate_constraints()
