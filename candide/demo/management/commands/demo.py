"""`candide demo`: fill an empty installation with the demonstration and say how to sign in."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from candide.demo.loading import SIZES, empty, is_loaded, load, sign_ins


class Command(BaseCommand):
    help = "Load the demonstration into an empty installation (kept if it is there)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument(
            "--reset", action="store_true", help="empty it first, whatever was done in it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set CANDIDE_DEMO=1: this creates people with a known password.")
        if options["reset"]:
            empty()
        with translation.override("fr"):
            if not is_loaded():
                load(options["size"], now=timezone.now(), say=self.stdout.write)
        for role, login, password in sign_ins():
            self.stdout.write(f"  {role:22} {login:28} {password}")
