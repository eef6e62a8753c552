"""Several documents as one: the dossier with everything that was given for it [PDF-03, PDF-04]."""

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from candide.core import sandbox

logger = logging.getLogger(__name__)

WORKER = "candide.foundation.pdf.worker"
BOUNDS = sandbox.Bounds(seconds=120, cpu_seconds=90, written_bytes=1024 * 1024 * 1024)


@dataclass(frozen=True)
class Part:
    """A PDF and what it is called: its bytes, or a function that opens it
    (`lambda: open_file(stored_file)`). `is_ours` where we rendered it ourselves: as the first
    part, it keeps the structure that makes it accessible."""

    content: bytes | Callable[[], AbstractContextManager[IO[bytes]]]
    title: str
    is_ours: bool = False


@dataclass
class Joined:
    """The document, and the parts that could not be read and are not in it; among these, the
    `lost` ones, whose content could not even be fetched and may be there another time."""

    content: bytes
    pages: int
    skipped: list[Part] = field(default_factory=list)
    lost: list[Part] = field(default_factory=list)


class JoiningFailed(Exception):
    """Not even our own first part could be taken, or there was no time left."""


def join(
    parts: Sequence[Part],
    *,
    title: str,
    language: str,
    author: str = "",
    created: datetime | None = None,
) -> Joined:
    """One document with a bookmark, a section and page labels for each part, in order. The same
    parts and arguments give the same bytes, so that its SHA-256 can be computed again. Parts that
    cannot be read are left out and named. Raises `JoiningFailed`."""
    with sandbox.scratch() as place:
        paths = {
            position: place / str(position)
            for position, part in enumerate(parts)
            if _is_written(part, place / str(position))
        }
        request = {
            "out": str(place / "joined"),
            "title": title,
            "author": author,
            "language": language,
            "alternative": _alternative(language),
            "created": f"{created.astimezone(UTC):D:%Y%m%d%H%M%SZ}" if created else "",
        }
        left = list(paths)
        result = None
        while result is None:
            if not left:
                raise JoiningFailed("nothing could be joined")
            result = _try(parts, paths, left, request)
        if not result["pages"]:
            raise JoiningFailed("nothing could be joined")
        left = [i for position, i in enumerate(left) if position not in result["skipped"]]
        return Joined(
            content=(place / "joined").read_bytes(),
            pages=result["pages"],
            skipped=[part for i, part in enumerate(parts) if i not in left],
            lost=[part for i, part in enumerate(parts) if i not in paths],
        )


def _try(
    parts: Sequence[Part], paths: dict[int, Path], left: list[int], request: dict[str, Any]
) -> dict[str, Any] | None:
    """Join what is `left`. None if one of them ended the process, and is taken out of `left`."""
    is_ours = parts[left[0]].is_ours
    sources = [{"path": str(paths[i]), "title": parts[i].title} for i in left]
    outcome = sandbox.run(
        WORKER, {**request, "parts": sources, "first_is_ours": is_ours}, bounds=BOUNDS
    )
    if outcome.result is not None:
        return outcome.result
    began = outcome.reports[-1]["began"] if outcome.reports else None
    if began is None or (began == 0 and is_ours):
        raise JoiningFailed(str(outcome.failure))
    del left[began]
    return None


def _is_written(part: Part, path: Path) -> bool:
    """Copy the part to `path`, unless the storage has not got it."""
    if isinstance(part.content, bytes):
        path.write_bytes(part.content)
        return True
    try:
        with part.content() as source, path.open("wb") as copy:
            shutil.copyfileobj(source, copy)
    except OSError as error:
        logger.error("a file to be joined cannot be fetched: %s", type(error).__name__)
        return False
    return True


def _alternative(language: str) -> str:
    """What is read aloud for a page that is only a picture."""
    with override(language):
        return _("%(title)s, page %(page)s of %(pages)s, shown as it was given")
