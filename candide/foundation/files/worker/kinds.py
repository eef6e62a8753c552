"""What a file is, by its content: its name and what the browser says of it prove nothing."""

import zipfile
from pathlib import Path

HEAD = 2048

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_WEB = (b"<!doctype html", b"<html", b"<svg", b"<?xml", b"<head", b"<script")


def kind_of(path: Path) -> str:
    """A value of `enums.Kind`, or what else it seems to be: `office`, `web_page`, `archive` or
    `other`."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return _picture(head) or _document(head, path)


def _picture(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "heic"
    return ""


def _document(head: bytes, path: Path) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):  # the older formats of Word, Excel, PowerPoint
        return "office"
    if head.startswith(b"{\\rtf"):
        return "office"
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        return "archive"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        return "web_page"
    # A PDF that lost its beginning: to be called damaged rather than something else.
    return "pdf" if b" obj" in head or b"trailer" in head else "other"


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "word/document.xml" in names:
                return "docx"
            if "mimetype" in names:
                with archive.open("mimetype") as file:
                    stated = file.read(100)
                return "odt" if stated == b"application/vnd.oasis.opendocument.text" else "office"
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        return "archive"
    return "office" if "[Content_Types].xml" in names else "archive"
