"""What an import did, and what it would not do."""

from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker

SHOWN_PROBLEMS = 10


def where(file: str, line: int | None = None, column: str = "") -> str:
    """ "communes.csv, line 12, column “code_postal”" """
    parts = [file]
    if line is not None:
        parts.append(_("line %(line)s") % {"line": line})
    if column:
        parts.append(_("column “%(column)s”") % {"column": column})
    return ", ".join(parts)


def problem(
    code: str, message: str, *, file: str, line: int | None = None, column: str = ""
) -> Blocker:
    """Why a whole file is refused: the blocker names the file, the line and the column."""
    return Blocker(code, located(where(file, line, column), message))


def located(place: str, message: str) -> str:
    return _("%(place)s: %(message)s") % {"place": place, "message": message}


@dataclass(frozen=True)
class Remark:
    """A line of a file that was refused, or taken with a doubt, and why."""

    line: int
    column: str
    reason: str


@dataclass
class Counts:
    """What became of the rows of one table. `kept` ones are shielded from this source."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0


@dataclass
class FileReport:
    path: Path
    layout: str
    rows: int = 0
    tables: dict[str, Counts] = field(default_factory=dict)
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    fatal: list[Blocker] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name

    def place(self, remark: Remark) -> str:
        return where(self.name, remark.line, remark.column)

    def refuse(self, line: int, reason: str, column: str = "") -> None:
        self.refused.append(Remark(line, column, reason))

    def warn(self, line: int, reason: str, column: str = "") -> None:
        self.warnings.append(Remark(line, column, reason))

    def stop(self, code: str, line: int, reason: str, column: str = "") -> None:
        """Something that condemns the whole file; the reading goes on, to list all of it."""
        self.fatal.append(problem(code, reason, file=self.name, line=line, column=column))

    def blockers(self) -> list[Blocker]:
        """The first problems of the file, and how many more there are."""
        shown = self.fatal[:SHOWN_PROBLEMS]
        if more := len(self.fatal) - len(shown):
            message = _("%(count)s more problems of this kind.") % {"count": more}
            shown.append(problem("more_problems", message, file=self.name))
        return shown


@dataclass
class ImportReport:
    is_dry_run: bool = False
    files: list[FileReport] = field(default_factory=list)
    closed: dict[str, int] = field(default_factory=dict)
    ignored: list[tuple[str, str]] = field(default_factory=list)

    def total(self, table: str) -> Counts:
        """The counts of one table over all files."""
        counts = Counts()
        for file in self.files:
            part = file.tables.get(table, Counts())
            counts.added += part.added
            counts.changed += part.changed
            counts.unchanged += part.unchanged
            counts.kept += part.kept
        return counts

    @property
    def refused_count(self) -> int:
        return sum(len(file.refused) for file in self.files)
