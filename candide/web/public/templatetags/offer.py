"""What lists and pages say of an intake."""

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext, ngettext

from candide.core.deadlines import long_date
from candide.institution.catalogue.domain.dates import period, window_of
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Institution, Intake

register = template.Library()


@register.simple_tag
def applying_days(intake: Intake) -> str:
    """When one may apply: campaign and intake both open; the intake's own days if never."""
    start, end = window_of(intake)
    if end < start:
        start, end = intake.opens_on, intake.closes_on
    return gettext("From %(start)s to %(end)s") % {"start": long_date(start), "end": long_date(end)}


@register.inclusion_tag("public/catalogue/facts.html")
def intake_facts(intake: Intake, institution: Institution, today: date) -> dict[str, Any]:
    """What one wants to know of an intake in a list: state, dates, procedure, places, page. It
    comes `with_offer()`."""
    return {
        "intake": intake,
        "period": period(intake, today=today),
        "programme": intake.programme,
        "is_paperless": is_paperless(intake, institution),
        "places": places(intake),
    }


@register.simple_tag
def period_of(intake: Intake, today: date) -> Period:
    return period(intake, today=today)


@register.simple_tag
def places(intake: Intake) -> str:
    """The capacity, where the institution publishes it."""
    number = intake.capacity if intake.is_capacity_published else None
    if not number:
        return ""
    return ngettext("%(places)s place", "%(places)s places", number) % {"places": number}
