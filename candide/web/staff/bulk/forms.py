"""What each action for many applications is told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.institution.access.enums import Capability
from candide.institution.access.scope import settings_within
from candide.institution.catalogue.enums import AdmissionRoute
from candide.web.staff.bulk.action_form import ActionForm
from candide.web.staff.bulk.enrolment_forms import ManyFeesForm, ManyRegimesForm


class StatusForm(ActionForm):
    status = forms.ChoiceField(
        label=_("Status"), choices=DossierStatus.choices, initial=DossierStatus.RECEIVED
    )
    on = forms.DateField(
        label=_("Day"), required=False, help_text=_("Today if empty; never in the future.")
    )


class RouteForm(ActionForm):
    route = forms.ChoiceField(
        label=_("Admission route"),
        choices=AdmissionRoute.choices,
        initial=AdmissionRoute.CONTROLLED,
    )


class DayForm(ActionForm):
    day = forms.DateField(
        label=_("Individual day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: the individual day is taken away."),
    )


class DecisionForm(ActionForm):
    """The same decision for all; the domain says what misses for its type."""

    type = forms.ModelChoiceField(
        DecisionType.objects.none(), label=_("Decision"), empty_label=_("Choose")
    )
    reason = forms.ModelChoiceField(
        DecisionReason.objects.none(),
        label=_("Reason"),
        required=False,
        empty_label=_("None"),
        help_text=_("For an unfavourable decision; the candidate reads it."),
    )
    first_rank = forms.IntegerField(
        label=_("Rank of the first"),
        required=False,
        min_value=1,
        help_text=_("For the reserve list: the others follow in the order of the selection."),
    )
    shortlist_on = forms.DateField(label=_("Day of the interview"), required=False)
    shortlist_time = forms.TimeField(label=_("Hour of the interview"), required=False)
    shortlist_place = forms.CharField(
        label=_("Place of the interview"), required=False, max_length=100
    )
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        here = settings_within(user, Capability.ENTER_DECISIONS)
        for name, model in (("type", DecisionType), ("reason", DecisionReason)):
            rows = model.objects.filter(here, is_active=True).distinct()
            self.fields[name].queryset = rows.order_by("pk")


# By the code of the action; those that are not here are told nothing.
FORMS: dict[str, type[ActionForm]] = {
    "statut": StatusForm,
    "type-de-traitement": RouteForm,
    "date-de-retour": DayForm,
    "date-de-reponse": DayForm,
    "avis": DecisionForm,
    "droits": ManyFeesForm,
    "regime": ManyRegimesForm,
}


def form_of(code: str) -> type[ActionForm]:
    return FORMS.get(code, ActionForm)
