"""Centres with their managers, commissions with their members, programmes with every field, as
spreadsheets [back-office 5.2, 6.2, 7.3]."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.core.visibility import visible
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Making
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.institution.access.models import Assignment
from candide.institution.access.scope import holds_today
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Intake,
    Programme,
)
from candide.reporting.exports.domain.writing import CSV, XLSX, Heading, writer

CENTRES, COMMISSIONS, PROGRAMMES = "centres", "commissions", "formations"
EXPORTED = "exported"
# Who works in a commission, and as what: read back as a role that is given.
MEMBER = "assignment"
PERSON, EMAIL, ROLE = f"{MEMBER}.person", f"{MEMBER}.user", f"{MEMBER}.role"
CHAIR = f"{MEMBER}.is_chair"
MEDIA_TYPES = {"xlsx": XLSX, "csv": CSV}
_KINDS = {
    "BooleanField": "flag",
    "DateField": "day",
    "PositiveIntegerField": "number",
    "PositiveSmallIntegerField": "number",
}


@dataclass(frozen=True)
class Cell:
    """One column: its head, the value it shows of a row, and by which `key` it is read when the
    file comes back: « intake.opens_on », « programme.name.fr »; none of what is only shown."""

    heading: Heading
    value: Callable[[Any], Any]
    key: str = ""


def fields(model: type[Any], names: str, of: Callable[[Any], Any] = lambda row: row) -> list[Cell]:
    """A column for each field of `model`, one a language where it is translated. `of(row)` is the
    object of `model`, None for nothing."""
    return [cell for name in names.split() for cell in _field(model, name, of)]


def _field(model: type[Any], name: str, of: Callable[[Any], Any]) -> Iterator[Cell]:
    field = model._meta.get_field(name)
    text = capfirst(str(field.verbose_name))
    key = f"{model._meta.model_name}.{name}"
    if type(field).__name__.startswith("I18n"):
        for language, _language_name in settings.LANGUAGES:
            read = _translated(name, language, of)
            yield Cell(Heading(f"{text} ({language})"), read, f"{key}.{language}")
        return

    def value(row: Any) -> Any:
        found = of(row)
        if found is None:
            return None
        if field.choices:
            return str(getattr(found, f"get_{name}_display")())
        said = getattr(found, name)
        return str(said) if field.is_relation and said is not None else said

    yield Cell(Heading(text, _KINDS.get(field.get_internal_type(), "text")), value, key)


def _translated(name: str, language: str, of: Callable[[Any], Any]) -> Callable[[Any], str]:
    def value(row: Any) -> str:
        found = of(row)
        data = getattr(getattr(found, name, ""), "data", "")
        texts = data if isinstance(data, dict) else {settings.LANGUAGE_CODE[:2]: data}
        return str(texts.get(language) or "")

    return value


def _code(heading: Any, of: Callable[[Any], Any], key: str) -> Cell:
    return Cell(Heading(str(heading)), lambda row: getattr(of(row), "code", None), key)


def _exported(moment: str) -> Cell:
    """When the line was written: who reads it back knows what was changed since."""
    return Cell(Heading(_("Exported on")), lambda row: moment, EXPORTED)


# -- What each table is made of --------------------------------------------------------------------


def _people(rows: Sequence[Any], lookup: str) -> dict[int, list[Assignment]]:
    """Who works in each of `rows`, by name."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    assignments = Assignment.objects.filter(holds_today(), **{f"{lookup}__in": rows})
    related = assignments.select_related("user", "role", "commission", "programme__commission")
    key_of = attrgetter(f"{lookup.replace('__', '.')}_id")
    for assignment in related:
        found[key_of(assignment)].append(assignment)
    for of_one in found.values():
        of_one.sort(key=lambda each: (str(each.user), each.pk))
    return found


