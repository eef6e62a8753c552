"""External forms of one application: reminding the candidate of those still to be filled in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.external_forms import remind_of_forms
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.core.views import for_object
from candide.web.shared.refusals import show_refusal


@require_POST
@for_object(Application, "applications.check_documents")
def remind(request: HttpRequest, application: Application) -> HttpResponse:
    """Write to the candidate which forms are still to be filled in [FORM-07]."""
    try:
        number = remind_of_forms(application, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        text = ngettext(
            "The candidate is reminded of %(number)d form.",
            "The candidate is reminded of %(number)d forms.",
            number,
        )
        messages.success(request, text % {"number": number})
    return redirect("staff:application", application.pk)
