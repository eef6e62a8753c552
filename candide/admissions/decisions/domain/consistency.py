"""Whether applications show of their decision what was decided: the columns « shown of the
decision » repeat what the decisions say, so that lists need not ask them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import (
    refresh_shown,
    shown_of,
    shown_of_decisions,
)
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import Decision
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution

SHOWS_NOTHING = Q(
    released_outcome="",
    has_draft_decision=False,
    has_any_decision=False,
    rank_shown=None,
    acceptance_due_on=None,
)


@dataclass(frozen=True)
class Difference:
    """A column that shows something else than what was decided."""

    column: str
    shown: Any
    decided: Any


def differing() -> Iterator[Application]:
    """Applications that seem to show something else than what was decided. Read without locks:
    somebody may be deciding just now, so look again with `check_shown`."""
    worth_a_look = Application.objects.filter(~SHOWS_NOTHING | Q(decisions__isnull=False))
    institution = Institution.current()
    decisions = Decision.objects.select_related("type").order_by("released_at", "pk")
    seen = worth_a_look.with_offer().prefetch_related(Prefetch("decisions", decisions))
    for application in seen.distinct().order_by("pk").iterator(500):
        shown = shown_of_decisions(application, application.decisions.all(), institution)
        if _differences(application, shown):
            yield application


def differences(application: Application, institution: Institution) -> list[Difference]:
    """Each column of `application` that is not as the decisions say."""
    return _differences(application, shown_of(application, institution))


def _differences(application: Application, shown: dict[str, Any]) -> list[Difference]:
    return [
        Difference(column, getattr(application, column), decided)
        for column, decided in shown.items()
        if getattr(application, column) != decided
    ]


@transaction.atomic
def check_shown(application: Application, *, mend: bool = False) -> list[Difference]:
    """What differs, looked at while nobody decides; with `mend` the columns are written anew. The
    decisions are what counts, and stay as they are."""
    lock_intake(application.intake_id)
    application = Application.objects.with_offer().locked(application.pk)
    found = differences(application, Institution.current())
    if found and mend:
        refresh_shown(application)
        log(application, DecisionEvent.MENDED, columns=[each.column for each in found])
    return found
