from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from candide.institution.accounts.enums import LinkPurpose
from candide.institution.accounts.models import IssuedFileNumber, MailedLink, User

PASSWORD = "Orage-Bleu-42!"
ACTIVATION_DUE = datetime(2027, 3, 20, 23, 0, tzinfo=ZoneInfo("Europe/Paris"))


class UserFactory(DjangoModelFactory):
    """An activated candidate's account; `staff` has no file number; `not_activated`;
    `out_of_service`. The password of everybody is `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(file_number=None)
        not_activated = factory.Trait(activated_at=None, activation_due_at=ACTIVATION_DUE)
        out_of_service = factory.Trait(is_active=False)

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    first_name = "Alix"
    last_name = "MARTIN"
    file_number = factory.Sequence(lambda n: f"{n:08X}"[-8:])
    password = factory.django.Password(PASSWORD)
    activated_at = datetime(2027, 1, 10, tzinfo=UTC)


class IssuedFileNumberFactory(DjangoModelFactory):
    class Meta:
        model = IssuedFileNumber

    number = factory.Sequence(lambda n: f"N{n:07d}")


class MailedLinkFactory(DjangoModelFactory):
    """Valid the frozen morning."""

    class Meta:
        model = MailedLink

    user = factory.SubFactory(UserFactory)
    purpose = LinkPurpose.PASSWORD
    digest = factory.Sequence(lambda n: f"{n:064x}")
    made_at = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
    expires_at = datetime(2027, 3, 15, 12, 0, tzinfo=UTC)
