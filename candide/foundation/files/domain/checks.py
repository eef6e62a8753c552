"""What is asked of every uploaded file [PJ-10]. A check is a generator of blockers that say what
to do; to add one, write it and put it into `CHECKS`. What opens the file is in `worker`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.core.blockers import Blocker
from candide.core.sandbox import Failure
from candide.foundation.files.enums import Kind

DOCUMENT_KINDS = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG, Kind.HEIC, Kind.WEBP, Kind.TIFF})
IMAGE_KINDS = DOCUMENT_KINDS - {Kind.PDF}
OFFICE_KINDS = frozenset({Kind.DOCX, Kind.ODT})

MAX_NAME = 100


@dataclass(frozen=True)
class Limits:
    """What is accepted. `keeps_image`: a single image stays one (a logo, a signature) instead of
    becoming a PDF. Office documents stay as they are, one at a time (templates staff give)."""

    max_file_bytes: int = 20 * 1024 * 1024
    max_document_bytes: int = 10 * 1024 * 1024
    max_pages: int = 100
    max_files: int = 30
    kinds: frozenset[Kind] = field(default=DOCUMENT_KINDS)
    keeps_image: bool = False


@dataclass
class Examined:
    """One uploaded file and what is known of it. `kind` is a `Kind` or what else it seems to be
    (`worker.kinds`), empty if it was not opened; `problem` is what the worker found."""

    name: str
    size: int
    kind: str = ""
    media_type: str = "application/octet-stream"
    pages: int = 0
    problem: str = ""
    failure: Failure | None = None
    is_infected: bool = False


@dataclass(frozen=True)
class FileBlocker(Blocker):
    """A reason against one of several files; `name` for programs, people read it in the message."""

    name: str = ""


def blocker_of(name: str, code: str, message: str) -> FileBlocker:
    told = _("“%(name)s”: %(message)s") % {"name": name, "message": message}
    return FileBlocker(code, told, name=name)


def names(kinds: frozenset[Kind]) -> str:
    """The accepted kinds as one reads them: "PDF, JPEG, PNG"."""
    return ", ".join(str(kind.label) for kind in Kind if kind in kinds)


def blockers_before_opening(examined: Examined, limits: Limits) -> list[FileBlocker]:
    """Why the file must not even be opened."""
    return _run(CHECKS_BEFORE_OPENING, examined, limits)


def blockers(examined: Examined, limits: Limits) -> list[FileBlocker]:
    """Everything that speaks against the file, once it was opened (if it may be)."""
    return _run(CHECKS_BEFORE_OPENING + CHECKS, examined, limits)


Check = Callable[[Examined, Limits], Iterator[tuple[str, str]]]


def _run(checks: tuple[Check, ...], examined: Examined, limits: Limits) -> list[FileBlocker]:
    return [
        blocker_of(examined.name, code, message)
        for check in checks
        for code, message in check(examined, limits)
    ]


def _name(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if len(examined.name) >= MAX_NAME:
        yield (
            "name_too_long",
            _("The name of the file is too long. Give it a name of less than 100 characters."),
        )


def _size(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if examined.size == 0:
        yield (
            "empty",
            _(
                "The file is empty. Open it on your device to see whether it holds your document, "
                "save it again and choose it again."
            ),
        )
    elif examined.size > limits.max_file_bytes:
        yield (
            "too_large",
            _(
                "The file has %(size)s, the maximum is %(most)s. Scan in black and white or at "
                "200 dpi, or photograph the pages with your telephone and choose the photos."
            )
            % {
                "size": filesizeformat(examined.size),
                "most": filesizeformat(limits.max_file_bytes),
            },
        )


def _virus(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if examined.is_infected:
        yield (
            "infected",
            _(
                "The file seems to contain a virus. Have your device checked by an antivirus, and "
                "make the file again, if need be from another device."
            ),
        )


def _type(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if not examined.kind or examined.kind in limits.kinds:
        return
    advice = {
        "docx": _("Open it in your word processor and export it as PDF."),
        "odt": _("Open it in your word processor and export it as PDF."),
        "office": _("Open it in the program that made it and export it as PDF."),
        "web_page": _("Open it in your browser and print it to a PDF file."),
        "archive": _("Unpack it and choose the documents it holds."),
    }.get(
        examined.kind,
        _(
            "It may be damaged, or have another content than its name says. Scan or photograph "
            "the document again, or print it to a PDF file."
        ),
    )
    if limits.kinds <= IMAGE_KINDS and examined.kind != "archive":
        advice = _("Open it in the program that made it and save it as PNG or JPEG.")
    yield (
        "wrong_type",
        _("This kind of file is not accepted, only %(kinds)s.") % {"kinds": names(limits.kinds)}
        + " "
        + advice,
    )


def _pages(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if examined.pages > limits.max_pages:
        yield "too_many_pages", too_many_pages(examined.pages, limits)


def too_many_pages(pages: int, limits: Limits) -> str:
    return ngettext(
        "The document has %(pages)d page, the maximum is %(most)d. Keep only the pages asked for.",
        "The document has %(pages)d pages, the maximum is %(most)d. Keep only the pages asked for.",
        pages,
    ) % {"pages": pages, "most": limits.max_pages}


def _content(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if examined.problem:
        yield PROBLEM_CODES.get(examined.problem, examined.problem), _problem(examined.problem)


PROBLEM_CODES = {"no_pages": "damaged", "bomb": "too_complex"}


def _problem(problem: str) -> str:
    return {
        "encrypted": _(
            "The file asks for a password. Open it with the password, print it to a new PDF file "
            "and choose that one."
        ),
        "damaged": _(
            "The file is damaged or incomplete and cannot be opened. Download, scan or photograph "
            "it again; if it opens on your device, print it to a new PDF file."
        ),
        "no_pages": _("The document has no pages. Choose the file that holds your document."),
        "image_too_large": _(
            "The picture has too many pixels. Photograph the page with your telephone, or scan it "
            "at 200 to 300 dpi."
        ),
        "bomb": _(
            "The file unpacks to far more than a document needs. Print it to a new PDF file, or "
            "scan or photograph the document."
        ),
        "macros": _(
            "The document holds macros. Save it as a document without macros and choose that one."
        ),
    }[problem]


def _failure(examined: Examined, limits: Limits) -> Iterator[tuple[str, str]]:
    if examined.failure is not None:
        yield failure_of(examined.failure)


def failure_of(failure: Failure) -> tuple[str, str]:
    """What to say when the work on files was ended."""
    if failure is Failure.BUSY:
        return "busy", _("Many files are being received just now. Try again in a minute.")
    if failure is Failure.CRASH:
        return "damaged", _problem("damaged")
    too_long = _(
        "The file takes too long to open or too much memory. Print it to a new PDF file, in "
        "several parts if it is long, or scan or photograph the document."
    )
    return ("took_too_long" if failure is Failure.TIME else "too_complex"), too_long


CHECKS_BEFORE_OPENING: tuple[Check, ...] = (_name, _size, _virus)
CHECKS: tuple[Check, ...] = (_type, _pages, _content, _failure)
