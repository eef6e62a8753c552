"""The form of an action for many applications: strings into JSON values."""

from datetime import date, time
from typing import Any

from django import forms
from django.db.models import Model


class ActionForm(forms.Form):
    """Of an action that needs to be told nothing; others add their fields."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """What was typed, as JSON."""
        return {name: _json(value) for name, value in self.cleaned_data.items()}


def _json(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    return value.isoformat() if isinstance(value, date | time) else value
