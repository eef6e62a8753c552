"""What the files of an archive are called: by a pattern staff choose, as every system can store."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker
from candide.foundation.files.domain.names import cleaned

# Between braces in a pattern.
WORDS: dict[str, Any] = {
    "number": gettext_lazy("file number"),
    "name": gettext_lazy("birth name"),
    "first_name": gettext_lazy("first name"),
    "programme": gettext_lazy("code of the programme"),
    "commission": gettext_lazy("code of the commission"),
    "application": gettext_lazy("number of the application"),
    "document": gettext_lazy("code of the document"),
}
USUAL = "{number}-{name}-{first_name}-{programme}"
USUAL_OF_DOCUMENTS = "{number}-{name}-{first_name}-{document}"
LONGEST = 120
_WORD = re.compile(r"\{([^{}]*)\}")
# What Windows keeps for its devices, whatever the extension.
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)")


def pattern_blockers(pattern: str) -> list[Blocker]:
    """Why names cannot be made by `pattern`."""
    words = _WORD.findall(pattern)
    unknown = [word for word in words if word not in WORDS]
    if unknown:
        message = _("“{%(word)s}” is no word of a pattern.") % {"word": unknown[0]}
        return [Blocker("unknown_word", message, "field:pattern")]
    if not {"number", "application", "name"} & set(words):
        message = _("The pattern has to name the candidate: {number}, {name} or {application}.")
        return [Blocker("names_nobody", message, "field:pattern")]
    return []


def words_of(application: Application, document: str = "") -> dict[str, str]:
    """What the words of a pattern say of one application."""
    candidate, programme = application.candidate, application.intake.programme
    return {
        "number": str(candidate.user.file_number or ""),
        "name": candidate.birth_name,
        "first_name": candidate.first_name,
        "programme": programme.code,
        "commission": programme.commission.code,
        "application": str(application.pk),
        "document": document,
    }


def named(pattern: str, words: dict[str, str], extension: str = ".pdf") -> str:
    """A name by `pattern` that Windows stores too.

    >>> named("{name}: {number}", {"name": "L'ÉTÉ", "number": "7/8"})
    "L'ÉTÉ_7_8.pdf"
    >>> named("{name}", {"name": "con"})
    '_con.pdf'
    """
    said = _WORD.sub(lambda found: words.get(found[1], ""), pattern)
    stem = cleaned(said)[:LONGEST].rstrip("._ ") or "document"
    return _DEVICES.sub(r"_\1", stem) + extension


class Names:
    """Names that are all different, also where capitals count for nothing."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {name.lower() for name in taken}

    def free(self, name: str) -> str:
        """`name`, with a number if something is called so already."""
        stem, dot, extension = name.rpartition(".")
        number, free = 2, name
        while free.lower() in self.taken:
            free, number = f"{stem}-{number}{dot}{extension}", number + 1
        self.taken.add(free.lower())
        return free
