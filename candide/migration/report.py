"""What became of every row that was read: its numbers add up, or the import says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from candide.foundation.runs.domain.report import as_csv


class Verdict(StrEnum):
    """What became of one row; `ADJUSTED` stands beside the others: it was taken, not as it was."""

    MADE = "made"
    CHANGED = "changed"
    THERE = "there"
    LEFT_OUT = "left_out"
    ADJUSTED = "adjusted"


VERDICTS = {
    Verdict.MADE: pgettext_lazy("import", "made"),
    Verdict.CHANGED: pgettext_lazy("import", "changed"),
    Verdict.THERE: pgettext_lazy("import", "already there"),
    Verdict.LEFT_OUT: pgettext_lazy("import", "left out"),
    Verdict.ADJUSTED: pgettext_lazy("import", "adjusted"),
}
COUNTED = (Verdict.MADE, Verdict.CHANGED, Verdict.THERE, Verdict.LEFT_OUT)


@dataclass(frozen=True)
class Remark:
    kind: str
    key: str
    verdict: Verdict
    reason: str
    number: int = 1


@dataclass
class Line:
    """The numbers of one kind."""

    kind: str
    title: str
    read: int = 0
    numbers: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))

    @property
    def adds_up(self) -> bool:
        return self.read == sum(self.numbers.values())


@dataclass
class Report:
    is_dry_run: bool = False
    is_kept: bool = False  # something of it was written for good
    lines: dict[str, Line] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)  # keys that say nothing to readers

    def begin(self, kind: str, title: Any) -> Line:
        return self.lines.setdefault(kind, Line(kind, str(title)))

    def count(
        self, kind: str, key: str, verdict: Verdict, reason: str = "", *, number: int = 1
    ) -> None:
        """What became of a row, or of `number` rows for one reason."""
        if verdict in COUNTED:
            self.lines[kind].numbers[verdict] += number
        if reason:
            self.remarks.append(Remark(kind, self.called.get(key, key), verdict, reason, number))

    @property
    def adds_up(self) -> bool:
        return all(line.adds_up for line in self.lines.values())

    def headings(self) -> list[str]:
        return [
            pgettext("import", "what"),
            pgettext("import", "read"),
            *(str(VERDICTS[verdict]) for verdict in COUNTED),
        ]

    def table(self) -> Iterator[list[str]]:
        """The numbers of each kind that was read."""
        for line in self.lines.values():
            if line.read or any(line.numbers.values()):
                yield [
                    line.title,
                    str(line.read),
                    *(str(line.numbers[verdict]) for verdict in COUNTED),
                ]

    def reasons(self) -> list[tuple[str, str, str, int]]:
        """Why rows were left out or adjusted: (what, verdict, reason, how many)."""
        numbers: dict[tuple[str, Verdict, str], int] = {}
        for remark in self.remarks:
            said = (remark.kind, remark.verdict, remark.reason)
            numbers[said] = numbers.get(said, 0) + remark.number
        return [
            (self.lines[kind].title, str(VERDICTS[verdict]), reason, number)
            for (kind, verdict, reason), number in numbers.items()
        ]

    def as_csv(self) -> bytes:
        """The numbers, then every row that was left out or adjusted, by its key there."""
        return as_csv(
            [
                *self.headings(),
                _("key in eCandidat"),
                pgettext("import", "outcome"),
                pgettext("import", "reason"),
            ],
            self._csv_rows(),
        )

    def _csv_rows(self) -> Iterable[list[Any]]:
        for row in self.table():
            yield [*row, "", "", ""]
        for each in self.remarks:
            title = self.lines[each.kind].title
            number = each.number if each.number > 1 else ""
            yield [title, number, "", "", "", "", each.key, VERDICTS[each.verdict], each.reason]
