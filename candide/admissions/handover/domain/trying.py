"""Trying each call to the student system, to see whether it answers and what [5.2]. What is shown
is of a person: who tried is written down, about whom is not."""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.candidates.domain.student_documents import kinds_asked_for
from candide.admissions.handover.enums import HandoverEvent
from candide.core.blockers import Blocker, refuse_if
from candide.core.failures import summary
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import StudentSystem, Unavailable
from candide.integrations.sis.spreadsheets import DOCUMENTS, PROGRAMMES, STUDENTS, STUDIES

MOST_LINES = 60
PDF = b"%PDF-"
VERSIONS = "versions"
NUMBER = gettext_lazy("Student number")


class Gone(Exception):
    """A document that was listed is held no more."""


@dataclass(frozen=True)
class Call:
    """One call: `asks` names what is to be typed, empty where nothing is. `is_there(system)` says
    whether the connected system has such a call."""

    code: str
    title: Any
    asks: Any
    ask: Callable[[StudentSystem, str], Any]
    is_there: Callable[[StudentSystem], bool] = lambda system: system.knows_students


@dataclass(frozen=True)
class Tried:
    """What came back: `lines` of it as Candide understood it, and the `exchanges` as they came,
    where it went over the network."""

    call: Call
    is_well: bool
    words: str
    lines: list[str]
    milliseconds: int
    exchanges: list[Any]


CALLS = {
    call.code: call
    for call in (
        Call(
            "numero",
            gettext_lazy("Student by number"),
            NUMBER,
            lambda system, words: system.student_by_number(words),
        ),
        Call(
            "ine",
            gettext_lazy("Student by INE"),
            gettext_lazy("INE"),
            lambda system, words: system.student_by_ine(words),
        ),
        Call(
            "identifiant",
            gettext_lazy("Student by sign-in name"),
            gettext_lazy("Sign-in name"),
            lambda system, words: system.student_by_login(words),
        ),
        Call(
            "cursus",
            gettext_lazy("Studies here"),
            NUMBER,
            lambda system, words: system.studies(words),
        ),
        Call(
            "pieces",
            gettext_lazy("Documents held"),
            NUMBER,
            lambda system, words: system.held_documents(words, kinds_asked_for()),
        ),
        Call(
            "repertoire",
            gettext_lazy("INE in the national register"),
            gettext_lazy("INE"),
            lambda system, words: system.check_ine(words),
        ),
        Call(
            "formations",
            gettext_lazy("Programmes"),
            gettext_lazy("Words of the label or the code"),
            lambda system, words: system.programmes(words),
            lambda system: system.knows_programmes,
        ),
        Call(
            "nomenclatures",
            gettext_lazy("Nomenclatures"),
            "",
            lambda system, words: system.nomenclatures(),
            lambda system: system.knows_students or system.knows_programmes,
        ),
        Call(
            "piece",
            gettext_lazy("A document held, fetched"),
            NUMBER,
            lambda system, words: fetched(system, words),
        ),
        Call(
            "periodes",
            gettext_lazy("Years and periods of campaigns"),
            "",
            lambda system, words: system.periods(),
            lambda system: system.knows_periods,
        ),
        Call(
            VERSIONS,
            gettext_lazy("Services and their versions, that of the hand-over too"),
            "",
            lambda system, words: system.versions(),
            lambda system: bool(system.knows_students or system.knows_programmes),
        ),
        Call(
            "remontee",
            gettext_lazy("Pre-enrolment held"),
            gettext_lazy("Number of the application"),
            lambda system, words: system.held([f"candide-{words}"]),
            lambda system: bool(system.people_at_once),
        ),
    )
}


def trying_blockers(call: Call, words: str) -> list[Blocker]:
    """Why `call` cannot be tried."""
    if call.asks and not words.strip():
        return [
            Blocker("nothing_typed", _("Type what is to be asked about."), f"field:{call.code}")
        ]
    return []


def try_call(call: Call, words: str, *, by: Any) -> Tried:
    """Ask now, even while others do not; whatever goes wrong is said without anything secret."""
    refuse_if(trying_blockers(call, words))
    log(Institution.current(), HandoverEvent.SYSTEM_TESTED, by=by, call=call.code)
    system = sis.current()
    if system.wire is not None:
        system.wire.is_trial = True
    begun = time.monotonic()
    found, why = _asked(call, system, words.strip())
    milliseconds = round((time.monotonic() - begun) * 1000)
    heard = list(system.wire.exchanges) if system.wire is not None else []
    return Tried(
        call=call,
        is_well=not why,
        words=why or _found_words(found),
        lines=lines_of(found)[:MOST_LINES],
        milliseconds=milliseconds,
        exchanges=heard,
    )


