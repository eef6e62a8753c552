"""How what people type into their account is brought into shape."""

import re

from django.utils.html import strip_tags

_SPACES = re.compile(r"\s+")
# Letters of any script with their marks, apostrophes and hyphens; a full stop only ends a word, so
# that no name can be a web address in a mail.
_NAME = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f'’ʼ`´\-‐‑·]|\s|\.(?=\s|$))+")


def clean_name(text: str) -> str:
    """Without HTML tags, with single spaces and no space around [ACC-07]."""
    return _SPACES.sub(" ", strip_tags(text)).strip()


def is_name(text: str) -> bool:
    """Whether `text` can be somebody's name: letters, spaces, apostrophes and hyphens."""
    return bool(_NAME.fullmatch(text)) and any(c.isalpha() for c in text)


def clean_email(text: str) -> str:
    """Addresses are compared and kept in lower case."""
    return text.strip().lower()
