"""« Candidatures »: the list of what one applied to [VIEW-01, VIEW-02]."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candide.admissions.decisions.domain.queries import released_decisions_of
from candide.core.views import permission_required
from candide.institution.catalogue.models import Institution
from candide.web.candidate.space import own_applications


@require_safe
@permission_required("applications.list_own")
def applications(request: HttpRequest) -> HttpResponse:
    """Live applications, with the last released decision of each; cancelled ones apart."""
    every = list(own_applications(request))
    live = [application for application in every if not application.is_cancelled]
    decisions = released_decisions_of(live)
    context = {
        "institution": Institution.current(),
        "rows": [(application, decisions.get(application.pk)) for application in live],
        "cancelled": [application for application in every if application.is_cancelled],
    }
    return render(request, "candidate/applications/list.html", context)
