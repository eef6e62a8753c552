from typing import Any

import factory
from factory.django import DjangoModelFactory

from candide.admissions.applications.enums import DossierStatus
from candide.reporting.privacy import models
from candide.reporting.privacy.domain.reading_log import note_together
from candide.reporting.privacy.enums import Opened
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.mails import NOW


class ErasedApplicationFactory(DjangoModelFactory):
    class Meta:
        model = models.ErasedApplication

    intake = factory.SubFactory(IntakeFactory)
    dossier_status = DossierStatus.COMPLETE


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = models.Reading

    class Params:
        on = factory.SubFactory(ApplicationFactory)

    reader_id = factory.LazyFunction(lambda: UserFactory(staff=True).pk)
    account_id = factory.LazyAttribute(lambda each: each.on.candidate.user_id)
    application_id = factory.LazyAttribute(lambda each: each.on.pk)
    opened = Opened.DOSSIER
    at = NOW
    quarter = factory.Sequence(lambda number: number)


def reading_of(*applications: int, opened: Opened = Opened.TABLE, **who: Any) -> models.Reading:
    """Something taken away of all these; `who` is a `reader` or a `token`, else a member of
    staff."""
    note_together(
        applications, opened=opened, now=NOW, **(who or {"reader": UserFactory(staff=True)})
    )
    return models.Reading.objects.latest("pk")
