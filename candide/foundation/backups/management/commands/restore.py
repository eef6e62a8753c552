"""`candide restore DIR`: puts a backup back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from candide.core.blockers import Refused, refuse_if
from candide.foundation.backups.domain.databases import Failed
from candide.foundation.backups.domain.restoring import (
    backup_blockers,
    restore,
    restoring_warnings,
)


class Command(BaseCommand):
    help = "Put a backup back, into an empty installation or in place of what is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="even where there are accounts or files"
        )
        parser.add_argument(
            "--check", action="store_true", help="only read all of the backup, and change nothing"
        )

    def handle(self, *, dir: Path, replace: bool, check: bool, **_: Any) -> None:
        try:
            if check:
                refuse_if(backup_blockers(dir))
                self.stdout.write("the backup is whole and can be put back")
                return
            settings.DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
            restored = restore(dir, now=timezone.now(), replace=replace)
        except Refused as refusal:
            raise CommandError(" ".join(each.message for each in refusal.blockers)) from None
        except Failed as failure:
            raise CommandError(str(failure)) from None
        for warning in restoring_warnings(dir):
            self.stderr.write(warning.message)
        backup = restored.backup
        self.stdout.write(f"as of {backup.made_at}, version {backup.version}")
        self.stdout.write(f"{restored.files} of {backup.files} files were not there")
        for number, told in restored.settled:
            self.stdout.write(f"{number} {told}")
        self.stdout.write("now: candide prepare, and then the services")
