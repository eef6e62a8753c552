"""The decisions an intake gives by itself, and what a larger capacity does [7.1, 15.3]."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.ranking import ranked
from candide.admissions.decisions.domain.reserve_list import fill_places
from candide.admissions.decisions.models import DecisionType, IntakeDecisions
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Intake


def given_by_itself(intake: Intake) -> IntakeDecisions | None:
    """What `intake` gives by itself, if it says so; no query where it was joined."""
    return getattr(intake, "decisions", None)


def types_to_give(intake: Intake) -> QuerySet[DecisionType]:
    """The favourable types `intake` may give by itself: in service, of the whole institution or of
    its centre; and those it gives already."""
    settings = given_by_itself(intake)
    kept = (settings.favourable_id, settings.called_id) if settings else ()
    centre = intake.programme.centre
    is_offered = Q(Q(centre=None) | Q(centre=centre), outcome=Outcome.FAVOURABLE, is_active=True)
    return DecisionType.objects.filter(is_offered | Q(pk__in=[key for key in kept if key]))


def favourable_type(intake: Intake) -> DecisionType | None:
    """The decision the intake gives to a proposal and by direct access, if it is in service."""
    settings = IntakeDecisions.objects.select_related("favourable").filter(intake=intake).first()
    kind = settings.favourable if settings else None
    return kind if kind is not None and kind.is_active else None


def automatic_blockers(
    intake: Intake, *, favourable: DecisionType | None, called: DecisionType | None
) -> list[Blocker]:
    """Why `intake`, which need not be saved, may not give these decisions by itself."""
    found = []
    if intake.has_automatic_reserve_list and called is None:
        found.append(
            Blocker(
                "no_called_decision",
                _("Say which decision is given to who is called from the reserve list."),
                "field:called",
            )
        )
    allowed = set(types_to_give(intake))
    found += [
        Blocker(
            "not_to_be_given",
            _("“%(type)s” cannot be given here by itself.") % {"type": kind},
            f"field:{name}",
        )
        for name, kind in (("favourable", favourable), ("called", called))
        if kind is not None and kind not in allowed
    ]
    return found


def capacity_warnings(intake: Intake, *, before: int | None) -> list[Blocker]:
    """Raising the capacity from `before` calls people."""
    added = _added(intake, before)
    called = ranked(intake)[:added] if added and intake.has_automatic_reserve_list else []
    if not called:
        return []
    return [
        Blocker(
            "calls_reserve_list",
            _("The places added call up to %(number)d of the reserve list at once, by mail.")
            % {"number": len(called)},
            "field:capacity",
        )
    ]


@transaction.atomic
def set_automatic_decisions(
    *,
    intake: Intake,
    favourable: DecisionType | None,
    called: DecisionType | None,
    by: Any,
) -> None:
    """Set which decisions `intake` gives by itself; none from the reserve list while that is not
    called automatically."""
    if not intake.has_automatic_reserve_list:
        called = None
    settings = IntakeDecisions.objects.select_for_update().filter(intake=intake).first()
    settings = settings or IntakeDecisions(intake=intake)
    before = values_of(settings)
    refuse_if(automatic_blockers(intake, favourable=favourable, called=called))
    settings.favourable, settings.called = favourable, called
    if before or favourable or called:
        settings.save()
        log_saved(settings, before=before, by=by)


@transaction.atomic
def fill_added_places(*, intake: Intake, before: int | None, now: datetime) -> None:
    """Call from the reserve list for the places by which the capacity grew."""
    if added := _added(intake, before):
        fill_places(intake, now=now, freed=added)


def _added(intake: Intake, before: int | None) -> int:
    if before is None or intake.capacity is None:
        return 0
    return max(intake.capacity - before, 0)
