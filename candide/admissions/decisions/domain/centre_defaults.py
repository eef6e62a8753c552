"""The decisions new openings of a centre begin with [back-office 5.1]."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.models import CentreDecisions, DecisionType, IntakeDecisions
from candide.core.blockers import refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.domain.centre_defaults import defaults_blockers
from candide.institution.catalogue.models import ApplicationCentre, Programme


def types_of_centre(centre: ApplicationCentre) -> QuerySet[DecisionType]:
    """The favourable types its openings may give by themselves: in service, of the institution or
    of the centre; and those it gives already."""
    owned = Q(centre=None) | (Q(centre=centre) if centre.pk else Q(pk__in=()))
    here = decisions_of(centre)
    kept = [key for key in (here.favourable_id, here.called_id) if key]
    return DecisionType.objects.filter(
        (owned & Q(outcome=Outcome.FAVOURABLE, is_active=True)) | Q(pk__in=kept)
    )


def decisions_of(centre: ApplicationCentre) -> CentreDecisions:
    """What the centre gives; not saved where it gives nothing."""
    found = CentreDecisions.objects.filter(centre=centre).first() if centre.pk else None
    return found or CentreDecisions(centre=centre)


def first_decisions(programme: Programme) -> IntakeDecisions:
    """What a new opening of `programme` begins with, not saved."""
    given = decisions_of(programme.commission.centre)
    return IntakeDecisions(favourable=given.favourable, called=given.called)


@transaction.atomic
def set_centre_decisions(
    centre: ApplicationCentre,
    *,
    favourable: DecisionType | None,
    called: DecisionType | None,
    by: Any,
) -> None:
    """Set what new openings begin with; those there are stay as they are."""
    refuse_if(defaults_blockers(centre))
    row = CentreDecisions.objects.select_for_update().filter(centre=centre).first()
    row = row or CentreDecisions(centre=centre)
    before = values_of(row)
    row.favourable, row.called = favourable, called
    if before or favourable or called:
        row.save()
        log_saved(row, before=before, by=by)
