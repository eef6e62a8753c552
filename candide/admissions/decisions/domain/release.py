"""Releasing decisions (« valider l’avis »): from then on the candidate sees them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.archived import archived_blockers
from candide.admissions.applications.domain.editing import lock_candidate, lock_intake
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.announcing import announce
from candide.admissions.decisions.domain.current import (
    changed_blockers,
    draft_decision,
    first_possible_due,
)
from candide.admissions.decisions.domain.reserve_list import fill_freed, holds_place
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.admissions.handover.domain.asking import is_pre_enrolled
from candide.core.blockers import Blocker, refuse_if
from candide.core.deadlines import long_date
from candide.institution.pages.domain.wording import label_of


def release_blockers(application: Application) -> list[Blocker]:
    """Why nothing can be released; releasing the same decision twice is refused."""
    return draft_blockers(application, draft_decision(application))


def draft_blockers(application: Application, draft: Decision | None) -> list[Blocker]:
    """`release_blockers` where the draft, if any, is known already."""
    blockers = []
    if application.cancelled_at is not None:
        blockers.append(Blocker("cancelled", _("This application was cancelled.")))
    blockers += archived_blockers(application)
    if draft is None:
        blockers.append(Blocker("no_draft", _("There is no decision waiting to be released.")))
    return blockers


def release_warnings(application: Application, *, today: date) -> list[Blocker]:
    """What is allowed but unwise, shown before confirming (architecture, 3)."""
    warnings = []
    if application.dossier_status != DossierStatus.COMPLETE:
        warnings.append(
            Blocker(
                "not_complete",
                _("The dossier is “%(status)s”, not complete.")
                % {"status": label_of(DossierStatus(application.dossier_status))},
            )
        )
    if application.answer:
        warnings.append(
            Blocker(
                "answered",
                _("The candidate answered the last decision; releasing clears that answer."),
            )
        )
        if is_pre_enrolled(application):
            message = _("The candidate was handed over to the student system: this is taken back.")
            warnings.append(Blocker("handed_over", message))
    if not application.is_route_confirmed:
        warnings.append(Blocker("route_open", _("The admission route is not settled.")))
    draft = draft_decision(application)
    extended_to = first_possible_due(application, draft, today=today) if draft else None
    if extended_to is not None:
        warnings.append(
            Blocker(
                "answer_day_past",
                _(
                    "The last day to answer leaves no time: the candidate will have until "
                    "%(day)s. You may then give an individual day."
                )
                % {"day": long_date(extended_to)},
            )
        )
    return warnings


@transaction.atomic
def release(
    application: Application, *, by: Any, now: datetime, seen: str | None = None
) -> Decision:
    """Make the draft visible to the candidate, with its letter and its mail. An answer given to
    the decision before is cleared now, and only now. `seen` is the mark of the draft that was
    looked at: what was changed since is not released unseen ("changed")."""
    lock_intake(application.intake_id)
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(release_blockers(application))
    decision = draft_decision(application)
    refuse_if(changed_blockers(decision, seen))
    assert decision is not None  # noqa: S101 -- release_blockers refused otherwise
    held = {application.pk} if holds_place(application) else set()
    announce(application, decision, event=DecisionEvent.RELEASED, by=by, now=now)
    fill_freed([application], held=held, now=now)
    return decision
