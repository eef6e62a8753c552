"""Template tags every page has."""

from datetime import date, datetime
from functools import lru_cache

import lucide
from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from candide.core import clock, deadlines

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """A Lucide icon as decoration: always beside a text, so hidden from screen readers."""
    svg = lucide._render_icon(
        name, size, **{"class": "icon", "aria-hidden": "true", "focusable": "false"}
    )
    return mark_safe(svg)  # noqa: S308 -- drawn by the package from its own files


@register.simple_tag
def deadline(day: date | None) -> deadlines.Deadline | None:
    """Everything a page says of the deadline `day`; None without one."""
    return deadlines.describe(day, now=timezone.now()) if day else None


@register.filter
def long_date(day: date | None) -> str:
    """12 mai 2027, and 1er mai 2027; of a moment, the day it falls on here."""
    if isinstance(day, datetime):
        day = clock.localdate(day)
    return deadlines.long_date(day) if day else ""


@register.filter
def long_moment(moment: datetime) -> str:
    """12 mai 2027 à 10h02, where the institution is."""
    return deadlines.long_moment(moment)


@register.filter
def file_size(size: int) -> str:
    """Bytes as people say them: 1,4 Mo."""
    if size < 1_000_000:
        kilobytes = max(1, round(size / 1000))
        return gettext("%(number)s kB") % {"number": number_format(kilobytes)}
    # Rounded here: number_format cuts off.
    megabytes = number_format(round(size / 1_000_000, 1), 1)
    return gettext("%(number)s MB") % {"number": megabytes}
