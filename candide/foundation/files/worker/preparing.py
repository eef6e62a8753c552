"""From what was uploaded to the one document that is worked with."""

from pathlib import Path
from typing import Any

from pikepdf import ObjectStreamMode, OutlineItem, Pdf

from candide.foundation.files.worker import Report
from candide.foundation.files.worker.documents import reduce_images
from candide.foundation.files.worker.images import FINE, SMALL, Quality, drawn, open_image
from candide.foundation.files.worker.inputs import (
    MEDIA_TYPES,
    OFFICE,
    Input,
    draw,
    image_type,
    look,
)

# How large pictures may stay in a document that is too large, milder first.
REDUCED = (Quality(long_side=2600, jpeg=75, kept_bytes=200_000), SMALL)


def prepare(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Look at every input, then make one document of them at `out` (if it is wanted) where nothing
    speaks against it.
    What is found is reported file by file, so that a file that ends this process is known."""
    inputs = [Input(Path(each["path"]), each["title"]) for each in request["inputs"]]
    for position, each in enumerate(inputs):
        report({"began": position})
        look(each, kinds=request["kinds"], max_pages=request["max_pages"])
        report({"found": position, **each.told()})
    if (
        request["out"] is None
        or any(each.problem or each.kind not in request["kinds"] for each in inputs)
        or (len(inputs) > 1 and any(each.kind in OFFICE for each in inputs))
        or sum(each.pages for each in inputs) > request["max_pages"]
    ):
        return {"made": None}
    report({"began": None})
    return {"made": _make(inputs, request)}


def _make(inputs: list[Input], request: dict[str, Any]) -> dict[str, Any]:
    """One document: as it was uploaded where it can stay so, else a new one."""
    first, *others = inputs
    if first.kind in OFFICE:
        return {"as_is": True, "media_type": MEDIA_TYPES[first.kind], "pages": None, "changes": []}
    if request["keeps_image"] and first.kind != "pdf" and not others:
        return _image(first, Path(request["out"]))
    return _pdf(inputs, request)


def _image(first: Input, out: Path) -> dict[str, Any]:
    """A logo or a signature stays an image, drawn anew."""
    with open_image(first.path, first.kind) as image:
        lossless = "png" if first.kind in {"png", "webp", "tiff"} else "jpeg"
        content = drawn(image, lossless, FINE)
    out.write_bytes(content)
    return {
        "as_is": False,
        "media_type": image_type(content),
        "pages": None,
        "changes": sorted(first.changes),
    }


def _pdf(inputs: list[Input], request: dict[str, Any]) -> dict[str, Any]:
    out, most = Path(request["out"]), request["max_bytes"]
    changes = set().union(*(each.changes | each.made.changes for each in inputs))
    told = {
        "as_is": False,
        "media_type": MEDIA_TYPES["pdf"],
        "pages": sum(each.pages for each in inputs),
    }
    if (
        len(inputs) == 1
        and inputs[0].kind == "pdf"
        and not changes
        # A diploma that was signed stays signed, even if it is then refused for its size.
        and (inputs[0].made.is_signed or inputs[0].path.stat().st_size <= most)
    ):
        return {**told, "as_is": True, "changes": []}
    _save(_joined(inputs, request["title"]), out)
    for quality in REDUCED:
        if out.stat().st_size <= most:
            break
        if _reduce(inputs, quality):
            changes.add("reduced")
            _save(_joined(inputs, request["title"]), out)
    return {**told, "changes": sorted(changes)}


def _reduce(inputs: list[Input], quality: Quality) -> bool:
    reduced = False
    for each in inputs:
        if each.kind == "pdf":
            reduced |= reduce_images(each.made.pdf, quality)
        else:
            draw(each, quality)
            reduced = True
    return reduced


def _joined(inputs: list[Input], title: str) -> Pdf:
    """All pages in order, with a bookmark for each file where there are several. A single PDF
    stays itself, with its bookmarks, forms and structure."""
    if len(inputs) == 1 and inputs[0].kind == "pdf":
        return inputs[0].made.pdf
    joined = Pdf.new()
    with joined.open_outline() as outline:
        for each in inputs:
            start = len(joined.pages)
            if each.kind == "pdf":
                _flatten(each.made.pdf)
            joined.pages.extend(each.made.pdf.pages)
            if len(inputs) > 1:
                outline.root.append(OutlineItem(each.title, start))
    joined.docinfo["/Title"] = title
    return joined


def _flatten(pdf: Pdf) -> None:
    """What was filled into a form becomes part of its page, since the form itself does not come
    along."""
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")


def _save(pdf: Pdf, out: Path) -> None:
    pdf.remove_unreferenced_resources()
    pdf.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
