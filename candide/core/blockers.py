"""Why an action is not possible: one vocabulary for pages, API and jobs."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Blocker:
    """One reason against an action.

    `code` is for tests and programs, `message` (translated) for people. `about` names the thing
    that mends it, as "document:12", "question:3" or "section:address"; pages turn it into a link.
    """

    code: str
    message: str
    about: str = ""


class Refused(Exception):
    """The domain says no, with every reason."""

    def __init__(self, blockers: Iterable[Blocker]) -> None:
        self.blockers = list(blockers)
        super().__init__("; ".join(f"{b.code}: {b.message}" for b in self.blockers))

    @property
    def codes(self) -> list[str]:
        return [blocker.code for blocker in self.blockers]


def refuse_if(blockers: Iterable[Blocker]) -> None:
    """Raise `Refused` unless there is no blocker."""
    found = list(blockers)
    if found:
        raise Refused(found)
