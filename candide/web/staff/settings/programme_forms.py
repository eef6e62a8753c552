"""Forms of programmes and of their intakes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.automatic import (
    automatic_blockers,
    capacity_warnings,
    types_to_give,
)
from candide.admissions.decisions.domain.centre_defaults import first_decisions
from candide.admissions.decisions.models import DecisionType, IntakeDecisions
from candide.core.blockers import Blocker
from candide.foundation.history.domain.changes import mark_of
from candide.institution.catalogue.domain.centre_defaults import DATES
from candide.institution.catalogue.domain.dates import date_blockers, date_warnings
from candide.institution.catalogue.domain.offering import free_address
from candide.institution.catalogue.domain.organisation import programme_blockers
from candide.institution.catalogue.enums import AdmissionRoute, CatalogueGrouping
from candide.institution.catalogue.models import Campaign, Institution, Intake, Programme
from candide.institution.pages.domain.wording import label_of
from candide.web.staff.settings.forms import SettingForm, field_of, in_reach

IN_STUDENT_SYSTEM = (
    "sis_code",
    "sis_version",
    "sis_label",
    "sis_diploma",
    "sis_diploma_version",
    "sis_management_centre",
)
INTERVIEW = ("shortlist_place", "shortlist_on", "shortlist_time")
ROUTES = (AdmissionRoute.CONTROLLED, AdmissionRoute.DIRECT)


class ProgrammeForm(SettingForm):
    """What lasts of a programme. The address is permanent: it is given once."""

    parts = (
        (_("In the catalogue"), ("diploma_type", "kind", "keywords", "url", "slug")),
        (_("In the student system"), IN_STUDENT_SYSTEM),
    )

    class Meta(SettingForm.Meta):
        model = Programme
        fields = (
            "code",
            "name",
            "commission",
            "is_active",
            "diploma_type",
            "kind",
            "keywords",
            "url",
            "slug",
            *IN_STUDENT_SYSTEM,
        )

    def narrow(self) -> None:
        grouping = Institution.current().catalogue_grouping
        for name, wanted in (
            ("diploma_type", CatalogueGrouping.DIPLOMA),
            ("kind", CatalogueGrouping.KIND),
        ):
            if grouping == wanted:
                self._offer_active(name)
            else:
                del self.fields[name]
        commissions = self.fields["commission"]
        own = in_reach(commissions.queryset, self.reach, centre="centre", commission="pk")
        offered = own.filter(is_active=True) | own.filter(pk=self.instance.commission_id)
        if self.instance.pk and not offered.filter(pk=self.instance.commission_id).exists():
            offered = commissions.queryset.filter(pk=self.instance.commission_id)  # to be read
        commissions.queryset = offered.select_related("centre").order_by("centre__code", "code")
        slug = self.fields["slug"]
        slug.required = False
        slug.disabled = self.instance.pk is not None
        slug.help_text = _("The end of its page’s address, given once; made of the name if empty.")

    def _offer_active(self, name: str) -> None:
        field = self.fields[name]
        current = getattr(self.instance, f"{name}_id")
        rows = field.queryset
        field.queryset = (rows.filter(is_active=True) | rows.filter(pk=current)).order_by("code")
        field.required = True

    def blockers(self) -> list[Blocker]:
        return programme_blockers(self.instance)

    def clean_slug(self) -> str:
        if not self.cleaned_data["slug"]:
            name, code = self.cleaned_data.get("name", ""), self.cleaned_data.get("code", "")
            return free_address(Programme(name=name, code=code))
        return self.cleaned_data["slug"]


class IntakeForm(SettingForm):
    """A programme in a campaign, both chosen once."""

    parts = (
        (_("Dates"), DATES),
        (
            _("Treatment"),
            ("route", "is_paperless", "favourable", "has_automatic_reserve_list", "called"),
        ),
        (_("Capacity"), ("capacity", "is_capacity_published")),
        (_("Interview, for those shortlisted"), INTERVIEW),
        (_("For candidates"), ("information",)),
    )
    favourable = forms.ModelChoiceField(
        DecisionType.objects.none(),
        label=_("Automatic favourable decision"),
        help_text=_("Given to proposals and to direct access."),
        required=False,
    )
    called = forms.ModelChoiceField(
        DecisionType.objects.none(),
        label=_("Favourable decision from the reserve list"),
        help_text=_("Given to who is called when a place is free."),
        required=False,
    )

    class Meta(SettingForm.Meta):
        model = Intake
        fields = (
            "programme",
            "campaign",
            "is_active",
            *DATES,
            "route",
            "is_paperless",
            "has_automatic_reserve_list",
            "capacity",
            "is_capacity_published",
            *INTERVIEW,
            "information",
        )

    def narrow(self) -> None:
        intake = self.instance
        fields = self.fields
        fields["programme"].queryset = Programme.objects.filter(pk=intake.programme_id)
        fields["programme"].disabled = True
        fields["route"].choices = [(route.value, label_of(route)) for route in ROUTES]
        campaigns = Campaign.objects.filter(archived_at=None)
        if intake.pk:
            campaigns = Campaign.objects.filter(pk=intake.campaign_id)
            fields["campaign"].disabled = True
        else:
            campaigns = campaigns.exclude(intakes__programme=intake.programme_id)
        fields["campaign"].queryset = campaigns.order_by("-starts_on", "code")
        offered = types_to_give(intake).order_by("code")
        for name in ("favourable", "called"):
            fields[name].queryset = offered
            self.initial[name] = getattr(self._decisions(), name)

    def _decisions(self) -> IntakeDecisions:
        if not hasattr(self, "_given"):
            found = IntakeDecisions.objects.filter(intake=self.instance.pk).first()
            self._given = found or first_decisions(self.instance.programme)
        return self._given

    def mark(self) -> str:
        return f"{super().mark()}{mark_of(self._decisions())}"

    def blockers(self) -> list[Blocker]:
        values = self.cleaned_data
        given = automatic_blockers(
            self.instance,
            favourable=values.get("favourable"),
            called=values.get("called") if self.instance.has_automatic_reserve_list else None,
        )
        return [*date_blockers(self.instance), *given]

    def warnings(self) -> list[Blocker]:
        if self.instance.campaign_id is None:
            return []
        return [
            *date_warnings(self.instance),
            *capacity_warnings(self.instance, before=self.initial.get("capacity")),
        ]


class DatesForm(forms.ModelForm):
    """Only the dates of an intake and its campaign, to be looked at while they are typed."""

    class Meta:
        model = Intake
        fields = ("campaign", *DATES)
        formfield_callback = field_of
