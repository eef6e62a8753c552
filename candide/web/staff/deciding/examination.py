"""The examination sheet of an application, to be printed."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.examination import render_sheets, sheet_name
from candide.core.views import for_object
from candide.web.shared.downloads import serve_content


@for_object(Application, "applications.examine")
def examination_sheet(request: HttpRequest, application: Application) -> HttpResponse:
    """Every decision and reason in service, to be ticked by hand."""
    content = render_sheets([application], language=request.LANGUAGE_CODE, now=timezone.now())
    return serve_content(
        request,
        content,
        media_type="application/pdf",
        filename=sheet_name(application),
        as_attachment=True,
    )
