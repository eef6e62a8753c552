from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.institution.accounts.models import User


class UserFactory(DjangoModelFactory):
    """An activated candidate's account; `staff` has no file number; `not_activated`. The password
    of everybody is `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(file_number=None)
        not_activated = factory.Trait(activated_at=None)

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    first_name = "Alix"
    last_name = "MARTIN"
    file_number = factory.Sequence(lambda n: f"{n:08X}"[-8:])
    password = factory.django.Password("Orage-Bleu-42!")
    activated_at = datetime(2027, 1, 10, tzinfo=UTC)


PASSWORD = "Orage-Bleu-42!"
