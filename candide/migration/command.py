"""`candide import ecandidat ADDRESS`: bring over what an institution has in eCandidat."""

import argparse
import getpass
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.core.importers import Importer, register
from candide.institution.reference.models import Country
from candide.integrations.ecandidat.database import Database, Unavailable, address_of
from candide.integrations.ecandidat.values import text
from candide.migration.bringing import Bringing
from candide.migration.memory import Memory
from candide.migration.report import Report
from candide.migration.running import bring_everything

SHOWN = 12
PASSWORD = "ECANDIDAT_PASSWORD"  # noqa: S105 -- the name of a variable


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "address",
        help="mysql://user@host:3306/ecandidat, or mysql://user@/ecandidat?socket=/run/…sock; "
        f"the password is asked for, or read from {PASSWORD} or --password-file",
    )
    add("--password-file", type=Path, metavar="FILE", help="a file that holds the password")
    add("--dry-run", action="store_true", help="do it all, tell, take it back")
    add(
        "--with-candidates",
        action="store_true",
        help="candidates too, and their applications to archived campaigns",
    )
    add(
        "--campaign",
        action="append",
        default=[],
        metavar="CODE",
        help="candidates of this campaign only; may be given several times",
    )
    add("--candidate-files", type=Path, metavar="FOLDER", help="where eCandidat keeps their files")
    add("--manager-files", type=Path, metavar="FOLDER", help="where it keeps those of staff")
    add("--report", type=Path, metavar="FILE", help="where the report is kept, as CSV")


def _import(command: BaseCommand, options: dict[str, Any]) -> None:
    now = timezone.now()  # noqa: TID251 -- a command is the edge
    for name in ("candidate_files", "manager_files"):
        if options[name] is not None and not options[name].is_dir():
            raise CommandError(_("%(path)s is no folder.") % {"path": options[name]})
    if options["campaign"] and not options["with_candidates"]:
        reason = _("--campaign says whose candidates are brought: add --with-candidates.")
        raise CommandError(reason)
    path = _report_path(options, now=now)
    report = Report(is_dry_run=options["dry_run"])
    try:
        address = address_of(options["address"], password=_password(options))
        with Database(address) as database:
            _refuse_unknown(database, options["campaign"])
            if options["with_candidates"]:
                _refuse_without_countries()
            run = Bringing(
                database,
                Memory(now=now),
                report,
                now,
                campaigns=tuple(options["campaign"]),
                candidate_files=options["candidate_files"],
                manager_files=options["manager_files"],
                is_dry_run=options["dry_run"],
                say=command.stdout.write,
            )
            bring_everything(run, with_candidates=options["with_candidates"])
    except Unavailable as error:
        raise CommandError(_cut_short(error, report, path)) from error
    _show(command, report)
    path.write_bytes(report.as_csv())
    command.stdout.write(_("The report is in %(path)s.") % {"path": path})
    if report.is_dry_run:
        command.stdout.write(_("This was a dry run: nothing was written."))
    if not report.adds_up:
        raise CommandError(_("The numbers do not add up: this is a defect, tell us."))


def _refuse_unknown(database: Database, campaigns: list[str]) -> None:
    """A code nobody has would bring nobody, and say nothing."""
    known = {text(row["cod_camp"]) for row in database.all("campagne")}
    if unknown := sorted(set(campaigns) - known):
        says = {"codes": ", ".join(unknown), "known": ", ".join(sorted(known))}
        raise CommandError(_("No campaign there is %(codes)s; there are: %(known)s.") % says)


def _refuse_without_countries() -> None:
    """Nobody was born in a country that is not known: all of them would be left out."""
    if not Country.objects.exists():
        reason = _("No country is known here yet: give “candide import reference” first.")
        raise CommandError(reason)


def _report_path(options: dict[str, Any], *, now: datetime) -> Path:
    """Where the report will be; whether it can be is asked before anything is read."""
    path = options["report"] or Path(f"ecandidat-{timezone.localtime(now):%Y%m%d-%H%M%S}.csv")
    if not os.access(path if path.exists() else path.absolute().parent, os.W_OK):
        raise CommandError(_("The report cannot be written: %(why)s") % {"why": path})
    return path


def _password(options: dict[str, Any]) -> str:
    """From the file, the environment or the keyboard; the address may hold one as well."""
    if options["password_file"] is not None:
        try:
            return options["password_file"].read_text("utf-8").strip()
        except OSError as error:
            raise CommandError(str(error)) from error
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    if ":" not in options["address"].partition("://")[2].partition("@")[0] and sys.stdin.isatty():
        return getpass.getpass(_("Password of the database: "))
    return ""


def _cut_short(error: Unavailable, report: Report, path: Path) -> str:
    """Why it stopped, and where it is said what was done until then."""
    if not report.lines:
        return _sentence(error)
    path.write_bytes(report.as_csv())
    until_then = _("What was found until then is in %(path)s; nothing was written.")
    if report.is_kept:
        until_then = _(
            "What was done until then is in %(path)s; the same command goes on from there."
        )
    return f"{_sentence(error)} {until_then % {'path': path}}"


def _sentence(error: Unavailable) -> str:
    sentences = {
        "missing_driver": _(
            "The driver of MariaDB is missing: install Candide with its extra [migration]."
        ),
        "address": _("The address is not understood: mysql://user@host:3306/database."),
        "connection": _("The database does not answer: %(why)s"),
        "not_ecandidat": _("This is no database of eCandidat: it lacks %(why)s."),
        "column": _(
            "A column is missing there: %(why)s. Only eCandidat 2.4 is read: bring that one up to "
            "date first."
        ),
    }
    return sentences[error.reason] % {"why": error.detail}


def _show(command: BaseCommand, report: Report) -> None:
    command.stdout.write("")
    wide = "{:<40}" + "{:>15}" * (len(report.headings()) - 1)
    command.stdout.write(wide.format(*report.headings()))
    for row in report.table():
        command.stdout.write(wide.format(*row))
    reasons = report.reasons()
    if reasons:
        command.stdout.write("")
    for title, verdict, reason, number in reasons[:SHOWN]:
        command.stdout.write(f"{title}, {verdict} ({number}) : {reason}")
    more = len(reasons) - SHOWN
    if more > 0:
        line = ngettext(
            "%(count)s more reason is in the report.",
            "%(count)s more reasons are in the report.",
            more,
        )
        command.stdout.write(line % {"count": more})


register(
    Importer(
        "ecandidat", "what an institution has in eCandidat (docs/migration.md)", _arguments, _import
    )
)
