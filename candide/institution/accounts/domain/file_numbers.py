"""File numbers (« numéro de dossier »): eight characters that sign in, never given twice."""

import secrets
from datetime import datetime

from django.db import transaction

from candide.institution.accounts.models import IssuedFileNumber
from candide.institution.catalogue.models import Institution

LENGTH = 8
# Digits and capitals without those people take for one another: O and 0, I and 1.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@transaction.atomic
def issue_file_number(*, now: datetime) -> str:
    """A number nobody ever had, the institution's prefix in front, noted for good in the caller's
    transaction [ACC-08, ACC-11]."""
    prefix = Institution.current().file_number_prefix
    while True:
        number = prefix + "".join(
            secrets.choice(ALPHABET) for _position in range(LENGTH - len(prefix))
        )
        _row, is_new = IssuedFileNumber.objects.get_or_create(
            number=number, defaults={"issued_at": now}
        )
        if is_new:
            return number
