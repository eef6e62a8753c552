"""Deadlines in words: the day, 23 h 59, the time zone, and how long there is."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from candide.core.clock import days_between, end_of, localdate

URGENT_DAYS = 3

_ZONES = {
    "Europe/Paris": _("Paris time"),
    "America/Cayenne": _("Cayenne time"),
    "America/Guadeloupe": _("Guadeloupe time"),
    "America/Martinique": _("Martinique time"),
    "Indian/Mayotte": _("Mayotte time"),
    "Indian/Reunion": _("Réunion time"),
    "Pacific/Noumea": _("Nouméa time"),
    "Pacific/Tahiti": _("Tahiti time"),
}


@dataclass(frozen=True)
class Deadline:
    """A deadline as pages say it. `tone` and `icon` go with `left`, never alone. `seconds`
    remain on the last day only, for counting them down."""

    day: str
    words: str
    moment: str
    left: str
    tone: str
    icon: str
    is_past: bool
    seconds: int | None


def describe(day: date, *, now: datetime) -> Deadline:
    """The deadline at the end of `day`, seen at `now`."""
    days = days_between(localdate(now), day)
    tone, icon = _look(days)
    return Deadline(
        day=long_date(day),
        words=in_full(day),
        moment=localtime(end_of(day)).isoformat(),
        left=_left(days),
        tone=tone,
        icon=icon,
        is_past=days < 0,
        seconds=int((end_of(day) - now).total_seconds()) if days == 0 else None,
    )


def in_full(day: date) -> str:
    """« 1er mai 2027 à 23 h 59, heure de Paris »."""
    return gettext("%(day)s at 23:59, %(zone)s") % {"day": long_date(day), "zone": zone_name()}


def long_date(day: date) -> str:
    """As the language writes it in a sentence: « 1er mai 2027 », not « 1 mai 2027 »."""
    return _long_date(day, get_language())


def long_moment(moment: datetime) -> str:
    """A moment where the institution is: « 1er mai 2027 à 10h02 »."""
    local = localtime(moment)
    text = date_format(local, "DATETIME_FORMAT")
    return _first(text) if local.day == 1 else text


def _first(text: str) -> str:
    return f"1er{text[1:]}" if get_language() == "fr" else text


@lru_cache(maxsize=4096)  # lists say the same few days again and again
def _long_date(day: date, language: str) -> str:
    text = date_format(day, "DATE_FORMAT")
    return _first(text) if day.day == 1 else text


def zone_name() -> str:
    """« heure de Paris »; the zone's own abbreviation where we have no words for it."""
    known = _ZONES.get(settings.TIME_ZONE)
    return str(known) if known else ZoneInfo(settings.TIME_ZONE).key


def _look(days: int) -> tuple[str, str]:
    if days < 0:
        return "neutral", "calendar-x"
    if days <= URGENT_DAYS:
        return "danger", "alarm-clock"
    return "neutral", "calendar"


def _left(days: int) -> str:
    if days < 0:
        return ngettext("passed %(days)d day ago", "passed %(days)d days ago", -days) % {
            "days": -days
        }
    if days == 0:
        return gettext("today")
    if days == 1:
        return gettext("tomorrow")
    return gettext("in %(days)d days") % {"days": days}
