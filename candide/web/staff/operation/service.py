"""« Service »: open, read only, in maintenance, now or planned; a message to everybody [31]."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from i18nfield.forms import I18nFormField

from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.domain.service import (
    CLOSED,
    NAMES,
    Closing,
    broadcast,
    cancel_closing,
    message_now,
    mode_of,
    plan_closing,
    planned_closing,
    set_mode,
    stop_broadcast,
)
from candide.institution.catalogue.enums import ServiceMode
from candide.institution.catalogue.models import Institution
from candide.web.staff.settings.forms import LanguagesTextarea
from candide.web.staff.settings.history import Entry, row_sentences

VIEW, MANAGE = "catalogue.view_institution", "catalogue.manage_institution"
SHOWN_HISTORY = 30
MOMENT = {"type": "datetime-local"}


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


def _text(label: Any, **options: Any) -> I18nFormField:
    return I18nFormField(
        label=label, widget=LanguagesTextarea, widget_kwargs={"attrs": {"rows": 3}}, **options
    )


class ClosingForm(forms.Form):
    """A closing that begins and ends by itself."""

    mode = forms.ChoiceField(
        label=gettext_lazy("The service is then"),
        choices=[(mode.value, mode.label) for mode in CLOSED],
    )
    starts_at = _moment(pgettext_lazy("planned closing", "From"))
    ends_at = _moment(pgettext_lazy("planned closing", "Until"))
    message = _text(
        gettext_lazy("Message"),
        required=False,
        help_text=gettext_lazy("Shown two days before, and while it lasts."),
    )

    def closing(self) -> Closing:
        data = self.cleaned_data
        return Closing(ServiceMode(data["mode"]), data["starts_at"], data["ends_at"])


class BroadcastForm(forms.Form):
    """A message to everybody."""

    message = _text(gettext_lazy("Message"), required=False)
    until = _moment(gettext_lazy("Shown until"))


@permission_required(VIEW)
def service_page(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(
    request: HttpRequest,
    *,
    closing: ClosingForm | None = None,
    said: BroadcastForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now, institution = timezone.now(), Institution.current()
    context = {
        "mode": mode_of(institution, now=now),
        "mode_label": mode_of(institution, now=now).label,
        "others": [mode for mode in ServiceMode if mode != mode_of(institution, now=now)],
        "plan": planned_closing(institution, now=now),
        "closing_form": closing or ClosingForm(prefix="closing"),
        "said": message_now(institution, now=now),
        "said_until": institution.broadcast_until,
        "broadcast_form": said or BroadcastForm(prefix="said"),
        "may_change": request.user.has_perm(MANAGE),
        "history": _history(institution),
        "navigation": "staff",
    }
    return render(request, "staff/operation/service.html", context, status=status)


def _history(institution: Institution) -> list[Entry]:
    entries = [
        entry
        for entry in entries_about(institution)[: SHOWN_HISTORY * 4]
        if set(NAMES) & set(entry.data.get("changes", {}))
    ]
    return row_sentences(entries[:SHOWN_HISTORY], institution)


@require_POST
@permission_required(MANAGE)
def service_mode(request: HttpRequest) -> HttpResponse:
    """Open or close the service at once."""
    mode = request.POST.get("mode", "")
    if mode in ServiceMode.values:
        set_mode(ServiceMode(mode), by=request.user, now=timezone.now())
        messages.success(request, _("Done. It counts at once."))
    return redirect("staff:service")


@require_POST
@permission_required(MANAGE)
def service_plan(request: HttpRequest) -> HttpResponse:
    """Plan a closing, or take it back."""
    if "cancel" in request.POST:
        cancel_closing(by=request.user)
        messages.success(request, _("Nothing is planned any more."))
        return redirect("staff:service")
    form = ClosingForm(request.POST, prefix="closing")
    if not form.is_valid():
        return _show(request, closing=form, status=422)
    message = form.cleaned_data["message"]
    try:
        plan_closing(form.closing(), message=message, by=request.user, now=timezone.now())
    except Refused as refusal:
        _tell(form, refusal)
        return _show(request, closing=form, status=422)
    messages.success(request, _("Planned. Everybody is told two days before."))
    return redirect("staff:service")


@require_POST
@permission_required(MANAGE)
def service_broadcast(request: HttpRequest) -> HttpResponse:
    """Say something to everybody, or no longer."""
    if "cancel" in request.POST:
        stop_broadcast(by=request.user)
        messages.success(request, _("The message is no longer shown."))
        return redirect("staff:service")
    form = BroadcastForm(request.POST, prefix="said")
    if not form.is_valid():
        return _show(request, said=form, status=422)
    data = form.cleaned_data
    try:
        broadcast(data["message"], until=data["until"], by=request.user, now=timezone.now())
    except Refused as refusal:
        _tell(form, refusal)
        return _show(request, said=form, status=422)
    messages.success(request, _("The message is shown on every page."))
    return redirect("staff:service")


def _tell(form: forms.Form, refusal: Refused) -> None:
    for blocker in refusal.blockers:
        form.add_error(blocker.about.removeprefix("field:"), blocker.message)
