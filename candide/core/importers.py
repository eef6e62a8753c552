"""What `candide import WHAT` can bring in: each room that has something registers it."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand


@dataclass(frozen=True)
class Importer:
    """`add_arguments` fills its subparser, `run` gets the command (to write to) and the options."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[BaseCommand, dict[str, Any]], None]


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    _importers[importer.name] = importer


def importers() -> list[Importer]:
    """Each, by name."""
    return [_importers[name] for name in sorted(_importers)]


def find_importer(name: str) -> Importer | None:
    return _importers.get(name)
