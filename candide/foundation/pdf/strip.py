"""Taking out of a PDF what acts or carries: scripts, launches, embedded files, media.

Runs inside the sandbox only; imports nothing of Django.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

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
# Where scripts are besides actions: those of the document, of forms in XML, and of models in three
# dimensions.
SCRIPTED = ("/JavaScript", "/XFA", "/OnInstantiate")
# Addresses that are a script themselves.
_SCRIPT_ADDRESS = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)
_IGNORED_IN_ADDRESS = re.compile(r"[\0-\x20]")
# The keys of a structure element (a tag), whose own name may be that of an action.
TAG_KEYS = frozenset(
    {"/Type", "/S", "/P", "/ID", "/Ref", "/Pg", "/K", "/A", "/C", "/R", "/T", "/NS"}
) | {"/Lang", "/Alt", "/E", "/ActualText", "/Phoneme", "/PhoneticAlphabet"}
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
    if isinstance(names := root.get("/Names"), Dictionary | Stream):
        _drop(names, "/EmbeddedFiles", ATTACHMENTS, found)
    for thing in list(_things(pdf)):
        if isinstance(thing, Array):
            _strip_array(thing, found)
        else:
            _strip_dictionary(thing, found)
    return found


def _things(pdf: Pdf) -> Iterator[Object]:
    """Every dictionary, stream and array of the document, however deep; the trailer is no object
    of it, but may hold some."""
    objects = [pdf.trailer, *pdf.objects]
    waiting = [thing for thing in objects if isinstance(thing, Array | Dictionary | Stream)]
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
    for key in SCRIPTED:
        _drop(thing, key, SCRIPTS, found)
    if "/S" in thing:  # an action, whatever else it says
        _drop(thing, "/JS", SCRIPTS, found)
    for key in ("/URI", "/Base"):
        if _is_script_address(thing.get(key)):
            _drop(thing, key, SCRIPTS, found)
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
    """Whether `value` is an action that must not stay. A viewer may go by /S alone, whatever /Type
    says, and read the dictionary of a stream."""
    return (
        isinstance(value, Dictionary | Stream)
        and "/S" in value
        and str(value["/S"]) in ACTIVE
        and not _is_tag(value)
    )


def _is_tag(value: Object) -> bool:
    """Whether `value` is a structure element, and has nothing else that an action could need."""
    return value.get("/Type") == Name.StructElem and TAG_KEYS.issuperset(value.keys())


def _is_script_address(value: Object | None) -> bool:
    return isinstance(value, String) and bool(
        _SCRIPT_ADDRESS.match(_IGNORED_IN_ADDRESS.sub("", str(value)))
    )


def _is_carrying(value: Object) -> bool:
    """Whether `value` is an annotation that carries a file or plays something."""
    return (
        isinstance(value, Dictionary | Stream)
        and value.get("/Subtype") in CARRYING
        and "/Rect" in value
    )
