"""Taking away what nothing speaks of: files no row points at, contents without a row, and what a
crash left of an upload. Young things stay: they may belong to an upload that is under way."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from candide.core.keys import Keys
from candide.foundation.files.domain import blobs
from candide.foundation.files.models import OriginalFile, StoredFile

AGE = timedelta(hours=24)


@dataclass
class Cleaned:
    """How many of each were removed."""

    rows: int = 0
    contents: int = 0
    scratch: int = 0


def remove_orphans(now: datetime, *, age: timedelta = AGE) -> Cleaned:
    """Remove what is older than `age` and belongs to nothing. May run at any time beside
    uploads, and be stopped at any moment: the next run takes the rest."""
    before = now - age
    cleaned = Cleaned(rows=_remove_rows(before))
    cleaned.contents = _remove_contents(before)
    cleaned.scratch = _remove_scratch(before)
    return cleaned


def remove(stored_file: StoredFile) -> bool:
    """Remove a file and its contents now; False if something points at it after all. Contents go
    only once the rows are gone for good; a crash in between leaves them to the clean-up."""
    if not StoredFile.objects.unreferenced().filter(pk=stored_file.pk).exists():
        return False  # deleting would read every row that points at it, to say so
    keys = {stored_file.key, *stored_file.originals.values_list("key", flat=True)}
    try:
        with transaction.atomic():
            stored_file.delete()
    except (ProtectedError, IntegrityError):
        return False
    transaction.on_commit(lambda: _delete(keys))
    return True


def remove_all(pks: Iterable[int]) -> int:
    """`remove` of many at once, those something points at left alone; how many were removed. Where
    somebody points at one meanwhile, one after the other."""
    free = StoredFile.objects.unreferenced().filter(pk__in=Keys(pks))
    found = list(free.prefetch_related("originals"))
    keys = {key for file in found for key in (file.key, *(o.key for o in file.originals.all()))}
    try:
        with transaction.atomic():
            StoredFile.objects.filter(pk__in=[file.pk for file in found]).delete()
    except (ProtectedError, IntegrityError):
        return sum(remove(file) for file in found)
    transaction.on_commit(lambda: _delete(keys))
    return len(found)


def _delete(keys: set[str]) -> None:
    for key in sorted(keys):
        blobs.delete_blob(key)


def _remove_rows(before: datetime) -> int:
    old = StoredFile.objects.unreferenced().filter(created_at__lt=before).order_by("pk")
    return sum(remove(stored_file) for stored_file in list(old))


def _remove_contents(before: datetime) -> int:
    """Contents, and pictures of their pages, that no row speaks of."""
    removed = 0
    for folder in blobs.folders():
        names = blobs.names(folder)
        known = _known({blobs.key_of(name) for name in names})
        for name in names:
            if blobs.key_of(name) not in known and blobs.delete_older(f"{folder}/{name}", before):
                removed += 1
    return removed


def _known(keys: set[str]) -> set[str]:
    stored = StoredFile.objects.filter(key__in=keys).values_list("key", flat=True)
    originals = OriginalFile.objects.filter(key__in=keys).values_list("key", flat=True)
    return {*stored, *originals}


def _remove_scratch(before: datetime) -> int:
    """What uploads leave in the scratch directory if the process is killed: Django's `*.upload*`
    and our working directories."""
    removed = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        with suppress(FileNotFoundError):  # an upload just ended by itself
            if path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                removed += 1
    return removed
