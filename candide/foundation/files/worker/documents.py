"""PDFs: whether they open, what they hold, and the copy that is worked with."""

import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Name, Pdf, Stream
from PIL import Image

from candide.foundation.files.worker.images import Quality, drawn
from candide.foundation.pdf.strip import strip

# What one stream of an honest document may unpack to.
MAX_STREAM = 100_000_000
_BLANK = b"\xef\xbb\xbf \t\r\n\f\0"
_TRAILING = 1024


class Unusable(Exception):
    """The document cannot be taken; `problem` is a code of `domain.checks`."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


@dataclass
class Document:
    """An opened PDF, cleaned in memory, and what that changed."""

    pdf: Pdf
    changes: set[str] = field(default_factory=set)
    is_signed: bool = False


def open_document(path: Path, *, max_pages: int) -> tuple[Document | None, int]:
    """Open and clean; the document (None if it has more pages than wanted) and its page count.
    Raises `Unusable`."""
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise Unusable("encrypted") from None
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError):
        raise Unusable("damaged") from None
    try:
        count = len(pdf.pages)
        if count == 0:
            raise Unusable("no_pages")
        if count > max_pages:
            return None, count
        is_odd = _looks_damaged(pdf)
        _refuse_bombs(pdf)
        found = strip(pdf)
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, TypeError, AttributeError):
        raise Unusable("damaged") from None
    document = Document(pdf, found.removed | _around(path), found.is_signed)
    if not document.changes and is_odd and not _viewers_open(path):
        document.changes.add("repaired")
    if document.is_signed and document.changes:
        document.changes.add("signature")
    return document, count


def _looks_damaged(pdf: Pdf) -> bool:
    """Whether a viewer may stumble over it. Raises `Unusable` over half a document: a download
    that broke off still opens, with empty pages at its end."""
    is_whole = all(page.mediabox is not None and "/Contents" in page.obj for page in pdf.pages)
    warnings = [str(warning) for warning in pdf.get_warnings()]
    if not is_whole and any("file is damaged" in warning for warning in warnings):
        raise Unusable("damaged")
    return bool(warnings) or pdf.is_encrypted


def _viewers_open(path: Path) -> bool:
    """Whether the viewer of most browsers opens it as it is: qpdf takes more than they do."""
    import pypdfium2  # noqa: PLC0415 -- rarely needed, and slow to load

    try:
        pypdfium2.PdfDocument(path).close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _refuse_bombs(pdf: Pdf) -> None:
    """Some kilobytes can unpack to gigabytes."""
    for thing in pdf.objects:
        if not isinstance(thing, Stream):
            continue
        if thing.get("/Subtype") == Name.Image:
            size = _number(thing, "/Width") * _number(thing, "/Height")
            if size > MAX_STREAM:
                raise Unusable("bomb")
        elif "/Filter" in thing and _unpacked(thing) > MAX_STREAM:
            raise Unusable("bomb")


def _number(thing: Stream, key: str) -> int:
    value = thing.get(key, 0)
    return value if isinstance(value, int) else 0


def _unpacked(thing: Stream) -> int:
    try:
        return len(thing.read_bytes(pikepdf.StreamDecodeLevel.generalized))
    except MemoryError:
        return MAX_STREAM + 1
    except (pikepdf.PdfError, RuntimeError):
        return 0  # a filter only a viewer knows, or one damaged stream: no reason to refuse


def _around(path: Path) -> set[str]:
    """What lies before or behind the document in its file: a file may be two things at once."""
    content = path.read_bytes()
    start = content.find(b"%PDF-", 0, 1024)
    if start < 0:
        return {"repaired"}
    if content[:start].strip(_BLANK):
        return {"foreign_data"}
    behind = content[content.rfind(b"%%EOF") + 5 :] if b"%%EOF" in content else b""
    if len(behind.strip(_BLANK)) > _TRAILING or zipfile.is_zipfile(path):
        return {"foreign_data"}
    return set()


def reduce_images(pdf: Pdf, quality: Quality) -> bool:
    """Draw the large pictures of a document anew, smaller; whether any became so."""
    reduced = False
    for thing in pdf.objects:
        if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Image:
            reduced |= _reduce(thing, quality)
    return reduced


def _reduce(thing: Stream, quality: Quality) -> bool:
    before = len(thing.read_raw_bytes())
    if before <= quality.kept_bytes or _number(thing, "/BitsPerComponent") == 1:
        return False
    try:
        image = pikepdf.PdfImage(thing).as_pil_image()
        grey = image.mode == "L"
        content = drawn(image if grey else image.convert("RGB"), "jpeg", quality)
    except Exception:  # whatever the libraries raise: an exotic picture stays as it is
        return False
    if len(content) >= before:
        return False
    with Image.open(io.BytesIO(content)) as smaller:
        thing.Width, thing.Height = smaller.size
    thing.write(content, filter=Name.DCTDecode)
    thing.BitsPerComponent = 8
    thing.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    for key in ("/DecodeParms", "/Decode", "/Mask"):
        if key in thing:
            del thing[key]
    return True
