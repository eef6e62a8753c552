"""What a backup says of itself: `manifest.json`, and the sums of all its files in the form that
`sha256sum -c` reads."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.utils.crypto import salted_hmac

FORMAT = 1
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
DATABASE = "database"
FILES = "files"
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """`migrations` are those applied to the database, as app.name; `key` tells whether the secret
    key is the same, and nothing of it."""

    format: int
    version: str
    made_at: str
    database: str
    migrations: list[str]
    key: str
    files: int
    sums: str


class Unreadable(Exception):
    """There is no backup, or none this version understands."""


def write(place: Path, manifest: Manifest) -> None:
    (place / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")


def read(place: Path) -> Manifest:
    """What the backup in `place` says. Raises `Unreadable`."""
    try:
        said = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise Unreadable(
                f"{place} has the format {said['format']}; this version knows {FORMAT}."
            )
        return Manifest(**said)
    except (OSError, ValueError, TypeError, KeyError):
        raise Unreadable(f"There is no backup in {place}.") from None


def write_sums(place: Path, sums: dict[str, str]) -> str:
    """Keep the sum of each file, by name; returns the sum of what was kept."""
    lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    (place / SUMS).write_text(lines, encoding="ascii")
    return hashlib.sha256(lines.encode()).hexdigest()


def read_sums(place: Path) -> dict[str, str]:
    lines = (place / SUMS).read_text(encoding="ascii").splitlines()
    return {name: digest for digest, _space, name in (line.partition("  ") for line in lines)}


def key_mark() -> str:
    """The same for the same CANDIDE_SECRET_KEY."""
    return salted_hmac("candide.backups", "mark", algorithm="sha256").hexdigest()[:16]


def sum_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def copy(content: File | BinaryIO, path: Path) -> str:
    """Write `content` to `path`; its sum."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def damaged(place: Path, manifest: Manifest) -> list[str]:
    """The files of the backup that are gone or other than they were."""
    if not (place / SUMS).exists() or sum_of(place / SUMS) != manifest.sums:
        return [SUMS]
    return list(_wrong(place, read_sums(place)))


def _wrong(place: Path, sums: dict[str, str]) -> Iterable[str]:
    for name, expected in sums.items():
        path = place / name
        if not path.is_file() or sum_of(path) != expected:
            yield name
