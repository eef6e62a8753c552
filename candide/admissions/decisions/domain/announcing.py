"""What follows when decisions become visible, whoever made them so: the one place for one decision
as for thousands."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.preparing import (
    Prepared,
    Texts,
    foresee,
    mail_of,
    prepare,
)
from candide.admissions.decisions.domain.ranking import rerank
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.admissions.handover.domain.asking import decided
from candide.core.keys import Keys
from candide.foundation.history.domain.log import log_many
from candide.institution.mails.kinds import queue


@dataclass
class Announcement:
    """A decision to be made visible; what was not `prepared` beforehand is made on the way."""

    application: Application
    decision: Decision
    prepared: Prepared | None = None


def announce(
    application: Application, decision: Decision, *, event: DecisionEvent, by: Any, now: datetime
) -> None:
    """`publish` for one decision. The application is locked."""
    publish([Announcement(application, decision)], event=event, by=by, now=now)


@transaction.atomic
def publish(
    announcements: Sequence[Announcement], *, event: DecisionEvent, by: Any, now: datetime
) -> None:
    """Make decisions visible: moment and author, answer and individual day cleared, columns, ranks,
    history, letters, mails. The applications are locked, and their intakes."""
    for each in announcements:
        foresee(each.application, each.decision, now=now)
        each.decision.released_by = by
    _write(announcements, by=by, now=now)
    rerank({each.application.intake_id for each in announcements})
    log_many(((each.application, _said_of(each.decision)) for each in announcements), event, by=by)
    decided(
        [each.application for each in announcements],
        transferred=[each.application for each in announcements if _is_handed_over(each.decision)],
        by=by,
        now=now,
    )
    _tell(announcements, now=now, may_lack_letter=event != DecisionEvent.RELEASED)


def _write(announcements: Sequence[Announcement], *, by: Any, now: datetime) -> None:
    """The decisions, and the columns of the applications: a write for all that get the same. Ranks
    that are shown are written by the ranking."""
    same = defaultdict(list)
    for each in announcements:
        application = each.application
        due, extended_to = application.acceptance_due_on, application.acceptance_extended_to
        kept_draft = application.has_draft_decision
        key = (application.released_outcome, due, extended_to, kept_draft)
        same[key].append(application.pk)
        application.version += 1
    decisions = Decision.objects.filter(pk__in=Keys(each.decision.pk for each in announcements))
    decisions.update(released_at=now, released_by=by)
    for (outcome, due, extended_to, kept_draft), pks in same.items():
        Application.objects.filter(pk__in=Keys(pks)).update(
            answer="",
            answered_at=None,
            answered_by=None,
            reminded_at=None,
            acceptance_extended_to=extended_to,
            released_outcome=outcome,
            has_draft_decision=kept_draft,
            has_any_decision=True,
            rank_shown=None,
            acceptance_due_on=due,
            version=F("version") + 1,
        )


def _is_handed_over(decision: Decision) -> bool:
    return decision.type.outcome == Outcome.FAVOURABLE and decision.type.is_transferred


def _said_of(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.pk,
        "type": decision.type.code,
        "outcome": decision.type.outcome,
        "rank": decision.rank,
    }


def _tell(announcements: Sequence[Announcement], *, now: datetime, may_lack_letter: bool) -> None:
    """Letters and mails; those that were not prepared are made now, with the ranks of now. Staff
    release nothing whose letter cannot be made; somebody who is called from the list is called
    all the same."""
    texts = Texts()
    composed = []
    for each in announcements:
        prepared = each.prepared
        if prepared is None:
            each.application.refresh_from_db(fields=["rank_shown"])
            each.decision.refresh_from_db(fields=["current_rank", "best_rank"])
            prepared = prepare(each.decision, now=now, may_lack_letter=may_lack_letter)
        if prepared.mail is not None:
            mail = mail_of(each.decision, prepared.letter if prepared.attaches else None)
            rows = mail.rows(prepared.mail, prepared.language, copies=texts.copies(mail))
            composed.append((rows, mail.attachments()))
    queue(composed)
