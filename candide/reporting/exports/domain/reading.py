"""Reading very many rows: what many of them share (a programme, a country, a commune) is read once
and given to each, instead of being joined to every row and made anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ForeignKey, Model, OneToOneField

from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate

# Every row has its own: joined, although a foreign key leads there.
PERSONAL = (Candidate,)
MOST_KEPT = 5000
# What no column shows and a row need not bring along: where one does after all, the test that
# counts the queries of every column fails.
_VERSIONED = ("version", "tab", "tab_version", "is_imported", "updated_at")
_NOT_SHOWN = {
    (): ("version", "frozen_at", "reminded_at"),
    ("candidate",): (
        *_VERSIONED,
        *("search_text", "looked_up_ine", "proof_sent_at", "documents_wanted_at", "ine_state"),
    ),
    ("candidate", "user"): ("password", "last_login"),
    ("candidate", "address"): _VERSIONED,
    ("candidate", "baccalaureate"): _VERSIONED,
}
OFFER = "intake__campaign", "intake__programme__commission__centre"


@dataclass
class Shared:
    """What the foreign key `key` of the object at `owner` leads to, with what is beyond it."""

    owner: tuple[str, ...]
    key: Any
    beyond: set[str] = field(default_factory=set)
    kept: dict[int, Model] = field(default_factory=dict)

    def give(self, rows: Sequence[Application]) -> None:
        """Put it into each of `rows`."""
        owners = [owner for row in rows if (owner := self._owner(row)) is not None]
        wanted = {getattr(owner, self.key.attname) for owner in owners} - {None}
        missing = wanted - self.kept.keys()
        if missing:
            if len(self.kept) > MOST_KEPT:
                self.kept.clear()
                missing = wanted
            found = self.key.related_model._base_manager.all()
            if self.beyond:
                found = found.select_related(*sorted(self.beyond))
            self.kept.update(found.in_bulk(missing))
        for owner in owners:
            key = getattr(owner, self.key.attname)
            if key is not None:
                self.key.set_cached_value(owner, self.kept[key])

    def _owner(self, row: Any) -> Any:
        for name in self.owner:
            row = getattr(row, name, None)
            if row is None:
                return None
        return row


class Reading:
    """How `paths` (lookups from an application) are read: joined, or shared."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.joined: set[str] = set()
        self.shared: dict[tuple[str, ...], Shared] = {}
        for path in paths:
            self._sort(path)

    def _sort(self, path: str) -> None:
        """Walk `path` up to the first thing many rows share."""
        names = path.split("__")
        model: Any = Application
        for place, name in enumerate(names):
            step = model._meta.get_field(name)
            if _is_shared(step):
                owner, beyond = tuple(names[:place]), "__".join(names[place + 1 :])
                shared = self.shared.setdefault((*owner, name), Shared(owner, step))
                if beyond:
                    shared.beyond.add(beyond)
                if owner:
                    self.joined.add("__".join(owner))
                return
            model = step.related_model
        self.joined.add(path)

    @property
    def deferred(self) -> list[str]:
        """The fields of what is joined that need not be read."""
        return [
            "__".join((*owner, name))
            for owner, names in _NOT_SHOWN.items()
            for name in names
            if not owner or any(path.startswith("__".join(owner)) for path in self.joined)
        ]

    def give(self, rows: Sequence[Application]) -> None:
        for shared in self.shared.values():
            shared.give(rows)


def _is_shared(step: Any) -> bool:
    return (
        isinstance(step, ForeignKey)
        and not isinstance(step, OneToOneField)
        and step.related_model not in PERSONAL
    )
