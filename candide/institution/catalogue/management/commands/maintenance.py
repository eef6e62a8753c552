"""`candide maintenance on|off`: closes the service to everybody but administrators [HOME-10]."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from candide.institution.catalogue.models import Institution


class Command(BaseCommand):
    help = "Put the service in maintenance, or back in service; without a word, tell how it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", nargs="?", choices=["on", "off"])

    def handle(self, *, state: str | None, **_: Any) -> None:
        institution = Institution.current()
        if state is not None:
            institution.is_in_maintenance = state == "on"
            institution.save(update_fields=["is_in_maintenance"])
        closed = institution.is_in_maintenance
        self.stdout.write("in maintenance: only administrators come in" if closed else "in service")
