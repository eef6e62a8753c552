"""Which kinds of long work there are. Rooms above register theirs in their `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from candide.core.blockers import Blocker
from candide.foundation.runs.models import Run, RunItem


@dataclass(frozen=True)
class Finding:
    """What would become of one item: `says` what will happen, `blockers` why not, `warnings` what
    is unwise; `is_needless` when it is so already. `details` come back when it is done."""

    says: str = ""
    blockers: list[Blocker] = field(default_factory=list)
    warnings: list[Blocker] = field(default_factory=list)
    is_needless: bool = False
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """`examine(run, item, now)` looks at one item before anything is confirmed and changes nothing
    but `run.memory`. `act(run, item, now)` does it, raising `Refused` when it has become
    impossible; it is called in the transaction that writes down that it was done, so that it
    happens once whatever dies. Both are called in the order of the items, by one worker at once."""

    code: str
    examine: Callable[[Run, RunItem, datetime], Finding]
    act: Callable[[Run, RunItem, datetime], None]


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make `kind` known."""
    _kinds[kind.code] = kind


def kind_of(run: Run) -> Kind:
    """The kind of `run`. Raises `KeyError`."""
    return _kinds[run.kind]
