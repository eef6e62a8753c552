"""External forms on the page of an application: not being concerned [FORM-06]."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import requested_forms
from candide.admissions.applications.domain.external_forms import declare_form_not_concerned
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.core.views import for_object


@for_object(Application, "applications.change_own")
def form_not_concerned(request: HttpRequest, application: Application, form: int) -> HttpResponse:
    """« Non concerné par ce formulaire », after a page that asks; or concerned again."""
    item = next((one for one in requested_forms(application) if one.form.pk == form), None)
    if item is None:
        raise Http404
    context = {"application": application, "item": item, "navigation": "candidate"}
    template = "candidate/application/form_not_concerned.html"
    if request.method != "POST":
        return render(request, template, context)
    is_concerned = "concerned" in request.POST
    try:
        declare_form_not_concerned(
            item, is_concerned=is_concerned, by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        return render(request, template, {**context, "blockers": refusal.blockers}, status=409)
    messages.success(request, _("Saved."))
    return redirect("candidate:application", application.pk)
