"""`candide maintenance on|off`: of staff only administrators come in, candidates read [HOME-10]."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from candide.institution.catalogue.domain.service import mode_of, set_maintenance
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution

SAID = {
    ServiceMode.OPEN: "in service",
    ServiceMode.READ_ONLY: "read only: only administrators change anything",
    ServiceMode.MAINTENANCE: "in maintenance: candidates read, only administrators work",
}


class Command(BaseCommand):
    help = "Put the service in maintenance, or back in service; without a word, tell how it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", nargs="?", choices=["on", "off"])

    def handle(self, *, state: str | None, **_: Any) -> None:
        now = timezone.now()
        if state is None:
            mode = mode_of(Institution.current(), now=now)
        else:
            mode = set_maintenance(state == "on", now=now)
        self.stdout.write(SAID[mode])
