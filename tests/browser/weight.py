"""How much a page brings over a line, packed as servers pack it."""

import gzip
import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

FIRST_VISIT = 150_000  # bytes: the page and all it is drawn with
LATER = 30_000  # bytes: what it is drawn with is kept


def too_heavy(html: str) -> bool:
    later = packed(html.encode())
    return later >= LATER or later + sum(map(packed_file, parts(html))) >= FIRST_VISIT


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@cache
def packed_file(path: str) -> int:
    return packed(Path(path).read_bytes())


def parts(html: str) -> list[str]:
    """The files a page draws on: stylesheets, scripts, pictures."""
    addresses = re.findall(r'<(?:link|script|img)\b[^>]*\b(?:href|src)="/static/([^"]+)"', html)
    return [finders.find(address) for address in set(addresses)]
