"""`candide administrator ada.leroux@univ.fr --name Ada Leroux`: makes an administrator [B-001]."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from candide.core.blockers import Refused
from candide.institution.access.domain.technical import make_administrator
from candide.institution.accounts.domain.invitation import Colleague
from candide.institution.accounts.models import User


class Command(BaseCommand):
    help = (
        "Make somebody an administrator of the whole institution: the first one, or another when "
        "nobody can sign in any more. Without an account they are invited by mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", nargs=2, metavar=("FIRST", "LAST"), default=("", ""))

    def handle(self, *, email: str, name: tuple[str, str], **_: Any) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is no mail address") from None
        is_known = User.objects.filter(email__iexact=email).exists()
        if not is_known and not all(part.strip() for part in name):
            raise CommandError("nobody has this address yet: add --name FIRST LAST")
        first, last = name
        colleague = Colleague(email=email, first_name=first, last_name=last, language="fr")
        try:
            person = make_administrator(colleague, now=timezone.now())
        except Refused as refusal:
            raise CommandError(" ".join(str(each.message) for each in refusal.blockers)) from None
        came = person.activated_at is not None
        self.stdout.write(
            f"{person.email} is an administrator"
            + ("" if came else "; a mail with a link to choose a password waits for the worker")
        )
