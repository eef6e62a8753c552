"""What one action for many applications is made of; `actions.py` lists them all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.foundation.runs.models import RunItem

Values = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One application of the selection. `values` is what was asked (JSON), `memory` what is kept
    from one row to the next, `details` what the preview wrote down for when it is done, `item` its
    place in the selection."""

    application: Application
    values: Values
    now: datetime
    memory: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    item: RunItem | None = None

    @property
    def today(self) -> date:
        return localdate(self.now)

    def day(self, name: str) -> date | None:
        """The day `values` holds under this name, if any."""
        return day_of(self.values, name)


def day_of(values: Values, name: str) -> date | None:
    """The day `values` holds under this name, if any."""
    return date.fromisoformat(values[name]) if values.get(name) else None


def _nothing(_row: Row) -> list[Blocker]:
    return []


def _any_number_goes(_number: int) -> list[Blocker]:
    return []


def _anything_goes(_values: Values, _today: date) -> list[Blocker]:
    return []


@dataclass(frozen=True)
class Action:
    """One line of the table of actions.

    `permission` is asked of each row. `says` tells what will happen to a row, `blockers` why not,
    `warnings` what is unwise, `is_needless` whether it is so already; `act(row, by)` does it by
    the function the page of one application calls. `details` is written down at the preview, best
    the mark of what was looked at (`seen`). `check` refuses values no row can have,
    `number_check` so many rows. `follows` tells what candidates notice.
    """

    code: str
    label: Any
    permission: str
    says: Callable[[Row], str]
    blockers: Callable[[Row], list[Blocker]]
    act: Callable[[Row, Any], Any]
    follows: Any
    warnings: Callable[[Row], list[Blocker]] = _nothing
    is_needless: Callable[[Row], bool] = lambda _row: False
    details: Callable[[Row], dict[str, Any]] = lambda _row: {}
    check: Callable[[Values, date], list[Blocker]] = _anything_goes
    number_check: Callable[[int], list[Blocker]] = _any_number_goes
