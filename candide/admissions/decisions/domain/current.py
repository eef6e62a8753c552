"""Which decision counts: the last released one, for everybody the candidate can ask."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.models import Decision
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.institution.catalogue.enums import RankDisplay
from candide.institution.catalogue.models import Institution, Intake

_SAYS = (
    "type_id",
    "reason_id",
    "rank",
    "shortlist_place",
    "shortlist_on",
    "shortlist_time",
    "comment",
    "is_appeal",
)


def released_decision(application: Application) -> Decision | None:
    """The last released decision [VIEW-05, T17]; a newer draft does not hide it."""
    return (
        application.decisions.released()
        .select_related("type", "reason", "letter__file")
        .order_by("-released_at", "-pk")
        .first()
    )


def draft_decision(application: Application) -> Decision | None:
    """The draft the commission is working on, if any. Never shown to the candidate."""
    return application.decisions.drafts().select_related("type", "reason").first()


def draft_mark(draft: Decision | None) -> str:
    """What tells what a draft says from what it said before: a page that shows a draft sends it
    back with what is done to that draft. Empty for none."""
    if draft is None:
        return ""
    says = {name: getattr(draft, name) for name in _SAYS}
    return f"{draft.pk}-{hashlib.sha256(json.dumps(says, default=str).encode()).hexdigest()[:16]}"


def changed_blockers(draft: Decision | None, seen: str | None) -> list[Blocker]:
    """Why nobody may act on a draft that says something else than what they saw; None sees all."""
    if seen is None or seen == draft_mark(draft):
        return []
    message = _("The draft was changed meanwhile by somebody else. Look at it before you go on.")
    return [Blocker("changed", message)]


def acceptance_due(application: Application, decision: Decision | None) -> date | None:
    """The effective last day to answer [VIEW-06, back-office 13.3]: the individual day, else so
    many days after the release, else the intake's; None when there is nothing to answer or no
    limit."""
    if decision is None or not policy_of(decision.type.outcome).candidate_answers:
        return None
    return application.acceptance_extended_to or common_acceptance_due(application, decision)


def common_acceptance_due(application: Application, decision: Decision | None) -> date | None:
    """The last day to answer this offer without a day of its own."""
    if decision is None or not policy_of(decision.type.outcome).candidate_answers:
        return None
    released_on = localdate(decision.released_at) if decision.released_at else None
    return _common_due(application.intake, decision, released_on)


def first_possible_due(application: Application, decision: Decision, *, today: date) -> date | None:
    """Tomorrow, when the day everybody has to answer `decision`, released `today`, comes before:
    an answer day may be past for an offer made late. Else None."""
    if not policy_of(decision.type.outcome).candidate_answers:
        return None
    tomorrow = today + timedelta(days=1)
    due = _common_due(application.intake, decision, today)
    return tomorrow if due is not None and due < tomorrow else None


def least_due(application: Application, decision: Decision) -> date | None:
    """The last day to answer that comes with `decision`, which was released: everybody's, or the
    one that a release late for it gave. An individual day may only be later."""
    assert decision.released_at is not None  # noqa: S101 -- the caller has a released one
    return _due_with(application, decision, localdate(decision.released_at))


def due_when_released(application: Application, decision: Decision, *, on: date) -> date | None:
    """The last day to answer `decision`: the one there is, or of a draft the one that comes with
    its release on that day, which ends the individual day of the decision before."""
    if not policy_of(decision.type.outcome).candidate_answers:
        return None
    if decision.released_at is not None:
        return application.acceptance_due_on
    return _due_with(application, decision, on)


def _due_with(application: Application, decision: Decision, released_on: date) -> date | None:
    late = first_possible_due(application, decision, today=released_on)
    return late or _common_due(application.intake, decision, released_on)


def _common_due(intake: Intake, decision: Decision, released_on: date | None) -> date | None:
    """The last day to answer of everybody with such a decision, released on that day."""
    days, day = _limits(intake, decision)
    if days is not None and released_on is not None:
        return released_on + timedelta(days=days)
    return day


def _limits(intake: Intake, decision: Decision) -> tuple[int | None, date | None]:
    """How many days, or until which day, the intake gives to answer. Who is called from the reserve
    list has what the main list has, unless the intake says otherwise [CONF-09]."""
    own = intake.reserve_acceptance_days, intake.reserve_acceptance_due_on
    if decision.is_promotion and own != (None, None):
        return own
    return intake.acceptance_days, intake.acceptance_due_on


def rank_shown(decision: Decision | None, institution: Institution) -> int | None:
    """The rank the candidate sees, as the institution chose [VIEW-05]."""
    if decision is None:
        return None
    return rank_of_display(institution, typed=decision.rank, best=decision.best_rank)


def rank_of_display(institution: Institution, *, typed: int | None, best: int | None) -> int | None:
    """Which of the two ranks is shown, if any."""
    shown = {RankDisplay.NONE: None, RankDisplay.TYPED: typed, RankDisplay.CURRENT: best}
    return shown[RankDisplay(institution.rank_display)]


def shown_of(application: Application, institution: Institution) -> dict[str, Any]:
    """What the columns « shown of the decision » of an application must hold."""
    decisions = application.decisions.select_related("type").order_by("released_at", "pk")
    return shown_of_decisions(application, decisions, institution)


def shown_of_decisions(
    application: Application, decisions: Iterable[Decision], institution: Institution
) -> dict[str, Any]:
    """`shown_of` where all its decisions, the last released one last, are known already."""
    decisions = list(decisions)
    released = next((one for one in reversed(decisions) if one.released_at), None)
    return {
        "released_outcome": released.type.outcome if released else "",
        "has_draft_decision": any(one.released_at is None for one in decisions),
        "has_any_decision": bool(decisions),
        "rank_shown": rank_shown(released, institution),
        "acceptance_due_on": acceptance_due(application, released),
    }


def refresh_shown(application: Application) -> None:
    """Write the columns « shown of the decision » of a locked application. The only writer."""
    shown = shown_of(application, Institution.current())
    for name, value in shown.items():
        setattr(application, name, value)
    application.version += 1
    application.save(update_fields=[*shown, "version"])
