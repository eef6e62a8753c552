"""Taking out of a PDF what acts or carries: scripts, launches, embedded files, media.

Runs inside the sandbox only; imports nothing of Django.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

SCRIPTS = "scripts"
ATTACHMENTS = "attachments"

# Actions that run code, start programs, fetch or play: `GoTo`, `URI` and the like stay.
ACTIVE = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/Rendition",
        "/RichMediaExecute",
        "/GoToE",
        "/GoTo3DView",
        "/Movie",
        "/Sound",
    }
)
# Annotations that carry a file or play something.
CARRYING = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


@dataclass
class Found:
    """What was taken out, and whether the document was signed (so that its signature is void)."""

    removed: set[str]
    is_signed: bool


def strip(pdf: Pdf) -> Found:
    """Take everything active or carried out of `pdf`, in place. Where nothing is `removed`,
    nothing was changed."""
    found = Found(removed=set(), is_signed=False)
    root = pdf.Root
    _drop(root, "/Collection", ATTACHMENTS, found)
    if isinstance(names := root.get("/Names"), Dictionary):
        _drop(names, "/JavaScript", SCRIPTS, found)
        _drop(names, "/EmbeddedFiles", ATTACHMENTS, found)
    if isinstance(form := root.get("/AcroForm"), Dictionary):
        _drop(form, "/XFA", SCRIPTS, found)
    for thing in list(_things(pdf)):
        if isinstance(thing, Array):
            _strip_array(thing, found)
        else:
            _strip_dictionary(thing, found)
    return found


def _things(pdf: Pdf) -> Iterator[Object]:
    """Every dictionary, stream and array of the document, however deep."""
    waiting = [thing for thing in pdf.objects if isinstance(thing, Array | Dictionary | Stream)]
    while waiting:
        thing = waiting.pop()
        yield thing
        children = thing if isinstance(thing, Array) else (value for _, value in thing.items())
        waiting.extend(
            child
            for child in children
            if isinstance(child, Array | Dictionary) and not child.is_indirect
        )


def _drop(owner: Object, key: str, what: str, found: Found) -> None:
    if key in owner:
        del owner[key]
        found.removed.add(what)


def _strip_dictionary(thing: Object, found: Found) -> None:
    if thing.get("/ByteRange") is not None and thing.get("/Contents") is not None:
        found.is_signed = True
    if thing.get("/Type") == Name.Filespec or "/UF" in thing or "/EF" in thing:
        _drop(thing, "/EF", ATTACHMENTS, found)
    _drop(thing, "/AF", ATTACHMENTS, found)
    for key, value in list(thing.items()):
        if key != "/Parent" and _is_active(value):
            _drop(thing, key, SCRIPTS, found)


def _strip_array(thing: Array, found: Found) -> None:
    for position in range(len(thing) - 1, -1, -1):
        value = thing[position]
        if _is_active(value):
            del thing[position]
            found.removed.add(SCRIPTS)
        elif _is_carrying(value):
            del thing[position]
            found.removed.add(ATTACHMENTS)


def _is_active(value: Object) -> bool:
    """Whether `value` is an action that must not stay."""
    return (
        isinstance(value, Dictionary)
        and "/S" in value
        and str(value["/S"]) in ACTIVE
        and value.get("/Type", Name.Action) == Name.Action
    )


def _is_carrying(value: Object) -> bool:
    """Whether `value` is an annotation that carries a file or plays something."""
    return isinstance(value, Dictionary) and value.get("/Subtype") in CARRYING and "/Rect" in value
