"""Files with a content in the storage: one blank page, as if it had been made here."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from factory.django import DjangoModelFactory

from candide.foundation.files import models
from candide.foundation.files.domain.blobs import new_key
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.models import blob_path
from tests.factories import samples

CREATED_AT = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


class StoredFileFactory(DjangoModelFactory):
    """`StoredFileFactory(content=b"…")` for another content than a page that says « Page 1 »."""

    class Meta:
        model = models.StoredFile

    class Params:
        pending = factory.Trait(scan_status=ScanStatus.PENDING)
        clean = factory.Trait(scan_status=ScanStatus.CLEAN, scanned_at=CREATED_AT)
        infected = factory.Trait(scan_status=ScanStatus.INFECTED, scanned_at=CREATED_AT)
        unscannable = factory.Trait(
            scan_status=ScanStatus.FAILED, scanned_at=CREATED_AT, scan_tried_at=CREATED_AT
        )

    key = factory.LazyFunction(new_key)
    name = "diplome.pdf"
    media_type = "application/pdf"
    size = factory.LazyAttribute(lambda file: len(file.content))
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    page_count = 1
    created_at = CREATED_AT

    content = factory.LazyFunction(samples.pdf)

    @classmethod
    def _build(cls, model_class: Any, *args: Any, content: bytes, **fields: Any) -> Any:
        return super()._build(model_class, *args, **fields)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, content: bytes, **fields: Any) -> Any:
        _write(fields["key"], content)
        return super()._create(model_class, *args, **fields)


class OriginalFileFactory(DjangoModelFactory):
    """What was uploaded, where that is not the working copy."""

    class Meta:
        model = models.OriginalFile

    stored_file = factory.SubFactory(StoredFileFactory)
    position = 0
    key = factory.LazyFunction(new_key)
    name = "photo.jpg"
    media_type = "image/jpeg"
    size = factory.LazyAttribute(lambda file: len(file.content))
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    content = factory.LazyFunction(samples.photo)

    @classmethod
    def _build(cls, model_class: Any, *args: Any, content: bytes, **fields: Any) -> Any:
        return super()._build(model_class, *args, **fields)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, content: bytes, **fields: Any) -> Any:
        _write(fields["key"], content)
        return super()._create(model_class, *args, **fields)


class MissingContentFactory(DjangoModelFactory):
    class Meta:
        model = models.MissingContent

    stored_file_id = factory.Sequence(lambda n: n + 1)
    found_at = CREATED_AT


def _write(key: str, content: bytes) -> None:
    default_storage.save(blob_path(key), ContentFile(content))
