"""What the layout of every page leads to: the logo, the accessibility statement."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candide.institution.catalogue.models import Institution
from candide.web.shared.downloads import serve


@require_safe
@login_not_required
def logo(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The institution's logo, of which `pk` is the file: another logo has another address."""
    institution = Institution.current()
    if institution.logo_id != pk:
        raise Http404
    response = serve(request, institution.logo, as_attachment=False)
    if response.status_code == 200:
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """« Accessibilité »: what was done, what may not work, whom to write to."""
    return render(request, "shared/accessibility.html")
