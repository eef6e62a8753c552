"""The little language of mail texts, the one eCandidat's users know: `${name}` stands for a value,
`{if($name)} … {endif($name)}` for a passage left out when the value is empty [MAIL-05]."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker

_TOKEN = re.compile(r"\$\{([\w.]+)\}|\{(if|endif)\(\$([\w.]+)\)\}")
_LEFTOVER = re.compile(r"\$\{[^}\n]*\}?|\{(?:if|endif)\([^)\n]*\)?\}?")


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass
class Passage:
    """Left out when the value of `name` is empty."""

    name: str
    parts: list["Part"] = field(default_factory=list)


Part = str | Variable | Passage


@dataclass
class Parsed:
    """A text taken apart, and what is wrong with it."""

    parts: list[Part]
    problems: list[Blocker]


def parse(text: str) -> Parsed:
    """Take `text` apart. What is wrong is reported and otherwise read as plain text, so that a
    text that was stored can always be sent."""
    top: list[Part] = []
    open_passages: list[Passage] = []
    problems: list[Blocker] = []

    def here() -> list[Part]:
        return open_passages[-1].parts if open_passages else top

    position = 0
    for match in _TOKEN.finditer(text):
        literal = text[position : match.start()]
        problems.extend(_malformed(literal))
        here().append(literal)
        position = match.end()
        variable, keyword, condition = match.groups()
        if variable:
            here().append(Variable(variable))
        elif keyword == "if":
            passage = Passage(condition)
            here().append(passage)
            open_passages.append(passage)
        elif open_passages and open_passages[-1].name == condition:
            open_passages.pop()
        else:
            problems.append(
                Blocker(
                    "unexpected_end",
                    _("%(end)s closes nothing that is open.") % {"end": match.group()},
                )
            )
    problems.extend(_malformed(text[position:]))
    here().append(text[position:])
    problems.extend(
        Blocker(
            "not_closed",
            _("{if($%(name)s)} is never closed: {endif($%(name)s)} is missing.")
            % {"name": passage.name},
        )
        for passage in open_passages
    )
    return Parsed(top, problems)


def problems(text: str, known: Iterable[str]) -> list[Blocker]:
    """Why staff may not save `text`, in which the variables `known` may be used."""
    parsed = parse(text)
    unknown = sorted(set(_names(parsed.parts)) - set(known))
    return [
        *parsed.problems,
        *(
            Blocker(
                "unknown_variable",
                _("The variable ${%(name)s} does not exist in this mail.") % {"name": name},
            )
            for name in unknown
        ),
    ]


def resolve(text: str, shown: Mapping[str, str], *, given: Collection[str] | None = None) -> str:
    """`text` with each variable replaced by what `shown` holds for it, nothing when it holds none.
    A passage is left out unless its variable is among the `given` ones, by default those that
    show something."""
    if given is None:
        given = {name for name, value in shown.items() if value}
    return "".join(_resolved(parse(text).parts, shown, given))


def _resolved(parts: list[Part], shown: Mapping[str, str], given: Collection[str]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Variable):
            yield shown.get(part.name, "")
        elif part.name in given:
            yield from _resolved(part.parts, shown, given)


def _names(parts: list[Part]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Variable):
            yield part.name
        elif isinstance(part, Passage):
            yield part.name
            yield from _names(part.parts)


def _malformed(literal: str) -> list[Blocker]:
    return [
        Blocker("malformed", _("“%(text)s” is not understood.") % {"text": found.group()})
        for found in _LEFTOVER.finditer(literal)
    ]
