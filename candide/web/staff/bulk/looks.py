"""How each kind of long work is shown: its words, its lines, its report as a table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.bulk.domain import extended as of_openings
from candide.admissions.bulk.domain import reporting as of_applications
from candide.admissions.bulk.domain.extending import KIND as DEADLINES
from candide.admissions.bulk.domain.running import SHOWN as ABOUT_APPLICATIONS
from candide.admissions.bulk.domain.running import Told, told_of
from candide.foundation.runs.models import Run, RunItem
from candide.reporting.exports.domain.organisation import CENTRES, COMMISSIONS, PROGRAMMES
from candide.reporting.imports.domain import reporting as of_lines
from candide.reporting.imports.domain.sheet import KIND as TABLE

SHOWN = (*ABOUT_APPLICATIONS, TABLE, DEADLINES)


@dataclass(frozen=True)
class Look:
    """`rows` is the template of the table; lines are not applications, and are not called so."""

    rows: str
    rows_of: Callable[[Iterable[RunItem], Any], list[Any]]
    csv_report: Callable[[Run, Any], bytes]
    is_of_lines: bool = False


_APPLICATIONS = Look("staff/bulk/rows.html", of_applications.rows_of, of_applications.csv_report)
_LINES = Look("staff/bulk/lines.html", of_lines.rows_of, of_lines.csv_report, is_of_lines=True)
_OPENINGS = Look(
    "staff/bulk/openings.html", of_openings.rows_of, of_openings.csv_report, is_of_lines=True
)
_LOOKS = {TABLE: _LINES, DEADLINES: _OPENINGS}
_FOLLOWS = _("What has no line in the file stays as it is; nothing is deleted.")
_TOLD = {
    PROGRAMMES: Told(TABLE, _("Programmes and openings from a spreadsheet"), _FOLLOWS),
    COMMISSIONS: Told(TABLE, _("Commissions from a spreadsheet"), _FOLLOWS),
    CENTRES: Told(TABLE, _("Centres from a spreadsheet"), _FOLLOWS),
}
_EXTENDED = Told(
    DEADLINES,
    _("Extend deadlines"),
    _("The days of these openings are moved on, and offers that wait get as many days more."),
)


def look_of(run: Run) -> Look:
    return _LOOKS.get(run.kind, _APPLICATIONS)


def words_of(run: Run) -> Any:
    """What `run` does, in words; None while it is only a selection."""
    if run.kind == DEADLINES:
        return _EXTENDED
    return _TOLD[run.values["table"]] if run.kind == TABLE else told_of(run)
