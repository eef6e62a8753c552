"""What staff settle for the enrolment of one candidate: the fee, the exemption, the regime."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.enrolment import (
    fees_mark,
    fees_warnings,
    regime_mark,
    set_fees,
    set_regime,
)
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.core.views import for_object
from candide.web.staff.application import show
from candide.web.staff.enrolment_forms import FeesForm, RegimeForm
from candide.web.staff.forms import look_again


@require_POST
@for_object(Application, "applications.set_fees")
def enter_fees(request: HttpRequest, application: Application) -> HttpResponse:
    """Enter the amount due, the exemption and its complement."""
    form = FeesForm(request.POST, application=application)
    if not form.is_valid():
        return show(request, application, status=422, fees_form=form)
    changes = form.changes()
    warnings = fees_warnings(application, changes)
    try:
        set_fees(application, changes, by=request.user, seen=form.cleaned_data["seen"])
    except Refused as refusal:
        mark = fees_mark(_stored(application))
        return _again(request, application, refusal, fees_form=look_again(form, mark))
    for warning in warnings:
        messages.warning(request, warning.message)
    messages.success(request, _("The fee is saved. No mail is sent."))
    return redirect("staff:application", application.pk)


@require_POST
@for_object(Application, "applications.set_regime")
def enter_regime(request: HttpRequest, application: Application) -> HttpResponse:
    """Enter the study regime."""
    form = RegimeForm(request.POST, application=application)
    if not form.is_valid():
        return show(request, application, status=422, regime_form=form)
    values = form.cleaned_data
    try:
        set_regime(application, values["study_regime"], by=request.user, seen=values["seen"])
    except Refused as refusal:
        mark = regime_mark(_stored(application))
        return _again(request, application, refusal, regime_form=look_again(form, mark))
    messages.success(request, _("The regime is saved. No mail is sent."))
    return redirect("staff:application", application.pk)


def _stored(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def _again(
    request: HttpRequest, application: Application, refusal: Refused, **shown: Any
) -> HttpResponse:
    """The page with what was typed, and why it was refused."""
    return show(request, application, status=409, blockers=refusal.blockers, **shown)
