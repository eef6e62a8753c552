"""Reading very many rows of a table: each is a plain tuple of what its columns are made from. What
many of them share (a programme, a country, a commune) is a key in it; what the keys lead to is read
once, and written once."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.db.models import ForeignKey, Model, OneToOneField

from candide.admissions.applications.models import Application
from candide.admissions.applications.models.application import ApplicationQuerySet
from candide.admissions.candidates.models import Candidate
from candide.core.keys import Keys
from candide.reporting.exports.columns import (
    At,
    Beside,
    Column,
    Source,
    annotated,
    related_by,
    value_at,
)

# Every row has its own: joined, although a foreign key leads there.
PERSONAL = (Candidate,)
MOST_KEPT = 5000
PLAIN = int, float, Decimal, date, time

Line = tuple[Any, ...]
Cell = Callable[[Line], Any]


def as_it_is(value: Any) -> Any:
    return value


def as_cell(value: Any) -> Any:
    """As a cell holds it: a text, unless it is a number, a flag or a date."""
    return value if value is None or isinstance(value, PLAIN) else str(value)


@dataclass
class Shared:
    """What the key at `place` of every line leads to. `values` holds by key what stands at a path
    from there, in one form or the other."""

    place: int
    model: type[Model]
    values: dict[tuple[str, Callable[[Any], Any]], dict[int | None, Any]] = field(
        default_factory=dict
    )

    def cell(self, path: str, form: Callable[[Any], Any]) -> Cell:
        values, place = self.values.setdefault((path, form), {None: None}), self.place
        return lambda line: values[line[place]]

    def read(self, lines: Iterable[Line]) -> None:
        """Read what `lines` lead to and is not known yet."""
        known = next(iter(self.values.values()))
        wanted = {line[self.place] for line in lines} | {None}
        missing = wanted - known.keys()
        if not missing:
            return
        if len(known) + len(missing) > MOST_KEPT:
            missing = wanted - {None}
            for values in self.values.values():
                values.clear()
                values[None] = None
        joined = {"__".join(related_by(path, self.model)) for path, _form in self.values} - {""}
        rows = self.model._base_manager.all()
        if joined:
            rows = rows.select_related(*sorted(joined))
        for key, row in rows.in_bulk(missing).items():
            for (path, form), values in self.values.items():
                values[key] = form(value_at(row, path) if path else row)


class Reading:
    """How `columns` are read: `cells` give the value of each for a line."""

    def __init__(self, columns: Iterable[Column], sources: dict[str, Source]) -> None:
        self.columns = list(columns)
        values = [column.value for column in self.columns]
        beside = [value.source for value in values if isinstance(value, Beside)]
        self.sources = {name: sources[name] for name in dict.fromkeys(beside)}
        self.lookups: list[str] = ["pk"]
        self.shared: dict[str, Shared] = {}
        self.cells = [self._cell(value) for value in values]

    def lines(self, rows: ApplicationQuerySet, keys: Collection[int]) -> dict[int, Line]:
        """Those of `rows` that have these keys, by key."""
        wanted = annotated(rows.filter(pk__in=Keys(keys)), self.columns)
        lines = {line[0]: line for line in wanted.values_list(*self.lookups)}
        if self.sources:
            beside = [read(lines.keys()) for read in self.sources.values()]
            for key, line in lines.items():
                lines[key] = (*(found.get(key) for found in beside), *line)
        for shared in self.shared.values():
            shared.read(lines.values())
        return lines

    def _cell(self, value: At | Beside) -> Cell:
        if not isinstance(value, At):
            place, beside = list(self.sources).index(value.source), value.make
            return lambda line: beside(line[place])
        make = value.make
        if make is None:
            return self._at(value.paths[0], as_cell)
        parts = [self._at(path, as_it_is) for path in value.paths]
        if len(parts) == 1:
            (part,) = parts
            return lambda line: make(part(line))
        return lambda line: make(*[part(line) for part in parts])

    def _at(self, path: str, form: Callable[[Any], Any]) -> Cell:
        """The value at `path`: of the row itself, or of the first thing that rows share."""
        names, model = path.split("."), Application
        for number, name in enumerate(related_by(path), start=1):
            step: Any = model._meta.get_field(name)
            model = step.related_model
            if _is_shared(step):
                lookup = "__".join(names[:number])
                if lookup not in self.shared:
                    self.shared[lookup] = Shared(self._place(lookup), model)
                return self.shared[lookup].cell(".".join(names[number:]), form)
        return itemgetter(self._place("__".join(names)))

    def _place(self, lookup: str) -> int:
        """Where the value of `lookup` stands in a line, after what sources know."""
        if lookup not in self.lookups:
            self.lookups.append(lookup)
        return len(self.sources) + self.lookups.index(lookup)


def _is_shared(step: Any) -> bool:
    return (
        isinstance(step, ForeignKey)
        and not isinstance(step, OneToOneField)
        and step.related_model not in PERSONAL
    )
