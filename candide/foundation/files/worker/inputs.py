"""One uploaded file at a time: what it is, and what speaks against it."""

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pikepdf import Pdf
from PIL import Image

from candide.foundation.files.worker.documents import Document, Unusable, open_document
from candide.foundation.files.worker.images import (
    FINE,
    Quality,
    TooLarge,
    frame_count,
    holds_metadata,
    open_image,
    pages,
)
from candide.foundation.files.worker.kinds import kind_of

OFFICE = frozenset({"docx", "odt"})
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "heic": "image/heic",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}
MAX_UNZIPPED = 200_000_000


@dataclass
class Input:
    """One uploaded file and what was found out about it. `problem` is a code of `domain.checks`;
    `document` its pages, ready to be joined."""

    path: Path
    title: str
    kind: str = ""
    pages: int = 0
    problem: str = ""
    document: Document | None = None
    changes: set[str] = field(default_factory=set)

    @property
    def made(self) -> Document:
        """Its pages; there are some once nothing speaks against it."""
        return cast("Document", self.document)

    def told(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "media_type": MEDIA_TYPES.get(self.kind, "application/octet-stream"),
            "pages": self.pages,
            "problem": self.problem,
        }


def look(each: Input, *, kinds: list[str], max_pages: int) -> None:
    """Find out what it is and whether it can be used, and draw its pages if it is an image."""
    each.kind = kind_of(each.path)
    if each.kind not in kinds:
        return
    try:
        if each.kind == "pdf":
            each.document, each.pages = open_document(each.path, max_pages=max_pages)
        elif each.kind in OFFICE:
            _look_into_office(each.path)
        else:
            _look_at_image(each, max_pages)
    except Unusable as found:
        each.problem = found.problem


def _look_into_office(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MAX_UNZIPPED:
        raise Unusable("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unusable("encrypted")
    names = [entry.filename for entry in entries]
    if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
        raise Unusable("macros")


def _look_at_image(each: Input, max_pages: int) -> None:
    """Every pixel is decoded while its page is made, so a damaged image shows itself here."""
    try:
        with open_image(each.path, each.kind) as image:
            each.pages = frame_count(image, each.kind)
            if holds_metadata(image):
                each.changes.add("metadata")
        if each.pages <= max_pages:
            draw(each, FINE)
    except TooLarge:
        raise Unusable("image_too_large") from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, RuntimeError, KeyError):
        raise Unusable("damaged") from None


def draw(each: Input, quality: Quality) -> None:
    """The pages of an image, as `each.document`."""
    target = each.path.with_name(f"{each.path.name}-{quality.jpeg}.pdf")
    with Pdf.new() as document:
        for page in pages(each.path, each.kind, quality):
            with Pdf.open(io.BytesIO(page)) as single:
                document.pages.extend(single.pages)
        document.save(target)
    each.document = Document(Pdf.open(target))


def image_type(content: bytes) -> str:
    """The media type of an image that was drawn anew."""
    with Image.open(io.BytesIO(content)) as image:
        return Image.MIME[image.format or ""]
