"""A column of a list of applications: what it is called, where its value comes from."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet, TextChoices

from candide.admissions.applications.models import Application


class Kind(Enum):
    """How a value is written. `STATUS` values are a kind of status and its value, `CHOICE` values
    stand among the `choices` of the column, `TAGS` are a list of tags."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    STATUS = "status"
    CHOICE = "choice"
    TAGS = "tags"


@dataclass(frozen=True)
class Row:
    """An application, and what was loaded beside it, by the name of its source."""

    application: Application
    beside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class At:
    """What a column shows of the application itself: what `make` makes of the values at `paths`,
    or the value at the only one. A path names what is related, then a field or an annotation."""

    paths: tuple[str, ...]
    make: Callable[..., Any] | None = None

    def __call__(self, row: Row) -> Any:
        values = [value_at(row.application, path) for path in self.paths]
        return self.make(*values) if self.make else values[0]


@dataclass(frozen=True)
class Beside:
    """What a column shows of what `source` (a key of `SOURCES`) knows of the application; that is
    read once for all rows of a page, and None where it knows nothing."""

    source: str
    make: Callable[[Any], Any]

    def __call__(self, row: Row) -> Any:
        return self.make(row.beside[self.source])


def at(*paths: str, make: Callable[..., Any] | None = None) -> At:
    return At(paths, make)


def value_at(owner: Any, path: str) -> Any:
    """The value at `path`, a word of its way after the other; None when one leads nowhere."""
    for name in path.split("."):
        owner = getattr(owner, name, None)  # a related row that is not there raises AttributeError
        if owner is None:
            return None
    return owner


@cache
def related_by(path: str, model: Any = Application) -> tuple[str, ...]:
    """What is related on the way of `path`; what comes after is a field or an annotation."""
    names: list[str] = []
    for name in path.split("."):
        try:
            step = model._meta.get_field(name)
        except FieldDoesNotExist:
            break
        if not step.is_relation:
            break
        names.append(name)
        model = step.related_model
    return tuple(names)


@dataclass(frozen=True)
class Column:
    """One column. `value(row)` is what it shows, None for nothing. `order` is the lookup it is
    sorted by, empty when it cannot be; `is_nullable` when that may be null. `annotated` are values
    computed with the row. `status` is the kind of status of a `STATUS` column."""

    code: str
    heading: Any
    group: str
    value: At | Beside
    kind: Kind = Kind.TEXT
    order: str = ""
    is_nullable: bool = False
    annotated: Callable[[], dict[str, Any]] = dict
    status: str = ""
    choices: type[TextChoices] | None = None
    is_default: bool = False

    @property
    def source(self) -> str:
        """What is read beside the rows for it, if anything."""
        return self.value.source if isinstance(self.value, Beside) else ""

    @property
    def joined(self) -> set[str]:
        """The lookups of what is read with the row."""
        paths = self.value.paths if isinstance(self.value, At) else ()
        return {"__".join(names) for path in paths if (names := related_by(path))}


# What is known of applications, by their keys.
Source = Callable[[Collection[int]], dict[int, Any]]


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
    keys = [application.pk for application in applications]
    found = {name: sources[name](keys) for name in sorted(wanted)}
    return [
        Row(application, {name: values.get(application.pk) for name, values in found.items()})
        for application in applications
    ]
