"""Actions on many decisions: enter, release, delete drafts, individual day to answer
[back-office 14.6…14.8]."""

from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.bulk.domain.action import Action, Row, Values
from candide.admissions.bulk.domain.dossiers import day_check, day_says
from candide.admissions.decisions.domain.answering import (
    answer_day_blockers,
    extend_acceptance_due,
)
from candide.admissions.decisions.domain.current import draft_decision, draft_mark
from candide.admissions.decisions.domain.entering import (
    Draft,
    delete_draft,
    enter_decision,
    entering_blockers,
    entering_warnings,
    rank_holder,
)
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.domain.release import (
    release,
    release_blockers,
    release_warnings,
)
from candide.admissions.decisions.domain.routing import confirm_route, confirming_blockers
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.core.blockers import Blocker
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.wording import label_of

# -- Entering ------------------------------------------------------------------------------------


def _type_of(values: Values) -> DecisionType:
    return DecisionType.objects.get(pk=values["type"])


def _draft(row: Row) -> Draft:
    """The decision of this row: the same for all, but for the rank; an interview that is not told
    is that of the programme."""
    values, intake = row.values, row.application.intake
    reason, at = values.get("reason"), values.get("shortlist_time")
    return Draft(
        type=_type_of(values),
        reason=DecisionReason.objects.get(pk=reason) if reason else None,
        rank=row.details.get("rank"),
        shortlist_place=values.get("shortlist_place") or intake.shortlist_place,
        shortlist_on=row.day("shortlist_on") or intake.shortlist_on,
        shortlist_time=time.fromisoformat(at) if at else intake.shortlist_time,
        comment=values.get("comment", ""),
    )


def _enter_details(row: Row) -> dict[str, Any]:
    """The draft that is there, and for a reserve list the rank of this row: the one after the row
    before, of the same intake, that nobody outside of the selection holds."""
    details: dict[str, Any] = {"seen": draft_mark(draft_decision(row.application))}
    if policy_of(_type_of(row.values).outcome).ranked:
        given = row.memory.setdefault("ranks", {})
        intake = str(row.application.intake_id)
        wanted = rank = given.get(intake, row.values["first_rank"] - 1) + 1
        while rank_holder(row.application, rank) is not None:
            rank += 1
        given[intake] = rank
        details |= {"rank": rank, "wanted": wanted}
    return details


def _enter_says(row: Row) -> str:
    return _decision_says(_type_of(row.values), row.details.get("rank"))


def _decision_says(kind: DecisionType, rank: int | None) -> str:
    if rank is None:
        return str(kind.label)
    return _("%(decision)s, rank %(rank)d") % {"decision": kind.label, "rank": rank}


def _enter_warnings(row: Row) -> list[Blocker]:
    application = row.application
    warnings = entering_warnings(application)
    if application.released_outcome and not application.answer:
        message = _(
            "A decision was released already: the candidate sees it until this one is released."
        )
        warnings.append(Blocker("released", message))
    if application.has_draft_decision:
        warnings.append(Blocker("draft_replaced", _("The draft that is there is replaced.")))
    if row.details.get("rank") != row.details.get("wanted"):
        message = _("Rank %(rank)d is held by another application: the next free one is given.")
        warnings.append(Blocker("rank_held", message % {"rank": row.details["wanted"]}))
    return warnings


def _enter(row: Row, by: Any) -> None:
    enter_decision(row.application, _draft(row), by=by, now=row.now, seen=row.details["seen"])


def _enter_check(values: Values, _today: date) -> list[Blocker]:
    policy = policy_of(_type_of(values).outcome)
    if policy.needs_reason and not values.get("reason"):
        return [Blocker("reason_missing", _("Choose the reason: the candidate is told."))]
    if policy.ranked and not values.get("first_rank"):
        return [Blocker("rank_missing", _("Enter the rank of the first one, from 1."))]
    return []


ENTER = Action(
    code="avis",
    label=gettext_lazy("Enter a decision"),
    permission="decisions.enter",
    says=_enter_says,
    blockers=lambda row: entering_blockers(row.application, _draft(row)),
    warnings=_enter_warnings,
    act=_enter,
    details=_enter_details,
    check=_enter_check,
    follows=gettext_lazy("Candidates see nothing of it until the decisions are released."),
)


# -- The admission route -------------------------------------------------------------------------


CONFIRM_ROUTE = Action(
    code="validation-type-de-traitement",
    label=gettext_lazy("Confirm the admission route"),
    permission="decisions.confirm_route",
    says=lambda row: label_of(AdmissionRoute(row.application.route)),
    # Those that are confirmed are left, not refused.
    blockers=lambda row: [b for b in confirming_blockers(row.application) if b.code != "confirmed"],
    is_needless=lambda row: row.application.is_route_confirmed,
    act=lambda row, by: confirm_route(
        row.application, by=by, now=row.now, seen=row.details["seen"]
    ),
    details=lambda row: {"seen": row.application.route},
    follows=gettext_lazy(
        "Each candidate is told by mail. Direct access releases the favourable decision of the "
        "programme."
    ),
)


# -- Releasing and deleting ------------------------------------------------------------------------


def _seen_draft(row: Row) -> dict[str, Any]:
    """The draft the preview showed: one that says something else by then is not touched."""
    draft = draft_decision(row.application)
    return {"seen": draft_mark(draft), "says": _draft_says(draft)}


def _draft_says(draft: Decision | None) -> str:
    return _decision_says(draft.type, draft.rank) if draft else ""


def _release_number_check(number: int) -> list[Blocker]:
    """Where a second person has to agree, many decisions leave by a release that is prepared."""
    above = Institution.current().release_agreement_above
    if above is None or number <= above:
        return []
    message = _(
        "Above %(above)d decisions a second person has to agree: prepare a release with them."
    )
    return [Blocker("needs_agreement", message % {"above": above})]


RELEASE = Action(
    code="validation",
    label=gettext_lazy("Release the decisions"),
    permission="decisions.release",
    says=lambda row: row.details["says"],
    blockers=lambda row: release_blockers(row.application),
    warnings=lambda row: release_warnings(row.application, today=row.today),
    act=lambda row, by: release(row.application, by=by, now=row.now, seen=row.details["seen"]),
    details=_seen_draft,
    number_check=_release_number_check,
    follows=gettext_lazy(
        "Candidates see them at once, with the mail and the letter. A released decision never "
        "changes."
    ),
)


def _delete_blockers(row: Row) -> list[Blocker]:
    if row.application.has_draft_decision:
        return []
    return [Blocker("no_draft", _("There is no draft to delete."))]


DELETE_DRAFT = Action(
    code="suppression",
    label=gettext_lazy("Delete the decisions that are not released"),
    permission="decisions.enter",
    says=lambda row: row.details["says"],
    blockers=_delete_blockers,
    act=lambda row, by: delete_draft(row.application, by=by, seen=row.details["seen"]),
    details=_seen_draft,
    follows=gettext_lazy("Candidates never saw them. History keeps what they were."),
)


# -- The individual day to answer ------------------------------------------------------------------

ANSWER_DAY = Action(
    code="date-de-reponse",
    label=gettext_lazy("Give an individual last day to answer"),
    permission="applications.set_deadlines",
    says=day_says,
    blockers=lambda row: answer_day_blockers(row.application, row.day("day"), today=row.today),
    is_needless=lambda row: row.application.acceptance_extended_to == row.day("day"),
    act=lambda row, by: extend_acceptance_due(row.application, row.day("day"), by=by, now=row.now),
    check=day_check,
    follows=gettext_lazy("Candidates see it in their space; no mail is sent."),
)
