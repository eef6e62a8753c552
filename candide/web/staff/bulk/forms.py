"""What each action for many applications is told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.bulk.domain.letters import CHANGED, MISSING
from candide.admissions.bulk.domain.tagging import ADD, REMOVE
from candide.admissions.tags.models import Tag
from candide.admissions.tags.rules import tags_in_reach
from candide.institution.access.enums import Capability
from candide.institution.access.scope import settings_within
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import choices_of
from candide.web.staff.bulk.action_form import ActionForm
from candide.web.staff.bulk.enrolment_forms import ManyFeesForm, ManyRegimesForm
from candide.web.staff.forms import DecisionFields


class StatusForm(ActionForm):
    status = forms.ChoiceField(
        label=_("Status"), choices=lambda: choices_of(DossierStatus), initial=DossierStatus.RECEIVED
    )
    on = forms.DateField(
        label=_("Day"), required=False, help_text=_("Today if empty; never in the future.")
    )


class RouteForm(ActionForm):
    route = forms.ChoiceField(
        label=_("Admission route"),
        choices=lambda: choices_of(AdmissionRoute),
        initial=AdmissionRoute.CONTROLLED,
    )


class DayForm(ActionForm):
    day = forms.DateField(
        label=_("Individual day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: the individual day is taken away."),
    )


class DecisionForm(DecisionFields, ActionForm):
    """The same decision for all."""

    field_order = ("type", "reason", "first_rank")
    first_rank = forms.IntegerField(
        label=_("Rank of the first"),
        required=False,
        min_value=1,
        help_text=_("For the reserve list: the others follow in the order of the selection."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.offer(settings_within(user, Capability.ENTER_DECISIONS))


class TagsForm(ActionForm):
    mode = forms.ChoiceField(
        label=_("What to do"),
        choices=[(ADD, _("Add these tags")), (REMOVE, _("Remove these tags"))],
        initial=ADD,
        widget=forms.RadioSelect,
        help_text=_("Other tags stay as they are."),
    )
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(), label=_("Tags"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["tags"].queryset = tags_in_reach(user).order_by("label", "pk")

    def values(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"mode": values["mode"], "tags": sorted(tag.pk for tag in values["tags"])}


# By the code of the action; those that are not here are told nothing.
class LettersForm(ActionForm):
    which = forms.ChoiceField(
        label=_("Which letters"),
        choices=[
            (MISSING, _("Those that are missing")),
            (CHANGED, _("Those that are missing, and those that would say something else by now")),
        ],
        initial=MISSING,
        widget=forms.RadioSelect,
    )


FORMS: dict[str, type[ActionForm]] = {
    "statut": StatusForm,
    "type-de-traitement": RouteForm,
    "date-de-retour": DayForm,
    "date-de-reponse": DayForm,
    "avis": DecisionForm,
    "droits": ManyFeesForm,
    "regime": ManyRegimesForm,
    "etiquettes": TagsForm,
    "lettres": LettersForm,
}


def form_of(code: str) -> type[ActionForm]:
    return FORMS.get(code, ActionForm)
