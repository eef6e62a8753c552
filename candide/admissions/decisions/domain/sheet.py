"""Decisions entered from a spreadsheet: each line looked at, shown, then entered as a draft in the
background."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import (
    Draft,
    entering_blockers,
    entering_warnings,
    rank_holder,
)
from candide.admissions.decisions.domain.listing import Entry, enter_list
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.domain.sheet_reading import Line
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.core.blockers import Blocker, Refused
from candide.core.text import whole_number
from candide.foundation.runs.domain.asking import examine_at_once
from candide.foundation.runs.enums import ItemState
from candide.foundation.runs.models import Run, RunItem
from candide.foundation.runs.registry import Finding, Kind
from candide.institution.catalogue.models import Intake

KIND = "decision-sheet"


def begin_sheet(intake: Intake, lines: Sequence[Line], *, by: Any, now: datetime) -> Run:
    """Have every line looked at; nothing is entered yet. A line that names no application, or one
    that stands on a line before, has its own number instead, which is below zero."""
    subjects: dict[int, dict[str, Any]] = {}
    for line in lines:
        key = whole_number(line.application) or 0
        subject = key if key > 0 and key not in subjects else -line.number
        subjects[subject] = {"line": line.as_json()}
    return examine_at_once(KIND, subjects, {"intake": intake.pk}, by=by, now=now)


def examine(run: Run, item: RunItem, now: datetime) -> Finding:
    """What the line would enter."""
    line = Line(**item.details["line"])
    details: dict[str, Any] = {"line": line.as_json()}
    application, blockers = _application(run, item, line)
    if application is None or not line.type:
        return Finding(blockers=blockers, details=details, is_needless=not line.type)
    kind, reason, rank, misread = _chosen(line)
    blockers += misread
    if kind is None or blockers:
        return Finding(says=line.type, blockers=blockers, details=details)
    draft = Draft(type=kind, reason=reason, rank=rank, comment=line.comment)
    existing = draft_decision(application)
    blockers += entering_blockers(application, draft, beside=_movers(run))
    blockers += _rank_twice(run, draft, line)
    is_same = existing is not None and _is_same(existing, draft)
    details |= {"seen": draft_mark(existing)}
    return Finding(
        says=_says(existing, draft),
        blockers=blockers,
        warnings=_warnings(application, existing) if not (blockers or is_same) else [],
        is_needless=is_same,
        details=details,
    )


def act(run: Run, item: RunItem, now: datetime) -> None:
    """Enter the line, together with those whose ranks it and they take from one another; these
    are done when their turn comes."""
    if item.details.get("is_entered"):
        return
    chain = list(_chain(run, item))
    intake = Intake.objects.get(pk=run.values["intake"])
    entries = [_entry(run, each) for each in chain]
    enter_list(intake, entries, by=run.asked_by, now=now)
    for each in chain[1:]:
        each.details["is_entered"] = True
    RunItem.objects.bulk_update(chain[1:], ["details"])


def _entry(run: Run, item: RunItem) -> Entry:
    """Rights are asked again: they may have been taken away since."""
    line = Line(**item.details["line"])
    application, blockers = _application(run, item, line)
    kind, reason, rank, misread = _chosen(line)
    if application is None or kind is None or misread:
        raise Refused([*blockers, *misread])
    draft = Draft(type=kind, reason=reason, rank=rank, comment=line.comment)
    return Entry(application.pk, draft, seen=item.details["seen"])


def _chain(run: Run, item: RunItem) -> Iterator[RunItem]:
    """The item, then the one of this sheet that holds the rank it takes and gives it up, and so
    on."""
    seen: set[int] = set()
    following: RunItem | None = item
    while following is not None and following.pk not in seen:
        seen.add(following.pk)
        yield following
        rank = whole_number(following.details["line"]["rank"])
        application = Application.objects.filter(pk=following.subject_id).first()
        holder: int | None = rank_holder(application, rank) if application and rank else None
        waiting = run.items.filter(subject_id=holder or 0, state=ItemState.READY)
        following = waiting.first()


def _application(run: Run, item: RunItem, line: Line) -> tuple[Application | None, list[Blocker]]:
    """The application of the line, or why there is none. What is out of reach, or of another
    programme, is told like what does not exist."""
    if item.subject_id < 0:
        key = whole_number(line.application) or 0
        if key > 0 and run.items.filter(subject_id=key).exists():
            return None, [Blocker("twice", _("This application stands on a line before."))]
        return None, [Blocker("unknown", _("There is no such application to this programme."))]
    reached = Application.objects.with_offer().visible_to(run.asked_by)
    application = reached.filter(pk=item.subject_id, intake=run.values["intake"]).first()
    if application is None or run.asked_by is None:
        return None, [Blocker("unknown", _("There is no such application to this programme."))]
    if not run.asked_by.has_perm("decisions.enter", application):
        message = _("Your rights do not allow this for this application.")
        return None, [Blocker("not_allowed", message)]
    return application, []


def _chosen(
    line: Line,
) -> tuple[DecisionType | None, DecisionReason | None, int | None, list[Blocker]]:
    """What the codes and the rank of the line mean, and what they do not."""
    blockers = []
    kind = DecisionType.objects.filter(code=line.type).first()
    if kind is None:
        message = _("No type of decision has the code “%(code)s”.")
        blockers.append(Blocker("type_unknown", message % {"code": line.type[:30]}))
    reason = DecisionReason.objects.filter(code=line.reason).first() if line.reason else None
    if line.reason and reason is None:
        message = _("No reason has the code “%(code)s”.")
        blockers.append(Blocker("reason_unknown", message % {"code": line.reason[:30]}))
    rank = whole_number(line.rank)
    if line.rank and rank is None:
        message = _("“%(rank)s” is no rank.")
        blockers.append(Blocker("rank_misread", message % {"rank": line.rank[:30]}))
    if len(line.comment) > 1000:
        blockers.append(Blocker("comment_long", _("The comment has more than 1000 characters.")))
    return kind, reason, rank, blockers


def _movers(run: Run) -> list[int]:
    """The applications of this sheet that get a decision: their ranks may change hands."""
    filled = run.items.filter(subject_id__gt=0).exclude(details__line__type="")
    return list(filled.values_list("subject_id", flat=True))


def _rank_twice(run: Run, draft: Draft, line: Line) -> Iterable[Blocker]:
    if not policy_of(draft.type.outcome).ranked or not draft.rank:
        return []
    ranks = run.memory.setdefault("ranks", {})
    first = ranks.setdefault(str(draft.rank), line.number)
    if first == line.number:
        return []
    message = _("Rank %(rank)d stands on line %(line)d already.")
    return [Blocker("rank_twice", message % {"rank": draft.rank, "line": first})]


def _says(existing: Decision | None, draft: Draft) -> str:
    after = _words(draft.type, draft.rank if policy_of(draft.type.outcome).ranked else None)
    if existing is None:
        return after
    return f"{_words(existing.type, existing.rank)} → {after}"


def _words(kind: DecisionType, rank: int | None) -> str:
    if rank is None:
        return str(kind.label)
    return _("%(decision)s, rank %(rank)d") % {"decision": kind.label, "rank": rank}


def _is_same(existing: Decision, draft: Draft) -> bool:
    policy = policy_of(draft.type.outcome)
    return (existing.type, existing.reason, existing.rank, existing.comment) == (
        draft.type,
        draft.reason if policy.needs_reason else None,
        draft.rank if policy.ranked else None,
        draft.comment,
    )


def _warnings(application: Application, existing: Decision | None) -> list[Blocker]:
    warnings = entering_warnings(application)
    if existing is not None:
        warnings.append(Blocker("draft_replaced", _("The draft that is there is replaced.")))
    return warnings


LONG_WORK = Kind(KIND, examine=examine, act=act)
