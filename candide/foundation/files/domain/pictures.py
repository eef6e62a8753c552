"""Pictures of pages: for the viewer beside the application, and for small screens."""

from dataclasses import dataclass

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from candide.core import sandbox
from candide.core.blockers import Blocker, Refused
from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.storing import WORKER
from candide.foundation.files.models import StoredFile, blob_path

# Few widths, so that each page is drawn a few times at most.
WIDTHS = (200, 480, 960, 1600)


@dataclass(frozen=True)
class Picture:
    content: bytes
    media_type: str


def page_image(stored_file: StoredFile, *, page: int, width: int) -> Picture:
    """Page `page` (from 1) of a PDF, at least `width` pixels wide where that is one of `WIDTHS`:
    PNG, or JPEG where that is much smaller. Drawn once and kept beside the content. Raises
    `Refused` if it cannot be drawn or must not be opened."""
    drawn_width = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
    name = f"{blob_path(stored_file.key)}-{page}-{drawn_width}"
    with blobs.open_file(stored_file) as content:
        if default_storage.exists(name):
            with default_storage.open(name, "rb") as kept:
                return _picture(kept.read())
        drawn = _draw(content, page, drawn_width)
    default_storage.save(name, ContentFile(drawn))
    return _picture(drawn)


def _draw(content: File, page: int, width: int) -> bytes:
    with sandbox.scratch() as place:
        path, out = place / "document", place / "picture"
        with path.open("wb") as copy:
            for chunk in content.chunks():
                copy.write(chunk)
        request = {
            "task": "picture",
            "path": str(path),
            "page": page,
            "width": width,
            "out": str(out),
        }
        outcome = sandbox.run(WORKER, request)
        if outcome.result is None or not out.exists():
            message = _("This page cannot be shown as a picture. Download the file to see it.")
            raise Refused([Blocker("no_picture", message)])
        return out.read_bytes()


def _picture(content: bytes) -> Picture:
    is_png = content.startswith(b"\x89PNG")
    return Picture(content, "image/png" if is_png else "image/jpeg")
