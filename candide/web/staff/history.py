"""History in sentences: who did what, when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.enrolment import in_euros
from candide.admissions.applications.enums import (
    ApplicationEvent,
    CandidateAnswer,
    CorrectionOutcome,
    DossierStatus,
    ItemStatus,
)
from candide.admissions.candidates.enums import CandidateEvent, Section
from candide.admissions.correspondence.enums import CorrespondenceEvent
from candide.admissions.decisions.enums import DecisionEvent, LetterEvent
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.admissions.handover.enums import HandoverEvent
from candide.admissions.tags.enums import TagEvent
from candide.admissions.tags.models import Tag
from candide.core.deadlines import long_date
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.domain.schedule import Plan
from candide.foundation.jobs.enums import JobEvent
from candide.institution.accounts.enums import AccountEvent, SignInEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import choices_of
from candide.institution.reference.models import FeeExemption, StudyRegime
from candide.institution.requirements.models import DocumentRequirement, ExternalForm, Question
from candide.institution.tokens.models import Token
from candide.web.staff.operation.words import plan_words

LABELS = {
    member.value: member.label
    for enum in (
        AccountEvent,
        SignInEvent,
        ApplicationEvent,
        CandidateEvent,
        CorrespondenceEvent,
        DecisionEvent,
        HandoverEvent,
        LetterEvent,
        TagEvent,
    )
    for member in enum
}


# What the codes of « before » and « after » stand for.
CODES = {
    ApplicationEvent.STATUS_SET: DossierStatus,
    ApplicationEvent.DOCUMENT_CHECKED: ItemStatus,
    ApplicationEvent.ROUTE_SET: AdmissionRoute,
    ApplicationEvent.ROUTE_CONFIRMED: AdmissionRoute,
    DecisionEvent.WITHDRAWN: CandidateAnswer,
}
OUTCOMES = dict(CorrectionOutcome.choices)
DEADLINES = {"documents": _("for the dossier"), "answer": _("to answer")}
# Keys that hold what something is known by, and where its label is found.
NAMED = {
    "requirement": (DocumentRequirement, "pk"),
    "question": (Question, "pk"),
    "type": (DecisionType, "code"),
    "reason": (DecisionReason, "code"),
    "tag": (Tag, "pk"),
    "form": (ExternalForm, "pk"),
}
# What is settled for an enrolment: where an entry holds the code before and the one after.
ENROLMENT: tuple[tuple[str, Any, Any], ...] = (
    ("exemption", FeeExemption, lambda data: data.get("fees", {}).get("fee_exemption", [])),
    ("regime", StudyRegime, lambda data: data.get("regimes", [])),
)
DAYS = ("on", "to", "due_on")
Names = dict[tuple[str, Any], str]


@dataclass(frozen=True)
class Sentence:
    """One entry as people read it."""

    at: datetime
    who: str
    what: str
    details: list[str]


def sentences(entries: Iterable[HistoryEntry]) -> list[Sentence]:
    """Entries with the names of who did them and of what they are about; one query for each kind
    of name."""
    entries = list(entries)
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={e.by_id for e in entries})}
    names, tokens = _names(entries), _tokens(entries)
    return [
        Sentence(
            at=entry.at,
            who=people.get(entry.by_id) or _program(entry, tokens) or gettext("Candide"),
            what=str(LABELS.get(entry.event, entry.event)),
            details=list(_details(entry, names)),
        )
        for entry in entries
    ]


def _tokens(entries: list[HistoryEntry]) -> dict[int, str]:
    """The names of the programs that did something; no query where none did."""
    named = {entry.data["token"] for entry in entries if "token" in entry.data}
    return {token.pk: token.name for token in Token.objects.filter(pk__in=named)} if named else {}


def _program(entry: HistoryEntry, tokens: dict[int, str]) -> str:
    name = tokens.get(entry.data.get("token", 0))
    return gettext("%(name)s (by program)") % {"name": name} if name else ""


def _names(entries: list[HistoryEntry]) -> Names:
    """The labels of what the entries name, by key and value."""
    names: Names = {}
    for key, (model, field) in NAMED.items():
        named = {entry.data[key] for entry in entries if entry.data.get(key) is not None}
        named |= {one for entry in entries for one in entry.data.get(f"{key}s", ())}
        for row in model.objects.filter(**{f"{field}__in": named}):
            names[key, getattr(row, field)] = str(row.label)
    for key, model, pair_of in ENROLMENT:
        codes = {code for entry in entries for code in pair_of(entry.data)}
        for row in model.objects.filter(code__in=codes - {None}):
            names[key, row.code] = str(row.label)
    return names


def _details(entry: HistoryEntry, names: Names) -> Iterator[str]:
    """What the entry says beyond its event, in words. Ids and codes of programmers stay out."""
    data = entry.data
    yield from (names[key, data[key]] for key in NAMED if (key, data.get(key)) in names)
    for key in ("requirement", "question"):
        yield from (names[key, pk] for pk in data.get(f"{key}s", ()) if (key, pk) in names)
    yield from _change(entry)
    if data.get("outcome") in OUTCOMES:
        yield str(OUTCOMES[data["outcome"]])
    if data.get("internal"):
        yield gettext("internal, not shown to the candidate")
    if data.get("important") is not None:
        yield gettext("important") if data["important"] else gettext("not important")
    if data.get("before_day"):
        before = long_date(date.fromisoformat(data["before_day"]))
        yield gettext("before: %(word)s") % {"word": before}
    yield from _enrolment(data, names)
    if data.get("section") in Section.values:
        yield str(Section(data["section"]).label)
    if data.get("only_here"):
        yield gettext("for this application only")
    if data.get("emptied"):
        yield gettext("answer taken back")
    if data.get("which") in DEADLINES:
        yield str(DEADLINES[data["which"]])
    if data.get("rank"):
        yield gettext("rank %(rank)d") % {"rank": data["rank"]}
    yield from (long_date(date.fromisoformat(data[key])) for key in DAYS if data.get(key))
    if data.get("run"):
        yield gettext("action for many applications n° %(number)d") % {"number": data["run"]}


def _change(entry: HistoryEntry) -> Iterator[str]:
    """From what to what, where the event is a change."""
    if entry.event == JobEvent.PLANNED:
        before, after = (plan_words(Plan.of_data(entry.data[key])) for key in ("before", "after"))
        yield f"{before} → {after}"
    if entry.event not in CODES:
        return
    codes = dict(choices_of(CODES[entry.event]))
    before, after = (codes.get(entry.data.get(key)) for key in ("before", "after"))
    if before and after:
        yield f"{before} → {after}"
    elif before:
        yield gettext("before: %(word)s") % {"word": before}


def _enrolment(data: dict[str, Any], names: Names) -> Iterator[str]:
    """What changed of the fee, the exemption and the regime; of the complement only that it did."""
    amounts = data.get("fees", {}).get("fee_amount")
    if amounts:
        before, after = (in_euros(Decimal(amount) if amount else None) for amount in amounts)
        yield f"{before} → {after}"
    for key, _model, pair_of in ENROLMENT:
        if codes := pair_of(data):
            before, after = (names.get((key, code), code or "–") for code in codes)
            yield f"{before} → {after}"
    if "exemption_note" in data.get("fees", {}):
        yield gettext("complement on the exemption")
