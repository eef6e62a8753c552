"""« Candidatures »: the list of what one applied to [VIEW-01, VIEW-02]."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candide.admissions.decisions.domain.queries import released_decisions_of
from candide.core.views import permission_required
from candide.institution.catalogue.models import Institution
from candide.web.candidate.space import every_application


@require_safe
@permission_required("applications.list_own")
def applications(request: HttpRequest) -> HttpResponse:
    """Live applications, with the last released decision of each; cancelled ones apart, and those
    of past campaigns, which are only read."""
    found = list(every_application(request))
    every = [application for application in found if application.archived_at is None]
    live = [application for application in every if not application.is_cancelled]
    past = [application for application in found if application.archived_at is not None]
    decisions = released_decisions_of([*live, *past])
    context = {
        "institution": Institution.current(),
        "rows": [(application, decisions.get(application.pk)) for application in live],
        "past": [(application, decisions.get(application.pk)) for application in past],
        "cancelled": [application for application in every if application.is_cancelled],
    }
    return render(request, "candidate/applications/list.html", context)
