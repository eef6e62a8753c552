"""Opening a file: its encoding, its delimiter, its lines. Nothing is guessed silently."""

import csv
import gzip
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from candide.core.blockers import Refused
from candide.core.text import fold
from candide.institution.reference.domain.importing.report import problem

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = (";", ",", "\t", "|")
# UTF-8 read as Latin-1 and written again: "Ã©" for "é"; and what other programs put for a
# character they could not read.
_MANGLED = re.compile("Ã[\u0080-\u00bf\u2030\u0160-\u017e]|â€[\u2122\u0153\u0093\u0094™œ]|\ufffd")


@dataclass(frozen=True)
class Sheet:
    """A text with its first line understood. `headings` are folded for comparison."""

    path: Path
    text: str
    delimiter: str
    header: list[str]

    @property
    def headings(self) -> list[str]:
        return [fold(heading) for heading in self.header]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """The rows after the header, each with the line it begins at; empty ones left out."""
        reader = csv.reader(
            io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True
        )
        begun = 1
        try:
            for cells in reader:
                if begun > 1 and any(cells):
                    yield begun, cells
                begun = reader.line_num + 1
        except csv.Error as error:
            message = _("the quotation marks of this line do not match.")
            raise Refused([problem("damaged", message, file=self.path.name, line=begun)]) from error


def contents(path: Path) -> bytes:
    """The bytes of a file, unpacked if gzipped."""
    packed = path.read_bytes()
    if packed[:2] != b"\x1f\x8b":
        return packed
    try:
        return gzip.decompress(packed)
    except (EOFError, OSError) as error:
        message = _("this compressed file is damaged.")
        raise Refused([problem("damaged", message, file=path.name)]) from error


def headers(content: bytes) -> list[tuple[str, list[str]]]:
    """The first line cut by each delimiter it contains, most columns first. Only ASCII matters to
    recognise a list, so it is read before the encoding is settled."""
    first = content.split(b"\n", 1)[0].removeprefix(b"\xef\xbb\xbf")
    try:
        line = first.decode("utf-8")
    except UnicodeDecodeError:
        line = first.decode("cp1252", errors="replace")
    cut = []
    for delimiter in DELIMITERS:
        cells = next(csv.reader([line.rstrip("\r")], delimiter=delimiter), [])
        if len(cells) > 1:
            cut.append((delimiter, [cell.strip().lstrip("#") for cell in cells]))
    return sorted(cut, key=lambda found: -len(found[1]))


def decode(
    path: Path, content: bytes, *, encodings: tuple[str, ...], delimiter: str, header: list[str]
) -> str:
    """The text, in the first of `encodings` that fits. Refuses, naming line and column, a file in
    another one, or one that somebody mangled before."""
    first_error: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as error:
            first_error = first_error or error
            continue
        if found := _MANGLED.search(text):
            line, column = _place(text[: found.start()], delimiter, header)
            message = _(
                "“%(text)s”: accented letters were damaged when this file was converted; take it"
                " from its source again."
            ) % {"text": found[0]}
            raise Refused([problem("mangled", message, file=path.name, line=line, column=column)])
        return text
    assert first_error is not None  # noqa: S101 -- there is always an encoding to try
    before = content[: first_error.start].decode(first_error.encoding, errors="replace")
    line, column = _place(before, delimiter, header)
    message = _(
        "the character number %(position)s of this line is not written in %(encoding)s. Save the"
        " file in UTF-8, or say which encoding it is in, for example --encoding cp1252."
    ) % {
        "position": len(before) - before.rfind("\n"),
        "encoding": encodings[0].upper(),
    }
    raise Refused([problem("bad_encoding", message, file=path.name, line=line, column=column)])


def _place(before: str, delimiter: str, header: list[str]) -> tuple[int, str]:
    """The line and the column of what follows `before`."""
    line = before.count("\n") + 1
    started = before[before.rfind("\n") + 1 :]
    position = len(next(csv.reader([started], delimiter=delimiter), [""])) - 1
    return line, header[position] if position < len(header) else str(position + 1)
