"""A line of a spreadsheet that is read back, and what would become of it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.reporting.exports.domain.organisation import EXPORTED
from candide.reporting.imports.domain.comparing import Change, Comparison


@dataclass(frozen=True)
class Line:
    """A line as somebody typed it; `number` is where it stands in the sheet, `cells` are its texts
    by the keys of their columns."""

    number: int
    cells: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def exported_at(self) -> datetime | None:
        """When it was written; None where it does not say."""
        try:
            moment = datetime.fromisoformat(self.cells.get(EXPORTED, ""))
        except ValueError:
            return None
        return moment if moment.tzinfo else None


@dataclass
class Plan:
    """What would become of a line: which rows are made (by the names of their models), which fields
    change, and why not."""

    name: str = ""
    beside: str = ""
    made: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    blockers: list[Blocker] = field(default_factory=list)
    warnings: list[Blocker] = field(default_factory=list)

    def add(self, compared: Comparison) -> None:
        self.changes += compared.changes
        self.blockers += compared.blockers
        self.warnings += compared.warnings

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "beside": self.beside,
            "made": self.made,
            "changes": [change.as_json() for change in self.changes],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Plan":
        changes = [Change(**change) for change in data["changes"]]
        return cls(data["name"], data["beside"], data["made"], changes)


def moment_warnings(line: Line, made: Iterable[str]) -> list[Blocker]:
    """A line about what is there that does not say when it was exported."""
    if line.exported_at is not None or made:
        return []
    message = _("The line does not say when it was exported: what changed since is not told apart.")
    return [Blocker("no_moment", message)]


def once(memory: dict[str, Any], key: str, line: Line) -> list[Blocker]:
    """That nothing stands on two lines; `memory` is that of the run."""
    first = memory.setdefault("lines", {}).setdefault(key, line.number)
    if first == line.number:
        return []
    message = _("This stands on line %(line)d already.") % {"line": first}
    return [Blocker("twice", message)]


def contradictions(
    memory: dict[str, Any], key: str, changes: Iterable[Change], line: Line
) -> list[Blocker]:
    """Fields to which a line before gives another value, where several lines are about one row."""
    known = memory.setdefault("values", {}).setdefault(key, {})
    found = []
    for change in changes:
        field_key = f"{change.name}.{change.language}"
        number, value = known.setdefault(field_key, [line.number, change.after])
        if value != change.after:
            message = _("Column “%(column)s”: line %(line)d says something else of the same.")
            says = {"column": change.label, "line": number}
            found.append(Blocker("contradicts", message % says))
    return found
