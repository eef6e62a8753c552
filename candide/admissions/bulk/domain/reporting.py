"""The rows of a preview or a report, for whoever reads them now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from candide.admissions.applications.models import Application
from candide.foundation.runs.domain.report import UNEXPECTED, as_csv
from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import Run, RunItem

BATCH = 500
HEADINGS = (
    gettext_lazy("Line"),
    gettext_lazy("Application"),
    gettext_lazy("File number"),
    gettext_lazy("Family name"),
    gettext_lazy("First name"),
    gettext_lazy("Programme"),
    gettext_lazy("Outcome"),
    gettext_lazy("What"),
    gettext_lazy("Remarks"),
)


@dataclass(frozen=True)
class ReportRow:
    """One line. `application` is None where the reader may not know of it: then only its number
    and what became of it are told, even in a report of their own made when they could."""

    item: RunItem
    application: Application | None

    @property
    def line(self) -> int | None:
        """Where it stands in the file it came from, if it came from one."""
        typed = self.item.details.get("line")
        return typed["number"] if typed else None

    @property
    def says(self) -> str:
        return self.item.says if self.application else ""

    @property
    def notes(self) -> list[str]:
        """Why it was refused, or what it was done in spite of."""
        if self.item.state == ItemState.FAILED:
            return [str(UNEXPECTED)]
        return [
            str(message)
            for code, message in self.item.notes
            if self.application or code in {"out_of_reach", "unknown", "twice"}
        ]


def rows_of(items: Iterable[RunItem], user: Any) -> list[ReportRow]:
    """`items` as `user` may read them; one query."""
    items = list(items)
    reached = Application.objects.with_offer().visible_to(user)
    found = reached.in_bulk([item.subject_id for item in items])
    return [ReportRow(item, found.get(item.subject_id)) for item in items]


def csv_report(run: Run, user: Any) -> bytes:
    """The whole report as a table."""
    return as_csv(HEADINGS, _lines(run, user))


def _lines(run: Run, user: Any) -> Iterator[list[Any]]:
    last = 0
    while batch := list(run.items.filter(position__gt=last).order_by("position")[:BATCH]):
        last = batch[-1].position
        for row in rows_of(batch, user):
            yield [
                row.item.position,
                row.item.subject_id,
                *_about(row.application),
                ItemState(row.item.state).label,
                row.says,
                " ".join(row.notes),
            ]


def _about(application: Application | None) -> list[Any]:
    if application is None:
        return [""] * 4
    candidate = application.candidate
    return [
        candidate.user.file_number,
        candidate.usual_name or candidate.birth_name,
        candidate.first_name,
        application.intake.programme.name,
    ]
