"""What the tests of every area read on a page."""

import html
import re
from typing import Any


def words(response: Any) -> str:
    """What a page says, without its markup."""
    return _words(response.content.decode())


def words_inside(response: Any) -> str:
    """What a page says between its menus and its foot, which are the same everywhere."""
    return _words(inside(response))


def inside(response: Any) -> str:
    """The markup between the menus and the foot of a page."""
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def links(response: Any) -> list[tuple[str, str]]:
    """(address, words) of the links between the menus and the foot of a page, in their order."""
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', inside(response), flags=re.S)
    return [(html.unescape(address), _words(content)) for address, content in found]


def _words(text: str) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
