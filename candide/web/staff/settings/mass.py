"""Changing the dates and the service of many openings at once."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.catalogue.domain.mass_edition import (
    PlannedChange,
    change_intakes,
    mark_of_rows,
    planned_changes,
)
from candide.institution.catalogue.domain.offering import usual_campaign
from candide.institution.catalogue.models import Intake, Programme
from candide.web.staff.settings.forms import field_of, in_reach
from candide.web.staff.settings.programme_forms import DATES
from candide.web.staff.settings.programmes import PROGRAMMES, ProgrammeFilters, offered

SERVICE = {"yes": True, "no": False}


class MassForm(forms.Form):
    """What is filled in is set on every opening chosen; what is empty stays as each has it."""

    service = forms.ChoiceField(
        label=_("In service"),
        required=False,
        choices=[("", _("As it is")), ("yes", _("Yes")), ("no", _("No"))],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in DATES:
            self.fields[name] = field_of(Intake._meta.get_field(name), required=False)  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and not self.filled():
            raise forms.ValidationError(_("Fill in what is to be changed."))
        return values

    def filled(self) -> dict[str, Any]:
        """Only what was filled in."""
        found = {
            name: self.cleaned_data[name]
            for name in DATES
            if self.cleaned_data.get(name) is not None
        }
        if self.cleaned_data.get("service"):
            found["is_active"] = SERVICE[self.cleaned_data["service"]]
        return found


@permission_required("catalogue.manage_programmes")
def mass_page(request: HttpRequest) -> HttpResponse:
    """What to change, then what becomes of each, then it is done."""
    chosen = _chosen(request)
    if not chosen:
        messages.warning(request, _("Choose at least one opening first."))
        return redirect(PROGRAMMES.url())
    step = request.POST.get("step", "")
    form = MassForm(request.POST if request.method == "POST" else None)
    is_valid = request.method == "POST" and form.is_valid()
    blockers: list[Blocker] = []
    if is_valid and step == "apply":
        try:
            done = _apply(request, form, chosen)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            words = ngettext("%(number)d opening changed.", "%(number)d openings changed.", done)
            messages.success(request, words % {"number": done})
            return redirect(PROGRAMMES.url())
    mark = mark_of_rows(chosen)
    rows = _rows(chosen, form.filled()) if is_valid else []
    context = {
        "form": form,
        "chosen": chosen,
        "keys": ",".join(str(intake.pk) for intake in chosen),
        "is_previewed": is_valid,
        "rows": rows,
        "number": sum(row.is_done for row in rows),
        "mark": mark,
        "blockers": blockers,
        "list_url": PROGRAMMES.url(),
        "navigation": "staff",
    }
    status = 409 if blockers else 422 if form.errors else 200
    return render(request, "staff/settings/mass.html", context, status=status)


def _rows(chosen: list[Intake], values: dict[str, Any]) -> list[PlannedChange]:
    """The preview, with values as people read them."""
    return [
        replace(
            row,
            changes=[
                replace(change, before=_shown(change.before), after=_shown(change.after))
                for change in row.changes
            ],
        )
        for row in planned_changes(chosen, values)
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return long_date(value) if isinstance(value, date) else "–" if value is None else str(value)


def _apply(request: HttpRequest, form: MassForm, chosen: list[Intake]) -> int:
    keys = [intake.pk for intake in chosen]
    seen = request.POST.get("seen", "")
    return len(change_intakes(keys, form.filled(), seen=seen, by=request.user))


def _chosen(request: HttpRequest) -> list[Intake]:
    """The openings named in the page, or all that the filters of the list in the address show;
    only those in reach."""
    if request.method == "POST":
        keys = request.POST.get("keys", "").split(",")
    elif request.GET.get("every"):
        keys = _matching(request)
    else:
        keys = request.GET.getlist("intake")
    wanted = [key for key in map(whole_number, keys) if key is not None]
    own = in_reach(
        Intake.objects.filter(pk__in=wanted),
        reach_of(request.user, Capability.MANAGE_CATALOGUE, write=True),
        centre="programme__commission__centre",
        commission="programme__commission",
    )
    return list(own.select_related("campaign", "programme").order_by("pk"))


def _matching(request: HttpRequest) -> list[str]:
    programmes = visible(Programme.objects.all(), request.user)
    usual = usual_campaign(localdate(timezone.now()))
    filters = ProgrammeFilters(request.GET, programmes=programmes, usual=usual)
    chosen = filters.chosen()
    found = offered(programmes, chosen, chosen.get("campaign") or usual)
    return [str(each.intake.pk) for each in found if each.intake is not None]


URLS = [path("parametrage/ouvertures/dates/", mass_page, name="ouvertures_dates")]
