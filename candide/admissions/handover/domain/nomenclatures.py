"""Taking over the nomenclatures of the student system [5.3], by the import there is: codes that
vanished stay as they are, nothing is deleted."""

import csv
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.handover.enums import HandoverEvent, ReportKind, ReportState
from candide.admissions.handover.models import SystemReport
from candide.core import sandbox
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.failures import summary
from candide.foundation.history.domain.log import log
from candide.institution.reference.domain.importing.report import ImportReport
from candide.institution.reference.domain.loading import import_reference
from candide.integrations import sis
from candide.integrations.sis.port import Nomenclatures, Unavailable

MOST_LINES = 1000


def asking_blockers() -> list[Blocker]:
    """Why no such report can be asked for now."""
    waiting = SystemReport.objects.filter(kind=ReportKind.NOMENCLATURES, state=ReportState.WAITING)
    if waiting.exists():
        return [Blocker("waiting", _("One is in preparation already."))]
    return []


def ask_nomenclatures(*, is_dry_run: bool, by: Any, now: datetime) -> SystemReport:
    """Have the nomenclatures taken over, or only say what would change; a sweep does it."""
    refuse_if(asking_blockers())
    report = SystemReport.objects.create(
        kind=ReportKind.NOMENCLATURES, is_dry_run=is_dry_run, asked_by=by, created_at=now
    )
    log(report, HandoverEvent.REPORT_ASKED, by=by, dry_run=is_dry_run)
    return report


def take_over(report: SystemReport, *, now: datetime) -> SystemReport:
    """Do what `report` asks for and write what came of it."""
    try:
        tables = sis.current().nomenclatures()
        done = _import(tables, is_dry_run=report.is_dry_run) if tables else ImportReport()
    except (Unavailable, Refused) as error:
        report.state = ReportState.FAILED
        report.lines = [["failed", 0, _why(error)]]
    else:
        report.state = ReportState.DONE
        report.counts, report.lines = _counts(done), _lines(done)
    report.ended_at = now
    report.save()
    return report


def _why(error: Exception) -> str:
    if isinstance(error, Refused):
        return " ".join(str(each.message) for each in error.blockers)[:500]
    return summary(error)


def _import(tables: Nomenclatures, *, is_dry_run: bool) -> ImportReport:
    """Each table as a file of our own columns, for the import there is."""
    with sandbox.scratch() as place:
        for table, rows in tables.items():
            columns = list(dict.fromkeys(name for row in rows for name in row))
            with (place / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)
        return import_reference(
            place,
            source=sis.current().reference_source,
            is_dry_run=is_dry_run,
            is_partial=True,
        )


def _counts(done: ImportReport) -> dict[str, int]:
    names = sorted({table for file in done.files for table in file.tables})
    found: dict[str, int] = {}
    for table in names:
        total = done.total(table)
        for word in ("added", "changed", "unchanged", "kept"):
            if number := getattr(total, word):
                found[f"{table}.{word}"] = number
    return {**found, "refused": done.refused_count} if done.refused_count else found


def _lines(done: ImportReport) -> list[list[Any]]:
    said = [
        ["refused", 0, f"{file.place(remark)} : {remark.reason}"]
        for file in done.files
        for remark in file.refused
    ]
    passed = [["ignored", 0, f"{name} : {why}"] for name, why in done.ignored]
    return (said + passed)[:MOST_LINES]
