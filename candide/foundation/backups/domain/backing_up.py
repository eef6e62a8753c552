"""Making a backup (« sauvegarde »): the database first, then every content. What is stored never
changes and goes only once no row speaks of it, so what the database knew is there, but what was
destroyed while the backup was made; the check of files names that after a restoration."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import candide
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.backups.domain import databases, manifest
from candide.foundation.backups.domain.manifest import DATABASE, FILES, FORMAT, Manifest
from candide.foundation.files.domain import blobs
from candide.foundation.files.models import blob_path


def backing_up_blockers(place: Path, *, previous: Path | None = None) -> list[Blocker]:
    """Why no backup may be made there."""
    found = []
    if place.exists():
        found.append(Blocker("exists", f"{place} exists already."))
    if not place.parent.is_dir() or not os.access(place.parent, os.W_OK):
        found.append(Blocker("no_place", f"Nothing can be written in {place.parent}."))
    if _unfinished(place).exists():
        left = f"{_unfinished(place)} was left by a backup that was cut short: remove it first."
        found.append(Blocker("cut_short", left))
    if previous is not None:
        try:
            manifest.read(previous)
        except manifest.Unreadable as error:
            found.append(Blocker("no_previous", str(error)))
    return found


def back_up(place: Path, *, now: datetime, previous: Path | None = None) -> Manifest:
    """Make a backup in the new folder `place`, which is there only once it is complete. What the
    `previous` one has already is not copied again but shared with it, as one file under two names.
    """
    refuse_if(backing_up_blockers(place, previous=previous))
    unfinished = _unfinished(place)
    unfinished.mkdir(mode=0o700)
    databases.dump(unfinished / DATABASE)
    sums = {DATABASE: manifest.sum_of(unfinished / DATABASE)}
    sums |= dict(_copied(unfinished, previous))
    made = Manifest(
        format=FORMAT,
        version=candide.__version__,
        made_at=now.isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=applied_migrations(),
        key=manifest.key_mark(),
        files=len(sums) - 1,
        sums=manifest.write_sums(unfinished, sums),
    )
    manifest.write(unfinished, made)
    unfinished.rename(place)
    return made


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _unfinished(place: Path) -> Path:
    return place.with_name(f"{place.name}.unfinished")


def _copied(place: Path, previous: Path | None) -> Iterator[tuple[str, str]]:
    """Every content now in the backup, with its sum; pictures of pages are drawn again."""
    known = manifest.read_sums(previous) if previous else {}
    for folder in blobs.folders():
        target = place / FILES / folder
        target.mkdir(parents=True)
        for key in blobs.names(folder):
            if len(key) != blobs.KEY_LENGTH:
                continue
            name = f"{FILES}/{blob_path(key)}"
            if previous and name in known and _shared(previous / name, target / key):
                yield name, known[name]
                continue
            try:
                with blobs.read_blob(key) as content:
                    yield name, manifest.copy(content, target / key)
            except FileNotFoundError:
                continue  # destroyed just now


def _shared(old: Path, new: Path) -> bool:
    """Whether `new` now is a further name of `old`; on another disk it cannot be."""
    try:
        new.hardlink_to(old)
    except OSError:
        return False
    return True
