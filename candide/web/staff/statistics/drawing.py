"""Curves as SVG without any style of their own: the page's stylesheet colours them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600, 160


@dataclass(frozen=True)
class Curves:
    """Two lines in one drawing, this campaign's and the last one's: their points, and the highest
    value, which is the top of the drawing."""

    title: Any
    points: str
    points_before: str
    highest: int


def curves(title: Any, values: Sequence[int], before: Sequence[int | None]) -> Curves:
    known = [value for value in before if value is not None]
    highest = max([*values, *known, 1])
    return Curves(title, _points(values, highest), _points(known, highest), highest)


def _points(values: Sequence[int], highest: int) -> str:
    """Each value at its day, from left to right."""
    if not any(values):
        return ""
    step = WIDTH / max(len(values) - 1, 1)
    return " ".join(
        f"{number * step:.1f},{HEIGHT - value / highest * HEIGHT:.1f}"
        for number, value in enumerate(values)
    )
