"""What has to be settled once an older state is back: rooms register it in `tasks.py`."""

from collections.abc import Callable
from datetime import datetime

Settling = Callable[[datetime], int]

_settlings: dict[str, Settling] = {}


def once_restored(told: str) -> Callable[[Settling], Settling]:
    """Register `f(now) -> int`, called as soon as a backup is restored and before anything works
    on it. `told` says, after the number, what it did."""

    def register(function: Settling) -> Settling:
        _settlings[told] = function
        return function

    return register


def settlings() -> dict[str, Settling]:
    return dict(_settlings)
