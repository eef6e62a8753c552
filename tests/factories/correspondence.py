from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.correspondence import models
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory

WRITTEN_AT = datetime(2027, 3, 14, 9, 0, tzinfo=UTC)


class NoteFactory(DjangoModelFactory):
    """A note of a member of staff."""

    class Meta:
        model = models.Note

    class Params:
        important = factory.Trait(is_important=True)

    application = factory.SubFactory(ApplicationFactory)
    author = factory.SubFactory(UserFactory, staff=True)
    text = "À revoir avec la commission."
    written_at = WRITTEN_AT


class MessageFactory(DjangoModelFactory):
    """A message of the candidate that nobody has read."""

    class Meta:
        model = models.Message

    class Params:
        from_staff = factory.Trait(
            is_from_candidate=False, author=factory.SubFactory(UserFactory, staff=True)
        )
        read = factory.Trait(read_at=WRITTEN_AT)

    application = factory.SubFactory(ApplicationFactory)
    author = factory.LazyAttribute(lambda message: message.application.candidate.user)
    is_from_candidate = True
    text = "Puis-je envoyer mon relevé plus tard ?"
    sent_at = WRITTEN_AT
