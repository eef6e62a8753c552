"""The candidate's answer to an offer (« confirmer », « se désister ») [CONF]."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import lock_candidate, lock_intake
from candide.admissions.applications.enums import ApplicationEvent, CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions import mails
from candide.admissions.decisions.domain.current import (
    acceptance_due,
    common_acceptance_due,
    least_due,
    refresh_shown,
    released_decision,
)
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.domain.reserve_list import fill_places
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.handover.domain.asking import confirmed, given_up
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.foundation.history.domain.log import log


def accepting_blockers(
    application: Application, *, today: date, enforce_deadline: bool = True
) -> list[Blocker]:
    """Why the offer cannot be accepted now [CONF-01]; empty when it can."""
    return [
        *_offered(application),
        *_not_answered(application),
        *(_deadline(application, today) if enforce_deadline else ()),
    ]


def withdrawing_blockers(
    application: Application, *, today: date, enforce_deadline: bool = True
) -> list[Blocker]:
    """Why one cannot withdraw now; empty when one can. After accepting it stays possible, without
    a deadline, until the application is archived [CONF-02, S2-46, architecture 0]."""
    accepted = application.answer == CandidateAnswer.ACCEPTED
    return [
        *_offered(application),
        *_not_withdrawn(application),
        *(_deadline(application, today) if enforce_deadline and not accepted else ()),
    ]


def extending_blockers(application: Application) -> list[Blocker]:
    """Why nobody can give an individual day to answer: only an offer that waits has one."""
    blockers = [*_offered(application)]
    if application.answer:
        blockers.append(Blocker("answered", _("The candidate has answered.")))
    return blockers


def answer_day_blockers(
    application: Application, day: date | None, *, today: date
) -> list[Blocker]:
    """Why this offer cannot have `day` as its own last day to answer; None takes its own away."""
    if blockers := extending_blockers(application):
        return blockers
    decision = released_decision(application)
    assert decision is not None  # noqa: S101 -- extending_blockers says so otherwise
    due = day or common_acceptance_due(application, decision)
    return [*_too_early(due, least=least_due(application, decision), today=today)]


@transaction.atomic
def accept(
    application: Application, *, by: Any, now: datetime, enforce_deadline: bool = True
) -> None:
    """« Confirmer ma candidature » [CONF-03, CONF-04]."""
    application = _locked(application)
    refuse_if(
        accepting_blockers(application, today=localdate(now), enforce_deadline=enforce_deadline)
    )
    _write(application, CandidateAnswer.ACCEPTED, by=by, now=now)
    log(application, DecisionEvent.ACCEPTED, by=by)
    decision = released_decision(application)
    is_transferred = decision is not None and decision.type.is_transferred
    confirmed(application, is_transferred=is_transferred, by=by, now=now)
    mails.Accepted(application).send()


@transaction.atomic
def withdraw(
    application: Application, *, by: Any, now: datetime, enforce_deadline: bool = True
) -> None:
    """« Me désister », irreversible for the candidate [CONF-05]; the next of the reserve list is
    called."""
    lock_intake(application.intake_id)
    application = _locked(application)
    refuse_if(
        withdrawing_blockers(application, today=localdate(now), enforce_deadline=enforce_deadline)
    )
    before = application.answer
    _write(application, CandidateAnswer.WITHDRAWN, by=by, now=now)
    log(application, DecisionEvent.WITHDRAWN, by=by, before=before)
    given_up(application, by=by, now=now)
    mails.Withdrawn(application).send()
    mails.CommissionWithdrawal(application).send()
    fill_places(application.intake, now=now)


@transaction.atomic
def auto_withdraw(application: Application, *, now: datetime) -> bool:
    """Withdraw an offer whose deadline has passed without an answer [CONF-06]. False when it was
    answered, extended or decided anew meanwhile."""
    lock_intake(application.intake_id)
    application = _locked(application)
    due = application.acceptance_due_on
    overdue = due is not None and due < localdate(now)
    if not overdue or [*_offered(application), *_not_answered(application)]:
        return False
    _write(application, CandidateAnswer.WITHDRAWN, by=None, now=now)
    log(application, DecisionEvent.AUTO_WITHDRAWN, due_on=due.isoformat() if due else None)
    given_up(application, by=None, now=now)
    mails.AutoWithdrawn(application).send()
    fill_places(application.intake, now=now)
    return True


@transaction.atomic
def extend_acceptance_due(
    application: Application, day: date | None, *, by: Any, now: datetime
) -> None:
    """Give this offer a later last day to answer, or take that day away (None) [VIEW-06]. It ends
    with the offer: the next release clears it. Where the day moves on, the candidate is reminded
    of the new one."""
    application = _locked(application)
    refuse_if(answer_day_blockers(application, day, today=localdate(now)))
    application.acceptance_extended_to = day
    before, due = (
        application.acceptance_due_on,
        acceptance_due(application, released_decision(application)),
    )
    if before is not None and due is not None and due > before:
        application.reminded_at = None
    application.save(update_fields=["acceptance_extended_to", "reminded_at"])
    refresh_shown(application)
    log(
        application,
        ApplicationEvent.DEADLINE_SET,
        by=by,
        which="answer",
        to=day.isoformat() if day else None,
    )


@transaction.atomic
def remind(application: Application, *, now: datetime) -> bool:
    """Remind of an unanswered offer, once for each release, and once more when its day moved on
    [CONF-07]. False when it was answered or reminded meanwhile."""
    application = _locked(application)
    if application.reminded_at or [*_offered(application), *_not_answered(application)]:
        return False
    application.reminded_at = now
    application.save(update_fields=["reminded_at"])
    log(application, DecisionEvent.REMINDED)
    mails.AnswerReminder(application).send()
    return True


def _locked(application: Application) -> Application:
    lock_candidate(application.candidate_id)
    return Application.objects.with_offer().locked(application.pk)


def _write(application: Application, answer: CandidateAnswer, *, by: Any, now: datetime) -> None:
    """The one writer of the answer."""
    application.answer, application.answered_at, application.answered_by = answer, now, by
    application.version += 1
    application.save(update_fields=["answer", "answered_at", "answered_by", "version"])


def _offered(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))
    outcome = application.released_outcome
    if not outcome or not policy_of(outcome).candidate_answers:
        yield Blocker("no_offer", _("There is no offer to answer."))


def _not_answered(application: Application) -> Iterator[Blocker]:
    if application.answer == CandidateAnswer.ACCEPTED:
        yield Blocker("accepted", _("You have already confirmed this application."))
    yield from _not_withdrawn(application)


def _not_withdrawn(application: Application) -> Iterator[Blocker]:
    if application.answer == CandidateAnswer.WITHDRAWN:
        yield Blocker("withdrawn", _("You have withdrawn: this cannot be undone."))


def _too_early(due: date | None, *, least: date | None, today: date) -> Iterator[Blocker]:
    """Candidates were told `least` with the offer; nobody is told of an individual day."""
    if due is not None and least is not None and due < least and today <= least:
        message = _(
            "There is time to answer until %(day)s at least: keep that day or choose a later one."
        )
        yield Blocker("too_early", message % {"day": long_date(least)})
    elif due is not None and due < today:
        yield Blocker("in_the_past", _("Choose today or a later day."))


def _deadline(application: Application, today: date) -> Iterator[Blocker]:
    due = application.acceptance_due_on
    if due is not None and today > due:
        yield Blocker("too_late", _("The deadline to answer has passed."))
