"""The texts staff wrote in eCandidat's editor are HTML; Candide's are Markdown. What is none of the
few things Markdown knows (colours, sizes, scripts) is lost; variables stay as they are."""

import re
from html.parser import HTMLParser

import nh3

_TAGS = {
    *("p", "br", "div", "b", "strong", "i", "em", "a", "ul", "ol", "li", "hr", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table", "tbody", "thead", "u", "span"),
}
# Private characters stand for the marks until all is read.
_BOLD, _SLANTED = "\ue001", "\ue002"
_MARKED = {"b": _BOLD, "strong": _BOLD, "i": _SLANTED, "em": _SLANTED}
_NOTHING = re.compile(f"([{_BOLD}{_SLANTED}])(\\s*)\\1")  # that was marked
_BLOCKS = {"p", "div", "blockquote", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_HTML = re.compile(r"<[a-zA-Z/!][^>]*>|&(?:[a-zA-Z]+|#\d+);")
_VARIABLE = re.compile(r"(\$\{[^}\n]*\}|\{(?:if|endif)\(\$[^)\n]*\)\})")
_SPECIAL = re.compile(r"([\\*_\[\]<`])")
_LEADING = re.compile(r"(?m)^([ ]{0,3})(#{1,6}(?=\s)|>|[-+](?=\s)|\d+(?=[.)]\s))")
# A variable inside an address does not survive cleaning: it stands as this meanwhile.
_IN_LINK = "https://variable.invalid/"


def is_html(text: str) -> bool:
    return bool(_HTML.search(text))


def plain(text: str) -> str:
    """`text` as one line without markup: labels and subjects."""
    if is_html(text):
        reader = _Reader(marks=False)
        reader.feed(nh3.clean(text, tags=_TAGS, attributes={}))
        text = reader.said()
    return " ".join(text.replace("\xa0", " ").split())


def markdown(text: str) -> str:
    """`text` as Markdown; one without any HTML keeps its lines."""
    if not is_html(text):
        return _escaped(text.strip())
    kept: list[str] = []

    def hide(found: re.Match[str]) -> str:
        kept.append(found[2])
        return f"{found[1]}{_IN_LINK}{len(kept) - 1}{found[3]}"

    hidden = re.sub(r"(href\s*=\s*[\"'])(\$\{[^}\n]*\})([\"'])", hide, text)
    reader = _Reader()
    reader.feed(nh3.clean(hidden, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None))
    said = reader.said()
    for place, variable in reversed(list(enumerate(kept))):
        said = said.replace(f"{_IN_LINK}{place}", variable)
    return said


def _escaped(text: str) -> str:
    """`text` in which nothing is markup, but its variables."""
    parts = _VARIABLE.split(text)
    literal = [
        part if place % 2 else _SPECIAL.sub(r"\\\1", part) for place, part in enumerate(parts)
    ]
    return _LEADING.sub(_not_leading, "".join(literal))


def _not_leading(found: re.Match[str]) -> str:
    space, sign = found[1], found[2]
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


class _Reader(HTMLParser):
    """Writes down cleaned HTML as Markdown, or, without `marks`, as words."""

    def __init__(self, *, marks: bool = True) -> None:
        super().__init__(convert_charrefs=True)
        self.marks = marks
        self.parts: list[str] = []
        self.lists: list[int | None] = []
        self.links: list[tuple[int, str]] = []

    def said(self) -> str:
        text = "".join(self.parts).replace("\xa0", " ")
        text = _NOTHING.sub(r"\2", text).replace(_BOLD, "**").replace(_SLANTED, "*")
        lines = [line.rstrip() if not line.endswith("  ") else line for line in text.split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")
        elif tag == "hr":
            self.parts.append("\n\n---\n\n" if self.marks else " ")
        elif tag in {"ul", "ol"}:
            self._block()
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in _BLOCKS:
            self._block()
            if self.marks and tag[0] == "h":
                self.parts.append(f"{'#' * int(tag[1])} ")
        elif tag == "tr":
            self.parts.append("\n")
        elif tag in {"td", "th"}:
            self.parts.append(" ")
        elif tag == "a":
            self.links.append((len(self.parts), dict(attrs).get("href") or ""))
        elif self.marks:
            self.parts.append(_MARKED.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            if self.lists:
                self.lists.pop()
            self._block()
        elif tag in _BLOCKS:
            self._block()
        elif tag == "a" and self.links:
            self._link(*self.links.pop())
        elif tag in _MARKED and self.marks:
            self._close(_MARKED[tag])

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[ \t\r\n]+", " ", data)
        if not self.parts or self.parts[-1].endswith("\n"):
            words = words.lstrip()
        self.parts.append(_escaped(words) if self.marks else words)

    def _block(self) -> None:
        if self.parts:
            self.parts.append("\n\n" if not self.lists else "\n")

    def _item(self) -> None:
        if self.parts and not self.parts[-1].endswith("\n"):
            self.parts.append("\n")
        if not self.marks:
            return
        depth = max(len(self.lists) - 1, 0)
        count = self.lists[-1] if self.lists else None
        if count is None:
            self.parts.append(f"{'  ' * depth}- ")
        else:
            self.lists[-1] = count + 1
            self.parts.append(f"{'   ' * depth}{count + 1}. ")

    def _close(self, mark: str) -> None:
        """A mark ends at a word, never after a space."""
        last = self.parts[-1] if self.parts else ""
        kept = last.rstrip(" ")
        self.parts[-1:] = [kept, mark, last[len(kept) :]]

    def _link(self, began: int, href: str) -> None:
        words = "".join(self.parts[began:]).strip()
        if self.marks and href and words and words != href:
            self.parts[began:] = [f"[{words}]({href})"]
        elif href and not words and self.marks:
            self.parts[began:] = [href]
