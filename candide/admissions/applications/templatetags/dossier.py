"""Reading frozen dossiers: texts in several languages, days and moments kept as ISO text."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone, translation
from django.utils.formats import date_format

register = template.Library()


@register.filter
def text(value: Any) -> str:
    """A kept text in the active language, else in French, else in any [I18N-04 REC]."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    language = translation.get_language() or "fr"
    return value.get(language) or value.get("fr") or next(iter(value.values()), "")


@register.filter
def day(value: str | None) -> str:
    """An ISO day, written out."""
    return date_format(date.fromisoformat(value), "DATE_FORMAT") if value else ""


@register.filter
def moment(value: str | None) -> str:
    """An ISO moment, written out where the institution is."""
    if not value:
        return ""
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
