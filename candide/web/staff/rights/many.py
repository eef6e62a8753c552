"""« Affectation en masse »: one role for all the managers of a centre."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candide.core.blockers import Refused
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.institution.access.domain.giving_many import give_to_managers, preview
from candide.institution.access.models import RoleProfile
from candide.institution.catalogue.models import ApplicationCentre


class ManagersForm(forms.Form):
    """A centre, a role for the whole institution, and the one it replaces."""

    centre = forms.ModelChoiceField(ApplicationCentre.objects.none(), label=_("Managers of"))
    role = forms.ModelChoiceField(
        RoleProfile.objects.none(),
        label=_("Role they get"),
        help_text=_("For the whole institution, beside what they have."),
    )
    instead_of = forms.ModelChoiceField(
        RoleProfile.objects.none(),
        label=_("Role it replaces"),
        required=False,
        help_text=_("Taken from those who have it for the whole institution and get the new one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = RoleProfile.objects.filter(is_active=True).order_by("name", "pk")
        self.fields["centre"].queryset = ApplicationCentre.objects.order_by("code")
        self.fields["role"].queryset = self.fields["instead_of"].queryset = roles

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role") and values.get("role") == values.get("instead_of"):
            self.add_error("instead_of", _("A role cannot replace itself."))
        return values


@permission_required("access.manage_roles")
def give_to_centre(request: HttpRequest) -> HttpResponse:
    """Say to whom and what; then see what happens to each; then confirm."""
    form = ManagersForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "rows": None, "blockers": []}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values, status = form.cleaned_data, 200
            if "confirm" in request.POST:
                seen = [whole_number(text) for text in request.POST.getlist("person")]
                try:
                    number = give_to_managers(
                        **values, by=request.user, seen=[pk for pk in seen if pk is not None]
                    )
                except Refused as refusal:
                    context["blockers"], status = refusal.blockers, 409
                else:
                    messages.success(request, _got_it(number))
                    return redirect("staff:people")
            context["rows"] = preview(**values, by=request.user)
            context["going"] = [row for row in context["rows"] if not row.blockers]
    context["navigation"] = "staff"
    return render(request, "staff/rights/many.html", context, status=status)


def _got_it(number: int) -> str:
    return ngettext(
        "%(number)d person has the role from now on.",
        "%(number)d persons have the role from now on.",
        number,
    ) % {"number": number}
