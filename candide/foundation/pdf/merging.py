"""Merge fields of Word documents, inside `candide.core.sandbox`. Imports nothing of Django.

A field is Word's own (« champ de fusion »), simple or complex, named `nom`, `$nom` or `${nom}` as
in eCandidat's templates; fields `#if($nom)`, `#if(!$nom)`, `#else`, `#end` leave a passage out. An
image within a bookmark that has the name of an image field is replaced by that image.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lxml import etree
from PIL import Image

Report = Callable[[dict[str, Any]], None]

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
NS = {"w": W, "r": R, "a": A, "wp": WP}
NAME = f"{{{W}}}candideField"
PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
FIELD = re.compile(r'\s*MERGEFIELD\s+(?:"([^"]*)"|(\S+))')
VARIABLE = re.compile(r"\$?!?\{?(\w+)\}?")
IF = re.compile(r"#if\s*\(\s*(!?)\s*\$!?\{?(\w+)\}?\s*\)")
TYPED = re.compile(r"\$!?\{\w+\}|\{\{.*?\}\}|#if\s*\(")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
EMU = 9525  # of a pixel at 96 dpi
MAX_UNPACKED = 60_000_000
_parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


class Unusable(Exception):
    """The document cannot be merged; `problem` is a code of `pdf.word`."""

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


def handle(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """`look` at a document: the names its fields have and what is wrong with it. `merge` values
    into it. `finish` the PDF that an office program made of it."""
    if request["task"] == "finish":
        return _finish(request)
    try:
        document = _Document(Path(request["path"]))
        if request["task"] == "look":
            return document.told()
        document.merge(request)
    except Unusable as error:
        return {"names": [], "problems": [error.problem]}
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError):
        return {"names": [], "problems": ["damaged"]}
    return {"names": [], "problems": []}


class _Document:
    """A Word document taken apart, its fields each one run."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise Unusable("bomb")
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.trees = {
            name: etree.fromstring(content, _parser)
            for name, content in self.parts.items()
            if PART.fullmatch(name)
        }
        for tree in self.trees.values():
            _gather(tree)

    def told(self) -> dict[str, Any]:
        names: set[str] = set()
        problems: set[str] = set()
        for tree in self.trees.values():
            problems |= _problems(tree)
            for field in _fields(tree):
                names |= _named(field.get(NAME))
        if self._is_fed_from_elsewhere():
            problems.add("external")
        return {"names": sorted(names), "problems": sorted(problems)}

    def _is_fed_from_elsewhere(self) -> bool:
        """Whether opening it fetches something: an image or a template at an address."""
        for name, content in self.parts.items():
            if name.endswith(".rels"):
                for each in etree.fromstring(content, _parser):
                    is_link = each.get("Type", "").endswith("/hyperlink")
                    if each.get("TargetMode") == "External" and not is_link:
                        return True
        return False

    def merge(self, request: dict[str, Any]) -> None:
        told = self.told()
        if told["problems"]:
            raise Unusable(told["problems"][0])
        values, given = request["values"], set(request["given"])
        for name, tree in self.trees.items():
            _choose(tree, given)
            self._put_image(name, tree, request["image"], request["image_path"], request["alt"])
            for field in list(_fields(tree)):
                match = VARIABLE.fullmatch(field.get(NAME))
                _write(field, values.get(match[1], "") if match else "")
        if request["tail"]:
            _append(self.trees["word/document.xml"], request["tail"])
        for name, tree in self.trees.items():
            self.parts[name] = etree.tostring(
                tree, xml_declaration=True, encoding="UTF-8", standalone=True
            )
        with zipfile.ZipFile(request["out"], "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)

    def _put_image(
        self, part: str, tree: Any, name: str, path: str | None, alternative: str
    ) -> None:
        """The image in place of the one within the bookmark `name`; none takes that one away."""
        for start in tree.iterfind(f".//w:bookmarkStart[@w:name='{name}']", NS):
            paragraph = next(start.iterancestors(f"{{{W}}}p"), None)
            if paragraph is None:
                continue
            for drawing in paragraph.findall(".//w:drawing", NS):
                if path is None:
                    drawing.getparent().remove(drawing)
                else:
                    self._replace(part, drawing, Path(path), alternative)

    def _replace(self, part: str, drawing: Any, path: Path, alternative: str) -> None:
        with Image.open(path) as image:
            width, height = image.size
            form = "png" if image.format == "PNG" else "jpeg"
        key = self._embed(part, path.read_bytes(), form)
        for blip in drawing.iterfind(".//a:blip", NS):
            blip.set(f"{{{R}}}embed", key)
        for box in (*drawing.iterfind(".//wp:extent", NS), *drawing.iterfind(".//a:ext", NS)):
            if "cx" in box.attrib:
                box.set("cy", str(round(int(box.get("cx")) * height / width)))
        for shape in drawing.iterfind(".//wp:docPr", NS):
            shape.set("descr", alternative)

    def _embed(self, part: str, content: bytes, form: str) -> str:
        """A new image of the package; the key `part` knows it by."""
        target = f"media/candide-{Path(part).stem}.{form}"
        self.parts[f"word/{target}"] = content
        rels = f"word/_rels/{Path(part).name}.rels"
        known = self.parts.get(rels) or f'<Relationships xmlns="{RELS}"/>'.encode()
        tree = etree.fromstring(known, _parser)
        key = "rIdCandide"
        kind = f"{R}/image"
        etree.SubElement(tree, f"{{{RELS}}}Relationship", Id=key, Type=kind, Target=target)
        self.parts[rels] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
        types = etree.fromstring(self.parts["[Content_Types].xml"], _parser)
        if form not in {each.get("Extension") for each in types}:
            media = {"Extension": form, "ContentType": f"image/{form}"}
            types.insert(0, etree.Element(f"{{{TYPES}}}Default", media))
        self.parts["[Content_Types].xml"] = etree.tostring(
            types, xml_declaration=True, encoding="UTF-8", standalone=True
        )
        return key


# -- Fields --------------------------------------------------------------------------------------


def _gather(tree: Any) -> None:
    """Each merge field becomes one run that bears its name, with the look of what stood there."""
    for simple in list(tree.iter(f"{{{W}}}fldSimple")):
        name = _name(simple.get(f"{{{W}}}instr", ""))
        if name is not None:
            run = _run(name, simple.find("w:r", NS))
            simple.getparent().replace(simple, run)
    for begin in list(tree.iterfind(".//w:fldChar[@w:fldCharType='begin']", NS)):
        first = begin.getparent()
        runs, instruction = _complex(first)
        name = _name(instruction)
        if name is None or not runs:
            continue
        looks = [run for run in runs if run.find("w:t", NS) is not None]
        first.addprevious(_run(name, looks[0] if looks else first))
        for run in runs:
            run.getparent().remove(run)


def _complex(first: Any) -> tuple[list[Any], str]:
    """The runs of a complex field from its first one, and its instruction; none when it does not
    end among its siblings, or holds another field."""
    runs, instruction, depth = [], "", 0
    for run in (first, *first.itersiblings()):
        runs.append(run)
        for mark in run.iter(f"{{{W}}}fldChar"):
            depth += {"begin": 1, "end": -1}.get(mark.get(f"{{{W}}}fldCharType"), 0)
        if depth > 1:
            return [], ""
        instruction += "".join(text.text or "" for text in run.iter(f"{{{W}}}instrText"))
        if depth == 0:
            return runs, instruction
    return [], ""


def _name(instruction: str) -> str | None:
    found = FIELD.match(instruction)
    return (found[1] or found[2]).strip() if found else None


def _run(name: str, like: Any) -> Any:
    run = etree.Element(f"{{{W}}}r", {NAME: name})
    look = like.find("w:rPr", NS) if like is not None else None
    if look is not None:
        run.append(look)
    return run


def _fields(tree: Any) -> Iterator[Any]:
    return (run for run in tree.iter(f"{{{W}}}r") if run.get(NAME) is not None)


def _named(name: str) -> set[str]:
    """What a field speaks of: a value, or the condition of a passage."""
    found = IF.fullmatch(name) or VARIABLE.fullmatch(name)
    return {found[found.lastindex or 0]} if found else set()


def _problems(tree: Any) -> set[str]:
    problems = set()
    depth = 0
    for field in _fields(tree):
        name = field.get(NAME)
        if IF.fullmatch(name):
            depth += 1
        elif name == "#end":
            depth -= 1
        elif name != "#else" and not VARIABLE.fullmatch(name):
            problems.add("directive")
        if depth < 0:
            problems.add("unbalanced")
    if depth:
        problems.add("unbalanced")
    text = "".join(each.text or "" for each in tree.iter(f"{{{W}}}t"))
    if TYPED.search(text):
        problems.add("typed")
    return problems


def _write(run: Any, value: str) -> None:
    """The value as text, a line break between its lines."""
    del run.attrib[NAME]
    for number, line in enumerate(CONTROL.sub("", value).split("\n")):
        if number:
            etree.SubElement(run, f"{{{W}}}br")
        text = etree.SubElement(run, f"{{{W}}}t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


# -- Passages --------------------------------------------------------------------------------------


def _choose(tree: Any, given: set[str]) -> None:
    """Take away the passages whose condition does not hold, innermost first, and the marks of the
    others."""
    while True:
        opened: list[Any] = []
        for field in _fields(tree):
            name = field.get(NAME)
            if IF.fullmatch(name) or name == "#else":
                opened.append(field)
            elif name == "#end":
                _settle(opened, field, given)
                break
        else:
            return


def _settle(opened: list[Any], end: Any, given: set[str]) -> None:
    """One passage: its `#if`, its `#else` if it has one, its `#end`."""
    otherwise = opened.pop() if opened[-1].get(NAME) == "#else" else None
    if not opened:
        raise Unusable("unbalanced")
    start = opened[-1]
    condition = IF.fullmatch(start.get(NAME))
    if condition is None:
        raise Unusable("unbalanced")
    holds = (condition[2] in given) != bool(condition[1])
    if holds and otherwise is not None:
        _cut(otherwise, end)
    elif not holds:
        _cut(start, otherwise if otherwise is not None else end)
    for mark in (start, otherwise, end):
        if mark is not None and mark.getparent() is not None:
            _drop(mark)


def _cut(start: Any, end: Any) -> None:
    """Everything between two marks, in one paragraph or over several of the same place."""
    first, last = start.getparent(), end.getparent()
    if first is last:
        _remove_between(start, end)
        return
    if first.getparent() is not last.getparent():
        raise Unusable("crossing")
    for run in list(start.itersiblings()):
        first.remove(run)
    for run in list(end.itersiblings(preceding=True)):
        if run.tag != f"{{{W}}}pPr":
            last.remove(run)
    _remove_between(first, last)


def _remove_between(first: Any, last: Any) -> None:
    for each in list(first.itersiblings()):
        if each is last:
            return
        each.getparent().remove(each)


def _drop(mark: Any) -> None:
    """A mark goes with its paragraph if nothing else stands in it."""
    paragraph = mark.getparent()
    paragraph.remove(mark)
    is_empty = not any(child.tag != f"{{{W}}}pPr" for child in paragraph)
    ends_a_section = paragraph.find(".//w:sectPr", NS) is not None
    is_in_a_cell = paragraph.getparent().tag == f"{{{W}}}tc"  # which needs one
    if is_empty and not ends_a_section and not is_in_a_cell:
        paragraph.getparent().remove(paragraph)


def _append(tree: Any, text: str) -> None:
    """A last paragraph, in small letters."""
    body = tree.find("w:body", NS)
    paragraph = etree.Element(f"{{{W}}}p")
    look = etree.SubElement(paragraph, f"{{{W}}}pPr")
    etree.SubElement(look, f"{{{W}}}spacing", {f"{{{W}}}before": "480"})
    run = etree.SubElement(paragraph, f"{{{W}}}r", {NAME: ""})
    letters = etree.SubElement(run, f"{{{W}}}rPr")
    etree.SubElement(letters, f"{{{W}}}sz", {f"{{{W}}}val": "16"})
    _write(run, text)
    last = body.find("w:sectPr", NS)
    if last is None:
        body.append(paragraph)
    else:
        last.addprevious(paragraph)


# -- The PDF --------------------------------------------------------------------------------------


def _finish(request: dict[str, Any]) -> dict[str, Any]:
    """Title, language and author of the PDF, as those we render ourselves have."""
    import pikepdf  # noqa: PLC0415 -- start-up is its cost

    with pikepdf.open(request["path"]) as pdf:
        pdf.Root.Lang = pikepdf.String(request["language"])
        pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = request["title"]
            metadata["dc:language"] = [request["language"]]
        pdf.docinfo["/Title"] = pikepdf.String(request["title"])
        pdf.docinfo["/Author"] = pikepdf.String(request["author"])
        pdf.save(request["out"], deterministic_id=True)
    return {}
