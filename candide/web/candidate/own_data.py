"""« Mes données »: taking all of them away, and having them erased."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.foundation.downloads.domain.taking import take, taking_blockers
from candide.foundation.downloads.enums import DownloadState
from candide.institution.accounts.models import User
from candide.reporting.privacy.domain.erasing import erase, own_erasing_blockers, preview
from candide.reporting.privacy.domain.exporting import (
    ask_for_own_data,
    export_blockers,
    last_export,
)
from candide.reporting.privacy.domain.staying import what_stays
from candide.web.shared.downloads import serve
from candide.web.shared.receipts import hand_receipt

OWN = "privacy.own"


class OwnErasureForm(forms.Form):
    """That it is really the person: the file number, and the password where there is one."""

    number = forms.CharField(label=gettext_lazy("Your file number"), max_length=20)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_local_password:
            del self.fields["password"]

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split()).upper()
        if number != self.user.file_number:
            raise forms.ValidationError(_("This is not your file number."))
        return number

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password


@permission_required(OWN)
def own_data(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(
    request: HttpRequest, *, blockers: list[Blocker] | None = None, status: int = 200
) -> HttpResponse:
    """The export as far as it is, and the way to be erased."""
    user, now = request.user, timezone.now()
    export = last_export(user)
    if request.htmx:
        if export is not None and export.is_waiting:
            return render(request, "candidate/own_data/progress.html", {"export": export})
        return HttpResponse(headers={"HX-Refresh": "true"})
    is_ready = export is not None and export.state == DownloadState.READY
    context = {
        "export": export,
        "may_take": is_ready and not taking_blockers(export, by=user, now=now),
        "may_ask": not export_blockers(user),
        "blockers": blockers or [],
    }
    return render(request, "candidate/own_data/page.html", context, status=status)


@require_POST
@permission_required(OWN)
def ask(request: HttpRequest) -> HttpResponse:
    """Have the archive made in the background."""
    try:
        ask_for_own_data(request.user, now=timezone.now())
    except Refused as refusal:
        return _show(request, blockers=refusal.blockers, status=409)
    messages.success(request, _("Your data is being put together. You may leave this page."))
    return redirect("candidate:own_data")


@require_POST
@permission_required(OWN)
def take_away(request: HttpRequest) -> HttpResponseBase:
    """The archive."""
    export = last_export(request.user)
    if export is None:
        return redirect("candidate:own_data")
    try:
        file = take(export, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _show(request, blockers=refusal.blockers, status=409)
    return serve(request, file, as_attachment=True)


@permission_required(OWN)
def erase_own(request: HttpRequest) -> HttpResponse:
    """What goes, what stays and why, and a last question, or what keeps it from being possible;
    then the person is signed out and unknown here, and gets a receipt."""
    user = request.user
    form = OwnErasureForm(request.POST if request.method == "POST" else None, user=user)
    blockers, status = own_erasing_blockers(user), 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            receipt = erase(user, by=user, now=timezone.now(), with_mail=True, is_own=True)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            logout(request)
            hand_receipt(request, receipt)
            return redirect("public:erased")
    context = {"form": form, "blockers": blockers}
    if not blockers:
        context |= {"preview": preview(user), "kept": what_stays(user)}
    return render(request, "candidate/own_data/erase.html", context, status=status)
