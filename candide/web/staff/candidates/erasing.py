"""« Effacer les données »: everything there is of a candidate, by an administrator [27.4]."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.core.blockers import Refused
from candide.core.views import for_object
from candide.institution.accounts.models import User
from candide.reporting.privacy.domain.erasing import (
    erase,
    erasing_blockers,
    erasing_warnings,
    preview,
)
from candide.web.staff.candidates.forms import DeletionForm


class ErasureForm(DeletionForm):
    """The file number is typed: this cannot be undone."""

    number = forms.CharField(label=gettext_lazy("File number of this candidate"), max_length=20)
    field_order = ("number", "with_mail")

    def __init__(self, *args, account: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_number(self) -> str:
        number = "".join(self.cleaned_data["number"].split()).upper()
        if number != self.account.file_number:
            raise forms.ValidationError(_("This is not the number of this candidate."))
        return number


@for_object(User, "privacy.erase")
def erase_candidate(request: HttpRequest, account: User) -> HttpResponse:
    """What goes and what stays; then the number typed, and it is done."""
    form = ErasureForm(request.POST if request.method == "POST" else None, account=account)
    blockers, status = erasing_blockers(account), 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        try:
            erase(
                account,
                by=request.user,
                now=timezone.now(),
                with_mail=form.cleaned_data["with_mail"],
            )
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("Everything there was of this person is erased."))
            return redirect("staff:candidates")
    context = {
        "account": account,
        "form": form,
        "blockers": blockers,
        "warnings": erasing_warnings(account),
        "preview": preview(account),
        "navigation": "staff",
    }
    return render(request, "staff/candidates/erase.html", context, status=status)
