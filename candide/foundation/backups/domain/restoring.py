"""Putting a backup back (« restauration »): everything is checked first; then the contents, then
the database in one piece, so that nothing it speaks of is missing."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.backups.domain import databases, manifest
from candide.foundation.backups.domain.manifest import DATABASE, FILES, Manifest
from candide.foundation.backups.registry import settlings
from candide.foundation.files.domain import blobs
from candide.foundation.jobs.domain.watching import has_worker
from candide.foundation.jobs.models import WorkerBeat

NAMED = 5


@dataclass
class Restored:
    """What was put back, and what was settled, as (number, words)."""

    backup: Manifest
    files: int = 0
    settled: list[tuple[int, str]] = field(default_factory=list)


def backup_blockers(place: Path) -> list[Blocker]:
    """Why the backup itself cannot be put back here, whatever is here."""
    try:
        backup = manifest.read(place)
    except manifest.Unreadable as error:
        return [Blocker("unreadable", str(error))]
    found = []
    if backup.database != connection.vendor:
        words = f"It is of a {backup.database} database, and this one is {connection.vendor}."
        found.append(Blocker("other_database", words))
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(backup.migrations) - known)
    if unknown:
        words = f"It is of version {backup.version}, which knows more: {_some(unknown)}."
        found.append(Blocker("newer", words))
    if damaged := manifest.damaged(place, backup):
        found.append(Blocker("damaged", f"It is damaged: {_some(damaged)}."))
    return found


def restoring_blockers(place: Path, *, now: datetime, replace: bool) -> list[Blocker]:
    """Why it may not be put back now."""
    found = backup_blockers(place)
    tables = databases.tables()
    if WorkerBeat._meta.db_table in tables and has_worker(now=now):
        words = "A worker gave a sign of life within two minutes: stop the services first."
        found.append(Blocker("at_work", words))
    elif others := databases.others_connected():
        words = f"{others} others are connected to the database: stop the services first."
        found.append(Blocker("at_work", words))
    if not replace and _is_filled(tables):
        words = (
            "There are accounts or files here already; --replace puts the backup in their place."
        )
        found.append(Blocker("filled", words))
    return found


def restoring_warnings(place: Path) -> list[Blocker]:
    """What will not work as before."""
    if manifest.read(place).key == manifest.key_mark():
        return []
    words = "CANDIDE_SECRET_KEY is another one: second factors and links sent by mail are lost."
    return [Blocker("other_key", words)]


def restore(place: Path, *, now: datetime, replace: bool = False) -> Restored:
    """Put the backup in `place` back. A crash leaves the database as it was, or as in the backup;
    it can be repeated."""
    refuse_if(restoring_blockers(place, now=now, replace=replace))
    restored = Restored(manifest.read(place), files=_put_files(place))
    databases.load(place / DATABASE)
    ContentType.objects.clear_cache()
    with transaction.atomic():
        restored.settled = [(function(now), told) for told, function in settlings().items()]
    return restored


def _is_filled(tables: list[str]) -> bool:
    users = get_user_model()
    has_files = any(blobs.names(folder) for folder in blobs.folders())
    return has_files or (users._meta.db_table in tables and users._default_manager.exists())


def _put_files(place: Path) -> int:
    """Write the contents that are not there yet; contents never change. What is there beside them
    belongs to nothing, and the clean-up takes it."""
    put = 0
    for name in manifest.read_sums(place):
        path = place / name
        key = os.path.basename(name)
        if name.startswith(f"{FILES}/") and not _is_there(key, path.stat().st_size):
            blobs.write_blob(key, path)
            put += 1
    return put


def _is_there(key: str, size: int) -> bool:
    blob = blobs.blob_path(key)
    if not default_storage.exists(blob):
        return False
    if default_storage.size(blob) == size:
        return True
    default_storage.delete(blob)  # cut short by a crash
    return False


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
