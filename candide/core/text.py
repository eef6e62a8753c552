"""Text for searching and comparing: no accents, lower case, single spaces."""

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
