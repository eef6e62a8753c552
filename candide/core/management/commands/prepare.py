"""`candide prepare`: what every new version needs before it serves. Safe to repeat."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from candide.core.starting import begin


class Command(BaseCommand):
    help = "Bring the database, the cache table and the static files up to this version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--static", action="store_true", help="only the static files, as for an image"
        )

    def handle(self, *, verbosity: int, static: bool, **_: Any) -> None:
        if static:
            collect_static_files(verbosity)
            return
        settings.DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        begin()
        collect_static_files(verbosity)


def collect_static_files(verbosity: int) -> None:
    """Collect and compress what pages link to, unless nothing changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / "candide.stamp"
    state = static_files_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=verbosity)
    stamp.write_text(state)


def static_files_state() -> str:
    """A digest of where every static file comes from and of what it holds. Times would not do: an
    image cuts them, and its containers may not write there."""
    storages: dict[str, Any] = settings.STORAGES
    digest = hashlib.sha256(storages["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            source = Path(storage.path(path))
            digest.update(f"{source} {source.stat().st_size}\n".encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()
