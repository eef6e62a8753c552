"""A column of a list of applications: what it is called, where its value comes from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from candide.admissions.applications.models import Application


class Kind(Enum):
    """How a value is written. `STATUS` values are a kind of status and its value, `TAGS` a list of
    tags."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    STATUS = "status"
    TAGS = "tags"


@dataclass(frozen=True)
class Row:
    """An application, and what was loaded beside it, by the name of its source."""

    application: Application
    beside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One column. `value(row)` is what it shows, None for nothing. `order` is the lookup it is
    sorted by, empty when it cannot be; `is_nullable` when that may be null. `joined` are lookups
    read with the row, `annotated` values computed with it, `source` what is read once for all rows
    of a page (a key of `SOURCES`). `status` is the kind of status of a `STATUS` column."""

    code: str
    heading: Any
    group: str
    value: Callable[[Row], Any]
    kind: Kind = Kind.TEXT
    order: str = ""
    is_nullable: bool = False
    joined: tuple[str, ...] = ()
    annotated: Callable[[], dict[str, Any]] = dict
    source: str = ""
    status: str = ""
    is_default: bool = False


def at(path: str) -> Callable[[Row], Any]:
    """The value at `path` of the application; None when something on the way is missing."""
    found = attrgetter(f"application.{path}")

    def value(row: Row) -> Any:
        try:
            return found(row)
        except AttributeError:  # a related row that is not there is one too
            return None

    return value


Source = Callable[[Sequence[Application]], dict[int, Any]]


def with_columns(rows: QuerySet[Application], columns: Iterable[Column]) -> QuerySet[Application]:
    """`rows` joined and annotated with what `columns` show, all in the one query."""
    columns = list(columns)
    joined = {path for column in columns for path in column.joined}
    if joined:
        rows = rows.select_related(*sorted(joined))  # adds to those already joined
    return annotated(rows, columns)


def annotated(rows: QuerySet[Application], columns: Iterable[Column]) -> QuerySet[Application]:
    """`rows` with what is computed for `columns`."""
    values = {name: value for column in columns for name, value in column.annotated().items()}
    return rows.annotate(**values) if values else rows


def loaded(
    applications: Sequence[Application], columns: Iterable[Column], sources: dict[str, Source]
) -> list[Row]:
    """`applications` with what the sources of `columns` know of them, a query or so a source."""
    wanted = {column.source for column in columns if column.source}
    found = {name: sources[name](applications) for name in sorted(wanted)}
    return [
        Row(application, {name: values.get(application.pk) for name, values in found.items()})
        for application in applications
    ]
