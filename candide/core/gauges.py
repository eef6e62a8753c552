"""What monitoring is told of the rows that wait: each room registers its numbers in `gauges.py`.
They are read from the database when they are asked for, so every machine tells the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.module_loading import autodiscover_modules

Reading = float | Mapping[str, float]


@dataclass(frozen=True)
class Gauge:
    """One number, or one for each value of `label`. Neither names anybody."""

    name: str
    help: str
    label: str
    read: Callable[[datetime], Reading]


_gauges: dict[str, Gauge] = {}


def gauge(
    name: str, text: str, *, label: str = ""
) -> Callable[[Callable[[datetime], Reading]], Callable[[datetime], Reading]]:
    """Register `f(now)` as the gauge `name`: a number, or with a `label` one for each of its
    values, zeros included."""

    def register(function: Callable[[datetime], Reading]) -> Callable[[datetime], Reading]:
        _gauges[name] = Gauge(name, text, label, function)
        return function

    return register


def gauges() -> list[Gauge]:
    """Every registered gauge, by name."""
    autodiscover_modules("gauges")
    return [_gauges[name] for name in sorted(_gauges)]
