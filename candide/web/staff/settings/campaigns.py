"""« Campagnes »: the list, one campaign, and the switch with what it will change."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from candide.admissions.campaigns.domain.preview import preparing_warnings, preview_of
from candide.admissions.campaigns.domain.switching import ask_now, switching_blockers
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.views import for_object, permission_required
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.institution.catalogue.domain.campaigns import (
    campaign_blockers,
    campaign_warnings,
    deleting_blockers,
    is_first,
    keep_campaign,
    replaceable,
    state_of,
)
from candide.institution.catalogue.enums import CampaignEvent, CampaignState
from candide.institution.catalogue.models import Campaign
from candide.integrations import sis
from candide.integrations.sis.port import Period, Unavailable
from candide.web.staff.settings.columns import CODE, LABEL
from candide.web.staff.settings.crud import SHOWN_HISTORY, Crud
from candide.web.staff.settings.forms import SettingForm
from candide.web.staff.settings.history import Entry, row_sentences

LOOKS = {
    CampaignState.PLANNED: ("calendar-clock", "info"),
    CampaignState.AHEAD: ("calendar", "info"),
    CampaignState.RUNNING: ("circle-play", "success"),
    CampaignState.OVER: ("triangle-alert", "warning"),
    CampaignState.ARCHIVED: ("archive", "neutral"),
    CampaignState.DESTROYED: ("archive-x", "neutral"),
}
# What the grid is told to list the applications a line of the preview counts.
FILTERS = {
    "live": "",
    "cancelled": "place=cancelled",
    "awaited": "dossier=awaited",
    "undecided": "dossier=not-awaited&last=none",
    "drafted": "decision=draft",
    "unanswered": "decision=favourable&answer=none",
    "asked": "correction=open",
    "unread": "beside=unread",
}

LONGEST_CODE, LONGEST_LABEL = 20, 500


def _moment(**kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(widget=widget, required=False, **kwargs)


def _words(name: str) -> dict[str, Any]:
    field: Any = Campaign._meta.get_field(name)
    return {
        "label": field.verbose_name[:1].upper() + field.verbose_name[1:],
        "help_text": field.help_text,
    }


class CampaignForm(SettingForm):
    """What is settled already is not asked for."""

    parts = (
        (_("Dates"), ("starts_on", "ends_on", "candidates_until")),
        (_("Switch"), ("replaces", "switch_at", "archive_at")),
    )
    switch_at = _moment()
    archive_at = _moment()

    class Meta(SettingForm.Meta):
        model = Campaign
        fields = (
            "label",
            "code",
            "starts_on",
            "ends_on",
            "candidates_until",
            "replaces",
            "switch_at",
            "archive_at",
        )

    def narrow(self) -> None:
        campaign, fields = self.instance, self.fields
        for name in ("switch_at", "archive_at"):
            for key, value in _words(name).items():
                setattr(fields[name], key, value)
        fields["replaces"].queryset = replaceable(campaign).order_by("-starts_on")
        fields["replaces"].empty_label = _("None: it runs beside the others")
        if campaign.pk is None or campaign.is_planned or campaign.is_frozen:
            del fields["archive_at"]
        if (campaign.is_active and campaign.pk) or campaign.is_frozen or is_first(campaign):
            del fields["replaces"], fields["switch_at"]
        if campaign.is_frozen:
            for name in ("code", "starts_on", "ends_on", "candidates_until"):
                fields[name].disabled = True

    def blockers(self) -> list[Blocker]:
        return campaign_blockers(self.instance, now=timezone.now())

    def warnings(self) -> list[Blocker]:
        campaign = self.instance
        if campaign.starts_on is None or campaign.ends_on is None:
            return []
        return campaign_warnings(campaign)


@dataclass(frozen=True)
class Look:
    """A state as the pages show it."""

    label: str
    icon: str
    tone: str


def look_of(campaign: Campaign) -> Look:
    state = state_of(campaign, today=localdate(timezone.now()))
    return Look(str(state.label), *LOOKS[state])


class CampaignCrud(Crud):
    """The list says where each campaign stands; the page of one leads to its switch, to its
    openings and applications, and to preparing it from the one before."""

    def list_page(self, request: HttpRequest) -> HttpResponse:
        rows = (
            self._rows(request)
            .order_by("-starts_on", "-pk")
            .annotate(
                openings=Count("intakes", distinct=True),
                applications=Count(
                    "intakes__applications", filter=Q(intakes__applications__cancelled_at=None)
                ),
            )
        )
        context = {
            "lines": [(row, look_of(row), self.url("row", row.pk)) for row in rows],
            "may_create": request.user.has_perm(self.manage),
            "new_url": self.url("new"),
        }
        return self._render(request, "staff/settings/campaigns.html", context)

    def new_row(self, request: HttpRequest) -> Campaign:
        """A new one may begin with a period of the student system."""
        code = request.GET.get("code", "")[:LONGEST_CODE]
        label = request.GET.get("label", "")[:LONGEST_LABEL]
        return Campaign(code=code, label=LazyI18nString({"fr": label}) if label else "")

    def _form(self, request: HttpRequest, row: Any) -> SettingForm:
        form = super()._form(request, row)
        code = request.GET.get("code", "")[:LONGEST_CODE]
        if code and row.pk and not form.is_bound:
            form.initial["code"] = code
        return form

    def save(self, form: SettingForm, *, before: dict[str, Any], by: Any) -> Any:
        return keep_campaign(form.instance, now=timezone.now())

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        periods_url = reverse("staff:campagnes_periods") if sis.current().knows_periods else ""
        if row.pk is None:
            return {"is_first": is_first(row), "periods_url": periods_url}
        stored = Campaign.objects.select_related("replaces").get(pk=row.pk)
        openings = stored.intakes.count()
        last = Campaign.objects.exclude(pk=row.pk).filter(starts_on__lte=stored.starts_on)
        return {
            "look": look_of(stored),
            "periods_url": "" if stored.is_frozen else periods_url,
            "campaign": stored,
            "successor": Campaign.objects.filter(replaces=stored).first(),
            "openings": openings,
            "last": stored.replaces or last.order_by("-starts_on", "-pk").first(),
            "may_switch": not switching_blockers(stored) and request.user.has_perm(self.manage),
        }

    def history(self, row: Any) -> list[Entry]:
        entries = entries_about(row)[:SHOWN_HISTORY]
        return row_sentences(entries, row, events=dict(CampaignEvent.choices))

    def deletion_blockers(self, row: Any) -> list[Blocker]:
        return deleting_blockers(row)


CAMPAIGNS = CampaignCrud(
    slug="campagnes",
    title=_("Campaigns"),
    new=_("New campaign"),
    help=_(
        "A campaign that is in service takes applications on its days. The next one is planned "
        "beside it, and takes its place at a moment you choose; the old one is then archived."
    ),
    model=Campaign,
    form=CampaignForm,
    capability=Capability.MANAGE_INSTITUTION,
    view="catalogue.view_campaigns",
    manage="catalogue.manage_campaigns",
    columns=(LABEL, CODE),
    joined=("replaces",),
    row_template="staff/settings/campaign.html",
)


@permission_required("catalogue.manage_campaigns")
@for_object(Campaign, "catalogue.manage_campaigns")
def switch_page(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """What the switch will change; the button has it done at once."""
    blockers, status = switching_blockers(campaign), 200
    if request.method == "POST":
        try:
            ask_now(campaign, by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, gettext("The switch begins: it takes a moment."))
            return redirect(CAMPAIGNS.url("row", campaign.pk))
    preview = preview_of(campaign)
    context = {
        "campaign": campaign,
        "preview": preview,
        "lines": [(line, _link(line.code, preview.archived)) for line in preview.lines],
        "blockers": blockers,
        "warnings": [] if blockers else preparing_warnings(preview),
        "moment": campaign.archive_at if campaign.is_active else campaign.switch_at,
        "list_url": CAMPAIGNS.url(),
        "row_url": CAMPAIGNS.url("row", campaign.pk),
        "navigation": "staff",
    }
    return render(request, "staff/settings/campaign_switch.html", context, status=status)


def _link(code: str, archived: Campaign | None) -> str:
    if archived is None or code not in FILTERS:
        return ""
    wanted = f"campaign={archived.pk}"
    return f"{reverse('staff:applications')}?{'&'.join(filter(None, [wanted, FILTERS[code]]))}"


@permission_required("catalogue.manage_campaigns")
def periods_page(request: HttpRequest) -> HttpResponse:
    """The years or periods of the student system: the code of one becomes that of a new campaign,
    or of the one somebody comes from (`?campagne=`)."""
    pk = request.GET.get("campagne", "")
    campaign = get_object_or_404(Campaign, pk=pk) if pk.isdecimal() else None
    taken = {each.code: each for each in Campaign.objects.all()}
    found: list[Period] = []
    blockers = []
    try:
        found = sis.current().periods()
    except Unavailable:
        message = gettext("The student system does not answer. Try later, or type the code.")
        blockers = [Blocker("unavailable", message)]
    url = CAMPAIGNS.url("row", campaign.pk) if campaign else CAMPAIGNS.url("new")
    context = {
        "campaign": campaign,
        "back_url": url,
        "list_url": CAMPAIGNS.url(),
        "lines": [(each, taken.get(each.code), _with(url, each)) for each in found],
        "blockers": blockers,
        "navigation": "staff",
    }
    return render(request, "staff/settings/campaign_periods.html", context)


def _with(url: str, period: Period) -> str:
    return f"{url}?{urlencode({'code': period.code, 'label': period.label})}"


URLS: list[URLPattern] = [
    path("parametrage/campagnes/periodes/", periods_page, name="campagnes_periods"),
    path("parametrage/campagnes/<int:pk>/bascule/", switch_page, name="campagnes_switch"),
]
