"""Where a figure leads: the address of the grid that lists exactly the applications it counts."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse

from candide.admissions.applications.enums import DossierStatus, Outcome
from candide.reporting.statistics.scope import Scope
from candide.web.staff.grid.filters import COUNTED, EVER_CANCELLED

# What the grid is told for each figure.
FILTERS: dict[str, dict[str, str]] = {
    "applied": {},
    "cancelled": {"place": EVER_CANCELLED},
    "transmitted": {"transmitted": "yes"},
    **{f"dossier-{status}": {"dossier": status.value} for status in DossierStatus},
    **{f"last-{outcome}": {"last": outcome.value} for outcome in Outcome},
    "decided": {"last": "some"},
    "last-released": {"last": "released"},
    "drafted": {"decision": "draft"},
    "announced": {"decision": "released"},
    "offered": {"decision": "favourable"},
    "unanswered": {"decision": "favourable", "answer": "none"},
    "accepted": {"answer": "accepted"},
    "withdrawn": {"answer": "withdrawn"},
}


def grid_url(scope: Scope, figure: str = "applied", **narrower: Any) -> str:
    """The grid with the applications of `figure` in `scope`, further narrowed; empty where they
    were destroyed and only figures are left."""
    if scope.is_kept:
        return ""
    asked: dict[str, Any] = {
        "place": COUNTED,
        "campaign": scope.campaign.pk,
        "centre": scope.centre,
        "commission": scope.commission,
        "intake": scope.intake,
        "service": "" if scope.with_closed else "yes",
        **FILTERS[figure],
        **narrower,
    }
    address = QueryDict(mutable=True)
    for name, value in asked.items():
        if value not in (None, ""):
            address[name] = str(value)
    return f"{reverse('staff:applications')}?{address.urlencode()}"
