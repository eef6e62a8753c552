"""`candide import reference [FILE_OR_FOLDER]`: bring reference data in; and whatever else a room
above has to bring in (`core/importers.py`)."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.core.blockers import Refused
from candide.core.importers import find_importer, importers
from candide.institution.reference.domain.importing.report import (
    FileReport,
    ImportReport,
    Remark,
    located,
)
from candide.institution.reference.domain.importing.tables import TABLES
from candide.institution.reference.domain.loading import (
    LAYOUTS,
    import_reference,
    load_package_data,
)
from candide.institution.reference.enums import Source

SHOWN = 20


class Command(BaseCommand):
    help = "Import reference data, or what an institution has elsewhere"

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="WHAT")
        reference = kinds.add_parser(
            "reference", help="reference data (docs/reference-data.md describes the lists)"
        )
        add = reference.add_argument
        add(
            "path",
            nargs="?",
            type=Path,
            help="CSV file or folder; by default Candide's own data",
        )
        add("--only", default="", help=f"tables, separated by commas: {', '.join(TABLES)}")
        add(
            "--as",
            dest="layout",
            default="",
            metavar="LIST",
            help=f"the list a file is: {', '.join(layout.name for layout in LAYOUTS)}",
        )
        add("--encoding", default="", help="when it is not UTF-8, for example cp1252")
        add("--source", default=Source.CSV, choices=[Source.CSV, Source.APOGEE, Source.PEGASE])
        add("--dry-run", action="store_true", help="say what would happen, change nothing")
        whole = reference.add_mutually_exclusive_group()
        whole.add_argument(
            "--complete", action="store_true", help="rows the files do not name go out of service"
        )
        whole.add_argument(
            "--partial", action="store_true", help="rows the files do not name are left alone"
        )
        add("--report", type=Path, metavar="FILE", help="write every refused line there, as CSV")
        for importer in importers():
            importer.add_arguments(kinds.add_parser(importer.name, help=importer.help))

    def handle(self, *args: Any, **options: Any) -> None:
        importer = find_importer(options["kind"])
        if importer is not None:
            importer.run(self, options)
            return
        only = [name.strip() for name in options["only"].split(",") if name.strip()]
        try:
            if options["path"] is None:
                report = load_package_data(only, progress=self.stdout.write)
            else:
                report = import_reference(
                    options["path"],
                    source=options["source"],
                    only=only,
                    layout=options["layout"],
                    encoding=options["encoding"],
                    is_dry_run=options["dry_run"],
                    is_complete=options["complete"],
                    is_partial=options["partial"],
                    progress=self.stdout.write,
                )
        except Refused as refusal:
            reasons = [blocker.message for blocker in refusal.blockers]
            raise CommandError("\n".join([_("Nothing was imported."), *reasons])) from refusal
        self._show(report)
        if options["report"]:
            _write(report, options["report"])

    def _show(self, report: ImportReport) -> None:
        for name, reason in report.ignored:
            self.stdout.write(_("%(file)s: passed over; %(why)s") % {"file": name, "why": reason})
        for file in report.files:
            self._show_remarks(file, file.refused, _("refused"))
            self._show_remarks(file, file.warnings, _("to be checked"))
        self.stdout.write("")
        heads = [_("table"), _("added"), _("changed"), _("unchanged"), _("kept"), _("closed")]
        self.stdout.write("{:<24}{:>10}{:>10}{:>11}{:>10}{:>10}".format(*heads))
        for table in TABLES:
            count, closed = report.total(table), report.closed.get(table, 0)
            cells = [count.added, count.changed, count.unchanged, count.kept, closed]
            if any(cells):
                self.stdout.write("{:<24}{:>10}{:>10}{:>11}{:>10}{:>10}".format(table, *cells))
        refused = report.refused_count
        if refused:
            line = ngettext("%(count)s line was refused.", "%(count)s lines were refused.", refused)
            self.stdout.write(line % {"count": refused})
        if report.is_dry_run:
            self.stdout.write(_("This was a dry run: nothing was written."))

    def _show_remarks(self, file: FileReport, remarks: list[Remark], what: str) -> None:
        for remark in remarks[:SHOWN]:
            self.stdout.write(located(file.place(remark), f"({what}) {remark.reason}"))
        more = len(remarks) - SHOWN
        if more > 0:
            line = _("%(file)s: %(count)s more lines %(what)s; --report lists them all.")
            self.stdout.write(line % {"file": file.name, "count": more, "what": what})


def _write(report: ImportReport, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["file", "line", "column", "verdict", "reason"])
        for file in report.files:
            for verdict, remarks in (("refused", file.refused), ("check", file.warnings)):
                for remark in remarks:
                    cells = [file.name, remark.line, remark.column, verdict, remark.reason]
                    writer.writerow(cells)
