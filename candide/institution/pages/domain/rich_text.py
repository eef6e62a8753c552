"""Texts staff write, in Markdown, as HTML that can be trusted whatever they wrote."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_TAGS = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_LOWEST = 6


@lru_cache(maxsize=256)  # every applicant to a programme reads the same
def rich_text(text: str, *, first_heading: int = 3) -> SafeString:
    """`text` as HTML. `first_heading` is the level its « # » headings get, so that the headings of
    the page around stay in order. Only harmless tags and http(s), mailto and tel links remain."""
    tokens = _markdown.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            _move_heading(token, first_heading)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(  # noqa: S308 -- cleaned in this very statement
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "title"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="noopener noreferrer",
        )
    )


def _move_heading(token: Token, first_heading: int) -> None:
    level = int(token.tag[1]) + first_heading - 1
    token.tag = f"h{min(level, _LOWEST)}"
