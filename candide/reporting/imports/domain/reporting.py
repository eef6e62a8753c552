"""The lines of a spreadsheet that was read back, as the preview and the report show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from candide.foundation.runs.domain.report import UNEXPECTED, as_csv
from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import Run, RunItem
from candide.reporting.imports.domain.comparing import Change
from candide.reporting.imports.domain.line import Plan

BATCH = 500
HEADINGS = (
    gettext_lazy("Line"),
    gettext_lazy("Code and name"),
    gettext_lazy("Campaign"),
    gettext_lazy("Outcome"),
    gettext_lazy("What"),
    gettext_lazy("Column"),
    gettext_lazy("Before"),
    gettext_lazy("After"),
    gettext_lazy("Remarks"),
)


@dataclass(frozen=True)
class LineRow:
    """One line; of what is made only what it is, of what changes every field."""

    item: RunItem
    plan: Plan

    @property
    def number(self) -> int:
        return self.item.subject_id

    @property
    def changes(self) -> list[Change]:
        return self.plan.changes

    @property
    def notes(self) -> list[str]:
        if self.item.state == ItemState.FAILED:
            return [str(UNEXPECTED)]
        return [str(message) for _code, message in self.item.notes]


def rows_of(items: Iterable[RunItem], user: Any) -> list[LineRow]:
    """`items` as pages show them; no query. What is read was in reach of who gave the file."""
    return [LineRow(item, _plan(item)) for item in items]


def _plan(item: RunItem) -> Plan:
    planned = item.details.get("plan")
    return Plan.from_json(planned) if planned else Plan()


def csv_report(run: Run, user: Any) -> bytes:
    """The whole report as a table: a line for each field that changes."""
    return as_csv(HEADINGS, _lines(run))


def _lines(run: Run) -> Iterator[list[Any]]:
    last = 0
    while batch := list(run.items.filter(position__gt=last).order_by("position")[:BATCH]):
        last = batch[-1].position
        for row in rows_of(batch, None):
            told = [
                row.number,
                row.plan.name,
                row.plan.beside,
                ItemState(row.item.state).label,
                row.item.says,
            ]
            notes = " ".join(row.notes)
            for change in row.changes:
                yield [*told, change.label, change.before_words, change.after_words, notes]
            if not row.changes:
                yield [*told, "", "", "", notes]
