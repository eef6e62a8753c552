"""Which kinds of files may be asked for. Rooms above register theirs in their `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from candide.foundation.downloads.models import Download


@dataclass(frozen=True)
class Made:
    """What a kind made: a file at `path`, what it is called and what it is."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True)
class Kind:
    """`make(making)` makes the file in the background, out of any transaction, and tells by
    `making` how far it is; `making` is a `domain.making.Making`. `reach(user)` are the rows of
    which `user` may take something away now: asked when it is made and each time it is taken.
    `permission` is asked of the person then too, if there is one. `most` rows may be asked for
    at once."""

    code: str
    make: Callable[[Any], Made]
    reach: Callable[[Any], QuerySet]
    permission: str = ""
    most: int = 200_000


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make `kind` known."""
    _kinds[kind.code] = kind


def kind_of(download: Download) -> Kind:
    """The kind of `download`. Raises `KeyError`."""
    return _kinds[download.kind]


def find_kind(code: str) -> Kind:
    """The kind `code`. Raises `KeyError`."""
    return _kinds[code]
