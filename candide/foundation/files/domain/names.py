"""Names of files as they are shown and offered for download."""

import re
import unicodedata

EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "text/csv": ".csv",
}
LONGEST = 100
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_EXTENSION = re.compile(
    r"\.(pdf|jpe?g|jfif|png|hei[cf]|webp|tiff?|docx?|odt|xlsx|zip|csv)$", re.IGNORECASE
)


def shown_name(name: str, media_type: str) -> str:
    """`name` with spaces as `_` [PJ-11], without what could fool a file system or a reader
    (control and direction characters), with the extension that belongs to its content, and no
    longer than 100 characters.

    >>> shown_name("Relevé de notes (2).HEIC", "application/pdf")
    'Relevé_de_notes_(2).pdf'
    """
    extension = EXTENSIONS[media_type]
    stem = cleaned(_EXTENSION.sub("", name.strip()))
    return stem[: LONGEST - len(extension)] + extension


def cleaned(name: str) -> str:
    """Without unsafe characters, spaces as `_`; never empty."""
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(
        " " if c.isspace() else c
        for c in composed
        if c.isspace() or not unicodedata.category(c).startswith("C")
    )
    return re.sub(r"[\s_]+", "_", _UNSAFE.sub("_", visible)).strip("._") or "document"
