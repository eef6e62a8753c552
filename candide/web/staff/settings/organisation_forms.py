"""Forms of centres, commissions and kinds of programme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.centre_defaults import decisions_of, types_of_centre
from candide.admissions.decisions.models import CentreDecisions, DecisionType
from candide.core.blockers import Blocker
from candide.foundation.history.domain.changes import mark_of
from candide.institution.catalogue.domain.centre_defaults import DATES, defaults_blockers
from candide.institution.catalogue.domain.organisation import (
    centre_blockers,
    commission_blockers,
)
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Institution,
    ProgrammeKind,
)
from candide.web.staff.settings.forms import SettingForm, in_reach

# What only those decide who may make such a row.
IDENTITY = ("code", "name", "is_active")
OPENED = ("sets_decisions",)
ADDRESS = ("address_1", "address_2", "address_3", "postcode", "city")
ALERTS = (
    "alert_mode",
    "alert_email",
    "alerts_proposals",
    "alerts_transmissions",
    "alerts_cancellations",
    "alerts_withdrawals",
    "alerts_promotions",
    "alerts_messages",
)


class ApplicationCentreForm(SettingForm):
    parts = (
        (_("Mails"), ("copy_mode", "contact_email")),
        (_("Applications"), ("max_applications",)),
        (
            _("What new openings begin with"),
            (
                "is_paperless",
                "favourable",
                "has_automatic_reserve_list",
                "called",
                *DATES,
                "information",
            ),
        ),
        (_("Decisions"), OPENED),
    )

    favourable = forms.ModelChoiceField(
        DecisionType.objects.none(), label=_("Automatic favourable decision"), required=False
    )
    called = forms.ModelChoiceField(
        DecisionType.objects.none(),
        label=_("Favourable decision from the reserve list"),
        required=False,
    )

    class Meta(SettingForm.Meta):
        model = ApplicationCentre
        fields = (
            *IDENTITY,
            "copy_mode",
            "contact_email",
            "max_applications",
            "is_paperless",
            "has_automatic_reserve_list",
            *DATES,
            "information",
            *OPENED,
        )

    def narrow(self) -> None:
        if not self.reach.everywhere:
            for name in (*IDENTITY, *OPENED):
                self.fields[name].disabled = True

        if Institution.current().is_quota_global:
            self.fields["max_applications"].help_text = _(
                "Not used now: the institution counts all applications together."
            )
        offered = types_of_centre(self.instance).order_by("code")
        for name in ("favourable", "called"):
            self.fields[name].queryset = offered
            self.initial[name] = getattr(self._decisions(), name)

    def _decisions(self) -> CentreDecisions:
        if not hasattr(self, "_given"):
            self._given = decisions_of(self.instance)
        return self._given

    def mark(self) -> str:
        return f"{super().mark()}{mark_of(self._decisions())}"

    def blockers(self) -> list[Blocker]:
        return [*centre_blockers(self.instance), *defaults_blockers(self.instance)]


class CommissionForm(SettingForm):
    """The centre is chosen once: rights and programmes are tied to it."""

    parts = (
        (_("Contact"), ("email", "phone", "fax", "url")),
        (_("Postal address"), ("address_from", *ADDRESS)),
        (_("Returning dossiers"), ("return_comment",)),
        (_("Alerts"), ALERTS),
        (_("Letters"), ("letter_mode", "signatory")),
    )
    address_from = forms.ModelChoiceField(
        Commission.objects.none(),
        label=_("Take over the address of"),
        help_text=_("Another commission of the centre; its address replaces the one below."),
        required=False,
        empty_label=_("No, keep what is typed below"),
    )

    class Meta(SettingForm.Meta):
        model = Commission
        fields = (
            "centre",
            *IDENTITY,
            "email",
            "phone",
            "fax",
            "url",
            *ADDRESS,
            "return_comment",
            *ALERTS,
            "letter_mode",
            "signatory",
        )

    def narrow(self) -> None:
        row = self.instance
        self.fields["centre"].disabled = row.pk is not None
        if row.pk is not None and not self._may_name():
            self.fields["centre"].queryset = ApplicationCentre.objects.filter(pk=row.centre_id)
            for name in IDENTITY:
                self.fields[name].disabled = True
        others = in_reach(
            Commission.objects.exclude(pk=row.pk), self.reach, centre="centre", commission="pk"
        )
        if row.pk is not None:
            others = others.filter(centre_id=row.centre_id)
        if others.exists():
            self.fields["address_from"].queryset = others.order_by("code")
        else:
            del self.fields["address_from"]

    def _may_name(self) -> bool:
        return self.reach.everywhere or self.instance.centre_id in self.reach.centres

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        other = values.get("address_from")
        if other is None:
            return values
        if values.get("centre") != other.centre:
            self.add_error("address_from", _("This commission is of another centre."))
            return values
        for name in ADDRESS:
            self.errors.pop(name, None)
            values[name] = getattr(other, name)
        return values

    def blockers(self) -> list[Blocker]:
        return commission_blockers(self.instance)


class ProgrammeKindForm(SettingForm):
    class Meta(SettingForm.Meta):
        model = ProgrammeKind
        fields = IDENTITY