def _with_people(rows: Sequence[Any], *lookups: str) -> Iterator[tuple[Any, Assignment | None]]:
    """A line for each person, with the row repeated; one line where nobody works."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    for lookup in lookups:
        for key, people in _people(rows, lookup).items():
            found[key] += people
    for row in rows:
        yield from ((row, person) for person in found[row.pk])
        if not found[row.pk]:
            yield row, None


def _people_cells(*, is_read: bool = False) -> list[Cell]:
    person, email, role = (PERSON, EMAIL, ROLE) if is_read else ("", "", "")
    return [
        Cell(Heading(_("Person")), lambda row: str(row[1].user) if row[1] else None, person),
        Cell(
            Heading(_("E-mail of the person")),
            lambda row: row[1].user.email if row[1] else None,
            email,
        ),
        Cell(Heading(_("Role")), lambda row: str(row[1].role) if row[1] else None, role),
    ]


def _first(row: Any) -> Any:
    return row[0]


def _centre_cells(moment: str) -> list[Cell]:
    names = (
        "code name is_active copy_mode contact_email max_applications is_paperless "
        "has_automatic_reserve_list opens_on closes_on documents_due_on screening_on jury_on "
        "results_on acceptance_due_on acceptance_days reserve_acceptance_due_on "
        "reserve_acceptance_days information sets_decisions"
    )
    commission = Cell(
        Heading(_("Commission")),
        lambda row: row[1].commission.code if row[1] and row[1].commission else None,
    )
    people = [*_people_cells(), commission]
    return [*fields(ApplicationCentre, names, _first), *people, _exported(moment)]


def _commission_cells(moment: str) -> list[Cell]:
    names = (
        "code name is_active email phone fax url address_1 address_2 address_3 postcode city "
        "return_comment signatory letter_mode alert_mode alert_email alerts_proposals "
        "alerts_cancellations alerts_transmissions alerts_withdrawals alerts_promotions "
        "alerts_messages"
    )
    chair = Cell(Heading(_("Chairs")), lambda row: row[1].is_chair if row[1] else None, CHAIR)
    centre = _code(_("Centre"), lambda row: row[0].centre, "commission.centre")
    people = [*_people_cells(is_read=True), chair]
    return [centre, *fields(Commission, names, _first), *people, _exported(moment)]


def _given(row: Any) -> Any:
    """The decisions an opening gives by itself."""
    return getattr(row[1], "decisions", None) if row[1] else None


def _programme_cells(moment: str) -> list[Cell]:
    of_the_programme = "name diploma_type kind keywords url is_active"
    of_the_intake = (
        "is_paperless route capacity is_capacity_published opens_on closes_on "
        "screening_on documents_due_on jury_on results_on acceptance_due_on acceptance_days "
        "reserve_acceptance_due_on reserve_acceptance_days has_automatic_reserve_list "
        "shortlist_place shortlist_on shortlist_time information"
    )

    def opening(row: Any) -> Any:
        return row[1]

    return [
        _code(_("Centre"), lambda row: row[0].commission.centre, "centre"),
        _code(_("Commission"), lambda row: row[0].commission, "programme.commission"),
        _code(_("Code"), _first, "programme.code"),
        *fields(Programme, of_the_programme, _first),
        _code(_("Campaign"), lambda row: row[1].campaign if row[1] else None, "intake.campaign"),
        Cell(
            Heading(_("Opening in service"), "flag"),
            lambda row: row[1].is_active if row[1] else None,
            "intake.is_active",
        ),
        *fields(Intake, of_the_intake, opening),
        _code(
            _("Automatic favourable decision"),
            lambda row: getattr(_given(row), "favourable", None),
            "intakedecisions.favourable",
        ),
        _code(
            _("Favourable decision from the reserve list"),
            lambda row: getattr(_given(row), "called", None),
            "intakedecisions.called",
        ),
        _exported(moment),
    ]


def _openings(rows: Sequence[Programme]) -> Iterator[tuple[Programme, Intake | None]]:
    """A line for each opening, the newest campaign first; one where there is none."""
    found: dict[int, list[Intake]] = defaultdict(list)
    intakes = Intake.objects.filter(programme__in=rows).select_related(
        "campaign", "decisions__favourable", "decisions__called"
    )
    for intake in intakes.order_by("-campaign__starts_on", "pk"):
        found[intake.programme_id].append(intake)
    for row in rows:
        yield from ((row, intake) for intake in found[row.pk])
        if not found[row.pk]:
            yield row, None


@dataclass(frozen=True)
class Table:
    """One of the spreadsheets: whose rows, their lines and columns."""

    title: Any
    permission: str
    rows: Callable[[], QuerySet[Any]]
    lines: Callable[[Sequence[Any]], Iterable[Any]]
    cells: Callable[[str], list[Cell]]

    def reach(self, user: Any) -> Any:
        """The rows `user` sees, in the order of their codes."""
        return visible(self.rows(), user).order_by("code")


TABLES: dict[str, Table] = {
    CENTRES: Table(
        gettext_lazy("Centres and their managers"),
        "catalogue.view_centres",
        ApplicationCentre.objects.all,
        lambda rows: _with_people(
            rows, "centre", "commission__centre", "programme__commission__centre"
        ),
        _centre_cells,
    ),
    COMMISSIONS: Table(
        gettext_lazy("Commissions and their members"),
        "catalogue.view_commissions",
        lambda: Commission.objects.select_related("centre"),
        lambda rows: _with_people(rows, "commission"),
        _commission_cells,
    ),
    PROGRAMMES: Table(
        gettext_lazy("Programmes and their openings"),
        "catalogue.view_programmes",
        lambda: Programme.objects.select_related("commission__centre", "diploma_type", "kind"),
        _openings,
        _programme_cells,
    ),
}


def ask_table(code: str, *, by: Any, now: datetime, format: str = "xlsx") -> Download:
    """Ask for one of the spreadsheets, with every row in reach."""
    table = TABLES[code]
    keys = list(table.reach(by).values_list("pk", flat=True))
    values = {"format": format}
    return ask_download(code, keys, title=str(table.title), by=by, now=now, values=values)


def make(making: Making) -> Made:
    table = TABLES[making.download.kind]
    day = localtime(making.clock())
    rows = list(table.reach(making.user).filter(pk__in=making.subjects))
    cells, path = table.cells(day.isoformat()), making.place / "table"
    format = making.download.values.get("format", "xlsx")
    sheet = writer(
        format,
        path,
        str(table.title),
        [cell.heading for cell in cells],
        [
            str(table.title),
            _("Exported on %(day)s") % {"day": date_format(day, "SHORT_DATETIME_FORMAT")},
        ],
    )
    try:
        for line in table.lines(rows):
            sheet.write([cell.value(line) for cell in cells])
    finally:
        sheet.close()
    for row in rows:
        making.put_in(row.pk)
    name = f"{making.download.kind}-{day:%Y%m%d}.{format}"
    return Made(path, name, MEDIA_TYPES[format])


KINDS = tuple(
    Kind(code, make=make, reach=table.reach, permission=table.permission)
    for code, table in TABLES.items()
)
