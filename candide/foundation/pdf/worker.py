"""Joining documents into one, inside `candide.core.sandbox`. Imports nothing of Django."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import (
    Array,
    Dictionary,
    Name,
    NumberTree,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Page,
    Pdf,
    String,
)

from candide.foundation.pdf.strip import strip

Report = Callable[[dict[str, Any]], None]

# What a document from elsewhere may raise while its pages are taken over.
ERRORS = (pikepdf.PdfError, ValueError, RuntimeError, TypeError, AttributeError, KeyError, OSError)


def handle(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Join the documents of `request["parts"]` into `request["out"]`. A tagged first part (ours)
    keeps its structure, to which a section is added for every other part."""
    skipped: list[int] = []
    joined = _Joined(request)
    for position, part in enumerate(request["parts"]):
        report({"began": position})
        try:
            joined.add(part)
        except ERRORS:
            skipped.append(position)
    report({"began": None})
    if joined.bookmarks:
        joined.save(Path(request["out"]))
    return {"pages": len(joined.pdf.pages), "skipped": skipped}


class _Joined:
    """The document that grows."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        if request["first_is_ours"]:
            self.pdf = Pdf.open(request["parts"][0]["path"])
        else:
            self.pdf = Pdf.new()
        self.labels = Array()
        self.bookmarks: list[OutlineItem] = []
        self.structure = _Structure(self.pdf, language=request["language"])
        self.sources: list[Pdf] = []  # their pages are only there as long as they are

    def add(self, part: dict[str, Any]) -> None:
        """Take the pages of one part. Raises before anything was changed if it cannot."""
        start = len(self.pdf.pages)
        if self.request["first_is_ours"] and not self.labels:
            start = 0
        else:
            source, kinds = _opened(part["path"])
            self.sources.append(source)
            self.pdf.pages.extend(source.pages)
            section = self.structure.section(part["title"])
            for number, kind in enumerate(kinds, start=1):
                told = {"title": part["title"], "page": number, "pages": len(kinds)}
                alternative = self.request["alternative"] % told
                self.structure.tag(self.pdf.pages[start + number - 1], section, kind, alternative)
        self._label(start)
        self.bookmarks.append(OutlineItem(part["title"], start))

    def _label(self, start: int) -> None:
        """Our own pages count 1, 2, 3; those of the second part 2-1, 2-2 and so on."""
        label = Dictionary(S=Name.D)
        if self.bookmarks:
            label.P = String(f"{len(self.bookmarks) + 1}-")
        self.labels.append(start)
        self.labels.append(label)

    def save(self, out: Path) -> None:
        root = self.pdf.Root
        root.Lang = String(self.request["language"])
        root.PageLabels = Dictionary(Nums=self.labels)
        root.PageMode = Name.UseOutlines
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with self.pdf.open_outline() as outline:
            first, *others = self.bookmarks
            if self.request["first_is_ours"]:
                first.children.extend(outline.root)
                first.is_closed = True
            outline.root[:] = [first, *others]
        self._describe()
        self.pdf.remove_unreferenced_resources()
        self.pdf.save(out, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)

    def _describe(self) -> None:
        with self.pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = self.request["title"]
            metadata["dc:language"] = [self.request["language"]]
            if len(self.bookmarks) > 1:
                # Only what we made alone may be called PDF/UA: other people's pages are in it now.
                for claim in ("pdfuaid:part", "pdfuaid:rev"):
                    if claim in metadata:
                        del metadata[claim]
        self.pdf.docinfo["/Title"] = String(self.request["title"])
        if self.request["author"]:
            self.pdf.docinfo["/Author"] = String(self.request["author"])
        if self.request["created"]:
            self.pdf.docinfo["/CreationDate"] = String(self.request["created"])


def _opened(path: str) -> tuple[Pdf, list[Name]]:
    """A document from elsewhere: decrypted, nothing active in it, its form part of its pages,
    each page one marked content; and what element each page is."""
    source = Pdf.open(path)
    if not len(source.pages):
        raise ValueError("no pages")
    strip(source)
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
        source.flatten_annotations("all")
    return source, [_marked(source, page) for page in source.pages]


def _marked(source: Pdf, page: Page) -> Name:
    """Draw the page through a form, so that marks it brings along mean nothing here. It is a
    paragraph where it has text of its own, which can then be read aloud, else a figure."""
    kind = Name.P if _has_text(page) else Name.Figure
    form = source.make_indirect(page.as_form_xobject(handle_transformations=False))
    form.write(form.read_bytes())  # until now it only pointed at what the page draws
    page.obj.Resources = Dictionary(XObject=Dictionary(Page=form))
    drawn = f"{kind} <</MCID 0>> BDC\nq /Page Do Q\nEMC"
    page.obj.Contents = source.make_stream(drawn.encode())
    for annotation in page.obj.get("/Annots", []):
        if "/StructParent" in annotation:
            del annotation.StructParent
    return kind


class _Structure:
    """The structure tree: what a screen reader walks through."""

    def __init__(self, pdf: Pdf, *, language: str) -> None:
        self.pdf = pdf
        if "/StructTreeRoot" not in pdf.Root:
            root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
            document = Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array())
            root.K = pdf.make_indirect(document)
            root.ParentTree = NumberTree.new(pdf).obj
            root.ParentTreeNextKey = 0
            pdf.Root.StructTreeRoot = root
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        self.root = pdf.Root.StructTreeRoot
        self.parents = NumberTree(self.root.ParentTree)
        self.next_key = max(self.parents, default=-1) + 1

    def section(self, title: str) -> Object:
        return self._element(self._document(), Name.Sect, T=String(title))

    def tag(self, page: Page, section: Object, kind: Name, alternative: str) -> None:
        """Make the page's whole content one element, told by `alternative` if it is a figure."""
        told = {"Alt": String(alternative)} if kind == Name.Figure else {}
        element = self._element(section, kind, Pg=page.obj, **told)
        element.K = 0
        page.obj.StructParents = self.next_key
        page.obj.Tabs = Name.S
        self.parents[self.next_key] = self.pdf.make_indirect(Array([element]))
        self.next_key += 1
        self.root.ParentTreeNextKey = self.next_key

    def _document(self) -> Object:
        top = self.root.K
        return top[0] if isinstance(top, Array) else top

    def _element(self, parent: Object, kind: Name, **more: Object) -> Object:
        element = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=kind, P=parent, K=Array())
        )
        for key, value in more.items():
            element[f"/{key}"] = value
        children = parent.get("/K", Array())
        if not isinstance(children, Array):
            children = Array([children])
        children.append(element)
        parent.K = children
        return element


def _has_text(page: Page) -> bool:
    """Whether the page writes with a font, directly or in a form of its own."""
    waiting: list[Object] = [page.resources]
    for _ in range(50):
        if not waiting:
            return False
        resources = waiting.pop()
        if resources.get("/Font"):
            return True
        forms = resources.get("/XObject", {}).values()
        waiting.extend(
            form.Resources
            for form in forms
            if form.get("/Subtype") == Name.Form and "/Resources" in form
        )
    return True
