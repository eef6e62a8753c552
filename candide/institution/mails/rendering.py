"""From a text and its values to a subject, plain text and clean HTML.

Values never meet the Markdown parser: each stands as one private character while the text is
parsed, and is put in its place afterwards, so that nothing in a value can become markup. The one
exception is a value declared trusted, which is Markdown of ours.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import nh3
from django.template.loader import render_to_string
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from candide.institution.mails.syntax import resolve

_FIRST_PRIVATE = 0xE000
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]'»]")
_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)\S+\Z")
_TAGS = {
    *("p", "br", "hr", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!~|<>&$:/=\"'^@,;?%])")
SUBJECT_LENGTH = 500

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image"])


@dataclass(frozen=True)
class Placeholder:
    """A variable of a mail: what staff read about it and a sample for previews. Its values are
    untrusted unless `trusted`, which is for Markdown of ours. A `is_link` value is a web address,
    shown as a link."""

    name: str
    description: str
    sample: str
    trusted: bool = False
    is_link: bool = False

    @property
    def variable(self) -> str:
        """How a text names it."""
        return f"${{{self.name}}}"


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def escape_markdown(text: str) -> str:
    """`text` for use inside a trusted value: nothing in it is markup, save that a web address
    becomes a link, as mail readers make it anyway."""
    return _MARKUP.sub(r"\\\1", _one_line(text))


def render(
    *,
    subject: str,
    body: str,
    placeholders: Iterable[Placeholder],
    values: Mapping[str, str],
    institution: str,
    language: str,
    footer: str,
) -> Rendered:
    """The mail as it is sent: subject, plain text, and the body of the HTML document."""
    clean = _clean(values)
    tokens = _tokens(body, placeholders=placeholders, clean=clean)
    text = _text(SyntaxTreeNode(tokens)).strip()
    html = _html(tokens)
    context = {"institution": institution, "body": html, "footer": footer, "language": language}
    return Rendered(
        subject=_one_line(resolve(subject, clean))[:SUBJECT_LENGTH],
        text=f"{text}\n\n-- \n{institution}\n{footer}\n",
        html=render_to_string("mails/body.html", context),
    )


def filled_html(
    body: str, *, placeholders: Iterable[Placeholder], values: Mapping[str, str]
) -> str:
    """`body`, in the language of mails, with `values` in their places, as clean HTML."""
    return _html(_tokens(body, placeholders=placeholders, clean=_clean(values)))


def filled_line(text: str, *, values: Mapping[str, str]) -> str:
    """`text` with `values` in their places, as one line without markup."""
    return _one_line(resolve(text, _clean(values)))


def _tokens(
    body: str, *, placeholders: Iterable[Placeholder], clean: Mapping[str, str]
) -> list[Token]:
    standing = {placeholder.name: placeholder for placeholder in placeholders}
    slots: list[tuple[Placeholder, str]] = []
    shown = {}
    for name, value in clean.items():
        if standing[name].trusted:
            shown[name] = value
        else:
            shown[name] = chr(_FIRST_PRIVATE + len(slots))
            slots.append((standing[name], value))
    given = {name for name, value in clean.items() if value}
    tokens = _markdown.parse(resolve(_PRIVATE.sub("", body), shown, given=given))
    return list(_without_empty_paragraphs(_filled(tokens, slots)))


def _html(tokens: list[Token]) -> str:
    return nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


# -- Values ---------------------------------------------------------------------------------------


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    return {name: _without_controls(value).strip() for name, value in values.items()}


def _one_line(text: str) -> str:
    return " ".join(_without_controls(text).split())


def _without_controls(text: str) -> str:
    """Without control, private and direction-changing characters; lines are kept."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"}
    )


def _filled(tokens: list[Token], slots: list[tuple[Placeholder, str]]) -> list[Token]:
    """The tokens with the values in place of their private characters."""
    for token in tokens:
        if token.type == "inline":
            token.children = list(_filled_inline(token.children or [], slots))
        elif token.content:
            token.content = _put(token.content, slots)
        if token.info:
            token.info = ""
    return tokens


