"""Spurring work soon. What must happen is a row with a status that the worker sweeps anyway;
a spur only makes it happen now, so losing one loses nothing."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django_tasks import task

_handlers: dict[str, Callable[..., Any]] = {}


def handler(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as what `spur(name, …)` runs in the worker. Arguments are ids."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _handlers[name] = function
        return function

    return register


@task()
def run_handler(name: str, args: list[Any]) -> None:
    _handlers[name](*args)


def spur(name: str, *args: Any) -> None:
    """Have the worker run handler `name` with `args` (JSON values) once this is committed."""
    transaction.on_commit(lambda: run_handler.enqueue(name, list(args)))
