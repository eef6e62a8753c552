"""Contents in the private storage, under opaque keys. Rows say what they are; a content without
a row is an orphan, which the clean-up removes."""

import os
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.files.enums import ScanStatus
from candide.foundation.files.models import OriginalFile, StoredFile, blob_path, folder_of

KEY_LENGTH = 32
_FOLDER = re.compile("[0-9a-f]{2}")

NOT_SERVED = {
    ScanStatus.PENDING: (
        "scan_pending",
        _("The antivirus has not looked at this file yet. Try again in a few minutes."),
    ),
    ScanStatus.INFECTED: (
        "infected",
        _("The antivirus found a virus in this file. Replace it by another one."),
    ),
    ScanStatus.FAILED: (
        "scanner_failed",
        _("The antivirus could not look at this file. Replace it by another one."),
    ),
}


def new_key() -> str:
    return uuid.uuid4().hex


def write_blob(key: str, path: Path) -> None:
    """Put the content of `path` into the storage, so that it is still there after a power cut."""
    with path.open("rb") as content:
        name = default_storage.save(blob_path(key), File(content))
    try:
        place = Path(default_storage.path(name))
    except NotImplementedError:
        return  # a remote storage has it once it answered
    for each in (place, place.parent, place.parent.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def read_blob(key: str) -> File:
    return default_storage.open(blob_path(key), "rb")


def path_for_nginx(path: str) -> str:
    """Where nginx finds the content at `path`, below the address it keeps to itself."""
    signed_path = getattr(default_storage, "signed_path", None)
    return signed_path(path) if signed_path else path


def try_storage() -> None:
    """Write a content, read it back and delete it; raises whatever goes wrong. If this process
    dies in between, the clean-up takes what is left."""
    key = new_key()
    name = default_storage.save(blob_path(key), ContentFile(key.encode()))
    try:
        with default_storage.open(name) as file:
            if file.read() != key.encode():
                raise OSError("what was read is not what was written")
    finally:
        default_storage.delete(name)


def delete_blob(key: str) -> None:
    """The content and the pictures of its pages. Nothing happens if they are gone already."""
    folder = folder_of(key)
    for name in names(folder):
        if key_of(name) == key:
            default_storage.delete(f"{folder}/{name}")


def folders() -> list[str]:
    """Where contents are; whatever else is in the storage is not ours."""
    return sorted(name for name in _listed("")[0] if _FOLDER.fullmatch(name))


def names(folder: str) -> list[str]:
    return sorted(_listed(folder)[1])


def key_of(name: str) -> str:
    """The key of a content, or of the one a picture shows a page of."""
    return name[:KEY_LENGTH]


def delete_older(path: str, before: datetime) -> bool:
    try:
        if default_storage.get_modified_time(path) >= before:
            return False
    except FileNotFoundError:
        return False  # somebody else deleted it meanwhile
    default_storage.delete(path)
    return True


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []  # nothing was ever stored there


def serving_blockers(stored_file: StoredFile) -> list[Blocker]:
    """Why nobody may open it now."""
    if stored_file.is_served:
        return []
    code, message = NOT_SERVED[ScanStatus(stored_file.scan_status)]
    return [Blocker(code, str(message))]


def open_file(stored_file: StoredFile) -> File:
    """The working copy, to be read and closed. Raises `Refused` while the antivirus has not
    cleared it."""
    refuse_if(serving_blockers(stored_file))
    return read_blob(stored_file.key)


def kept_originals(files: Iterable[StoredFile]) -> dict[int, list[OriginalFile]]:
    """For each of `files` (by pk) that is not itself what was uploaded, the originals in order.
    One query."""
    found: dict[int, list[OriginalFile]] = defaultdict(list)
    keys = {file.pk: file.key for file in files}
    originals = OriginalFile.objects.filter(stored_file_id__in=keys)
    for original in originals.order_by("stored_file_id", "position"):
        if original.key != keys[original.stored_file_id]:
            found[original.stored_file_id].append(original)
    return found


def open_original(original: OriginalFile) -> File:
    """What was uploaded, byte for byte. Raises `Refused` as `open_file` does."""
    refuse_if(serving_blockers(original.stored_file))
    return read_blob(original.key)