def _filled_inline(children: list[Token], slots: list[tuple[Placeholder, str]]) -> Iterator[Token]:
    address, words, is_link = "", "", False
    for token in children:
        if token.type == "link_open":
            address, words = _address(str(token.attrs.get("href", "")), slots), ""
            is_link = bool(_SAFE_LINK.match(address))
            token.attrs = {"href": address}
            if is_link:
                yield token
        elif token.type == "link_close":
            if is_link:
                yield token
                if address.startswith("http") and words.strip() != address:
                    yield _text_token(f" ({address})")  # to be copied [ACC-20]
            address, is_link = "", False
        elif token.type == "text":
            pieces = list(_pieces(token.content, slots, in_link=bool(address)))
            words += "".join(piece.content for piece in pieces)
            yield from pieces
        else:
            token.content = _put(token.content, slots)
            words += token.content
            yield token


def _pieces(
    content: str, slots: list[tuple[Placeholder, str]], *, in_link: bool
) -> Iterator[Token]:
    """The tokens for a stretch of text: words of the text itself, in which bare addresses become
    links, and values, which become links only if they are declared to be."""
    for piece in re.split("([\ue000-\uf8ff])", content):
        if _PRIVATE.match(piece):
            placeholder, value = slots[ord(piece) - _FIRST_PRIVATE]
            if placeholder.is_link and not in_link and _SAFE_LINK.match(value):
                yield from _link(value)
            else:
                yield from _lines(value)
        elif in_link:
            yield _text_token(piece)
        else:
            position = 0
            for match in _URL.finditer(piece):
                yield _text_token(piece[position : match.start()])
                yield from _link(match.group())
                position = match.end()
            yield _text_token(piece[position:])


def _put(content: str, slots: list[tuple[Placeholder, str]]) -> str:
    return _PRIVATE.sub(lambda match: slots[ord(match.group()) - _FIRST_PRIVATE][1], content)


def _address(href: str, slots: list[tuple[Placeholder, str]]) -> str:
    """The address of a link, whose private characters the parser wrote as %-codes."""
    for index, (placeholder, value) in enumerate(slots):
        code = quote(chr(_FIRST_PRIVATE + index))
        href = href.replace(code, value if placeholder.is_link else quote(value, safe=""))
    return href


def _text_token(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _lines(value: str) -> Iterator[Token]:
    for number, line in enumerate(value.split("\n")):
        if number:
            yield Token("hardbreak", "br", 0)
        yield _text_token(line.strip())


def _link(address: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": address})
    yield _text_token(address)
    yield Token("link_close", "a", -1)


def _without_empty_paragraphs(tokens: list[Token]) -> Iterator[Token]:
    """Paragraphs of which nothing is left, because the values in them were empty, go."""
    for index, token in enumerate(tokens):
        start = {"paragraph_open": index, "inline": index - 1, "paragraph_close": index - 2}
        first = start.get(token.type)
        if first is not None and tokens[first].type == "paragraph_open":
            children = tokens[first + 1].children or []
            if not any(child.content.strip() or child.type == "link_open" for child in children):
                continue
        yield token


# -- Plain text -----------------------------------------------------------------------------------


def _text(node: SyntaxTreeNode) -> str:
    """A block and what is in it as plain text that ends with an empty line."""
    if node.type == "inline":
        return "".join(_inline_text(child) for child in node.children)
    if node.type in {"code_block", "fence"}:
        return f"{node.content.rstrip()}\n\n"
    if node.type == "hr":
        return "----------\n\n"
    if node.type == "bullet_list":
        return _items(node, ["- "] * len(node.children))
    if node.type == "ordered_list":
        first = int(node.attrs.get("start", 1))
        return _items(node, [f"{first + i}. " for i in range(len(node.children))])
    inside = "".join(_text(child) for child in node.children)
    if node.type == "blockquote":
        return "".join(f"> {line}\n" for line in inside.strip().split("\n")) + "\n"
    if node.type in {"paragraph", "heading"}:
        return f"{inside}\n\n"
    return inside


def _items(node: SyntaxTreeNode, marks: list[str]) -> str:
    lines = []
    for mark, item in zip(marks, node.children, strict=True):
        inside = re.sub(r"\n{2,}", "\n", _text(item).strip()).split("\n")
        lines += [mark + inside[0], *(" " * len(mark) + line for line in inside[1:])]
    return "\n".join(lines) + "\n\n"


def _inline_text(node: SyntaxTreeNode) -> str:
    if node.type in {"softbreak", "hardbreak"}:
        return "\n"
    if node.children:
        return "".join(_inline_text(child) for child in node.children)
    return node.content or ""


def document(*, subject: str, html: str, language: str) -> str:
    """The whole HTML document of a mail, around its body."""
    return render_to_string(
        "mails/document.html", {"subject": subject, "body": html, "language": language}
    )
