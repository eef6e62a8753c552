"""What Candide asks of the institution's directory of people (« annuaire », LDAP with SupAnn)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

SHORTEST, MOST = 2, 200


class Unavailable(Exception):
    """The directory does not answer, or not as it should: ask again later."""


@dataclass(frozen=True, kw_only=True)
class DirectoryPerson:
    """Somebody who works at the institution. `uid` is what they sign in with, and stays."""

    uid: str
    first_name: str
    last_name: str
    email: str
    unit: str = ""


class Directory(Protocol):
    """Every call raises `Unavailable` where nothing can be said: « nobody » is always an answer."""

    is_connected: bool

    def search(self, text: str) -> list[DirectoryPerson]:
        """Who has every word of `text` in their name, login or address, at most MOST, by name."""

    def by_uid(self, uids: Iterable[str]) -> dict[str, DirectoryPerson]:
        """Those of `uids` who are there."""

    def by_email(self, emails: Iterable[str]) -> dict[str, DirectoryPerson]:
        """Those of `emails` (in lower case) who are there."""
