"""Text for searching and comparing: no accents, lower case, single spaces. Numbers in text."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ł": "l", "Ł": "L"}
)
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """`text` without accents, lower case, punctuation turned into single spaces.

    >>> fold("L'Œuvre  d’ÉTIENNE")
    'l oeuvre d etienne'
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NOT_A_WORD.sub(" ", plain.lower()).strip()


def whole_number(text: str | None) -> int | None:
    """The number an address or a hidden field holds; None for anything else, or one that is too
    large for a key. `str.isdigit` is not enough: it takes "²", which `int` refuses."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
