"""Work that only notes what it did: an entry of the history for each item."""

from datetime import UTC, datetime
from typing import Any

import pytest

from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.log import log
from candide.foundation.history.models import HistoryEntry
from candide.foundation.runs import registry
from candide.foundation.runs.domain.asking import ask, confirm, select
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.models import Run
from candide.foundation.runs.registry import Finding, Kind, register_kind
from tests.factories.accounts import UserFactory

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
NOTED = "noted"


def again(run: Run) -> Run:
    """The run as the database has it."""
    return Run.objects.get(pk=run.pk)


def clock() -> datetime:
    return NOW


class Notes:
    """`refused`, `late`, `needless`, `unwise`, `broken`: subjects that are so when looked at or
    done; `before` is called before each item is done."""

    def __init__(self) -> None:
        self.refused: set[int] = set()
        self.late: set[int] = set()
        self.needless: set[int] = set()
        self.unwise: set[int] = set()
        self.broken: set[int] = set()
        self.unreadable: set[int] = set()
        self.before: Any = lambda item: None

    def examine(self, run: Any, item: Any, now: datetime) -> Finding:
        subject = item.subject_id
        run.memory["seen"] = run.memory.get("seen", 0) + 1
        if subject in self.unreadable:
            raise ValueError
        return Finding(
            says=f"note {run.values['what']}",
            blockers=[Blocker("no", "Non.")] if subject in self.refused else [],
            warnings=[Blocker("hm", "Vraiment ?")] if subject in self.unwise else [],
            is_needless=subject in self.needless,
            details={"number": run.memory["seen"]},
        )

    def act(self, run: Any, item: Any, now: datetime) -> None:
        self.before(item)
        log(run, NOTED, by=run.asked_by, number=item.subject_id)
        if item.subject_id in self.late:
            raise Refused([Blocker("late", "Trop tard.")])
        if item.subject_id in self.broken:
            raise ValueError


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    made = Notes()
    monkeypatch.setattr(registry, "_kinds", {})
    register_kind(Kind("notes", examine=made.examine, act=made.act))
    return made


@pytest.fixture
def bao(db: None) -> Any:
    return UserFactory(staff=True)


def noted() -> list[int]:
    """The subjects something was done to, in order."""
    entries = HistoryEntry.objects.filter(event=NOTED).order_by("pk")
    return [entry.data["number"] for entry in entries]


def asked(bao: Any, *subjects: int) -> Any:
    run = select("notes", subjects, by=bao, now=NOW)
    ask(run, {"what": "this"})
    return run


def examined(bao: Any, *subjects: int) -> Any:
    run = asked(bao, *subjects)
    work_all()
    return run


def confirmed(bao: Any, *subjects: int) -> Any:
    run = examined(bao, *subjects)
    confirm(run, by=bao, now=NOW)
    return run


def work_all() -> None:
    while work(clock=clock):
        pass


def states(run: Any) -> list[str]:
    return list(run.items.order_by("position").values_list("state", flat=True))


def two_confirmed(bao: Any, first: list[int], second: list[int]) -> tuple[Any, Any]:
    """Two runs, both examined before either is confirmed."""
    runs = asked(bao, *first), asked(bao, *second)
    work_all()
    for run in runs:
        confirm(run, by=bao, now=NOW)
    return runs
