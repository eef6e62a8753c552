"""The openings of an extension of deadlines, as its preview and its report show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from candide.foundation.runs.domain.report import UNEXPECTED, as_csv
from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import Run, RunItem
from candide.institution.catalogue.models import Intake

HEADINGS = (
    gettext_lazy("Code"),
    gettext_lazy("Programme"),
    gettext_lazy("Campaign"),
    gettext_lazy("Outcome"),
    gettext_lazy("What"),
    gettext_lazy("Candidates concerned"),
    gettext_lazy("Remarks"),
)


@dataclass(frozen=True)
class OpeningRow:
    """One opening; None where it is gone."""

    item: RunItem
    intake: Intake | None

    @property
    def concerned(self) -> int:
        return self.item.details.get("concerned", 0)

    @property
    def notes(self) -> list[str]:
        if self.item.state == ItemState.FAILED:
            return [str(UNEXPECTED)]
        return [str(message) for _code, message in self.item.notes]


def rows_of(items: Iterable[RunItem], user: Any) -> list[OpeningRow]:
    """`items` with what they are about; one query. They were in reach of who asked for it."""
    items = list(items)
    rows = Intake.objects.select_related("programme", "campaign")
    found = rows.in_bulk([item.subject_id for item in items])
    return [OpeningRow(item, found.get(item.subject_id)) for item in items]


def csv_report(run: Run, user: Any) -> bytes:
    """The whole report as a table."""
    return as_csv(HEADINGS, _lines(run))


def _lines(run: Run) -> Iterator[list[Any]]:
    for row in rows_of(run.items.order_by("position"), None):
        intake = row.intake
        yield [
            intake.programme.code if intake else "",
            intake.programme.name if intake else "",
            intake.campaign if intake else "",
            ItemState(row.item.state).label,
            row.item.says,
            row.concerned,
            " ".join(row.notes),
        ]
