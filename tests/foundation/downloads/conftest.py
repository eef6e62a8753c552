"""A kind of file that lists people: one line for each, whom only administrators reach."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from candide.foundation.downloads import registry
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Making, work
from candide.foundation.downloads.registry import Kind, Made, register_kind
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import User
from tests.factories.accounts import UserFactory

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: int) -> None:
        self.now += timedelta(**time)


class Names:
    """`broken` people raise, `refused` ones are left out, `before` is called before each;
    `hidden` are out of everybody's reach; `made` counts how often each was worked on."""

    def __init__(self) -> None:
        self.broken: set[int] = set()
        self.refused: set[int] = set()
        self.hidden: set[int] = set()
        self.made: list[int] = []
        self.before: Any = lambda key: None
        self.keeps_parts = False

    def reach(self, user: Any) -> Any:
        return User.objects.exclude(pk__in=self.hidden)

    def make(self, making: Making) -> Made:
        names = dict(self.reach(making.user).values_list("pk", "email"))
        kept = making.parts()
        for done, key in enumerate(making.subjects):
            self.before(key)
            making.tick(done)
            if key in self.broken:
                raise ValueError
            if key not in names or key in self.refused:
                making.leave_out(key, "no", "Non.")
                continue
            making.put_in(key)
            if key in kept:
                continue
            self.made.append(key)
            if self.keeps_parts:
                part = making.place / "part"
                part.write_text(names[key])
                making.keep_part(key, part, name="ligne", media_type="text/csv")
        path = making.place / "names"
        path.write_text("\n".join(names[key] for key in making.inside))
        return Made(path, "personnes.csv", "text/csv")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(registry, "_kinds", {})
    register_kind(Kind("names", make=made.make, reach=made.reach, most=4))
    return made


@pytest.fixture
def bao(db: None) -> Any:
    return UserFactory(staff=True)


@pytest.fixture
def people(db: None) -> list[int]:
    return [person.pk for person in UserFactory.create_batch(3)]


def asked(bao: Any, keys: list[int]) -> Any:
    return ask_download("names", keys, title="Personnes", by=bao, now=NOW)


def made(bao: Any, keys: list[int], clock: Clock) -> Any:
    download = asked(bao, keys)
    while work(clock=clock):
        pass
    download.refresh_from_db()
    return download


def events(download: Any) -> list[str]:
    rows = HistoryEntry.objects.filter(
        subject_type="downloads.download", subject_id=download.pk
    ).order_by("pk")
    return [row.event for row in rows]
