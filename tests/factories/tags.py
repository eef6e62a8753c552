from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.tags import models
from tests.factories.applications import ApplicationFactory

ADDED_AT = datetime(2027, 3, 12, 10, 0, tzinfo=UTC)


class TagFactory(DjangoModelFactory):
    class Meta:
        model = models.Tag

    label = factory.Sequence(lambda n: f"Étiquette {n}")


class TaggingFactory(DjangoModelFactory):
    class Meta:
        model = models.Tagging

    application = factory.SubFactory(ApplicationFactory)
    tag = factory.SubFactory(TagFactory)
    added_at = ADDED_AT
