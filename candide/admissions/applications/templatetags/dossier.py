"""Reading frozen dossiers: texts in several languages, days and moments kept as ISO text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import ItemStatus
from candide.core.deadlines import in_full, long_date, long_moment
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import label_of
from candide.institution.requirements.enums import QuestionKind

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
    return long_date(date.fromisoformat(value)) if value else ""


@register.filter
def deadline(value: str | None) -> str:
    """An ISO day as a deadline, with its hour and time zone."""
    return in_full(date.fromisoformat(value)) if value else ""


@register.filter
def moment(value: str | None) -> str:
    """An ISO moment, written out where the institution is."""
    return long_moment(datetime.fromisoformat(value)) if value else ""


@register.filter
def lines(section: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of a section of the file (`section.items` would be the method of a dict)."""
    return section["items"]


@register.filter
def status_word(value: str) -> str:
    """The word of a document's status."""
    return label_of(ItemStatus(value))


@register.filter
def route_word(value: str) -> str:
    """The word of an admission route."""
    return label_of(AdmissionRoute(value))


@register.filter
def answer_in_words(question: dict[str, Any]) -> str:
    """A kept answer as people read it."""
    value = question["value"]
    if question["status"] == ItemStatus.NOT_APPLICABLE:
        return label_of(ItemStatus.NOT_APPLICABLE)
    if value in (None, ""):
        return ""
    if question["kind"] == QuestionKind.YES_NO:
        return _("Yes") if value else _("No")
    if question["kind"] == QuestionKind.DATE:
        return day(value)
    if question["kind"] == QuestionKind.NUMBER:
        return number_format(Decimal(value))
    if question["kind"] == QuestionKind.CHOICE:
        labels = {choice["code"]: choice["label"] for choice in question["choices"]}
        return text(labels.get(value, value))
    return str(value)
