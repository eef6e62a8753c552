"""The little language of mail texts, the one eCandidat's users know: `${name}` stands for a value,
`{if($name)} … {endif($name)}` for a passage left out when the value is empty [MAIL-05]."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker

_TOKEN = re.compile(r"\$\{([\w.]+)\}|\{(if|endif)\(\$([\w.]+)\)\}")
_TAG = re.compile(r"</?(?:p|br|b|i|u|a|div|span|strong|em|ul|ol|li|h[1-6]|table)\b[^>\n]*>", re.I)
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


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where in the text it begins."""

    position: int
    code: str
    message: str


@dataclass
class Parsed:
    """A text taken apart, and what is wrong with it."""

    parts: list[Part]
    problems: list[Problem]


def parse(text: str) -> Parsed:
    """Take `text` apart. What is wrong is reported and otherwise read as plain text, so that a
    text that was stored can always be sent."""
    top: list[Part] = []
    open_passages: list[tuple[int, Passage]] = []
    problems: list[Problem] = []

    def here() -> list[Part]:
        return open_passages[-1][1].parts if open_passages else top

    position = 0
    for match in _TOKEN.finditer(text):
        literal = text[position : match.start()]
        problems.extend(_malformed(literal, position))
        here().append(literal)
        position = match.end()
        variable, keyword, condition = match.groups()
        if variable:
            here().append(Variable(variable))
        elif keyword == "if":
            passage = Passage(condition)
            here().append(passage)
            open_passages.append((match.start(), passage))
        elif open_passages and open_passages[-1][1].name == condition:
            open_passages.pop()
        else:
            message = _("%(end)s closes nothing that is open.") % {"end": match.group()}
            problems.append(Problem(match.start(), "unexpected_end", message))
    problems.extend(_malformed(text[position:], position))
    here().append(text[position:])
    for start, passage in open_passages:
        message = _("{if($%(name)s)} is never closed: {endif($%(name)s)} is missing.")
        problems.append(Problem(start, "not_closed", message % {"name": passage.name}))
    return Parsed(top, sorted(problems, key=lambda problem: problem.position))


def problems(text: str) -> list[Blocker]:
    """Why staff may not save `text`, each with its line."""
    return _said_of(text, parse(text).problems)


def unknown_variables(text: str, known: Iterable[str]) -> list[Blocker]:
    """The variables in `text` that are not among the `known` ones: they show nothing. Each once,
    with its line."""
    standing = set(known)
    found: dict[str, Problem] = {}
    for match in _TOKEN.finditer(text):
        name = match[1] or match[3]
        if name not in standing:
            message = _("The variable ${%(name)s} does not exist in this mail.") % {"name": name}
            found.setdefault(name, Problem(match.start(), "unknown_variable", message))
    return _said_of(text, found.values())


def markup_tags(text: str) -> list[Blocker]:
    """HTML in `text`, which is shown as it is typed: the text is Markdown."""
    return _said_of(
        text,
        [
            Problem(
                match.start(),
                "html",
                _("%(tag)s is shown as it stands here: write **bold**, *italic*, - list.")
                % {"tag": match.group()},
            )
            for match in _TAG.finditer(text)
        ],
    )


def _said_of(text: str, problems: Iterable[Problem]) -> list[Blocker]:
    """`problems` with the line each is on, in a text of several."""
    if "\n" not in text.strip():
        return [Blocker(problem.code, problem.message) for problem in problems]
    return [
        Blocker(
            problem.code,
            _("line %(line)d: %(message)s")
            % {"line": text.count("\n", 0, problem.position) + 1, "message": problem.message},
        )
        for problem in problems
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


def _malformed(literal: str, start: int) -> list[Problem]:
    return [
        Problem(
            start + found.start(),
            "malformed",
            _("“%(text)s” is not understood.") % {"text": found.group()},
        )
        for found in _LEFTOVER.finditer(literal)
    ]
