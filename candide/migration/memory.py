"""What was brought before: the row of eCandidat by its key, ours by its."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from candide.migration.models import BroughtRow

SALT = "candide.migration"


@dataclass(frozen=True)
class Brought:
    target: int
    mark: str
    was_made: bool


class Memory:
    """Each kind is read once, when it is first asked for."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self._known: dict[str, dict[str, Brought]] = {}
        self._claimed: dict[str, set[int]] = {}
        self._gone: set[tuple[str, str]] = set()

    def of(self, kind: str) -> dict[str, Brought]:
        if kind not in self._known:
            rows = BroughtRow.objects.filter(kind=kind).order_by("pk")
            self._known[kind] = {
                row.key: Brought(row.target_id, row.mark, row.was_made)
                for row in rows.iterator(chunk_size=2000)
            }
            self._claimed[kind] = {brought.target for brought in self._known[kind].values()}
        return self._known[kind]

    def find(self, kind: str, key: Any) -> int | None:
        """The key of our row for that one, if it was brought and is still there."""
        brought = self.of(kind).get(str(key))
        is_there = brought is not None and (kind, str(key)) not in self._gone
        return brought.target if brought is not None and is_there else None

    def note_gone(self, kind: str, key: str) -> None:
        """Ours was deleted since: nothing can hang on it."""
        self._gone.add((kind, key))

    def is_claimed(self, kind: str, target: int) -> bool:
        """Whether our row stands for one of theirs already."""
        self.of(kind)
        return target in self._claimed[kind]

    def remember(self, kind: str, rows: Iterable[tuple[str, int, str]], *, was_made: bool) -> None:
        """(key there, key of ours, mark) of rows that are written."""
        known, claimed, rows = self.of(kind), self._claimed[kind], list(rows)
        BroughtRow.objects.bulk_create(
            (
                BroughtRow(
                    kind=kind,
                    key=key,
                    target_id=target,
                    mark=mark,
                    was_made=was_made,
                    brought_at=self.now,
                )
                for key, target, mark in rows
            ),
            batch_size=1000,
        )
        for key, target, mark in rows:
            known[key] = Brought(target, mark, was_made)
            claimed.add(target)

    def renew(self, kind: str, key: str, mark: str) -> None:
        """The row changed there, and so did ours."""
        BroughtRow.objects.filter(kind=kind, key=key).update(mark=mark, brought_at=self.now)
        old = self.of(kind)[key]
        self.of(kind)[key] = Brought(old.target, mark, old.was_made)


def login_key(login: Any) -> str:
    """What somebody of the staff is remembered by: a login, which capitals do not change, must not
    outlive the account."""
    return mark_of(str(login).strip().lower())


def mark_of(row: Any) -> str:
    """What tells a row from what it says later. It is keyed, so that nobody finds out by trying
    what it was made of."""
    said = json.dumps(row, sort_keys=True, default=str, ensure_ascii=False)
    return salted_hmac(SALT, said, algorithm="sha256").hexdigest()
