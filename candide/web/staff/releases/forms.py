"""What a release is told: its day, its hour."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def _day(**kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, **kwargs)


class DayForm(forms.Form):
    day = _day(
        label=_("Day of the release"),
        help_text=_("Letters are dated, and days to answer counted, from it."),
    )


class HourForm(forms.Form):
    hour = forms.TimeField(
        label=_("Hour of the release"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        initial=time(14, 0),
    )

    def moment(self, day: Any) -> datetime:
        """The hour typed, on `day`, where the institution is."""
        return timezone.make_aware(datetime.combine(day, self.cleaned_data["hour"]))
