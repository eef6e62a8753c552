"""Mails of the frozen moment (see catalogue.py)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from candide.institution.mails import models
from candide.institution.mails.enums import MailStatus
from tests.factories.files import StoredFileFactory

NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


class MailTemplateFactory(DjangoModelFactory):
    class Meta:
        model = models.MailTemplate

    kind = "invitation"
    name = factory.Sequence(lambda n: f"Texte {n}")
    subject = "Bienvenue"
    body = "Bonjour ${prenom}."
    updated_at = NOW


class OutgoingMailFactory(DjangoModelFactory):
    class Meta:
        model = models.OutgoingMail

    class Params:
        sending = factory.Trait(
            status=MailStatus.SENDING,
            claim=factory.LazyFunction(uuid4),
            leased_until=NOW + timedelta(minutes=10),
            attempted_at=NOW,
            attempts=1,
        )
        sent = factory.Trait(status=MailStatus.SENT, sent_at=NOW, attempted_at=NOW, attempts=1)
        failed = factory.Trait(
            status=MailStatus.FAILED, attempts=1, attempted_at=NOW, last_error="550 No such user"
        )
        kept = factory.Trait(status=MailStatus.KEPT)
        secret = factory.Trait(is_secret=True)
        copy = factory.Trait(copy_to="centre@univ.test")

    kind = "invitation"
    to = factory.Sequence(lambda n: f"alix{n}@example.org")
    domain = factory.LazyAttribute(lambda mail: (mail.copy_to or mail.to).rsplit("@", 1)[1])
    language = "fr"
    subject = "Bienvenue"
    text = "Bonjour Alix.\n"
    html = "<p>Bonjour Alix.</p>"
    message_id = factory.Sequence(lambda n: f"<{n}@candide.test>")
    queued_at = NOW
    next_attempt_at = NOW
    give_up_at = NOW + timedelta(days=5)


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Attachment

    mail = factory.SubFactory(OutgoingMailFactory)
    file = factory.SubFactory(StoredFileFactory)
    name = "lettre.pdf"
