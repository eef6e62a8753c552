"""Several people act at the same moment: each in a thread with a connection of its own, begun
together, joined in the end. A refusal is an outcome; whatever else is raised, a deadlock among it,
fails the test."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.mails.models import OutgoingMail

PATIENCE = 60.0
ROUNDS = range(3)

Act = Callable[[], Any]


@dataclass
class Outcome:
    """What came of one act: its `value`, or the codes it was refused with."""

    value: Any = None
    codes: list[str] = field(default_factory=list)
    error: BaseException | None = None

    @property
    def won(self) -> bool:
        return not self.codes


def at_once(*acts: Act) -> list[Outcome]:
    """Have every act begin at the same moment; what came of each, in the order given."""
    outcomes = [Outcome() for _ in acts]
    start = Barrier(len(acts))

    def run(act: Act, outcome: Outcome) -> None:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            outcome.value = act()
        except Refused as refusal:
            outcome.codes = refusal.codes
        except BaseException as error:
            outcome.error = error
        finally:
            connection.close()

    threads = [
        Thread(target=run, args=pair, daemon=True) for pair in zip(acts, outcomes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    for outcome in outcomes:
        if outcome.error is not None:
            raise outcome.error
    return outcomes


def codes(outcomes: list[Outcome]) -> list[list[str]]:
    """The codes of every outcome, sorted: what two alike may get in either order."""
    return sorted(outcome.codes for outcome in outcomes)


def one_of(outcomes: list[Outcome]) -> Outcome:
    """The only one that won."""
    (winner,) = (outcome for outcome in outcomes if outcome.won)
    return winner


def events(subject: Any) -> list[str]:
    """What the history says of `subject`, in alphabetical order."""
    return sorted(entry.event for entry in entries_about(subject))


def mails(kind: str, **fields: Any) -> int:
    """How many mails of that kind were queued."""
    return OutgoingMail.objects.filter(kind=kind, **fields).count()
