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
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.integrations.sis.port import StudentSystem, Unavailable

MOST_LINES = 60
NUMBER = gettext_lazy("Student number")


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
    begun = time.monotonic()
    try:
        found, why = call.ask(system, words.strip()), ""
    except Unavailable as error:
        found, why = None, str(error) or _("It does not answer.")
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


def lines_of(found: Any, prefix: str = "") -> list[str]:
    """What was found, a line for each thing that is said."""
    if isinstance(found, list | tuple):
        return [line for each in found for line in (lines_of(each, prefix) or [f"{prefix}{each}"])]
    if isinstance(found, dict):
        return [f"{prefix}{name}: {_short(value)}" for name, value in found.items()]
    if not is_dataclass(found):
        return []
    lines = []
    for each in fields(found):
        value = getattr(found, each.name)
        if is_dataclass(value):
            lines += lines_of(value, f"{prefix}{each.name}.")
        elif value not in (None, "", ()):
            lines.append(f"{prefix}{each.name}: {_short(value)}")
    return lines


def _short(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    return ", ".join(value) if isinstance(value, tuple) else str(value)
