"""Messages with the admissions office, on the page of the application."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.correspondence.domain.thread import mark_read, write_to_staff
from candide.core.blockers import Refused
from candide.core.views import for_object
from candide.web.candidate.application.page import MessageForm, show


@require_POST
@for_object(Application, "correspondence.write_to_staff")
def send_message(request: HttpRequest, application: Application) -> HttpResponse:
    """Write to the admissions office."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return show(request, application, status=422, message_form=form)
    try:
        write_to_staff(application, form.cleaned_data["text"], by=request.user, now=timezone.now())
    except Refused as refusal:
        return show(request, application, status=409, message_form=form, blockers=refusal.blockers)
    messages.success(request, _("Your message is sent."))
    return _back(application)


@require_POST
@for_object(Application, "correspondence.write_to_staff")
def messages_read(request: HttpRequest, application: Application) -> HttpResponse:
    """What the admissions office wrote was read."""
    mark_read(application, from_candidate=False, by=request.user, now=timezone.now())
    return _back(application)


def _back(application: Application) -> HttpResponse:
    return redirect(redirect("candidate:application", application.pk).url + "#thread")
