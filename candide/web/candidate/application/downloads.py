"""What the candidate takes home: dossier, receipt, letter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from candide.admissions.applications.domain.dossier import current_dossier
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.letters import readable_letter
from candide.core.views import for_object
from candide.web.shared.downloads import serve, serve_content


@for_object(Application, "applications.view_own")
def download_dossier(request: HttpRequest, application: Application) -> HttpResponse:
    """« Télécharger mon dossier », at any moment [PDF-01]."""
    dossier = current_dossier(application, language=request.LANGUAGE_CODE, now=timezone.now())
    return serve_content(
        request,
        dossier.content,
        media_type="application/pdf",
        filename=dossier.name,
        as_attachment=True,
    )


@for_object(Application, "applications.view_own")
def download_receipt(request: HttpRequest, application: Application, number: int) -> HttpResponse:
    """The receipt of a transmission."""
    snapshot = application.snapshots.select_related("receipt").filter(number=number).first()
    if snapshot is None or snapshot.receipt is None:
        raise Http404
    return serve(request, snapshot.receipt, as_attachment=True, filename=snapshot.receipt.name)


@for_object(Application, "applications.view_own")
def download_letter(request: HttpRequest, application: Application) -> HttpResponse:
    """The admission or refusal letter, while the candidate may have it [LET-01, LET-02]."""
    letter = readable_letter(application, released_decision(application))
    if letter is None:
        raise Http404
    return serve(request, letter.file, as_attachment=True, filename=letter.file.name)
