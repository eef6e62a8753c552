"""« Avis par formation »: the intakes somebody looks after, and where each stands."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.outcomes import RANKED_OUTCOMES
from candide.admissions.decisions.domain.queries import IS_UNANSWERED
from candide.core.blockers import Blocker
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of, within
from candide.institution.catalogue.models import Intake

PAGE = 50
TO_COMMISSION = "programme__commission"
IS_UNDECIDED = Q(dossier_status=DossierStatus.COMPLETE, has_any_decision=False)
IS_WAITING = Q(released_outcome__in=RANKED_OUTCOMES, answer="")


def intake_within(
    user: Any, pk: int, capability: Capability = Capability.VIEW_APPLICATIONS
) -> Intake:
    """The intake, if `user` holds the capability there, to write if it is one that changes; else
    404."""
    write = capability != Capability.VIEW_APPLICATIONS
    own = within(user, capability, TO_COMMISSION, write=write)
    rows = Intake.objects.with_offer().select_related("decisions__called", "decisions__favourable")
    return get_object_or_404(rows.filter(own), pk=pk)


def holds_there(user: Any, intake: Intake, capability: Capability) -> bool:
    """Whether `user` holds the capability, to write, in this intake."""
    return reach_of(user, capability, write=True).covers_programme(intake.programme)


def applications_of(user: Any, intake: Intake) -> QuerySet[Application]:
    """The live applications to `intake` that `user` may look at."""
    rows = Application.objects.with_offer().live().visible_to(user)
    return rows.filter(intake=intake, archived_at=None)


def by_row(blockers: list[Blocker]) -> list[Blocker]:
    """Each reason leads to its line of the table on the same page."""
    return [replace(each, about=each.about.replace("application:", "row:")) for each in blockers]


@dataclass(frozen=True)
class Line:
    """An intake, and how many applications are where."""

    intake: Intake
    numbers: dict[str, int]


@permission_required("applications.list")
def intake_list(request: HttpRequest) -> HttpResponse:
    """Every intake with applications in one's reach, and what is to be done there."""
    visible = Application.objects.live().visible_to(request.user).filter(archived_at=None)
    applied = visible.filter(intake=OuterRef("pk")).order_by()
    rows = Intake.objects.with_offer().filter(Exists(applied))
    rows = rows.order_by("programme__search_text", "-campaign__starts_on", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    intakes = list(page.object_list)
    counted = (
        visible.filter(intake__in=intakes)
        .order_by()
        .values("intake")
        .annotate(
            all=Count("pk"),
            undecided=Count("pk", filter=IS_UNDECIDED),
            drafted=Count("pk", filter=Q(has_draft_decision=True)),
            waiting=Count("pk", filter=IS_WAITING),
            unanswered=Count("pk", filter=IS_UNANSWERED),
        )
    )
    numbers = {row["intake"]: row for row in counted}
    context = {
        "lines": [Line(intake, numbers[intake.pk]) for intake in intakes],
        "page": page,
        "may_enter": request.user.has_perm("decisions.enter"),
        "navigation": "staff",
    }
    return render(request, "staff/deciding/intakes.html", context)
