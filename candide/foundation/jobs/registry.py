"""Which jobs and sweeps there are. Rooms register theirs in `jobs.py` (`@job`) and `tasks.py`
(`@sweep`, and handlers of `core.tasks`); both modules are found by themselves. `jobs.py` is also
where a room says what keeps candidates out (`@keeps_out`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

JobFunction = Callable[[datetime, Any], None]
SweepFunction = Callable[[datetime], int]
Obstacle = Callable[[], bool]
Memory = Callable[[], timedelta]

RUNS_KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Job:
    """Something done every day at an hour (`at`, changed by staff), or every so often (`every`)."""

    code: str
    function: JobFunction
    title: str
    at: time | None
    every: timedelta | None
    destroys: bool


@dataclass(frozen=True)
class Sweep:
    """Rows that must be worked through soon: `function(now)` does some and says how many."""

    code: str
    function: SweepFunction
    every: float


_jobs: dict[str, Job] = {}
_sweeps: dict[str, Sweep] = {}
_obstacles: list[Obstacle] = []
_memories: list[Memory] = []


def job(
    code: str,
    *,
    title: str,
    at: str | None = None,
    every: timedelta | None = None,
    destroys: bool = False,
) -> Callable[[JobFunction], JobFunction]:
    """Register `f(now, run)` as a job: daily `at` "HH:MM" where the institution is, or `every` so
    often. One that `destroys` never starts before the institution agreed to it once. `run` is a
    `domain.running.Run`: go through rows with `run.each(rows, act)`, so that one bad row does not
    stop the others, and the run can be stopped and taken over between two rows."""
    if (at is None) == (every is None):
        raise ValueError(f"job {code}: give either at= or every=")

    def register(function: JobFunction) -> JobFunction:
        _jobs[code] = Job(
            code=code,
            function=function,
            title=title,
            at=None if at is None else time.fromisoformat(at),
            every=every,
            destroys=destroys,
        )
        return function

    return register


def sweep(code: str, *, every: float) -> Callable[[SweepFunction], SweepFunction]:
    """Register `f(now) -> int` to be called by each worker every `every` seconds, and again at
    once as long as it says that it did something. Several workers call it at the same time, so it
    claims each row before it works on it."""

    def register(function: SweepFunction) -> SweepFunction:
        _sweeps[code] = Sweep(code, function, every)
        return function

    return register


def keeps_out(function: Obstacle) -> Obstacle:
    """Register `f() -> bool`: whether candidates are kept out of a service that is well. Such a
    minute counts as one in which the service did not answer them."""
    _obstacles.append(function)
    return function


def candidates_are_out() -> bool:
    """Whether something keeps candidates out just now."""
    return any(obstacle() for obstacle in _obstacles)


def keeps_runs(function: Memory) -> Memory:
    """Register `f() -> timedelta`: for how long it is kept what a run of a job did."""
    _memories.append(function)
    return function


def runs_kept() -> timedelta:
    """For how long it is: as the institution wants it."""
    return max((memory() for memory in _memories), default=RUNS_KEPT)


def jobs() -> list[Job]:
    """Every registered job, by code."""
    return [_jobs[code] for code in sorted(_jobs)]


def find_job(code: str) -> Job:
    """The job `code`. Raises `KeyError`."""
    return _jobs[code]


def sweeps() -> list[Sweep]:
    """Every registered sweep, by code."""
    return [_sweeps[code] for code in sorted(_sweeps)]
