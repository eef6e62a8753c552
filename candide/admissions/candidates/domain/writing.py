"""How what candidates type is written down: without markup, stray spaces and invisible
characters; names, towns of birth and the INE in capitals [ACC-07, FILE-PER-02]."""

import re
import unicodedata

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker

_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}
_JOINERS = "\u200c\u200d"  # some scripts need them inside words
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_SPACES = re.compile(r"[^\S\n]+")


def one_line(text: str) -> str:
    """`text` on one line, tags stripped.

    >>> one_line("  <b>12</b>,  rue\tdu Port ")
    '12, rue du Port'
    """
    return " ".join(several_lines(text).split())


def several_lines(text: str) -> str:
    """`text` with its own line ends, and nothing else that cannot be seen."""
    composed = unicodedata.normalize("NFC", strip_tags(_LINE_ENDS.sub("\n", text)))
    seen = "".join(
        character
        for character in composed.replace("\t", " ")
        if character == "\n"
        or character in _JOINERS
        or unicodedata.category(character) not in _INVISIBLE
    )
    return "\n".join(_SPACES.sub(" ", line).strip() for line in seen.split("\n")).strip()


def capitals(text: str) -> str:
    """A name as it is kept.

    >>> capitals(" d'Alès  de Corbet")
    "D'ALÈS DE CORBET"
    """
    return one_line(text).replace("’", "'").upper()


def required(field: str) -> Blocker:
    return Blocker("required", _("This field is required."), f"field:{field}")


def too_long(field: str, most: int, text: str) -> list[Blocker]:
    """A blocker if `text` has more than `most` characters."""
    if len(text) <= most:
        return []
    message = _("At most %(most)d characters: this has %(count)d.") % {
        "most": most,
        "count": len(text),
    }
    return [Blocker("too_long", message, f"field:{field}")]


def without_letter(field: str, text: str) -> list[Blocker]:
    """A blocker if `text` is no name at all: digits or punctuation only."""
    if not text or any(character.isalpha() for character in text):
        return []
    return [Blocker("no_letter", _("Write it with letters."), f"field:{field}")]
