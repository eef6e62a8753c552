"""Reminders and withdrawals at the deadline; both catch up what a missed night left."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.answering import auto_withdraw, remind
from candide.admissions.decisions.domain.letters import decisions_without_letter, make_letter
from candide.admissions.decisions.domain.queries import (
    offers_to_remind_of,
    overdue_offers,
    to_be_handed_over,
)
from candide.admissions.handover.domain.reconciling import compare
from candide.core.clock import end_of, localdate
from candide.foundation.jobs.domain.service import service_gap
from candide.foundation.jobs.registry import job
from candide.institution.catalogue.models import Institution

LAST_HOURS = timedelta(hours=6)
LONGEST_GAP = timedelta(minutes=15)


@job("remind-answers", at="09:00", title=_("Remind of offers to be answered"))
def remind_answers(now: datetime, run: Any) -> None:
    days = Institution.current().reminder_days
    run.each(
        offers_to_remind_of(localdate(now), days=days),
        lambda application: remind(application, now=now),
    )


@job("make-letters", at="05:20", title=_("Make the letters that are missing"))
def make_missing_letters(now: datetime, run: Any) -> None:
    """Of who was called from the list when the letter could not be made, or before the commission
    gave letters."""
    run.each(decisions_without_letter(), lambda decision: make_letter(decision, by=None, now=now))


@job("compare-handover", at="06:00", title=_("Compare what was handed over"))
def compare_handover(now: datetime, run: Any) -> None:
    """Those who confirmed, with those the student system was told of and those it holds."""
    if Institution.current().hands_over:
        report = compare(to_be_handed_over(), now=now)
        run.count(differences=report.counts["differences"])


@job("auto-withdraw", at="02:00", title=_("Withdraw offers not answered in time"), destroys=True)
def auto_withdraw_overdue(now: datetime, run: Any) -> None:
    """Offers whose last hours the service did not answer in are left for an administrator to
    extend (architecture, 0 « Deadlines »)."""
    gaps: dict[Any, bool] = {}

    def act(application: Any) -> None:
        due = application.acceptance_due_on
        if due not in gaps:
            end = end_of(due)
            gaps[due] = service_gap(start=end - LAST_HOURS, end=end) > LONGEST_GAP
        if gaps[due]:
            run.count(waiting_for_an_administrator=1)
        else:
            auto_withdraw(application, now=now)

    run.each(overdue_offers(localdate(now)), act)
