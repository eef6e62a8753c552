"""`candide backup DIR`: the database and every file, into a new folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from candide.core.blockers import Refused
from candide.foundation.backups.domain.backing_up import back_up
from candide.foundation.backups.domain.databases import Failed


class Command(BaseCommand):
    help = "Make a backup of the database and of every file in a new folder, while all runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)
        parser.add_argument(
            "--previous",
            type=Path,
            metavar="DIR",
            help="an older backup on the same disk: files it has take no room again",
        )

    def handle(self, *, dir: Path, previous: Path | None, **_: Any) -> None:
        try:
            made = back_up(dir.absolute(), now=timezone.now(), previous=previous)
        except Refused as refusal:
            raise CommandError(" ".join(each.message for each in refusal.blockers)) from None
        except Failed as failure:
            raise CommandError(str(failure)) from None
        self.stdout.write(f"the database and {made.files} files are in {dir}")
