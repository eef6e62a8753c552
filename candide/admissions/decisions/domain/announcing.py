"""What follows when a decision becomes visible, whoever made it so."""

from datetime import date, datetime
from typing import Any

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import first_possible_due, refresh_shown
from candide.admissions.decisions.domain.letters import mailed_letter, make_letter
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.domain.ranking import rerank
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log


def announce(
    application: Application, decision: Decision, *, event: DecisionEvent, by: Any, now: datetime
) -> None:
    """What follows a release, whoever released: answer and individual day cleared, columns, ranks,
    history, letter, mail. The application is locked, the decision just released."""
    _begin_anew(application, decision, today=localdate(now))
    refresh_shown(application)
    rerank(application.intake)
    application.refresh_from_db(fields=["rank_shown"])
    decision.refresh_from_db(fields=["current_rank"])
    log(
        application,
        event,
        by=by,
        decision=decision.pk,
        type=decision.type.code,
        outcome=decision.type.outcome,
        rank=decision.rank,
    )
    make_letter(decision, now=now)
    letter = mailed_letter(application, decision)
    policy_of(decision.type.outcome).mail(application, decision=decision, letter=letter).send()


def _begin_anew(application: Application, decision: Decision, *, today: date) -> None:
    """The answer, its reminder and the individual day belonged to the decision before. An
    offer leaves until tomorrow at least to answer it."""
    application.answer = ""
    application.answered_at = application.answered_by = application.reminded_at = None
    application.acceptance_extended_to = first_possible_due(application, decision, today=today)
    application.save(
        update_fields=[
            "answer",
            "answered_at",
            "answered_by",
            "reminded_at",
            "acceptance_extended_to",
        ]
    )
