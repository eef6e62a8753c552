"""Entering the enrolment code of a candidate by hand [B-101]."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.handover.domain.codes import code_mark, enter_code, pre_enrolment_of
from candide.core.blockers import Refused
from candide.core.views import for_object
from candide.web.staff.application import show
from candide.web.staff.forms import look_again
from candide.web.staff.handover.beside import CodeForm


@require_POST
@for_object(Application, "handover.enter_code")
def enter(request: HttpRequest, application: Application) -> HttpResponse:
    """Enter the code; the candidate is told by mail unless that was unticked."""
    form = CodeForm(request.POST, row=pre_enrolment_of(application))
    if not form.is_valid():
        return show(request, application, status=422, code_form=form)
    values = form.cleaned_data
    try:
        enter_code(
            application,
            values["code"],
            by=request.user,
            now=timezone.now(),
            with_mail=values["with_mail"],
            seen=values["seen"],
        )
    except Refused as refusal:
        mark = code_mark(pre_enrolment_of(application))
        shown = {"code_form": look_again(form, mark), "blockers": refusal.blockers}
        return show(request, application, status=409, **shown)
    said = _("The enrolment code is saved, and the candidate is told by mail.")
    if not values["with_mail"]:
        said = _("The enrolment code is saved. No mail is sent.")
    messages.success(request, said)
    return redirect("staff:application", application.pk)