def _asked(call: Call, system: StudentSystem, words: str) -> tuple[Any, str]:
    """What came back, and what is wrong with it."""
    try:
        found = call.ask(system, words)
    except Unavailable as error:
        return None, reason_words(str(error))
    except Gone:
        return None, _("It holds this document no more.")
    except Exception as error:  # an answer nobody expected is just what one looks for here
        return None, _("It failed: %(error)s") % {"error": summary(error)}
    if call.code != VERSIONS:
        return found, ""
    lacking = ", ".join(name for name, said in found.items() if not said)
    return found, _("It lacks: %(names)s") % {"names": lacking} if lacking else ""


# What the wire says, in the words of whoever reads it; what came is told beside, as it is.
REASONS = {
    "ConnectError": gettext_lazy("Nobody answers at this address."),
    "ConnectTimeout": gettext_lazy("Nobody answers at this address."),
    "ReadTimeout": gettext_lazy("It took too long to answer."),
    "is not let in": gettext_lazy("It does not let Candide in: look at the account and password."),
    "no token": gettext_lazy("It does not let Candide in: look at the account and password."),
    "instead of an answer": gettext_lazy("A page came back, not an answer of such a service."),
    "no SOAP": gettext_lazy("A page came back, not an answer of such a service."),
    "no WSDL": gettext_lazy("A page came back, not an answer of such a service."),
    "no JSON": gettext_lazy("A page came back, not an answer of such a service."),
    "HTTP 404": gettext_lazy("There is no such service at this address."),
    "HTTP 5": gettext_lazy("The service itself failed."),
    "circuit is open": gettext_lazy("Nobody asks it for the moment, after failures in a row."),
}


def reason_words(reason: str) -> str:
    """Why it did not answer, in words, with what the wire says of it."""
    for sign, words in REASONS.items():
        if sign in reason:
            return f"{words} ({reason})"
    return reason or _("It does not answer.")


def fetched(system: StudentSystem, number: str) -> list[str]:
    """The first document held of somebody, as far as it tells whether it can be read."""
    held = system.held_documents(number, kinds_asked_for())
    if not held:
        return []
    try:
        content = system.document_content(number, held[0])
    except LookupError:
        raise Gone from None
    kind = "PDF" if content.startswith(PDF) else "?"
    return [f"{held[0].name} ({held[0].year}): {kind}, {len(content)}"]


@transaction.atomic
def ask_again(*, by: Any) -> None:
    """Have everybody ask the student system again, before its pause is over."""
    system = sis.current()
    if system.wire is not None:
        system.wire.breaker.close()
        log(Institution.current(), HandoverEvent.SYSTEM_RESUMED, by=by)


def _found_words(found: Any) -> str:
    if found is None:
        return _("It answered: nothing of that kind, or it cannot be asked that.")
    if isinstance(found, bool):
        return _("It answered: yes.") if found else _("It answered: no.")
    if isinstance(found, list | dict):
        return _("It answered: %(count)d found.") % {"count": len(found)}
    return _("It answered.")


# What is called how in the files and guides of institutions (docs/student-system.md).
NAMES = {**DOCUMENTS, **PROGRAMMES, **STUDIES, **STUDENTS}


def lines_of(found: Any, prefix: str = "") -> list[str]:
    """What was found, a line for each thing that is said."""
    if isinstance(found, list | tuple):
        return [line for each in found for line in (lines_of(each, prefix) or [f"{prefix}{each}"])]
    if isinstance(found, dict):
        return [_line(f"{prefix}{name}", _short(value)) for name, value in found.items()]
    if not is_dataclass(found):
        return []
    lines = []
    for each in fields(found):
        value = getattr(found, each.name)
        if is_dataclass(value):
            lines += lines_of(value, f"{prefix}{each.name}.")
        elif value not in (None, "", ()):
            lines.append(_line(f"{prefix}{each.name}", _short(value)))
    return lines


def _line(name: str, said: str) -> str:
    return _("%(name)s: %(value)s") % {"name": NAMES.get(name, name), "value": said or "–"}


def _short(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)
