"""Whether the storage has what rows speak of."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from candide.foundation.files.domain.blobs import delete_blob
from candide.foundation.files.domain.consistency import (
    check_content,
    files_to_check,
    forget_gone,
)
from candide.foundation.files.jobs import check_files
from candide.foundation.files.models import MissingContent
from tests.factories.files import MissingContentFactory, OriginalFileFactory, StoredFileFactory
from tests.factories.files import _write as write

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


def test_file_whose_content_is_gone_is_found_until_it_is_back():
    """B-171."""
    file = StoredFileFactory()
    assert check_content(file.pk, now=NOW)
    delete_blob(file.key)

    assert not check_content(file.pk, now=NOW)
    assert not check_content(file.pk, now=NOW + timedelta(days=1))
    assert MissingContent.objects.get().found_at == NOW

    write(file.key, b"back")
    assert check_content(file.pk, now=NOW)
    assert MissingContent.objects.count() == 0


def test_original_that_is_gone_counts_too():
    original = OriginalFileFactory()
    delete_blob(original.key)

    assert not check_content(original.stored_file_id, now=NOW)


def test_file_that_is_gone_itself_is_forgotten():
    MissingContentFactory(stored_file_id=404)

    assert check_content(404, now=NOW)
    assert forget_gone() == 1


def test_nightly_check_looks_at_every_file_and_counts():
    there, gone = StoredFileFactory(), StoredFileFactory()
    delete_blob(gone.key)
    counted = {}
    run = SimpleNamespace(
        each=lambda items, act: [act(item) for item in items],
        count=lambda **numbers: counted.update(numbers),
    )

    check_files(NOW, run)

    assert files_to_check() == [there.pk, gone.pk]
    assert counted == {"missing": 1}
