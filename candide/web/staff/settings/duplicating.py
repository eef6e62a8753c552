"""Duplicating a programme, and what a campaign had into another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from i18nfield.forms import I18nFormField

from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.institution.access.enums import Capability
from candide.institution.access.scope import Reach, reach_of
from candide.institution.catalogue.domain.duplicating import (
    duplicate_intakes,
    duplicate_programme,
    duplicate_programme_blockers,
    duplicating_blockers,
    planned_intakes,
    usual_shift,
)
from candide.institution.catalogue.domain.offering import usual_campaign
from candide.institution.catalogue.enums import CopyOutcome
from candide.institution.catalogue.models import ApplicationCentre, Campaign, Intake, Programme
from candide.web.staff.settings.forms import LanguagesInput, in_reach
from candide.web.staff.settings.programmes import PROGRAMMES

LOOKS = {
    CopyOutcome.MADE: ("circle-plus", "success"),
    CopyOutcome.EXISTS: ("circle-check", "neutral"),
    CopyOutcome.LEFT: ("circle-off", "warning"),
}


class CopyForm(forms.Form):
    """How the copy of a programme is called."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=50)
    name = I18nFormField(label=gettext_lazy("Name"), widget=LanguagesInput, max_length=500)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        for blocker in duplicate_programme_blockers(code=code):
            raise forms.ValidationError(blocker.message)
        return code


@permission_required("catalogue.manage_programmes")
def duplicate_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a code and a name, then make the copy."""
    rows = visible(Programme.objects.select_related("commission__centre"), request.user)
    programme = rows.filter(pk=pk).first()
    if programme is None or not request.user.has_perm("catalogue.manage_programmes", programme):
        raise Http404
    form = CopyForm(request.POST or None, initial={"name": programme.name})
    if request.method == "POST" and form.is_valid():
        campaign = usual_campaign(localdate(timezone.now()))
        copy = duplicate_programme(
            programme, **form.cleaned_data, campaign=campaign, by=request.user
        )
        messages.success(request, _("Duplicated, out of service until you have looked at it."))
        return redirect(PROGRAMMES.url("row", copy.pk))
    context = {
        "programme": programme,
        "form": form,
        "list_url": PROGRAMMES.url(),
        "row_url": PROGRAMMES.url("row", programme.pk),
        "navigation": "staff",
    }
    status = 422 if form.errors else 200
    return render(request, "staff/settings/duplicate.html", context, status=status)


class CampaignForm(forms.Form):
    """From which campaign into which, of which centre, how many days later."""

    source = forms.ModelChoiceField(
        Campaign.objects.order_by("-starts_on", "code"), label=gettext_lazy("From the campaign")
    )
    into = forms.ModelChoiceField(
        Campaign.objects.filter(archived_at=None).order_by("-starts_on", "code"),
        label=gettext_lazy("Into the campaign"),
    )
    centre = forms.ModelChoiceField(
        ApplicationCentre.objects.none(),
        label=gettext_lazy("Centre"),
        required=False,
        empty_label=gettext_lazy("All of mine"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days by which every date moves"),
        help_text=gettext_lazy(
            "Empty: as many weeks as there are between the beginnings of the campaigns."
        ),
        required=False,
        min_value=-3660,
        max_value=3660,
    )

    def __init__(self, data: Any, *, reach: Reach) -> None:
        super().__init__(data)
        own = in_reach(
            Programme.objects.all(), reach, centre="commission__centre", commission="commission"
        )
        centres = ApplicationCentre.objects.filter(pk__in=own.values("commission__centre"))
        self.fields["centre"].queryset = centres.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        source, into = values.get("source"), values.get("into")
        if source and into:
            for blocker in duplicating_blockers(source=source, into=into):
                self.add_error("into", blocker.message)
            if values.get("days") is None:
                values["days"] = usual_shift(source, into)
        return values


@permission_required("catalogue.manage_programmes")
def campaign_page(request: HttpRequest) -> HttpResponse:
    """What would be made and what is there already, shown before anything is."""
    reach = reach_of(request.user, Capability.MANAGE_CATALOGUE, write=True)
    data = request.POST if request.method == "POST" else request.GET
    form = CampaignForm(data if "source" in data else None, reach=reach)
    is_valid = form.is_valid()
    if request.method == "POST" and is_valid:
        chosen = form.cleaned_data
        made = duplicate_intakes(
            _sources(chosen, reach),
            source=chosen["source"],
            into=chosen["into"],
            days=chosen["days"],
            by=request.user,
        )
        words = ngettext("%(number)d opening made.", "%(number)d openings made.", len(made))
        messages.success(request, words % {"number": len(made)})
        return redirect(f"{PROGRAMMES.url()}?campaign={chosen['into'].pk}")
    rows = _preview(form.cleaned_data, reach) if is_valid else []
    context = {
        "form": form,
        "is_previewed": is_valid,
        "posted": _posted(form.cleaned_data) if is_valid else [],
        "rows": rows,
        "number": sum(row["outcome"] == CopyOutcome.MADE for row in rows),
        "list_url": PROGRAMMES.url(),
        "page_url": reverse("staff:ouvertures_duplicate"),
        "navigation": "staff",
    }
    status = 422 if form.errors else 200
    return render(request, "staff/settings/duplicate_campaign.html", context, status=status)


def _posted(chosen: dict[str, Any]) -> list[tuple[str, str]]:
    """What was previewed, to be sent with the button that does it."""
    values = {name: getattr(value, "pk", value) for name, value in chosen.items()}
    return [(name, "" if value is None else str(value)) for name, value in values.items()]


def _sources(chosen: dict[str, Any], reach: Reach) -> Any:
    intakes = in_reach(
        Intake.objects.filter(campaign=chosen["source"]),
        reach,
        centre="programme__commission__centre",
        commission="programme__commission",
    )
    if chosen["centre"]:
        intakes = intakes.filter(programme__commission__centre=chosen["centre"])
    return intakes.select_related("campaign", "programme__commission__centre").order_by(
        "programme__search_text", "pk"
    )


def _preview(chosen: dict[str, Any], reach: Reach) -> list[dict[str, Any]]:
    planned = planned_intakes(_sources(chosen, reach), into=chosen["into"], days=chosen["days"])
    return [
        {
            "programme": each.source.programme,
            "intake": each.intake,
            "outcome": each.outcome,
            "icon": LOOKS[each.outcome][0],
            "tone": LOOKS[each.outcome][1],
            "warnings": _messages(each.warnings),
        }
        for each in planned
    ]


def _messages(blockers: list[Blocker]) -> list[str]:
    return [blocker.message for blocker in blockers]


URLS = [
    path("parametrage/formations/<int:pk>/dupliquer/", duplicate_page, name="formations_duplicate"),
    path("parametrage/ouvertures/dupliquer/", campaign_page, name="ouvertures_duplicate"),
]
