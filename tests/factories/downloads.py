"""Files asked for, of the frozen day (see catalogue.py)."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.foundation.downloads import models
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import packed
from tests.factories.accounts import UserFactory
from tests.factories.files import StoredFileFactory

CREATED_AT = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
ENDED_AT = datetime(2027, 3, 15, 8, 10, tzinfo=UTC)
EXPIRES_AT = datetime(2027, 3, 22, 8, 10, tzinfo=UTC)


class DownloadFactory(DjangoModelFactory):
    """One that waits to be made."""

    class Meta:
        model = models.Download

    class Params:
        keys = (1,)
        ready = factory.Trait(
            state=DownloadState.READY,
            file=factory.SubFactory(StoredFileFactory),
            ended_at=ENDED_AT,
            expires_at=EXPIRES_AT,
            number_inside=factory.LazyAttribute(lambda made: len(made.keys)),
        )
        stopped = factory.Trait(state=DownloadState.STOPPED, ended_at=ENDED_AT)
        failed = factory.Trait(state=DownloadState.FAILED, ended_at=ENDED_AT)
        expired = factory.Trait(
            state=DownloadState.EXPIRED,
            ended_at=ENDED_AT,
            expires_at=EXPIRES_AT,
            number_inside=1,
            packed_subjects=b"",
        )

    kind = "applications"
    title = "Candidatures"
    asked_by = factory.SubFactory(UserFactory, staff=True)
    language = "fr"
    packed_subjects = factory.LazyAttribute(lambda made: packed(made.keys))
    number_asked = factory.LazyAttribute(lambda made: len(made.keys))
    created_at = CREATED_AT


class DownloadPartFactory(DjangoModelFactory):
    class Meta:
        model = models.DownloadPart

    download = factory.SubFactory(DownloadFactory)
    subject_id = factory.Sequence(lambda n: n + 1)
    file = factory.SubFactory(StoredFileFactory)
