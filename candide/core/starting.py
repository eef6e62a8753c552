"""What a new installation begins with. Each room says so in its `domain/starter.py`; the command
`candide prepare` does it, and every time again, so nothing there may undo what staff changed."""

from collections.abc import Callable

from django.utils.module_loading import autodiscover_modules

_starters: list[Callable[[], object]] = []


def begins_with(function: Callable[[], object]) -> Callable[[], object]:
    """Register `function` as part of a new installation. Used as a decorator."""
    _starters.append(function)
    return function


def begin() -> None:
    """Give the installation everything a new one begins with that it has not yet."""
    autodiscover_modules("domain.starter")
    for starter in _starters:
        starter()
