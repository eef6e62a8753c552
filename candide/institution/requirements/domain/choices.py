"""The choices of a question, as staff write them: a line each, in each language.

A line is « code | label ». The code is what answers keep, so a choice may be renamed without
touching what was answered; a line without one gets a code made from its label.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker

LONGEST_CODE = 20
LONGEST_LABEL = 200
_CODE = re.compile(r"[\w.-]{1,20}", re.ASCII)


def lines_of(choices: Sequence[Mapping[str, Any]], language: str) -> str:
    """The choices as lines in `language`; a choice that has no label in it is left out."""
    return "\n".join(
        f"{choice['code']} | {label}"
        for choice in choices
        if (label := _label(choice["label"], language))
    )


def parsed(
    texts: Mapping[str, str], *, languages: Sequence[str]
) -> tuple[list[dict[str, Any]], list[Blocker]]:
    """The choices written in `texts` (language → lines), and what is wrong with them. The first
    language says which choices there are, in their order; lines of the others go with theirs by
    code, or by place where they have none."""
    first, *others = languages
    choices: list[dict[str, Any]] = []
    blockers: list[Blocker] = []
    for code, label in _lines(texts.get(first, "")):
        made = code or _new_code(label, {choice["code"] for choice in choices})
        blockers += _line_blockers(code, label, choices, first)
        choices.append({"code": made, "label": {first: label}})
    by_code = {choice["code"]: choice for choice in choices}
    for language in others:
        for place, (code, label) in enumerate(_lines(texts.get(language, ""))):
            choice = by_code.get(code) if code else choices[place] if place < len(choices) else None
            if choice is None or language in choice["label"]:
                message = _("“%(line)s” goes with no choice of the first language.")
                blockers.append(_about(language, "no_such_choice", message % {"line": label}))
            else:
                choice["label"][language] = label
    return choices, blockers


def removed_codes(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> set:
    """The codes of choices there were and are no more."""
    return {choice["code"] for choice in before} - {choice["code"] for choice in after}


def _lines(text: str) -> list[tuple[str, str]]:
    """(code or nothing, label) of each line."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        code, bar, label = (part.strip() for part in line.partition("|"))
        found.append((code, label) if bar else ("", code))
    return found


def _line_blockers(
    code: str, label: str, choices: list[dict[str, Any]], language: str
) -> list[Blocker]:
    found = []
    if code and not _CODE.fullmatch(code):
        message = _("The code “%(code)s” has other signs than letters, digits, . _ or -.")
        found.append(_about(language, "bad_code", message % {"code": code}))
    if any(code == choice["code"] for choice in choices):
        found.append(_about(language, "code_twice", _("“%(code)s” comes twice.") % {"code": code}))
    if not label or len(label) > LONGEST_LABEL:
        message = _("Each line needs a label of at most %(most)d characters.")
        found.append(_about(language, "bad_label", message % {"most": LONGEST_LABEL}))
    return found


def _new_code(label: str, taken: set[str]) -> str:
    """A code made of the label that no other choice has."""
    base = slugify(label)[:LONGEST_CODE].strip("-") or "choix"
    made, number = base, 2
    while made in taken:
        made = f"{base[: LONGEST_CODE - 3]}-{number}"
        number += 1
    return made


def _label(label: Any, language: str) -> str:
    return label.get(language, "") if isinstance(label, dict) else str(label)


def _about(language: str, code: str, message: str) -> Blocker:
    return Blocker(code, message, f"field:choices_{language}")
