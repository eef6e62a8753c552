import factory
from factory.django import DjangoModelFactory

from candide.admissions.applications.enums import DossierStatus
from candide.reporting.privacy import models
from tests.factories.catalogue import IntakeFactory


class ErasedApplicationFactory(DjangoModelFactory):
    class Meta:
        model = models.ErasedApplication

    intake = factory.SubFactory(IntakeFactory)
    dossier_status = DossierStatus.COMPLETE
