"""« Registre des traitements »: what is done here with personal data, to read and to take away."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.foundation.runs.domain.report import as_csv
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.register import as_table, register
from candide.web.staff.rights.pages import Page

VIEW = "privacy.view"
REGISTER = Page(
    _("Register of processing"),
    _("What is done with personal data: purposes, data, recipients, retention (GDPR, article 30)."),
    VIEW,
    "register",
)
FORMATS = {"csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8"}


@permission_required(VIEW)
def register_page(request: HttpRequest) -> HttpResponse:
    """On the page, or as a file: a table (`format=csv`) or a document (`format=html`)."""
    context = {
        "entries": register(),
        "institution": Institution.current(),
        "today": localdate(timezone.now()),
        "navigation": "staff",
    }
    wanted = request.GET.get("format", "")
    if wanted not in FORMATS:
        return render(request, "staff/register/page.html", context)
    if wanted == "csv":
        content = as_csv(*as_table(context["entries"]))
    else:
        content = render_to_string("staff/register/document.html", context, request).encode()
    return HttpResponse(
        content,
        content_type=FORMATS[wanted],
        headers={
            "Content-Disposition": f'attachment; filename="registre-des-traitements.{wanted}"',
            "Cache-Control": "private, no-store",
        },
    )
