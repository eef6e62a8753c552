"""`candide check_decisions`: do applications show of their decision what was decided?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from candide.admissions.decisions.domain.consistency import check_shown, differing


class Command(BaseCommand):
    help = (
        "Compare what applications show of their decision with the decisions themselves. Ends "
        "with 1 when something differs and is not mended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fix", action="store_true", help="have them show what was decided")

    def handle(self, *, fix: bool, **_: Any) -> None:
        number = 0
        for application in differing():
            found = check_shown(application, mend=fix)
            number += bool(found)
            for each in found:
                self.stdout.write(
                    f"application {application.pk}: {each.column} is {_said(each.shown)}, "
                    f"decided was {_said(each.decided)}"
                )
        if not number:
            self.stdout.write("All applications show what was decided.")
        elif fix:
            self.stdout.write(f"{number} applications mended.")
        else:
            raise CommandError(f"{number} applications differ; --fix mends them.", returncode=1)


def _said(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)
