"""Word documents of the institution as letters: looking at them, merging values, the PDF.

The merging is ours, in a process of its own; laying the document out takes an office program that
the installation may have or not (`CANDIDE_OFFICE`, docs/settings.md)."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from candide.core import sandbox

WORKER = "candide.foundation.pdf.merging"
SECONDS = 90
EXPORT = (
    'pdf:writer_pdf_Export:{"PDFUACompliance":{"type":"boolean","value":"true"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportBookmarks":{"type":"boolean","value":"false"}}'
)


class WordFailed(ValueError):
    """Nothing could be made of the document; the message is for staff."""


@dataclass(frozen=True)
class Found:
    """The names of the fields of a document, and what is wrong with it, in words."""

    names: list[str]
    problems: list[tuple[str, str]]


@dataclass(frozen=True)
class Merge:
    """What is put into a document: `values` by name, of which the `given` ones hold as conditions;
    the `image` (a path; none takes the one in the document away) within the bookmark `image_name`;
    a last paragraph `tail`."""

    values: Mapping[str, str]
    given: frozenset[str]
    image_name: str
    image: bytes | None
    tail: str = ""


def look(content: bytes) -> Found:
    """What fields the document has. Raises `WordFailed` when it cannot be opened."""
    with sandbox.scratch() as place:
        path = place / "template.docx"
        path.write_bytes(content)
        result = _ask({"task": "look", "path": str(path)})
    words = _problems()
    return Found(result["names"], [(code, words[code]) for code in result["problems"]])


def fill(content: bytes, merge: Merge, *, title: str, language: str, author: str) -> bytes:
    """The document with its values, as an accessible PDF. Raises `WordFailed`."""
    program = office()
    if program is None:
        raise WordFailed(_("this server has no program that lays Word documents out"))
    with sandbox.scratch() as place:
        path, merged = place / "template.docx", place / "letter.docx"
        path.write_bytes(content)
        image = place / "image" if merge.image is not None else None
        if image is not None:
            image.write_bytes(merge.image or b"")
        request = {
            "task": "merge",
            "path": str(path),
            "out": str(merged),
            "values": dict(merge.values),
            "given": sorted(merge.given),
            "image": merge.image_name,
            "image_path": str(image) if image else None,
            "alt": _("Signature"),
            "tail": merge.tail,
        }
        result = _ask(request)
        if result["problems"]:
            raise WordFailed(_problems()[result["problems"][0]])
        _lay_out(program, merged, place)
        told = {"title": title, "language": language, "author": author}
        drawn, finished = place / "letter.pdf", place / "finished.pdf"
        _ask({"task": "finish", "path": str(drawn), "out": str(finished), **told})
        return finished.read_bytes()


def office() -> str | None:
    """The program that lays Word documents out, if this installation has one."""
    return shutil.which(settings.OFFICE)


def _lay_out(program: str, document: Path, place: Path) -> None:
    """A profile of its own for each call: two of these programs do not share one."""
    order = [
        program,
        f"-env:UserInstallation=file://{place / 'profile'}",
        "--headless",
        "--norestore",
        "--convert-to",
        EXPORT,
        "--outdir",
        str(place),
        str(document),
    ]
    try:
        subprocess.run(  # noqa: S603 -- the program of the settings, on files of ours
            order,
            timeout=SECONDS,
            check=True,
            capture_output=True,
            env={"HOME": str(place), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd=place,
        )
    except (subprocess.SubprocessError, OSError) as error:
        message = _("the program that lays Word documents out failed (%(error)s)")
        raise WordFailed(message % {"error": type(error).__name__}) from error
    if not document.with_suffix(".pdf").exists():
        raise WordFailed(_("the program that lays Word documents out made nothing of it"))


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    outcome = sandbox.run(WORKER, request)
    if outcome.result is None:
        raise WordFailed(_("the Word document could not be opened"))
    return outcome.result


def _problems() -> dict[str, str]:
    return {
        "damaged": _("the document is damaged, or is no Word document (.docx)"),
        "bomb": _("the document unpacks to far more than a letter needs"),
        "directive": _("a field is neither a name nor #if(…), #else or #end"),
        "unbalanced": _("an #if has no #end, or the other way round"),
        "crossing": _("an #if and its #end do not stand in the same place (a cell, a text box)"),
        "typed": _(
            "a field is typed as text: insert it as a merge field (Insert, Quick parts, Field)"
        ),
        "external": _("the document fetches an image or a template from elsewhere: embed it"),
    }
