"""The screens of programmes and of their intakes in campaigns."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from candide.admissions.decisions.domain.automatic import (
    fill_added_places,
    set_automatic_decisions,
)
from candide.admissions.decisions.enums import DecisionEvent
from candide.admissions.decisions.models import IntakeDecisions
from candide.core.clock import localdate
from candide.core.text import fold
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain.calendar import milestones
from candide.institution.catalogue.domain.centre_defaults import new_intake
from candide.institution.catalogue.domain.dates import date_blockers, date_warnings, period
from candide.institution.catalogue.domain.offering import offer_state, usual_campaign
from candide.institution.catalogue.enums import OfferState, Period
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Campaign,
    Commission,
    Intake,
    Programme,
)
from candide.integrations import sis
from candide.web.shared.links import blocker_link
from candide.web.staff.place import begins_in_place
from candide.web.staff.settings.columns import CODE, NAME
from candide.web.staff.settings.crud import SHOWN_HISTORY, Crud, querystring
from candide.web.staff.settings.forms import SettingForm
from candide.web.staff.settings.history import Entry, row_sentences
from candide.web.staff.settings.programme_forms import DatesForm, IntakeForm, ProgrammeForm

PAGE = 50
JOINED = ("commission__centre", "diploma_type", "kind")
# The icon and colour of each state.
LOOKS = {
    OfferState.SOUND: ("circle-check", "success"),
    OfferState.OUTSIDE: ("triangle-alert", "warning"),
    OfferState.NO_CAMPAIGN: ("calendar-off", "info"),
    OfferState.CLOSED: ("circle-off", "danger"),
    OfferState.NOT_OPENED: ("circle-dashed", "neutral"),
}


@blocker_link("field")
def field_url(name: str) -> str:
    """The field of the form on the same page."""
    return f"#id_{name}"


@dataclass(frozen=True)
class State:
    """How a programme stands, and how that is drawn."""

    value: OfferState

    @property
    def label(self) -> Any:
        return self.value.label

    @property
    def icon(self) -> str:
        return LOOKS[self.value][0]

    @property
    def tone(self) -> str:
        return LOOKS[self.value][1]


@dataclass(frozen=True)
class Offered:
    """A programme, and what it has in the campaign that is looked at."""

    programme: Programme
    intake: Intake | None
    state: State
    period: Period | None


class ProgrammeFilters(forms.Form):
    """What narrows the list; everything is optional and stands in the address."""

    q = forms.CharField(label=_("Name, code or keyword"), required=False, max_length=80)
    campaign = forms.ModelChoiceField(
        Campaign.objects.order_by("-starts_on", "code"),
        label=_("Campaign"),
        required=False,
        empty_label=None,
    )
    centre = forms.ModelChoiceField(
        ApplicationCentre.objects.none(),
        label=_("Centre"),
        required=False,
        empty_label=_("Any centre"),
    )
    commission = forms.ModelChoiceField(
        Commission.objects.none(),
        label=_("Commission"),
        required=False,
        empty_label=_("Any commission"),
    )
    period = forms.ChoiceField(
        label=_("Applications"), required=False, choices=[("", _("Any")), *Period.choices]
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any")), *OfferState.choices]
    )

    def __init__(self, data: Any, *, programmes: Any, usual: Campaign | None) -> None:
        data = data.copy()
        if usual is not None:
            data.setdefault("campaign", str(usual.pk))
        super().__init__(data)
        commissions = Commission.objects.filter(pk__in=programmes.values("commission"))
        centres = ApplicationCentre.objects.filter(pk__in=commissions.values("centre"))
        self.fields["centre"].queryset = centres.order_by("code")
        self.fields["commission"].queryset = commissions.order_by("code")

    def chosen(self) -> dict[str, Any]:
        """What was chosen; what is not valid does not narrow."""
        return self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})


def offered(programmes: Any, chosen: dict[str, Any], campaign: Campaign | None) -> list[Offered]:
    """The programmes that answer what was chosen, with their intakes in `campaign`."""
    today = localdate(timezone.now())
    if chosen.get("centre"):
        programmes = programmes.filter(commission__centre=chosen["centre"])
    if chosen.get("commission"):
        programmes = programmes.filter(commission=chosen["commission"])
    for word in fold(chosen.get("q") or "").split():
        programmes = programmes.filter(search_text__contains=word)
    rows = programmes.select_related(*JOINED).order_by("search_text", "pk")
    intakes = {}
    if campaign is not None:
        for intake in Intake.objects.filter(campaign=campaign, programme__in=programmes.order_by()):
            intake.campaign = campaign
            intakes[intake.programme_id] = intake
    found = [_offered(row, intakes.get(row.pk), today) for row in rows]
    if chosen.get("period"):
        found = [each for each in found if each.period == chosen["period"]]
    if chosen.get("state"):
        found = [each for each in found if each.state.value == chosen["state"]]
    return found


def _offered(programme: Programme, intake: Intake | None, today: Any) -> Offered:
    if intake is not None:
        intake.programme = programme
    return Offered(
        programme,
        intake,
        State(offer_state(programme, intake)),
        period(intake, today=today) if intake else None,
    )


class ProgrammeCrud(Crud):
    """The list is of programmes with what they have in a campaign; the page of one shows its
    intakes, each with its calendar, above what lasts."""

    def list_page(self, request: HttpRequest) -> HttpResponse:
        if there := begins_in_place(request):
            return there
        programmes = visible(Programme.objects.all(), request.user)
        usual = usual_campaign(localdate(timezone.now()))
        filters = ProgrammeFilters(request.GET, programmes=programmes, usual=usual)
        chosen = filters.chosen()
        campaign = chosen.get("campaign") or usual
        found = offered(programmes, chosen, campaign)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        context = {
            "filters": filters,
            "campaign": campaign,
            "page": page,
            "may_create": request.user.has_perm(self.create),
            "new_url": self.url("new"),
            "every_url": f"{reverse('staff:ouvertures_dates')}?{_every(request)}",
            "previous_url": querystring(request, page.number - 1) if page.has_previous() else "",
            "next_url": querystring(request, page.number + 1) if page.has_next() else "",
        }
        return self._render(request, "staff/settings/programmes.html", context)

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if row.pk is None:
            return {}
        today = localdate(timezone.now())
        intakes = row.intakes.select_related("campaign").order_by("-campaign__starts_on", "-pk")
        shown = []
        for intake in intakes:
            intake.programme = row
            shown.append(
                {
                    "intake": intake,
                    "url": INTAKES.url("row", intake.pk),
                    "state": State(offer_state(row, intake)),
                    "milestones": milestones(intake, today=today),
                    "warnings": [replace(each, about="") for each in date_warnings(intake)],
                }
            )
        return {
            "intakes": shown,
            "knows_programmes": sis.current().knows_programmes,
            "open_url": INTAKES.url("new", row.pk),
            "is_public": any(each["state"].value != OfferState.CLOSED for each in shown),
        }


class IntakeCrud(Crud):
    """The page of an intake, reached from that of its programme."""

    def urls(self) -> list[URLPattern]:
        make = permission_required(self.manage)(self.open_page)
        check = permission_required(self.manage)(self.check_page)
        others = [url for url in super().urls() if url.name != f"{self.name}_new"]
        return [
            path("parametrage/formations/<int:programme>/ouvrir/", make, name=f"{self.name}_new"),
            path(f"parametrage/{self.slug}/verifier/", check, name=f"{self.name}_check"),
            *others,
        ]

    def open_page(self, request: HttpRequest, programme: int) -> HttpResponse:
        """Open a programme to applications in another campaign."""
        rows = visible(Programme.objects.select_related("commission__centre"), request.user)
        found = get_object_or_404(rows, pk=programme)
        if not request.user.has_perm(self.manage, found):
            raise PermissionDenied
        return self._form_page(request, new_intake(found))

    def back_url(self, row: Any) -> str:
        return PROGRAMMES.url("row", row.programme_id)

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        shown = Intake.objects.select_related("campaign").filter(pk=row.pk).first()
        return {
            "programme": row.programme,
            "programmes_url": PROGRAMMES.url(),
            "check_url": reverse("staff:ouvertures_check"),
            **(_calendar(shown) if shown else {"milestones": []}),
        }

    def save(self, form: SettingForm, *, before: dict[str, Any], by: Any) -> Any:
        intake = form.save()
        set_automatic_decisions(
            intake=intake,
            favourable=form.cleaned_data["favourable"],
            called=form.cleaned_data["called"],
            by=by,
        )
        fill_added_places(intake=intake, before=before.get("capacity"), now=timezone.now())
        return intake

    def history(self, row: Any) -> list[Entry]:
        """With that of the decisions it gives by itself, and of its reserve list."""
        entries = entries_about(row)[:SHOWN_HISTORY]
        found = row_sentences(entries, row, events=dict(DecisionEvent.choices))
        decisions = IntakeDecisions.objects.filter(intake=row).first()
        if decisions is not None:
            found += row_sentences(entries_about(decisions)[:SHOWN_HISTORY], decisions)
        return sorted(found, key=lambda entry: entry.at, reverse=True)

    def check_page(self, request: HttpRequest) -> HttpResponse:
        """The calendar of the dates as they are typed, and everything that is not in order."""
        form = DatesForm(request.POST)
        form.is_valid()
        intake = form.instance
        context: dict[str, Any] = {"blockers": date_blockers(intake), "milestones": []}
        if intake.campaign_id is not None:
            context["warnings"] = date_warnings(intake)
            if not context["blockers"]:
                context |= _calendar(intake)
        return render(request, "staff/settings/dates.html", context)


def _every(request: HttpRequest) -> str:
    data = request.GET.copy()
    data.pop("page", None)
    data["every"] = "1"
    return data.urlencode()


def _calendar(intake: Intake) -> dict[str, Any]:
    return {"milestones": milestones(intake, today=localdate(timezone.now()))}


PROGRAMMES = ProgrammeCrud(
    slug="formations",
    title=pgettext_lazy("settings", "Programmes"),
    new=_("New programme"),
    help=_("What candidates may apply to: what lasts of it, and its dates in each campaign."),
    model=Programme,
    form=ProgrammeForm,
    capability=Capability.MANAGE_CATALOGUE,
    view="catalogue.view_programmes",
    manage="catalogue.manage_programmes",
    create="catalogue.make_programmes",
    columns=(NAME, CODE),
    joined=JOINED,
    row_template="staff/settings/programme.html",
)
INTAKES = IntakeCrud(
    slug="ouvertures",
    title=_("Openings"),
    new=_("New opening"),
    model=Intake,
    form=IntakeForm,
    capability=Capability.MANAGE_CATALOGUE,
    view="catalogue.view_programmes",
    manage="catalogue.manage_programmes",
    columns=(),
    joined=("campaign", "programme__commission__centre"),
    has_list=False,
    row_template="staff/settings/intake.html",
)
