"""The dialect of AMUE's web services: SOAP 1.1, one namespace for each service, operations whose
parameters begin with an underscore, lists of `item`. What comes back is read by local names, since
versions of the services differ in their namespaces only."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from candide.integrations.sis.wire import Garbled

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACE = "gouv.education.apogee.commun.servicesmetiers.{}"

Node = Any  # an element of lxml, which has no types


class Fault(Exception):
    """The service answered that it cannot. `code` is AMUE's, as technical.data.nullretrieve.…"""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words or code

    @property
    def is_nothing_found(self) -> bool:
        """Nobody and nothing of that kind, which is an answer."""
        return self.code.startswith(
            ("technical.data.nullretrieve", "technical.parameter.noncoherentinput")
        )

    @property
    def is_refusal(self) -> bool:
        """What was told is not taken: telling it again is of no use before it was changed."""
        return self.code.startswith(("technical.parameter", "functional", "business"))


def question(service: str, operation: str, parameters: Mapping[str, Any]) -> bytes:
    """The envelope; what is None is said to be nil."""
    body = etree.Element(f"{{{ENVELOPE}}}Body")
    called = etree.SubElement(
        body,
        f"{{{NAMESPACE.format(service)}}}{operation}",
        nsmap={"m": NAMESPACE.format(service), "xsi": INSTANCE},
    )
    for name, value in parameters.items():
        _add(called, name, value)
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    envelope.append(etree.Element(f"{{{ENVELOPE}}}Header"))
    envelope.append(body)
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _add(parent: Node, name: str, value: Any) -> None:
    child = etree.SubElement(parent, name)
    if value is None:
        child.set(f"{{{INSTANCE}}}nil", "true")
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            _add(child, key, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            _add(child, "item", item)
    else:
        child.text = str(value)


def answer(content: bytes, operation: str) -> list[Node]:
    """What `operation` returned, one node for each. Raises `Fault`, or `Garbled` where it is no
    answer of such a service."""
    root = _parsed(content)
    if _name(root) != "Envelope":
        raise Garbled("no SOAP envelope")
    body = next((node for node in root if _name(node) == "Body"), None)
    first = next(iter(body), None) if body is not None else None
    if first is None:
        raise Garbled("an empty envelope")
    if _name(first) == "Fault":
        raise _fault(first)
    if _name(first) != f"{operation}Response":
        raise Garbled("the answer to another question")
    return [node for node in first if not _is_nil(node)]


def operations(content: bytes) -> set[str]:
    """The operations a service's description (WSDL) names. Raises `Garbled` where it is none."""
    root = _parsed(content)
    if _name(root) != "definitions":
        raise Garbled("no WSDL")
    return {node.get("name", "") for node in root.iter() if _name(node) == "operation"}


def _fault(node: Node) -> Fault:
    found = {_name(inner): (inner.text or "").strip() for inner in node.iter()}
    return Fault(found.get("faultstring", ""), found.get("lastErrorMsg", ""))


def _parsed(content: bytes) -> Node:
    """Some servers say UTF-8 and send what Windows writes."""
    for encoding in (None, "cp1252"):
        # No document type of theirs is read: no entity grows, no file and no address is opened.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, encoding=encoding
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError):
            continue
        if root.getroottree().docinfo.doctype:
            raise Garbled("a page instead of an answer")
        return root
    raise Garbled("no XML" if content.strip() else "nothing at all")


def _name(node: Node) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _is_nil(node: Node) -> bool:
    return node.get(f"{{{INSTANCE}}}nil") in {"true", "1"}


# -- Reading -----------------------------------------------------------------------------------


def inside(node: Node, path: str) -> Node | None:
    """The first node below, by local names: `bac/mentionBac`."""
    for name in path.split("/"):
        if node is None:
            return None
        node = next((each for each in node if _name(each) == name and not _is_nil(each)), None)
    return node


def text(node: Node, path: str) -> str:
    """The text of the first node below, empty where there is none."""
    found = inside(node, path)
    return (found.text or "").strip() if found is not None else ""


def items(node: Node, path: str) -> Iterator[Node]:
    """The members of a list: in `item`s, or the list's own children repeated."""
    found = inside(node, path) if path else node
    if found is not None:
        yield from (each for each in found if _name(each) == "item" and not _is_nil(each))
