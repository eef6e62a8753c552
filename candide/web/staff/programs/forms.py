"""Forms of what other systems may do here: strings into values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.institution.catalogue.models import ApplicationCentre
from candide.institution.tokens.domain.making import Wish
from candide.institution.tokens.enums import Scope
from candide.reporting.webhooks.domain.subscribing import Wish as Subscribing
from candide.reporting.webhooks.enums import Event
from candide.web.staff.settings.forms import DAY


class CentresField(forms.ModelMultipleChoiceField):
    """Centres in service, by name; none where the whole institution is meant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            ApplicationCentre.objects.none(),
            label=_("Centres"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    @staticmethod
    def offered() -> Any:
        return ApplicationCentre.objects.filter(is_active=True).order_by("code")


class TokenForm(forms.Form):
    """A token as it is asked for."""

    name = forms.CharField(
        label=_("Used by"),
        max_length=100,
        help_text=_("The name of the system: the history calls it that."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    is_everywhere = forms.BooleanField(label=_("In the whole institution"), required=False)
    centres = CentresField(help_text=_("Or only in these."))
    expires_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Make another one before: the two work side by side."),
        widget=DAY,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centres"].queryset = CentresField.offered()

    def wish(self) -> Wish:
        values = dict(self.cleaned_data)
        return Wish(**{**values, "centres": tuple(values["centres"])})


class WebhookForm(forms.Form):
    """A subscription as it is asked for."""

    name = forms.CharField(label=_("Used by"), max_length=100)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput,
        help_text=_("Beginning with https://; one of the world, not of an inner network."),
    )
    events = forms.MultipleChoiceField(
        label=_("What it is told of"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )
    centre = forms.ModelChoiceField(
        ApplicationCentre.objects.none(),
        label=_("Centre"),
        required=False,
        empty_label=_("The whole institution"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = CentresField.offered()

    def wish(self) -> Subscribing:
        return Subscribing(**self.cleaned_data)
