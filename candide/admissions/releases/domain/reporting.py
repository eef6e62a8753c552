"""What was prepared and what became of it, for pages and the report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.models import Application
from candide.admissions.releases.domain.beginning import releasable_by
from candide.admissions.releases.enums import RowState
from candide.admissions.releases.models import Release, ReleaseRow
from candide.foundation.runs.domain.report import as_csv
from candide.foundation.runs.enums import ItemState
from candide.institution.catalogue.models import Intake

BATCH = 500
HEADINGS = (
    gettext_lazy("Line"),
    gettext_lazy("Application"),
    gettext_lazy("File number"),
    gettext_lazy("Family name"),
    gettext_lazy("First name"),
    gettext_lazy("Programme"),
    gettext_lazy("Decision"),
    gettext_lazy("Outcome"),
    gettext_lazy("Mail"),
    gettext_lazy("Letter"),
    gettext_lazy("Remarks"),
)


@dataclass(frozen=True)
class Line:
    """A row as pages show it, with why it was not prepared or not released."""

    row: ReleaseRow
    notes: list[str]

    @property
    def application(self) -> Application:
        return self.row.application


def lines_of(release: Release, rows: Iterable[ReleaseRow]) -> list[Line]:
    """`rows`, read `with_applications`, with their remarks; one query."""
    rows = list(rows)
    waiting = [row.application_id for row in rows if row.state == RowState.WAITING]
    unprepared: dict[int, list[str]] = {}
    if release.run is not None and waiting:
        for item in release.run.items.filter(subject_id__in=waiting).order_by("position"):
            if item.state == ItemState.FAILED:
                message = _("The mail or the letter could not be made. Support finds why.")
                unprepared[item.subject_id] = [message]
            else:
                unprepared[item.subject_id] = [message for _code, message in item.notes]
    return [
        Line(row, unprepared.get(row.application_id) or [message for _code, message in row.notes])
        for row in rows
    ]


def with_applications(rows: Any) -> Any:
    """Join what a line shows, without the words of the mail."""
    return rows.defer("text", "html").select_related(
        "letter", "application__candidate__user", "application__intake__programme"
    )


def numbers_of(releases: Iterable[Release]) -> dict[int, dict[str, int]]:
    """How many rows of each release are in each state; one query."""
    releases = list(releases)
    numbers = {release.pk: dict.fromkeys(RowState.values, 0) for release in releases}
    counted = (
        ReleaseRow.objects.filter(release__in=[release.pk for release in releases])
        .order_by()
        .values_list("release", "state")
        .annotate(Count("pk"))
    )
    for pk, state, number in counted:
        numbers[pk][state] = number
    return numbers


def decisions_in(release: Release) -> list[Any]:
    """What is in it, by type of decision: how many, with how many mails and letters."""
    prepared = release.rows.exclude(type=None).order_by()
    return list(
        prepared.values("type__label", "type__outcome")
        .annotate(
            number=Count("pk"),
            mails=Count("pk", filter=Q(has_mail=True)),
            letters=Count("letter"),
        )
        .order_by("type__outcome", "type")
    )


def warnings_in(release: Release) -> list[tuple[str, int]]:
    """What is unwise about the prepared decisions: (message of the first, how many), by code."""
    shown: dict[str, str] = {}
    numbers: dict[str, int] = {}
    prepared = release.rows.filter(state=RowState.PREPARED).exclude(notes=[])
    for notes in prepared.order_by("position").values_list("notes", flat=True):
        for code, message in notes:
            shown.setdefault(code, message)
            numbers[code] = numbers.get(code, 0) + 1
    return [(shown[code], number) for code, number in numbers.items()]


def drafts_by_intake(user: Any) -> list[tuple[Intake, int]]:
    """The intakes with drafts `user` may release, and how many each has."""
    numbers = dict(_drafted(user).order_by().values_list("intake").annotate(Count("pk")))
    intakes = Intake.objects.with_offer().filter(pk__in=numbers)
    ordered = intakes.order_by("programme__name", "campaign__starts_on", "pk")
    return [(intake, numbers[intake.pk]) for intake in ordered]


def drafted_in(user: Any, intakes: Iterable[int]) -> list[int]:
    """The applications of these intakes whose drafts `user` may release."""
    drafted = releasable_by(user).live().filter(has_draft_decision=True, archived_at=None)
    return list(
        drafted.filter(intake__in=intakes).order_by("intake", "pk").values_list("pk", flat=True)
    )


def _drafted(user: Any) -> Any:
    return releasable_by(user).live().filter(has_draft_decision=True, archived_at=None)


def csv_report(release: Release) -> bytes:
    """The whole release as a table."""
    return as_csv(HEADINGS, _table(release))


def _table(release: Release) -> Iterator[list[Any]]:
    last = 0
    rows = with_applications(release.rows.all()).order_by("position")
    while batch := list(rows.filter(position__gt=last)[:BATCH]):
        last = batch[-1].position
        for line in lines_of(release, batch):
            row, candidate = line.row, line.application.candidate
            yield [
                row.position,
                row.application_id,
                candidate.user.file_number,
                candidate.usual_name or candidate.birth_name,
                candidate.first_name,
                line.application.intake.programme.name,
                row.says,
                RowState(row.state).label,
                row.subject,
                row.letter.name if row.letter else "",
                " ".join(line.notes),
            ]
