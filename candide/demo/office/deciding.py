"""Decisions of the three programmes: released last week, planned for tomorrow, being prepared."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import accept, withdraw
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.admissions.releases.domain.beginning import begin_release
from candide.admissions.releases.domain.planning import plan, release_now
from candide.admissions.releases.domain.releasing import carry_out
from candide.admissions.releases.models import Release
from candide.core.clock import localdate
from candide.demo.office.moments import happening
from candide.foundation.runs.domain.working import work

DAY = timedelta(days=1)
AT = time(14, 0)
FAVOURABLE, UNFAVOURABLE = Outcome.FAVOURABLE, Outcome.UNFAVOURABLE
RESERVE, WAITING, SHORTLISTED = (
    Outcome.RESERVE_LIST,
    Outcome.WAITING_LIST,
    Outcome.SHORTLISTED,
)
# What each jury decided, in the order of the candidates; who prepares leaves the last two out.
JURY = (FAVOURABLE, RESERVE, FAVOURABLE, UNFAVOURABLE, RESERVE, FAVOURABLE, UNFAVOURABLE, RESERVE)
UNSURE = (SHORTLISTED, WAITING)
COMMENTS = {
    FAVOURABLE: "Excellent parcours, projet cohérent avec la formation.",
    RESERVE: "Bon dossier ; à rappeler si une place se libère.",
    SHORTLISTED: "À entendre sur le projet de mémoire.",
}


def decide(
    applications: Sequence[Application], outcomes: Sequence[str], *, by: Any, now: datetime
) -> None:
    """Enter a draft for each of `applications`, ranks following those that are held."""
    types = {row.outcome: row for row in DecisionType.objects.filter(centre=None).order_by("-pk")}
    reasons = list(DecisionReason.objects.filter(centre=None).order_by("pk"))
    rank = _highest(applications[0]) if applications else 0
    with happening(now):
        for place, (application, outcome) in enumerate(zip(applications, outcomes, strict=False)):
            rank += outcome == RESERVE
            draft = Draft(
                type=types[outcome],
                reason=reasons[place % len(reasons)] if outcome == UNFAVOURABLE else None,
                rank=rank if outcome == RESERVE else None,
                comment=COMMENTS.get(Outcome(outcome), ""),
                **_appointment(outcome, now),
            )
            enter_decision(application, draft, by=by, now=now)


def _highest(application: Application) -> int:
    """The last rank given in the programme."""
    ranked = Decision.objects.filter(application__intake=application.intake_id)
    return ranked.aggregate(last=Max("rank"))["last"] or 0


def _appointment(outcome: str, now: datetime) -> dict[str, Any]:
    if outcome != SHORTLISTED:
        return {}
    return {
        "shortlist_on": localdate(now) + 12 * DAY,
        "shortlist_time": time(10, 15),
        "shortlist_place": "Bâtiment ST, salle 118",
    }


def prepare(applications: Sequence[Application], day: Any, *, by: Any, now: datetime) -> Release:
    """A release that is prepared, every mail and every letter of it."""
    with happening(now):
        pks = [application.pk for application in applications]
        release = begin_release(pks, day=day, by=by, now=now)
        work(clock=lambda: now, only=release.run_id, limit=len(pks) + 1)
    return release


def release_all(applications: Sequence[Application], *, by: Any, now: datetime) -> None:
    """Prepared and released in the same afternoon; then one confirms and one withdraws."""
    release = prepare(applications, localdate(now), by=by, now=now)
    with happening(now):
        release_now(release, by=by, now=now)
        carry_out(release.pk, now=now)
    offered = [one for one, what in zip(applications, JURY, strict=False) if what == FAVOURABLE]
    with happening(now + 2 * DAY) as then:
        accept(offered[0], by=offered[0].candidate.user, now=then)
    with happening(now + 4 * DAY) as then:
        withdraw(offered[1], by=offered[1].candidate.user, now=then)


def plan_for_tomorrow(applications: Sequence[Application], *, by: Any, now: datetime) -> None:
    """Prepared yesterday, to be released tomorrow at two."""
    tomorrow = localdate(now) + DAY
    release = prepare(applications, tomorrow, by=by, now=now - DAY)
    with happening(now - DAY + timedelta(hours=1)) as then:
        moment = timezone.make_aware(datetime.combine(tomorrow, AT))
        plan(release, moment, by=by, now=then)
