"""What staff keep to export with."""

import factory
from factory.django import DjangoModelFactory

from candide.reporting.exports import models
from tests.factories.accounts import UserFactory


class ExportTemplateFactory(DjangoModelFactory):
    class Meta:
        model = models.ExportTemplate

    owner = factory.SubFactory(UserFactory, staff=True)
    name = factory.Sequence(lambda n: f"Modèle {n + 1}")
    columns = ("name", "ine")
