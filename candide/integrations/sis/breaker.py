"""A circuit breaker that all processes share: a student system that is down is not asked by
everybody, again and again, each waiting for its silence. What it knows is kept in the shared cache,
so that whoever learns that it is down tells the others.

Its cache counts without a lock: two failures at the same moment may count as one. It then opens one
call later, which does no harm.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.core.cache import cache

from candide.integrations.sis.port import Unavailable

FAILURES = 5  # in a row, and nobody asks any more
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0
PROBE_SECONDS = 60  # who tries again after a pause; others wait for what comes of it
REMEMBERED = 7 * 24 * 3600
WELL_AGAIN = 60.0  # a success is written down that often at most


@dataclass(frozen=True)
class State:
    """How it is with a system. Moments are seconds since the epoch; none where nothing is known."""

    failures: int = 0
    pauses: int = 0
    until: float = 0
    failed_at: float = 0
    reason: str = ""
    well_at: float = 0

    def is_open_at(self, moment: float) -> bool:
        """Whether nobody is to ask."""
        return moment < self.until


class Breaker:
    def __init__(self, name: str, *, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._key, self._probe = f"sis-breaker-{name}", f"sis-breaker-{name}-probe"

    def state(self) -> State:
        return State(**cache.get(self._key, {}))

    def refuse_if_open(self) -> None:
        """Raises `Unavailable` while it is open; after that one may try, the others wait."""
        state = self.state()
        if state.is_open_at(self.clock()):
            raise Unavailable("the circuit is open")
        if state.until and not cache.add(self._probe, 1, PROBE_SECONDS):
            raise Unavailable("somebody else is trying")

    def succeeded(self) -> None:
        state, now = self.state(), self.clock()
        if state.failures or state.until or now - state.well_at > WELL_AGAIN:
            cache.delete(self._probe)
            self._keep(State(well_at=now, failed_at=state.failed_at, reason=state.reason))

    def failed(self, reason: str) -> None:
        state, now = self.state(), self.clock()
        failures = state.failures + 1
        pauses, until = state.pauses, state.until
        if failures >= FAILURES:
            until = now + min(FIRST_PAUSE * 2**pauses, LONGEST_PAUSE)
            pauses += 1
        cache.delete(self._probe)
        self._keep(
            State(
                failures=failures,
                pauses=pauses,
                until=until,
                failed_at=now,
                reason=reason[:200],
                well_at=state.well_at,
            )
        )

    def close(self) -> None:
        """Let everybody ask again at once."""
        state = self.state()
        cache.delete(self._probe)
        self._keep(State(failed_at=state.failed_at, reason=state.reason, well_at=state.well_at))

    def _keep(self, state: State) -> None:
        cache.set(self._key, asdict(state), REMEMBERED)
