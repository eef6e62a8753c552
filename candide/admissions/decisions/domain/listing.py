"""Entering the decisions of an intake by list: many drafts, all of them or none, whose ranks may be
exchanged among each other [back-office 14.6]."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import changed_blockers
from candide.admissions.decisions.domain.entering import Draft, entering_blockers, write_draft
from candide.admissions.decisions.domain.outcomes import RANKED_OUTCOMES, policy_of
from candide.admissions.decisions.models import Decision
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.institution.catalogue.models import Intake


@dataclass(frozen=True)
class Entry:
    """A line: which application, its decision, and the mark of the draft that was looked at."""

    application: int
    draft: Draft
    seen: str | None = None


@transaction.atomic
def enter_list(intake: Intake, entries: Sequence[Entry], *, by: Any, now: datetime) -> None:
    """Enter or change all these drafts, of applications to one intake. Each reason why not names
    its line: `about` is "application:<pk>"."""
    lock_intake(intake.pk)
    pks = [entry.application for entry in entries]
    rows = Application.objects.with_offer().filter(intake=intake, pk__in=pks)
    locked = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    applications = {application.pk: application for application in locked}
    drafts = drafts_of(pks)
    refuse_if(_blockers(entries, applications, drafts))
    for entry in entries:
        application = applications[entry.application]
        write_draft(application, drafts.get(application.pk), entry.draft, by=by, now=now)


@transaction.atomic
def enter_rows(
    intake: Intake, entries: Sequence[Entry], *, by: Any, now: datetime
) -> dict[int, list[Blocker]]:
    """Enter every line nothing speaks against, and say why the others are not, by the key of their
    application. Lines that were refused are in the way of others that want their rank."""
    refused: dict[int, list[Blocker]] = {}
    waiting = list(entries)
    while waiting:
        try:
            enter_list(intake, waiting, by=by, now=now)
        except Refused as refusal:
            for blocker in refusal.blockers:
                refused.setdefault(int(blocker.about.partition(":")[2]), []).append(blocker)
            waiting = [entry for entry in waiting if entry.application not in refused]
        else:
            break
    return refused


def next_free_rank(intake: Intake) -> int:
    """One more than the last rank anybody has, in a draft or a released decision."""
    ranks = Decision.objects.filter(
        application__intake=intake,
        application__cancelled_at=None,
        type__outcome__in=RANKED_OUTCOMES,
    )
    return (ranks.aggregate(last=Max("rank"))["last"] or 0) + 1


def drafts_of(applications: Sequence[int]) -> dict[int, Decision]:
    """The drafts of these applications, by the key of the application; one query."""
    found = Decision.objects.drafts().filter(application__in=applications)
    return {draft.application_id: draft for draft in found.select_related("type", "reason")}


def _blockers(
    entries: Sequence[Entry],
    applications: Mapping[int, Application],
    drafts: Mapping[int, Decision],
) -> Iterator[Blocker]:
    ranks = Counter(
        entry.draft.rank for entry in entries if policy_of(entry.draft.type.outcome).ranked
    )
    for entry in entries:
        application = applications.get(entry.application)
        for blocker in _of_line(entry, application, drafts, applications, ranks):
            yield Blocker(blocker.code, blocker.message, f"application:{entry.application}")


def _of_line(
    entry: Entry,
    application: Application | None,
    drafts: Mapping[int, Decision],
    beside: Mapping[int, Application],
    ranks: Mapping[int | None, int],
) -> Iterator[Blocker]:
    if application is None:
        message = _("There is no such application to this programme.")
        yield Blocker("unknown", message)
        return
    yield from changed_blockers(drafts.get(application.pk), entry.seen)
    yield from entering_blockers(application, entry.draft, beside=beside)
    rank = entry.draft.rank
    if rank and policy_of(entry.draft.type.outcome).ranked and ranks[rank] > 1:
        message = _("Rank %(rank)d stands on more than one line.")
        yield Blocker("rank_twice", message % {"rank": rank})
